"""docs/recommendations.md and its like: from each paragraph to rules, facts and examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import scr_audit
from scr_audit.packs.pack import Coverage, coverage
from scr_audit.runs.bundle import rule_location

_NOTE = "<!-- Written by docs/generate.py from the shipped packs: change the pack, and run it. -->"


def recommendations_page(name: str | None = None) -> str:
    """The page of a shipped pack or, without a name, of the built-in one, as Markdown."""
    pack = scr_audit.load_pack(name)
    rows = coverage(pack)
    return "\n".join([*_head(pack, rows), *(line for row in rows for line in _row(pack, row)), ""])


def _head(pack: scr_audit.Pack, rows: list[Coverage]) -> Iterator[str]:
    counts = Counter(row.status for row in rows)
    yield from (_NOTE, "", "# From paragraph to rule", "")
    yield (
        f"Every paragraph that the pack {pack.id} cites, with the rules that encode it, the facts "
        "they read and their examples."
    )
    yield ""
    yield (
        f"{len(pack.rules)} rules for {len(rows)} paragraphs: "
        + ", ".join(f"{number} {status}" for status, number in counts.items())
        + "."
    )
    yield ""
    yield "A fact in *italics* is one that only a person can judge; a named role attests it."


def _row(pack: scr_audit.Pack, row: Coverage) -> Iterator[str]:
    yield from ("", f"## {row.id}", "", row.title, "")
    about = " · ".join(part for part in (row.agency, row.theme, row.status) if part)
    yield f"{about}." + (f" {row.reason}" if row.reason else "")
    if not row.rules:
        return
    yield ""
    for rule_id in row.rules:
        rule = pack.rule(rule_id)
        yield (
            f"- `{rule_id}`: {rule.title} ({rule.kind}, {rule.severity}, "
            f"{len(pack.examples[rule_id])} examples, `{rule_location(pack, rule)}`)"
        )
    yield ""
    yield (
        "Facts: "
        + ", ".join(f"*{path}*" if path in row.attested else path for path in row.facts)
        + "."
    )
