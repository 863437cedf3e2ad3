"""What publications show together: their records are laid over each other.

Whoever subtracts one publication from another sees the records that only one of them has. So every
region of the overlay that is not empty must hold enough of them. A record whose findings have
changed is another record: what changed could be seen just so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from scr_audit.documents.run import RuleInfo, RunBundle
from scr_audit.errors import InputError, listed
from scr_audit.records.ids import skeleton
from scr_audit.report.wording import day_text
from scr_audit.values.text import counted

LEAST_RECORDS = 20
Outcomes = dict[str, Counter[str]]
"""Of one record: by rule, how many units have which outcome."""
Record = tuple[str, frozenset[tuple[str, frozenset[tuple[str, int]]]]]
"""What an id looks like, and what was found of it."""
Records = frozenset[Record]


class Held(NamedTuple):
    """Rules of one kind that stand in the same runs, and what each of these has of them.

    The rules are named as in the last run, and by the number of each run stand its own of them.
    """

    kind: str
    rules: dict[int, dict[str, RuleInfo]]
    records: dict[int, Records]


def laid_over(runs: Sequence[RunBundle], published: Sequence[Collection[str]]) -> list[Held]:
    """The records of publications, the last of which is to be made, laid over each other.

    `published` are the kinds of record that each of them shows. Rules that stand in the same
    publications, under whatever id, are looked at together, since only what two print alike can be
    subtracted. Ids that look alike may be of one record, and are taken for it. Raises `InputError`.
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
            kind, rules, {at: _of_rules(found[at].get(kind, {}), own) for at, own in rules.items()}
        )
        for kind, rules in _grouped(runs, published)
    ]


def alike(rules: Iterable[RuleInfo], others: Sequence[RuleInfo]) -> dict[str, RuleInfo]:
    """By the id of each rule the one of another run that asks the same, else that has the id."""
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


def _of_rules(found: Mapping[str, Outcomes], rules: Mapping[str, RuleInfo]) -> Records:
    own = [(name, rule["id"]) for name, rule in rules.items()]
    return frozenset(
        (
            skeleton(record),
            frozenset(
                (name, frozenset(by_rule[id_].items())) for name, id_ in own if id_ in by_rule
            ),
        )
        for record, by_rule in found.items()
    )


def _grouped(
    runs: Sequence[RunBundle], published: Sequence[Collection[str]]
) -> Iterator[tuple[str, dict[int, dict[str, RuleInfo]]]]:
    """The rules that the last run prints, by the kind they judge and the runs that print them."""
    printed = [
        alike(runs[-1]["rules"], [rule for rule in run["rules"] if rule["record"] in kinds])
        for run, kinds in zip(runs, published, strict=True)
    ]
    groups: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for name, rule in printed[-1].items():
        holders = tuple(at for at, rules in enumerate(printed) if name in rules)
        groups.setdefault((rule["record"], holders), []).append(name)
    for (kind, holders), names in groups.items():
        yield kind, {at: {name: printed[at][name] for name in names} for at in holders}


def _records(run: RunBundle) -> dict[str, dict[str, Outcomes]]:
    """By kind and id, what was found of each record."""
    kinds = {rule["id"]: rule["record"] for rule in run["rules"]}
    found: dict[str, dict[str, Outcomes]] = {}
    for record in run["records"]:
        found.setdefault(record["kind"], {})[record["id"]] = {}
    for finding in run["findings"]:
        by_rule = found[kinds[finding["rule"]]][finding["record"]]
        by_rule.setdefault(finding["rule"], Counter())[finding["outcome"]] += 1
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
