"""Parameters as pack.yaml and a local settings file give them, in the order of their dates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from scr_audit.errors import PackError, Place, Problem, did_you_mean, translate_os_errors
from scr_audit.language.conditions import AUDIT_DAY
from scr_audit.language.rule import Parameter, ParameterValue
from scr_audit.language.types import Value
from scr_audit.packs.models import (
    EffectiveValue,
    PackFile,
    ParameterAuthored,
    ParameterModel,
    SettingsFile,
    validate,
)
from scr_audit.packs.yaml_source import Document, read_yaml
from scr_audit.values.text import normal_text


def authored_parameters(
    pack_file: PackFile, document: Document, problems: list[Problem]
) -> dict[str, Parameter]:
    """The parameters of pack.yaml by name; what is wrong with them is added to `problems`."""
    found = {}
    for name, authored in pack_file.parameters.items():
        if name == AUDIT_DAY:
            place = document.key_place(("parameters", name))
            message = f"'{AUDIT_DAY}' is taken: it is the day that the audit is run for"
            problems.append(document.problem(place, message))
        values = _values(authored.values, ("parameters", name, "values"), document, problems)
        found[name] = _parameter(name, authored, values)
    return found


def _parameter(
    name: str, authored: ParameterModel, values: tuple[ParameterValue, ...]
) -> Parameter:
    return Parameter(name, authored.title, values, authored.unit, authored.source)


def _values(
    authored: list[EffectiveValue],
    path: tuple[str | int, ...],
    document: Document,
    problems: list[Problem],
) -> tuple[ParameterValue, ...]:
    found: list[ParameterValue] = []
    for index, entry in enumerate(authored):
        at = (*path, index)
        try:
            since = None if entry.since is None else date.fromisoformat(entry.since)
        except ValueError:
            place = document.place((*at, "from"))
            problems.append(document.problem(place, "expected a whole date such as 2010-03-01"))
            continue
        if found and (since is None or (found[-1].since or date.min) >= since):
            place = document.place(at)
            message = "values stand in the order of their 'from', and only the first may lack it"
            problems.append(document.problem(place, message))
        found.append(ParameterValue(_parameter_value(entry.value), since))
    kinds = {int if isinstance(v.value, float) else type(v.value) for v in found}
    if len(kinds) > 1:
        message = "all values of a parameter are of one type"
        problems.append(document.problem(document.place(path), message))
    return tuple(found)


def _parameter_value(value: ParameterAuthored) -> Value:
    if isinstance(value, list):
        return tuple(normal_text(item) if isinstance(item, str) else item for item in value)
    if isinstance(value, str):
        text = normal_text(value)
        try:
            return date.fromisoformat(text) if len(text) == 10 else text
        except ValueError:
            return text
    return value


def apply_settings(
    parameters: dict[str, Parameter],
    settings: Path,
    problems: list[Problem],
    *,
    all_known: bool,
) -> dict[str, Parameter]:
    """The parameters with the values of a settings file in place of the pack's.

    For a pack that another one extends, names that it does not know are the other's.
    """
    try:
        with translate_os_errors(settings):
            document = read_yaml(settings.read_bytes(), str(settings))
    except PackError as error:
        problems += error.problems
        return parameters
    authored, found = validate(SettingsFile, document)
    problems += [*document.problems, *found]
    result = dict(parameters)
    for name, values in (authored.parameters if authored else {}).items():
        path: tuple[str | int, ...] = ("parameters", name)
        if name not in parameters:
            if not all_known:
                continue
            place: Place = document.key_place(path)
            hint = did_you_mean(name, parameters)
            problems.append(document.problem(place, f"unknown parameter '{name}'.{hint}"))
            continue
        old = parameters[name]
        new = _values(values, path, document, problems)
        result[name] = Parameter(name, old.title, new, old.unit, old.source, overridden=True)
    return result
