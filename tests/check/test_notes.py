"""What no rule asks is noted in one line, and never fails a check."""

from pathlib import Path

from checking import GOOD, check_of
from small_pack import RULE_FILE, pack_of, rule_file, write_pack
from worded import records

from scr_audit.check.pack_check import notes_on
from scr_audit.packs.load import load_folder


def test_facts_with_a_question_and_parameters_that_no_rule_uses_are_counted(tmp_path: Path) -> None:
    assert notes_on(pack_of(tmp_path, GOOD)) == (
        "records.yaml: no rule asks for 6 facts with a question, such as job.model, job.safe and "
        "job.booked_on",
        "pack.yaml: no rule asks for 3 parameters: most_days, check_days and safe_tools",
    )


def test_notes_fail_no_strict_check(tmp_path: Path) -> None:
    found = check_of(tmp_path, GOOD, strict=True)
    assert len(found.notes) == 2
    assert not found.fails


def test_a_list_that_a_rule_walks_and_what_it_compares_are_used(tmp_path: Path) -> None:
    rule = """
    for_each: parts as part
    if_none: not_met
    require:
      it: part.fitted_on within {most_days} days after booked_on
    """
    facts, parameters = notes_on(pack_of(tmp_path, rule))
    assert "for 8 facts with a question" in facts
    assert parameters.endswith(": check_days and safe_tools")


def test_what_a_pack_with_words_tells_by_a_question_is_counted(tmp_path: Path) -> None:
    rule = """
    for_each: parts as part
    where: part.worn
    if_none: not_met
    require:
      it: part.fitted
      made: {some: part.checks as check, where: check.passed, called: a passed check}
    """
    files = {RULE_FILE: rule_file(rule), "records.yaml": records(("the {name}",))}
    notes = notes_on(load_folder(write_pack(tmp_path / "worded", files)))
    assert notes[-2:] == (
        "records.yaml: no x-says and no x-unknown for 1 fact that rules read: job.parts.checks",
        "rules: no 'called' where items of a list are chosen, in 1 rule: one",
    )
    called = rule.replace("where: part.worn", "where: part.worn\n    called: a worn part")
    files[RULE_FILE] = rule_file(called)
    assert len(notes_on(load_folder(write_pack(tmp_path / "called", files)))) == len(notes) - 1
    assert len(notes_on(pack_of(tmp_path / "wordless", rule))) == len(notes) - 2
