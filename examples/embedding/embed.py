"""Another program with scr-audit inside: it has its own database and its own pack.

Run it from anywhere: `python examples/embedding/embed.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import scr_audit

HERE = Path(__file__).parent
AS_OF = date(2025, 6, 30)
WORST = {"high": 0, "medium": 1, "low": 2}


def main() -> None:
    """Judge every inspection, print what is worst, then the totals."""
    database = open_database()
    pack = scr_audit.load_pack(HERE / "fire-safety")
    engine = scr_audit.compile_pack(pack)  # once; it is used for every inspection
    found = []
    for inspection in inspections(database):
        found += engine.evaluate(inspection, as_of=AS_OF)
    print_worst(pack, found)
    print_totals(engine.run(inspections(database), as_of=AS_OF))


def print_worst(pack: scr_audit.Pack, findings: list[scr_audit.Finding]) -> None:
    """What is not met, the most serious first."""
    not_met = [finding for finding in findings if finding.outcome == "not_met"]
    not_met.sort(key=lambda finding: WORST[pack.rule(finding.rule).severity])
    for finding in not_met:
        rule = pack.rule(finding.rule)
        print(f"{rule.severity}: {finding.record}{finding.unit}: {rule.title}")
        print(f"    {finding.reason}")


def print_totals(run: scr_audit.Run) -> None:
    """For every rule, how many of its units came out how."""
    print(f"\n{'':26}{'met':>5}{'not met':>9}{'not evidenced':>15}{'excepted':>10}")
    for rule in run.pack.rules:
        units = run.totals.rules[rule.id].named()
        print(
            f"{rule.id:26}{units['met']:5}{units['not_met']:9}"
            f"{units['not_evidenced']:15}{units['excepted']:10}"
        )
    print(f"{run.totals.judged} inspections judged, {run.left_out_count} left out")


# --- The other system's own data: nothing below knows of scr-audit ---

FLAGS = {
    "seal_intact", "away_for_service", "replacement_in_place", "heard_everywhere", "fault_found",
    "fire_watch_kept", "whole_building", "clear", "locked",
}  # fmt: skip
LISTS = {
    "extinguishers": "select * from extinguisher where inspection = ? order by rowid",
    "alarm_tests": "select * from alarm_test where inspection = ? order by rowid",
    "drills": "select * from drill where inspection = ? order by rowid",
    "exits": "select * from exit where inspection = ? order by rowid",
}


def open_database() -> sqlite3.Connection:
    """The example's database, in memory."""
    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    database.executescript((HERE / "inspections.sql").read_text(encoding="utf-8"))
    return database


def inspections(database: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Every inspection as a mapping of its facts.

    A part that the inspector did not get to stays None: not recorded. A part that was done and
    has no rows is an empty list: there were none.
    """
    for row in database.execute("select * from inspection order by id"):
        done = row["parts_done"].split()
        covers = row["plan_covers"]
        yield {
            "id": row["id"],
            "inspected_on": row["inspected_on"],
            "premises": {"use": row["use"], "in_use_since": row["in_use_since"]},
            "evacuation_plan": {
                "displayed": flag(row["plan_displayed"]),
                "reviewed_on": row["plan_reviewed_on"],
                "covers": None if covers is None else covers.split(),
            },
            **{
                name: items(database, query, row["id"]) if name in done else None
                for name, query in LISTS.items()
            },
        }


def items(database: sqlite3.Connection, query: str, inspection: str) -> list[dict[str, Any]]:
    """The rows of one list, with the columns as facts."""
    return [
        {
            name: flag(row[name]) if name in FLAGS else row[name]
            for name in row.keys()  # noqa: SIM118  # a row iterates over its values
            if name != "inspection"
        }
        for row in database.execute(query, (inspection,))
    ]


def flag(value: int | None) -> bool | None:
    """Yes, no or not recorded: the database has 1, 0 and null."""
    return None if value is None else bool(value)


if __name__ == "__main__":
    main()
