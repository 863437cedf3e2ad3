"""The lists of a record whose items a plan dates, and rules limited to a period by them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from scr_audit.errors import Problem, did_you_mean, listed
from scr_audit.language.conditions import All, Condition, Loop, Rule
from scr_audit.language.line import LineError, parse_line
from scr_audit.language.operators import DATES
from scr_audit.language.resolve import Names, resolve_fact, resolve_test
from scr_audit.language.types import FactType, Kind
from scr_audit.packs.pack import Pack
from scr_audit.packs.period import Period
from scr_audit.packs.plan import AuditPlan
from scr_audit.packs.span import falling_due_in


@dataclass(frozen=True)
class DatedLists:
    """`dates` gives, for the path of a list in a record, the fact that dates an item of it.

    `falls_due` gives, for a rule, how long after its date an item belongs to a period.
    """

    pack: Pack
    dates: dict[str, str] = field(default_factory=dict)
    falls_due: dict[str, str] = field(default_factory=dict)

    def limited(self, rule: Rule, period: Period) -> Rule:
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
        names = Names(self.pack.kinds[rule.kind].type, {}).binding(loop.variable, item)
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
    item = None if found is None else found.item
    return item if item is not None and item.kind is Kind.OBJECT else None


def _lists(record: FactType, prefix: str = "") -> Iterator[str]:
    for name, fact in record.fields.items():
        item = fact.type.item
        if item is not None and item.kind is Kind.OBJECT and not prefix.count("."):
            yield f"{prefix}{name}"
            yield from _lists(item, f"{prefix}{name}.")


def _date_fault(item: FactType, date: str) -> str:
    try:
        fact = resolve_fact(Names(item, {}), date, 0)
    except LineError as error:
        dates = [name for name, inner in item.fields.items() if inner.type.kind in DATES]
        has = f" Dates of it: {listed(dates)}." if dates else ""
        return f"{error.message}{has if 'Did you mean' not in error.message else ''}"
    if fact.type.kind not in DATES:
        return f"'{date}' is {fact.type.kind.value}, not a date"
    return ""
