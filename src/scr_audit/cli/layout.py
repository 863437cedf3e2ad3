"""`scr-audit format`: rule files in one layout."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path

from scr_audit.cli.streams import FINDINGS, OK, say
from scr_audit.errors import InputError
from scr_audit.outputs import Written, write_all
from scr_audit.packs.layout import changed_layouts, rule_files
from scr_audit.values.text import counted


def _check_writable(paths: Iterable[Path]) -> None:
    """Refuse files that somebody made read-only: replacing them would not ask."""
    for path in paths:
        if not path.stat().st_mode & stat.S_IWUSR:
            raise InputError(
                f"{path}: is read-only, and no file was changed. Make it writable first"
            )


def format_command(*, names: tuple[Path, ...], check: bool) -> int:
    """Write rule files anew, or with `check` only name those that would change; the exit code."""
    files = rule_files(names or (Path(),))
    changed = changed_layouts(files)
    if not check:
        _check_writable(changed)
        write_all(Written(path, [data]) for path, data in changed.items())
    for path in changed:
        print(path)  # noqa: T201  # the command's result
    what = "would change" if check else "changed"
    say(f"{len(changed)} of {counted(len(files), 'rule file')} {what}")
    return FINDINGS if check and changed else OK
