"""Two runs compared, in words: what every format of a comparison shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal, NamedTuple

from scr_audit.documents.parts import Outcome
from scr_audit.documents.series import (
    ChangeKind,
    ComparedRun,
    ComparisonDocument,
    DifferenceInfo,
    RuleComparison,
    UnitChangeInfo,
)
from scr_audit.report.changes import (
    BY_RECORD,
    comparison_sentence,
    difference_text,
    is_backwards,
    points_text,
    records_text,
    shared_records,
    time_of_run,
    verdict_text,
    verdicts_sentence,
    when_words,
)
from scr_audit.report.wording import LABELS, all_listed, percent, unit_words
from scr_audit.values.text import counted

CHANGE_WORDS: Mapping[ChangeKind, tuple[str, str]] = {
    "regressed": ("Regressed", "met then, not met now"),
    "opened": ("Opened", "not met now; then not judged, or not evidenced"),
    "still_open": ("Still open", "not met then and now"),
    "closed": ("Closed", "not met then, met now"),
    "lost_evidence": ("No longer evidenced", "then met or not met, now the record does not say"),
    "no_longer_judged": ("No longer judged", "judged then, not now"),
    "newly_met": ("Newly met", "met now; then not judged, or not evidenced"),
    "not_matched": (
        "Not matched, of either run",
        "it is not certain which unit of the other run it is: several in the record look the same, "
        "or what the record says of it may have been corrected or completed since, or the run was "
        "made by an earlier scr-audit, which knew units by their place in a list only; the people "
        "who keep the rules can say which answers tell such units apart",
    ),
    "open_in_new_record": ("Not met in a record of the later run only", "then not looked at"),
    "open_in_record_gone": ("Not met in a record of the earlier run only", "now not looked at"),
    "unchanged": ("Unchanged", "the same outcome, other than not met"),
    "other": ("Other changes", "between outcomes outside the rates, or to not evidenced"),
    "other_records": ("In one run only, not open", "units of records of one of the runs"),
}
SHORT: Mapping[ChangeKind, str] = {
    "regressed": "regressed", "opened": "opened", "still_open": "still open",
    "closed": "closed", "lost_evidence": "no longer evidenced",
    "no_longer_judged": "no longer judged", "newly_met": "newly met", "other": "other changes",
    "not_matched": "not matched, of either run",
}  # fmt: skip
OPEN: Mapping[ChangeKind, str] = {
    "still_open": "still open", "closed": "closed", "regressed": "regressed", "opened": "opened",
    "lost_evidence": "no longer evidenced", "no_longer_judged": "no longer judged",
    "open_in_record_gone": "in records of the earlier run only",
    "open_in_new_record": "in records of the later run only", "not_matched": "not matched",
}  # fmt: skip
"""The words for units that are not met then or now; together they are all of these."""
ONLY = {"only_now": "a rule of the later run only", "only_then": "a rule of the earlier run only"}


class RuleLine(NamedTuple):
    """One rule as text: its records then and now; `findings` says what became of its units.

    `chance` is the p-value, and in brackets the one that allows for the rules compared.
    """

    id: str
    title: str
    then: str
    now: str
    points: str
    verdict: str
    chance: str
    power: str
    findings: str


class UnitLine(NamedTuple):
    """A unit of a change, with its words beside where it stands in either run."""

    change: ChangeKind
    rule: str
    record: str
    unit: str
    unit_then: str | None
    unit_now: str | None
    then: Outcome | None
    now: Outcome | None


class ChangeGroup(NamedTuple):
    """The units of one class of change: its name, title, meaning, and number over all rules."""

    name: str
    title: str
    meaning: str
    number: int
    items: list[UnitLine]


class ComparisonView(NamedTuple):
    """A comparison in words; `rules` with a verdict come first, `notes` are cautions."""

    title: str
    sentences: list[str]
    notes: list[str]
    rules: list[RuleLine]
    changed: list[tuple[str, str, list[str]]]
    groups: list[ChangeGroup]


def comparison_view(found: ComparisonDocument) -> ComparisonView:
    """The comparison in words, with every count that the document has."""
    return ComparisonView(
        title=found["pack"]["title"],
        sentences=_sentences(found),
        notes=_notes(found),
        rules=[_line(row) for row in sorted(found["rules"], key=_order)],
        changed=[(row["id"], row["title"], changed_lines(row)) for row in found["rules"]
                 if row["rule"] == "changed"],
        groups=_groups(found),
    )  # fmt: skip


def run_text(side: ComparedRun) -> str:
    """What a run is called: its period, else its day, and its name."""
    return f"{time_of_run(side)} ({side['run']}, {counted(side['records'], 'record')})"


_VERDICTS = ("lower", "higher", "same_records", "cannot_tell", "no_rate", "not_compared")


def _order(row: RuleComparison) -> tuple[int, float, str]:
    """Falls first, then rises, then what is of the same records, then what may be chance."""
    first = _VERDICTS.index(row["verdict"])
    return first, row["difference"] or 0.0, row["id"]


def _sentences(found: ComparisonDocument) -> list[str]:
    sentences = [
        f"Then: {run_text(found['then'])}. Now: {run_text(found['now'])}.",
        verdicts_sentence(when_words(found["then"], found["now"]), found["rules"]),
    ]
    if found["findings_kept"]:
        sentences += [_open_sentence(found, "then"), _open_sentence(found, "now")]
        lost = [each for each in found["changes"] if each["change"] == "not_matched"]
        of_earlier = sum(each["then"] is not None for each in lost)
        of_later = sum(each["now"] is not None for each in lost)
        if of_earlier or of_later:
            sentences.append(
                f"{counted(of_earlier, 'unit')} of the earlier run and {of_later:,} of the later "
                "one could not be matched, and nothing is said of what became of them."
            )
    return sentences


def _open_sentence(found: ComparisonDocument, side: Literal["then", "now"]) -> str:
    """The units not met `then` or `now`, and in what classes they are; the classes add up."""
    counts = Counter(each["change"] for each in found["changes"] if each[side] == "not_met")
    number = counts.total()
    classes = all_listed(
        f"{counts[name]:,} {words}" for name, words in OPEN.items() if counts[name]
    )
    verb = {"then": ("was", "were"), "now": ("is", "are")}[side][number != 1]
    same = all(row["rule"] == "same" for row in found["rules"])
    by = "" if same else ", by rules that ask the same in both runs"
    listing = f": {classes}" if classes else ""
    return f"{counted(number, 'unit')} {verb} not met {side}{by}{listing}."


def _notes(found: ComparisonDocument) -> list[str]:
    rules = found["rules"]
    notes = []
    if is_backwards(found["then"], found["now"]):
        notes.append(
            "The first run given is the later one: what is called then, or the earlier run, is "
            f"{run_text(found['then'])}, and what is called now, or the later run, is "
            f"{run_text(found['now'])}. To read what changed in the course of time, give the runs "
            "the other way round."
        )
    changed = [row["id"] for row in rules if row["rule"] == "changed"]
    if changed and not found["rejudged"]:
        notes.append(
            f"{counted(len(changed), 'rule')} changed between the runs and cannot be compared. "
            "Compare with the old records too: judged by the new rules, they show how much of the "
            "change is the rule's and how much is practice."
        )
    if not found["findings_kept"]:
        notes.append("The findings of a run were not kept, so only its totals are compared.")
    if found["then"]["plan"] != found["now"]["plan"]:
        notes.append(
            f"The audit plans differ ({found['then']['plan'] or 'none'} then, "
            f"{found['now']['plan'] or 'none'} now): the records may have been chosen otherwise."
        )
    notes.append(f"{BY_RECORD} {comparison_sentence(_rows_compared(rules))}".rstrip())
    notes += shared_records(_rows_compared(rules))
    first, last = (percent(share) for share in found["fall_of_power"])
    notes.append(
        "The intervals are of each rule by itself. The power, which the files have, is the chance "
        f"that samples of these sizes show a fall from {first} to {last} that is really there, of "
        "one rule by itself."
    )
    return notes


def _rows_compared(rules: list[RuleComparison]) -> list[DifferenceInfo]:
    """What was looked at together: the rules, and of those that changed the practice."""
    return [*rules, *(row["split"]["of_practice"] for row in rules if row["split"])]


def _line(row: RuleComparison) -> RuleLine:
    verdict = "the rule changed" if row["rule"] == "changed" else (
        ONLY.get(row["rule"]) or verdict_text(row)
    )  # fmt: skip
    power = "" if row["power"] is None else percent(row["power"])
    if row["verdict"] == "same_records":
        verdict = f"the same records: {_findings(row) or 'nothing changed'}"
    return RuleLine(
        row["id"], row["title"], records_text(row["then"]), records_text(row["now"]),
        difference_text(row), verdict, _chance(row), power, _findings(row),
    )  # fmt: skip


def _chance(row: RuleComparison) -> str:
    if row["p_value"] is None or row["adjusted_p_value"] is None:
        return ""
    alone, among = p_text(row["p_value"]), p_text(row["adjusted_p_value"])
    return alone if alone == among else f"{alone} ({among})"


def p_text(value: float) -> str:
    """A p-value in two figures, or as very small."""
    return "under 0.001" if value < 0.001 else f"{value:#.2g}"


def _findings(row: RuleComparison) -> str:
    if row["findings"] is None:
        return ""
    parts = [f"{row['findings'][name]:,} {word}" for name, word in SHORT.items()
             if row["findings"][name]]  # fmt: skip
    return ", ".join(parts)


def changed_lines(row: RuleComparison) -> list[str]:
    """The sentences about a rule that asks something else now."""
    then, now = records_text(row["then"]), records_text(row["now"])
    split = row["split"]
    if split is None:
        return [f"The rule changed: {then} by the old rule, {now} by the new one. Not comparable."]
    old = records_text(split["old_records"])
    of_rule = "cannot be told" if split["of_rule"] is None else (
        f"{points_text(split['of_rule'])} percentage points"
    )  # fmt: skip
    practice = split["of_practice"]
    change = "; ".join(filter(None, (difference_text(practice), verdict_text(practice))))
    return [
        f"Change of the rule, on the old records: {then} by the old rule, {old} by the new one "
        f"({of_rule}).",
        f"Change of practice, by the new rule: {old} then, {now} now ({change}).",
    ]


def _groups(found: ComparisonDocument) -> list[ChangeGroup]:
    """Every class that is named or counted; empty where findings were not kept."""
    if not found["findings_kept"]:
        return []
    counts = [row["findings"] for row in found["rules"] if row["findings"] is not None]
    nouns = {row["id"]: (row["unit"], row["unit_plural"]) for row in found["rules"]}
    return [
        ChangeGroup(
            name,
            title,
            meaning,
            sum(count[name] for count in counts),
            [
                _unit_line(change, nouns[change["rule"]])
                for change in found["changes"]
                if change["change"] == name
            ],
        )
        for name, (title, meaning) in CHANGE_WORDS.items()
    ]


def _unit_line(change: UnitChangeInfo, nouns: tuple[str, str]) -> UnitLine:
    then, now = change["unit_then"], change["unit_now"]
    pointer = (then if now is None else now) or ""
    words = unit_words(change["key"], pointer, *nouns)
    return UnitLine(
        change["change"], change["rule"], change["record"], words, then, now, change["then"],
        change["now"],
    )  # fmt: skip


def outcome_text(unit: UnitLine, side: Literal["then", "now"]) -> str:
    """The outcome of a unit `then` or `now`, in words."""
    outcome = unit.then if side == "then" else unit.now
    if outcome is not None:
        return LABELS[outcome]
    return "not matched" if unit.change == "not_matched" else "no such unit"


def change_text(unit: UnitLine) -> str:
    """A unit of a change on one line."""
    then, now = outcome_text(unit, "then"), outcome_text(unit, "now")
    return f"{unit.record}, {unit.unit}: {unit.rule} ({then} then, {now} now)"
