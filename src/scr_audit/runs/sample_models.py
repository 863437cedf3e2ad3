"""A drawn sample as a Pydantic model: its published, versioned JSON Schema."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from scr_audit.runs.input_models import Bundled

FORMAT = "scr-audit/sample"
FORMAT_VERSION = 1


class FrameInfo(Bundled):
    """What was drawn from: the records of the plan's population, by the hash of their ids."""

    size: int
    sha256: str = Field(description="Of the sorted ids, one a line")
    kind: str
    filter: str | None
    period: str | None


class StratumInfo(Bundled):
    name: str
    frame: int
    drawn: int


class DrawnInfo(Bundled):
    id: str
    stratum: str | None


class NotAgainInfo(Bundled):
    """A record that an earlier sample drew, too recently to be drawn again."""

    id: str
    drawn_on: str


class SampleDocument(Bundled):
    """A sample: its frame, its seed, what was drawn and in which order."""

    format: Literal["scr-audit/sample"]
    format_version: Literal[1]
    plan: str
    drawn_on: str
    seed: str
    method: str
    frame: FrameInfo
    strata: list[StratumInfo]
    drawn: list[DrawnInfo]
    reserve: list[DrawnInfo]
    not_again: list[NotAgainInfo]
    words: list[str] = Field(description="What the sample can show, and how the reserve is used")


def sample_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a sample."""
    schema = SampleDocument.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
