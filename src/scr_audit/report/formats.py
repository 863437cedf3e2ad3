"""The formats of a report, and the templates that they fill: the shipped or a house's own."""

from __future__ import annotations

import base64
import hashlib
import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from scr_audit.documents.editions import Bundle, PublicDocument, is_public
from scr_audit.errors import InputError, library_needed
from scr_audit.values.text import visible

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from scr_audit.report.tables import Section, Table


@dataclass(frozen=True)
class Look:
    """What decides how a report looks: the templates, and a Word document of the house's own."""

    templates: Templates
    word: Path | None = None


Renderer = Callable[[Bundle | PublicDocument, Look, Path], Mapping[str, bytes]]

# Where the renderers of each format are, and the extra that installs what they need.
_RENDERERS = {
    ".html": ("html", ""),
    ".csv": ("csv_file", ""),
    ".md": ("markdown", ""),
    ".xlsx": ("workbook", "excel"),
    ".docx": ("word", "word"),
    ".pdf": ("pdf", "pdf"),
}
# Written from the spool of findings, so that memory does not grow with their number.
STREAMED = (".json", ".ndjson")
REPORT_FORMATS = (*_RENDERERS, *STREAMED)


def pages_folder(path: Path) -> Path:
    """Where the pages of a report lie that is too large for one file."""
    return path.with_name(f"{path.stem}-findings")


def render_report(bundle: Bundle | PublicDocument, path: Path, look: Look) -> Mapping[str, bytes]:
    """The files of a report: the one at `path` under its own name, and any that lie beside it.

    Raises `InputError` as `renderer` does, `ReportError` where a template is wrong.
    """
    return renderer(path, public=is_public(bundle))(bundle, look, path)


def renderer(path: Path, *, public: bool) -> Renderer:
    """What renders a format, by the suffix of `path`: `render` of its module, or `render_public`.

    Raises `InputError` where the format has no public edition, or a library of an extra is missing.
    """
    module, extra = _RENDERERS[path.suffix.lower()]
    try:
        home = importlib.import_module(f"scr_audit.report.{module}")
    except ModuleNotFoundError as error:
        if not extra or (error.name or "").startswith("scr_audit"):
            raise
        raise library_needed(f"{path}: this format", error.name, extra) from error
    found: Renderer | None = getattr(home, "render_public" if public else "render", None)
    if found is None:
        raise InputError(
            f"{path}: this format has no public edition; name another, such as report.html"
        )
    return found


class ReportError(InputError):
    """A report template that cannot be used, with the template and the line (0 if not known)."""

    def __init__(self, template: str, line: int, problem: str) -> None:
        self.template = template
        self.line = line
        self.problem = problem
        where = f"{template}:{line}" if line else template
        super().__init__(f"{where}: {problem}")


@dataclass(frozen=True)
class Templates:
    """Where templates are looked for: a house's folder of overrides first, if there is one.

    Both folders have the layout of the shipped one: `html/`, `markdown/`, `pdf/`, `word/`.
    """

    shipped: Path
    house: Path | None = None

    def folders(self, kind: str) -> list[Path]:
        """The folders of one kind of template, the house's first."""
        roots = [self.shipped] if self.house is None else [self.house, self.shipped]
        return [root / kind for root in roots]

    def path(self, kind: str, name: str) -> Path:
        """The file that is used. Raises `ReportError` where neither folder has it."""
        for folder in self.folders(kind):
            if (folder / name).is_file():
                return folder / name
        raise ReportError(name, 0, f"is missing from {self.folders(kind)[-1]}")

    def text(self, kind: str, name: str) -> str:
        """The text of a file. Raises `ReportError` where it cannot be read."""
        path = self.path(kind, name)
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ReportError(str(path), 0, f"cannot be read: {error}") from error

    def render(self, kind: str, name: str, values: Mapping[str, object]) -> str:
        """A template filled with values that a template may only read.

        Raises `ReportError` with the template and the line where it is wrong or reaches for a
        value that there is none of.
        """
        return self.template(kind, name)(values)

    def template(self, kind: str, name: str) -> Callable[[Mapping[str, object]], str]:
        """A template to fill many times, read once. It raises `ReportError` as `render` does."""
        # A house may add a template between two reports; the shipped ones are compiled once.
        made = _environment if self.house else _kept_environment
        environment = made(tuple(self.folders(kind)), autoescape=kind == "html")

        def fill(values: Mapping[str, object]) -> str:
            try:
                return environment.get_template(name).render(values)
            # A template may raise anything that an expression can, such as a division by zero.
            except Exception as error:
                raise _report_error(error, self.folders(kind), name) from error

        return fill


def _environment(folders: tuple[Path, ...], *, autoescape: bool) -> ImmutableSandboxedEnvironment:
    # Slow to import, and a run may write no report that is filled in.
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # On every printed expression, so that no field can be forgotten.
        finalize=_visible,
    )


_kept_environment = lru_cache(maxsize=8)(_environment)


def _visible(value: object) -> Any:
    return visible(value) if type(value) is str else value


def _report_error(error: Exception, folders: list[Path], name: str) -> ReportError:
    from jinja2 import TemplateError, TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError):
        where = error.filename or error.name or name
        return ReportError(where, error.lineno, error.message or "wrong syntax")
    places = [
        (Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)
    ]
    where, line = next(
        ((str(path), line) for path, line in reversed(places) if path.parent in folders),
        (name, 0),
    )
    said = str(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"
    return ReportError(where, line, said)


def check_house(house: Path, shipped: Path) -> None:
    """Refuse a folder of overrides that overrides nothing. Raises `InputError`."""
    if not house.is_dir():
        raise InputError(
            f"{house}: is no folder; name a folder of templates that replace shipped ones"
        )
    known = {path.relative_to(shipped) for path in shipped.rglob("*") if path.is_file()}
    own = {path.relative_to(house) for path in house.rglob("*") if path.is_file()}
    if not own & known:
        names = ", ".join(sorted(path.as_posix() for path in known)[:3])
        raise InputError(
            f"{house}: holds no file of the name of a shipped template, such as {names}; "
            "nothing would be replaced"
        )


def book_of(
    title: str, as_of: str | None, sections: list[Section], tables: Iterable[Table]
) -> bytes:
    """A workbook of a document: a page of sections, and a sheet for each table with rows.

    Raises `InputError` where the library that writes workbooks is missing.
    """
    try:
        from scr_audit.report.sheets import workbook_of
    except ModuleNotFoundError as error:
        raise library_needed("a workbook", error.name, "excel") from error
    return workbook_of(title, as_of, sections, tables)


_STYLES = ("style.css", "charts.css")


def page_assets(templates: Templates, *scripts: str) -> dict[str, Any]:
    """The style, the scripts and the policy that every page's frame takes."""
    from markupsafe import Markup

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
    text = templates.text("html", name)
    # An inline style or script ends at the first `</`, whatever the browser is reading then.
    if "</" in text:
        line = text[: text.index("</")].count("\n") + 1
        raise ReportError(str(templates.path("html", name)), line, "contains `</`")
    return text
