"""The public edition in words and tables, made from its document alone: all that a format prints.

A sentence says that a number is too small to publish, never that there is nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal, NamedTuple

from scr_audit.documents.editions import (
    PublicCounts,
    PublicDocument,
    PublicRule,
    PublicStandard,
)
from scr_audit.report.tables import Column, Row, Table, TableValue
from scr_audit.report.wording import all_listed, day_text, percent
from scr_audit.stats.shares import ALWAYS
from scr_audit.values.text import counted

COLUMNS_TO_READ = ("rule", "title", "said", "not_met", "not_evidenced", "standard")
"""The columns of what is read; what is worked with has all."""
_STANDARDS: Mapping[Literal["met", "below", "cannot_tell"], str] = {
    "met": "met",
    "below": "below",
    "cannot_tell": "cannot be told from rounded numbers",
}
_NOTES = (
    "No share is given of fewer than 80 judged, and never 100%: where two rounded numbers are "
    "equal, it is all or nearly all.",
    "A standard is called met or below only where every number behind the rounded ones agrees.",
    "Not evidenced means that the record does not say, or contradicts itself. It is never counted "
    "as done.",
    "Rules stand in the order of the share met by the rounded numbers, the lowest first; those "
    "without one come last. Records that could not be read are not counted.",
)
CHOICE_UNKNOWN = "How they were chosen was not stated, so the numbers speak of these records alone."


class PublicPage(NamedTuple):
    """What is printed, in order; `earlier` has no rows where nothing was published before."""

    title: str
    when: str
    sentences: list[str]
    notes: list[str]
    rules: Table
    earlier: Table


def public_page(document: PublicDocument) -> PublicPage:
    """All that the formats print of a public document."""
    return PublicPage(
        title=document["pack"]["title"],
        when=f"Compliance audit as of {day_text(document['as_of'])}. Public edition",
        sentences=list(filter(None, _sentences(document))),
        notes=[document["rounding"]["sentence"], *_NOTES],
        rules=_rules(document),
        earlier=_earlier(document),
    )


def with_columns(table: Table, names: tuple[str, ...]) -> Table:
    """The table with the columns of these names."""
    at = [index for index, column in enumerate(table.columns) if column.name in names]
    return table._replace(
        columns=tuple(table.columns[index] for index in at),
        rows=[tuple(row[index] for index in at) for row in table.rows],
    )


def _sentences(document: PublicDocument) -> list[str]:
    plan = document["plan"]
    period = plan and plan["period"]
    found = all_listed(
        f"{kind['number']:,} {kind['kinds']}" for kind in document["number_of_records"]
    )
    return [
        f"{plan['title']}: {plan['question']}" if plan else "",
        f"{found} were judged by {counted(len(document['rules']), 'rule')}.",
        f"The run looks at {period['text']}." if period else "",
        f"Records asked for: {plan['filter']}." if plan and plan["filter"] else "",
        f"How they were chosen: {plan['selection']}"
        if plan and plan["selection"]
        else CHOICE_UNKNOWN,
        _few_sentence(document),
        _standards_sentence(document),
        _left_out_sentence(document["kinds_left_out"], "there are fewer than 20 records of each"),
        _left_out_sentence(document["kinds_told_before"], "the same were published before"),
        f"Set locally: {all_listed(document['set_locally'])}." if document["set_locally"] else "",
    ]


def _few_sentence(document: PublicDocument) -> str:
    few = sum(1 for rule in document["rules"] if rule["judged"] is None)
    if not few:
        return ""
    kinds = document["number_of_records"]
    nouns = kinds[0]["kinds"] if len(kinds) == 1 else "records"
    return (
        f"{counted(few, 'check')} {'rests' if few == 1 else 'rest'} on too few {nouns} to publish."
    )


def _standards_sentence(document: PublicDocument) -> str:
    asked = [rule["standard"]["verdict"] for rule in document["rules"] if rule["standard"]]
    if not asked:
        return ""
    found = Counter(asked)
    verdicts = [f"{found[verdict]:,} {words}" for verdict, words in _STANDARDS.items()]
    return f"Against the standards of the plan, by rule: {all_listed(verdicts)}."


def _left_out_sentence(kinds: list[str], reason: str) -> str:
    return f"Rules that judge {all_listed(kinds)} are left out: {reason}." if kinds else ""


def _about_words(printed: int | None) -> str:
    return "fewer than 8" if printed is None else f"about {printed:,}"


def _part_words(counts: PublicCounts, units: str) -> str:
    """`about 15 of about 20 conferences`: the met of those judged."""
    met, judged = counts["met"], counts["judged"]
    if judged is None:
        return f"too few {units} to publish (fewer than 8 judged)"
    part = "all or nearly all" if met is not None and met >= judged else _about_words(met)
    return f"{part} of about {judged:,} {units}"


def _rules(document: PublicDocument) -> Table:
    columns = (
        Column("rule", "Rule"), Column("title", "Title"),
        Column("recommendation", "Recommendation"), Column("said", "Met"),
        Column("met", "Met, rounded", "count"), Column("not_met", "Not met", "count"),
        Column("not_evidenced", "Not evidenced", "count"), Column("judged", "Judged", "count"),
        Column("share", "Share met", "share"), Column("standard", "Standard"),
    )  # fmt: skip
    return Table("rules", "Rules", columns, list(map(_row, document["rules"])))


def _row(line: PublicRule) -> Row:
    share = f", {percent(line['share'])}" if line["share"] is not None else ""
    said = f"{_part_words(line, line['unit_plural'])}{share}"
    return (
        line["id"], line["title"], line["recommendation"], said,
        *(_cell(line[name]) for name in ("met", "not_met", "not_evidenced", "judged")),
        line["share"], _standard(line["standard"]),
    )  # fmt: skip


def _cell(printed: int | None) -> TableValue:
    return "fewer than 8" if printed is None else printed


def _standard(asked: PublicStandard | None) -> str:
    if asked is None:
        return ""
    wanted = "always" if asked["share"] == ALWAYS else percent(asked["share"])
    return f"{_STANDARDS[asked['verdict']]} ({wanted})"


def _earlier(document: PublicDocument) -> Table:
    runs = document["earlier"]
    columns = (
        Column("rule", "Rule"),
        *(Column(f"before_{at}", run["period"] or day_text(run["as_of"]))
          for at, run in enumerate(runs, 1)),
        Column("now", "Now"),
    )  # fmt: skip
    before = [{rule["id"]: _part_words(rule, "").rstrip() for rule in run["rules"]} for run in runs]
    rows: list[Row] = [
        (
            rule["id"],
            *(found.get(rule["id"], "–") for found in before),
            _part_words(rule, "").rstrip(),
        )
        for rule in document["rules"]
    ]
    return Table("earlier", "As published before", columns, rows if runs else [])
