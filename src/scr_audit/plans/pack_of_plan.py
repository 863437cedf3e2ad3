"""A pack as an audit plan uses it: its rules, the records it asks for, and their period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from scr_audit.errors import ArgumentError, PackError, Problem, did_you_mean, listed
from scr_audit.language.conditions import All, Condition, Rule
from scr_audit.packs.pack import Pack, Planning, Population, SampleUsed
from scr_audit.plans.plan import AuditPlan, find_plan
from scr_audit.plans.population import DatedLists, dated_lists, population, strata_facts
from scr_audit.values.period import Period


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
    return Planning(plan.path, period, not_limited, dates.falls_due, frame_rules)


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
    for rule in dates.falls_due:
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
    plan = name if isinstance(name, AuditPlan) else find_plan(str(name))
    if period is None:
        return Chosen(plan, None)
    days = plan.period_of(period)
    if days.start > as_of:
        raise ArgumentError(
            f"period {period}", f"{days} lies in the future; the audit is run as of {as_of}"
        )
    return Chosen(plan, days)
