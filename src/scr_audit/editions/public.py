"""The public edition of a run: counts rounded to the nearest 5, small ones never printed.

The method was attacked before it was chosen (`tests/editions/test_attack.py` repeats the attack);
another base or threshold needs the attack again, so both are constants. Whatever is printed beside
the rounded counts (shares, order, verdicts, words) follows from them alone. Nothing is counted over
several rules or whole records: where few rules judge 20 records, such a sum can give each away.

A record is published once. Whoever subtracts one publication from another sees what only one of
them has: two halves in which nearly all is met, beside their year, tell how much is not met in
each. So the public edition of records that were published before is made only of all of them
together, and tells no other counts of a rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from scr_audit.documents.editions import (
    EarlierInfo,
    PublicCounts,
    PublicDocument,
    PublicPlan,
    PublicRule,
)
from scr_audit.documents.parts import ParameterInfo
from scr_audit.documents.run import RuleInfo, RunBundle
from scr_audit.editions.board import check_not_identifiable
from scr_audit.errors import InputError, listed
from scr_audit.records.ids import skeleton
from scr_audit.report.sections import plan_period
from scr_audit.report.standings import unit_nouns
from scr_audit.report.wording import day_text, value_text
from scr_audit.series.time_points import kind_of
from scr_audit.stats.shares import against_standard, rates
from scr_audit.values.text import counted

BASE: Literal[5] = 5
FEWER_THAN: Literal[8] = 8
LEAST_RECORDS = 20
LEAST_FOR_SHARE = 80
Publication = tuple[RunBundle, Collection[str]]
"""A run that was published, and the kinds of record that it was published for."""
SENTENCE = (
    f"Counts are rounded to the nearest {BASE}; “fewer than {FEWER_THAN}” can also mean none; "
    "numbers need not add up. A record that lists none of what a check judges may count once."
)


def public_document(bundle: RunBundle, earlier: Sequence[RunBundle] = ()) -> PublicDocument:
    """The public document of an auditor's run bundle; `earlier` are all published before, in order.

    Raises `InputError` where it may not be made: for identifiable records, fewer than 20 of them,
    or those that were published before.
    """
    check_not_identifiable(bundle, "public")
    before: list[Publication] = []
    for run in earlier:
        check_kept(run)
        before.append((run, published_kinds(run).keys() - _told_before(run, before)))
    enough = published_kinds(bundle)
    told = _told_before(bundle, before)
    kinds = {kind: number for kind, number in enough.items() if kind not in told}
    if not kinds:
        raise InputError(_published_before(told) if told else _too_few(bundle))
    rules = [_rule(rule) for rule in bundle["rules"] if rule["record"] in kinds]
    pack = bundle["pack"]
    return {
        "format": "scr-audit/public",
        "format_version": 3,
        "engine": bundle["engine"],
        "pack": {"id": pack["id"], "version": pack["version"], "title": pack["title"]},
        "plan": _plan(bundle),
        "as_of": bundle["as_of"],
        "rounding": {"base": BASE, "fewer_than": FEWER_THAN, "sentence": SENTENCE},
        "number_of_records": [
            {"kind": kind, "kinds": pack["kinds"].get(kind, kind), "number": number}
            for kind, number in kinds.items()
        ],
        "kinds_left_out": [
            pack["kinds"].get(kind, kind) for kind in _judged_kinds(bundle) if kind not in enough
        ],
        "kinds_told_before": [pack["kinds"].get(kind, kind) for kind in told],
        "set_locally": [
            f"{parameter['title']}: {_in_force(parameter)}"
            for parameter in bundle["parameters"]
            if parameter["overridden"]
        ],
        "rules": sorted(rules, key=_order_key),
        "earlier": _earlier(before, bundle),
    }


def rounded(number: int) -> int | None:
    """A count as it is printed; None: fewer than 8."""
    return None if number < FEWER_THAN else (number + BASE // 2) // BASE * BASE


def counts_behind(printed: int | None) -> range:
    """The counts that a printed one may stand for."""
    if printed is None:
        return range(FEWER_THAN)
    return range(max(FEWER_THAN, printed - BASE // 2), printed + BASE // 2 + 1)


def all_behind(counts: PublicCounts) -> Iterator[tuple[int, int, int]]:
    """Met, not met and not evidenced that the four printed counts may stand for together."""
    judged = counts_behind(counts["judged"])
    for met in counts_behind(counts["met"]):
        for not_met in counts_behind(counts["not_met"]):
            for silent in counts_behind(counts["not_evidenced"]):
                if met + not_met + silent in judged:
                    yield met, not_met, silent


def published_kinds(bundle: RunBundle) -> dict[str, int]:
    """The kinds with enough records to publish, each with their number."""
    records = Counter(record["kind"] for record in bundle["records"])
    return {kind: records[kind] for kind in _judged_kinds(bundle) if records[kind] >= LEAST_RECORDS}


def _told_before(
    bundle: RunBundle, before: Sequence[Publication]
) -> dict[str, tuple[RunBundle, int]]:
    """The kinds whose records were published before: in which run first, and how many of them."""
    return {
        kind: (run, number)
        for kind in published_kinds(bundle)
        for run, kinds in reversed(before)
        if kind in kinds and (number := records_published_twice(kind, bundle, run))
    }


def _judged_kinds(bundle: RunBundle) -> list[str]:
    return list(dict.fromkeys(rule["record"] for rule in bundle["rules"]))


def _too_few(bundle: RunBundle) -> str:
    if bundle["input"]["records"]["judged"] and not bundle["records"]:
        return "the public edition needs the records, which a run of totals only does not keep"
    number = Counter(record["kind"] for record in bundle["records"])
    kinds = _judged_kinds(bundle)
    found = listed(counted(number[kind], kind.replace("_", " ")) for kind in kinds)
    return (
        f"the public edition needs at least {LEAST_RECORDS} records of a kind; this run judged "
        f"{found or 'none'}. Publish a longer period, or give the board edition to those who may "
        "see it"
    )


def _published_before(told: Mapping[str, tuple[RunBundle, int]]) -> str:
    kind, (run, number) = next(iter(told.items()))
    return (
        f"{counted(number, kind.replace('_', ' '))} of this run {'is' if number == 1 else 'are'} "
        f"in the public edition of the run as of {day_text(run['as_of'])}, and a record is "
        "published once: publications that share some tell small counts together. Publish the year "
        "or its quarters, not both; the board edition may have both"
    )


def _plan(bundle: RunBundle) -> PublicPlan | None:
    plan = bundle["plan"]
    if plan is None:
        return None
    period = plan.get("period")
    return {
        "id": plan["id"],
        "title": plan["title"],
        "question": plan["question"],
        "selection": plan.get("selection"),
        "filter": plan.get("filter"),
        "period": period
        and {"start": period["start"], "end": period["end"], "text": period["text"]},
    }


def _in_force(parameter: ParameterInfo) -> str:
    values = [
        f"{value_text(entry['value'])} {parameter['unit'] or ''}".rstrip()
        + (f" from {entry['from']}" if entry["from"] else "")
        for entry in parameter["values"]
    ]
    return "; ".join(values)


def _rule(rule: RuleInfo) -> PublicRule:
    unit, units = unit_nouns(rule)
    counts, asked = printed_counts(rule), rule["standard"]
    return {
        "id": rule["id"],
        "title": rule["title"],
        "recommendation": rule["recommendation"],
        "unit": unit,
        "unit_plural": units,
        **counts,
        "share": share_of(counts),
        "standard": None if asked is None else {
            "share": asked["share"], "verdict": verdict(counts, asked["share"]),
        },
    }  # fmt: skip


def printed_counts(rule: RuleInfo) -> PublicCounts:
    """The four printed counts of a rule: true ones summed first, then rounded."""
    true = rule["totals"]
    return {
        "met": rounded(true["met"]),
        "not_met": rounded(true["not_met"]),
        "not_evidenced": rounded(true["not_evidenced"]),
        "judged": rounded(true["met"] + true["not_met"] + true["not_evidenced"]),
    }


def share_of(counts: PublicCounts) -> float | None:
    """The share met by the printed counts: of 80 judged or more, and never all of them."""
    met, judged = counts["met"], counts["judged"]
    if met is None or judged is None or judged < LEAST_FOR_SHARE or met >= judged:
        return None
    return met / judged


def verdict(counts: PublicCounts, share: float) -> Literal["met", "below", "cannot_tell"]:
    """`met` or `below` where every count behind the printed ones says so, else `cannot_tell`."""
    found = {against_standard(rates(*true), share) for true in all_behind(counts)}
    if found == {"met"}:
        return "met"
    return "below" if found == {"below"} else "cannot_tell"


def _order_key(line: PublicRule) -> tuple[bool, float, str]:
    """The lowest share by the printed counts first, those that have none last."""
    met, judged = line["met"], line["judged"]
    return (
        (True, 0.0, line["id"])
        if met is None or judged is None
        else (False, met / judged, line["id"])
    )


def _last_day(bundle: RunBundle) -> str:
    period = plan_period(bundle)
    return period["end"] if period else bundle["as_of"] or ""


def _earlier(before: Sequence[Publication], now: RunBundle) -> list[EarlierInfo]:
    """Those of the same pack and plan in the order of their days, as they were printed."""
    comparable = [each for each in before if kind_of(each[0]) == kind_of(now)]
    return [
        _as_printed(*each, now["rules"])
        for each in sorted(comparable, key=lambda each: _last_day(each[0]))
    ]


def _as_printed(
    before: RunBundle, kinds: Collection[str], rules: Sequence[RuleInfo]
) -> EarlierInfo:
    """The rules that ask the same today."""
    period = plan_period(before)
    then = alike(rules, before["rules"])
    return {
        "as_of": before["as_of"],
        "period": period["text"] if period else None,
        "rules": [
            {"id": rule["id"], **printed_counts(same)}
            for rule in rules
            if (same := then.get(rule["id"])) is not None
            and same["record"] in kinds
            and same.get("meaning") == rule.get("meaning")
        ],
    }


def check_kept(run: RunBundle) -> None:
    """Raise `InputError` for a run that was published and keeps no records."""
    if run["input"]["records"]["judged"] and not run["records"]:
        raise InputError(
            f"the run as of {day_text(run['as_of'])} keeps no records, so nobody can tell which of "
            "them this one has too. Give a bundle of that run with its records"
        )


def records_published_twice(kind: str, now: RunBundle, before: RunBundle) -> int:
    """How many records of a kind two publications would both describe, and differently.

    0 where their ids are equal, and so are the counts of every rule that both ask.
    """
    own, others = _ids(kind, now), _ids(kind, before)
    then = alike(now["rules"], before["rules"])
    changed = any(
        rule["record"] == kind and then.get(rule["id"], rule)["totals"] != rule["totals"]
        for rule in now["rules"]
    )
    return len(own & others) if own != others or changed else 0


def _ids(kind: str, run: RunBundle) -> set[str]:
    """What the ids of the records look like: those that look alike may be of one."""
    return {skeleton(record["id"]) for record in run["records"] if record["kind"] == kind}


def alike(rules: Iterable[RuleInfo], others: Sequence[RuleInfo]) -> dict[str, RuleInfo]:
    """For each rule, by its id, the rule of another run that asks the same, or has the same id."""
    by_id = {rule["id"]: rule for rule in others}
    by_meaning = {meaning: rule for rule in others if (meaning := rule.get("meaning"))}
    found: dict[str, RuleInfo] = {}
    for rule in rules:
        same, meaning = by_id.get(rule["id"]), rule.get("meaning") or ""
        if same is None or same.get("meaning") != meaning:
            same = by_meaning.get(meaning, same)
        if same is not None and same["record"] == rule["record"]:
            found[rule["id"]] = same
    return found
