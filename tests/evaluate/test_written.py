"""Sentences that a rule carries itself: when one is said, and what stands in its places."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from worded import judge

RULE = """
for_each: parts as part
where: part.worn
require:
  fitted: part.fitted
  checked:
    some: part.checks as check
    where: check.passed
    that: check.on within 10 days after part.fitted_on
says:
  fitted:
    no:
      - "{part}, fitted on {part.fitted_on}, came off again."
      - "{part} was never fitted to the {model} bicycle."
    unknown: "Nobody wrote down what became of {part}."
  checked:
    no:
      - "{part} was checked {late}."
      - "{part} was due for a check by {due}."
if_none: not_applicable
"""
CHECKED = {"checks": [{"passed": True, "on": "2026-01-05"}]}
LATE = {"checks": [{"passed": True, "on": "2026-01-13"}]}
FITTED = {"fitted": True, "fitted_on": "2026-01-01"}


@pytest.mark.parametrize(
    ("part", "model", "reason"),
    [
        ({**CHECKED, "fitted": False, "fitted_on": "2026-01-01"}, None,
         "The bell, fitted on 1 January 2026, came off again."),
        # The first sentence lacks its day, the second is filled.
        ({**LATE, "fitted": False}, "cargo",
         "The bell was never fitted to the load-carrying bicycle."),
        # No sentence can be filled: the words of the facts.
        ({"fitted": False}, None,
         "The bell was not fitted. Not recorded: “Which checks of the part were made?”"),
        ({**CHECKED, "fitted_on": "2026-01-01"}, None,
         "Nobody wrote down what became of the bell."),
        ({**FITTED, **LATE}, None, "The bell was checked 2 days late."),
        ({**FITTED, "checks": [{"passed": False}]}, None,
         "The bell was due for a check by 11 January 2026."),
        # A criterion that is left open and has no sentence for that.
        ({**FITTED, "checks": [{"passed": True}]}, None,
         "It is not recorded when the first check was made."),
    ],
)  # fmt: skip
def test_the_first_sentence_that_can_be_filled_is_said(
    part: dict[str, Any], model: str | None, reason: str
) -> None:
    record = {"parts": [{"name": "bell", "worn": True, **part}]}
    [finding] = judge(RULE, record | ({"model": model} if model else {}), date(2026, 11, 29))
    assert finding.reason == reason
