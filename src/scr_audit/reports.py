"""The reports of an audit: its editions, their formats, written all or none.

with run_audit("cases.json") as audit:
    write(audit, "report.html", "report.pdf")
    write(audit, "board.docx", edition="board")
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from scr_audit.audit import Audit
from scr_audit.documents.agreement import AgreementDocument
from scr_audit.documents.editions import BoardDocument, PublicDocument
from scr_audit.documents.run import RunBundle, RunHead
from scr_audit.documents.series import ComparisonDocument, TrendDocument
from scr_audit.errors import ArgumentError, InputError, listed
from scr_audit.outputs import (
    Written,
    check_apart,
    check_distinct,
    check_format,
    check_outputs,
    check_writable,
    write_all,
)
from scr_audit.packs.builtin import shipped
from scr_audit.report.formats import (
    REPORT_FORMATS,
    STREAMED,
    Look,
    ReportError,
    Templates,
    check_house,
    pages_folder,
    render_report,
    renderer,
)
from scr_audit.report.headline import identifiable_sentence
from scr_audit.runs.bundle import Spool, bundle_bytes
from scr_audit.runs.stored import read_bundle
from scr_audit.values.text import json_bytes, several

__all__ = ["write", "write_document"]

Showable = RunBundle | BoardDocument | PublicDocument
"""What a report shows."""
Edition = Literal["auditor", "board", "public"]


def write(
    audit: Audit,
    *outputs: Path | str,
    edition: Edition = "auditor",
    templates: Path | str | None = None,
    word: Path | str | None = None,
    published: Sequence[Path | str] | Path | str = (),
) -> None:
    """Write reports of an audit, the format by the suffix of each; all of them, or none.

    `templates` is a folder of templates in place of shipped ones, `word` a Word document to fill.
    `published` are the run bundles behind all earlier public editions, in their order: one that
    would show too few records beside them is refused. Raises `InputError`.
    """
    if not outputs:
        raise ArgumentError("outputs", "name a file to write, such as report.html")
    if not isinstance(audit, Audit):
        raise ArgumentError("audit", f"takes what run_audit gives; found {type(audit).__name__}")
    places, published = [Path(path) for path in outputs], several(published)
    check_apart(places, [*audit.read, *published, templates, word])
    reports_for(
        places,
        edition=edition,
        templates=None if templates is None else Path(templates),
        word=None if word is None else Path(word),
        keep_findings=audit.spool is not None,
    ).write(audit, {Path(path): read_bundle(path) for path in published})


def _formats() -> Mapping[str, Mapping[str, Callable[[Any, Templates], bytes]]]:
    """The formats of each document that is made of several runs or readings."""
    # What draws them takes longer to import than a run needs.
    from scr_audit.report.agreement import AGREEMENT_FORMATS
    from scr_audit.report.series_formats import COMPARISON_FORMATS, TREND_FORMATS

    return {
        "scr-audit/agreement": AGREEMENT_FORMATS,
        "scr-audit/comparison": COMPARISON_FORMATS,
        "scr-audit/trend": TREND_FORMATS,
    }


def write_document(
    document: AgreementDocument | ComparisonDocument | TrendDocument, *outputs: Path | str
) -> None:
    """Write an agreement, a comparison or a trend, the format by the suffix; all, or none.

    Raises `InputError`.
    """
    known = document.get("format") if isinstance(document, Mapping) else type(document).__name__
    formats = _formats().get(str(known))
    if formats is None:
        raise ArgumentError(
            "document",
            f"takes an agreement, a comparison or a trend; found {known or 'none of them'}. "
            "The reports of a run are written by 'write'",
        )
    places = [Path(path) for path in outputs]
    check_outputs(places, tuple(formats))
    templates = Templates(shipped("reports"))
    try:
        write_all(
            Written(path, (formats[path.suffix.lower()](document, templates),)) for path in places
        )
    except ReportError as error:
        raise InputError(f"the report template is wrong: {error}") from error


@dataclass(frozen=True)
class Reports:
    """Requested reports, whose places and templates were checked.

    With `shown`, the document is made even where no file needs it.
    """

    outputs: tuple[Path, ...]
    edition: Edition
    look: Look
    shown: bool = False

    @property
    def any(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.outputs) or self.shown

    @property
    def of_units(self) -> bool:
        """Whether a report tells of single units; the terminal and other editions do not."""
        return bool(self.outputs) and self.edition == "auditor"

    def write(self, audit: Audit, earlier: Mapping[Path, RunBundle]) -> Showable | None:
        """Write every report, or none; the bundle or the edition's document that they show.

        None where nothing is shown but what is written from the spool.
        """
        document = None
        streamed = all(_format(path) in STREAMED for path in self.outputs)
        if self.shown or not streamed or (self.outputs and self.edition != "auditor"):
            document = _edition(audit.bundle(), self.edition, earlier)
        write_all(self._files(audit.head, document, audit.spool))
        return document

    def _files(
        self, head: RunHead, document: Showable | None, spool: Spool | None
    ) -> Iterator[Written]:
        for path in self.outputs:
            if _format(path) == ".ndjson":
                assert spool is not None
                yield Written(
                    path,
                    _with_warning(spool.findings(), identifiable_sentence(head.get("anonymity"))),
                )
            elif _format(path) == ".json" and self.edition != "auditor":
                yield Written(path, (json_bytes(document, 2),))
            elif _format(path) == ".json":
                yield Written(path, bundle_bytes(head, spool))
            else:
                assert document is not None
                yield _render(document, path, self.look)


def _edition(bundle: RunBundle, edition: Edition, earlier: Mapping[Path, RunBundle]) -> Showable:
    if edition == "auditor":
        return bundle
    from scr_audit.editions import board_document, public_document

    if edition == "board":
        return board_document(bundle)
    return public_document(bundle, tuple(earlier.values()))


def _with_warning(lines: Iterator[bytes], warning: str) -> Iterator[bytes]:
    """Each finding with the reason why identifiable records were judged, if they were."""
    if not warning:
        return lines
    stamp = f',"not_for_publication":{json.dumps(warning, ensure_ascii=False)}}}\n'.encode()
    return (line.rstrip().removesuffix(b"}") + stamp for line in lines)


def _render(bundle: Showable, path: Path, look: Look) -> Written:
    try:
        files = dict(render_report(bundle, path, look))
    except ReportError as error:
        raise InputError(f"{path}: the report template is wrong: {error}") from error
    whole = files.pop(path.name)
    if not _has_pages(path):
        return Written(path, (whole,))
    pages = {Path(name).name: content for name, content in files.items()}
    return Written(path, (whole,), pages_folder(path), pages)


def reports_for(
    outputs: Sequence[Path],
    *,
    edition: Edition = "auditor",
    templates: Path | None = None,
    word: Path | None = None,
    keep_findings: bool = True,
    shown: bool = False,
) -> Reports:
    """Check what is asked for, before any record is judged. Raises `InputError`."""
    if edition not in get_args(Edition):
        raise ArgumentError(
            f"edition {edition}", f"expected {listed(get_args(Edition), last='or')}"
        )
    for path in outputs:
        check_format(path, REPORT_FORMATS)
        if _format(path) == ".ndjson" and not keep_findings:
            raise InputError(f"{path}: holds findings, and a run of totals only keeps none")
        if _format(path) == ".ndjson" and edition != "auditor":
            raise InputError(f"{path}: holds findings, and the {edition} edition has none")
        if _format(path) not in STREAMED:
            renderer(path, public=edition == "public")
        check_writable(path)
    check_distinct([*outputs, *map(pages_folder, filter(_has_pages, outputs))])
    if not keep_findings and edition == "public":
        raise ArgumentError(
            "edition public",
            "needs the records, which a run of totals only does not keep: later editions are "
            "checked against them",
        )
    if word is not None and edition == "public":
        raise InputError(f"{word}: is filled with what the public edition does not have")
    if word is not None and not any(_format(path) == ".docx" for path in outputs):
        raise InputError(f"{word}: is filled for a .docx report; name one, such as paper.docx")
    found = Templates(shipped("reports"), templates)
    if templates is not None:
        check_house(templates, found.shipped)
    return Reports(tuple(outputs), edition, Look(found, word), shown)


def _has_pages(path: Path) -> bool:
    """Whether a report of this format may have a folder of pages beside it."""
    return _format(path) == ".html"


def _format(path: Path) -> str:
    return path.suffix.lower()
