"""Which records an audit plan is about: its filter, in the rule language."""

from __future__ import annotations

from collections.abc import Sequence

from scr_audit.errors import Place, Problem, did_you_mean, listed
from scr_audit.language.check import Checker, Reporter
from scr_audit.language.conditions import (
    AS_OF,
    Condition,
    Criterion,
    Fact,
    Rule,
    Test,
    parameter_names,
)
from scr_audit.language.line import LineError
from scr_audit.language.operators import OPERATORS
from scr_audit.language.resolve import Names, resolve_fact
from scr_audit.language.settled import settled
from scr_audit.language.types import Kind
from scr_audit.packs.pack import Pack, Population, RecordKind
from scr_audit.packs.plan import AuditPlan
from scr_audit.packs.yaml_source import Path
from scr_audit.values.calendar import calendar_named

_PLAIN = (Kind.BOOLEAN, Kind.INTEGER, Kind.TEXT, Kind.CHOICE)


def population(pack: Pack, plan: AuditPlan) -> tuple[Population, list[Problem]]:
    """The records that the plan judges, or all of the plan's kind, and what is wrong with it."""
    kind, problems = _kind(pack, plan)
    if plan.records is None or problems:
        return Population(kind.name), problems
    path: Path = ("records", "where")
    document = plan.document

    def problem(place: Place, message: str) -> None:
        problems.append(document.problem(place, message))

    reporter = Reporter(
        problem,
        lambda *_: None,
        document.place,
        document.key_place,
        document.inside,
        document.ends_at_comma,
    )
    names = Names(kind.type, pack.parameters, calendar=calendar_named(pack.calendar))
    asked = Checker(reporter, {}).condition(plan.records.where, path, names)
    if asked is None:
        return Population(kind.name), problems
    place = document.place(path)
    if settled(asked) is not None:
        always = "lets every record in" if settled(asked) else "keeps every record out"
        problem(place, f"the filter {always}")
    for name in sorted({*parameter_names(asked)} - {AS_OF}):
        if not pack.parameters[name].constant:
            problem(
                place,
                f"the parameter '{name}' has effective dates, and a filter has no event to date it",
            )
    return Population(kind.name, _question(kind, asked)), problems


def _kind(pack: Pack, plan: AuditPlan) -> tuple[RecordKind, list[Problem]]:
    first = next(iter(pack.kinds.values()))
    wanted = None if plan.records is None else plan.records.kind
    if wanted is None or wanted in pack.kinds:
        return (first if wanted is None else pack.kinds[wanted]), []
    message = (
        f"there is no record kind '{wanted}'.{did_you_mean(wanted, pack.kinds)} "
        f"Kinds: {listed(pack.kinds)}."
    )
    place = plan.document.place(("records", "kind"))
    return first, [plan.document.problem(place, message)]


def _question(kind: RecordKind, asked: Condition) -> Rule:
    """A rule that applies to the records that the filter lets in, and is met by all of them."""
    has_id = Test(OPERATORS["is recorded"], (Fact("", ("id",), kind.type.fields["id"]),))
    return Rule(
        id="population", title="", paragraph="", see=(), kind=kind.name, loops=(), where=None,
        applies_when=asked, require=(Criterion("recorded", has_id),), except_when=(),
        in_force_on=None, severity="low", advice="", unit=kind.name, units=kind.plural,
    )  # fmt: skip


def strata_facts(
    pack: Pack, plan: AuditPlan, names: Sequence[str]
) -> tuple[list[Fact], list[Problem]]:
    """The facts of a record that divide records into strata, and what is wrong with the names."""
    told = None if plan.sample is None else plan.sample.strata
    facts: list[Fact] = []
    problems: list[Problem] = []
    for index, name in enumerate(names):
        path: Path = ("sample", "strata") if told == name else ("sample", "strata", index)
        fact, wrong = _record_fact(pack, plan, name, path)
        problems += wrong
        facts += [] if fact is None else [fact]
    return facts, problems


def _record_fact(
    pack: Pack, plan: AuditPlan, text: str, path: Path
) -> tuple[Fact | None, list[Problem]]:
    kind, _ = _kind(pack, plan)
    document = plan.document
    first, _, rest = text.partition(".")
    if rest and first in kind.type.fields and kind.type.fields[first].type.kind is Kind.LIST:
        message = f"'{first}' is a list; strata need a fact of the record itself"
        return None, [document.problem(document.place(path), message)]
    try:
        fact = resolve_fact(Names(kind.type, pack.parameters), text, 0)
    except LineError as error:
        return None, [document.problem(document.inside(path, error.offset), error.message)]
    if fact.type.kind in _PLAIN:
        return fact, []
    message = (
        f"'{text}' is {fact.type.kind.value}; strata need a choice, a text, a whole number or a "
        "yes/no fact"
    )
    return None, [document.problem(document.place(path), message)]
