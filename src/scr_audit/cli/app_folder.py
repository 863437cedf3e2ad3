"""The commands of an audit that is a folder: start, next, status."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from scr_audit.cli.options import AS_OF, PACK, NamedFile, app, argument, command, option

FOLDER = argument("The folder of the audit; default the current one.", default=None)


@command(app, "start", "audit_folder.start_command", spread=True)
class _Start:
    """Begin an audit: a folder with its list of cases."""

    plan: NamedFile = argument("An audit plan: an id, or a file; 'scr-audit list' shows them.")
    period: str = argument("2026Q3, 2026-07, 2026/27 or 2026-07-01..2026-09-30.")
    whose: str = option("--for", "Whose audit it is, such as a partnership.", default="")
    folder: Path | None = option("--folder", "A folder of another name.")
    pack: NamedFile | None = PACK


@command(app, "next", "audit_folder.next_command", spread=True)
class _Next:
    """Do the next step of an audit, and say what you do now."""

    folder: Path | None = FOLDER
    as_of: date = AS_OF
    no_actions: bool = option("--no-actions", "Nothing is to be done about it.", default=False)
    unlock: bool = option(
        "--unlock", "Go on where a program was stopped in the middle.", default=False
    )


@command(app, "status", "audit_folder.status_command", spread=True)
class _Status:
    """Say where an audit stands; nothing is changed."""

    folder: Path | None = FOLDER
