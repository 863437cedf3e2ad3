"""Checking audit plans against the pack that they use, and what in them works and is doubtful."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scr_audit.errors import PackError, Problem, listed
from scr_audit.packs.pack import Pack
from scr_audit.packs.plan import AuditPlan, load_plan
from scr_audit.packs.planned import plan_problems, planned
from scr_audit.report.wording import percent
from scr_audit.runs.statistics import ALWAYS, units_to_show, wilson

AUDITS_FOLDER = "audits"


@dataclass(frozen=True)
class PlanCheck:
    """An audit plan, all that is wrong with it and, where nothing is, what is doubtful."""

    file: str
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()


def check_plans(paths: Iterable[Path], pack: Pack) -> tuple[PlanCheck, ...]:
    """Check each plan, and that no two have one id. Raises `InputError` for an unreadable file."""
    found, first = [], dict[str, AuditPlan]()
    for path in paths:
        try:
            plan = load_plan(path)
        except PackError as error:
            found.append(PlanCheck(str(path), error.problems))
            continue
        repeated = _repeated(plan, first.setdefault(plan.id, plan))
        found.append(_checked(plan, pack, repeated))
    return tuple(found)


def _checked(plan: AuditPlan, pack: Pack, repeated: list[Problem]) -> PlanCheck:
    problems = [*repeated, *plan_problems(pack, plan)]
    doubts = () if problems else tuple(plan_doubts(planned(pack, plan), plan))
    return PlanCheck(plan.path, tuple(problems), doubts)


def _repeated(plan: AuditPlan, first: AuditPlan) -> list[Problem]:
    if plan is first:
        return []
    place = plan.document.place(("id",))
    return [
        plan.document.problem(place, f"the plan id '{plan.id}' is already that of {first.path}")
    ]


def plan_doubts(pack: Pack, plan: AuditPlan) -> Iterator[Problem]:
    """The doubts of a plan that fits the pack, each at its place.

    `pack` is the pack as the plan uses it, with the plan's rules only.
    """
    yield from _without_standard(pack, plan)
    yield from _too_small(plan)
    yield from _beyond(plan)
    if not plan.selection and plan.sample is None:
        message = "neither 'selection' nor 'sample' says how the records are chosen: reports say so"
        yield plan.document.problem(plan.document.key_place(("id",)), message)


def _without_standard(pack: Pack, plan: AuditPlan) -> Iterator[Problem]:
    """Where some rules have a standard, those that have none."""
    lacking = [rule.id for rule in pack.rules if plan.standard_of(rule.id) is None]
    if not plan.standards or not lacking:
        return
    message = (
        f"no standard for {listed(lacking)}: reports do not say whether "
        f"{'it is' if len(lacking) == 1 else 'they are'} met often enough. "
        "'standard' is for every rule that 'standards' does not name"
    )
    yield plan.document.problem(plan.document.key_place(("standards",)), message)


def _too_small(plan: AuditPlan) -> Iterator[Problem]:
    """A sample that cannot show the standard, even if all of it is met."""
    size = None if plan.sample is None else plan.sample.size
    if size is None or plan.standard in (None, ALWAYS):
        return
    assert plan.standard is not None
    needed = units_to_show(plan.standard)
    if size >= needed:
        return
    message = (
        f"{size} records that are all met show at least {percent(wilson(size, size)[0])}; where a "
        f"rule judges one thing in each, it takes {needed} to show the standard of "
        f"{percent(plan.standard)}"
    )
    yield plan.document.problem(plan.document.place(("sample", "size")), message)


def _beyond(plan: AuditPlan) -> Iterator[Problem]:
    """A precision that reaches below nothing or above all."""
    sample = plan.sample
    if sample is None or sample.precision is None:
        return
    low, high = sample.expect - sample.precision, sample.expect + sample.precision
    if low < 0 or high > 100:
        message = (
            f"{sample.expect} per cent give or take {sample.precision} is {low} to {high} per "
            "cent; a smaller precision says more"
        )
        yield plan.document.problem(plan.document.place(("sample", "precision")), message)
