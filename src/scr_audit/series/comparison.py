"""Two runs of a pack compared: what became of each rule's share and of each finding.

Where a rule asks something else now, its two results are no series: they are not compared, unless
the old records were judged by the new rules too, which tells a change of rules from a change of
practice.

What is compared are records, since several units of one record are not independent: by a rule a
record is met where all of its judged units are, not met where one is not, and otherwise not
evidenced. What is not evidenced is in no share.

Where both runs judged the same records by a rule nothing was sampled anew: no test is made, and
what changed did change.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, Literal, TypeVar, cast

from scr_audit._version import __version__
from scr_audit.documents.parts import JUDGED
from scr_audit.documents.run import (
    ComparedInfo,
    JudgedUnit,
    RuleInfo,
    RunBundle,
    RunHead,
    UnitVerdict,
)
from scr_audit.documents.series import (
    ComparedCounts,
    ComparedRun,
    ComparisonDocument,
    DifferenceInfo,
    RuleComparison,
    RuleKept,
    SplitInfo,
    UnitChangeInfo,
)
from scr_audit.errors import InputError
from scr_audit.records.ids import LookAlikes
from scr_audit.series.time_points import check_bundle, head_period
from scr_audit.series.unit_changes import CHANGES, NAMED_CHANGES, UnitChange, unit_changes
from scr_audit.stats.shares import FROM, TO, Counts, Difference, differences, power_of_fall
from scr_audit.values.calendar import add_months
from scr_audit.values.period import Period


def compare_with_earlier(
    now: RunHead, then: RunHead, findings: Iterable[JudgedUnit] | None = None
) -> ComparedInfo:
    """The rules of two runs compared, and the counts of both over all rules.

    `findings` are those of now, if they are kept, each with its rule, record and outcome.
    """
    period, before = head_period(then), findings_kept(then)
    in_both = None
    if findings is not None and before is not None:
        known = {finding["record"] for finding in before}
        in_both = [finding for finding in findings if finding["record"] in known]
    return {
        "as_of": then["as_of"],
        "period": None if period is None else period.label,
        "other_period": _other_than_planned(now, period),
        "pack": {
            "id": then["pack"]["id"],
            "version": then["pack"]["version"],
            "sha256": then["pack"]["sha256"],
        },
        "units": then["totals"]["units"],
        "rules": rule_rows(RunSide("then", then, before), RunSide("now", now, in_both)),
    }


COMPARISON_FORMAT: Literal["scr-audit/comparison"] = "scr-audit/comparison"
COMPARISON_VERSION: Literal[2] = 2


_Unit = TypeVar("_Unit", bound=JudgedUnit, covariant=True)


@dataclass(frozen=True)
class RunSide(Generic[_Unit]):
    """A run to compare: what it is called, its bundle's head, its findings if they were kept."""

    name: str
    head: RunHead
    findings: Sequence[_Unit] | None
    period: str | None = None


def findings_kept(bundle: RunHead | RunBundle) -> Sequence[UnitVerdict] | None:
    """The findings of a whole bundle; None where it counts some and keeps none."""
    found: Sequence[UnitVerdict] = cast("RunBundle", bundle).get("findings", ())  # a head has none
    return found if found or not any(bundle["totals"]["units"].values()) else None


def compare(
    then: RunBundle, now: RunBundle, *, rejudged: RunBundle | None = None
) -> ComparisonDocument:
    """Compare two runs of a pack: what became of each rule's share and of each unit.

    `rejudged` is a run of the records of `then`, for its day, by the rules of `now`: what changed
    in the rules is then told from what changed in the records. Raises `InputError` where the runs
    are of different packs.
    """
    again = None if rejudged is None else _side_of("rejudged", rejudged)
    return compare_runs(_side_of("then", then), _side_of("now", now), again)


def _side_of(name: str, bundle: RunBundle) -> RunSide[UnitVerdict]:
    check_bundle(name, bundle)
    period = head_period(bundle)
    label = None if period is None else period.label
    return RunSide(name, bundle, findings_kept(bundle), label)


