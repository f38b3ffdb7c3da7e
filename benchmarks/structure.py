"""How well the structure of texts is read, against labels.

    python benchmarks/structure.py MEASURE --texts FOLDER [FOLDER ...] [--split dev|test] [--show]

The measures: references, heads, validity, duties. The labels of validity have no split of their own: sources of
even index, sorted, are dev.

`--texts` are folders with the files that the labels name; a label whose file is not there is left out
and counted. Precision and recall come with their n and 95 % Wilson interval.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.clean import clean, fold  # noqa: E402
from corpus.duties import Duty, duties  # noqa: E402
from corpus.effects import Effect, effects, in_force_from  # noqa: E402
from corpus.foot import read_foot  # noqa: E402
from corpus.head import read_head  # noqa: E402
from corpus.model import Document  # noqa: E402
from corpus.outline import outline  # noqa: E402
from corpus.readers.text import read_text  # noqa: E402
from corpus.reference import Reference, references  # noqa: E402
from corpus.references import number_parts  # noqa: E402
from rag.evaluation import share  # noqa: E402

GOLD = ROOT / "tests" / "data" / "gold"
Key = tuple[str, ...]


def load(name: str, split: str | None) -> list[dict[str, Any]]:
    lines = (GOLD / name).read_text(encoding="utf-8").splitlines()
    golds = [json.loads(line) for line in lines if line.strip()]
    return [gold for gold in golds if split in (None, gold.get("split", split))]


def documents(folders: list[Path]) -> dict[str, Document]:
    """Every text file by its base name, read as the program reads it."""
    found = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.txt"))):
        text = clean(read_text(path.read_bytes(), path.name))
        own, about = read_head(text)
        parts = outline(text)
        found[path.name] = Document(
            path.name, path.name, own, text, parts, about, foot=read_foot(text, parts)
        )
    return found


def told(right: int, n: int) -> str:
    value = share([True] * right + [False] * (n - right))
    return f"{value['share']} ({right}/{n}; {value['low']} – {value['high']})" if value else "– (0)"


def measure_references(folders: list[Path], split: str | None, show: bool) -> None:
    texts = documents(folders)
    found_right = found_all = gold_right = gold_all = missing = 0
    for gold in load("references.jsonl", split):
        document = texts.get(gold["source"])
        line = _line(document, gold["begins"]) if document else None
        if document is None or line is None:
            missing += 1
            continue
        wanted = {key for mention in gold["mentions"] for key in _gold_keys(mention)}
        read = {
            key for r in references(document) if line[0] <= r.start < line[1] for key in _keys(r)
        }
        found_all, gold_all = found_all + len(read), gold_all + len(wanted)
        matched = {w for w in wanted if any(_equal(w, t) for t in read)}
        right = {t for t in read if any(_equal(w, t) for w in wanted)}
        found_right, gold_right = found_right + len(right), gold_right + len(matched)
        if show and (matched != wanted or right != read):
            print(gold["id"], document.text[slice(*line)][:1500])
            print("   lost ", sorted(wanted - matched), "\n   false", sorted(read - right))
    print(f"precision {told(found_right, found_all)}\nrecall    {told(gold_right, gold_all)}")
    print(f"labelled lines not found: {missing}")


def _line(document: Document, begins: str) -> tuple[int, int] | None:
    """The line of the cleaned text that begins so; cleaning may have joined it to a line before."""
    wanted = " ".join(unicodedata.normalize("NFC", begins).split())
    for shorter in (wanted, wanted[:40], wanted[:30]):
        at = document.text.find(shorter)
        if at >= 0:
            end = document.text.find("\n", at)
            return at, end if end >= 0 else len(document.text)
    return None


def _gold_keys(mention: dict[str, Any]) -> Iterator[Key]:
    if mention["type"] == "instrument":
        number = mention.get("resolved_number") or mention["number"]
        name = mention.get("resolved_name") or mention["name"]
        yield (
            ("self",)
            if mention["self"]
            else ("named", _number(number) or fold(name or mention["kind"]))
        )
        return
    of = mention["of"]
    own = "self" if of == "self" else _number(of) or fold(of)
    for place in mention["places"]:
        yield ("part", own, *(f"{level}={label}" for level, label in sorted(place.items())))


def _number(words: str | None) -> str | None:
    return "/".join(filter(None, _flat(words))) if words and any(c.isdigit() for c in words) and "/" in words else None  # fmt: skip


def _flat(number: str) -> tuple[str, ...]:
    sequence, year, codes = number_parts(number)
    return sequence, year or "", *codes


def _keys(reference: Reference) -> Iterator[Key]:
    named = reference.named
    own = "self" if named is None else _number(named.number) or fold(named.name or named.kind or "")
    if not reference.places:
        yield ("self",) if named is None else ("named", own)
    for place in reference.places:
        labels = sorted((level, label) for level, label in place.labels)
        yield ("part", own, *(f"{level}={label}" for level, label in labels))


def _equal(wanted: Key, told: Key) -> bool:
    """Names are equal when one begins with the other: `về công tác văn thư`, `công tác văn thư`."""
    if wanted == told:
        return True
    if wanted[0] != told[0] or wanted[2:] != told[2:] or len(wanted) < 2 or len(told) < 2:
        return False
    a, b = wanted[1].removeprefix("ve "), told[1].removeprefix("ve ")
    return "self" not in (a, b) and "/" not in a + b and (a.startswith(b) or b.startswith(a))


DUTY_FIELDS = ("kind", "due_on", "who", "amounts", "due", "report_to")
_AGREE = 0.5  # share of the longer field's words that both hold


def measure_duties(folders: list[Path], split: str | None, show: bool) -> None:
    """found: a duty covers half of the labelled quote; right, of found: kind and dates are equal,
    who, amounts, due and addressee agree; precision: duties that overlap a label."""
    texts = documents(folders)
    golds = [gold for gold in load("duties.jsonl", split) if gold["source"] in texts]
    sources = {gold["source"] for gold in golds}
    read = {source: list(duties(texts[source])) for source in sources}
    places = {
        gold["id"]: _quoted_spans(texts[gold["source"]].text, gold["quote"]) for gold in golds
    }
    right = dict.fromkeys((*DUTY_FIELDS, "all"), 0)
    found = 0
    for gold in golds:
        duty = _matching(read[gold["source"]], places[gold["id"]])
        if duty is None:
            if show:
                print("lost ", gold["source"], gold["locator"], gold["kind"], gold["quote"][:200])
            continue
        found += 1
        told_fields = {name: _agrees(name, gold, duty) for name in DUTY_FIELDS}
        for name, value in {**told_fields, "all": all(told_fields.values())}.items():
            right[name] += value
        if show and not all(told_fields.values()):
            wrong = [name for name, value in told_fields.items() if not value]
            print("wrong", gold["source"], gold["locator"], gold["quote"][:160])
            for name in wrong:
                print(f"      {name}: {gold[name]!r} but {_field(duty, name)!r}")
    extra = _not_labelled(read, golds, places)
    n = sum(map(len, read.values()))
    print(f"found      {told(found, len(golds))}\nright      {told(right['all'], found)}")
    for name in DUTY_FIELDS:
        print(f"  {name:<9}{told(right[name], found)}")
    print(f"precision  {told(n - len(extra), n)}")
    print(f"quotes not found in their text: {sum(not spans for spans in places.values())}")
    for duty in extra if show else ():
        print("extra", duty.document.source, duty.part.locator, duty.kind, duty.quote[:200])


def _quoted_spans(text: str, quote: str) -> list[tuple[int, int]]:
    words = unicodedata.normalize("NFC", quote.replace("**", "")).split()
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    return [match.span() for match in pattern.finditer(text)]


def _shared(duty: Duty, span: tuple[int, int]) -> int:
    """How many words of the span the duty covers."""
    left, right = max(duty.start, span[0]), min(duty.end, span[1])
    return len(duty.document.text[left:right].split()) if left < right else 0


def _covers(duty: Duty, span: tuple[int, int]) -> bool:
    return 2 * _shared(duty, span) >= len(duty.document.text[slice(*span)].split())


def _matching(read: list[Duty], spans: list[tuple[int, int]]) -> Duty | None:
    covering = [(duty, span) for span in spans for duty in read if _covers(duty, span)]
    best = max(
        covering, key=lambda pair: (_shared(*pair), pair[0].start - pair[0].end), default=None
    )
    return best[0] if best else None


def _not_labelled(
    read: dict[str, list[Duty]],
    golds: list[dict[str, Any]],
    places: dict[str, list[tuple[int, int]]],
) -> list[Duty]:
    spans = {
        source: [s for gold in golds if gold["source"] == source for s in places[gold["id"]]]
        for source in read
    }
    return [
        duty for source, own in read.items() for duty in own
        if not any(_shared(duty, span) for span in spans[source])
    ]  # fmt: skip


def _agrees(name: str, gold: dict[str, Any], duty: Duty) -> bool:
    if name == "kind":
        return bool(gold["kind"] == duty.kind)
    if name == "due_on":
        return set(gold["due_on"]) == set(duty.due_on)
    said = gold[name] or []
    wanted = _word_set(said if isinstance(said, list) else [said])
    told_words = _word_set(_field(duty, name))
    shared = len(wanted & told_words)
    return wanted == told_words or shared >= _AGREE * max(len(wanted), len(told_words))


def _field(duty: Duty, name: str) -> list[str]:
    if name in ("kind", "due_on"):
        return [str(value) for value in (duty.due_on if name == "due_on" else (duty.kind,))]
    spans = getattr(duty, name)
    spans = [spans] if name == "report_to" and spans else spans or ()
    return [duty.document.text[slice(*span)] for span in spans]


def _word_set(spans: list[str]) -> set[str]:
    return {word for span in spans for word in re.findall(r"[\w%]+", fold(span))}


HEAD_FIELDS = ("number", "kind", "issuer", "issued_on", "subject", "signer", "signer_office")


def measure_heads(folders: list[Path], split: str | None, show: bool) -> None:
    """A field is right when it equals the label, or both say nothing; invented: a value, no label."""
    texts = documents(folders)
    right: dict[str, int] = dict.fromkeys(HEAD_FIELDS, 0)
    invented: dict[str, int] = dict.fromkeys(HEAD_FIELDS, 0)
    golds = [gold for gold in load("heads.jsonl", None) if gold["source"] in texts]
    for gold in golds:
        document = texts[gold["source"]]
        for name in HEAD_FIELDS:
            given = gold.get(f"{name}_alt") or ()
            others = (given,) if isinstance(given, str) else given
            wanted = {gold[name], *others} - {None}
            value = _head_value(document, name)
            good = any(_same(w, value, name) for w in wanted) if wanted else value is None
            right[name] += good
            invented[name] += value is not None and not wanted
            if show and not good:
                print(f"{gold['source']}: {name}: {value!r}, not {wanted or None}")
    for name in HEAD_FIELDS:
        print(f"{name:<14}{told(right[name], len(golds))}  invented {invented[name]}")
    print("first five    ", told(sum(right[n] for n in HEAD_FIELDS[:5]), 5 * len(golds)))


def _head_value(document: Document, name: str) -> str | None:
    if name == "subject":
        return document.meta.title
    value = getattr(document.foot if name.startswith("signer") else document.meta, name)
    return None if value is None else str(value)


def _same(wanted: str, value: str | None, name: str) -> bool:
    """Words, whatever their case; a title is the kind with the subject behind it."""
    if value is None:
        return False
    a, b = _words(wanted), _words(value)
    return a == b or (
        name == "subject" and (b.endswith(a) or a.endswith(b)) and len(b) * 2 > len(a)
    )


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text.replace("V/v", "Về việc"))))


STATED = ("in_force_from", "replaces", "repeals", "amends")


def measure_validity(folders: list[Path], split: str | None, show: bool) -> None:
    texts = documents(folders)
    golds = load("validity.jsonl", None)
    sources = sorted({gold["source"] for gold in golds})
    mine = [s for n, s in enumerate(sources) if split is None or (n % 2 == 0) == (split == "dev")]
    wanted = found = right = read_all = dated = dated_found = dated_right = 0
    for source in (s for s in mine if s in texts):
        document = texts[source]
        labels = [g for g in golds if g["source"] == source and g["statement"] in STATED]
        read = [e for e in effects(document) if e.kind in STATED]
        pairs = _paired(document, labels, read)
        good = [e for gold, e in pairs if _says(e, gold)]
        wanted, found, right = wanted + len(labels), found + len(pairs), right + len(good)
        read_all += len(read)
        day = [g["date"] for g in labels if g["statement"] == "in_force_from" and not g["target_parts"]]  # fmt: skip
        told_day = in_force_from(document)
        dated += bool(day)
        dated_found += bool(day and told_day)
        dated_right += bool(day and told_day and told_day.date == day[0])
        if show:
            _show(source, labels, read, pairs)
    print(f"found                     {told(found, wanted)}")
    print(f"of these kind, date, target and parts right {told(right, found)}")
    print(f"of all read, right        {told(right, read_all)}")
    print(f"effective day of a text:  found {told(dated_found, dated)}, right {told(dated_right, dated_found)}")  # fmt: skip
    print(f"sources without a file: {sum(s not in texts for s in mine)}")


def _paired(
    document: Document, labels: list[dict[str, Any]], read: list[Effect]
) -> list[tuple[dict[str, Any], Effect]]:
    """Each label with what was read of its kind in its sentence, the equal ones first."""
    left, pairs, open_labels = list(read), [], list(labels)
    for strict in (True, False):
        for gold in list(open_labels):
            near = [e for e in left if e.kind == gold["statement"] and _overlaps(document, gold, e)]
            same = next((e for e in near if not strict or _says(e, gold)), None)
            if same:
                left.remove(same)
                open_labels.remove(gold)
                pairs.append((gold, same))
    return pairs


def _overlaps(document: Document, gold: dict[str, Any], effect: Effect) -> bool:
    quote = " ".join(unicodedata.normalize("NFC", gold["quote"]).split())
    said = " ".join(document.text[effect.start : effect.end].split())
    return quote in said or said in quote or quote[:60] in said


def _says(effect: Effect, gold: dict[str, Any]) -> bool:
    partial = bool(gold["target_parts"] or gold.get("target_scope"))
    parts = {tuple(sorted((k, v) for k, v in p.items() if v)) for p in gold["target_parts"]}
    read = {tuple(sorted(place.labels)) for place in effect.places}
    return (
        effect.date == gold["date"]
        and (_number(gold["target"]) or fold(gold["target"] or "")) in _targets(effect)
        and (read == parts and effect.whole != partial)
    )


def _targets(effect: Effect) -> set[str]:
    """The target as a label may give it: the number, or a name with its kind or without."""
    named = effect.named
    if named is None:
        return {""}
    return {_number(named.number) or fold(named.name or ""), fold(named.label)}


def _show(source: str, labels: list[Any], read: list[Effect], pairs: list[Any]) -> None:
    for gold in (g for g in labels if not any(g is p for p, _ in pairs)):
        print(source, "lost ", gold)
    for gold, effect in pairs:
        if not _says(effect, gold):
            print(source, "wrong", effect.kind, effect.date, effect.named, effect.places, effect.scope, "\n    ", gold)  # fmt: skip
    for effect in (e for e in read if not any(e is p for _, p in pairs)):
        print(source, "false", effect.kind, effect.date, effect.named, effect.document.text[effect.start:effect.end])  # fmt: skip


MEASURES = {
    "references": measure_references,
    "heads": measure_heads,
    "validity": measure_validity,
    "duties": measure_duties,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("measure", choices=tuple(MEASURES))
    parser.add_argument("--texts", type=Path, nargs="+", required=True)
    parser.add_argument("--split", choices=("dev", "test"))
    parser.add_argument("--show", action="store_true", help="print what differs (dev only, please)")
    given = parser.parse_args()
    MEASURES[given.measure](given.texts, given.split, given.show)


if __name__ == "__main__":
    main()
