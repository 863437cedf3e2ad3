"""pandas: the ten rules over tables made from the same records.

What it does: it unfolds the nested lists into rows by `explode`, takes the facts out of the nested
objects in Python, and judges columns in the three-valued logic of the nullable `boolean` type. What
it does not: check a record against a schema, know working days, say which test failed or which fact
was missing. It holds every record in memory at once.
"""

import json
from collections.abc import Callable
from typing import Any

from benchmarks.ten_rules import Counts, ten_rules


def pandas(lines: list[bytes]) -> Callable[[], Counts]:
    """Prepare pandas: `json.loads`, the tables and the rules are all in the time."""
    rules = [rule.id for rule in ten_rules()]

    def run() -> Counts:
        found = {}
        passes = _passes([json.loads(line) for line in lines])
        for rule, units in zip(rules, passes, strict=True):
            met, not_met = int(units.sum()), int((~units).sum())
            found[rule] = (met, not_met, len(units) - met - not_met)
        return found

    return run


def _passes(records: list[dict[str, Any]]) -> list[Any]:
    """Give a nullable yes/no column for each rule, with a row for each unit."""
    import pandas as pd

    cases = pd.DataFrame(records)

    def items(column: Any) -> Any:
        """Unfold a list into its items; None where it is not recorded, nothing where empty."""
        kept = [not isinstance(each, list) or bool(each) for each in column]
        return column[kept].explode()

    def fact(column: Any, path: str) -> list[Any]:
        found: list[Any] = column.tolist()
        for name in path.split("."):
            found = [each.get(name) if isinstance(each, dict) else None for each in found]
        return found

    def yes(column: Any, path: str) -> Any:
        return pd.Series(fact(column, path), dtype="boolean")

    def word(column: Any, path: str) -> Any:
        return pd.Series(fact(column, path), dtype="string")

    def same(first: Any, second: Any) -> Any:
        return (first == second).astype("boolean")

    def moment(column: Any, path: str) -> Any:
        return pd.to_datetime(pd.Series(fact(column, path), dtype="string"))

    def within(start: Any, end: Any, longest: str) -> Any:
        lag = end - start
        inside = ((lag >= pd.Timedelta(0)) & (lag <= pd.Timedelta(longest))).astype("boolean")
        return inside.mask(lag.isna())

    def scoped(scope: Any, test: Any) -> Any:
        """Keep the units in scope; where that is not known, neither is whether they pass."""
        return test.mask(scope.isna())[scope.fillna(True)]

    def any_of(lists: Any, test: Callable[[Any], Any]) -> Any:
        """Say whether any item of each list passes: false for none, unknown if not known."""
        numbered = lists.reset_index(drop=True)
        each = numbered.explode()
        passes = test(each).set_axis(each.index)
        some = passes.fillna(False).groupby(level=0).any()
        unknown = passes.isna().groupby(level=0).any()
        empty = pd.Series([isinstance(found, list) and not found for found in numbered])
        return some.astype("boolean").mask(unknown & ~some & ~empty)

    conferences, plans = items(cases["conferences"]), items(cases["plans"])
    actions = items(pd.Series(fact(plans, "actions")))
    incidents, referrals = items(cases["incidents"]), items(cases["referrals"])
    missed = items(cases["missed_appointments"])
    enquiries, injuries = items(cases["section_47_enquiries"]), items(cases["injuries"])
    with_bail = [
        not isinstance(each, dict) or each.get("bail") is not None for each in conferences.tolist()
    ]
    bailed = conferences[with_bail]
    return [
        yes(bailed, "bail.conditions_recorded")
        & yes(bailed, "bail.purpose_clarified")
        & yes(bailed, "bail.scrutinised_by_members")
        & yes(bailed, "bail.scrutinised_by_chair"),
        yes(actions, "owner_named"),
        any_of(
            pd.Series(fact(conferences, "professionals")),
            lambda each: same(word(each, "agency"), "general_practice") & yes(each, "invited"),
        ),
        scoped(
            same(word(incidents, "type"), "domestic_abuse"),
            yes(incidents, "strategy_discussion.held")
            & within(
                moment(incidents, "date"), moment(incidents, "strategy_discussion.date"), "3D"
            ),
        ),
        any_of(cases["visits"], lambda each: yes(each, "unplanned")),
        yes(missed, "followed_up") & same(word(missed, "followed_up_on"), word(missed, "date")),
        scoped(
            yes(referrals, "made_by_telephone"),
            yes(referrals, "followed_up_in_writing")
            & within(moment(referrals, "made_at"), moment(referrals, "written_at"), "48h"),
        ),
        yes(actions, "specific.value")
        & yes(actions, "outcome_stated")
        & yes(actions, "measure_stated")
        & yes(actions, "achievable.value")
        & yes(actions, "realistic.value")
        & yes(actions, "due_date_stated"),
        scoped(
            same(word(enquiries, "outcome"), "initial_conference"),
            within(
                moment(enquiries, "strategy_discussion_date"),
                moment(enquiries, "conference_date"),
                "21D",
            ),
        ),
        scoped(
            yes(injuries, "pre_mobile"),
            yes(injuries, "history_taken")
            & yes(injuries, "referred_to_paediatrician")
            & yes(injuries, "reported_to_social_care")
            & yes(injuries, "explanation.tested"),
        ),
    ]
