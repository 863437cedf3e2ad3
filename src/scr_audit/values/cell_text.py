"""The text that a cell of a workbook can hold."""

from scr_audit.values.shown import visible

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
    return f"{kept} … (the first {len(kept):,} of {len(text):,} characters)"


def _units(text: str) -> int:
    # Most text is far too short to matter, however it is counted.
    return len(text) if len(text) * 2 <= LONGEST_CELL else len(text.encode("utf-16-le")) // 2
