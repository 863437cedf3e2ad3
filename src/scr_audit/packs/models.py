"""The authored files as Pydantic models, their JSON Schemas, and every mistake at its place.

The models check shape and plain values. What a condition says is checked by the language,
which knows the record schema.
"""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails

from scr_audit.documents.parts import Severity
from scr_audit.errors import Problem, did_you_mean, listed
from scr_audit.language.checker import ALLOWED_KEYS, HEADS, NEEDED_KEYS, KeyPath
from scr_audit.language.types import Plain
from scr_audit.packs.pack import CALENDAR, TIME_ZONE
from scr_audit.packs.yaml_source import Document
from scr_audit.values.text import as_written, is_leftover

ExpectedOutcome = Literal["met", "not_met", "not_evidenced", "not_applicable", "excepted"]
IfNone = Literal["not_applicable", "not_met", "not_evidenced"]
YEAR_FROM = r"^(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$"
SPAN = r"^[1-9]\d{0,3} (day|week|month|year)s?$"

_REF = {"$ref": "#/$defs/Condition"}
_LINE = {"type": "string", "description": "subject operator object, in one line"}
_LOOP = {"type": "string", "pattern": r"^\S+ as [A-Za-z_][A-Za-z0-9_]*$"}

_CALLED = {
    "type": "string",
    "description": "What is asked about, in sentences: a noun with its article",
}
_SEVERAL = {"type": "array", "items": _REF, "minItems": 1}
_BESIDE: dict[str, Any] = {
    **dict.fromkeys(HEADS, _LOOP), "all": _SEVERAL, "any": _SEVERAL,
    **dict.fromkeys(("not", "shown", "said", "where", "that"), _REF),
    "called": _CALLED,
    "by": {"type": "string", "description": "The day of an item"},
    "of": {"type": "string", "description": "The number of an item"},
    "is": {"type": ["string", "number"]},
}  # fmt: skip
CONDITION_SCHEMA: dict[str, Any] = {
    "description": "A line, a list (all of them), or one combiner or quantifier.",
    "anyOf": [
        _LINE,
        {"type": "array", "items": _REF, "minItems": 1},
        *(
            {
                "type": "object",
                "properties": {
                    key: _BESIDE[key] for key in (head, *needed, *ALLOWED_KEYS.get(head, ()))
                },
                "required": [head, *needed],
                "additionalProperties": False,
            }
            for head, needed in NEEDED_KEYS.items()
        ),
    ],
}

CONDITION_MARK = "x-condition"  # Pydantic cannot publish a recursive reference of our own
WrittenCondition = Annotated[Any, WithJsonSchema({CONDITION_MARK: True})]
Loops = Annotated[
    Any, WithJsonSchema({"anyOf": [_LOOP, {"type": "array", "items": _LOOP, "minItems": 1}]})
]
IDENTIFIER = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
NAME = r"^[a-z][a-z0-9_]*$"
NOT_BLANK = r"\S"
VERSION = r"^\d+\.\d+\.\d+$"
IdText = Annotated[str, Field(pattern=IDENTIFIER)]
PlainName = Annotated[str, Field(pattern=NAME)]
Text = Annotated[str, Field(pattern=NOT_BLANK)]


ParameterScalar = bool | int | float | str
ParameterAuthored = ParameterScalar | list[str]


class Authored(BaseModel):
    """The root of the authored models: closed, frozen, and strict about types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class SourceDocument(Authored):
    """The document that a pack encodes."""

    title: str = Field(description="As it is published")
    publisher: str = Field("", description="Who published it")
    date: str = Field("", description="Day of publication, such as 2010-07-12")
    note: str = Field("", description="What a reader should know, such as whose words these are")


class EffectiveValue(Authored):
    """A parameter's value, in force from a day on; without `from`, always."""

    value: ParameterAuthored = Field(
        description="A whole number, number, text, true or false, date, or list of texts"
    )
    since: str | None = Field(
        None, alias="from", description="First day in force: 2010-03-01; left out: always"
    )


