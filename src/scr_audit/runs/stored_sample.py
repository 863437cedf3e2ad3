"""Samples that were drawn before, read back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scr_audit.anonymity.patterns import IDENTIFIERS
from scr_audit.anonymity.scan import identified
from scr_audit.errors import InputError
from scr_audit.runs.replacement import check_replacements
from scr_audit.runs.stored import read_json

if TYPE_CHECKING:
    from scr_audit.runs.sample_models import SampleDocument


def read_sample(path: Path) -> SampleDocument:
    """A sample from its `.json` file.

    Raises `InputError` where it is none, where its draw was changed by hand, or where a
    replacement is not the one that the reserve's order gives.
    """
    from scr_audit.runs.sample_models import draw_sha256

    sample = _parsed(path)
    if draw_sha256(sample) != sample.sha256:
        raise InputError(
            f"{path}: is not as it was drawn: its content does not have the SHA-256 that it names "
            f"({_short(sample.sha256)}). Take the file as 'scr-audit sample' wrote it, or draw "
            "again with the same seed; replacements are entered with 'scr-audit replace'"
        )
    try:
        check_replacements(sample)
    except InputError as error:
        raise InputError(f"{path}: replaced: {error}") from error
    for found in identified(sample.model_dump(mode="json")):
        raise InputError(f"{path}: {found.pointer}: {IDENTIFIERS[found.kind].name}; say it without")
    return sample


def _parsed(path: Path) -> SampleDocument:
    from pydantic import ValidationError

    from scr_audit.runs.sample_models import SampleDocument

    found = read_json(path)
    try:
        return SampleDocument.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "/".join(str(step) for step in first["loc"]) or "the whole file"
        raise InputError(
            f"{path}: is not a sample, as 'scr-audit sample' writes it: {place}: "
            f"{first['msg'].lower()}"
        ) from error


def _short(sha256: str) -> str:
    return f"{sha256[:12]}…" if len(sha256) > 12 else sha256