def compare_runs(
    then: RunSide[UnitVerdict],
    now: RunSide[UnitVerdict],
    rejudged: RunSide[JudgedUnit] | RunSide[UnitVerdict] | None = None,
) -> ComparisonDocument:
    """The comparison as a document. `rejudged` is a run of now's rules over then's records.

    Raises `InputError` where the runs are of different packs.
    """
    _check_packs(then, now)
    if rejudged is not None:
        check_rejudged(then.head, now.head, rejudged.head)
    rules = rule_rows(then, now, rejudged)
    kept = None not in (then.findings, now.findings)
    changed = _changes(then, now, rules) if kept else []
    if kept:
        _count_changes(rules, changed)
    return {
        "format": COMPARISON_FORMAT,
        "format_version": COMPARISON_VERSION,
        "engine": {"name": "scr-audit", "version": __version__},
        "pack": {"id": now.head["pack"]["id"], "title": now.head["pack"]["title"]},
        "then": _compared_run(then),
        "now": _compared_run(now),
        "rejudged": rejudged is not None,
        "fall_of_power": (FROM, TO),
        "findings_kept": kept,
        "rules": rules,
        "changes": [change for change in changed if change["change"] in NAMED_CHANGES],
    }


def look_alikes(then: RunBundle, now: RunBundle) -> list[str]:
    """Words on records of one run whose ids look like one of the other, and may be the same."""
    return look_alikes_of(_side_of("then", then), _side_of("now", now))


def look_alikes_of(then: RunSide[UnitVerdict], now: RunSide[UnitVerdict]) -> list[str]:
    """The same of runs with their names."""
    before, after = _records(then), _records(now)
    found = LookAlikes()
    for side, only in ((then, before - after), (now, after - before)):
        for kind, record in sorted(only):
            found.add(kind, record, side.name)
    return found.messages


def _records(side: RunSide[UnitVerdict]) -> set[tuple[str, str]]:
    """The kind and id of each record with kept findings."""
    kinds = {rule["id"]: rule["record"] for rule in side.head["rules"]}
    return {(kinds[each["rule"]], each["record"]) for each in side.findings or ()}


def _check_packs(then: RunSide[JudgedUnit], now: RunSide[JudgedUnit]) -> None:
    first, second = then.head["pack"]["id"], now.head["pack"]["id"]
    if first != second:
        raise InputError(
            f"{then.name} is a run of the pack {first}, {now.name} of {second}: they share no "
            "rules. Compare runs of one pack"
        )


def check_rejudged(then: RunHead, now: RunHead, rejudged: RunHead) -> None:
    """Refuse a run that is not of the old records and the new rules. Raises `InputError`."""
    judged, before = (head["input"]["records"]["judged"] for head in (rejudged, then))
    if judged != before:
        raise InputError(
            f"{judged:,} of the old records could be judged, but the earlier run judged "
            f"{before:,}; give the records of that run"
        )
    if rejudged["as_of"] != then["as_of"]:
        raise InputError(
            f"the old records were judged for {rejudged['as_of']}; judge them for the day of the "
            f"earlier run, {then['as_of']}"
        )
    if _meanings(rejudged) != _meanings(now):
        raise InputError(
            "the rules that judged the old records are not those of the run of now; give the pack, "
            "the audit plan and the settings that it was made with"
        )


def _meanings(head: RunHead) -> dict[str, str]:
    return {rule["id"]: meaning_of(head, rule) for rule in head["rules"]}


def meaning_of(head: RunHead, rule: RuleInfo) -> str:
    """What a rule asks, as a text to compare; in older bundles the pack stands for it."""
    return rule.get("meaning") or f"pack {head['pack']['sha256']} {head['parameters']}"


def _compared_run(side: RunSide[JudgedUnit]) -> ComparedRun:
    head = side.head
    return {
        "run": side.name,
        "as_of": head["as_of"],
        "period": side.period,
        "plan": None if head["plan"] is None else head["plan"]["id"],
        "pack_version": head["pack"]["version"],
        "pack_sha256": head["pack"]["sha256"],
        "records": head["input"]["records"]["judged"],
    }


