"""What a sample can show, in words."""

from __future__ import annotations

import re

import pytest
from statsmodels.stats.proportion import proportion_confint

from scr_audit.sampling.random_draw import sample_sentences

INDEPENDENT = (
    "All this counts one unit a record. Several units of one record say less than as many of "
    "different records, since they are not independent."
)


def test_what_twenty_records_can_show_is_said_in_words() -> None:
    assert sample_sentences(20, 0.7) == [
        "If all of 20 units are met, at least 83% is shown, at 95%.",
        "If 14 of 20 are met, the 95% interval runs from 48% to 85%.",
        "It cannot show that a standard of 90% is reached: that takes 35 units, all met.",
        "A fall from 90% to 70% between two such samples is noticed with a chance of 24%, at 95%.",
        INDEPENDENT,
    ]


@pytest.mark.parametrize(("standard", "units"), [(0.7, 9), (0.8, 16), (0.9, 35), (0.95, 73)])
def test_the_units_that_show_a_standard_are_those_of_the_tables(
    standard: float, units: int
) -> None:
    for size, reaches in ((units - 1, "cannot"), (units, "can")):
        said = sample_sentences(size, 0.5, standards=[standard])
        assert said[2] == (
            f"It {reaches} show that a standard of {standard:.0%} is reached: that takes {units} "
            "units, all met."
        )


def test_a_standard_of_always_is_no_question_of_numbers() -> None:
    assert sample_sentences(20, 0.7, standards=[1.0])[2] == (
        "A standard of always is not estimated: one unit that is not met is below it, and what was "
        "not drawn stays unknown."
    )


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("size", [1, 5, 20, 155])
def test_the_limits_are_those_of_another_library_and_never_rounded_up(
    size: int, confidence: float
) -> None:
    first, second, *_ = sample_sentences(size, 0.7, confidence=confidence)
    least, _ = proportion_confint(size, size, alpha=1 - confidence, method="wilson")
    said = int(re.search(r"at least (\d+)%", first)[1]) / 100
    assert least - 0.01 < said <= least
    met = int(re.search(r"If (\d+) of", second)[1])
    low, high = proportion_confint(met, size, alpha=1 - confidence, method="wilson")
    assert second.endswith(f"the {confidence:.0%} interval runs from {low:.0%} to {high:.0%}.")


@pytest.mark.parametrize(
    ("size", "chance"), [(1, "under 1%"), (8, "3%"), (20, "24%"), (50, "64%"), (400, "over 99%")]
)
def test_the_chance_to_notice_a_fall_is_said_and_never_as_none_or_certain(
    size: int, chance: str
) -> None:
    assert f"is noticed with a chance of {chance}, at 95%." in sample_sentences(size, 0.7)[3]
