"""scr-audit: a compliance audit checklist engine.

Packs (data) and records (data) become findings (data) and reports. The engine knows nothing
about the domain that a pack audits.

    import scr_audit

    pack = scr_audit.load_pack()              # the built-in one, or a path
    engine = scr_audit.compile_pack(pack)     # once
    findings = engine.evaluate(record)        # dict, bytes or JSON text
    run = engine.run(records)                 # any iterable, or paths
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from scr_audit._version import __version__ as __version__

if TYPE_CHECKING:
    from scr_audit.engine import Engine, compile_pack
    from scr_audit.errors import InputError, PackError, RecordError, ScrAuditError
    from scr_audit.evaluate.finding import Finding
    from scr_audit.language.operators import Operator, register_operator
    from scr_audit.packs.builtin import load_pack
    from scr_audit.packs.pack import Pack
    from scr_audit.runs.run import Run

_HOMES = {
    "Engine": "scr_audit.engine",
    "compile_pack": "scr_audit.engine",
    "InputError": "scr_audit.errors",
    "PackError": "scr_audit.errors",
    "RecordError": "scr_audit.errors",
    "ScrAuditError": "scr_audit.errors",
    "Finding": "scr_audit.evaluate.finding",
    "Operator": "scr_audit.language.operators",
    "register_operator": "scr_audit.language.operators",
    "load_pack": "scr_audit.packs.builtin",
    "Pack": "scr_audit.packs.pack",
    "Run": "scr_audit.runs.run",
}

__all__ = [
    "Engine",
    "Finding",
    "InputError",
    "Operator",
    "Pack",
    "PackError",
    "RecordError",
    "Run",
    "ScrAuditError",
    "compile_pack",
    "load_pack",
    "register_operator",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'scr_audit' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
