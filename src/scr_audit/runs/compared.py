"""What changed since an earlier run, for the bundle's `compared`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scr_audit.runs.comparison import Side, rule_rows
from scr_audit.runs.series import head_period

Bundle = Mapping[str, Any]


def compared(now: Bundle, then: Bundle) -> dict[str, Any]:
    """The rules of two runs compared, and the counts of both over all rules."""
    period = head_period(then)
    return {
        "as_of": then["as_of"],
        "period": None if period is None else period.label,
        "pack": {key: then["pack"][key] for key in ("id", "version", "sha256")},
        "units": then["totals"]["units"],
        "rules": rule_rows(Side("then", then, None), Side("now", now, None)),
    }