def rule_rows(
    then: RunSide[JudgedUnit], now: RunSide[JudgedUnit], rejudged: RunSide[JudgedUnit] | None = None
) -> list[RuleComparison]:
    """A row for each rule of two runs, in the order of now; those of then only stand last.

    All shares that can be compared are tested together. `rejudged` is as in `compare_runs`; no row
    has `findings` yet.
    """
    before = {rule["id"]: rule for rule in then.head["rules"]}
    old, new = _meanings(then.head), _meanings(now.head)
    rows: list[RuleComparison] = []
    for rule in now.head["rules"]:
        name = rule["id"]
        kept: RuleKept = "only_now" if name not in before else (
            "same" if old[name] == new[name] else "changed"
        )  # fmt: skip
        rows.append(_row(rule, kept, before.get(name), rule))
    rows += [_row(rule, "only_then", rule, None) for name, rule in before.items()
             if name not in new]  # fmt: skip
    again = {} if rejudged is None else {rule["id"]: rule for rule in rejudged.head["rules"]}
    old_records = {name: _counts(rule) for name, rule in again.items()}
    practices: dict[str, RuleComparison] = {
        row["id"]: {**row, "rule": "same", "then": old_records[row["id"]]}
        for row in rows
        if row["rule"] == "changed" and row["id"] in again
    }
    looked_at = _judged_records(now)
    _count_shared(rows, _judged_records(then), looked_at)
    if rejudged is not None:
        _count_shared(practices.values(), _judged_records(rejudged), looked_at)
    _compare_shares([*rows, *practices.values()])
    for row in rows:
        if row["id"] in practices:
            row["split"] = _split(row, practices[row["id"]], old_records[row["id"]])
    return rows


def _row(
    rule: RuleInfo, kept: RuleKept, then: RuleInfo | None, now: RuleInfo | None
) -> RuleComparison:
    return {
        "id": rule["id"],
        "title": rule["title"],
        "recommendation": rule["recommendation"],
        "severity": rule["severity"],
        "unit": rule["unit"],
        "record": rule["record"],
        "unit_plural": rule["unit_plural"],
        "rule": kept,
        "then": None if then is None else _counts(then),
        "now": None if now is None else _counts(now),
        **_NONE,
        "split": None,
        "findings": None,
    }


_NONE: DifferenceInfo = {
    "difference": None, "interval": None, "p_value": None, "adjusted_p_value": None,
    "needed": None, "verdict": "not_compared", "power": None, "records_in_both": None,
}  # fmt: skip


def _judged_records(side: RunSide[JudgedUnit]) -> Mapping[str, set[str]] | None:
    """By rule, the records of which it judged a unit; None where findings were not kept."""
    if side.findings is None:
        return None
    found: defaultdict[str, set[str]] = defaultdict(set)
    for finding in side.findings:
        if finding["outcome"] in JUDGED:
            found[finding["rule"]].add(finding["record"])
    return found


def _count_shared(
    rows: Iterable[RuleComparison],
    then: Mapping[str, set[str]] | None,
    now: Mapping[str, set[str]] | None,
) -> None:
    """Fill in how many records both runs judged."""
    if then is None or now is None:
        return
    for row in rows:
        if row["rule"] == "same":
            row["records_in_both"] = len(then[row["id"]] & now[row["id"]])


def _counts(rule: RuleInfo) -> ComparedCounts:
    totals = rule["totals"]
    judged = totals["met"] + totals["not_met"] + totals["not_evidenced"]
    counted = totals.get("records_met"), totals.get("records_not_met")
    # Bundles written before records were counted by verdict: of one unit each, they are units.
    if None in counted and judged == totals["records"]:
        counted = totals["met"], totals["not_met"]
    return {
        "met": totals["met"],
        "not_met": totals["not_met"],
        "not_evidenced": totals["not_evidenced"],
        "judged": judged,
        "records": totals["records"],
        "records_met": counted[0],
        "records_not_met": counted[1],
    }


def _share(side: ComparedCounts | None) -> Counts | None:
    """The records met, and those met or not met; None where they were not counted."""
    if side is None:
        return None
    met, not_met = side["records_met"], side["records_not_met"]
    return None if met is None or not_met is None else (met, met + not_met)


def _compare_shares(rows: Sequence[RuleComparison]) -> None:
    """Fill in what became of the shares, tested together."""
    tested, pairs = [], []
    for row in rows:
        sides = _shares(row) if row["rule"] == "same" else None
        if not sides:
            continue
        if not all(n for _, n in sides):
            row["verdict"] = "no_rate"
        elif _same_records(row):
            (met, n), (met_now, m) = sides
            row["verdict"], row["difference"] = "same_records", met_now / m - met / n
        else:
            pairs.append(sides)
            tested.append(row)
    for row, pair, found in zip(tested, pairs, differences(pairs), strict=True):
        _fill_difference(row, found, pair)


def _same_records(row: RuleComparison) -> bool:
    both, then, now = row.get("records_in_both"), row["then"], row["now"]
    return then is not None and now is not None and both == then["records"] == now["records"]


