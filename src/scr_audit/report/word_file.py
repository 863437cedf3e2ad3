"""Word files as files: what is refused as a template, and packing that gives the same bytes."""

import io
import zipfile
from pathlib import Path

from scr_audit.report.templates import ReportError

_DOCUMENT = "word/document.xml"
_TYPES = "[Content_Types].xml"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of .doc files and of encrypted .docx ones
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def check_word_file(path: Path) -> None:
    """Refuse what is no .docx that can be filled. Raises `ReportError` that says what it is."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}") from error
    if content.startswith(_COMPOUND_FILE):
        if _ENCRYPTED in content:
            raise _refused(path, "is protected by a password; save it without one")
        raise _refused(path, "is a file of old Word (.doc); save it in Word as .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            _check_parts(path, file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise _refused(path, f"is no Word document (.docx): {error}") from error


def _check_parts(path: Path, file: zipfile.ZipFile) -> None:
    names = set(file.namelist())
    broken = file.testzip()
    if broken is not None:
        raise _refused(path, f"is a damaged Word document: {broken} cannot be read")
    if _DOCUMENT not in names or _TYPES not in names:
        raise _refused(path, "is a zip file, but no Word document (.docx)")
    if b"macroEnabled" in file.read(_TYPES) or any(
        name.endswith("vbaProject.bin") for name in names
    ):
        raise _refused(path, "holds macros (.docm), which a report must not; save it as .docx")


def _refused(path: Path, problem: str) -> ReportError:
    return ReportError(str(path), 0, problem)


def packed(content: bytes) -> bytes:
    """The same zip file with the same times in it, whenever it was made."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _FIRST_DAY_OF_ZIP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # else it tells on which system it was made
            new.writestr(entry, old.read(name))
    return stream.getvalue()
