"""What changed since an earlier run, for the bundle's `compared`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scr_audit.runs.comparison import Side, findings_kept, rule_rows
from scr_audit.runs.series import head_period

Bundle = Mapping[str, Any]


def compared(now: Bundle, then: Bundle, findings: Iterable[Bundle] | None = None) -> dict[str, Any]:
    """The rules of two runs compared, and the counts of both over all rules.

    `findings` are those of now, if they are kept, each with its rule, record and outcome.
    """
    period, before = head_period(then), findings_kept(then)
    in_both = None
    if findings is not None and before is not None:
        known = {finding["record"] for finding in before}
        in_both = [finding for finding in findings if finding["record"] in known]
    return {
        "as_of": then["as_of"],
        "period": None if period is None else period.label,
        "pack": {key: then["pack"][key] for key in ("id", "version", "sha256")},
        "units": then["totals"]["units"],
        "rules": rule_rows(Side("then", then, before), Side("now", now, in_both)),
    }