def _shares(row: RuleComparison) -> tuple[Counts, Counts] | None:
    then, now = _share(row["then"]), _share(row["now"])
    return None if then is None or now is None else (then, now)


def _fill_difference(row: RuleComparison, found: Difference, pair: tuple[Counts, Counts]) -> None:
    row["difference"], row["interval"] = found.change, found.interval
    row["p_value"], row["adjusted_p_value"] = found.p_value, found.adjusted
    row["needed"], row["verdict"] = found.needed, found.verdict
    row["power"] = power_of_fall(pair[0][1], pair[1][1])


def _split(row: RuleComparison, practice: RuleComparison, old_records: ComparedCounts) -> SplitInfo:
    """The change in two steps: the rule, on the old records; then the practice, by the new rule.

    The first step compares the same records with themselves, so it has no interval: it is not
    chance.
    """
    before, after = _share(row["then"]), _share(practice["then"])
    step = None
    if before and after and before[1] and after[1]:
        step = after[0] / after[1] - before[0] / before[1]
    return {
        "old_records": old_records,
        "of_rule": step,
        "of_practice": cast("DifferenceInfo", {k: v for k, v in practice.items() if k in {*_NONE}}),
    }


def _changes(
    then: RunSide[UnitVerdict], now: RunSide[UnitVerdict], rules: list[RuleComparison]
) -> list[UnitChangeInfo]:
    """What became of each unit of the rules that ask the same in both runs."""
    same = {row["id"] for row in rules if row["rule"] == "same"}
    kinds = {rule["id"]: rule["record"] for rule in now.head["rules"]}
    before, after = _by_kind(then, kinds, same), _by_kind(now, kinds, same)
    found = [
        _change(each)
        for kind in sorted({*before, *after})
        for each in unit_changes(before[kind], after[kind])
    ]
    order = {name: number for number, name in enumerate(CHANGES)}
    return sorted(found, key=lambda row: (order[row["change"]], row["rule"], row["record"]))


def _change(found: UnitChange) -> UnitChangeInfo:
    """A unit and its change; the key is that of the later run, where it has the unit."""
    known = [finding for finding in (found.now, found.then) if finding is not None]
    return {
        "rule": known[0]["rule"],
        "record": known[0]["record"],
        "key": next((each["key"] for each in known if each["key"] is not None), None),
        "unit_then": None if found.then is None else found.then["unit"],
        "unit_now": None if found.now is None else found.now["unit"],
        "change": found.change,
        "then": None if found.then is None else found.then["outcome"],
        "now": None if found.now is None else found.now["outcome"],
    }


def _by_kind(
    side: RunSide[UnitVerdict], kinds: Mapping[str, str], rules: set[str]
) -> defaultdict[str, list[UnitVerdict]]:
    """The findings of these rules by the kind of record, since ids repeat among kinds."""
    found: defaultdict[str, list[UnitVerdict]] = defaultdict(list)
    for finding in side.findings or ():
        if finding["rule"] in rules:
            found[kinds[finding["rule"]]].append(finding)
    return found


def _count_changes(rules: list[RuleComparison], changed: list[UnitChangeInfo]) -> None:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for change in changed:
        counts[change["rule"]][change["change"]] += 1
    for row in rules:
        if row["rule"] == "same":
            row["findings"] = {name: counts[row["id"]][name] for name in CHANGES}


def _other_than_planned(now: RunHead, then: Period | None) -> str:
    plan, period = now["plan"], head_period(now)
    if plan is None or period is None or then is None:
        return ""
    return other_period(plan.get("comparison"), period, then)


def other_period(comparison: str | None, now: Period, then: Period) -> str:
    """How an earlier period differs from the one that the plan compares with; or nothing."""
    if comparison == "none":
        return "the plan compares with no earlier run"
    if comparison == "previous_period" and then.end != now.start - timedelta(days=1):
        return f"the plan compares with the period just before, and the earlier run looks at {then}"
    if comparison == "same_period_last_year" and then != _year_before(now):
        wanted = _year_before(now)
        return f"the plan compares with {wanted}, and the earlier run looks at {then}"
    return ""


def _year_before(period: Period) -> Period:
    after = period.end + timedelta(days=1)
    return Period(add_months(period.start, -12), add_months(after, -12) - timedelta(days=1))
