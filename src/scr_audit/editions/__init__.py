"""The editions of a run for readers outside the audit team: `board` and `public`.

Each is one document, made by one function from the auditor's run bundle; every format of the
edition is rendered from that document alone. `docs/editions.md` says what stands in each.
"""

from scr_audit.editions.board import board_document
from scr_audit.editions.public import public_document

__all__ = ["board_document", "public_document"]
