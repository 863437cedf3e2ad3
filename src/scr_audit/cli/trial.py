"""`scr-audit try`: what one condition says of every record of a file."""

from __future__ import annotations

from datetime import date

from scr_audit.anonymity.gate import Gate, check_reason
from scr_audit.check.trial import answer, trial_pack
from scr_audit.cli.explain import judge_files
from scr_audit.cli.packs import kind_of
from scr_audit.cli.streams import OK, WRONG, say
from scr_audit.engine import Engine
from scr_audit.evaluate.finding import Finding
from scr_audit.packs.builtin import load_pack
from scr_audit.report.wording import one_line, unit_words


def try_command(
    *,
    condition: str,
    files: tuple[str, ...],
    for_each: tuple[str, ...],
    kind: str | None,
    pack: str | None,
    as_of: date,
    allow_identifiable: str | None,
) -> int:
    """Print a line for each unit; the exit code."""
    check_reason(allow_identifiable)
    loaded = load_pack(pack)
    if pack is None:
        say(f"scr-audit: no pack is named with -p; the condition is asked of {loaded.id}.")
    tried = trial_pack(loaded, condition, kind_of(loaded, kind).name, for_each)
    (rule,) = tried.rules
    shown = 0

    def show(findings: list[Finding]) -> None:
        nonlocal shown
        for finding in findings:
            which = unit_words(finding.key, finding.unit, rule.unit, rule.units)
            unit = f"{finding.record}, {which}" if finding.unit else finding.record
            print(one_line(f"{unit}: {answer(finding)}. {finding.reason}"))  # noqa: T201  # the command's result
            shown += 1

    run = judge_files(Engine(tried), files, as_of, Gate(loaded, allow_identifiable), show)
    if not shown:
        say(f"scr-audit: nothing to ask: no {rule.kind} record was judged.")
    return WRONG if run.left_out_count else OK
