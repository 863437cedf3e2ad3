"""The folder of one audit: where its files are, what was written, and who works in it.

What a person typed is never lost: a file that was changed since the program wrote it is copied to
`.scr-audit/earlier` before another one takes its place.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import json
import os
import shutil
import socket
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from scr_audit.audit_folder.audit_file import NAME, AuditFile, plan_of, read_audit_file
from scr_audit.documents.sample import SampleDocument
from scr_audit.errors import InputError, translate_os_errors
from scr_audit.outputs import Written, write_all
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack
from scr_audit.plans.plan import AuditPlan
from scr_audit.sampling.sample_document import ids_in_use, read_sample
from scr_audit.values.calendar import now_text
from scr_audit.values.period import Period
from scr_audit.values.text import is_leftover, json_bytes

HIDDEN = ".scr-audit"
CASE_LIST, DRAWN, FORMS, DECISIONS = (
    "1-case-list.xlsx", "1-cases-drawn.xlsx", "2-forms", "3-decisions.xlsx"
)  # fmt: skip
TO_MEND, REPORTS, ACTIONS = "2-to-mend.txt", "4-reports", "5-actions.xlsx"
RUN, SAMPLE, CASES, FRAME, MODERATED, STORE = (
    "run.json", "sample.json", "cases.json", "frame.json", "moderated.json", "office.sqlite"
)  # fmt: skip
MARKED, WORDS = "2-to-mend", "words.csv"
THEN = "Then run: scr-audit next"
_LOCK = "in-use.txt"


@dataclass
class AuditFolder:
    """One audit as files. `did` grows with what was done, and `notes` with what to know.

    `now` is what the person does next.
    """

    path: Path
    file: AuditFile
    did: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    now: str = ""

    @cached_property
    def pack(self) -> Pack:
        """The pack as the audit's settings have it."""
        settings = self.file.settings
        return load_pack(
            self.pack_name, settings=None if settings is None else self.path / settings
        )

    @property
    def pack_name(self) -> str | None:
        """The pack of one's own, by its file or id."""
        own = self.file.pack
        return str(self.path / own) if own and (self.path / own).exists() else own

    @cached_property
    def plan(self) -> AuditPlan:
        """The audit's plan, with its own standards."""
        return plan_of(self.file, self.path, self.pack)

    @property
    def period(self) -> Period:
        return self.plan.period_of(self.file.period)

    @property
    def title(self) -> str:
        """Of which audit a sheet is, in one line."""
        whose = f"{self.file.whose}: " if self.file.whose else ""
        return f"{whose}{self.plan.title}, {self.period}"

    @property
    def stamp(self) -> str:
        """What tells the forms of this audit from those of another."""
        return f"{self.plan.id}, {self.period}"

    @property
    def readers(self) -> list[str]:
        """The folders of the readers' forms."""
        return ["first reader", "second reader"][: self.file.readers]

    def at(self, name: str) -> Path:
        """A file that a person sees."""
        return self.path / name

    def own(self, name: str) -> Path:
        """A file that the program keeps for itself."""
        return self.path / HIDDEN / name

    @property
    def sample(self) -> SampleDocument | None:
        """The sample that was drawn; None before, or where all cases are audited."""
        path = self.own(SAMPLE)
        return read_sample(path) if path.exists() else None

    def cases(self) -> dict[str, dict[str, Any]]:
        """The cases that are audited, as the case list has them, in the order of the draw."""
        records, sample = self.every_case(), self.sample
        return records if sample is None else {name: records[name] for name in ids_in_use(sample)}

    def every_case(self) -> dict[str, dict[str, Any]]:
        """The cases that the case list had when it was read."""
        return {each["id"]: each for each in read_json(self.own(CASES))}

    def replaced(self) -> dict[str, str]:
        """The drawn cases that others took the place of, and why."""
        sample = self.sample
        return {} if sample is None else {each.id: each.reason for each in sample.replaced}

    # what was written, and of what

    @cached_property
    def kept(self) -> dict[str, Any]:
        """The SHA-256 of each file as it was `written`, and `of` what each step was done."""
        path = self.own("kept.json")
        return read_json(path) if path.exists() else {"written": {}, "of": {}}

    def is_as_written(self, path: Path) -> bool:
        """Whether a file is there just as the program wrote it last."""
        name = path.relative_to(self.path).as_posix()
        return path.exists() and self.kept["written"].get(name) == sha256(path)

    def write(self, files: Mapping[Path, bytes]) -> None:
        """Write files, all or none. One that a person changed is copied away before."""
        self.put_aside(files)
        write_all(Written(path, (content,)) for path, content in files.items())
        self.wrote(files)

    def put_aside(self, paths: Iterable[Path]) -> None:
        """Copy away what a person changed, before it is written anew."""
        for path in paths:
            if not path.exists() or self.is_as_written(path) or HIDDEN in path.parts:
                continue
            folder = self.own("earlier")
            folder.mkdir(exist_ok=True)
            copy = folder / f"{path.stem} {sha256(path)[:6]}{path.suffix}"
            shutil.copy2(path, copy)
            self.notes.append(
                f"{path.name} is written anew; as you left it, it is kept as "
                f"{copy.relative_to(self.path)}"
            )

    def wrote(self, paths: Iterable[Path]) -> None:
        """Remember files as they were written."""
        for path in paths:
            self.kept["written"][path.relative_to(self.path).as_posix()] = sha256(path)
        self._keep()

    def is_done_with(self, step: str, inputs: Iterable[Path], *outputs: Path) -> bool:
        """Whether a step was done with just these inputs, and left its outputs."""
        return all(path.exists() for path in outputs) and (
            self.kept["of"].get(step) == self._marks(inputs)
        )

    def done_with(self, step: str, inputs: Iterable[Path]) -> None:
        """Remember with what a step was done: last of all, so that one that broke off is redone."""
        self.kept["of"][step] = self._marks(inputs)
        self._keep()

    def remember(self, name: str, value: Any) -> None:
        """Keep a value; nothing is written where it is kept already."""
        if self.kept.get(name) != value:
            self.kept[name] = value
            self._keep()

    def _marks(self, inputs: Iterable[Path]) -> dict[str, str]:
        return {os.path.relpath(path, self.path): sha256(path) for path in inputs if path.is_file()}

    def _keep(self) -> None:
        write_all([Written(self.own("kept.json"), (json_bytes(self.kept, 1),))])

    def workbooks(self, *, but: Collection[str] = ()) -> list[Path]:
        """The workbooks and tables in the folder itself, but for what programs leave there."""
        return [
            path
            for path in sorted(self.path.iterdir())
            if path.suffix.lower() in (".xlsx", ".xlsm", ".csv")
            and path.name != WORDS
            and not is_leftover(path.name)
            and path.name not in but
        ]


