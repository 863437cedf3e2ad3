"""Runs many command lines, each in a process of its own that is forked after the imports.

Reads `[[folder, [argument, ...]], ...]` as JSON and writes `[[code, out, err], ...]`. A new
interpreter for each of a hundred commands would take most of a minute, spent in imports.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from typing import NoReturn

# What the commands import when they need it.
import jsonschema  # noqa: F401
import rich.table  # noqa: F401

import scr_audit.check.report
import scr_audit.cli.explaining
import scr_audit.cli.listing
import scr_audit.cli.running
import scr_audit.records.explain
import scr_audit.report.html
import scr_audit.report.terminal  # noqa: F401
from scr_audit.cli import main


def in_child(arguments: list[str], folder: str, out: int, err: int) -> NoReturn:
    code = 99
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.chdir(folder)
        sys.argv = ["scr-audit", *arguments]
        main()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 98
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def result(folder: str, arguments: list[str]) -> tuple[int, str, str]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            in_child(arguments, folder, out.fileno(), err.fileno())
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        return code, out.read().decode(), err.read().decode()


if __name__ == "__main__":
    json.dump([result(*command) for command in json.load(sys.stdin)], sys.stdout)
