"""Sentences of a verdict, made from the traces of its conditions and the words of the schema.

The idea: a condition has its answer because of those of its parts that have the answer, or below a
*not* the opposite one. Following them down the trace ends at lines, and of each line the facts are
told that decided it, in the clause that the schema has for them (`x-says`), or, where it has none,
by the question that the auditor was asked. Statements about one thing become one sentence: *The
bell was not fitted and was not checked.* The cost is one walk over a trace that exists
already, and only for units whose reason is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import assert_never

from msgspec import structs

from scr_audit.evaluate.interpreter import FactRead, Trace, asked_of, named_facts
from scr_audit.evaluate.lateness import due_in_vain, late_facts, lateness
from scr_audit.evaluate.names import (
    Names,
    left_open,
    moment_words,
    on_words,
    one_of,
    value_in_words,
)
from scr_audit.evaluate.parameters import Either
from scr_audit.evaluate.sayings import (
    Saying,
    agreeing,
    clauses,
    counted_items,
    from_to,
    items_noun,
    none_called,
    none_is,
    none_recorded,
    sum_words,
    without_article,
)
from scr_audit.language.conditions import (
    AUDIT_DAY,
    All,
    AnyOf,
    Condition,
    Constant,
    Count,
    DayOf,
    DefinitionUse,
    Fact,
    Not,
    ParameterUse,
    Quantifier,
    ShownOrSaid,
    Test,
    Truth,
    negate,
    only_fact,
)
from scr_audit.language.due import ANOTHER_ITEM, last_day, read_before
from scr_audit.language.operators import Operator
from scr_audit.language.phrases import VALUE, Clause, filled, places_of
from scr_audit.language.types import NUMBERS, FactType, Kind, Value, in_words
from scr_audit.values.imprecise import Imprecise, Moment, as_day, bounds, day_words, is_vague

MOST_STATEMENTS, MOST_SHORTFALLS = 4, 5
_LATE = " late (due by "
_ITEM = re.compile(r".*/\d+(?=/)")  # of a pointer, the innermost item that the fact stands in
_MAY_BE_MORE = ", and there may be more"
MOST_ITEMS = 2  # told one by one, where none is as asked
_NOT_IN_FORCE = "no value of a parameter that the rule uses was in force on the day"
_NO_DAY = "the run was given no day to judge by"
DAYS = (Kind.DATE, Kind.DATETIME)
_WORDS = (Kind.TEXT, Kind.CHOICE)
_NOUNS = {Kind.TEXT: "a text", Kind.LIST: "a list"}  # that are said to be as a rule asks


class Speaker:
    """Says why conditions of one record have their answers.

    `due` is the day by which what never came was due, `unit` the pointer of what is judged.
    `denied`: the condition stands under a `not`, where the rule asks for the contrary.
    """

    def __init__(
        self, names: Names, due: date | None = None, unit: str = "", *, denied: bool = False
    ) -> None:
        self.names = names
        self.due = due
        self.unit = unit
        self.denied = denied

    def why(self, trace: Trace, value: Truth, *, required: bool = False) -> tuple[Saying, ...]:
        """The statements because of which `trace` has `value`.

        Only a line that is `required`, that has to hold and fails the unit, says how late it was.
        """
        asked = (value, required, self.denied, self.due, self.unit)
        return self.names.once(
            trace, asked, lambda: tuple(self._why(trace, value, required=required))
        )

    def _why(self, trace: Trace, value: Truth, *, required: bool) -> Iterator[Saying]:
        condition = trace.condition
        match condition:
            case Test():
                yield from self._line(trace, condition, required=required)
            case Not():
                other = Speaker(self.names, self.due, self.unit, denied=not self.denied)
                yield from other.why(trace.parts[0], negate(value))
            case AnyOf() if (another := _another_item(trace)) is not None:
                yield from self._open_list(trace.parts[0], another, value, required=required)
            case ShownOrSaid() if trace.contradicts_itself:
                yield self._contradiction(trace)
            case ShownOrSaid() if value is None:
                for part in trace.parts[:-1]:  # where nothing shows it, the answer is enough
                    showing = list(self.why(part, None, required=required))
                    yield from showing if any(not each.missing for each in showing) else ()
                yield from self.why(trace.parts[-1], None, required=required)
            case ShownOrSaid() if value is not None and _is_shown_by_a_line(trace, value):
                # The rest says it again.
                yield from self.why(trace.parts[0], value, required=required)
            case AnyOf() if value is False:
                yield from self._shortfall(trace, required=required)
            case AnyOf() if value is True:
                ways = [list(self.why(p, True, required=required)) for p in trace.parts if p.value]
                # One way is enough, best one of which something is recorded.
                yield from next((way for way in ways if any(not e.missing for e in way)), ways[0])
            case All() | AnyOf() | ShownOrSaid() | DefinitionUse():
                for part in trace.parts:
                    if part.value is value:
                        yield from self.why(part, value, required=required)
            case Quantifier():
                yield from self._quantifier(trace, condition, value, required=required)
            case Count():
                yield from self._count(trace, condition)
            case _:
                assert_never(condition)

    def _contradiction(self, trace: Trace) -> Saying:
        """What is shown, and yet the contrary is said, or shown as well."""
        known = [part for part in trace.parts if part.value is not None]
        first = known[0].value
        against, answers = (
            [each for p in known if (p.value is first) is same for each in self.why(p, p.value)]
            for same in (True, False)
        )
        against = [each for each in against if each not in answers] or against
        told = (against, answers)
        shown, said = (clauses([e for e in part if not e.missing] or part) for part in told)
        shown = shown.removeprefix("the record says that ")
        if any(each.predicate in shown for each in answers):  # but of a day to come
            said = f"it says that {said}"
        return Saying(f"the record contradicts itself: {shown}, and yet {said}")

    # one line

    def _line(self, trace: Trace, test: Test, *, required: bool) -> Iterator[Saying]:
        operator = test.operator
        if operator is ANOTHER_ITEM:
            yield self._another_item(trace)
            return
        if operator.waits_for is not None:
            yield self._not_known_if_due(trace, test)
            return
        missing = [use for use in trace.uses if use.value is None]
        if missing and not operator.takes_unknown:
            yield from map(self.not_recorded, missing)
        elif not _facts_in(test):
            yield Saying(_rule_words(test, trace))
            yield from map(self.shown, trace.uses)
        elif operator.words_held is not None and isinstance(
            trace.compared[1], str | int | float | tuple
        ):
            yield self._includes(trace, test)
        else:
            yield from self._shown(trace, test, required=required)

    def _shown(self, trace: Trace, test: Test, *, required: bool) -> Iterator[Saying]:
        """What the facts of a line say, the first with how late it was or what was asked for."""
        late = lateness(test, trace) if required and trace.value is False else ""
        more = late or self._limit(trace, test, required=required)
        if trace.value is None and _not_in_force(test, trace):
            yield Saying(_not_in_force(test, trace))
        told = []
        for use in trace.uses:
            if use.value is None:
                yield self.not_recorded(use)
                continue
            if trace.value is None and is_vague(use.value):
                more = f"{more}{left_open(use.value)}"
            told.append(self.shown(use, more))
            if late:
                break  # the day on which it was due says the rest
            more = ""
        facts = _facts_in(test)
        is_against = 2 <= facts <= len(told) and trace.value is False
        if is_against and not any(each.missing for each in told):
            told[:2] = [Saying(self._against(test, trace, told[0].text, told[1].text))]
        yield from told

    def shown(self, use: FactRead, more: str = "") -> Saying:
        """What is recorded of a fact, and `more` that belongs to it."""
        fact, clause = use.field.type, use.field.says.clause
        if clause is None and fact.group_item is not None:
            if not use.value:
                return none_recorded(use, self.whose(use))
            is_one = len(use.value) == 1
            said = f"there {'is' if is_one else 'are'} {counted_items(use)} on record"
            return Saying(f"{said}{self.whose(use)}", is_bare=True)
        if clause is None:
            return Saying(f"“{use.field.question}” {value_in_words(fact, use.value)}{more}")
        it = self.names.around(use.pointer)
        if fact.kind is Kind.BOOLEAN:
            said = filled(clause.half(use.value), {"it": it})
            denied = "" if use.value else use.pointer
            return Saying(f"{said}{more}", filled(clause.subject, {"it": it}), pointer=denied)
        if fact.kind in DAYS:
            return Saying(f"{filled(clause.yes, {'it': it, 'on': on_words(use.value)})}{more}")
        has = fact.kind is not Kind.LIST or bool(use.value)
        values = {"it": it, VALUE: value_in_words(fact, use.value) if has else "anything"}
        return _with_value(clause, values, use.value, answer=has, more=more)

    def not_recorded(self, use: FactRead) -> Saying:
        """That a fact is not recorded, and which."""
        says, it = use.field.says, {"it": self.names.around(use.pointer)}
        if says.unknown:
            return Saying(filled(says.unknown, it), missing="which", pointer=use.pointer)
        if says.clause is not None and use.field.type.kind is Kind.BOOLEAN:
            clause = says.clause
            said, of = filled(clause.half(True), it), filled(clause.subject, it)
            return Saying(said, of, "whether", pointer=use.pointer)
        if says.clause is not None and use.field.type.kind in DAYS:
            clause_text = says.clause.yes.removesuffix("{on}").rstrip()
            return Saying(f"when {filled(clause_text, it)}", missing="which", pointer=use.pointer)
        return Saying(f"“{use.field.question}”", missing="question", pointer=use.pointer)

    def _includes(self, trace: Trace, test: Test) -> Saying:
        """What of the words that are asked for a list has, or has not."""
        use, wanted = trace.uses[0], trace.compared[1]
        words = list(wanted) if isinstance(wanted, tuple) else [wanted]
        held = [word for word in words if word in use.value]
        has = trace.value is test.operator.words_held
        told = held if has else [word for word in words if word not in held]
        clause = use.field.says.clause
        item = use.field.type.item or use.field.type
        said = one_of([value_in_words(item, word) for word in told], "and" if has else "or")
        if clause is None:
            listed = value_in_words(use.field.type, use.value)
            but = f", not {said}" if use.value and not has else ""
            return Saying(f"“{use.field.question}” {listed}{but}")
        if not has and len(told) > 2 and VALUE not in places_of(clause.subject):
            said = f"any of {said}"
        values = {"it": self.names.around(use.pointer), VALUE: said}
        return _with_value(clause, values, told if has else "", answer=has)

    def _limit(self, trace: Trace, test: Test, *, required: bool) -> str:
        """What a value is held against where the line does not hold, if its clause does not say."""
        operator, facts = test.operator, _facts_in(test)  # not the day of a value in force
        if trace.value is not False or facts != 1 or operator.takes_unknown:
            return ""
        fact, other = trace.uses[0].field.type, (*trace.compared, None)[1]
        if fact.kind in DAYS and operator.spoken and isinstance(other, date | Imprecise):
            is_as_of, day = ParameterUse(AUDIT_DAY) in test.operands, moment_words(other)
            reading = self.names.reading(other)
            held, limit = _comparable(trace.uses[0].value, other)
            if held == limit and held[0] == held[1]:
                when = f", when {reading}" if reading else ", the day of the audit"
                return when if is_as_of else self.wanted(test, trace, day)
            if is_as_of:
                told = f"{day}, when {reading}" if reading else f"the day of the audit ({day})"
                return self._which_first(test, trace, told)
            told = self._which_first(test, trace, day)
            if operator.last_day and operator.direction > 0 and held[0] < limit[0]:
                return f"{told}, the first day that counts"
            return told
        is_amount = fact.kind in (*NUMBERS, Kind.LIST)
        # Words that stand in a clause are written for it, and can stand nowhere else.
        is_bare = fact.kind in _WORDS and trace.uses[0].field.says.clause is None
        is_bare = is_bare and required and not operator.spoken.startswith("not ")
        if is_amount or is_bare or not operator.spoken:
            return self.wanted(test, trace, _objects(operator, fact, other))
        return ""

    def wanted(self, test: Test, trace: Trace, objects: str) -> str:
        """What was asked for in place of what was found; under a `not` that was the contrary."""
        if self.denied:
            return ""
        noun = _NOUNS.get(trace.uses[0].field.type.kind, "one")
        return _asks_for(test.operator.asked_for(objects, _number(test, trace), noun=noun))

    def _against(self, test: Test, trace: Trace, first: str, second: str) -> str:
        """Two facts that are not as asked: which of two days was first, or what was asked for."""
        operator = test.operator
        are_days = all(isinstance(each, date | Imprecise) for each in trace.compared[:2])
        if operator.spoken and are_days:
            return f"{first}{self._which_first(test, trace, second)}"
        is_named = operator.has_number or not (operator.spoken or operator.takes_unknown)
        asked = self.wanted(test, trace, "the other") if is_named else ""
        asked = asked.removesuffix(" of the other") if operator.has_number else asked
        return f"{first}, and {second}{asked}"

    def _which_first(self, test: Test, trace: Trace, second: str) -> str:
        """Whether a day came before or after another, `second`, and by how much less than asked."""
        (one, _), (two, _) = _comparable(*trace.compared[:2])
        operator = test.operator
        if operator.missed and one != two and (one > two) is (operator.direction > 0):
            return f", {operator.said(second, _number(test, trace), words=operator.missed)}"
        asked = (
            "" if operator.last_day or not operator.has_number else self.wanted(test, trace, "it")
        )
        return f", {'after' if one > two else 'before' if one < two else 'and'} {second}{asked}"

    def _another_item(self, trace: Trace) -> Saying:
        _, complete = trace.uses
        return self.not_recorded(complete) if complete.value is None else self.shown(complete)

    def _not_known_if_due(self, trace: Trace, test: Test) -> Saying:
        uses = trace.uses[1:] if isinstance(test.operands[0], Fact) else trace.uses
        known = clauses(
            self.not_recorded(use) if use.value is None else self.shown(use) for use in uses
        )
        _, anchor, *_, today, _ = trace.compared
        if anchor is not None and today is not None and read_before(today, anchor):
            return Saying(
                "the record contradicts itself, so that it cannot be told whether it was due yet: "
                f"it was read {on_words(today)}, before {known}"
            )
        return Saying(f"it cannot be told whether it was due yet: {known}")

    def _shortfall(self, trace: Trace, *, required: bool) -> Iterator[Saying]:
        """Why no alternative holds: *the child was seen, but …* where a circumstance excludes one.

        That one is not recorded, where another was not done, is no shortfall. Of time limits only
        the last one counts that was all that failed an alternative.
        """
        in_force = tuple(part for part in trace.parts if not _is_out_of_force(part))
        trace = structs.replace(trace, parts=in_force or trace.parts)
        told = [
            (part, list(self.why(part, False, required=required))) for part in _that_count(trace)
        ]
        if any(not each.missing for _, said in told for each in said):
            told = [(part, [each for each in said if not each.missing]) for part, said in told]
        usual = _circumstances(trace.condition)
        circumstance, shortfall = (
            [each for part, said in told if (part.condition in usual) is wanted for each in said]
            for wanted in (True, False)
        )
        if len(circumstance) == 1 and len(shortfall) == 1 and not circumstance[0].missing:
            [first], [other] = circumstance, shortfall
            but = other.predicate if other.subject == first.subject else other.text
            yield Saying(f"{first.text}, but {but}", about=(first.subject, other.subject))
        else:
            yield from (*circumstance, *shortfall)

    # lists

    def _open_list(
        self, some: Trace, another: Trace, value: Truth, *, required: bool
    ) -> Iterator[Saying]:
        """Why a list that may lack items has none that fits, or why that is open."""
        told = list(self.why(some, some.value, required=required))
        if value is None and some.value is False:
            complete = another.uses[-1]
            if complete.value is None and told and not told[-1].missing:
                told[-1] = structs.replace(
                    told[-1], predicate=f"{told[-1].predicate}{_MAY_BE_MORE}"
                )
            else:
                told += self.why(another, None)
        yield from told

    def _quantifier(
        self, trace: Trace, asks: Quantifier, value: Truth, *, required: bool
    ) -> Iterator[Saying]:
        if not trace.uses:  # one item: its parts
            for part in trace.parts:
                yield from self.why(part, part.value)
            return
        [use] = trace.uses
        if use.value is None:
            yield self.not_recorded(use)
        elif not use.value:
            yield self._empty(use)
        elif asks.by is not None:
            found = list(self._of_the_one(trace, asks, value, required=required))
            yield from found or [self._absent(trace, asks, required=required)]
        else:
            found = list(self._items(trace, asks, value, required=required))
            is_none = value is (asks.kind == "none") and asks.kind != "every"
            at_once = len(found) > MOST_ITEMS or bool(asks.called)
            late = [each for each in found if _LATE in each.predicate]
            if asks.kind == "some" and late:
                found = late[:1]  # one of them had to come in time
            elif is_none and at_once and asks.where is None:
                found = []  # that none is so is told at once
            yield from found or [self._absent(trace, asks, required=required)]

    def _items(
        self, trace: Trace, asks: Quantifier, value: Truth, *, required: bool
    ) -> Iterator[Saying]:
        """What decided, of the items that were asked about; of those that were not, nothing."""
        for item in trace.parts:
            where, that = item.in_scope, item.that
            if asks.kind == "every":
                decisive = (
                    where is not False and that is not True
                    if value is None
                    else (where is True and that is value)
                )
            else:
                decisive = item.value is (value if asks.kind == "some" else negate(value))
                if item.value is False:
                    decisive = decisive and where is True
            if not decisive:
                continue
            late = required and asks.kind != "none"
            for part in item.parts:
                is_where = asks.that is not None and part is item.parts[0] and bool(asks.where)
                if is_where and (value is not None or part.value is not None):
                    continue
                if value is None and part.value is not None:
                    continue
                yield from self.why(part, part.value, required=late)

    def _of_the_one(
        self, trace: Trace, asks: Quantifier, value: Truth, *, required: bool
    ) -> Iterator[Saying]:
        """What decided of the latest or earliest item, or why it is open which that is."""
        may_be = asked_of(asks, trace.parts)
        if value is not None:
            for item in may_be:
                yield from self.why(item.parts[-1], value, required=required)
            return
        told: list[Saying] = []
        for item in may_be:
            day, that = item.parts[-2:]
            if item.in_scope is None:
                told += self.why(item.parts[0], None)
            if that.value is None:
                told += self.why(that, None)
            held = day.uses[0].value
            if len(may_be) > 1 and held is None:
                told.append(self.not_recorded(day.uses[0]))
            elif len(may_be) > 1 and isinstance(held, Imprecise):
                told.append(self.shown(day.uses[0], left_open(held)))
        if not told:
            noun = items_noun(trace.uses[0])
            told = [Saying(f"it cannot be told which of the {noun} of one day is the {asks.kind}")]
        yield from told

    def _absent(self, trace: Trace, asks: Quantifier, *, required: bool) -> Saying:
        number, whose = counted_items(trace.uses[0]), self.whose(trace.uses[0])
        if asks.where is None and asks.that is None:
            is_one = len(trace.parts) == 1
            return Saying(f"there {'is' if is_one else 'are'} {number} on record{whose}")
        if not asks.called:
            what = "one that this asks about" if asks.kind == "every" else "such a one"
            return none_is(trace.uses[0], what, whose)
        if required and self.due is not None:
            noun = without_article(asks.called)
            return Saying(f"is recorded; one was due by {day_words(self.due)}", f"no {noun}")
        found = none_called(trace.uses[0], asks.called, whose)
        if self.due is None:
            return found
        return structs.replace(
            found, predicate=f"{found.predicate} (one was due by {day_words(self.due)})"
        )

    def _empty(self, use: FactRead) -> Saying:
        """That a list is recorded as empty; of one of words in its own clause, if it has one."""
        is_of_words = use.field.type.group_item is None and use.field.says.clause is not None
        return self.shown(use) if is_of_words else none_recorded(use, self.whose(use))

    def whose(self, use: FactRead) -> str:
        """Whose list it is, where that is an item which is neither the unit nor has the unit in it.

        Of several assessments a reader has to know whose two adults these are.
        """
        owner = _ITEM.match(use.pointer)
        if owner is None or f"{self.unit}/".startswith(f"{owner[0]}/"):
            return ""
        return f" for {self.names.around(owner[0])}"

    def _count(self, trace: Trace, asks: Count) -> Iterator[Saying]:
        use = trace.uses[0]
        if use.value is None:
            yield self.not_recorded(use)
            return
        [wanted] = trace.compared
        if wanted is None and isinstance(asks.number, Fact):
            yield self.not_recorded(trace.uses[-1])
            return
        if not use.value:
            yield self._empty(use)
            return
        numbers = wanted.values if isinstance(wanted, Either) else (wanted,)
        number = (
            "the number in force" if wanted is None else one_of([f"{n:g}" for n in numbers], "or")
        )
        if asks.kind != "count":
            yield from self._amount(trace, asks, number)
            return
        assert trace.bounds is not None
        least, most = trace.bounds
        found = (
            str(least)
            if least == most
            else f"{least} to {most}"
            if least
            else f"at most {'one' if most == 1 else most}"
        )
        who, verb = f"{found} of {counted_items(use)}", "counts" if most == 1 else "count"
        if len(use.value) == 1:
            who = f"the only {counted_items(use).removeprefix('1 ')}"
            verb = "counts" if least else "may count" if most else "does not count"
        what = f"{verb}{asks.called and f' as {asks.called}'}"
        asked = _asks_for(asks.operator.asked_for(number))
        yield Saying(f"{who} listed{self.whose(use)} {what}{asked}")

    def _amount(self, trace: Trace, asks: Count, number: str) -> Iterator[Saying]:
        """What a share or a sum comes to, or which of the items leave open whether it is enough."""
        use = trace.uses[0]
        in_scope = [item for item in trace.parts if item.in_scope is not False]
        if trace.value is None or trace.bounds is None:
            parts = [part for item in in_scope for part in item.parts]
            told = [each for part in parts if part.value is None for each in self.why(part, None)]
            numbers = [each for item in in_scope for each in named_facts(item)]
            told += [self.not_recorded(each.uses[0]) for each in numbers if not each.value]
            what = asks.called or "one that this asks about"
            yield from told or [none_is(use, what, self.whose(use))]
            return
        least, most = trace.bounds
        nouns = counted_items(structs.replace(use, value=in_scope))
        if asks.where is not None:
            what = asks.called or "one that this asks about"
            nouns = f"{nouns} that {'counts' if len(in_scope) == 1 else 'count'} as {what}"
        nouns = f"{nouns}{self.whose(use)}"
        if asks.kind == "sum":
            said = sum_words(only_fact(asks.that), from_to(least, most), f"the {nouns}")
        elif least != most:
            between = from_to(round(least, 1), round(most, 1))
            said = f"{between} per cent of the {nouns} are as asked"
        else:
            held = sum(item.value is True for item in in_scope)
            said = f"{held or 'none'} of the {nouns} {'are' if held > 1 else 'is'} as asked"
            if len(in_scope) == 1:
                nouns = nouns.removeprefix("1 ")
                said = f"the only {nouns} is {'' if held else 'not '}as asked"
        number = f"{number} per cent" if asks.kind == "share" else number
        yield Saying(f"{said}{_asks_for(asks.operator.asked_for(number))}")


def _is_shown_by_a_line(trace: Trace, value: Truth) -> bool:
    """Whether one line alone explains the answer of what is shown, or else said."""
    shown = _unnamed(trace.parts[0])
    return shown.value is value and isinstance(shown.condition, Test)


def _that_count(trace: Trace) -> Iterator[Trace]:
    """The alternatives; where a time limit alone failed some, the last and the others without."""
    dues = [due_in_vain(part) for part in trace.parts]
    last = max((due for due in dues if due is not None), default=None)
    late = {each.pointer for each in late_facts(trace.parts)}
    for part, due in zip(trace.parts, dues, strict=True):
        is_of_late_day = due is None and bool(late.intersection(_subject(part)))
        if is_of_late_day or _says_only_that_it_is_recorded(part, trace):
            continue
        if last is not None and due is None and isinstance(_unnamed(part).condition, All):
            yield from _that_fail(part)
        elif due == last or due is None:
            yield part


def _is_out_of_force(part: Trace) -> bool:
    """Whether an alternative is a way of counting that a parameter did not choose."""
    lines = (each for each in (_unnamed(part), *_unnamed(part).parts) if each.value is False)
    conditions = (each.condition for each in lines)
    return any(isinstance(each, Test) and not _facts_in(each) for each in conditions)


def _subject(part: Trace) -> list[str]:
    """The fact that a line is about."""
    return [use.pointer for use in part.uses[:1]] if isinstance(part.condition, Test) else []


def _says_only_that_it_is_recorded(part: Trace, alternatives: Trace) -> bool:
    """Whether an alternative asks only that a fact is not recorded, and another tells of it."""
    line = part.condition
    if not isinstance(line, Test) or not line.operator.takes_unknown or len(part.uses) != 1:
        return False
    others = (other for other in alternatives.parts if other is not part)
    return any(use.pointer == part.uses[0].pointer for other in others for use in other.all_uses())


def _that_fail(trace: Trace) -> Iterator[Trace]:
    """What fails a conjunction, but for what came too late."""
    for part in _unnamed(trace).parts:
        if part.value is False and due_in_vain(part) is None:
            yield part


def _unnamed(trace: Trace) -> Trace:
    return _unnamed(trace.parts[0]) if isinstance(trace.condition, DefinitionUse) else trace


def _circumstances(condition: Condition) -> list[Condition]:
    """Those of alternatives that ask for no deed but that something is not so, if others do."""
    parts = condition.parts if isinstance(condition, AnyOf) else ()
    found: list[Condition] = [
        part for part in parts if isinstance(part, Not) and isinstance(part.part, Test)
    ]
    return found if len(found) < len(parts) else []


def _objects(operator: Operator, fact: FactType, value: Value) -> str:
    """What stands after an operator, as it is said."""
    words = value if isinstance(value, tuple) else () if value is None else (value,)
    return one_of([value_in_words(fact.item or fact, each) for each in words], operator.joined)


def _asks_for(asked: str) -> str:
    """What was asked for in place of what was found."""
    return f", and the rule asks for {asked}"


def _number(test: Test, trace: Trace) -> str:
    """The N of an operator, as it is said."""
    fact = trace.uses[0].field.type
    return value_in_words(fact, trace.compared[2]) if test.operator.has_number else ""


def _with_value(
    clause: Clause, values: Mapping[str, str], value: Value, *, answer: bool, more: str = ""
) -> Saying:
    """A clause with a value in it; several words that are spoken of go with *were*."""
    said = filled(clause.half(answer), values)
    if isinstance(value, list) and VALUE in places_of(clause.subject):
        said = agreeing(said, len(value))
    return Saying(f"{said}{more}", filled(clause.subject, values))


def _comparable(*moments: Moment) -> list[tuple[date, date]]:
    """The bounds of moments; their days, where one of them is a time and another is not."""
    found = [bounds(moment) for moment in moments]
    if len({isinstance(low, datetime) for low, _ in found}) == 1:
        return found
    return [(as_day(low), as_day(high)) for low, high in found]


def due_of_missing(trace: Trace | None) -> date | None:
    """When what never came was due: by the line that could still hold if it came in time.

    Of alternatives the last day; None where several things were due on several days, and of what
    holds without it.
    """
    if trace is None or trace.value is True:
        return None
    duty = trace.condition.operator.waits_for if isinstance(trace.condition, Test) else None
    if isinstance(trace.condition, Test) and duty is not None:
        _, anchor, number, calendar, *_ = trace.compared
        known = isinstance(anchor, date) and trace.value is False
        if known and isinstance(number, int | float):  # *before* another event sets no day
            return last_day(trace.condition, anchor, number, calendar)
        return None
    days = {day for part in trace.parts if (day := due_of_missing(part)) is not None}
    is_told = len(days) == 1 or isinstance(trace.condition, AnyOf)
    return max(days, default=None) if is_told else None


def _another_item(trace: Trace) -> Trace | None:
    """The line about items that a list may lack, where that is what stands beside the list."""
    last = trace.parts[-1]
    if isinstance(last.condition, All):
        last = last.parts[-1]
    is_it = isinstance(last.condition, Test) and last.condition.operator is ANOTHER_ITEM
    return last if is_it else None


def _facts_in(test: Test) -> int:
    return sum(isinstance(operand, Fact | DayOf) for operand in test.operands)


def _not_in_force(test: Test, trace: Trace) -> str:
    """Why a line cannot be judged though all its facts are recorded; else empty."""
    for operand, value in zip(test.operands, trace.compared, strict=False):
        if isinstance(operand, ParameterUse) and value is None:
            return _NO_DAY if operand.name == AUDIT_DAY else _NOT_IN_FORCE
    return ""


def _rule_words(test: Test, trace: Trace) -> str:
    """What a line about parameters alone says, or why it says nothing."""
    about, [held, wanted] = test.operands[0], map(_plain, trace.compared[:2])
    assert isinstance(about, Constant | ParameterUse)
    said = f"the parameter {in_words(about.name)} is {held}"
    asked = "" if trace.value else _asks_for(test.operator.asked_for(wanted))
    return _not_in_force(test, trace) or f"{said}{asked}"


def _plain(value: Value) -> str:
    """A parameter's value, or the several that it may have, in words."""
    several = value.values if isinstance(value, Either) else value
    words = map(_plain, several) if isinstance(several, tuple) else [str(value)]
    return in_words(one_of(list(words), "or"))


# from statements to sentences


def unshown(trace: Trace) -> Iterator[str]:
    """The facts not recorded that would show what the record says was not done."""
    if trace.value is not False:
        return
    if isinstance(trace.condition, ShownOrSaid) and trace.parts[0].value is None:
        yield from (use.pointer for use in trace.parts[0].all_uses() if use.value is None)
    for part in trace.parts:
        yield from unshown(part)
