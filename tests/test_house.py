"""What the papers say agrees with the code: settings, versions, and what may not be in the tree."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VERSION = PYPROJECT["project"]["version"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings() -> dict[str, Any]:
    """`section.key` to its default."""
    values = yaml.safe_load(read("config/default.yaml"))
    sections = {k: v for k, v in values.items() if isinstance(v, dict)}
    inner = {f"{name}.{k}": v for name, keys in sections.items() for k, v in keys.items()}
    return {k: v for k, v in values.items() if k not in sections} | inner


def test_every_setting_is_explained_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([a-z_.0-9]+)` \| `(.*?)` \|", read("README.md"), re.M))
    assert rows.keys() == settings().keys()
    assert {name: yaml.safe_load(text) for name, text in rows.items()} == settings()


@pytest.mark.parametrize(
    "name", [".env.example", "compose.yaml", "Dockerfile", "README.md", "README.vi.md"]
)
def test_every_environment_variable_named_is_a_setting(name: str) -> None:
    known = {f"DANVAN_{key.upper().replace('.', '__')}" for key in settings()}
    known |= {"DANVAN_CONFIG", "DANVAN_SECTION__NAME", "DANVAN_"}
    assert set(re.findall(r"DANVAN_\w*", read(name))) <= known


def test_versions_agree() -> None:
    newest = re.search(r"^## \[(\d\S*)\]", read("CHANGELOG.md"), re.M)
    assert newest
    assert newest[1] == VERSION
    assert (
        yaml.safe_load(read("compose.yaml"))["services"]["danvan"]["image"] == f"danvan:{VERSION}"
    )
    (torch,) = (d for d in PYPROJECT["project"]["dependencies"] if d.startswith("torch"))
    assert re.fullmatch(r"torch==[\d.]+", torch), "a range could bring CUDA"
    assert f" {torch}\n" in read("Dockerfile")


def test_every_package_is_installed() -> None:
    rooms = ("bot", "rag", "corpus", "config")
    folders = {p.parent for room in rooms for p in (ROOT / room).rglob("*.py")}
    packages = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert packages == set(PYPROJECT["tool"]["setuptools"]["packages"])


def test_links_of_the_papers_lead_somewhere() -> None:
    for name in ("README.md", "README.vi.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", read(name)):
            assert (ROOT / target).exists(), target


def test_nothing_names_a_place_outside_the_tree() -> None:
    """Written apart, so that this file doesn't name them either."""
    forbidden = re.compile(
        r"\.\./sha" r"red|/wo" r"rk/|py" r"pi\.org|pythonho" r"sted|/opt/wh" r"eels"
    )
    found = [path for path in tracked() if forbidden.search(text_of(path))]
    assert found == []


def tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if names.returncode:
        pytest.skip("not a git checkout")
    return [path for name in names.stdout.split("\0") if (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="ignore")
