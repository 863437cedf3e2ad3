"""Every published document, typed once: what builds, checks, reads and describes it."""

from __future__ import annotations

import importlib
from typing import Any

from scr_audit.documents.shape import document_schema

_HOMES = {
    "run": ("run", "RunBundle"),
    "board": ("editions", "BoardDocument"),
    "public": ("editions", "PublicDocument"),
    "agreement": ("agreement", "AgreementDocument"),
    "comparison": ("series", "ComparisonDocument"),
    "trend": ("series", "TrendDocument"),
    "sample": ("sample", "SampleDocument"),
}
PUBLISHED = tuple(_HOMES)


def published_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one of the `PUBLISHED` documents; only that one is imported."""
    module, document = _HOMES[name]
    return document_schema(getattr(importlib.import_module(f"{__name__}.{module}"), document))
