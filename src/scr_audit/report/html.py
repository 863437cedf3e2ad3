"""Renders a run bundle as one offline HTML file."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from traceback import walk_tb
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from scr_audit.report.view import build_view
from scr_audit.report.wording import visible

_FOLDER = "html"
_TEMPLATE = "report.html.j2"


class ReportError(Exception):
    """A report template that cannot be used, with the template and the line (0 if not known)."""

    def __init__(self, template: str, line: int, problem: str) -> None:
        self.template = template
        self.line = line
        self.problem = problem
        super().__init__(f"{template}:{line}: {problem}" if line else f"{template}: {problem}")


def render_html(bundle: Mapping[str, Any], templates: Path) -> str:
    """The whole report as one HTML page that needs no network; the same bundle, the same text.

    `bundle` is a parsed run bundle, format version 1; `templates` is the folder with `html/`.
    Raises `ReportError` if a template is missing, wrong, or reaches for what is not there.
    """
    folder = templates / _FOLDER
    style, script = _asset(folder, "style.css"), _asset(folder, "report.js")
    view = build_view(bundle)
    try:
        return _environment(folder).get_template(_TEMPLATE).render(
            view=view,
            style=Markup(style),  # noqa: S704 - our own file, checked in `_asset`
            script=Markup(script),  # noqa: S704 - the same
            policy=content_policy(style, script),
        )  # fmt: skip
    # A template may raise anything that an expression can, such as a division by zero.
    except Exception as error:
        raise _report_error(error, folder) from error


def content_policy(style: str, script: str) -> str:
    """A Content-Security-Policy that allows exactly this style and this script, and no network."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _environment(folder: Path) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        # On every printed expression, so that no field can be forgotten.
        finalize=_shown,
    )


def _shown(value: Any) -> Any:
    return visible(value) if type(value) is str else value


def _asset(folder: Path, name: str) -> str:
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(name, 0, f"cannot be read: {error}") from error
    # An inline style or script ends at the first `</`, whatever the browser is reading then.
    if "</" in text:
        raise ReportError(name, text[: text.index("</")].count("\n") + 1, "contains `</`")
    return text


def _report_error(error: Exception, folder: Path) -> ReportError:
    if isinstance(error, TemplateSyntaxError):
        return ReportError(error.name or _TEMPLATE, error.lineno, error.message or "wrong syntax")
    places = [
        (Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)
    ]
    name, line = next(
        ((path.name, line) for path, line in reversed(places) if path.parent == folder),
        (_TEMPLATE, 0),
    )
    said = str(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"
    return ReportError(name, line, said)
