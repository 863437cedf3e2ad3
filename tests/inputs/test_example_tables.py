"""The example tables are read, and say less than the same cases in full."""

from datetime import date
from pathlib import Path

from scr_audit.engine import Engine
from scr_audit.packs.builtin import load_pack

TABLES = Path(__file__).parents[2] / "examples" / "tables"


def test_the_example_tables_are_judged_whole() -> None:
    run = Engine(load_pack()).run(TABLES, as_of=date(2026, 11, 29))
    assert run.left_out == ()
    assert run.totals.read == {"case": 3}
    invited = run.totals.rules["gp-invited"].named()
    assert (invited["met"], invited["not_met"]) == (3, 2)
