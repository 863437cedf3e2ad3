"""Approved exceptions in reports: how many are in force, and what each of them did."""

from scr_audit.report.tables import Bundle, Column, Row, Table
from scr_audit.report.wording import counted, day_text

_DID = {
    "applied": "excepted",
    "expired": "expired: it did nothing",
    "not_yet": "not yet in force: it did nothing",
    "rule_not_in_run": "the rule is not in this run",
    "record_not_judged": "no record of this id was judged",
    "unit_not_found": "the record has no such unit of this rule",
    "nothing_to_except": "nothing to except: no unit is not met",
}
IN_FORCE = tuple(state for state in _DID if state not in ("expired", "not_yet"))


def exceptions_sentence(bundle: Bundle) -> str:
    """How many exceptions are in force, what they excepted, and which did nothing; or nothing."""
    found = bundle.get("exceptions")
    if not found or not found["entries"]:
        return ""
    entries = found["entries"]
    states = [entry["state"] for entry in entries]
    in_force = sum(state in IN_FORCE for state in states)
    units = sum(entry["units"] for entry in entries)
    idle = in_force - states.count("applied")
    sentences = [
        f"{counted(in_force, 'approved exception')} in force: {counted(units, 'unit')} that "
        f"{'is' if units == 1 else 'are'} not met {'is' if units == 1 else 'are'} shown as "
        "excepted, and in no rate",
        f"{idle:,} of them found nothing to except" if idle else "",
        f"{states.count('expired'):,} expired and did nothing" if "expired" in states else "",
        f"{states.count('not_yet'):,} not yet in force" if "not_yet" in states else "",
    ]
    return f"{'; '.join(filter(None, sentences))}."


def exceptions_table(bundle: Bundle) -> Table:
    """Every exception with its approval, and what it did in this run; in the order of the file."""
    columns = (
        Column("state", "In this run"), Column("excepted", "Units excepted", "count"),
        Column("rule", "Rule"), Column("record", "Record"), Column("unit", "Unit"),
        Column("reason", "Reason"), Column("approved_by_role", "Approved by"),
        Column("from", "From", "day"), Column("until", "Until", "day"),
    )  # fmt: skip
    entries = (bundle.get("exceptions") or {"entries": []})["entries"]
    rows: list[Row] = [
        (
            _DID[entry["state"]], entry["units"], entry["rule"], entry["record"],
            unit_words(entry["unit"]), entry["reason"], entry["approved_by_role"], entry["from"],
            entry["until"],
        )
        for entry in entries
    ]  # fmt: skip
    return Table("exceptions", "Exceptions", columns, rows)


def unit_words(unit: str | None) -> str:
    """Which units an exception is about."""
    return "every unit" if unit is None else unit or "the record"


def expired_lines(bundle: Bundle) -> list[str]:
    """Each exception that expired: its rule and record, and its last day."""
    entries = (bundle.get("exceptions") or {"entries": []})["entries"]
    return [
        f"{entry['rule']}, {entry['record']}: expired, the last day was {day_text(entry['until'])}"
        for entry in entries
        if entry["state"] == "expired"
    ]
