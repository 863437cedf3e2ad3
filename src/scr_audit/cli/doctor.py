"""`scr-audit doctor`: what is installed, what is missing, and the command that adds it here."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from scr_audit.cli.streams import OK
from scr_audit.installation import (
    EXTRAS,
    Environment,
    Extra,
    environment,
    install_command,
    installed_version,
    is_installed,
    versions,
)
from scr_audit.packs.builtin import shipped_packs
from scr_audit.plans.plan import shipped_plans
from scr_audit.values.text import counted, visible


def doctor_command() -> int:
    """Print what is installed; the exit code."""
    for line in _lines(environment()):
        print(visible(line))  # noqa: T201  # the command's result
    return OK


def _lines(where: Environment) -> Iterator[str]:
    yield versions()
    yield f"in {where.words}"
    packs, plans = (
        counted(len(shipped_packs()), "pack"),
        counted(len(shipped_plans()), "audit plan"),
    )
    yield f"with {packs} and {plans}: scr-audit list --packs, scr-audit list --audits"
    yield ""
    for name, extra in EXTRAS.items():
        yield f"{_sign(extra)} {extra.gives:<30} {f'[{name}]':<12} {_libraries(extra)}"
    yield ""
    missing = [name for name, extra in EXTRAS.items() if not is_installed(extra)]
    of_auditor = [name for name in missing if EXTRAS[name].of_auditor]
    if of_auditor:
        yield "All that an auditor needs comes with:"
        yield f"  {install_command(['auditor'], where)}"
    else:
        yield "All that an auditor needs is installed."
    if others := [name for name in missing if name not in of_auditor]:
        yield "The others, if somebody needs them, with:"
        yield f"  {install_command(others, where)}"
    yield "Tab completes names in a shell after: scr-audit --install-completion"


def _sign(extra: Extra) -> str:
    found = is_installed(extra)
    if (sys.stdout.encoding or "").lower().startswith("utf"):
        return "✓" if found else "✗"
    return "+" if found else "x"


def _libraries(extra: Extra) -> str:
    found = {name: installed_version(name) for name in extra.libraries}
    if all(found.values()):
        return "installed"
    return f"lacks {', '.join(name for name, version in found.items() if not version)}"
