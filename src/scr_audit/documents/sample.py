"""A drawn sample. Its values are made and changed, so it is a model that checks each."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from scr_audit.values.text import json_bytes

SAMPLE_FORMAT: Literal["scr-audit/sample"] = "scr-audit/sample"
SAMPLE_VERSION: Literal[1] = 1
_ADDED_LATER = {"sha256", "replaced"}


class Bundled(BaseModel):
    """Closed, as all documents."""

    model_config = ConfigDict(extra="forbid")


class SamplePlanInfo(Bundled):
    """The plan that the sample was drawn for."""

    id: str
    sha256: str


class SamplePackInfo(Bundled):
    """The pack whose record schema the frame was read by."""

    id: str
    version: str
    sha256: str


class AskedInfo(Bundled):
    """How the draw was asked for; shares are fractions. Either `size` or `precision` is given."""

    size: int | None
    precision: float | None = Field(description="To either side of the share that is estimated")
    expect: float = Field(description="The share met that is expected")
    confidence: float = Field(description="Of the size by precision, and of what is said")
    strata: list[str] = Field(description="The facts that divide the records, in order")
    reserve: int
    not_again_within: str | None


class FrameInfo(Bundled):
    """What was drawn from: the records of the plan's population, by the hash of their ids."""

    size: int
    sha256: str = Field(description="Of the sorted ids, one a line")
    kind: str
    filter: str | None
    period: str | None = Field(description="FIRST..LAST day")


class StratumInfo(Bundled):
    """The records that are alike in the facts of the strata."""

    values: list[str] = Field(description="Of the facts of the strata, in their order")
    frame: int
    drawn: int
    reserve: int


class DrawnInfo(Bundled):
    """A record that was drawn, by its id."""

    id: str
    stratum: list[str] = Field(description="Its values; empty in a simple random sample")


class DrawnBeforeInfo(Bundled):
    """A record that an earlier sample drew, too recently to be drawn again."""

    id: str
    drawn_on: date


class ReplacedInfo(Bundled):
    """A drawn record that could not be audited, and the one of the reserve in its place."""

    id: str
    by: str
    reason: str = Field(min_length=1)
    by_role: str = Field(min_length=1)
    on: date


class SampleDocument(Bundled):
    """A sample: its frame, its seed, what was drawn and in which order.

    `sha256` is that of the draw: everything but itself and `replaced`, which is added later and
    changes nothing of the draw.
    """

    format: Literal["scr-audit/sample"]
    format_version: Literal[1]
    plan: SamplePlanInfo
    pack: SamplePackInfo
    drawn_on: date
    seed: str
    method: str
    asked: AskedInfo
    frame: FrameInfo
    strata: list[StratumInfo]
    drawn: list[DrawnInfo]
    reserve: list[DrawnInfo]
    not_again: list[DrawnBeforeInfo]
    words: list[str] = Field(description="What the sample can show, and how the reserve is used")
    sha256: str = Field(description="Of the draw: JSON in ASCII, keys sorted, without spaces")
    replaced: list[ReplacedInfo] = Field(description="In the order in which they were replaced")


def draw_sha256(sample: SampleDocument) -> str:
    """The hash of a draw, which replacements leave as it is."""
    draw = sample.model_dump(mode="json", exclude=_ADDED_LATER)
    text = json.dumps(draw, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def with_hash(sample: SampleDocument) -> SampleDocument:
    """The sample with the hash of its draw."""
    hashed = sample.model_copy()
    hashed.sha256 = draw_sha256(sample)
    return hashed


def sample_bytes(sample: SampleDocument) -> bytes:
    """The sample as its file holds it."""
    return json_bytes(sample.model_dump(mode="json"), 2)
