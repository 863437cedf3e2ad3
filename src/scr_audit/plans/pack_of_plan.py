"""A pack as an audit plan uses it: its rules, the records that it is about, and their period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from scr_audit.errors import ArgumentError, PackError, Place, Problem, did_you_mean, listed
from scr_audit.language.checker import Checker, KeyPath, Reporter
from scr_audit.language.conditions import AUDIT_DAY, All, Condition, Fact, parameter_names, recorded
from scr_audit.language.line import LineError, constant_answer, parse_line
from scr_audit.language.resolve import Scope, resolve_fact, resolve_test
from scr_audit.language.rule import Criterion, Loop, Rule
from scr_audit.language.types import DATES, FactType, Kind
from scr_audit.packs.pack import Pack, Planning, Population, RecordKind, SampleUsed
from scr_audit.plans.plan import AuditPlan, find_plan
from scr_audit.values.calendar import calendar_named
from scr_audit.values.period import Period, falling_due_in


def apply_plan(
    pack: Pack,
    plan: AuditPlan,
    *,
    period: Period | None = None,
    drawn: frozenset[str] | None = None,
) -> Pack:
    """The pack with only the rules that the plan uses, limited as it says.

    With a `period`, things dated outside it are no units. `drawn` are the ids of a sample.
    Raises `PackError` with all that does not fit: another pack, or rules, facts, themes and
    recommendations that the pack does not have.
    """
    _check_pack(pack, plan)
    problems = _name_problems(pack, plan)
    found, wrong = population(pack, plan)
    dates, misdated = dated_lists(pack, plan)
    problems += [*wrong, *misdated, *sample_problems(pack, plan), *repeated_names(plan)]
    if problems:
        raise PackError(problems)
    chosen = _chosen_rules(pack, plan)
    ineffective = list(effect_problems(pack, plan, chosen, dates))
    if ineffective:
        raise PackError(ineffective)
    rules = chosen if period is None else tuple(dates.limit_rule(rule, period) for rule in chosen)
    found = replace(found, drawn=drawn)
    cited = {rule.paragraph for rule in chosen}
    listing = tuple(item for item in pack.recommendations if item.id in cited)
    everything = not (plan.rules or plan.recommendations or plan.themes)
    limits = _limits(plan, chosen, dates, period)
    return replace(
        pack,
        rules=tuple(_within_filter(rule, found) for rule in rules),
        recommendations=pack.recommendations if everything else listing,
        planning=replace(limits, population=found, recommendations=pack.recommendations),
    )


def plan_problems(pack: Pack, plan: AuditPlan) -> list[Problem]:
    """Everything of the plan that does not fit the pack."""
    try:
        apply_plan(pack, plan)
    except PackError as error:
        return list(error.problems)
    return []


def _limits(
    plan: AuditPlan, rules: tuple[Rule, ...], dates: DatedLists, period: Period | None
) -> Planning:
    if period is None:
        return Planning(plan.path)
    not_limited = tuple(rule.id for rule in rules if dates.dating(rule) is None)
    frame = (plan.sample.frame if plan.sample else None) or list(dates.dates)
    frame_rules = frozenset(rule.id for rule in rules if dates.dating(rule) in frame)
    return Planning(plan.path, period, not_limited, dates.due_after, frame_rules)


def _within_filter(rule: Rule, found: Population) -> Rule:
    """The rule, which does not apply to a record that the filter keeps out.

    Those are not judged at all; where a fact that the filter reads is missing, the units are not
    evidenced.
    """
    if found.asked is None or rule.kind != found.kind:
        return rule
    asked = found.asked.applies_when
    assert asked is not None
    applies: Condition = asked if rule.applies_when is None else All((asked, rule.applies_when))
    return replace(rule, applies_when=applies)


def _chosen_rules(pack: Pack, plan: AuditPlan) -> tuple[Rule, ...]:
    if not (plan.rules or plan.recommendations or plan.themes):
        return pack.rules
    titles = {pack.themes[theme] for theme in plan.themes}
    of_themes = {item.id for item in pack.recommendations if item.theme in titles}
    paragraphs = {*plan.recommendations, *of_themes}
    return tuple(
        rule for rule in pack.rules if rule.id in plan.rules or rule.paragraph in paragraphs
    )


def _check_pack(pack: Pack, plan: AuditPlan) -> None:
    """Refuse a plan for another pack, of whose names this pack has none. Raises `PackError`."""
    missing = [wanted for wanted in plan.packs if wanted not in (pack.id, *pack.members)]
    if not missing:
        return
    message = (
        f"the plan is for the pack '{missing[0]}', and '{pack.id}' was given. Give the folder of "
        f"'{missing[0]}', or its id where it is shipped; or write pack: {pack.id} here"
    )
    if len(plan.packs) > 1:
        message = (
            f"the plan is for the packs {listed(plan.packs)}; '{pack.id}' was given. Give a "
            "pack that extends the others, or none for all that are shipped"
        )
    raise PackError([plan.document.problem(plan.document.place(("pack",)), message)])


def _name_problems(pack: Pack, plan: AuditPlan) -> list[Problem]:
    document = plan.document
    problems = []
    rules = [rule.id for rule in pack.rules]
    known = {
        "rules": ("rule", rules),
        "recommendations": ("recommendation with rules", [rule.paragraph for rule in pack.rules]),
        "themes": ("theme", list(pack.themes)),
        "standards": ("rule", rules),
    }
    for key, (what, names) in known.items():
        for index, wanted in enumerate(getattr(plan, key)):
            if wanted not in names:
                place = document.place((key, wanted if key == "standards" else index))
                hint = did_you_mean(wanted, names)
                if key == "themes" and not hint:
                    hint = f" Themes: {listed(names, most=20)}."
                message = f"the pack has no {what} '{wanted}'.{hint}"
                problems.append(document.problem(place, message))
    return problems or _unused_standards(pack, plan)


def _unused_standards(pack: Pack, plan: AuditPlan) -> list[Problem]:
    used = {rule.id for rule in _chosen_rules(pack, plan)}
    document = plan.document
    return [
        document.problem(
            document.key_place(("standards", rule)),
            f"the plan does not use the rule '{rule}', so the standard has no effect",
        )
        for rule in plan.standards
        if rule not in used
    ]


_LISTS = {
    "rules": "the rule",
    "recommendations": "the recommendation",
    "themes": "the theme",
    "sections": "the section",
}


def repeated_names(plan: AuditPlan) -> Iterator[Problem]:
    """What a list of the plan names a second time."""
    for key, what in _LISTS.items():
        names: Sequence[str] = getattr(plan, key) or ()
        for index, name in enumerate(names):
            if name in names[:index]:
                place = plan.document.place((key, index))
                yield plan.document.problem(place, f"{what} '{name}' is named twice")


def sample_problems(pack: Pack, plan: AuditPlan) -> Iterator[Problem]:
    """What does not fit together in how records are drawn."""
    sample, document = plan.sample, plan.document
    if sample is None:
        return
    if (sample.size is None) == (sample.precision is None):
        message = "a sample has either 'size' or 'precision'"
        yield document.problem(document.key_place(("sample",)), message)
    elif sample.precision is None and "expect" in sample.model_fields_set:
        message = "'expect' has no effect with 'size'; it works out the number for 'precision'"
        yield document.problem(document.key_place(("sample", "expect")), message)
    yield from strata_facts(pack, plan, sample.strata_facts())[1]
    dated = list(plan.period.dates) if plan.period is not None else []
    for index, path in enumerate(sample.frame):
        if path not in dated:
            hint = did_you_mean(path, dated)
            message = f"the period dates no list '{path}', so no record is drawn for it.{hint}"
            yield document.problem(document.place(("sample", "frame", index)), message)


def effect_problems(
    pack: Pack, plan: AuditPlan, rules: Sequence[Rule], dates: DatedLists
) -> Iterator[Problem]:
    """Themes without rules, and a period that limits nothing."""
    document = plan.document
    yield from _due_problems(plan, rules, dates)
    for index, theme in enumerate(plan.themes):
        cited = {item.id for item in pack.recommendations if item.theme == pack.themes[theme]}
        if not any(rule.paragraph in cited for rule in pack.rules):
            message = f"no rule judges a recommendation of the theme '{theme}'"
            yield document.problem(document.place(("themes", index)), message)
    if plan.period is not None and not any(map(dates.dating, rules)):
        message = (
            "a period has no effect: no rule of the plan judges items of a list that 'dates' names"
        )
        yield document.problem(document.key_place(("period",)), message)


def _due_problems(plan: AuditPlan, rules: Sequence[Rule], dates: DatedLists) -> Iterator[Problem]:
    """Rules of `falls_due` that the plan does not use, or whose units have no date."""
    document, used = plan.document, {rule.id: rule for rule in rules}
    for rule in dates.due_after:
        place = document.key_place(("period", "falls_due", rule))
        if rule not in used:
            hint = did_you_mean(rule, used)
            yield document.problem(place, f"the plan does not use the rule '{rule}'.{hint}")
        elif dates.dating(used[rule]) is None:
            message = f"the period has no date for what the rule '{rule}' judges"
            yield document.problem(place, message)


@dataclass(frozen=True)
class Chosen:
    """A plan, and the days that were asked for."""

    plan: AuditPlan
    period: Period | None
    sample: SampleUsed | None = None

    def of(self, pack: Pack) -> Pack:
        """The pack as the plan uses it. Raises `PackError` where the plan does not fit it."""
        drawn = None if self.sample is None else frozenset(self.sample.ids)
        return apply_plan(pack, self.plan, period=self.period, drawn=drawn)


def chosen_plan(name: str | Path | AuditPlan, period: str | None, *, as_of: date) -> Chosen:
    """A plan, by itself or by the file or id that names it, and the days of a period.

    Raises `InputError` for a period that has not begun.
    """
    plan = find_plan(name)
    if period is None:
        return Chosen(plan, None)
    days = plan.period_of(period)
    if days.start > as_of:
        raise ArgumentError(
            f"period {period}", f"{days} lies in the future; the audit is run as of {as_of}"
        )
    return Chosen(plan, days)


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
    for name in sorted({*parameter_names(asked)} - {AUDIT_DAY}):
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
    has_id = recorded(Fact("", ("id",), kind.type.fields["id"]))
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

    `due_after` gives, for a rule, how long after its date an item belongs to a period.
    """

    pack: Pack
    dates: dict[str, str] = field(default_factory=dict)
    due_after: dict[str, str] = field(default_factory=dict)

    def limit_rule(self, rule: Rule, period: Period) -> Rule:
        """The rule, for which items dated outside the period are no units.

        The innermost list with a date decides. In a period there need not be anything, so what
        the rule says of a record without any such item is not said of it.
        """
        path = self.dating(rule)
        if path is None:
            return rule
        depth, date = list(_paths(rule)).index(path), self.dates[path]
        if rule.id in self.due_after:
            period = falling_due_in(period, self.due_after[rule.id])
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
    for path, fact in plan.period.dates.items():
        items = [item for kind in pack.kinds.values() if (item := _item(kind.type, path))]
        at = ("period", "dates", path)
        if not items:
            known = [name for kind in pack.kinds.values() for name in _lists(kind.type)]
            hint = did_you_mean(path, known)
            message = f"no record has a list of groups of facts '{path}'.{hint}"
            problems.append(document.problem(document.key_place(at), message))
        for wrong in filter(None, [_date_fault(item, fact) for item in items]):
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
