"""What no rule asks is noted in one line, and never fails a check."""

from pathlib import Path

from checking import GOOD, check_of
from small_pack import pack_of

from scr_audit.check.unused import unused


def test_facts_with_a_question_and_parameters_that_no_rule_uses_are_counted(tmp_path: Path) -> None:
    assert unused(pack_of(tmp_path, GOOD)) == (
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
    facts, parameters = unused(pack_of(tmp_path, rule))
    assert "for 8 facts with a question" in facts
    assert parameters.endswith(": check_days and safe_tools")
