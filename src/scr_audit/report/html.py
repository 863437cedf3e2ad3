"""Renders a run bundle as one offline HTML file."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from scr_audit.report.formats import Look
from scr_audit.report.templates import ReportError, Templates
from scr_audit.report.view import build_view

_KIND = "html"
_TEMPLATE = "report.html.j2"


def render(bundle: Mapping[str, Any], look: Look, path: Path) -> dict[str, bytes]:
    """The report as one file named as `path` is."""
    return {path.name: render_html(bundle, look.templates).encode()}


def render_html(bundle: Mapping[str, Any], templates: Templates) -> str:
    """The whole report as one HTML page that needs no network; the same bundle, the same text.

    Raises `ReportError` if a template is missing, wrong, or reaches for what is not there.
    """
    style = _asset(templates, "style.css") + _asset(templates, "charts.css")
    script = _asset(templates, "report.js")
    values = {
        "view": build_view(bundle),
        "style": Markup(style),  # noqa: S704 - our own file, checked in `_asset`
        "script": Markup(script),  # noqa: S704 - the same
        "policy": content_policy(style, script),
    }
    return templates.render(_KIND, _TEMPLATE, values)


def content_policy(style: str, script: str) -> str:
    """A Content-Security-Policy that allows exactly this style and this script, and no network."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(templates: Templates, name: str) -> str:
    text = templates.text(_KIND, name)
    # An inline style or script ends at the first `</`, whatever the browser is reading then.
    if "</" in text:
        line = text[: text.index("</")].count("\n") + 1
        raise ReportError(str(templates.path(_KIND, name)), line, "contains `</`")
    return text