class ParameterModel(Authored):
    """A named value that rules use as {name}."""

    title: str = Field(description="What the value is, in words; reports show it")
    unit: str = Field("", description="What it counts: working days, weeks, years")
    source: str = Field("", description="Where the value comes from")
    values: list[EffectiveValue] = Field(
        min_length=1, description="In the order of `from`; only the first may be without it"
    )


class PackFile(Authored):
    """pack.yaml: what the pack is, its record kinds and its parameters."""

    id: IdText = Field(description="The pack's name for programs, such as fire-safety")
    version: Annotated[str, Field(pattern=VERSION)] = Field(
        description="Three numbers: 1.2.0. Change it whenever a verdict may change"
    )
    title: str = Field(description="The pack's name for people")
    source: SourceDocument = Field(description="The document whose demands the rules encode")
    licence: str = Field(description="The terms for using the pack: MIT, OGL-UK-3.0")
    extends: IdText | None = Field(
        None,
        description="A pack in the folder beside this one, whose record schema, kinds and "
        "parameters this pack shares; then there is no records.yaml here, and no `kinds`",
    )
    kinds: dict[PlainName, PlainName] = Field(
        default_factory=dict,
        description="Record kind: the name of its list in an input file. "
        "The first is the kind of a record that names none",
    )
    gathered: dict[PlainName, dict[PlainName, str]] = Field(
        default_factory=dict,
        description="A kind with one record for each entry of recommendations.yaml that has "
        "`action_plan`, made by the engine: list fact: `kind.fact`, the records of that kind "
        "whose fact is the entry's id",
    )
    time_zone: str | None = Field(
        None,
        description="Where date-times without an offset are, such as Europe/Paris; left out: that "
        f"of the pack that it extends, else {TIME_ZONE}",
    )
    calendar: str | None = Field(
        None,
        description="Whose public holidays are no working days, as the library `holidays` names "
        "the country and, where it has any, its part: FR, DE-BY; left out: that of the pack that "
        f"it extends, else {CALENDAR}",
    )
    parameters: dict[PlainName, ParameterModel] = Field(
        default_factory=dict, description="Values that rules use as {name}"
    )
    define: dict[PlainName, WrittenCondition] = Field(
        default_factory=dict, description="Named conditions for every rule of the pack"
    )


class Recommendation(Authored):
    """One thing that the source document asks for."""

    id: str = Field(description="What rules cite as their paragraph")
    title: str = Field(description="What is asked, in your own words")
    agency: str = Field("", description="Who is to do it")
    theme: str = Field("", description="A key of `themes`, or a text")
    level: list[str] = Field(default_factory=list, description="Whom it concerns")
    action_plan: bool | None = Field(
        None, description="Whether the source document's action plan has a row for it"
    )


class ParagraphModel(Authored):
    """A paragraph of the source document that is no recommendation."""

    id: str = Field(description="Its number in the source document, in quotes")
    title: str = Field(description="What it says, in your own words")
    not_encodable: str = Field("", description="Why no rule can follow from it")


class RecommendationsFile(Authored):
    """recommendations.yaml: what is audited, in the source document's order."""

    themes: dict[PlainName, str] = Field(
        default_factory=dict, description="Theme: its title in words"
    )
    recommendations: list[Recommendation] = Field(description="In the order reports show them")
    narrative: list[ParagraphModel] = Field(
        default_factory=list,
        description="Paragraphs of the source document that explain and recommend nothing; "
        "rules cite them in `see`",
    )


class RuleSource(Authored):
    """The recommendation a rule encodes, and paragraphs that explain it."""

    paragraph: str = Field(
        description="The recommendation's id, in quotes; in recommendations.yaml if there is one"
    )
    see: list[str] = Field(default_factory=list, description="Other paragraphs worth reading")


class SaysModel(Authored):
    """Sentences for one criterion; of several the first whose places can all be filled is said."""

    no: str | list[str] = Field(
        default_factory=list, description="What is said where the criterion is not met"
    )
    unknown: str | list[str] = Field(
        default_factory=list, description="What is said where facts that it needs are not recorded"
    )


