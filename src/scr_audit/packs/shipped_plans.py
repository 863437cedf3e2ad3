"""The audit plans that ship with the engine, and a plan by its id or its path."""

from __future__ import annotations

from pathlib import Path

from scr_audit.errors import InputError, did_you_mean, listed
from scr_audit.packs.builtin import shipped
from scr_audit.packs.plan import AuditPlan, load_plan


def shipped_plans() -> dict[str, Path]:
    """Each shipped plan's id, which is the name of its file, and where it is."""
    return {path.stem: path for path in sorted(shipped("audits").glob("*.yaml"))}


def find_plan(name: str) -> AuditPlan:
    """The plan in a file or, where there is no such file, the shipped one of that id.

    Raises `InputError` where there is neither, `PackError` where the plan is wrong.
    """
    path, known = Path(name), shipped_plans()
    if path.is_file() or name not in known:
        if not path.exists() and path.name == name and not path.suffix:
            raise InputError(
                f"{name}: there is no such file and no shipped audit plan of that id."
                f"{did_you_mean(name, known)} Shipped: {listed(known, most=20)}."
            )
        if not path.exists() and path.stem in known:
            raise InputError(
                f"{name}: there is no such file. The audit plan of that name is shipped: give its "
                f"id, '{path.stem}'."
            )
        return load_plan(path)
    return load_plan(known[name])
