"""Names and types: from the words of a line to facts, constants and parameters.

Every function gives a typed value or raises `LineError` with the offset of the word that is
wrong, what was expected and the nearest known name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf
from unicodedata import normalize

from scr_audit.errors import Place, did_you_mean, listed
from scr_audit.language.conditions import (
    AUDIT_DAY,
    All,
    Condition,
    Constant,
    DayOf,
    Fact,
    Operand,
    ParameterUse,
    Test,
)
from scr_audit.language.line import Line, LineError, Token
from scr_audit.language.operators import BY_THE_CLOCK, OPERATORS, Operator, comparable
from scr_audit.language.rule import Parameter
from scr_audit.language.types import (
    DATES,
    NUMBERS,
    WORDS,
    FactType,
    Field,
    Kind,
    Value,
    asked_within,
)
from scr_audit.values.calendar import Calendar
from scr_audit.values.imprecise import Imprecise, parse_date
from scr_audit.values.text import normal_text

MOST_DIGITS = 30
MOST_SHARE = 100
MOST_AMOUNT = 10**12  # by which numbers differ, or which they come to
LONGEST_SPAN = 36_500  # hours, days, weeks, months: keeps every date that is reached a date
OF_LISTS = (
    ". How many items it has is asked with count:, what is in it with 'includes', some:, every: or "
    "none:"
)
_YES_NO = {"yes": True, "no": False, "true": True, "false": False}


@dataclass(frozen=True)
class Scope:
    """What the words of a condition may refer to where it stands.

    `record` is the record's own type; `variables` the items that loops and quantifiers have
    named so far; `definitions` the named conditions, known here only by name. `calendar` is that
    of the pack, by which working days are counted. `words` has the variables that stand for words,
    each as a fact.
    """

    record: FactType
    parameters: Mapping[str, Parameter]
    variables: Mapping[str, FactType] = field(default_factory=dict)
    definitions: frozenset[str] = frozenset()
    calendar: Calendar | None = None
    words: Mapping[str, Field] = field(default_factory=dict)

    def binding(self, variable: str, item: FactType, items: Field | None = None) -> Scope:
        """The same names and one more variable, for an item of a list."""
        variables = {**self.variables, variable: item}
        if items is None or item.kind is Kind.OBJECT:
            return replace(self, variables=variables)
        words = {**self.words, variable: replace(items, type=item)}
        return replace(self, variables=variables, words=words)

    def starts(self) -> list[str]:
        """Every word that a path may begin with."""
        return [*self.variables, *self.record.fields]


def resolve_fact(names: Scope, text: str, offset: int) -> Fact:
    """The fact that a dotted path names."""
    first, *rest = text.split(".")
    variable = first if first in names.variables else ""
    steps = rest if variable else [first, *rest]
    owner = names.variables[first] if variable else names.record
    if variable in names.words:
        if steps:
            kind = owner.kind.value
            raise LineError(offset + len(first) + 1, f"'{first}' is {kind} and has no '{steps[0]}'")
        return Fact(variable, (), names.words[variable])
    if variable and not steps:
        raise LineError(
            offset, f"'{first}' is a whole {owner.name or 'item'}; name one of its facts"
        )
    if not variable and first not in names.record.fields:
        of_items = (each for each, item in names.variables.items() if first in item.fields)
        if rest and first == names.record.name.replace(" ", "_"):
            message = f"found '{first}.'; a fact of the record stands without its kind"
            raise LineError(offset, f"{message}. Write: {'.'.join(rest)}")
        if first in names.definitions:
            raise LineError(offset, f"'{first}' is a definition and stands alone on its line")
        known = [*names.starts(), *names.definitions]
        hint = next((f" Did you mean '{each}.{text}'?" for each in of_items), "")
        raise LineError(offset, f"unknown fact '{first}'.{hint or did_you_mean(first, known)}")
    found: Field | None = None
    at = offset + (len(first) + 1 if variable else 0)
    for step in steps:
        if found is not None:
            owner = _owner(found, step, at)
        if step not in owner.fields:
            of = f" of {owner.name}" if owner.name else ""
            hint = did_you_mean(step, owner.fields) or f" It has {listed(owner.fields)}."
            raise LineError(at, f"unknown fact '{step}'{of}.{hint}")
        inner = owner.fields[step]
        found = inner if found is None else asked_within(found, inner)
        at += len(step) + 1
    assert found is not None
    return Fact(variable, tuple(steps), found)


def _owner(found: Field, step: str, offset: int) -> FactType:
    if found.type.kind is Kind.OBJECT:
        return found.type
    if found.type.kind is Kind.LIST:
        raise LineError(
            offset,
            f"'{found.name}' is a list; reach '{step}' with some:, every:, none: or count:",
        )
    raise LineError(offset, f"'{found.name}' is {found.type.kind.value} and has no '{step}'")


def resolve_test(names: Scope, line: Line, place: Place, text: str) -> Condition:
    """The checked condition of a line whose subject is a fact or a parameter."""
    operator = line.operator
    if line.subject.kind == "parameter":
        return _parameter_test(names, line, place, text)
    subject = resolve_fact(names, line.subject.text, line.subject.offset)
    _check_subject(operator, subject, line.subject)
    if operator.period:
        return _period(names, operator, subject, line.objects[0], place)
    values: list[Operand] = [subject]
    if operator.objects == "many":
        values.append(_members(names, operator, subject, line.objects))
    elif operator.objects == "one":
        values.append(_object(names, operator, subject, line.objects[0]))
    if line.number is not None:
        most = LONGEST_SPAN if operator.unit else MOST_AMOUNT
        values.append(resolve_number(names, line.number, whole=operator.whole, most=most))
    if operator.needs_calendar:
        values.append(Constant(names.calendar))
    return Test(operator, _same_precision(operator, values), place, text)


def _parameter_test(names: Scope, line: Line, place: Place, text: str) -> Condition:
    """A line about a parameter of words: which of several ways of counting is in force."""
    operator, token = line.operator, line.subject
    of_words = [e for e in OPERATORS.values() if e.subjects >= WORDS and not e.takes_unknown]
    if operator not in of_words:
        known = listed([entry.name for entry in of_words], last="or")
        raise LineError(token.offset, f"after a parameter stands {known}")
    wanted = FactType(Kind.TEXT)
    subject = _parameter(names, token, wanted)
    for member in line.objects:
        if member.kind not in ("word", "text"):
            raise LineError(member.offset, f"a word or a text is expected, not {member.text}")
    words = tuple(member.value for member in line.objects)
    value = words if operator.objects == "many" else words[0]
    return Test(operator, (subject, Constant(value)), place, text)


def _check_subject(operator: Operator, subject: Fact, token: Token) -> None:
    kind = subject.type.kind
    if kind in operator.subjects:
        return
    if not operator.name:
        raise LineError(
            token.offset,
            f"'{subject}' is {kind.value}, so an operator is expected after it",
        )
    expected = listed(sorted(k.value for k in operator.subjects), most=20, last="or")
    hint = OF_LISTS if kind is Kind.LIST else ""
    raise LineError(
        token.offset, f"'{operator.name}' needs {expected}; '{subject}' is {kind.value}{hint}"
    )


def _same_precision(operator: Operator, values: list[Operand]) -> tuple[Operand, ...]:
    """Date-times become days wherever one side is a date or the unit is longer than hours."""
    moments = [v for v in values if isinstance(v, Fact) and v.type.kind in DATES]
    if not moments:
        return tuple(values)
    whole_days = operator.by_day or (
        not operator.has_number
        and any(not isinstance(v, Fact) or v.type.kind is Kind.DATE for v in values)
    )
    if not whole_days:
        return tuple(values)
    return tuple(
        DayOf(v) if isinstance(v, Fact) and v.type.kind is Kind.DATETIME else v for v in values
    )


def _period(
    names: Scope, operator: Operator, subject: Fact, token: Token, place: Place
) -> Condition:
    """The lines that an operator stands for, each about one date of the group after it."""
    period = resolve_fact(names, token.text, token.offset) if token.kind == "word" else None
    fields = period.type.fields if period is not None else {}
    ends = [fields.get(end) for end, _ in operator.period]
    if period is None or not all(end and end.type.kind in DATES for end in ends):
        dates = listed([f"'{end}'" for end, _ in operator.period])
        raise LineError(
            token.offset, f"'{operator.name}' needs a group of facts with the dates {dates}"
        )
    parts = []
    for end, name in operator.period:
        bound = Fact(period.variable, (*period.steps, end), fields[end])
        line, compares = f"{subject} {name} {bound}", OPERATORS[name]
        parts.append(Test(compares, _same_precision(compares, [subject, bound]), place, line))
    return All(tuple(parts))


def _members(names: Scope, operator: Operator, subject: Fact, tokens: tuple[Token, ...]) -> Operand:
    """The words after `is one of` and its like: written out, or one list parameter."""
    wanted = _compared_type(operator, subject, tokens[0])
    if len(tokens) == 1 and tokens[0].kind == "parameter":
        return _parameter(names, tokens[0], wanted, many=True)
    return Constant(tuple(_literal(operator, wanted, token) for token in tokens))


def _compared_type(operator: Operator, subject: Fact, token: Token) -> FactType:
    wanted = subject.type
    if wanted.kind is not Kind.LIST:
        return wanted
    assert wanted.item is not None
    if wanted.item.kind is Kind.OBJECT:
        needed = "a list of words or numbers"
        raise LineError(token.offset, f"'{operator.name}' needs {needed}; '{subject}' holds groups")
    return wanted.item


def _object(names: Scope, operator: Operator, subject: Fact, token: Token) -> Operand:
    wanted = _compared_type(operator, subject, token)
    if operator.written is not None:
        return _written(operator, token)
    if operator.takes_unknown:
        is_value = token.kind != "word" or token.text in (*wanted.choices, *_YES_NO)
        if is_value and token.text not in names.starts():
            raise LineError(token.offset, f"a fact is expected, which {token.text} is not")
        return _other_fact(names, operator, subject, wanted, token)
    if token.kind == "parameter":
        if operator.unit in BY_THE_CLOCK:
            raise LineError(
                token.offset, f"{operator.unit} need a date and time; {token.text} is a day"
            )
        return _parameter(names, token, wanted)
    if token.kind == "word" and token.text not in wanted.choices:
        constant = _YES_NO.get(token.text) if wanted.kind is Kind.BOOLEAN else None
        if constant is not None:
            return Constant(constant)
        return _other_fact(names, operator, subject, wanted, token)
    return Constant(_literal(operator, wanted, token))


def _written(operator: Operator, token: Token) -> Constant:
    """A text that has to stand in the rule, so that what is wrong with it is known before."""
    if token.kind != "text":
        raise LineError(token.offset, f"'{operator.name}' needs a text in quotes")
    value = normalize("NFC", token.value)
    objection = operator.written and operator.written.objection(value)
    if objection:
        raise LineError(token.offset, objection)
    return Constant(value)


def _other_fact(
    names: Scope, operator: Operator, subject: Fact, wanted: FactType, token: Token
) -> Fact:
    first = token.text.split(".")[0]
    if "." not in token.text and first not in names.starts():
        if wanted.kind is Kind.CHOICE:
            known = [*wanted.choices, *names.starts()]
            hint = did_you_mean(token.text, known) or f" Choices: {listed(wanted.choices)}."
            raise LineError(token.offset, f"'{subject}' is never '{token.text}'.{hint}")
        if wanted.kind is Kind.TEXT:
            raise LineError(token.offset, f"a text stands in quotes: '{token.text}'")
        if wanted.kind is Kind.BOOLEAN:
            hint = did_you_mean(token.text, names.starts())
            what = f"'{subject}' is yes or no, and never '{token.text}'"
            raise LineError(token.offset, f"{what}.{hint}")
    found = resolve_fact(names, token.text, token.offset)
    if wanted.kind is found.type.kind is Kind.CHOICE and not comparable(wanted, found.type):
        raise LineError(token.offset, f"'{subject}' and '{found}' have no choice in common")
    if not comparable(wanted, found.type):
        raise LineError(
            token.offset,
            f"'{subject}' is {wanted.kind.value} and '{found}' is {found.type.describe()}; "
            f"'{operator.name}' cannot compare them",
        )
    if operator.unit in BY_THE_CLOCK and found.type.kind is not Kind.DATETIME:
        raise LineError(token.offset, f"{operator.unit} need a date and time; '{found}' is a date")
    return found


def _literal(operator: Operator, wanted: FactType, token: Token) -> Value:
    kind = wanted.kind
    if kind is Kind.CHOICE and token.kind in ("text", "word"):
        if token.value in wanted.choices:
            return token.value
        hint = did_you_mean(token.value, wanted.choices) or (f" Choices: {listed(wanted.choices)}.")
        raise LineError(token.offset, f"'{token.value}' is not one of the choices.{hint}")
    if kind is Kind.TEXT and token.kind == "text":
        return _text(operator, token)
    if kind is Kind.TEXT and token.kind == "word":
        raise LineError(token.offset, f"a text stands in quotes: '{token.text}'")
    if kind in NUMBERS and token.kind == "number":
        return number_value(token)
    if kind in DATES and token.kind == "date" and operator.unit not in BY_THE_CLOCK:
        return _date_literal(token)
    raise LineError(token.offset, f"{kind.value} cannot be compared with {token.text}")


def _text(operator: Operator, token: Token) -> str:
    """A text as it is compared: without white space around it, which a part of one may have."""
    text = normalize("NFC", token.value) if operator.of_part else normal_text(token.value)
    if not text and operator.of_part:
        message = "nothing stands in this text, so it is a part of every text"
        raise LineError(token.offset, f"{message}; expected 'is recorded', or part of a text")
    # White space around a text is not part of it, so that no text begins or ends with any.
    around = (normal_text(each) for each in (f"x{text}", f"{text}x", f"x{text}x"))
    is_white = operator.of_part and text != text.strip()
    if is_white and not any(operator.test(each, text) for each in around):
        write = operator.around(f"'{text.strip()}'") if text.strip() else "is recorded"
        message = "no text begins or ends with white space, so that this is never so"
        raise LineError(token.offset, f"{message}. Write: {write}")
    if not text:
        message = "a blank text is not recorded; expected 'is recorded' or 'is not recorded'"
        raise LineError(token.offset, message)
    return text


def _date_literal(token: Token) -> Value:
    try:
        value = parse_date(token.text)
    except ValueError as error:
        raise LineError(token.offset, str(error)) from None
    if isinstance(value, Imprecise):
        raise LineError(token.offset, "a rule needs a whole date such as 2010-04-01")
    return value


def number_value(token: Token) -> int | float:
    """The number that a number token writes."""
    if len(token.text) > MOST_DIGITS:
        raise LineError(token.offset, f"a number has at most {MOST_DIGITS} digits")
    return float(token.text) if "." in token.text else int(token.text)


def resolve_number(
    names: Scope, token: Token, *, whole: bool = True, most: float = LONGEST_SPAN
) -> Operand:
    """A number of units or items: written, or a parameter, from 0 to `most`; or a fact."""
    wanted = FactType(Kind.INTEGER if whole else Kind.NUMBER, minimum=0, maximum=most)
    if token.kind == "parameter":
        return _parameter(names, token, wanted)
    if token.kind == "word" and ("." in token.text or did_you_mean(token.text, names.starts())):
        return _limiting_fact(names, token, wanted)
    if token.kind != "number" or not _fits(number_value(token), wanted):
        raise LineError(token.offset, f"expected {_expectation(wanted)}, found {token.text}")
    return Constant(number_value(token))


def _limiting_fact(names: Scope, token: Token, wanted: FactType) -> Fact:
    """A fact in place of a number: one of which no record can have less than 0."""
    fact = resolve_fact(names, token.text, token.offset)
    kind = fact.type.kind
    if kind is not Kind.INTEGER and kind is not wanted.kind:
        expected = f"expected {wanted.kind.value}"
        raise LineError(token.offset, f"{expected}; '{fact}' is {fact.type.describe()}")
    if fact.type.minimum is None or fact.type.minimum < 0:
        raise LineError(
            token.offset,
            f"'{fact}' cannot be the number here, as it may be below 0; add 'minimum: 0' to it in "
            "the record schema",
        )
    if wanted.maximum == MOST_SHARE and (fact.type.maximum or inf) > MOST_SHARE:
        raise LineError(
            token.offset,
            f"'{fact}' may be above {MOST_SHARE}, which is no share; the record schema has to say "
            f"'maximum: {MOST_SHARE}' of it",
        )
    return fact


def _parameter(names: Scope, token: Token, wanted: FactType, *, many: bool = False) -> Operand:
    name = token.value
    if name == AUDIT_DAY and wanted.kind in DATES:
        return ParameterUse(AUDIT_DAY)
    if name == AUDIT_DAY:
        raise LineError(token.offset, f"{{as_of}} is a day; expected {_expectation(wanted)}")
    if name not in names.parameters:
        hint = did_you_mean(name, [*names.parameters, AUDIT_DAY])
        raise LineError(token.offset, f"unknown parameter '{name}'.{hint}")
    parameter = names.parameters[name]
    for entry in parameter.values:
        if isinstance(entry.value, tuple) != many:
            expected = "a list" if many else "one value"
            raise LineError(token.offset, f"parameter '{name}' is not {expected}")
        for value in entry.value if isinstance(entry.value, tuple) else (entry.value,):
            if not _fits(value, wanted):
                raise LineError(
                    token.offset,
                    f"parameter '{name}' has the value {value!s}; expected {_expectation(wanted)}",
                )
    if parameter.constant:
        return Constant(parameter.values[0].value, name)
    return ParameterUse(name)


def _expectation(wanted: FactType) -> str:
    if wanted.choices:
        return f"one of {listed(wanted.choices)}"
    if wanted.maximum is not None:
        return f"{wanted.kind.value} from {wanted.minimum or 0:g} to {wanted.maximum:g}"
    return wanted.kind.value


def _fits(value: Value, wanted: FactType) -> bool:
    if isinstance(value, bool):
        return wanted.kind is Kind.BOOLEAN
    if isinstance(value, int | float):
        low = float("-inf") if wanted.minimum is None else wanted.minimum
        high = float("inf") if wanted.maximum is None else wanted.maximum
        whole = wanted.kind is not Kind.INTEGER or float(value).is_integer()
        return wanted.kind in NUMBERS and low <= value <= high and whole
    if isinstance(value, str):
        return value in wanted.choices if wanted.kind is Kind.CHOICE else wanted.kind is Kind.TEXT
    return wanted.kind in DATES
