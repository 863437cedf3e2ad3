"""`scr-audit explain`: a rule in words, its source, or its verdicts; and `scr-audit try`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from scr_audit.anonymity.gate import Gate, check_reason
from scr_audit.anonymity.scan import check_authored
from scr_audit.approvals.approved import exceptions_of
from scr_audit.check.examples import answer, trial_pack
from scr_audit.cli.gate import say_allowed
from scr_audit.cli.packs import kind_or_first
from scr_audit.cli.run import say_left_out, say_remarks
from scr_audit.cli.streams import OK, WRONG, Screen, say
from scr_audit.engine import Engine
from scr_audit.errors import InputError, did_you_mean, listed
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.interpreter import Trace
from scr_audit.evaluate.read_aloud import rule_lines
from scr_audit.evaluate.reasons import value_words
from scr_audit.evaluate.rule_summary import Said, rule_summary
from scr_audit.inputs.files import check_readable, expand_names
from scr_audit.language.conditions import (
    OverItems,
    head_of,
)
from scr_audit.language.rule import Rule
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack
from scr_audit.report.wording import approval_text, one_line, unit_words
from scr_audit.runs.batch import OnFindings
from scr_audit.runs.bundle import rule_location
from scr_audit.runs.run import Run
from scr_audit.values.text import lower_first, normal_text, visible

_LAST_ROWS = 2  # what is said after the verdicts
_SIGNS = {True: "✓", False: "✗", None: "?"}


def explain_command(
    *,
    rule: str,
    files: tuple[str, ...],
    record: str | None,
    source: bool,
    conditions: bool,
    full: bool,
    pack: str | None,
    settings: Path | None,
    as_of: date,
    exceptions: Path | None,
    allow_identifiable: str | None,
) -> int:
    """Print the explanation; the exit code."""
    check_reason(allow_identifiable)
    check_authored(settings)
    loaded = load_pack(pack, settings=settings)
    found = _rule(loaded, rule)
    if source:
        print(Engine(loaded).source(found.id), end="")  # noqa: T201  # the command's result
        return OK
    if not files:
        if record is not None:
            raise InputError("--record needs the file the record is in: explain RULE FILE -r ID")
        screen = Screen(full=full or conditions, noun="sentence", wrap=not conditions)
        for line in _rule_lines(loaded, found, conditions=conditions):
            screen.show([_safe_line(line)])
        screen.end()
        return OK
    record = None if record is None else normal_text(record)
    engine = Engine(replace(loaded, rules=(found,)), exceptions_of(exceptions, loaded))
    gate = Gate(loaded, allow_identifiable)
    lines_of = _with_conditions if conditions else _finding_lines
    return _explain_records(
        engine, files, lines_of, record=record, as_of=as_of, gate=gate, full=full
    )


def _rule(pack: Pack, rule_id: str) -> Rule:
    try:
        return pack.rule(rule_id)
    except KeyError:
        known = [rule.id for rule in pack.rules]
        raise InputError(
            f"the pack {pack.id} has no rule '{rule_id}'.{did_you_mean(rule_id, known)} "
            f"See 'scr-audit list'."
        ) from None


def _rule_lines(pack: Pack, rule: Rule, *, conditions: bool) -> Iterator[str]:
    """A rule in a few sentences or, with `conditions`, each line of it."""
    see = f", see also {', '.join(rule.see)}" if rule.see else ""
    yield rule.title
    yield f"{rule.id}, {rule.severity} severity"
    yield ""
    if conditions:
        for line in rule_lines(rule, pack.parameters):
            bullet = f"{'  ' * line.depth}- " if line.depth else ""
            yield f"{bullet}{line.text}"
    else:
        for said in rule_summary(rule, pack.parameters):
            yield from _said(said)
    asked = next((item.title for item in pack.recommendations if item.id == rule.paragraph), "")
    yield f"Paragraph {rule.paragraph}{see}{f': {asked}' if asked else '.'}"
    if rule.advice:
        yield _advice(rule)
    if conditions:
        yield f"Written at {rule_location(pack, rule)}"
    else:
        yield f"Every condition: scr-audit explain {rule.id} --conditions"


def _said(said: Said) -> Iterator[str]:
    """Sentences behind their heading or, where they are a list, below it."""
    if not said.is_list:
        yield f"{said.heading}: {lower_first(' '.join(said.sentences))}"
        return
    yield f"{said.heading}:"
    yield from (f"  - {sentence}" for sentence in said.sentences)


def _advice(rule: Rule) -> str:
    return f"If not met: {rule.advice}"


def _explain_records(
    engine: Engine,
    files: Sequence[str],
    lines_of: Callable[[Finding], Iterator[str]],
    *,
    record: str | None,
    as_of: date,
    gate: Gate,
    full: bool,
) -> int:
    shown, [rule] = 0, engine.pack.rules
    judged: set[str] = set()
    outcomes: set[str] = set()
    screen = Screen(full=full, noun="verdict", kept=_LAST_ROWS)

    def show(findings: list[Finding]) -> None:
        nonlocal shown
        for finding in findings:
            judged.add(finding.record)
            if finding.rule == rule.id and record in (None, finding.record):
                shown += 1
                outcomes.add(finding.outcome)
                screen.show(map(_safe_line, lines_of(finding)))

    run = judge_files(engine, files, as_of, gate, show)
    screen.end()
    if "not_met" in outcomes and rule.advice:
        print(_safe_line(_advice(rule)))  # noqa: T201  # the command's result
    if record is not None and not shown:
        hint = did_you_mean(record, judged)
        raise InputError(f"no {rule.kind} record '{record}' was judged in {listed(files)}.{hint}")
    if not shown:
        say(f"scr-audit: nothing to explain: no {rule.kind} record was judged.")
    return WRONG if run.left_out_count else OK


def judge_files(
    engine: Engine, files: Sequence[str], as_of: date, gate: Gate, show: OnFindings
) -> Run:
    """Judge records, `show` the findings of each, and say what of them was not judged."""
    files = expand_names(files)
    check_readable(files)
    paths = [Path(name) for name in files]
    run = engine.run(paths, as_of=as_of, on_findings=show, admit=gate.admit)
    gate.check("nothing more")
    say_allowed(gate)
    say_left_out(run)
    say_remarks(run)
    return run


def _safe_line(line: str) -> str:
    """A line without line breaks and hidden characters."""
    return visible(line).replace("\n", " ")


def _finding_lines(finding: Finding) -> Iterator[str]:
    judgement = finding.judgement
    rule = judgement.rule
    unit = unit_words(finding.key, finding.unit, rule.unit, rule.units)
    which = f", {unit}" if finding.unit else ""
    yield f"{finding.record}{which}: {finding.outcome.replace('_', ' ')}"
    if finding.excepted_by is not None:
        approval = finding.excepted_by.to_dict()
        yield f"  {approval_text(approval, finding.original_outcome)}"
    yield f"  {finding.reason}"
    if remedy := finding.look_in or (finding.remedy.text if finding.remedy is not None else ""):
        yield f"  {remedy}"
    named = (*judgement.criteria.items(), *judgement.exceptions.items())
    for name, trace in named if len(named) > 1 else ():
        yield f"  {_sign(finding, name, trace)} {name.replace('_', ' ')}"


def _sign(finding: Finding, name: str, trace: Trace) -> str:
    return "–" if name in finding.judgement.waiting else _SIGNS[trace.value]


def _with_conditions(finding: Finding) -> Iterator[str]:
    """What a rule's author looks for: each condition as it is written, and the facts it used."""
    judgement = finding.judgement
    yield from _finding_lines(finding)
    yield f"  {finding.unit or 'the record'}"
    for trace in judgement.scope:
        yield f"  {_SIGNS[trace.value]} applies"
        yield from _trace_lines(trace, 2)
    for name, trace in (*judgement.criteria.items(), *judgement.exceptions.items()):
        yield f"  {_sign(finding, name, trace)} {name}"
        yield from _trace_lines(trace, 2)
    for use in judgement.uses:
        yield f"    {use.pointer} = {value_words(use.value)}"


