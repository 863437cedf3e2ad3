"""What a paper is told of the sections that it has: their order, their pages and their letters."""

from collections.abc import Iterable
from typing import Any, Literal

from scr_audit.packs.report_sections import SECTIONS
from scr_audit.report.sections import leaves_out, parts, wanted
from scr_audit.report.standings import Bundle
from scr_audit.report.tables import edition

PaperFormat = Literal["word", "pdf"]
_BASIS = "basis"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def section_values(bundle: Bundle, name: PaperFormat) -> dict[str, Any]:
    """`sections`, `leaves_out`, `pages` and `annexes`, as a paper's template reads them."""
    annexes = [part for section in SECTIONS.values() if section.landscape for part in section.pdf]
    shown = [part for part in parts(bundle, name) if _is_there(part, bundle)]
    lettered = [*(part for part in shown if part in annexes), _BASIS]
    return {
        "sections": wanted(bundle),
        "leaves_out": leaves_out(bundle, name),
        "pages": _pages(shown, annexes),
        "annexes": {
            **dict.fromkeys(annexes, ""),
            **dict(zip(lettered, _LETTERS, strict=False)),
        },
    }


def _is_there(part: str, bundle: Bundle) -> bool:
    """Whether a run has what a part shows; a run of totals says that it kept no findings."""
    if part == "findings":
        return edition(bundle) != "board"
    return part not in ("actions", "trend") or bool(bundle.get(part))


def _pages(shown: Iterable[str], annexes: list[str]) -> list[dict[str, Any]]:
    """Parts that share pages: upright, to which the head of the paper belongs, or on its side."""
    found: list[dict[str, Any]] = [{"landscape": False, "parts": []}]
    for part in shown:
        if found[-1]["landscape"] is not (part in annexes):
            found.append({"landscape": part in annexes, "parts": []})
        found[-1]["parts"].append(part)
    return found
