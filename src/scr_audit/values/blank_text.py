"""Texts in which nothing can be seen, which record nothing, and texts as they are compared."""

import re
import unicodedata

# White space, controls, and what is there without being seen: soft hyphens, joiners, marks of the
# direction of writing, fillers, variation selectors, tags. Written so that other languages read it.
_UNSEEN = (
    r"\u0000-\u0020\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    r"\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\ufffb" + "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# What Python takes for white space, and so what `strip` takes away.
WHITE = r"[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*"
SEEN = f"[^{_UNSEEN}]"
NOTHING_SEEN = f"[{_UNSEEN}]*"
_seen = re.compile(SEEN).search


def is_blank(text: str) -> bool:
    """Whether nothing in a text can be seen."""
    return _seen(text) is None


def normal_text(text: str) -> str:
    """A text as it is compared: Unicode NFC, without white space around it."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def said_text(text: str) -> str | None:
    """What a text records: itself as it is compared; None: nothing, for nothing can be seen."""
    return None if is_blank(text) else normal_text(text)