def _trace_lines(trace: Trace, depth: int) -> Iterator[str]:
    indent = "  " * depth
    item = isinstance(trace.condition, OverItems) and not trace.uses
    words = "item" if item else head_of(trace.condition)
    yield f"{indent}{_SIGNS[trace.value]} {words}"
    for use in trace.uses:
        yield f"{indent}    {use.pointer} = {value_words(use.value)}"
    for part in trace.parts:
        yield from _trace_lines(part, depth + 1)


def try_command(
    *,
    condition: str,
    files: tuple[str, ...],
    for_each: tuple[str, ...],
    kind: str | None,
    full: bool,
    pack: str | None,
    as_of: date,
    allow_identifiable: str | None,
) -> int:
    """Print a line for each unit; the exit code."""
    check_reason(allow_identifiable)
    loaded = load_pack(pack)
    if pack is None:
        say(f"scr-audit: no pack is named with -p; the condition is asked of {loaded.id}.")
    tried = trial_pack(loaded, condition, kind_or_first(loaded, kind).name, for_each)
    (rule,) = tried.rules
    shown, screen = 0, Screen(full=full, noun="answer", kept=_LAST_ROWS)

    def show(findings: list[Finding]) -> None:
        nonlocal shown
        for finding in findings:
            which = unit_words(finding.key, finding.unit, rule.unit, rule.units)
            unit = f"{finding.record}, {which}" if finding.unit else finding.record
            screen.show([one_line(f"{unit}: {answer(finding)}. {finding.reason}")])
            shown += 1

    run = judge_files(Engine(tried), files, as_of, Gate(loaded, allow_identifiable), show)
    screen.end()
    if not shown:
        say(f"scr-audit: nothing to ask: no {rule.kind} record was judged.")
    return WRONG if run.left_out_count else OK
