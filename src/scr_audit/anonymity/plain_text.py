"""Text as a reader sees it: look-alikes become plain letters, digits, spaces and dashes.

A number written in full-width digits, or with invisible characters between its digits, is the
same number to whoever reads it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_CONTROL_SPACES = str.maketrans(dict.fromkeys("\t\n\r\v\f\x1c\x1d\x1e\x1f\x85", " "))
_DASHES = "‐‑‒–—―−⁃﹘﹣－"
_DOTS = "․。．·•‧∙⋅"
_SLASHES = "⁄∕／"
_LETTERS = dict(zip("АВСЕНІЈКМОРЅТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABCEHIJKMOPSTXYABEZHIKMNOPTYX", strict=True))
_SMALL = dict(zip("асеіјорѕхуο", "aceijopsxyo", strict=True))
_AS = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_DOTS, "."),
    **dict.fromkeys(_SLASHES, "/"),
    **_LETTERS,
    **_SMALL,
    "＠": "@",
    "﹫": "@",
    "’": "'",
    "‘": "'",
}


@dataclass(frozen=True)
class PlainText:
    """`text` made plain; `starts[n]` is where its character `n` stands in the original."""

    text: str
    starts: tuple[int, ...] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original of a span in the plain text that is not empty."""
        if self.starts is None:
            return start, end
        return self.starts[start], self.starts[end - 1] + 1


def plain_text(text: str, *, parted: bool = False) -> PlainText:
    """The text without invisible characters, look-alikes made plain.

    With `parted` an invisible character stands for a space: some part words (`Mr` and a name).
    """
    if text.isascii() and "\x00" not in text:
        return PlainText(text.translate(_CONTROL_SPACES))
    made = [_plain_character(character) for character in text]
    if parted:
        made = [
            " " if is_invisible(character) else part
            for character, part in zip(text, made, strict=True)
        ]
    if all(len(part) == 1 for part in made):
        return PlainText("".join(made))
    starts = tuple(place for place, part in enumerate(made) for _ in part)
    return PlainText("".join(made), starts)


# Where words are written together that a label is made of: `nhsNumber`, `NHSnumber`, `dateofbirth`.
_JOINTS = re.compile(
    r"[a-z](?=[A-Z])|(?i:(?:nhs|upn|nino|\bni|pupil|insurance)(?=no|num|id)|"
    r"\bdate(?=of ?(?:birth|death))|of(?=birth|death)|\bdob(?=[a-z])|(?:no|number)(?=[0-9]))"
)


def split_words(plain: PlainText) -> PlainText | None:
    """The text with spaces where words are written together or with `_`; None where none are."""
    text = plain.text.replace("_", " ")
    joints = [found.end() for found in _JOINTS.finditer(text)]
    if not joints and text == plain.text:
        return None
    starts = plain.starts or range(len(text))
    pieces, places, after = [], [], 0
    for joint in (*joints, len(text)):
        pieces.append(text[after:joint])
        places += [*starts[after:joint], starts[joint - 1]]  # one for the space
        after = joint
    return PlainText(" ".join(pieces), tuple(places))


@lru_cache(maxsize=4096)
def is_invisible(character: str) -> bool:
    """Whether nobody sees the character."""
    return unicodedata.category(character) == "Cf"


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    if character in _AS:
        return _AS[character]
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in ("Cf", "Mn", "Me") or character == "\x00" or character == "\u115f":
        return ""  # seen by nobody, or marks on the character before
    if category in ("Zs", "Zl", "Zp") or character in "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u3164":
        return " "
    wide = unicodedata.normalize("NFKC", character)
    return wide if len(wide) == 1 and wide.isascii() else character
