"""Runs a command line: the one place where failures become words and exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import typer

from scr_audit.cli import app  # noqa: F401  # which declares the commands
from scr_audit.cli.options import command_line
from scr_audit.cli.streams import FAULT, INTERRUPTED, OK, WRONG, drop_stdout, prepare_streams, say
from scr_audit.errors import ArgumentError, PackError, ScrAuditError
from scr_audit.values.text import counted


def run_app(arguments: Sequence[str]) -> int:
    """Run a command line; its exit code. No failure shows a traceback."""
    try:
        prepare_streams()  # writes what `--version` could not
        code = _exit_code(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        drop_stdout()
        return OK
    except OSError as error:
        drop_stdout()
        say(f"scr-audit: standard output: {error.strerror or error}")
        return WRONG
    return code


def _exit_code(arguments: Sequence[str]) -> int:
    """Run a command line and report what failed; its exit code."""
    try:
        code = command_line(arguments)(args=list(arguments), standalone_mode=False)
    except ScrAuditError as error:
        say_failure(error)
        return WRONG
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except SystemExit as error:
        # The libraries of the command line end the process where the reader of a pipe has gone.
        if isinstance(error.__context__, BrokenPipeError):
            raise error.__context__ from None
        return error.code if isinstance(error.code, int) else WRONG  # completion ends so
    except BrokenPipeError:
        raise
    except Exception as error:
        return _say_other_failure(error)
    if code == INTERRUPTED:
        say("scr-audit: interrupted; no output file was changed.")
    return code if isinstance(code, int) else OK


def say_failure(error: ScrAuditError) -> None:
    """Report wrong rules or wrong input."""
    from scr_audit.anonymity.gate import IdentifiersFoundError  # few commands need it
    from scr_audit.cli.gate import say_stopped

    if isinstance(error, PackError):
        say(f"{error}\n{counted(len(error.problems), 'problem')}; nothing was run.")
    elif isinstance(error, IdentifiersFoundError):
        say_stopped(error)
    elif isinstance(error, ArgumentError):
        say(f"scr-audit: {_option_of(error.argument)}: {error.message}")
    else:
        say(f"scr-audit: {error}")


_OPTIONS = {"quarter": "in"}


def _option_of(argument: str) -> str:
    """The option for a library argument, with its value; a place stays as it is."""
    name, *value = argument.split(" ", 1)
    if not name.isidentifier():
        return argument
    return " ".join([f"--{_OPTIONS.get(name, name).replace('_', '-')}", *value])


def _say_other_failure(error: Exception) -> int:
    """Report a usage error, an operating system error or our own fault; the exit code."""
    if type(error).__name__ == "NoArgsIsHelpError":
        say(str(error))
        return WRONG
    message = getattr(error, "format_message", None)
    if message is not None:
        from scr_audit.anonymity.patterns import redact  # few commands need it

        words = redact(message().replace("Value error, ", "").rstrip())  # apart from ours
        end = "" if words.endswith((".", "?", ")")) else "."
        say(f"scr-audit: {words}{end} Try '{_help_of(error)}'.")
        return WRONG
    if isinstance(error, typer.Exit):
        return int(error.exit_code)
    if isinstance(error, OSError):
        if not error.filename:  # standard output; errors about files have their names
            drop_stdout()
        where = error.filename or "standard output"
        say(f"scr-audit: {where}: {error.strerror or error}")
        return WRONG
    if isinstance(error, MemoryError):
        say("scr-audit: not enough memory. Records in .ndjson files are read one by one.")
        return WRONG
    _say_fault(error)
    return FAULT


def _help_of(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    names: list[str] = []
    while context is not None and context.parent is not None:
        names.insert(0, f" {context.info_name}")
        context = context.parent
    return f"scr-audit{''.join(names)} --help"


def _say_fault(error: Exception) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    at = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    say(
        f"scr-audit: this is a fault of scr-audit itself ({type(error).__name__} at {at}). "
        "Please send this line and the command to the maintainers of scr-audit."
    )
    if os.environ.get("SCR_AUDIT_DEBUG"):
        traceback.print_exception(error)
