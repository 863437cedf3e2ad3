"""What a command worked out, written in every format that was asked for, and shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scr_audit.cli.output import Written, write_all
from scr_audit.cli.streams import reader_may_stop, say
from scr_audit.errors import InputError
from scr_audit.packs.builtin import shipped
from scr_audit.report.templates import ReportError, Templates

if TYPE_CHECKING:
    from rich.console import Console

Renderer = Callable[[Any, Templates], bytes]


def deliver(
    found: Any,
    outputs: Sequence[Path],
    formats: Mapping[str, Renderer],
    show: Callable[[Any, Console], None] | None,
) -> None:
    """Write all the outputs or none, then show it; without `show` nothing is said.

    Raises `InputError` where a file cannot be written or a template is wrong.
    """
    templates = Templates(shipped("reports"))
    try:
        write_all(
            Written(path, (formats[path.suffix.lower()](found, templates),)) for path in outputs
        )
    except ReportError as error:
        raise InputError(f"the report template is wrong: {error}") from error
    if show is None:
        return
    from rich.console import Console

    with reader_may_stop():
        show(found, Console(file=sys.stdout))
    for path in outputs:
        say(f"wrote {path}")
