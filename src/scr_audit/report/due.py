"""What falls due next: duties that were not yet due when the files were read."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from scr_audit.report.wording import counted, day_text

_MOST_MONTHS = 3


def falls_due(bundle: Mapping[str, Any], *, most: int = _MOST_MONTHS) -> list[tuple[str, str]]:
    """The next months, each with what falls due in it; the last line is of all later ones."""
    rules = {rule["id"]: rule for rule in bundle["rules"]}
    found = bundle.get("falls_due", ())
    months = [(key, list(rows)) for key, rows in groupby(found, key=lambda row: row["month"])]
    lines = [
        (
            day_text(f"{month}-01").partition(" ")[2],
            "; ".join(f"{row['units']:,} × {rules[row['rule']]['title']}" for row in rows),
        )
        for month, rows in months[:most]
    ]
    later = sum(row["units"] for _, rows in months[most:] for row in rows)
    return [*lines, ("later", counted(later, "duty", "duties"))] if later else lines
