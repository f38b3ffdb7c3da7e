"""The plot of docs/benchmarks.md: FILE of results in, FILE of SVG out."""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams["svg.hashsalt"] = "danvan"  # the same figures give the same file
matplotlib.rcParams["svg.fonttype"] = "none"

from matplotlib import pyplot  # noqa: E402

OURS, OTHERS = "#c0392b", "#34495e"


def draw(axes, result) -> None:  # type: ignore[no-untyped-def]
    """A dot for each system with its interval, the best above; its search time beside it."""
    rows = {name: row for name, row in result["rows"].items() if row}
    for place, name in enumerate(sorted(rows, key=lambda name: rows[name]["mrr@10"])):
        row, colour = rows[name], OURS if name == "danvan" else OTHERS
        low, high = row["intervals"]["mrr@10"]
        axes.plot([low, high], [place, place], color=colour, linewidth=2)
        axes.plot(row["mrr@10"], place, "o", color=colour)
        axes.annotate(
            f"{row['mrr@10']:.3f}, {row['search_ms_p50']:.1f} ms",
            (high, place), (6, 0), textcoords="offset points", va="center", fontsize=8,
        )  # fmt: skip
    axes.set_yticks(range(len(rows)), sorted(rows, key=lambda name: rows[name]["mrr@10"]))
    axes.set_title(result["title"], fontsize=10)
    axes.set_xlabel("MRR@10, 95 % interval; search time p50", fontsize=8)
    axes.margins(x=0.35)
    axes.grid(axis="x", alpha=0.3)


source, target = sys.argv[1:]
results = json.loads(Path(source).read_text(encoding="utf-8"))
figure, panels = pyplot.subplots(
    len(results), 1, figsize=(8, 2.8 * len(results)), squeeze=False, layout="constrained"
)
for panel, result in zip(panels[:, 0], results, strict=True):
    draw(panel, result)
figure.savefig(target, metadata={"Date": None})