def read_json(path: Path) -> Any:
    """What the program keeps in a file. Raises `InputError`."""
    with translate_os_errors(path):
        data = path.read_bytes()
    try:
        return json.loads(data)
    except ValueError as error:
        raise InputError(
            f"{path}: is damaged, and belongs to the program. Take the folder's copy of the day "
            "before from your backup"
        ) from error


def sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    with translate_os_errors(path):
        return hashlib.sha256(path.read_bytes()).hexdigest()


def find_folder(named: Path | str | None) -> Path:
    """The folder of the audit: the named one, the current one or one around it, or the only one.

    Raises `InputError` where there is none, or several.
    """
    if named is not None:
        return Path(named)
    here = Path.cwd()
    around = next((each for each in (here, *here.parents) if (each / NAME).is_file()), None)
    if around is not None:
        return around
    inside = sorted(path.parent for path in here.glob(f"*/{NAME}"))
    if len(inside) > 1:
        names = "\n".join(f"  {path.name}" for path in inside)
        raise InputError(
            f"{here}: has the folders of several audits; go to one, or name it:\n{names}"
        )
    return inside[0] if inside else here


def open_folder(path: Path) -> AuditFolder:
    """The audit of a folder. Raises `InputError` where it says none, or was half copied."""
    found = AuditFolder(path, read_audit_file(path))
    if not found.own("").is_dir():
        raise InputError(
            f"{path}: lacks the hidden folder {HIDDEN}, in which the program keeps the draw and "
            "the readings. Copy or move the folder of an audit as a whole; nothing was changed"
        )
    return found


def other_copy(folder: AuditFolder) -> str:
    """A note where this folder is a copy of another one that is still there; else nothing."""
    before = folder.kept.get("place")
    here = str(folder.path.resolve())
    if before is None or before == here or not (Path(before) / NAME).is_file():
        return ""
    if Path(before).samefile(folder.path):
        return ""
    return (
        f"this folder is a copy of {before}, which is still there. Go on in one of them only: what "
        "is done in the one is not in the other"
    )


@contextlib.contextmanager
def working_in(path: Path, *, unlock: bool) -> Iterator[None]:
    """Hold the folder for one person. Raises `InputError` where another holds it, or none can."""
    lock = path / HIDDEN / _LOCK
    if unlock or _is_left_over(lock):
        lock.unlink(missing_ok=True)
    mine = f"{_user()} on {socket.gethostname()}\n{now_text()}\n{os.getpid()}\n"
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        raise InputError(_in_use(path, lock)) from None
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written ({error.strerror}), as on a share that is read-only. Copy "
            "the whole folder to where you may write, and go on there; 'scr-audit status' works "
            "here too. Nothing was changed"
        ) from error
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(mine)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return "somebody"


def _in_use(path: Path, lock: Path) -> str:
    who, since, _ = [*_lines(lock), "", "", ""][:3]
    return (
        f"{path}: {who or 'somebody'} has been working here since {since or 'just now'} (UTC). "
        "Wait until that is done. If it broke off, as when a computer was switched off: "
        "scr-audit next --unlock"
    )


def _lines(lock: Path) -> list[str]:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return lock.read_text(encoding="utf-8").splitlines()
    return []


def _is_left_over(lock: Path) -> bool:
    """Whether a lock is of a process of this computer that has ended."""
    lines = _lines(lock)
    if len(lines) < 3 or not lines[0].endswith(f" on {socket.gethostname()}"):
        return False
    if not lines[2].isdecimal() or os.name == "nt":  # where to ask would end it
        return False
    try:
        os.kill(int(lines[2]), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
