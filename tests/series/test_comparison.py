"""Two runs compared: what became of each unit, and a changed rule is never mixed in."""

from typing import Any

import kept
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scr_audit.errors import InputError
from scr_audit.series.comparison import RunSide, compare_runs, look_alikes_of
from scr_audit.series.unit_changes import CHANGES, change_of, unit_changes


def _side(name: str, findings: list[kept.Finding], **more: Any) -> RunSide:
    return RunSide(name, kept.head(findings, **more), kept.documents(findings))


@pytest.mark.parametrize(
    ("then", "now", "change"),
    [
        ("met", "not_met", "regressed"),
        ("not_evidenced", "not_met", "opened"),
        ("not_applicable", "not_met", "opened"),
        (None, "not_met", "opened"),
        ("not_met", "not_met", "still_open"),
        ("not_met", "met", "closed"),
        ("not_met", "not_evidenced", "lost_evidence"),
        ("met", "not_evidenced", "lost_evidence"),
        ("not_met", "not_applicable", "no_longer_judged"),
        ("not_met", None, "no_longer_judged"),
        ("not_evidenced", "met", "newly_met"),
        ("met", "met", "unchanged"),
        ("not_evidenced", "not_evidenced", "unchanged"),
        ("not_applicable", "not_evidenced", "other"),
    ],
)
def test_what_became_of_a_unit(then: str | None, now: str | None, change: str) -> None:
    assert change_of(then, now) == change


def changes(then: list[kept.Finding], now: list[kept.Finding]) -> list[tuple[Any, ...]]:
    """Rule, record, place then, place now and class of each unit."""
    return [
        (
            *next((each["rule"], each["record"]) for each in found[1:] if each is not None),
            *(None if each is None else each["unit"] for each in found[1:]),
            found.change,
        )
        for found in unit_changes(kept.documents(then), kept.documents(now))
    ]


def test_a_record_that_only_one_run_has_did_not_change() -> None:
    then = [("a", "R1", "", "not_met"), ("a", "R2", "", "met"), ("a", "R3", "", "met")]
    now = [("a", "R3", "", "met"), ("a", "R4", "", "not_met"), ("a", "R5", "", "met")]
    assert changes(then, now) == [
        ("a", "R1", "", None, "open_in_record_gone"),
        ("a", "R2", "", None, "other_records"),
        ("a", "R3", "", "", "unchanged"),
        ("a", "R4", None, "", "open_in_new_record"),
        ("a", "R5", None, "", "other_records"),
    ]


def test_ids_of_one_run_that_look_like_ids_of_the_other_are_told() -> None:
    then = [("a", "R1", "", "met"), ("a", "R3", "", "met")]
    now = [("a", "r1", "", "met"), ("a", "R2", "", "met"), ("a", "R3", "", "met")]
    told = look_alikes_of(_side("spring.json", then), _side("summer.json", now))
    assert told == [
        "summer.json (record r1): its id is easily taken for 'R1' (spring.json); they were taken "
        "as two records. If they are one, give both the same id"
    ]
    assert look_alikes_of(_side("then", then), _side("now", then)) == []


def keyed(unit: str, name: str | None, outcome: str) -> dict[str, Any]:
    """A finding of rule a on R1, on the unit with this name at this place.

    After a name with a question mark: the key is of all facts, since the schema names none.
    """
    [found] = kept.documents([("a", "R1", unit, outcome)])
    key = None if name is None else [{"name": name.strip("?")}]
    return {**found, "key": key, "key_named": name is not None and not name.endswith("?")}


def matched(then: list[Any], now: list[Any]) -> list[tuple[str, str | None, str | None]]:
    return [
        (found.change, *(None if each is None else each["unit"] for each in found[1:]))
        for found in unit_changes(then, now)
    ]


def test_a_unit_is_the_same_wherever_it_stands() -> None:
    then = [keyed("/x/0", "bell", "met"), keyed("/x/1", "fork", "not_met")]
    now = [
        keyed("/x/0", "lamp", "met"), keyed("/x/1", "fork", "not_met"), keyed("/x/2", "bell", "met")
    ]  # fmt: skip
    assert matched(then, now) == [
        ("unchanged", "/x/0", "/x/2"),
        ("still_open", "/x/1", "/x/1"),
        ("newly_met", None, "/x/0"),
    ]