class ExampleModel(Authored):
    """A record, or the part of one that matters, and the verdict the rule must give."""

    name: str = Field(description="What the example shows")
    expect: ExpectedOutcome | dict[str, ExpectedOutcome] = Field(
        description="One outcome for every unit, or a mapping: unit pointer to outcome"
    )
    says: str | dict[str, str] = Field(
        default_factory=dict,
        description="The whole reason: of the only unit, or a mapping: unit pointer to reason",
    )
    given: dict[str, Any] = Field(description="The facts that matter; an `id` is added")
    as_of: str | None = Field(None, description="The day the audit is run for, if the rule asks")


class RuleModel(Authored):
    """One rule: which units it judges, when, and what it requires."""

    id: IdText = Field(description="Unique in the pack; small letters, digits and hyphens")
    title: Text = Field(description="What has to be so, as a short statement")
    source: RuleSource = Field(description="Where the demand comes from")
    record: PlainName = Field(description="The record kind that is judged")
    for_each: Loops = Field(
        None,
        description="`list as name`: each item is a unit. A list of loops walks lists in lists. "
        "Left out: the record itself is the unit",
    )
    where: WrittenCondition = Field(
        None, description="Which items are units at all; needs `for_each`"
    )
    called: Text = Field(
        "", description="What such an item is called in sentences, such as a worn part"
    )
    applies_when: WrittenCondition = Field(
        None, description="When the rule applies to a unit; left out: always"
    )
    require: dict[PlainName, WrittenCondition] = Field(
        min_length=1, description="Criterion: condition. All must hold for `met`"
    )
    except_when: dict[PlainName, WrittenCondition] = Field(
        default_factory=dict,
        description="Permitted reason: condition. Looked at only where a unit is not met",
    )
    says: dict[PlainName, SaysModel] = Field(
        default_factory=dict,
        description="Criterion: its own sentences, where those made of the facts' words are not "
        "enough",
    )
    if_none: IfNone | list[IfNone] | None = Field(
        None,
        description="The outcome where a list has no units, needed with `for_each`: one for every "
        "loop, or a list with one for each",
    )
    in_force_on: str | None = Field(
        None,
        description="The date of the event, which chooses a parameter's value; needed where a "
        "parameter of the rule has effective dates",
    )
    severity: Severity = Field(description="How much a unit that is not met matters")
    advice: str = Field("", description="One sentence: what to do where it is not met")
    define: dict[PlainName, WrittenCondition] = Field(
        default_factory=dict, description="Named conditions for this rule only"
    )
    examples: list[ExampleModel] = Field(
        default_factory=list, description="At least one for every outcome the rule can give"
    )


class RuleFile(Authored):
    """A rule file: rules, and definitions that all of them may use."""

    define: dict[PlainName, WrittenCondition] = Field(
        default_factory=dict, description="Named conditions for every rule of the file"
    )
    rules: list[RuleModel] = Field(
        min_length=1, description="The rules, in the order reports show them"
    )


class SettingsFile(Authored):
    """Local settings: values that replace the pack's parameters; reports show them."""

    parameters: dict[PlainName, Annotated[list[EffectiveValue], Field(min_length=1)]] = Field(
        default_factory=dict, description="Parameter of the pack: all its values, anew"
    )


_FORMS = {
    IDENTIFIER: "small letters, digits and single hyphens, a letter first",
    NAME: "small letters, digits and _, a letter first",
    NOT_BLANK: "a text",
    VERSION: "three numbers such as 1.2.0",
    YEAR_FROM: "a month and a day of it up to the 28th, such as 04-01",
    SPAN: "a number of days, weeks, months or years, such as 12 months",
}

Model = TypeVar("Model", bound=BaseModel)

_TYPE_WORDS = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
}


def authored_files(folder: pathlib.Path, pattern: str = "*.yaml") -> list[pathlib.Path]:
    """The files of a folder that people wrote, by name: none that a program hid or left there."""
    found = sorted(folder.glob(pattern))
    return [path for path in found if not (path.name.startswith(".") or is_leftover(path.name))]


