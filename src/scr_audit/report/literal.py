"""Text as Markdown that comes out as the text itself: neither Markdown nor HTML nor a mention."""

import re

from scr_audit.report.wording import LONGEST_VALUE, one_line

# What sites such as GitHub and GitLab act on after the Markdown is rendered, where no backslash
# helps: addresses, mentions, references, formulas, emoji names. A code span is left alone.
_ACTIVE = re.compile(
    r"[^\s`|\\]*"
    r"(?:[@$]|://|www\.|[#!%^~][\w\"]|&[\w#]|:\w[\w+-]*:|\bGH-\d)"
    r"[^\s`|\\]*",
    re.IGNORECASE,
)
# An underscore within a word, as in `not_met`, is no emphasis and stays readable.
_SPECIAL = re.compile(r"[\\`*{}\[\]<>|~#&$@]|(?<![^\W_])_|_(?![^\W_])")
_STARTS_BLOCK = re.compile(r"\A(?:(\d{1,9})(?=[.)](?:\s|$))|(?=[-+=:]))")


def literal(text: str) -> str:
    """`text` on one line, to stand anywhere in Markdown, also in a cell of a table.

    Text of more than 2,000 characters is shortened, and says so.
    """
    plain = _shortened(one_line(text))
    parts, done = [], 0
    for match in _ACTIVE.finditer(plain):
        parts += [_escaped(plain[done : match.start()]), f"`{match[0]}`"]
        done = match.end()
    return _STARTS_BLOCK.sub(r"\g<1>\\", "".join([*parts, _escaped(plain[done:])]), count=1)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"\\{match[0]}", text)


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[:LONGEST_VALUE]} … (the first {LONGEST_VALUE:,} of {len(text):,} characters)"