def test_units_with_one_key_are_not_matched_in_either_run() -> None:
    then = [keyed("/x/0", "bell", "met"), keyed("/x/1", "fork", "not_met")]
    now = [
        keyed("/x/0", "bell", "not_met"), keyed("/x/1", "bell", "met"), keyed("/x/2", "fork", "met")
    ]  # fmt: skip
    doubled = [("not_matched", None, "/x/0"), ("not_matched", None, "/x/1")]
    assert matched(then, now) == [
        ("not_matched", "/x/0", None), *doubled, ("closed", "/x/1", "/x/2")
    ]  # fmt: skip
    assert matched(now, now)[:4] == [
        ("not_matched", "/x/0", None), ("not_matched", "/x/1", None), *doubled
    ]  # fmt: skip


def test_a_unit_of_which_only_the_place_is_known_leaves_all_of_its_record_unmatched() -> None:
    then = [keyed("/x/0", None, "met")]
    now = [keyed("/x/0", "bell", "not_met")]
    assert matched(then, now) == [("not_matched", "/x/0", None), ("not_matched", None, "/x/0")]
    assert [found.change for found in unit_changes([], now)] == ["open_in_new_record"]


def test_of_units_whose_facts_may_have_been_corrected_only_the_same_are_matched() -> None:
    then = [keyed("/x/0", "bell", "met"), keyed("/x/1", "fork?", "not_met")]
    more = [keyed("/x/0", "lamp?", "met"), keyed("/x/1", "bell", "not_met")]
    assert matched(then, more) == [
        ("regressed", "/x/0", "/x/1"),
        ("not_matched", "/x/1", None),
        ("not_matched", None, "/x/0"),
    ]
    assert matched(then[:1], more) == [("regressed", "/x/0", "/x/1"), ("newly_met", None, "/x/0")]


def made(outcome: str, **facts: Any) -> dict[str, Any]:
    """A finding on the one unit that was made then, by somebody: facts that the schema names."""
    [found] = kept.documents([("a", "R1", "/x/0", outcome)])
    return {**found, "key": [facts], "key_named": True}


@pytest.mark.parametrize(
    "facts",
    [
        {"at": "2026-03-02", "by": "police"},
        {"at": "2026-03", "by": "police"},
        {"at": "2026", "by": "police"},
        {"by": "police"},
        {"at": "2026-03-02T10:00:00"},
        {"at": "2026-03"},
        {"to": "school"},
    ],
)
def test_a_unit_whose_key_is_recorded_less_fully_is_neither_gone_nor_new(facts: Any) -> None:
    full = made("not_met", at="2026-03-02T10:00:00", by="police")
    for then, now in ((full, made("met", **facts)), (made("met", **facts), full)):
        assert matched([then], [now]) == [("not_matched", "/x/0", None),
                                          ("not_matched", None, "/x/0")]  # fmt: skip


@pytest.mark.parametrize(
    "facts",
    [
        {"at": "2026-03-03", "by": "police"},
        {"at": "2026-04"},
        {"at": "2026-03-02T10:01:00", "by": "police"},
        {"at": "2026-03-02", "by": "school"},
    ],
)
def test_a_unit_whose_key_can_not_be_the_other_is_gone_and_new(facts: Any) -> None:
    full = made("not_met", at="2026-03-02T10:00:00", by="police")
    assert matched([full], [made("met", **facts)]) == [
        ("no_longer_judged", "/x/0", None), ("newly_met", None, "/x/0")
    ]  # fmt: skip


def test_a_key_of_which_only_the_hash_was_kept_may_be_any_that_the_other_run_lacks() -> None:
    then, now = (
        {**made("not_met", at=day), "key": None, "key_sha256": day}
        for day in ("2026-03-02", "2026-03-03")
    )
    assert matched([then], [now]) == [
        ("not_matched", "/x/0", None), ("not_matched", None, "/x/0")
    ]  # fmt: skip
    assert matched([then], [then]) == [("still_open", "/x/0", "/x/0")]
    assert matched([then], [then, now]) == [
        ("still_open", "/x/0", "/x/0"), ("opened", None, "/x/0")
    ]  # fmt: skip


@pytest.mark.parametrize("names", [("AA", "AF"), ("FF", "FA"), ("FFA", "AAF"), ("AAF", "AAB")])
def test_of_equal_units_one_that_changed_is_not_guessed(names: tuple[str, str]) -> None:
    runs = [
        [
            keyed(f"/x/{place}", f"{name}?", "not_met" if name == "F" else "met")
            for place, name in enumerate(each)
        ]
        for each in names
    ]
    for then, now in (runs, runs[::-1]):
        assert {found.change for found in unit_changes(then, now)} == {"not_matched"}


