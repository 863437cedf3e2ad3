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

from typing import TYPE_CHECKING

from scr_audit._lazy import lazy_exports
from scr_audit._version import __version__ as __version__

if TYPE_CHECKING:
    from scr_audit.engine import Engine, compile_pack
    from scr_audit.errors import InputError, PackError, RecordError, ScrAuditError
    from scr_audit.evaluate.finding import Finding
    from scr_audit.language.operators import Operator, register_operator
    from scr_audit.packs.builtin import load_pack
    from scr_audit.packs.pack import Pack
    from scr_audit.runs.run import Run

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


__getattr__ = lazy_exports(
    __name__,
    {
        "engine": "Engine compile_pack",
        "errors": "InputError PackError RecordError ScrAuditError",
        "evaluate.finding": "Finding",
        "language.operators": "Operator register_operator",
        "packs.builtin": "load_pack",
        "packs.pack": "Pack",
        "runs.run": "Run",
    },
)


def __dir__() -> list[str]:
    return __all__
