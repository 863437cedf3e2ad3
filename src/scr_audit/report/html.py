"""Renders a run bundle as one offline HTML file, or as one with a folder of pages beside it."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from scr_audit.report.findings import shown
from scr_audit.report.formats import Look, pages_folder
from scr_audit.report.page_layout import FINDINGS_IN_ONE_FILE
from scr_audit.report.public import READ, picked, public_page
from scr_audit.report.templates import ReportError, Templates
from scr_audit.report.view import Beside, build_view, has
from scr_audit.report.wording import day_text

MOST_BYTES = 25_000_000
"""A single file that would be larger is split, however few its findings are."""
_KIND = "html"
_REPORT = "report.html.j2"
_STYLES = ("style.css", "charts.css")
_FOLDS, _FILTER = "folds.js", "filter.js"

Bundle = Mapping[str, Any]


def render(bundle: Bundle, look: Look, path: Path) -> dict[str, bytes]:
    """The report named as `path` is; past a size, its findings are in a folder beside it."""
    there = has(bundle)
    divides = there.findings or there.records  # else nothing would lie in the folder
    if not divides or len(bundle["findings"]) <= FINDINGS_IN_ONE_FILE:
        whole = render_html(bundle, look.templates).encode()
        if not divides or len(whole) <= MOST_BYTES:
            return {path.name: whole}
    return dict(_split(bundle, look.templates, path))


def render_html(bundle: Bundle, templates: Templates) -> str:
    """The whole report as one HTML page that needs no network; the same bundle, the same text.

    Raises `ReportError` if a template is missing, wrong, or reaches for what is not there.
    """
    view, _ = build_view(bundle)
    return templates.render(
        _KIND, _REPORT, {"view": view, **page_assets(templates, _FOLDS, _FILTER)}
    )


def render_public(document: Bundle, look: Look, path: Path) -> dict[str, bytes]:
    """The public edition as one offline page. Raises `ReportError`."""
    page = public_page(document)
    values = {
        "view": {**document, "as_of": day_text(document["as_of"])},
        "page": page,
        "rules": picked(page.rules, READ),
        **page_assets(look.templates),
    }
    return {path.name: look.templates.render(_KIND, "public.html.j2", values).encode()}


def _split(bundle: Bundle, templates: Templates, path: Path) -> Iterator[tuple[str, bytes]]:
    folder = pages_folder(path).name
    view, beside = build_view(bundle, folder)
    assets = page_assets(templates, _FOLDS, _FILTER)
    yield path.name, templates.render(_KIND, _REPORT, {"view": view, **assets}).encode()
    shared = {"view": view, "report": f"../{quote(path.name)}", **page_assets(templates, _FOLDS)}
    for name, text in _pages(templates, shared, beside):
        yield f"{folder}/{name}", text.encode()


def _pages(
    templates: Templates, shared: Mapping[str, Any], beside: Beside
) -> Iterator[tuple[str, str]]:
    fill = templates.template(_KIND, "findings-page.html.j2")
    rules = {rule.anchor: rule for rule in shared["view"]["rules"].values()}
    for page in beside.findings:
        rule = rules[page.rule_anchor]
        yield page.name, fill({**shared, "page": page, "rule": rule, "shown": shown(page.findings)})
    fill = templates.template(_KIND, "records-page.html.j2")
    for number, found in enumerate(beside.records):
        near = (beside.records[number - 1 : number], beside.records[number + 1 : number + 2])
        yield found.name, fill({**shared, "page": found, "before": near[0], "after": near[1]})


def page_assets(templates: Templates, *scripts: str) -> dict[str, Any]:
    """The style, the scripts and the policy that every page's frame takes."""
    style = "".join(_asset(templates, name) for name in _STYLES)
    texts = [_asset(templates, name) for name in scripts]
    return {
        "style": Markup(style),  # noqa: S704 - our own file, checked in `_asset`
        "scripts": [Markup(text) for text in texts],  # noqa: S704 - the same
        "policy": content_policy(style, *texts),
    }


def content_policy(style: str, *scripts: str) -> str:
    """A Content-Security-Policy that allows exactly this style, these scripts, and no network."""
    allowed = " ".join(f"'{_digest(script)}'" for script in scripts) or "'none'"
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src {allowed}; "
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