findings = st.lists(
    st.builds(
        lambda unit, name, outcome: keyed(unit, name, outcome),
        st.sampled_from(["/x/0", "/x/1"]),
        st.sampled_from(["bell", "fork", "fork?", "lamp?", None]),
        st.sampled_from(kept.OUTCOMES),
    ),
    max_size=5,
)


@given(findings, findings)
def test_each_unit_of_either_run_is_in_one_class_and_open_units_add_up(
    then: list[Any], now: list[Any]
) -> None:
    found = list(unit_changes(then, now))
    for side, known in ((then, 1), (now, 2)):
        told = [change[known] for change in found if change[known] is not None]
        assert sorted(map(id, told)) == sorted(map(id, side))
    assert {change.change for change in found} <= set(CHANGES)
    named = {"opened", "regressed", "still_open", "open_in_new_record", "not_matched"}
    for change in found:
        if change.now is not None and change.now["outcome"] == "not_met":
            assert change.change in named


@given(findings, findings, st.randoms())
def test_no_order_of_findings_changes_what_became_of_a_unit(
    then: list[Any], now: list[Any], random: Any
) -> None:
    def told(first: list[Any], second: list[Any]) -> list[tuple[Any, ...]]:
        found = unit_changes(first, second)
        return sorted((each.change, id(each.then), id(each.now)) for each in found)

    before = told(then, now)
    mixed = random.sample(then, len(then)), random.sample(now, len(now))
    assert told(*mixed) == before


def test_a_run_compared_with_itself_has_no_change() -> None:
    findings = [("a", "R1", "", "met"), ("a", "R2", "", "not_met"), ("b", "R1", "", "excepted")]
    found = compare_runs(_side("one", findings), _side("two", findings))
    assert [row["difference"] for row in found["rules"]] == [0.0, None]
    assert [change["change"] for change in found["changes"]] == ["still_open"]


def _records(
    met: int, of: int, *, rule: str = "a", silent: int = 0, name: str = "R"
) -> list[kept.Finding]:
    """Findings on records of one unit each, some of which are not evidenced."""
    told = [(rule, f"{name}{n}", "", "met" if n < met else "not_met") for n in range(of)]
    return [*told, *((rule, f"S{n}", "", "not_evidenced") for n in range(silent))]


@pytest.mark.parametrize(
    ("then", "now", "p", "verdict", "needed"),
    [
        ((0, 3), (3, 3), 0.10, "cannot_tell", 4),
        ((2, 5), (6, 6), 0.061, "cannot_tell", 8),
        ((6, 9), (12, 12), 0.063, "cannot_tell", 16),
        ((0, 3), (6, 6), 0.012, "higher", None),
        ((6, 6), (0, 3), 0.012, "lower", None),
    ],
)
def test_a_change_is_told_where_chance_does_not_explain_it(
    then: tuple[int, int], now: tuple[int, int], p: float, verdict: str, needed: int | None
) -> None:
    sides = _side("one", _records(*then)), _side("two", _records(*now, name="N"))
    (row,) = compare_runs(*sides)["rules"]
    assert (round(row["p_value"], 3), row["verdict"], row["needed"]) == (
        pytest.approx(p, abs=0.0005), verdict, needed,
    )  # fmt: skip


def test_several_rules_are_allowed_for() -> None:
    names = [f"r{n}" for n in range(10)]
    then = [*_records(0, 3), *(f for name in names for f in _records(5, 9, rule=name))]
    now = [*_records(6, 6, name="N"),
           *(f for name in names for f in _records(5, 9, rule=name, name="N"))]  # fmt: skip
    row = compare_runs(_side("one", then), _side("two", now))["rules"][0]
    assert (row["verdict"], round(row["adjusted_p_value"], 2)) == ("cannot_tell", 0.13)


def test_what_is_not_evidenced_is_in_no_share() -> None:
    found = compare_runs(
        _side("one", _records(0, 3, silent=9)), _side("two", _records(6, 6, silent=1))
    )
    (row,) = found["rules"]
    assert (row["difference"], row["verdict"]) == (1.0, "higher")
    assert row["then"]["records"] == 12
    assert compare_runs(_side("one", _records(0, 0, silent=3)), _side("two", _records(1, 1)))[
        "rules"
    ][0]["verdict"] == "no_rate"  # fmt: skip


def test_units_of_one_record_are_not_taken_for_independent() -> None:
    """Thirty units of three records, all worse than thirty of three others: three and three."""
    then, now = (
        [("a", f"{name}{n}", f"/{unit}", outcome) for n in range(3) for unit in range(10)]
        for name, outcome in (("R", "not_met"), ("N", "met"))
    )
    (row,) = compare_runs(_side("one", then), _side("two", now))["rules"]
    assert (row["verdict"], round(row["p_value"], 3), row["needed"]) == ("cannot_tell", 0.1, 4)


