"""Renders the agreement of two auditors: Markdown, HTML, a workbook for a moderator, CSV, JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, TypeVar

import msgspec

from scr_audit.documents.agreement import AgreementDocument, HowOften, Numbers, RuleAgreement
from scr_audit.documents.parts import Outcome
from scr_audit.report.csv_file import csv_bytes, with_warning
from scr_audit.report.formats import Templates, book_of, page_assets
from scr_audit.report.tables import Column, Entry, Row, Section, Table, TableValue, cell_words
from scr_audit.report.wording import (
    LABELS,
    all_listed,
    day_text,
    markdown_text,
    origin_text,
    percent,
    said_text,
    unit_words,
    within_text,
)
from scr_audit.stats.kappa import FEW
from scr_audit.values.text import count_text, counted

_HOW = {
    "different": "they differ",
    "first_only": "only the first recorded it",
    "second_only": "only the second recorded it",
}
_BY_REST = "paired by the rest of what is recorded"
_NUMBERS = (
    Column("n", "Compared", "count"), Column("agreed", "Agree", "count"),
    Column("share", "Agreement", "share"), Column("kappa", "Kappa"),
    Column("interval", "95% interval"), Column("note", "Take care"),
)  # fmt: skip
_Read = TypeVar("_Read", bound=Numbers)
EXPLANATION = (
    "Agreement is the share of things about which both say the same. Kappa is how much of the "
    "agreement beyond chance there is: 1 is all of it, 0 is none. Both are given, since kappa "
    "misleads where nearly all answers are equal.",
    "The interval is the asymptotic one of Fleiss, Cohen and Everitt (1969). It supposes units "
    "that are independent; several of one record often are not, and the true one is wider.",
    "Two good readers may share an error: agreement is not truth.",
)


def agreement_sentences(document: AgreementDocument) -> list[str]:
    """What was compared, and what was found, in plain sentences."""
    facts, agreed = (sum(fact[name] for fact in document["facts"]) for name in ("n", "agreed"))
    neither = sum(fact["counts"]["neither"] for fact in document["facts"])
    warning = document.get("not_for_publication")
    found = [
        *([warning] if warning else []),
        f"{counted(document['records'], 'record')} read by both auditors; "
        f"{counted(facts, 'answer')} compared, {counted(facts - agreed, 'disagreement')}. What "
        f"neither recorded is no agreement and is left out ({neither:,}).",
        _verdicts(document["rules"]),
        *_cautions(document),
        *_only_one_read(document, "first"),
        *_only_one_read(document, "second"),
    ]
    roles = document["first"]["roles"], document["second"]["roles"]
    if roles[0] and roles[0] == roles[1]:
        found.append(
            f"Both readings are by the same role ({all_listed(roles[0])}). Only two people who did "
            "not know of each other's answers make two readings."
        )
    return found


def _verdicts(rules: list[RuleAgreement]) -> str:
    n, agreed = sum(rule["n"] for rule in rules), sum(rule["agreed"] for rule in rules)
    share = percent(agreed / n) if n else "no rate"
    return (
        f"Judged by the same rules, {count_text(agreed)} of {counted(n, 'finding')} come out the "
        f"same ({share})."
    )


def _cautions(document: AgreementDocument) -> Iterator[str]:
    """What a reader must know of that number, beside it."""
    rules = document["rules"]
    lone = sum(rule["only_first"] + rule["only_second"] for rule in rules)
    neither = sum(rule["neither"] for rule in rules)
    compared = [rule["n"] for rule in rules if rule["n"]]
    few, none = sum(n < FEW for n in compared), len(rules) - len(compared)
    said = [
        f"{counted(lone, 'finding')} in one reading only, and each counts as a disagreement"
        if lone else "",
        f"{counted(neither, 'finding')} evidenced in neither, and left out" if neither else "",
        f"{few:,} of {counted(len(compared), 'rule')} {'compares' if few == 1 else 'compare'} "
        f"fewer than {FEW} findings, too few to tell good agreement from luck"
        if few else "",
        f"{counted(none, 'rule')} {'compares' if none == 1 else 'compare'} nothing" if none else "",
        f"{counted(document['alike'], 'item')} like another of the same list, paired with none"
        if document["alike"] else "",
        f"{counted(document['by_rest'], 'item')} {_BY_REST}, since the key differs"
        if document["by_rest"] else "",
        "notes stand beside the kappa of a rule" if any(r["note"] for r in rules) else "",
    ]  # fmt: skip
    if any(said):
        yield f"Take care: {'; '.join(filter(None, said))}."


def _only_one_read(document: AgreementDocument, side: Literal["first", "second"]) -> list[str]:
    alone = [item["record"] for item in document[side]["only_here"]]
    if not alone:
        return []
    shown = f"{all_listed(alone[:20])}{' and more' if len(alone) > 20 else ''}"
    return [f"{counted(len(alone), 'record')} read by the {side} auditor only, so not compared: "
            f"{shown}."]  # fmt: skip


def rules_agreement(document: AgreementDocument) -> Table:
    """By rule: the agreement of verdicts, the least first."""
    columns = (
        Column("rule", "Rule"), Column("title", "Title"), *_NUMBERS,
        Column("only_first", "Only the first", "count"),
        Column("only_second", "Only the second", "count"),
        Column("neither", "Neither evidenced", "count"),
    )  # fmt: skip
    rows: list[Row] = [
        (
            rule["id"],
            rule["title"],
            *_numbers(rule),
            rule["only_first"],
            rule["only_second"],
            rule["neither"],
        )
        for rule in _least_first(document["rules"])
    ]
    return Table("agreement_by_rule", "Agreement by rule", columns, rows)


def facts_agreement(document: AgreementDocument) -> Table:
    """By fact of the schema: the agreement of what was recorded, the least first."""
    columns = (
        Column("fact", "Fact"), Column("question", "Question"), Column("kind", "Kind"), *_NUMBERS,
        Column("equal", "Both the same", "count"), Column("different", "They differ", "count"),
        Column("first_only", "Only the first", "count"),
        Column("second_only", "Only the second", "count"), Column("neither", "Neither", "count"),
    )  # fmt: skip
    rows: list[Row] = [
        (fact["fact"], fact["question"], fact["kind"], *_numbers(fact), *_how_often(fact["counts"]))
        for fact in _least_first(document["facts"])
    ]
    return Table("agreement_by_fact", "Agreement by fact", columns, rows)


def _how_often(counts: HowOften) -> Row:
    return (
        counts["equal"], counts["different"], counts["first_only"], counts["second_only"],
        counts["neither"],
    )  # fmt: skip


def verdicts_table(document: AgreementDocument) -> Table:
    """Every unit on which the same rule comes out differently for the two, or that one lacks."""
    columns = (
        Column("record", "Record"), Column("rule", "Rule"), Column("unit", "Unit"),
        Column("first", "First"), Column("second", "Second"),
    )  # fmt: skip
    rows: list[Row] = sorted(
        (item["record"], rule["id"],
         unit_words(item["key"], item["unit"], rule["unit"], rule["unit_plural"]),
         _verdict(item["first"]), _verdict(item["second"]))
        for rule in document["rules"]
        for item in rule["differ"]
    )  # fmt: skip
    return Table("verdicts", "Verdicts that differ", columns, rows)


def _verdict(outcome: Outcome | None) -> str:
    return "not in this reading" if outcome is None else LABELS[outcome]


def disagreements_table(document: AgreementDocument) -> Table:
    """Every fact on which the two differ, for a moderator to look at."""
    columns = (
        Column("record", "Record"), Column("pointer", "Pointer"), Column("question", "Question"),
        Column("how", "How they differ"), Column("first", "First says"),
        Column("second", "Second says"), Column("first_from", "First, where from"),
        Column("second_from", "Second, where from"), Column("second_pointer", "Pointer in second"),
        Column("fact", "Fact"),
    )  # fmt: skip
    rows: list[Row] = [
        (
            item["record"], item["first"]["pointer"], item["question"],
            f"{_HOW[item['how']]}; {_BY_REST}" if item["by_rest"] else _HOW[item["how"]],
            said_text(item["first"]["value"]), said_text(item["second"]["value"]),
            origin_text(item["first"]["provenance"]), origin_text(item["second"]["provenance"]),
            item["second"]["pointer"], item["fact"],
        )
        for item in document["disagreements"]
    ]  # fmt: skip
    return Table("disagreements", "Disagreements", columns, rows)


def _least_first(items: list[_Read]) -> list[_Read]:
    """The least agreement first; what was compared in nothing last."""
    return sorted(items, key=lambda item: 2.0 if item["share"] is None else item["share"])


def _numbers(item: Numbers) -> tuple[TableValue, ...]:
    kappa, interval = item["kappa"], item["interval"]
    return (
        item["n"],
        item["agreed"],
        "no rate" if item["share"] is None else item["share"],
        "" if kappa is None else f"{kappa:.2f}",
        "" if interval is None else f"{interval[0]:.2f} to {interval[1]:.2f}",
        item["note"],
    )


_TITLE = "Agreement of two auditors"


def _tables(document: AgreementDocument) -> list[Table]:
    return [
        rules_agreement(document),
        facts_agreement(document),
        disagreements_table(document),
        verdicts_table(document),
    ]


def _json(document: AgreementDocument, _: Templates) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _csv(document: AgreementDocument, _: Templates) -> bytes:
    warning = document.get("not_for_publication", "")
    return csv_bytes(with_warning(disagreements_table(document), warning))


# What programs need of the tables, and nobody reads: ids, pointers, names of facts.
_FOR_PROGRAMS = {"rule", "pointer", "second_pointer", "fact", "kind"}


def _tables_to_read(document: AgreementDocument) -> list[Table]:
    """The tables in words: rules by their titles, and where in its record a fact stands."""
    titles = {rule["id"]: rule["title"] for rule in document["rules"]}
    return [_in_words(table, titles) for table in _tables(document)]


def _in_words(table: Table, titles: Mapping[str, str]) -> Table:
    names = [column.name for column in table.columns]
    has_title = "title" in names
    kept = [
        place for place, name in enumerate(names)
        if name not in _FOR_PROGRAMS or name == "pointer" or (name == "rule" and not has_title)
    ]  # fmt: skip
    words: dict[str, Callable[[Any], TableValue]] = {
        "rule": lambda rule: titles.get(rule, rule),
        "pointer": lambda pointer: within_text(pointer, "").rstrip(":") or "the record",
    }  # fmt: skip
    columns = [
        column._replace(title="About") if column.name == "pointer" else column
        for column in table.columns
    ]
    return table._replace(
        columns=tuple(columns[place] for place in kept),
        rows=[tuple(words.get(names[at], _same)(row[at]) for at in kept) for row in table.rows],
    )


def _same(value: TableValue) -> TableValue:
    return value


def _markdown(document: AgreementDocument, _: Templates) -> bytes:
    lines = [
        f"# {_TITLE}",
        "",
        markdown_text(_about(document)),
        "",
        *(f"- {markdown_text(sentence)}" for sentence in agreement_sentences(document)),
        "",
    ]
    for table in _tables_to_read(document):
        lines += [f"## {table.title}", "", *_grid(table), ""]
    lines += ["## How to read this", "", *(f"- {markdown_text(text)}" for text in EXPLANATION), ""]
    return "\n".join(lines).encode()


def _grid(table: Table) -> list[str]:
    if not table.rows:
        return ["None."]
    return [
        f"| {' | '.join(markdown_text(column.title) for column in table.columns)} |",
        f"| {' | '.join('---:' if _is_number(column) else '---' for column in table.columns)} |",
        *(
            f"| {' | '.join(markdown_text(text) for text in _texts(table, row))} |"
            for row in table.rows
        ),
    ]


def _is_number(column: Column) -> bool:
    return column.kind in ("count", "share")


def _texts(table: Table, row: tuple[TableValue, ...]) -> list[str]:
    return [cell_words(cell, column.kind) for cell, column in zip(row, table.columns, strict=True)]


def _html(document: AgreementDocument, templates: Templates) -> bytes:
    values = {
        "view": {"pack": document["pack"], "engine": document["engine"]},
        "title": _TITLE,
        "about": _about(document),
        "sentences": agreement_sentences(document),
        "tables": [
            table._replace(rows=[tuple(_texts(table, row)) for row in table.rows])
            for table in _tables_to_read(document)
        ],
        "explanation": EXPLANATION,
        **page_assets(templates),
    }
    return templates.render("html", "agreement.html.j2", values).encode()


def _about(document: AgreementDocument) -> str:
    """Of which audit it is; where that is not said, of which rules, and as of which day."""
    day = f", as of {day_text(document['as_of'])}" if document["as_of"] else ""
    return document.get("about") or f"{document['pack']['title']}{day}"


def _workbook(document: AgreementDocument, _: Templates) -> bytes:
    sections = [
        Section("What came out", [Entry("", text) for text in agreement_sentences(document)]),
        Section("How to read this", [Entry("", text) for text in EXPLANATION]),
    ]
    return book_of(_TITLE, document["as_of"], sections, _tables(document))


AGREEMENT_FORMATS: Mapping[str, Callable[[AgreementDocument, Templates], bytes]] = {
    ".json": _json,
    ".md": _markdown,
    ".html": _html,
    ".xlsx": _workbook,
    ".csv": _csv,
}
