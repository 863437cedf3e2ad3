"""Findings made by several processes: each is a line of JSON, in the order of the records.

Run it from anywhere: `python examples/embedding/several_processes.py`.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import scr_audit

HERE = Path(__file__).parent
INSPECTIONS = [
    {
        "id": f"I-{number}",
        "inspected_on": "2025-06-10",
        "exits": [{"name": "yard", "clear": number % 2 > 0, "locked": False}],
    }
    for number in range(30)
]


def as_lines(findings: list[scr_audit.Finding]) -> str:
    """The findings of one record as lines of JSON; made by a worker."""
    return "".join(f"{json.dumps(finding.to_dict())}\n" for finding in findings)


def main() -> None:
    """Write all findings to standard output."""
    engine = scr_audit.compile_pack(scr_audit.load_pack(HERE / "fire-safety"))
    with ProcessPoolExecutor() as executor:
        engine.run(
            INSPECTIONS,
            as_of=date(2025, 6, 30),
            render=as_lines,
            on_findings=sys.stdout.write,
            executor=executor,
        )


if __name__ == "__main__":
    main()