def test_a_record_with_one_unit_met_and_one_not_evidenced_is_not_evidenced() -> None:
    mixed = [("a", "R1", "/0", "met"), ("a", "R1", "/1", "not_evidenced")]
    worse = [*mixed, ("a", "R1", "/2", "not_met")]
    (row,) = compare_runs(_side("one", mixed), _side("two", worse))["rules"]
    sides = [(row[at]["records_met"], row[at]["records_not_met"]) for at in ("then", "now")]
    assert sides == [(0, 0), (0, 1)]


def test_a_bundle_that_did_not_count_records_is_compared_where_each_has_one_unit() -> None:
    then, now = _side("one", _records(0, 3)), _side("two", _records(6, 6))
    several = _side("one", [("a", "R1", "/0", "met"), ("a", "R1", "/1", "met")])
    for head in (then.head, several.head):
        for name in ("records_met", "records_not_met"):
            del head["rules"][0]["totals"][name]
    verdicts = [compare_runs(side, now)["rules"][0]["verdict"] for side in (then, several)]
    assert verdicts == ["higher", "not_compared"]


OLD = [("a", f"R{n}", "", "met") for n in range(10)]
NEW = [("a", f"R{n}", "", "not_met") for n in range(10)]


def test_a_changed_rule_is_not_compared_and_its_units_are_not_called_regressed() -> None:
    found = compare_runs(
        _side("one", OLD, meanings={"a": "old"}), _side("two", NEW, meanings={"a": "new"})
    )
    (row,) = found["rules"]
    assert (row["rule"], row["verdict"], row["findings"], row["split"]) == (
        "changed", "not_compared", None, None,
    )  # fmt: skip
    assert found["changes"] == []


def test_the_old_records_by_the_new_rules_tell_the_change_of_rules_from_that_of_practice() -> None:
    half = [("a", f"R{n}", "", "met" if n < 5 else "not_met") for n in range(10)]
    found = compare_runs(
        _side("one", OLD, meanings={"a": "old"}),
        _side("two", NEW, meanings={"a": "new"}),
        _side("old", half, meanings={"a": "new"}),
    )
    split = found["rules"][0]["split"]
    assert (split["of_rule"], split["of_practice"]["difference"]) == (-0.5, -0.5)
    assert split["old_records"]["met"] == 5
    assert split["of_practice"]["verdict"] == "same_records"


def test_the_same_records_are_not_tested_and_do_not_count_among_the_rules_compared() -> None:
    then = [*_records(5, 6, silent=1), *_records(0, 3, rule="b")]
    now = [*_records(6, 6, silent=1), *_records(6, 6, rule="b")]
    same, partly = compare_runs(_side("one", then), _side("two", now))["rules"]
    names = ("verdict", "p_value", "interval", "needed", "power", "records_in_both")
    assert [same[name] for name in names] == ["same_records", None, None, None, None, 7]
    assert round(same["difference"], 3) == 0.167
    assert (partly["verdict"], partly["records_in_both"]) == ("higher", 3)
    assert partly["p_value"] == partly["adjusted_p_value"]


def test_whether_records_are_the_same_is_not_known_where_findings_were_not_kept() -> None:
    found = compare_runs(RunSide("one", kept.head(OLD), None), _side("two", OLD))
    assert [(row["verdict"], row["records_in_both"]) for row in found["rules"]] == [
        ("cannot_tell", None)
    ]


def test_rules_of_one_run_only_are_told() -> None:
    found = compare_runs(
        _side("one", [("a", "R", "", "met")]), _side("two", [("b", "R", "", "met")])
    )
    assert [(row["id"], row["rule"]) for row in found["rules"]] == [
        ("b", "only_now"), ("a", "only_then"),
    ]  # fmt: skip


def test_runs_of_two_packs_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        compare_runs(_side("one", OLD), _side("two", NEW, pack="other"))
    assert str(caught.value) == (
        "one is a run of the pack workshop, two of other: they share no rules. Compare runs of one "
        "pack"
    )


def test_totals_are_compared_where_findings_were_not_kept() -> None:
    found = compare_runs(RunSide("one", kept.head(OLD), None), _side("two", NEW))
    assert (found["findings_kept"], found["rules"][0]["verdict"]) == (False, "lower")
    assert found["rules"][0]["findings"] is None
