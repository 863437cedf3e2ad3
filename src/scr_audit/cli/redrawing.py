"""`scr-audit redraw` and `replace`: a sample drawn again, and a record that cannot be audited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from scr_audit.anonymity.authored import check_authored
from scr_audit.anonymity.patterns import identifiers_in
from scr_audit.cli.app_samples import RedrawRequest
from scr_audit.cli.drawing import Drawing, drawn_sample, read_frame
from scr_audit.cli.output import Written, check_format, check_writable, write_all
from scr_audit.cli.planning import Chosen, chosen_plan
from scr_audit.cli.sampling import recent_draws
from scr_audit.cli.streams import OK, WRONG, say
from scr_audit.documents.sample import DrawnInfo, NotAgainInfo, SampleDocument
from scr_audit.errors import InputError, listed
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack
from scr_audit.plans.plan import shipped_plans
from scr_audit.plans.population import strata_facts
from scr_audit.records.files import expanded
from scr_audit.records.read import check_readable
from scr_audit.report.wording import counted, one_line
from scr_audit.sampling.stored import read_sample, with_replacement

_MOST_NAMED = 20
Listed = Sequence[DrawnInfo | NotAgainInfo]


def redraw_command(request: RedrawRequest) -> int:
    """Draw again and say whether it is the same draw; exit code 2 where it is another one."""
    check_authored(request.plan)
    sample = read_sample(request.sample)
    names = expanded(request.files)
    check_readable(names)
    chosen = _chosen(request, sample)
    pack = load_pack(request.pack)
    recent = _recent(request, sample, chosen)
    facts, problems = strata_facts(pack, chosen.plan, sample.asked.strata)
    if problems:
        raise InputError(f"{request.sample}: strata: {problems[0].message}")
    files = [Path(name) for name in names]
    frame = read_frame(files, pack, chosen, strata=facts, as_of=sample.drawn_on)
    if frame is None:
        return WRONG
    drawing = Drawing(chosen, sample.asked, sample.seed, sample.drawn_on, recent)
    try:
        again = drawn_sample(drawing, frame)
    except InputError as error:
        raise InputError(f"{request.sample}: cannot be drawn again: {error}") from error
    for note in _notes(request, sample, chosen, frame.pack):
        say(f"note: {note}")
    return _told(request.sample, sample, list(_differences(sample, again)))


def _chosen(request: RedrawRequest, sample: SampleDocument) -> Chosen:
    name = request.plan or sample.plan.id
    if request.plan is None and name not in shipped_plans():
        raise InputError(
            f"{request.sample}: was drawn for the plan '{name}', which is no shipped one: name its "
            "file with --audit"
        )
    chosen = chosen_plan(name, sample.frame.period, as_of=sample.drawn_on)
    assert chosen is not None
    if chosen.plan.id != sample.plan.id:
        raise InputError(
            f"{request.sample}: was drawn for the plan '{sample.plan.id}', not '{chosen.plan.id}'"
        )
    return chosen


def _recent(request: RedrawRequest, sample: SampleDocument, chosen: Chosen) -> dict[str, date]:
    """What was not to be drawn again: by the earlier samples or, without them, as the file says."""
    if not request.previous:
        return {item.id: item.drawn_on for item in sample.not_again}
    kind, day = sample.frame.kind, sample.drawn_on
    return recent_draws(request.previous, sample.asked, chosen, kind=kind, as_of=day)


def _notes(
    request: RedrawRequest, sample: SampleDocument, chosen: Chosen, pack: Pack
) -> Iterator[str]:
    """What may explain a difference, or what was taken on trust."""
    if sample.plan.sha256 != chosen.plan.sha256:
        yield f"the plan '{chosen.plan.id}' was changed since the draw"
    if sample.pack.sha256 != pack.sha256:
        was = f"{sample.pack.id} {sample.pack.version}"
        yield f"the pack is not that of the draw: {was} then, {pack.id} {pack.version} now"
    if sample.not_again and not request.previous:
        yield (
            f"{counted(len(sample.not_again), 'record')} drawn too recently, as the file says; "
            "give the earlier samples with --previous to check that too"
        )


def _differences(sample: SampleDocument, again: SampleDocument) -> Iterator[str]:
    then, now = sample.frame, again.frame
    if then.kind != now.kind:
        yield f"the kind of records: {then.kind} then, {now.kind} now"
    if then.filter != now.filter:
        yield f"the filter: {then.filter or 'none'} then, {now.filter or 'none'} now"
    if then.size != now.size:
        yield f"the size of the frame: {then.size:,} then, {now.size:,} now"
    if then.sha256 != now.sha256:
        yield (
            f"the ids of the frame: their SHA-256 was {then.sha256[:12]}… and is "
            f"{now.sha256[:12]}…; records came in or went out"
        )
    yield from _changed("not to be drawn again", sample.not_again, again.not_again)
    if sample.strata != again.strata:
        yield "the strata: how many records are in them, or how many of them are drawn"
    yield from _changed("drawn", sample.drawn, again.drawn)
    yield from _changed("reserve", sample.reserve, again.reserve)


def _changed(what: str, then: Listed, now: Listed) -> Iterator[str]:
    """The records of a list that only one of the draws has, or that their order differs."""
    if then == now:
        return
    before, after = ([item.id for item in items] for items in (then, now))
    gone = [name for name in before if name not in set(after)]
    new = [name for name in after if name not in set(before)]
    if gone:
        yield f"{what}: only in the file: {listed(gone, most=_MOST_NAMED)}"
    if new:
        yield f"{what}: only now: {listed(new, most=_MOST_NAMED)}"
    if not gone and not new:
        yield f"{what}: the same records in another order, or of other strata"


def _told(path: Path, sample: SampleDocument, differences: list[str]) -> int:
    for difference in differences:
        say(one_line(f"differs: {difference}"))
    if differences:
        say(f"scr-audit: {path}: these records do not give this draw")
        return WRONG
    say(
        f"{path}: the same draw: {counted(len(sample.drawn), 'record')} of {sample.frame.size:,}, "
        f"{len(sample.reserve):,} in reserve, from a frame with the SHA-256 "
        f"{sample.frame.sha256[:12]}…"
    )
    return OK


def replace_command(
    *, sample: Path, record: str, reason: str, by_role: str, on: date, output: Path | None
) -> int:
    """Enter the replacement into the sample's file; the exit code."""
    from scr_audit.documents.sample import sample_bytes

    for option, text in (("--reason", reason), ("--by-role", by_role)):
        _check_text(option, text)
    target = output or sample
    check_format(target, (".json",))
    drawn = read_sample(sample)
    check_writable(target)
    try:
        made = with_replacement(
            drawn, record, reason=reason.strip(), by_role=by_role.strip(), on=on
        )
    except InputError as error:
        raise InputError(f"{sample}: {error}") from error
    write_all([Written(target, (sample_bytes(made),))])
    added = made.replaced[-1]
    left = len(made.reserve) - len(made.replaced)
    say(one_line(f"audit {added.by} in place of {added.id}; {counted(left, 'record')} in reserve"))
    say(f"wrote {target}")
    return OK


def _check_text(option: str, text: str) -> None:
    """Refuse a text that tells nothing, is no line, or identifies somebody."""
    if not text.strip() or "\n" in text or "\r" in text:
        raise InputError(f"{option}: say it in one line; the sample's file keeps it")
    if identifiers_in(text):
        raise InputError(f"{option}: holds an identifier; say it without")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(f"{option}: is not text; give UTF-8") from None
