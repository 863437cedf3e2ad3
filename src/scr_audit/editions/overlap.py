"""What publications show together: their records are laid over each other.

Whoever subtracts one publication from another sees the records that only one of them has. So every
region of the overlay that is not empty must hold enough of them. A record whose findings have
changed is another record: what changed could be seen just so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from scr_audit.documents.run import RunBundle
from scr_audit.errors import InputError, listed
from scr_audit.records.ids import skeleton
from scr_audit.report.wording import day_text
from scr_audit.values.text import counted

LEAST_RECORDS = 20
Outcomes = Counter[tuple[str, str]]
"""Of one record: how many units have which outcome by which rule."""


def check_overlap(
    now: RunBundle, earlier: Sequence[RunBundle], published: Sequence[Collection[str]]
) -> None:
    """Raise `InputError` where publications together show fewer records than may be shown alone.

    `published` are the kinds of record that each of them shows, those of `now` last. Rules that
    stand in the same publications are looked at together, since only what two print alike can be
    subtracted. Ids that look alike may be of one record, and are taken for it.
    """
    runs = [*earlier, now]
    for run in earlier:
        if run["input"]["records"]["judged"] and not run["records"]:
            raise InputError(
                f"the run as of {day_text(run['as_of'])} keeps no records, so nobody can tell "
                "which of them this one has too. Give a bundle of that run with its records"
            )
    records = [_records(run) for run in runs]
    for (kind, holders), rules in _grouped(runs, published).items():
        seen: dict[tuple[str, frozenset[tuple[Any, int]]], list[int]] = {}
        for holder in holders:
            for name, outcomes in records[holder].get(kind, {}).items():
                printed = frozenset(item for item in outcomes.items() if item[0][0] in rules)
                holders_of = seen.setdefault((skeleton(name), printed), [])
                if holder not in holders_of:
                    holders_of.append(holder)
        for region, number in Counter(map(tuple, seen.values())).items():
            if number < LEAST_RECORDS:
                raise InputError(_refusal(number, kind, [runs[holder] for holder in region], now))


def _grouped(
    runs: Sequence[RunBundle], published: Sequence[Collection[str]]
) -> dict[tuple[str, tuple[int, ...]], set[str]]:
    """The rules of the last run by the kind they judge and the runs that print them."""
    found: dict[tuple[str, tuple[int, ...]], set[str]] = {}
    printed = [
        {rule["id"] for rule in run["rules"] if rule["record"] in kinds}
        for run, kinds in zip(runs, published, strict=True)
    ]
    for rule in runs[-1]["rules"]:
        holders = tuple(at for at, rules in enumerate(printed) if rule["id"] in rules)
        found.setdefault((rule["record"], holders), set()).add(rule["id"])
    return found


def _records(run: RunBundle) -> dict[str, dict[str, Outcomes]]:
    """By kind and id, what was found of each record."""
    kinds = {rule["id"]: rule["record"] for rule in run["rules"]}
    found: dict[str, dict[str, Outcomes]] = {}
    for record in run["records"]:
        found.setdefault(record["kind"], {})[record["id"]] = Counter()
    for finding in run["findings"]:
        outcomes = found[kinds[finding["rule"]]][finding["record"]]
        outcomes[finding["rule"], finding["outcome"]] += 1
    return found


def _refusal(number: int, kind: str, region: Sequence[RunBundle], now: RunBundle) -> str:
    named = [
        "this run" if run is now else f"the run as of {day_text(run['as_of'])}" for run in region
    ]
    alone = counted(number, kind.replace("_", " "))
    return (
        f"beside those published before, the public edition would show {alone} alone: "
        f"{'it is' if number == 1 else 'they are'} in {listed(named)} "
        f"and in no other, or with other findings there. At least {LEAST_RECORDS} are needed. "
        "Let them wait for the next period"
    )
