"""The formats a report can be written in, by the suffix of its file's name."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scr_audit.errors import library_needed
from scr_audit.report.public import is_public
from scr_audit.report.templates import Templates

Bundle = Mapping[str, Any]


@dataclass(frozen=True)
class Look:
    """What decides how a report looks: the templates, and a Word document of the house's own."""

    templates: Templates
    word: Path | None = None


Renderer = Callable[[Bundle, Look, Path], Mapping[str, bytes]]

# Where the renderers of each format are, and the extra that installs what they need.
_RENDERERS = {
    ".html": ("html", ""),
    ".csv": ("delimited", ""),
    ".md": ("markdown", ""),
    ".xlsx": ("workbook", "excel"),
    ".docx": ("word", "word"),
    ".pdf": ("pdf", "pdf"),
}
# Written from the spool of findings, so that memory does not grow with their number.
STREAMED = (".json", ".ndjson")
FORMATS = (*_RENDERERS, *STREAMED)


def pages_folder(path: Path) -> Path:
    """Where the pages of a report lie that is too large for one file."""
    return path.with_name(f"{path.stem}-findings")


def render(bundle: Bundle, path: Path, look: Look) -> Mapping[str, bytes]:
    """The files of a report: the one at `path` under its own name, and any that lie beside it.

    Raises `InputError` where a library of an extra is missing, `ReportError` where a template
    is wrong.
    """
    module, extra = _RENDERERS[path.suffix.lower()]
    name = "render_public" if is_public(bundle) else "render"
    try:
        renderer: Renderer = getattr(importlib.import_module(f"scr_audit.report.{module}"), name)
    except ModuleNotFoundError as error:
        if not extra or (error.name or "").startswith("scr_audit"):
            raise
        raise library_needed(f"{path}: this format", error.name, extra) from error
    return renderer(bundle, look, path)
