"""The JSON Schema (2020-12) of every file that the program reads or writes, by name.

Editors complete and check the authored files by them. That of a record is made by its pack:
`scr_audit.records.problems.record_schema`.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "pack": ("packs.models", "PackFile"),
    "rule": ("packs.models", "RuleFile"),
    "recommendations": ("packs.models", "RecommendationsFile"),
    "settings": ("packs.models", "SettingsFile"),
    "plan": ("plans.plan", "PlanFile"),
    "audit": ("audit_folder.audit_file", "AuditFile"),
    "exceptions": ("approvals.exceptions_file", "ExceptionsFile"),
    "mapping": ("mappings.mapping", "MappingFile"),
    "run": ("documents.run", "RunBundle"),
    "board": ("documents.editions", "BoardDocument"),
    "public": ("documents.editions", "PublicDocument"),
    "agreement": ("documents.agreement", "AgreementDocument"),
    "sample": ("documents.sample", "SampleDocument"),
    "comparison": ("documents.series", "ComparisonDocument"),
    "trend": ("documents.series", "TrendDocument"),
    "action": ("documents.actions", "ActionDocument"),
    "fixes": ("documents.fixes", "FixesDocument"),
}
NAMES = tuple(_HOMES)
AUTHORED = tuple(name for name, (home, _) in _HOMES.items() if not home.startswith("documents."))
"""Of files that people write, in an editor that completes and checks them by their schema."""


def json_schema(name: str) -> dict[str, Any]:
    """The schema of one of `NAMES`; only what describes it is imported."""
    from pydantic import TypeAdapter

    from scr_audit.packs.models import CONDITION_MARK, CONDITION_SCHEMA

    module, described = _HOMES[name]
    home = importlib.import_module(f"scr_audit.{module}")
    found: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **TypeAdapter(getattr(home, described)).json_schema(by_alias=True),
    }
    if name in ("rule", "pack", "plan"):
        found["$defs"]["Condition"] = CONDITION_SCHEMA
        found = _with_conditions(found, CONDITION_MARK)
    return found


def _with_conditions(part: object, mark: str) -> Any:
    """The schema with a reference to the recursive condition wherever one is marked."""
    if isinstance(part, list):
        return [_with_conditions(item, mark) for item in part]
    if not isinstance(part, dict):
        return part
    found = {key: _with_conditions(value, mark) for key, value in part.items()}
    if found.pop(mark, False):
        found["$ref"] = "#/$defs/Condition"
    return found
