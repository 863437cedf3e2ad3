"""Checking audit plans against the pack that they use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scr_audit.check.plan_doubts import plan_doubts
from scr_audit.errors import PackError, Problem
from scr_audit.packs.pack import Pack
from scr_audit.packs.plan import AuditPlan, load_plan
from scr_audit.packs.planned import plan_problems, planned

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
