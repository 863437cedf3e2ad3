"""What publications show together: their records are laid over each other.

Whoever subtracts one publication from another sees the records that only one of them has. So every
region of the overlay that is not empty must hold enough of them. A record whose findings have
changed is another record: what changed could be seen just so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from scr_audit.documents.run import RunBundle
from scr_audit.errors import InputError, listed
from scr_audit.records.ids import skeleton
from scr_audit.report.wording import day_text
from scr_audit.values.text import counted

LEAST_RECORDS = 20
Outcomes = Counter[tuple[str, str]]
"""Of one record: how many units have which outcome by which rule."""
Record = tuple[str, frozenset[tuple[tuple[str, str], int]]]
"""What an id looks like, and what was found of it."""
Records = frozenset[Record]


class Held(NamedTuple):
    """Rules of one kind that stand in the same runs, and what each of these has of them."""

    kind: str
    rules: frozenset[str]
    records: dict[int, Records]  # by the number of the run


def laid_over(runs: Sequence[RunBundle], published: Sequence[Collection[str]]) -> list[Held]:
    """The records of publications, the last of which is to be made, laid over each other.

    `published` are the kinds of record that each of them shows. Rules that stand in the same
    publications are looked at together, since only what two print alike can be subtracted. Ids that
    look alike may be of one record, and are taken for it. Raises `InputError`.
    """
    for run in runs[:-1]:
        if run["input"]["records"]["judged"] and not run["records"]:
            raise InputError(
                f"the run as of {day_text(run['as_of'])} keeps no records, so nobody can tell "
                "which of them this one has too. Give a bundle of that run with its records"
            )
    found = [_records(run) for run in runs]
    return [
        Held(
            kind, frozenset(rules), {at: _of_rules(found[at].get(kind, {}), rules) for at in those}
        )
        for (kind, those), rules in _grouped(runs, published).items()
    ]


def check_overlap(runs: Sequence[RunBundle], overlay: Sequence[Held]) -> None:
    """Raise `InputError` where they together show fewer records than may be shown alone."""
    for held in overlay:
        seen: dict[Record, list[int]] = {}
        for at, records in held.records.items():
            for record in records:
                seen.setdefault(record, []).append(at)
        for region, number in Counter(map(tuple, seen.values())).items():
            if number < LEAST_RECORDS:
                those = [runs[at] for at in region]
                raise InputError(_refusal(number, held.kind, those, runs[-1]))


def _of_rules(found: Mapping[str, Outcomes], rules: Collection[str]) -> Records:
    return frozenset(
        (skeleton(name), frozenset(each for each in outcomes.items() if each[0][0] in rules))
        for name, outcomes in found.items()
    )


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
