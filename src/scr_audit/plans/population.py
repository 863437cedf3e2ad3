"""Which records an audit plan is about: its filter, in the rule language; lists that it dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from scr_audit.errors import Place, Problem, did_you_mean, listed
from scr_audit.language.check import Checker, KeyPath, Reporter
from scr_audit.language.conditions import (
    AS_OF,
    All,
    Condition,
    Criterion,
    Fact,
    Loop,
    Rule,
    Test,
    parameter_names,
)
from scr_audit.language.line import LineError, constant_answer, parse_line
from scr_audit.language.operators import DATES, OPERATORS
from scr_audit.language.resolve import Scope, resolve_fact, resolve_test
from scr_audit.language.types import FactType, Kind
from scr_audit.packs.pack import Pack, Population, RecordKind
from scr_audit.plans.plan import AuditPlan
from scr_audit.values.calendar import calendar_named
from scr_audit.values.period import Period, falling_due_in

_PLAIN = (Kind.BOOLEAN, Kind.INTEGER, Kind.TEXT, Kind.CHOICE)


def population(pack: Pack, plan: AuditPlan) -> tuple[Population, list[Problem]]:
    """The records that the plan judges, or all of the plan's kind, and what is wrong with it."""
    kind, problems = _kind(pack, plan)
    if plan.records is None or problems:
        return Population(kind.name), problems
    path: KeyPath = ("records", "where")
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
    names = Scope(kind.type, pack.parameters, calendar=calendar_named(pack.calendar))
    asked = Checker(reporter, {}).condition(plan.records.where, path, names)
    if asked is None:
        return Population(kind.name), problems
    place = document.place(path)
    if constant_answer(asked) is not None:
        always = "lets every record in" if constant_answer(asked) else "keeps every record out"
        problem(place, f"the filter {always}")
    for name in sorted({*parameter_names(asked)} - {AS_OF}):
        if not pack.parameters[name].constant:
            problem(
                place,
                f"the parameter '{name}' has effective dates, and a filter has no event to date it",
            )
    return Population(kind.name, _filter_rule(kind, asked)), problems


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


def _filter_rule(kind: RecordKind, asked: Condition) -> Rule:
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
    written = None if plan.sample is None else plan.sample.strata
    facts: list[Fact] = []
    problems: list[Problem] = []
    for index, name in enumerate(names):
        path: KeyPath = ("sample", "strata") if written == name else ("sample", "strata", index)
        fact, wrong = _record_fact(pack, plan, name, path)
        problems += wrong
        facts += [] if fact is None else [fact]
    return facts, problems


def _record_fact(
    pack: Pack, plan: AuditPlan, text: str, path: KeyPath
) -> tuple[Fact | None, list[Problem]]:
    kind, _ = _kind(pack, plan)
    document = plan.document
    first, _, rest = text.partition(".")
    if rest and first in kind.type.fields and kind.type.fields[first].type.kind is Kind.LIST:
        message = f"'{first}' is a list; strata need a fact of the record itself"
        return None, [document.problem(document.place(path), message)]
    try:
        fact = resolve_fact(Scope(kind.type, pack.parameters), text, 0)
    except LineError as error:
        return None, [document.problem(document.inside(path, error.offset), error.message)]
    if fact.type.kind in _PLAIN:
        return fact, []
    message = (
        f"'{text}' is {fact.type.kind.value}; strata need a choice, a text, a whole number or a "
        "yes/no fact"
    )
    return None, [document.problem(document.place(path), message)]


@dataclass(frozen=True)
class DatedLists:
    """`dates` gives, for the path of a list in a record, the fact that dates an item of it.

    `falls_due` gives, for a rule, how long after its date an item belongs to a period.
    """

    pack: Pack
    dates: dict[str, str] = field(default_factory=dict)
    falls_due: dict[str, str] = field(default_factory=dict)

    def limit_rule(self, rule: Rule, period: Period) -> Rule:
        """The rule, for which items dated outside the period are no units.

        The innermost list with a date decides. In a period there need not be anything, so what
        the rule says of a record without any such item is not said of it.
        """
        path = self.dating(rule)
        if path is None:
            return rule
        depth, date = list(_paths(rule)).index(path), self.dates[path]
        if rule.id in self.falls_due:
            period = falling_due_in(period, self.falls_due[rule.id])
        before = [replace(loop, if_none="not_applicable") for loop in rule.loops[: depth + 1]]
        within = self._inside(rule, rule.loops[depth], date, period)
        before[-1] = replace(before[-1], within=within)
        return replace(rule, loops=(*before, *rule.loops[depth + 1 :]))

    def dating(self, rule: Rule) -> str | None:
        """The innermost list with a date that the rule walks; None: no period can limit it."""
        return next((path for path in reversed([*_paths(rule)]) if path in self.dates), None)

    def _inside(self, rule: Rule, loop: Loop, date: str, period: Period) -> Condition:
        item = loop.items.type.item
        assert item is not None
        names = Scope(self.pack.kinds[rule.kind].type, {}).binding(loop.variable, item)
        lines = (
            f"{loop.variable}.{date} on or after {period.start}",
            f"{loop.variable}.{date} on or before {period.end}",
        )
        return All(tuple(resolve_test(names, parse_line(line), rule.place, line) for line in lines))


def _paths(rule: Rule) -> Iterator[str]:
    """The path of each list that the rule walks, from the record on."""
    known = {"": ""}
    for loop in rule.loops:
        above = known.get(loop.items.variable, "")
        path = ".".join([*([above] if above else []), *loop.items.steps])
        known[loop.variable] = path
        yield path


def dated_lists(pack: Pack, plan: AuditPlan) -> tuple[DatedLists, list[Problem]]:
    """The lists that the plan dates, and what is wrong with them."""
    if plan.period is None:
        return DatedLists(pack), []
    document, problems = plan.document, []
    for path, date in plan.period.dates.items():
        items = [item for kind in pack.kinds.values() if (item := _item(kind.type, path))]
        at = ("period", "dates", path)
        if not items:
            known = [name for kind in pack.kinds.values() for name in _lists(kind.type)]
            hint = did_you_mean(path, known)
            message = f"no record has a list of groups of facts '{path}'.{hint}"
            problems.append(document.problem(document.key_place(at), message))
        for wrong in filter(None, [_date_fault(item, date) for item in items]):
            problems.append(document.problem(document.place(at), wrong))
    return DatedLists(pack, dict(plan.period.dates), dict(plan.period.falls_due)), problems


def _item(record: FactType, path: str) -> FactType | None:
    """The type of an item of the list at a path through groups and lists."""
    found: FactType | None = record
    for step in path.split("."):
        found = found.item if found is not None and found.kind is Kind.LIST else found
        inner = None if found is None else found.fields.get(step)
        found = None if inner is None else inner.type
    return None if found is None else found.group_item


def _lists(record: FactType, prefix: str = "") -> Iterator[str]:
    for name, fact in record.fields.items():
        item = fact.type.group_item
        if item is not None and not prefix.count("."):
            yield f"{prefix}{name}"
            yield from _lists(item, f"{prefix}{name}.")


def _date_fault(item: FactType, date: str) -> str:
    try:
        fact = resolve_fact(Scope(item, {}), date, 0)
    except LineError as error:
        dates = [name for name, inner in item.fields.items() if inner.type.kind in DATES]
        has = f" Dates of it: {listed(dates)}." if dates else ""
        return f"{error.message}{has if 'Did you mean' not in error.message else ''}"
    if fact.type.kind not in DATES:
        return f"'{date}' is {fact.type.kind.value}, not a date"
    return ""
