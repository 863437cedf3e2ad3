"""The agreement of two auditors as sentences and tables: what every format of it is made of."""

from collections.abc import Iterator, Mapping
from typing import Any

from scr_audit.agreement.kappa import FEW
from scr_audit.report.tables import Cell, Column, Row, Table
from scr_audit.report.wording import (
    LABELS,
    count_text,
    counted,
    listed,
    origin_text,
    percent,
    unit_words,
    value_text,
)

Document = Mapping[str, Any]
_HOW = {
    "different": "they differ",
    "first_only": "only the first recorded it",
    "second_only": "only the second recorded it",
}
_NUMBERS = (
    Column("n", "Compared", "count"), Column("agreed", "Agree", "count"),
    Column("share", "Agreement", "share"), Column("kappa", "Kappa"),
    Column("interval", "95% interval"), Column("note", "Take care"),
)  # fmt: skip
EXPLANATION = (
    "Agreement is the share of things about which both say the same. Kappa is how much of the "
    "agreement beyond chance there is: 1 is all of it, 0 is none. Both are given, since kappa "
    "misleads where nearly all answers are equal.",
    "The interval is the asymptotic one of Fleiss, Cohen and Everitt (1969). It supposes units "
    "that are independent; several of one record often are not, and the true one is wider.",
    "Two good readers may share an error: agreement is not truth.",
)


def sentences(document: Document) -> list[str]:
    """What was compared, and what was found, in plain sentences."""
    differ = document["disagreements"]
    facts = sum(fact["n"] for fact in document["facts"])
    neither = sum(fact["counts"]["neither"] for fact in document["facts"])
    warning = document.get("not_for_publication")
    found = [
        *([warning] if warning else []),
        f"{counted(document['records'], 'record')} read by both auditors; "
        f"{counted(facts, 'answer')} compared, {counted(len(differ), 'disagreement')}. What "
        f"neither recorded is no agreement and is left out ({neither:,}).",
        _verdicts(document["rules"]),
        *_cautions(document),
        *_only(document, "first"),
        *_only(document, "second"),
    ]
    roles = document["first"]["roles"], document["second"]["roles"]
    if roles[0] and roles[0] == roles[1]:
        found.append(
            f"Both readings are by the same role ({listed(roles[0])}). Only two people who did "
            "not know of each other's answers make two readings."
        )
    return found


def _verdicts(rules: list[Mapping[str, Any]]) -> str:
    n, agreed = sum(rule["n"] for rule in rules), sum(rule["agreed"] for rule in rules)
    share = percent(agreed / n) if n else "no rate"
    return (
        f"Judged by the same rules, {count_text(agreed)} of {counted(n, 'unit')} come out the "
        f"same ({share})."
    )


def _cautions(document: Document) -> Iterator[str]:
    """What a reader must know of that number, beside it."""
    rules = document["rules"]
    lone = sum(rule["only_first"] + rule["only_second"] for rule in rules)
    neither = sum(rule["neither"] for rule in rules)
    said = [
        f"{counted(lone, 'unit')} only one of them has, and each counts as a disagreement"
        if lone else "",
        f"{counted(neither, 'unit')} neither evidenced, and they are left out" if neither else "",
        f"{sum(rule['n'] < FEW for rule in rules):,} of {counted(len(rules), 'rule')} compare "
        f"fewer than {FEW} units, too few to tell good agreement from luck"
        if any(rule["n"] < FEW for rule in rules) else "",
        f"{counted(document['alike'], 'item')} like another of the same list, paired with none"
        if document["alike"] else "",
        "what to heed of a rule's kappa stands beside it" if any(r["note"] for r in rules) else "",
    ]  # fmt: skip
    if any(said):
        yield f"Take care: {'; '.join(filter(None, said))}."


def _only(document: Document, side: str) -> list[str]:
    alone = [item["record"] for item in document[side]["only_here"]]
    if not alone:
        return []
    shown = f"{listed(alone[:20])}{' and more' if len(alone) > 20 else ''}"
    return [f"{counted(len(alone), 'record')} only the {side} auditor read, compared in nothing: "
            f"{shown}."]  # fmt: skip


def rules_agreement(document: Document) -> Table:
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


def facts_agreement(document: Document) -> Table:
    """By fact of the schema: the agreement of what was recorded, the least first."""
    columns = (
        Column("fact", "Fact"), Column("question", "Question"), Column("kind", "Kind"), *_NUMBERS,
        Column("equal", "Both the same", "count"), Column("different", "They differ", "count"),
        Column("first_only", "Only the first", "count"),
        Column("second_only", "Only the second", "count"), Column("neither", "Neither", "count"),
    )  # fmt: skip
    rows: list[Row] = [
        (fact["fact"], fact["question"], fact["kind"], *_numbers(fact), *fact["counts"].values())
        for fact in _least_first(document["facts"])
    ]
    return Table("agreement_by_fact", "Agreement by fact", columns, rows)


def verdicts_table(document: Document) -> Table:
    """Every unit on which the same rule comes out differently for the two."""
    columns = (
        Column("record", "Record"), Column("rule", "Rule"), Column("unit", "Unit"),
        Column("first", "First"), Column("second", "Second"),
    )  # fmt: skip
    rows: list[Row] = sorted(
        (item["record"], rule["id"],
         unit_words(item["key"], item["unit"], rule["unit"], rule["unit_plural"]),
         LABELS[item["first"]], LABELS[item["second"]])
        for rule in document["rules"]
        for item in rule["differ"]
    )  # fmt: skip
    return Table("verdicts", "Verdicts that differ", columns, rows)


def disagreements_table(document: Document) -> Table:
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
            item["record"], item["first"]["pointer"], item["question"], _HOW[item["how"]],
            value_text(item["first"]["value"]), value_text(item["second"]["value"]),
            origin_text(item["first"]["provenance"]), origin_text(item["second"]["provenance"]),
            item["second"]["pointer"], item["fact"],
        )
        for item in document["disagreements"]
    ]  # fmt: skip
    return Table("disagreements", "Disagreements", columns, rows)


def _least_first(items: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The least agreement first; what was compared in nothing last."""
    return sorted(items, key=lambda item: 2.0 if item["share"] is None else item["share"])


def _numbers(item: Mapping[str, Any]) -> tuple[Cell, ...]:
    kappa, interval = item["kappa"], item["interval"]
    return (
        item["n"],
        item["agreed"],
        "no rate" if item["share"] is None else item["share"],
        "" if kappa is None else f"{kappa:.2f}",
        "" if interval is None else f"{interval[0]:.2f} to {interval[1]:.2f}",
        item["note"],
    )
