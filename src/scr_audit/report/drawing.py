"""Numbers and words as a drawing needs them."""

import textwrap

WORST_SHOWN = 20  # rows of a chart before the rest is folded away


def place(share: float) -> str:
    """A share from 0 to 1 as a place along the drawing, in per cent of its width."""
    return f"{share * 100:.1f}".removesuffix(".0")


def clipped(text: str, most: int) -> str:
    """`text` in at most `most` characters; what is cut off is shown by an ellipsis."""
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def wrapped(text: str, width: int, lines: int) -> list[str]:
    """`text` in at most so many lines of `width` characters, since SVG breaks no lines."""
    found = textwrap.wrap(clipped(text, width * lines), width) or [""]
    return [*found[: lines - 1], clipped(" ".join(found[lines - 1 :]), width)][: len(found)]
