"""The authored files as Pydantic models: their shape, and the JSON Schemas for editors.

The models check shape and plain values. What a condition says is checked by the language,
which knows the record schema.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

Severity = Literal["high", "medium", "low"]
Verdict = Literal["met", "not_met", "not_evidenced", "not_applicable", "excepted"]
IfNone = Literal["not_applicable", "not_met", "not_evidenced"]

_REF = {"$ref": "#/$defs/Condition"}
_LINE = {"type": "string", "description": "subject operator object, in one line"}
_LOOP = {"type": "string", "pattern": r"^\S+ as [A-Za-z_][A-Za-z0-9_]*$"}

CONDITION_SCHEMA: dict[str, Any] = {
    "description": "A line, a list (all of them), or one combiner or quantifier.",
    "anyOf": [
        _LINE,
        {"type": "array", "items": _REF, "minItems": 1},
        *(
            {
                "type": "object",
                "properties": {name: {"type": "array", "items": _REF, "minItems": 1}},
                "required": [name],
                "additionalProperties": False,
            }
            for name in ("all", "any")
        ),
        {
            "type": "object",
            "properties": {"not": _REF},
            "required": ["not"],
            "additionalProperties": False,
        },
        *(
            {
                "type": "object",
                "properties": {name: _LOOP, "where": _REF, "that": _REF},
                "required": [name, "that"] if name == "every" else [name],
                "additionalProperties": False,
            }
            for name in ("some", "every", "none")
        ),
        {
            "type": "object",
            "properties": {"count": _LOOP, "where": _REF, "is": {"type": ["string", "integer"]}},
            "required": ["count", "is"],
            "additionalProperties": False,
        },
    ],
}

Condition = Annotated[Any, WithJsonSchema(_REF)]
Loops = Annotated[
    Any, WithJsonSchema({"anyOf": [_LOOP, {"type": "array", "items": _LOOP, "minItems": 1}]})
]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
ParameterScalar = bool | int | float | str
ParameterAuthored = ParameterScalar | list[str]


class Authored(BaseModel):
    """The root of the authored models: closed, frozen, and strict about types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SourceDocument(Authored):
    """The document that a pack encodes."""

    title: str
    publisher: str = ""
    date: str = ""
    note: str = ""


class EffectiveValue(Authored):
    """A parameter's value, in force from a day on; without `from`, always."""

    value: ParameterAuthored
    since: str | None = Field(None, alias="from", description="First day in force, 2010-03-01")


class ParameterModel(Authored):
    """A named value that rules use as {name}."""

    title: str
    unit: str = ""
    source: str = ""
    values: list[EffectiveValue] = Field(min_length=1)


class PackFile(Authored):
    """pack.yaml: what the pack is, its record kinds and its parameters."""

    id: Identifier
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    title: str
    source: SourceDocument
    licence: str
    kinds: dict[Name, Name] = Field(
        min_length=1, description="Record kind -> the name of its list in an input file"
    )
    parameters: dict[Name, ParameterModel] = Field(default_factory=dict)


class Recommendation(Authored):
    """One thing that the source document asks for."""

    id: str
    title: str
    agency: str = ""
    theme: str = ""
    level: list[str] = Field(default_factory=list)
    action_plan: bool | None = None


class RecommendationsFile(Authored):
    """recommendations.yaml: what is audited, in the source document's order."""

    themes: dict[Name, str] = Field(default_factory=dict)
    recommendations: list[Recommendation]


class RuleSource(Authored):
    """The recommendation a rule encodes, and paragraphs that explain it."""

    paragraph: str
    see: list[str] = Field(default_factory=list)


class Example(Authored):
    """A record, or the part of one that matters, and the verdict the rule must give."""

    name: str
    expect: Verdict | dict[str, Verdict] = Field(
        description="One outcome for every finding, or an outcome for each unit's JSON pointer"
    )
    given: dict[str, Any]
    as_of: str | None = None


class RuleModel(Authored):
    """One rule: which units it judges, when, and what it requires."""

    id: Identifier
    title: str
    source: RuleSource
    record: Name
    for_each: Loops = None
    where: Condition = None
    applies_when: Condition = None
    require: dict[Name, Condition] = Field(min_length=1)
    except_when: dict[Name, Condition] = Field(default_factory=dict)
    if_none: IfNone | None = None
    in_force_on: str | None = None
    severity: Severity
    advice: str = ""
    define: dict[Name, Condition] = Field(default_factory=dict)
    examples: list[Example] = Field(default_factory=list)


class RuleFile(Authored):
    """A rule file: rules, and definitions that all of them may use."""

    define: dict[Name, Condition] = Field(default_factory=dict)
    rules: list[RuleModel]


class SettingsFile(Authored):
    """Local settings: values that replace the pack's parameters; reports show them."""

    parameters: dict[Name, list[EffectiveValue]] = Field(default_factory=dict)




class PlanFile(Authored):
    """An audit plan: which rules of a pack an audit uses, and the question it answers."""

    id: Identifier
    title: str
    question: str
    pack: str
    rules: list[str] = Field(default_factory=list, description="Rule ids")
    recommendations: list[str] = Field(
        default_factory=list, description="Recommendations whose rules are used"
    )
