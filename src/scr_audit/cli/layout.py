"""`scr-audit format`: rule files in one layout."""

from __future__ import annotations

from pathlib import Path

from scr_audit.cli.streams import FINDINGS, OK, say
from scr_audit.outputs import Written, write_all
from scr_audit.packs.layout import changed_layouts, rule_files
from scr_audit.values.text import counted


def format_command(*, names: tuple[Path, ...], check: bool) -> int:
    """Write rule files anew, or with `check` only name those that would change; the exit code."""
    files = rule_files(names or (Path(),))
    changed = changed_layouts(files)
    if not check:
        write_all(Written(path, [data]) for path, data in changed.items())
    for path in changed:
        print(path)  # noqa: T201  # the command's result
    what = "would change" if check else "changed"
    say(f"{len(changed)} of {counted(len(files), 'rule file')} {what}")
    return FINDINGS if check and changed else OK
