"""What can be wrong within an audit plan itself: things said twice, or to no effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scr_audit.errors import Problem, did_you_mean
from scr_audit.language.conditions import Rule
from scr_audit.packs.dated_lists import DatedLists
from scr_audit.packs.pack import Pack
from scr_audit.packs.plan import AuditPlan
from scr_audit.packs.population import strata_facts

_LISTS = {
    "rules": "the rule",
    "recommendations": "the recommendation",
    "themes": "the theme",
    "sections": "the section",
}


def twice_problems(plan: AuditPlan) -> Iterator[Problem]:
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
            message = f"the period dates no list '{path}', so that it can put nothing in.{hint}"
            yield document.problem(document.place(("sample", "frame", index)), message)


def effect_problems(
    pack: Pack, plan: AuditPlan, rules: Sequence[Rule], dates: DatedLists
) -> Iterator[Problem]:
    """Themes that bring no rule, and a period that dates nothing of what it is said of."""
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
