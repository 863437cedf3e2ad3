"""Texts: hidden characters, comparing, spreadsheet cells, UTF-8, and names of leftover files."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TypeVar

# Characters that a reader cannot see, or that reorder or restyle the text around them:
# C0 and C1 controls except tab and newline, soft hyphen, zero-width and bidirectional controls,
# line separators, lone surrogates (not encodable), invisible operators, interlinear, tags, and the
# two that are no characters and that XML forbids.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_ONE = re.compile(r"\b(?<![.,])1 ((?:working )?[a-z]+)s\b")


def visible(text: str) -> str:
    """`text` with every hidden or reordering character written out, such as `[U+202E]`."""
    return _HIDDEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


# White space, controls, and what is there without being seen: soft hyphens, joiners, marks of the
# direction of writing, fillers, variation selectors, tags. Written so that other languages read it.
_INVISIBLE = (
    r"\u0000-\u0020\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    r"\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\ufffb" + "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# What Python takes for white space, and so what `strip` takes away.
WHITE = r"[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*"
VISIBLE = f"[^{_INVISIBLE}]"
NOTHING_VISIBLE = f"[{_INVISIBLE}]*"
_visible = re.compile(VISIBLE).search


def is_blank(text: str) -> bool:
    """Whether nothing in a text can be seen."""
    return _visible(text) is None


def normal_text(text: str) -> str:
    """A text as it is compared: Unicode NFC, without white space around it."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def recorded_text(text: str) -> str | None:
    """A text as it is compared; None where nothing can be seen in it, which records nothing."""
    return None if is_blank(text) else normal_text(text)


LONGEST_CELL = 32_767  # UTF-16 units, by the file format
_KEPT = 32_000  # leaves room to say how much is missing


def cell_text(text: str) -> str:
    """`text` as a cell can hold it: nothing hidden, and no longer than the format allows."""
    shown = _shortened(visible(text))
    # XlsxWriter takes text between these tags for markup of its own and would write it as it is.
    if shown.startswith("<r>") and shown.endswith("</r>"):
        return shown + " "
    return shown


def _shortened(text: str) -> str:
    if _units(text) <= LONGEST_CELL:
        return text
    kept = text.encode("utf-16-le")[: _KEPT * 2].decode("utf-16-le", errors="ignore")
    return beginning(kept, text)


def beginning(kept: str, text: str) -> str:
    """The first characters of a longer text, and how many they are of how many."""
    return f"{kept} … (the first {len(kept):,} of {len(text):,} characters)"


def shortened(text: str, most: int) -> str:
    """The first `most` characters of a text; an ellipsis shows that there are more."""
    return text if len(text) <= most else f"{text[:most]}…"


def _units(text: str) -> int:
    # Most text is far too short to matter, however it is counted.
    return len(text) if len(text) * 2 <= LONGEST_CELL else len(text.encode("utf-16-le")) // 2


BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHERS = (
    (b"\xff\xfe\0\0", "UTF-32"),  # before UTF-16, whose mark it begins with
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def utf8(data: bytes) -> bytes:
    """The bytes without a byte-order mark. Raises `ValueError` that names another encoding."""
    for mark, name in _OTHERS:
        if data.startswith(mark):
            raise ValueError(f"is {name} text")
    if b"\0" in data[:4]:
        raise ValueError("is UTF-16 or UTF-32 text")
    return data.removeprefix(BYTE_ORDER_MARK)


def folded(text: str) -> str:
    """A text as answers are compared: without capitals, surplus spaces and invisible signs."""
    return " ".join(unicodedata.normalize("NFKC", without_invisible(text)).split()).casefold()


def without_invisible(text: str) -> str:
    """A text without soft hyphens, marks of direction and the like."""
    if text.isascii():
        return text
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def json_bytes(value: object, indent: int | None = None) -> bytes:
    """A value as JSON that ends its line."""
    try:
        return f"{json.dumps(value, ensure_ascii=False, indent=indent)}\n".encode()
    except UnicodeEncodeError:  # half a character, which only an escape can hold
        return f"{json.dumps(value, indent=indent)}\n".encode()


_BESIDE_FILES = ("~$", ".~lock.", "._")  # what office programs and systems put beside a file
_OF_FOLDERS = frozenset((".DS_Store", "Thumbs.db", "desktop.ini"))


def is_leftover(name: str) -> bool:
    """Whether a file was left by an office program or the system, such as a lock file."""
    own = Path(name).name
    return own.startswith(_BESIDE_FILES) or own in _OF_FOLDERS


def count_text(number: int) -> str:
    """A whole number with commas: `1,200`."""
    return f"{number:,}"


def lower_first(text: str) -> str:
    """Words inside a sentence: the first letter small, but for a name such as GP."""
    is_name = len(text) > 1 and text[:2].isalpha() and text[:2].isupper()
    return text if is_name else f"{text[:1].lower()}{text[1:]}"


def as_written(value: object) -> str:
    """A value of an authored file in a message, much as it stands there; cut where it is long."""
    if value is None:
        return "nothing"
    text = _yaml_text(value)
    text = text if len(text) <= 60 else f"{text[:59]}…"
    return repr(text) if isinstance(value, str) else text


def _yaml_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_yaml_text, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_yaml_text(each)}' for key, each in value.items())}}}"
    return "" if value is None else str(value)


def plural(noun: str) -> str:
    """The plural of a noun."""
    if noun.endswith("person"):
        return noun.removesuffix("person") + "people"
    if noun.endswith("y") and noun[-2:-1] not in ("a", "e", "o", "u"):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


PathOrText = TypeVar("PathOrText", bound=Path | str)


def several(given: Iterable[PathOrText] | PathOrText) -> list[PathOrText]:
    """Names as a list, where one may be given by itself."""
    return [given] if isinstance(given, str | Path) else list(given)


def id_of(name: str, known: Collection[str]) -> str:
    """The known id that a name as people type it stands for, else the name itself.

    `Quarterly conference plan` is `quarterly-conference-plan`.
    """
    typed = re.sub(r"[\s_-]+", "-", name.strip()).lower()
    return typed if name not in known and typed in known else name


def of_one(text: str) -> str:
    """`text` in which one thing is told as one: `within 1 month` for `within 1 months`."""
    return _ONE.sub(r"1 \1", text)


def counted(number: int, noun: str, nouns: str | None = None) -> str:
    """`1 case`, `1,200 cases`."""
    return f"{count_text(number)} {noun if number == 1 else nouns or plural(noun)}"
