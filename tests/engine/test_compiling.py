"""What `compile_pack` takes beside a pack: a plan, a choice of rules, approvals."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_pack import SMALL_PACK

import scr_audit
from scr_audit import compile_pack, load_pack
from scr_audit.approvals.exceptions_file import load_exceptions
from scr_audit.plans.plan import find_plan, shipped_plans

ROOT = Path(__file__).parent.parent.parent
DAY = date(2026, 11, 29)
PLAN = "quarterly-conference-plan"


def test_a_plan_is_an_id_a_file_or_a_plan() -> None:
    pack = load_pack()
    path = shipped_plans()[PLAN]
    engines = [compile_pack(pack, plan=plan) for plan in (PLAN, path, str(path), find_plan(PLAN))]
    rules = [[rule.id for rule in engine.pack.rules] for engine in engines]
    assert rules[0] == rules[1] == rules[2] == rules[3]
    assert 0 < len(rules[0]) < len(pack.rules)


def test_rules_are_chosen_by_their_ids_and_keep_the_order_of_the_pack() -> None:
    pack = load_pack()
    ids = [rule.id for rule in pack.rules][3::7]
    engine = compile_pack(pack, rules=ids[::-1])
    assert [rule.id for rule in engine.pack.rules] == ids
    whole = compile_pack(pack).run(ROOT / "examples" / "cases.json", as_of=DAY).totals
    chosen = engine.run(ROOT / "examples" / "cases.json", as_of=DAY).totals
    assert chosen.rules == {id: whole.rules[id] for id in ids}


def test_approvals_are_a_file_or_what_was_read_of_it(tmp_path: Path) -> None:
    pack = load_pack(SMALL_PACK)
    path = tmp_path / "exceptions.yaml"
    path.write_text(
        "exceptions:\n  - {rule: part-fitted, record: J1, reason: out of stock, "
        "approved_by_role: lead, from: 2026-01-01, until: 2026-12-31}\n",
        encoding="utf-8",
    )
    other = next(rule.id for rule in pack.rules if rule.id != "part-fitted")
    for given in (path, str(path), load_exceptions(path, pack)):
        engine = compile_pack(pack, rules=[other], exceptions=given)  # they are of all rules
        assert [entry.rule for entry in engine.exceptions.entries] == ["part-fitted"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rules": ["wt-no-such"]}, "there is no rule 'wt-no-such'."),
        ({"rules": []}, "rules names no rule; leave it out to judge by all of them"),
        ({"rules": "a"}, "rules is a list of ids; found str: 'a'"),
        ({"plan": 5}, "plan is a file, the id of a shipped plan, or a plan; found int"),
        ({"plan": "nothing"}, "nothing: there is no such file and no shipped audit plan of that"),
        ({"exceptions": "nowhere.yaml"}, "nowhere.yaml: cannot be read: No such file or directory"),
    ],
)
def test_what_does_not_fit_is_told_in_words(given: dict[str, Any], said: str) -> None:
    with pytest.raises(scr_audit.InputError) as told:
        compile_pack(load_pack(), **given)
    assert str(told.value).startswith(said)
