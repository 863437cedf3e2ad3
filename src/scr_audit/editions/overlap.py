"""A record is published once.

Whoever subtracts one publication from another sees what only one of them has: two halves in which
nearly all is met, beside their year, tell how much is not met in each. So the public edition of
records that were published before is made only of all of them together, and tells no other counts
of a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scr_audit.documents.run import RuleInfo, RunBundle
from scr_audit.errors import InputError
from scr_audit.records.ids import skeleton
from scr_audit.report.wording import day_text


def check_kept(run: RunBundle) -> None:
    """Raise `InputError` for a run that was published and keeps no records."""
    if run["input"]["records"]["judged"] and not run["records"]:
        raise InputError(
            f"the run as of {day_text(run['as_of'])} keeps no records, so nobody can tell which of "
            "them this one has too. Give a bundle of that run with its records"
        )


def told_again(kind: str, now: RunBundle, before: RunBundle) -> int:
    """How many records of a kind would be told of again beside an earlier publication of it.

    None where both tell the same of the same, or by other rules, as one publication might.
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
