"""What was taken out of records to make them anonymous, as a file."""

from __future__ import annotations

from typing import Annotated, Literal

from scr_audit.documents.parts import Closed, Description


class FixInfo(Closed):
    """One thing that was done to a record."""

    file: str
    position: Annotated[str, Description("Of the record in the file")]
    pointer: Annotated[str, Description("JSON pointer into the record, without identifiers")]
    kind: Annotated[str, Description("Of the identifier")]
    done: str


class FixesDocument(Closed):
    """What was done to the records of some files, in their order."""

    format: Literal["scr-audit/fixes"]
    format_version: Literal[1]
    fixes: list[FixInfo]
