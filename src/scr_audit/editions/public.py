"""The public edition of a run: counts rounded to the nearest 5, small ones never printed.

The method was attacked before it was chosen (`tests/editions/test_attack.py` repeats the attack);
another base or threshold needs the attack again, so both are constants. What shares records with
earlier publications is told in ranges (`ranges.py`). Whatever is printed beside the rounded
counts (shares, order, verdicts, words) follows from them alone. Nothing is counted over several
rules or whole records: where few rules judge 20 records, such a sum can give each away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from scr_audit.documents.editions import (
    EarlierInfo,
    PublicCounts,
    PublicDocument,
    PublicPlan,
    PublicRule,
    RuleInRanges,
    RuleWords,
)
from scr_audit.documents.parts import ParameterInfo
from scr_audit.documents.run import RuleInfo, RunBundle
from scr_audit.editions.overlap import LEAST_RECORDS, Held, alike, check_overlap, laid_over
from scr_audit.editions.ranges import BASE, FEWER_THAN, Line, all_behind, lines, ranges_of
from scr_audit.errors import InputError, listed
from scr_audit.report.sections import plan_period
from scr_audit.report.standings import unit_nouns
from scr_audit.report.wording import value_text
from scr_audit.series.series import kind_of
from scr_audit.stats.shares import against_standard, rates
from scr_audit.values.text import counted

LEAST_FOR_SHARE = 80
SENTENCE = (
    f"Counts are rounded to the nearest {BASE}; “fewer than {FEWER_THAN}” can also mean none; "
    "numbers need not add up. A record that lists none of what a check judges may count once."
)


def public_document(bundle: RunBundle, earlier: Sequence[RunBundle] = ()) -> PublicDocument:
    """The public document of an auditor's run bundle; `earlier` are all published before, in order.

    Raises `InputError` where it may not be made: for identifiable records, fewer than 20 of them,
    or where laying it over an earlier one would show fewer than 20.
    """
    _check_anonymous(bundle)
    kinds = published_kinds(bundle)
    if not kinds:
        raise InputError(_too_few(bundle))
    overlay = laid_over([*earlier, bundle], [*map(published_kinds, earlier), kinds])
    check_overlap([*earlier, bundle], overlay)
    return unchecked_document(bundle, earlier, kinds, overlay)


def unchecked_document(
    bundle: RunBundle,
    earlier: Sequence[RunBundle],
    kinds: Mapping[str, int],
    overlay: Sequence[Held],
) -> PublicDocument:
    """The document of the rules that judge `kinds`, whether or not it may be published."""
    *before, now = lines([*earlier, bundle], overlay)
    rules = [(rule, now[rule["id"]]) for rule in bundle["rules"] if rule["id"] in now]
    pack = bundle["pack"]
    return {
        "format": "scr-audit/public",
        "format_version": 2,
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
            pack["kinds"].get(kind, kind) for kind in _judged_kinds(bundle) if kind not in kinds
        ],
        "set_locally": [
            f"{parameter['title']}: {_in_force(parameter)}"
            for parameter in bundle["parameters"]
            if parameter["overridden"]
        ],
        "rules": sorted(
            (_rule(rule, line.printed) for rule, line in rules if line.printed), key=_order_key
        ),
        "in_ranges": [_in_ranges(rule, line) for rule, line in rules if not line.printed],
        "earlier": _earlier(list(zip(earlier, before, strict=True)), bundle),
    }


def published_kinds(bundle: RunBundle) -> dict[str, int]:
    """The kinds with enough records to publish, each with their number."""
    records = Counter(record["kind"] for record in bundle["records"])
    return {kind: records[kind] for kind in _judged_kinds(bundle) if records[kind] >= LEAST_RECORDS}


def _judged_kinds(bundle: RunBundle) -> list[str]:
    return list(dict.fromkeys(rule["record"] for rule in bundle["rules"]))


def _check_anonymous(bundle: RunBundle) -> None:
    anonymity = bundle.get("anonymity")
    if anonymity is not None and anonymity["allowed"] is not None:
        raise InputError(
            "the public edition is not made of identifiable records. Take the identifiers out "
            "first: anonymise them"
        )


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


def _rule(rule: RuleInfo, counts: PublicCounts) -> PublicRule:
    asked = rule["standard"]
    return {
        **_words(rule),
        **counts,
        "share": share_of(counts),
        "standard": None if asked is None else {
            "share": asked["share"], "verdict": verdict(counts, asked["share"]),
        },
    }  # fmt: skip


def _in_ranges(rule: RuleInfo, line: Line) -> RuleInRanges:
    return {**_words(rule), **ranges_of(line)}


def _words(rule: RuleInfo) -> RuleWords:
    unit, units = unit_nouns(rule)
    return {
        "id": rule["id"],
        "title": rule["title"],
        "recommendation": rule["recommendation"],
        "unit": unit,
        "unit_plural": units,
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


def _earlier(
    published: Sequence[tuple[RunBundle, Mapping[str, Line]]], now: RunBundle
) -> list[EarlierInfo]:
    """Those of the same pack and plan in the order of their days, as they were printed."""
    comparable = [each for each in published if kind_of(each[0]) == kind_of(now)]
    return [
        _as_printed(*each, now["rules"])
        for each in sorted(comparable, key=lambda each: _last_day(each[0]))
    ]


def _as_printed(
    before: RunBundle, lines: Mapping[str, Line], rules: Sequence[RuleInfo]
) -> EarlierInfo:
    """The rules that ask the same today; those that were told in ranges are not repeated."""
    period = plan_period(before)
    then = alike(rules, before["rules"])
    return {
        "as_of": before["as_of"],
        "period": period["text"] if period else None,
        "rules": [
            {"id": rule["id"], **line.printed}
            for rule in rules
            if (line := lines.get(rule["id"])) is not None
            and line.printed is not None
            and then[rule["id"]].get("meaning") == rule.get("meaning")
        ],
    }