def validate(model: type[Model], document: Document) -> tuple[Model | None, list[Problem]]:
    """The document as `model`, or None and every problem of its shape."""
    try:
        return model.model_validate(document.value), []
    except ValidationError as error:
        found = [(_document_path(document, each), each) for each in error.errors()]
        problems = {_problem(model, document, *each) for each in _without_echoes(found)}
        return None, sorted(problems)


FaultAt = tuple[KeyPath, ErrorDetails]


def _without_echoes(found: list[FaultAt]) -> Iterator[FaultAt]:
    """The errors, with those that the members of a union give at one place joined to one.

    Where one member fits but for something inside the value, or for its spelling, only that
    is of interest.
    """
    kinds: dict[KeyPath, list[str]] = {}
    outside: set[KeyPath] = set()
    for path, details in found:
        kinds.setdefault(path, []).append(details["type"])
        outside.update(path[:length] for length in range(len(path)))
    for path, details in found:
        if details["type"] not in _TYPE_WORDS:
            if details["type"] != "literal_error" or path not in outside:
                yield path, details
        elif path not in outside and all(kind in _TYPE_WORDS for kind in kinds[path]):
            words = [_TYPE_WORDS[kind] for kind in kinds[path]]
            yield path, {**details, "ctx": {"expected": words}}


def _problem(
    model: type[BaseModel], document: Document, path: KeyPath, details: ErrorDetails
) -> Problem:
    kind = details["type"]
    if kind == "extra_forbidden":
        key = str(path[-1])
        allowed = sorted(_allowed_keys(model, details["loc"][:-1]))
        message = (
            f"unknown key '{key}'.{did_you_mean(key, allowed)} Allowed: {listed(allowed, most=20)}."
        )
        return document.problem(document.key_place(path), message)
    if kind == "missing":
        place = document.key_place(path[:-1])
        return document.problem(place, f"the key '{path[-1]}' is missing here")
    if details["loc"][-1:] == ("[key]",):
        return document.problem(document.key_place(path), _message(kind, details))
    return document.problem(document.place(path), _message(kind, details))


def _message(kind: str, details: ErrorDetails) -> str:
    found = details.get("input")
    shown = as_written(found)
    context = details.get("ctx", {})
    if kind == "literal_error":
        hint = did_you_mean(str(found), re.findall("'([^']*)'", context["expected"]))
        return f"expected {context['expected']}, found {shown}.{hint}"
    if kind == "string_pattern_mismatch":
        form = _FORMS.get(context["pattern"], context["pattern"])
        return f"expected {form}, found {shown}"
    if kind in ("too_short", "too_long"):
        return "expected at least one entry"
    if kind in _TYPE_WORDS:
        expected = listed(dict.fromkeys(context["expected"]), last="or")
        quotes = "; write it in quotes" if _lacks_quotes(expected, found) else ""
        return f"expected {expected}, found {shown}{quotes}"
    return f"{details['msg']}; found {shown}"


def _lacks_quotes(expected: str, found: Plain) -> bool:
    """Whether a text was meant: `5.7` without quotes is a number."""
    return expected == _TYPE_WORDS["string_type"] and isinstance(found, bool | int | float)


def _document_path(document: Document, details: ErrorDetails) -> KeyPath:
    """The error's location without the parts Pydantic adds for unions and keys."""
    value: Plain = document.value
    path: list[str | int] = []
    for step in details["loc"]:
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            continue  # Pydantic's name for a member of a union, or the key that is missing
        path.append(step)
    return (*path, details["loc"][-1]) if details["type"] == "missing" else tuple(path)


def _allowed_keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys of the model that stands at `location`."""
    current: Any = model
    for step in location:
        if isinstance(step, int):
            continue
        fields = getattr(current, "model_fields", {})
        found = next((f for n, f in fields.items() if step in (n, f.alias)), None)
        if found is not None:
            current = _model_in(found.annotation) or current
    return [field.alias or name for name, field in getattr(current, "model_fields", {}).items()]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _model_in(part)
        if found is not None:
            return found
    return None
