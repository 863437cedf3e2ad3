"""Text as it may be shown: with what hides or reorders it written out."""

from __future__ import annotations

import re

# Characters that a reader cannot see, or that reorder or restyle the text around them:
# C0 and C1 controls except tab and newline, soft hyphen, zero-width and bidirectional controls,
# line separators, lone surrogates (not encodable), invisible operators, interlinear, tags, and the
# two that are no characters and that XML forbids.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """`text` with every hidden or reordering character written out, such as `[U+202E]`."""
    return _HIDDEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)
