"""Texts in which nothing can be seen: such a text records nothing."""

import re

# White space, controls, and what is there without being seen: soft hyphens, joiners, marks of the
# direction of writing, fillers, variation selectors, tags. Written so that other languages read it.
_UNSEEN = (
    r"\u0000-\u0020\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    r"\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\ufffb" + "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
SEEN = f"[^{_UNSEEN}]"
NOTHING_SEEN = f"[{_UNSEEN}]*"
_seen = re.compile(SEEN).search


def is_blank(text: str) -> bool:
    """Whether nothing in a text can be seen."""
    return _seen(text) is None
