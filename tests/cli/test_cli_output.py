"""Writing reports: refused early where they cannot be written, and never half written."""

from __future__ import annotations

import json
import os
import resource
import signal
import stat
import subprocess
from pathlib import Path

import pytest
from command_line import (
    COMMAND,
    DAY,
    SMALL,
    Result,
    audit,
    environment,
    in_a_process,
    job,
    scr_audit,
    write_json,
    write_lines,
)

from scr_audit.errors import InputError
from scr_audit.outputs import MADE_HERE, check_distinct

OLD = b"the old report\n"
LATE = {"booked_on": "2025-01-01", "returned_on": "2025-03-01", "parts": [{"name": "bell"}]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one record, and its own place for temporary files."""
    write_json(tmp_path / "in.json", [job("A", **LATE)])
    (tmp_path / "temporary").mkdir()
    return tmp_path


def hidden(folder: Path) -> list[str]:
    """What a run may leave behind: parts of reports, and files in the temporary folder."""
    return [path.name for path in [*folder.glob(".*"), *(folder / "temporary").iterdir()]]


def refused(folder: Path, *outputs: str) -> str:
    words = [word for name in outputs for word in ("-o", name)]
    result = scr_audit(*audit("in.json", "-q", *words), cwd=folder)
    assert (result.code, result.out) == (2, "")
    assert hidden(folder) == []
    return result.err.removeprefix("scr-audit: ").removesuffix("\n")


def test_a_place_that_is_no_file_is_refused(folder: Path) -> None:
    (folder / "r.html").mkdir()
    (folder / "device.json").symlink_to("/dev/full")
    os.mkfifo(folder / "pipe.json")
    assert refused(folder, "good.json", "nowhere/r.html") == (
        "nowhere/r.html: the folder nowhere does not exist; make it, or name another place"
    )
    assert refused(folder, "in.json/r.html") == (
        "in.json/r.html: the folder in.json is not a folder; make it, or name another place"
    )
    assert refused(folder, "r.html") == (
        "r.html: is a folder; name a file in it, such as r.html/report.html"
    )
    for name in ("device.json", "pipe.json"):
        assert refused(folder, name) == f"{name}: is a device or a pipe, not a file; name a file"
    assert (folder / "device.json").is_symlink()
    assert not (folder / "good.json").exists()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("9434765919.html", "an NHS number"),
        ("9434765919.htm", "an NHS number"),
        ("seen_by_Dr_Sample.html", "a name"),
        ("child at ZZ99 9ZZ.json", "a postcode"),
    ],
)
def test_a_name_that_tells_who_somebody_is_is_refused(folder: Path, name: str, kind: str) -> None:
    assert refused(folder, "good.json", name) == (
        f"the name of a file holds {kind}, and whoever sees the file reads its name; "
        "name the output otherwise"
    )
    assert [path.name for path in folder.glob("*.*")] == ["in.json"]


def test_no_command_writes_under_a_name_that_tells_who_somebody_is(folder: Path) -> None:
    name = "9434765919"
    commands = (
        ("anonymise", "in.json", *SMALL, "-o", f"{name}.json"),
        ("anonymise", "in.json", *SMALL, "-o", "out.json", "--report", f"{name}.json"),
        ("merge", "in.json", "in.json", *SMALL, "-o", f"{name}.json"),
        ("form", "new", *SMALL, "-o", f"{name}.xlsx"),
        ("form", "new", *SMALL, "--prefill", "in.json", "-o", name),
        ("check", *SMALL[1:], "-o", f"{name}.sarif"),
        ("history", "export", "last", "--store", "no.sqlite", "-o", f"{name}.json"),
        ("init", name),
    )
    for words in commands:
        result = scr_audit(*words, cwd=folder)
        assert (result.code, name in result.err) == (2, False), words
        assert "holds an NHS number, and whoever sees" in result.err, result.err
    assert sorted(path.name for path in folder.iterdir()) == ["in.json", "temporary"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder root cannot write")
def test_a_folder_that_cannot_be_written_is_refused(folder: Path) -> None:
    assert refused(folder, "/proc/r.json").startswith("/proc/r.json: cannot be written there: ")


def test_no_file_that_is_read_is_written_over(folder: Path) -> None:
    scr_audit(*audit("in.json", "-q", "-o", "then.json"), cwd=folder)
    scr_audit(*audit("in.json", "-q", "-o", "paper.docx"), cwd=folder)
    (folder / "settings.yaml").write_text("parameters: {}")
    (folder / "linked.json").symlink_to("settings.yaml")
    (folder / "e.json").write_text('{"exceptions": []}')
    held = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for words in (
        ("-o", "in.json"),
        ("-o", "e.json", "--exceptions", "e.json"),
        ("-o", "then.json", "--earlier", "then.json"),
        ("-o", "linked.json", "--settings", "settings.yaml"),
        ("-o", "paper.docx", "--template", "paper.docx"),
    ):
        result = scr_audit(*audit("in.json", "-q", *words), cwd=folder)
        assert (result.code, result.err) == (
            2, f"scr-audit: {words[1]}: is one of the files that are read; name another file\n"
        )  # fmt: skip
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == held


def test_two_reports_cannot_share_a_file(folder: Path) -> None:
    message = "r.json: two outputs have the same name; each needs its own file"
    assert refused(folder, "r.json", "./r.json") == message


def test_two_options_cannot_share_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        check_distinct([tmp_path / "b.json", tmp_path / "a.json"], new_key=tmp_path / "a.json")
    assert str(caught.value) == (
        f"{tmp_path / 'a.json'}: is named by -o and --new-key; each of them needs its own file"
    )


def test_several_reports_come_from_one_run(folder: Path) -> None:
    names = ("a.html", "b.json", "c.ndjson", "D.HTML")
    words = [word for name in names for word in ("-o", name)]
    result = scr_audit(*audit("in.json", *words), cwd=folder)
    assert (result.code, result.err) == (0, "".join(f"wrote {name}\n" for name in names))
    assert (folder / "a.html").read_bytes() == (folder / "D.HTML").read_bytes()
    lines = (folder / "c.ndjson").read_text(encoding="utf-8").splitlines()
    bundle = (folder / "b.json").read_text(encoding="utf-8")
    assert lines
    assert all(line in bundle for line in lines)


def test_only_a_report_with_pages_replaces_the_pages_of_its_name(folder: Path) -> None:
    pages = folder / "a-findings"
    pages.mkdir()
    (pages / MADE_HERE).write_text("", encoding="utf-8")
    assert scr_audit(*audit("in.json", "-o", "a.md", "-o", "a.csv"), cwd=folder).code == 0
    assert pages.exists()
    assert scr_audit(*audit("in.json", "-o", "a.html"), cwd=folder).code == 0
    assert not pages.exists()
    both = scr_audit(*audit("in.json", "-o", "a.html", "-o", "a.HTML"), cwd=folder)
    expected = "scr-audit: a-findings: two outputs have the same name; each needs its own file\n"
    assert (both.code, both.err) == (2, expected)


def test_a_new_report_keeps_the_links_and_permissions_of_the_old_one(folder: Path) -> None:
    (folder / "private.json").write_bytes(OLD)
    (folder / "private.json").chmod(0o600)
    (folder / "link.json").symlink_to("private.json")
    assert scr_audit(*audit("in.json", "-q", "-o", "link.json"), cwd=folder).code == 0
    assert (folder / "link.json").is_symlink()
    assert (folder / "private.json").read_bytes() != OLD
    assert stat.S_IMODE((folder / "private.json").stat().st_mode) == 0o600


def disk_of(size: int) -> None:
    """In a child: writing more than `size` bytes to a file fails as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_leaves_the_old_reports(folder: Path) -> None:
    outputs = ("-o", "old.json", "-o", "old.html")
    assert scr_audit(*audit("in.json", "-q", *outputs), cwd=folder).code == 0
    size = (folder / "old.json").stat().st_size  # the page is larger
    for name in ("old.json", "old.html"):
        (folder / name).write_bytes(OLD)
    temporary = {"TMPDIR": str(folder / "temporary")}
    for more in ((), ("--totals-only",)):
        result = in_a_process(
            *audit("in.json", *outputs, *more), cwd=folder, env=temporary,
            preexec_fn=lambda: disk_of(size),
        )  # fmt: skip
        assert result == Result(
            2,
            "",
            "scr-audit: old.html: could not be written: File too large. No file was changed.\n",
        )
        assert [(folder / name).read_bytes() for name in ("old.json", "old.html")] == [OLD, OLD]
        assert hidden(folder) == []


def test_a_full_temporary_folder_leaves_the_old_report(folder: Path) -> None:
    write_lines(folder / "in.ndjson", [job(f"R{number}", **LATE) for number in range(50)])
    (folder / "old.json").write_bytes(OLD)
    for size, jobs in ((0, "1"), (10_000, "1"), (10_000, "2")):
        result = in_a_process(
            *audit("in.ndjson", "-o", "old.json", "--jobs", jobs), cwd=folder,
            env={"TMPDIR": str(folder / "temporary")}, preexec_fn=lambda size=size: disk_of(size),
        )  # fmt: skip
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("scr-audit: ")
        assert "temporary" in result.err
        assert (folder / "old.json").read_bytes() == OLD
        assert hidden(folder) == []


def test_ctrl_c_leaves_the_old_report(folder: Path) -> None:
    long = {"customer": "x" * 1_000, **LATE}  # more bytes than are read at a time
    lines = "".join(f"{json.dumps(job(f'R{number}', **long))}\n" for number in range(1_000))
    (folder / "old.json").write_bytes(OLD)
    for more in ((), ("--totals-only", "--jobs", "2"), ("--jobs", "2")):
        running = subprocess.Popen(
            [*COMMAND, *audit("-", "-o", "old.json", *more)],
            cwd=folder,
            env=environment(TMPDIR=str(folder / "temporary")),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            # What runs in the background of a shell has SIGINT ignored, and hands that on.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        assert running.stdin is not None
        running.stdin.write(lines.encode())  # ends when most of it is judged; then it waits
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=60)
        assert (running.returncode, out) == (130, b"")
        assert err.decode() == "scr-audit: interrupted; no output file was changed.\n"
        assert (folder / "old.json").read_bytes() == OLD
        assert hidden(folder) == []


COMMANDS = {
    "run": audit("in.json"),
    "list": ("list", *SMALL),
    "schema": ("schema", "run"),
    "explain": ("explain", "back-in-time", "in.json", *SMALL, *DAY),
    "help": ("--help",),
    "version": ("--version",),
}


def unread(folder: Path, *words: str | Path) -> tuple[int, bytes]:
    """The exit code and the errors of a command whose output nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, *words], cwd=folder, env=environment(), stdout=writing,
        stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(writing)
    return done.returncode, done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_a_reader_that_stops_reading_is_no_failure(name: str, folder: Path) -> None:
    assert unread(folder, *COMMANDS[name]) == (0, b"")


def test_a_reader_that_stops_reading_changes_no_exit_code(folder: Path) -> None:
    words = audit("in.json", "--fail-on", "low", "-o", "r.json")
    assert unread(folder, *words) == (1, b"wrote r.json\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_standard_output_that_is_full_is_told(folder: Path) -> None:
    for name in ("run", "list", "schema", "version"):
        with open("/dev/full", "wb") as full:  # noqa: PTH123  # a device
            done = subprocess.run(
                [*COMMAND, *COMMANDS[name]], cwd=folder, env=environment(), stdout=full,
                stderr=subprocess.PIPE, check=False,
            )  # fmt: skip
        words = b"scr-audit: standard output: No space left on device\n"
        assert (name, done.returncode, done.stderr) == (name, 2, words)


def test_closed_streams_are_no_fault(folder: Path) -> None:
    def run(words: tuple[str | Path, ...], *closed: int) -> int:
        return subprocess.run(
            [*COMMAND, *words], cwd=folder, env=environment(), check=False,
            preexec_fn=lambda: [os.close(number) for number in closed],
        ).returncode  # fmt: skip

    assert run(audit("in.json", "-o", "r.json"), 1, 2) == 0
    assert (folder / "r.json").exists()
    assert run(audit("missing.json"), 1, 2) == 2
    assert run(audit("-"), 0, 1, 2) == 2
