"""A line may begin with a parameter of words, to choose between ways of counting."""

from __future__ import annotations

from datetime import date

import pytest

from scr_audit.errors import Place
from scr_audit.language import conditions
from scr_audit.language.conditions import Constant, ParameterUse
from scr_audit.language.line import LineError, parse_line
from scr_audit.language.resolve import Scope, resolve_test
from scr_audit.language.rule import Parameter, ParameterValue
from scr_audit.language.types import FactType, Kind

ALWAYS = Parameter("clock", "Clock", (ParameterValue("late"),))
DATED = Parameter(
    "dated", "Dated", (ParameterValue("early", date(2010, 1, 1)), ParameterValue("late"))
)
NUMBER = Parameter("days", "Days", (ParameterValue(3),))
NAMES = Scope(FactType(Kind.OBJECT), {"clock": ALWAYS, "dated": DATED, "days": NUMBER})


def resolved(text: str) -> conditions.Test:
    found = resolve_test(NAMES, parse_line(text), Place("a", 1, 1), text)
    assert isinstance(found, conditions.Test)
    return found


def test_a_parameter_with_one_value_is_that_value() -> None:
    assert resolved("{clock} is late").operands == (Constant("late"), Constant("late"))
    assert resolved("{clock} is one of early, 'late'").operands[1] == Constant(("early", "late"))


def test_a_parameter_with_effective_dates_is_looked_up() -> None:
    assert resolved("{dated} is not early").operands[0] == ParameterUse("dated")


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        (
            "{clock} at least 3",
            0,
            "after a parameter stands is, is not, is one of or is not one of",
        ),
        ("{clock}", 0, "after a parameter stands is, is not, is one of or is not one of"),
        ("{clok} is late", 0, "unknown parameter 'clok'. Did you mean 'clock'?"),
        ("{clock} is 3", 11, "a word or a text is expected, not 3"),
        ("{days} is late", 0, "parameter 'days' has the value 3; expected a text"),
    ],
)
def test_other_lines_about_parameters_are_refused(text: str, offset: int, message: str) -> None:
    with pytest.raises(LineError) as caught:
        resolved(text)
    assert (caught.value.offset, caught.value.message) == (offset, message)
