"""`scr-audit agree`: how far two auditors agree who read the same sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scr_audit.agreement.compare import agreement_document
from scr_audit.anonymity.authored import check_authored
from scr_audit.anonymity.gate import Gate
from scr_audit.cli.app_samples import AgreeRequest
from scr_audit.cli.deciding import files_of, side
from scr_audit.cli.gating import LookAlikes, check_reason, gate_stops
from scr_audit.cli.output import (
    Written,
    check_apart,
    check_distinct,
    check_format,
    check_writable,
    write_all,
)
from scr_audit.cli.streams import OK, WRONG, say
from scr_audit.errors import InputError
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.plan import find_plan
from scr_audit.packs.planned import planned
from scr_audit.report.agreement import FORMATS, render_agreement, sentences
from scr_audit.report.headline import anonymity_sentence
from scr_audit.report.wording import one_line


def agree_command(request: AgreeRequest) -> int:
    """Compare two readings and write the reports; exit code 2 where the samples differ."""
    check_reason(request.allow_identifiable)
    check_authored(request.plan, request.settings)
    _check_places(request)
    pack = load_pack(request.pack, settings=request.settings)
    if request.plan is not None:
        pack = planned(pack, find_plan(request.plan))
    gate = Gate(pack, request.allow_identifiable)
    look_alikes = LookAlikes()
    first, second = (side([each], gate, look_alikes) for each in (request.first, request.second))
    if gate_stops(gate):
        return WRONG
    look_alikes.say()
    document = agreement_document(pack, first, second, as_of=request.as_of)
    document["not_for_publication"] = anonymity_sentence({"anonymity": gate.document()})
    if not document["records"]:
        raise InputError(
            f"{request.first} and {request.second} have no record in common: nothing to compare. "
            "The same record has the same id in both"
        )
    write_all(
        Written(path, (render_agreement(document, path.suffix.lower()),))
        for path in request.outputs
    )
    _tell(document, request)
    same_sample = not (document["first"]["only_here"] or document["second"]["only_here"])
    return OK if same_sample else WRONG


def _check_places(request: AgreeRequest) -> None:
    for path in request.outputs:
        check_format(path, FORMATS)
        check_writable(path)
    check_distinct(request.outputs)
    read = [*files_of([request.first]), *files_of([request.second])]
    check_apart(request.outputs, [*read, request.pack, request.plan, request.settings])


def _tell(document: Mapping[str, Any], request: AgreeRequest) -> None:
    for sentence in sentences(document):
        print(one_line(sentence))  # noqa: T201  # the command's result
    for path in request.outputs:
        say(f"wrote {path}")
