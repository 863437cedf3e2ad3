"""`scr-audit replace`: a drawn record that cannot be audited, and the one that takes its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scr_audit.anonymity.patterns import identifiers_in
from scr_audit.cli.exits import OK
from scr_audit.cli.output import Written, check_format, check_writable, write_all
from scr_audit.cli.streams import say
from scr_audit.errors import InputError
from scr_audit.report.wording import counted, one_line
from scr_audit.runs.replacement import with_replacement
from scr_audit.runs.stored_sample import read_sample


@dataclass(frozen=True)
class ReplaceRequest:
    """What the command line asked for; `output` may be the sample itself."""

    sample: Path
    record: str
    reason: str
    by_role: str
    on: date
    output: Path


def replace_command(request: ReplaceRequest) -> int:
    """Enter the replacement into the sample's file; the exit code."""
    from scr_audit.runs.sample_models import sample_bytes

    for option, text in (("--reason", request.reason), ("--by-role", request.by_role)):
        _check_text(option, text)
    check_format(request.output, (".json",))
    sample = read_sample(request.sample)
    check_writable(request.output)
    try:
        made = with_replacement(
            sample,
            request.record,
            reason=request.reason.strip(),
            by_role=request.by_role.strip(),
            on=request.on,
        )
    except InputError as error:
        raise InputError(f"{request.sample}: {error}") from error
    write_all([Written(request.output, (sample_bytes(made),))])
    added = made.replaced[-1]
    left = len(made.reserve) - len(made.replaced)
    say(one_line(f"audit {added.by} in place of {added.id}; {counted(left, 'record')} in reserve"))
    say(f"wrote {request.output}")
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
