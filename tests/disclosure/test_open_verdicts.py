"""What a board document says of an action follows from its printed counts, and from all of them."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scr_audit.disclosure import Profile
from scr_audit.disclosure.open_verdicts import only_verdict, verdict_of

MOST, LARGEST = 10, 34  # of each count; and of those counted out, above any that a sum allows
counts = st.integers(0, MOST)
targets = st.sampled_from([0.05, 0.3, 0.5, 0.7, 0.9, 0.99, 1.0])
profiles = st.builds(
    lambda threshold, base, zero: profile(threshold, base=min(threshold, base), mask_zero=zero),
    st.integers(2, 10),
    st.sampled_from([1, 2, 5]),
    st.booleans(),
)


def profile(threshold: int, *, base: int = 1, mask_zero: bool = False) -> Profile:
    return Profile(
        id="ours", title="Ours", threshold=threshold, rounding_base=base, mask_zero=mask_zero,
        source="invented", explanation="invented",
    )  # fmt: skip


def printed(shown: tuple[int | None, ...]) -> dict[str, object]:
    met, not_met, silent, judged = shown
    totals = {"met": met, "not_met": not_met, "not_evidenced": silent}
    return {"totals": totals, "rates": {"judged": judged}}


def fits(count: int, shown: int | None, by: Profile) -> bool:
    least, most = by.behind(shown)
    return least <= count and (most is None or count <= most)


def verdicts(shown: tuple[int | None, ...], by: Profile, target: float) -> set[str]:
    """The verdicts of all counts up to a limit that fit what is printed."""
    within = [
        [count for count in range(LARGEST + 1) if fits(count, each, by)] for each in shown[:3]
    ]
    return {
        verdict_of(*each, target=target)
        for each in product(*within)
        if fits(sum(each), shown[3], by)
    }


@given(st.tuples(counts, counts, counts), st.tuples(*[st.booleans()] * 4), profiles, targets)
def test_a_verdict_is_told_just_where_all_counts_give_it(
    true: tuple[int, int, int], masked: tuple[bool, ...], by: Profile, target: float
) -> None:
    whole = (*true, sum(true))
    shown = tuple(
        None if by.hides(count) or (hide and (count or by.mask_zero)) else by.shown(count)
        for count, hide in zip(whole, masked, strict=True)
    )
    told = only_verdict(printed(shown), target, by)
    if told is not None:
        assert told == verdict_of(*true, target=target)
        assert verdicts(shown, by, target) == {told}
    elif shown[3] is not None:  # else some counts that differ may lie beyond those counted out
        assert len(verdicts(shown, by, target)) > 1


@pytest.mark.parametrize(
    ("shown", "target", "told"),
    [
        ((43, 0, 0, 43), 0.9, "worked"),
        ((43, 0, 0, 43), 1.0, "worked"),
        ((40, None, 0, None), 1.0, "not_yet"),  # masked is never 0 in this profile
        ((None, 20, 0, None), 0.9, None),
        ((None, None, 0, 43), 0.9, None),
        ((None, None, None, None), 0.05, None),
        ((0, 0, 0, 0), 0.9, "cannot_tell"),
    ],
)
def test_the_printed_counts_settle_it_or_leave_it_open(
    shown: tuple[int | None, ...], target: float, told: str | None
) -> None:
    assert only_verdict(printed(shown), target, profile(5)) == told
