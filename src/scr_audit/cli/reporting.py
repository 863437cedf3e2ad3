"""The reports of a run: editions, formats, templates, and writing all of them or none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scr_audit.audit import Audit, check_earlier
from scr_audit.cli.app import RunRequest
from scr_audit.cli.history import Keeper
from scr_audit.cli.output import Written, check_distinct, check_format, check_writable, write_all
from scr_audit.documents.editions import BoardDocument, PublicDocument
from scr_audit.documents.run import RunBundle, RunHead
from scr_audit.errors import InputError
from scr_audit.packs.builtin import shipped
from scr_audit.packs.pack import Pack
from scr_audit.plans.chosen import Chosen
from scr_audit.plans.plan import AuditPlan
from scr_audit.report.formats import (
    FORMATS,
    STREAMED,
    Look,
    ReportError,
    Templates,
    check_house,
    pages_folder,
    render,
)
from scr_audit.report.headline import identifiable_sentence
from scr_audit.runs.bundle import Spool, bundle_bytes
from scr_audit.runs.stored import read_bundle
from scr_audit.series.series import SeriesRun

Shown = RunBundle | BoardDocument | PublicDocument
"""What a report shows."""
AUDITOR, BOARD, PUBLIC = "auditor", "board", "public"


@dataclass(frozen=True)
class Reporter:
    """A request whose files were read and found to be right, before any record is judged."""

    request: RunRequest
    look: Look
    earlier: Mapping[Path, RunBundle]
    plan: AuditPlan | None

    @property
    def reads_findings(self) -> bool:
        """Whether anything that is asked for is made of findings, and not of totals alone."""
        return not self.request.totals_only and self._is_read()

    @property
    def shows_remedies(self) -> bool:
        """Whether a report tells the smallest change; the terminal and other editions do not."""
        return bool(self.request.outputs) and self.request.edition == AUDITOR

    def write(self, audit: Audit) -> Shown | None:
        """Write every report, or none; the bundle or the edition's document that they show.

        None where nothing is shown but what is written from the spool.
        """
        shown = None
        edited = self.request.edition != AUDITOR and self._is_read()
        if edited or self._needs_findings():
            shown = self._edition(audit.bundle())
        write_all(self._files(audit.head, shown, audit.spool))
        return shown

    def kept_series(self, keeper: Keeper, pack: Pack) -> tuple[SeriesRun, ...]:
        """The runs of the store that may lead to this one; the public edition has no trend."""
        if self.request.edition == PUBLIC:
            return ()
        return keeper.series(pack.id, None if self.plan is None else self.plan.id)

    def _is_read(self) -> bool:
        return bool(self.request.outputs) or not self.request.quiet

    def _needs_findings(self) -> bool:
        outputs = self.request.outputs
        return not self.request.quiet or any(_format(path) not in STREAMED for path in outputs)

    def _edition(self, bundle: RunBundle) -> Shown:
        if self.request.edition == AUDITOR:
            return bundle
        from scr_audit.editions import board_document, public_document

        if self.request.edition == BOARD:
            return board_document(bundle)
        return public_document(bundle, tuple(self.earlier.values()))

    def _files(self, head: RunHead, shown: Shown | None, spool: Spool | None) -> Iterator[Written]:
        for path in self.request.outputs:
            if _format(path) == ".ndjson":
                assert spool is not None
                yield Written(
                    path, _stamped(spool.findings(), identifiable_sentence(head.get("anonymity")))
                )
            elif _format(path) == ".json" and self.request.edition != AUDITOR:
                text = json.dumps(shown, ensure_ascii=False, indent=2)
                yield Written(path, (f"{text}\n".encode(),))
            elif _format(path) == ".json":
                yield Written(path, bundle_bytes(head, spool))
            else:
                assert shown is not None
                yield _rendered(shown, path, self.look)


def _stamped(lines: Iterator[bytes], warning: str) -> Iterator[bytes]:
    """Each finding with why identifiable records were kept, where they were."""
    if not warning:
        return lines
    stamp = f',"not_for_publication":{json.dumps(warning, ensure_ascii=False)}}}\n'.encode()
    return (line.rstrip().removesuffix(b"}") + stamp for line in lines)


def _rendered(bundle: Shown, path: Path, look: Look) -> Written:
    try:
        files = dict(render(bundle, path, look))
    except ReportError as error:
        raise InputError(f"{path}: the report template is wrong: {error}") from error
    whole = files.pop(path.name)
    pages = {Path(name).name: content for name, content in files.items()}
    return Written(path, (whole,), pages_folder(path), pages)


def reporter(request: RunRequest, chosen: Chosen | None = None) -> Reporter:
    """Check what is asked for. Raises `InputError` with what is wrong and what to do."""
    for path in request.outputs:
        check_format(path, FORMATS)
        if _format(path) == ".ndjson" and request.totals_only:
            raise InputError(f"{path}: holds findings, and --totals-only keeps none")
        if _format(path) == ".ndjson" and request.edition != AUDITOR:
            raise InputError(f"{path}: holds findings, and --edition {request.edition} has none")
        check_writable(path)
    check_distinct(request.outputs)
    _check_options(request)
    templates = Templates(shipped("reports"), request.templates)
    if request.templates is not None:
        check_house(request.templates, templates.shipped)
    earlier = {path: read_bundle(path) for path in request.earlier}
    plan = None if chosen is None else chosen.plan
    if chosen is not None and request.edition != PUBLIC:  # a quarter may lie beside its year
        check_earlier(chosen, earlier)  # before any record is read
    return Reporter(
        request,
        Look(templates, request.word),
        earlier,
        plan,
    )


def _check_options(request: RunRequest) -> None:
    if request.totals_only and request.edition == PUBLIC:
        raise InputError(
            "--edition public needs the records that --totals-only does not keep: later editions "
            "are checked against them. Leave --totals-only out"
        )
    if request.word is not None and request.edition == PUBLIC:
        raise InputError("--template is filled with what the public edition does not have")
    if request.word is not None and not any(_format(path) == ".docx" for path in request.outputs):
        raise InputError("--template is filled for a .docx; name one with -o paper.docx")


def _format(path: Path) -> str:
    return path.suffix.lower()
