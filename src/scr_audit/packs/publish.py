"""The JSON Schemas that editors use to complete and check the authored files."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from scr_audit.packs.models import (
    CONDITION_MARK,
    CONDITION_SCHEMA,
    PackFile,
    RecommendationsFile,
    RuleFile,
    SettingsFile,
)
from scr_audit.packs.plan_models import PlanFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
AUTHORED: dict[str, type[BaseModel]] = {
    "pack": PackFile,
    "rule": RuleFile,
    "recommendations": RecommendationsFile,
    "settings": SettingsFile,
    "plan": PlanFile,
}


def authored_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one authored file: `pack`, `rule`, `recommendations`, `settings`."""
    schema = model_schema(AUTHORED[name])
    if name in ("rule", "plan"):
        schema["$defs"]["Condition"] = CONDITION_SCHEMA
    found: dict[str, Any] = _with_conditions(schema)
    return found


def model_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a model of an authored file, with its dialect."""
    return {"$schema": _DIALECT, **model.model_json_schema(by_alias=True)}


def _with_conditions(schema: Any) -> Any:
    """The schema with a reference to the recursive condition wherever one is marked."""
    if isinstance(schema, list):
        return [_with_conditions(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _with_conditions(part) for key, part in schema.items()}
    if found.pop(CONDITION_MARK, False):
        found["$ref"] = "#/$defs/Condition"
    return found
