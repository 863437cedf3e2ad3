"""From the files of a pack to one value: all files, all problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from scr_audit.errors import InputError, PackError, Problem, did_you_mean
from scr_audit.language.conditions import Test, walk
from scr_audit.language.rule import Parameter, Rule
from scr_audit.language.types import Kind, Plain
from scr_audit.packs.authored_parameters import apply_settings, authored_parameters
from scr_audit.packs.models import Model, PackFile, RecommendationsFile, RuleFile, validate
from scr_audit.packs.pack import (
    CALENDAR,
    TIME_ZONE,
    Gathering,
    Pack,
    Paragraph,
    Recommended,
    RecordKind,
)
from scr_audit.packs.pack_files import (
    NO_FOLDER,
    PACK_FILE,
    RECOMMENDATIONS_FILE,
    RULES_FOLDER,
    SCHEMA_FILE,
    ZIP,
    files_given,
    files_of,
    sum_of,
)
from scr_audit.packs.rules import (
    CheckedRules,
    PackNames,
    RuleText,
    check_rule_file,
    definitions_in,
    readable_part,
    reporter_on,
    settle,
)
from scr_audit.packs.schema import SchemaReader
from scr_audit.packs.yaml_source import Document, read_yaml
from scr_audit.values.calendar import calendar_named, known_calendars


def load_folder(folder: Path, *, settings: Path | None = None) -> Pack:
    """The checked pack in a folder or a zip, with the parameters of a local settings file if given.

    Raises `PackError` with every problem of all its files, `InputError` where a file
    cannot be read at all.
    """
    return _load(_Files(files_of(folder), folder), settings)


def load_files(texts: Mapping[str, str | bytes], *, settings: Path | None = None) -> Pack:
    """The checked pack in memory, the text of each file by its path; raises as `load_folder`."""
    return _load(_Files(files_given(texts), NO_FOLDER), settings)


@dataclass(frozen=True)
class _Files:
    """The files of one pack by their paths in `folder`, what is wrong in them and what doubtful."""

    data: Mapping[str, bytes]
    folder: Path
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def document(self, name: str) -> Document | None:
        """A file as YAML; None where it is none."""
        try:
            document = read_yaml(self.data[name], str(self.folder / name))
        except PackError as error:
            self.problems.extend(error.problems)
            return None
        self.problems.extend(document.problems)
        return document

    def authored(self, model: type[Model], name: str) -> tuple[Model, Document] | None:
        """A file as its model has it; None where it does not fit."""
        document = self.document(name)
        if document is None:
            return None
        value, found = validate(model, document)
        self.problems.extend(found)
        return None if value is None else (value, document)


def _load(files: _Files, settings: Path | None, *, extended_by: tuple[str, ...] = ()) -> Pack:
    problems = files.problems
    found = files.authored(PackFile, PACK_FILE)
    listing = _listing(files)
    rule_files = _rule_files(files)
    if found is None or listing is None:
        if SCHEMA_FILE in files.data:
            files.document(SCHEMA_FILE)
        raise PackError(problems)
    pack_file, document = found
    try:
        parent = _parent(pack_file, document, files, settings, extended_by)
    except PackError as error:
        raise PackError([*problems, *error.problems]) from None
    time_zone, calendar = _where(pack_file, parent, document, problems)
    if parent is None:
        kinds, schema = _kinds(pack_file, document, files, ZoneInfo(time_zone))
    else:
        kinds, schema = dict(parent.kinds), parent.schema
    parameters = authored_parameters(pack_file, document, problems)
    if parent is not None:
        _check_names(parent, parameters, document, problems)
        parameters = {**parent.parameters, **parameters}
    if settings is not None:
        parameters = apply_settings(parameters, settings, problems, all_known=not extended_by)
    gathered = _gatherings(pack_file, kinds, document, problems)
    checked = CheckedRules(problems=problems, warnings=files.warnings)
    if kinds:
        ids = tuple(item.id for item in listing.recommendations)
        ids += tuple(item.id for item in listing.narrative)
        shared = definitions_in(pack_file.define, ("define",), reporter_on(document, checked))
        known = PackNames(kinds, parameters, ids, calendar_named(calendar), shared)
        for text in rule_files:
            check_rule_file(text, known, checked)
        if problems:  # a use may stand in what could not be read
            for definition in shared.values():
                definition.used.add(definition.name)
        settle(shared)
    _check_repeated(parent, checked)
    if any(map(_counts_working_days, checked.rules.values())):
        calendar_named(calendar).upto  # noqa: B018  # where it is missing, that is told now
    if problems:
        raise PackError(problems)
    return Pack(
        id=pack_file.id,
        version=pack_file.version,
        title=pack_file.title,
        source=pack_file.source.model_dump(),
        licence=pack_file.licence,
        folder=str(files.folder),
        kinds=kinds,
        schema=schema,
        parameters=parameters,
        recommendations=_recommendations(listing),
        narrative=tuple(
            Paragraph(item.id, item.title, item.not_encodable) for item in listing.narrative
        ),
        rules=tuple(checked.rules.values()),
        examples=checked.examples,
        warnings=tuple(sorted(checked.warnings)),
        sha256=sum_of(files.data, None if parent is None else parent.sha256),
        settings=None if settings is None else str(settings),
        extends=parent,
        members=(pack_file.id,),
        gathered=gathered,
        themes=listing.themes,
        time_zone=time_zone,
        calendar=calendar,
    )


def _counts_working_days(rule: Rule) -> bool:
    return any(
        isinstance(part, Test) and part.operator.needs_calendar
        for condition in rule.conditions()
        for part in walk(condition)
    )


def _listing(files: _Files) -> RecommendationsFile | None:
    """The recommendations, of which no two may share an id: a rule cites one by it."""
    if RECOMMENDATIONS_FILE not in files.data:
        return RecommendationsFile(recommendations=[])
    found = files.authored(RecommendationsFile, RECOMMENDATIONS_FILE)
    if found is None:
        return None
    listing, document = found
    first: dict[str, int] = {}
    for index, item in enumerate(listing.recommendations):
        earlier = first.setdefault(item.id, index)
        if earlier != index:
            place, other = (
                document.place(("recommendations", number, "id")) for number in (index, earlier)
            )
            message = f"'{item.id}' is already listed at {other}"
            files.problems.append(document.problem(place, message))
    return listing


def _recommendations(listing: RecommendationsFile) -> tuple[Recommended, ...]:
    return tuple(
        Recommended(
            id=item.id,
            title=item.title,
            agency=item.agency,
            theme=listing.themes.get(item.theme, item.theme),
            level=tuple(item.level),
            action_plan=item.action_plan,
        )
        for item in listing.recommendations
    )


def _parent(
    pack_file: PackFile,
    document: Document,
    files: _Files,
    settings: Path | None,
    extended_by: tuple[str, ...],
) -> Pack | None:
    """The pack that `extends` names, in the folder or the zip beside this one."""
    name = pack_file.extends
    if name is None:
        return None
    place = document.place(("extends",))
    if name in (pack_file.id, *extended_by):
        raise PackError([document.problem(place, f"the pack '{name}' extends itself")])
    beside = files.folder.resolve().parent / name
    if not beside.is_dir():
        beside = beside.with_name(f"{name}{ZIP}")
    if files.folder == NO_FOLDER or not beside.exists():
        message = f"there is no pack '{name}' in the folder beside this one"
        raise PackError([document.problem(place, message)])
    if pack_file.kinds or SCHEMA_FILE in files.data:
        message = f"a pack with 'extends' has no 'kinds' and no {SCHEMA_FILE}: it shares them"
        raise PackError([document.problem(place, message)])
    extending = (*extended_by, pack_file.id)
    return _load(_Files(files_of(beside), beside), settings, extended_by=extending)


def _time_zones() -> set[str]:
    """The names of time zones, without those of which each computer has its own, or of none."""
    return available_timezones() - {"localtime", "posixrules", "Factory"}


def _where(
    pack_file: PackFile, parent: Pack | None, document: Document, problems: list[Problem]
) -> tuple[str, str]:
    """The time zone and the calendar: the pack's own, else those of the pack that it extends."""
    own: dict[str, str | None] = {"time_zone": pack_file.time_zone, "calendar": pack_file.calendar}
    known = {"time_zone": _time_zones, "calendar": known_calendars}
    of = {"time_zone": "the time zones", "calendar": "the calendars of the library holidays"}
    usual = {"time_zone": TIME_ZONE, "calendar": CALENDAR}
    for key, name in own.items():
        if name is not None and name not in (names := known[key]()):
            like = [each for each in names if len(each) >= len(name) - 1]  # NLD is not like England
            if key == "time_zone":  # BST is not like MST
                like = [each for each in like if "/" in each]
            hint = did_you_mean(name, like) or f" Expected a name such as {usual[key]}."
            message = f"'{name}' is not one of {of[key]}.{hint}"
            problems.append(document.problem(document.place((key,)), message))
            own[key] = None
    shared = TIME_ZONE if parent is None else parent.time_zone
    if parent is not None and own["time_zone"] not in (None, shared):
        message = (
            f"the records are those of the pack '{parent.id}', and so is their time zone: "
            f"{shared}; leave this out"
        )
        problems.append(document.problem(document.place(("time_zone",)), message))
    calendar = CALENDAR if parent is None else parent.calendar
    return own["time_zone"] or shared, own["calendar"] or calendar


def _kinds(
    pack_file: PackFile, document: Document, files: _Files, zone: ZoneInfo
) -> tuple[dict[str, RecordKind], Mapping[str, Plain]]:
    """The pack's own record kinds and its schema; nothing where there are problems."""
    problems = files.problems
    if SCHEMA_FILE not in files.data:
        raise InputError(f"{files.folder}: not a pack: {SCHEMA_FILE} is missing in it")
    if not pack_file.kinds:
        given = ("kinds",) in document.values
        place = document.place(("kinds",) if given else ())
        message = "expected at least one entry" if given else "the key 'kinds' is missing here"
        problems.append(document.problem(place, message))
    _check_lists(pack_file, document, problems)
    schema = files.document(SCHEMA_FILE)
    if schema is None:
        raise PackError(problems)
    reader = SchemaReader(schema, zone)
    types = reader.kinds(pack_file.kinds)
    problems += reader.problems
    files.warnings.extend(reader.warnings)
    if len(types) < len(pack_file.kinds):
        return {}, {}
    kinds = {
        name: RecordKind(name, plural, types[name]) for name, plural in pack_file.kinds.items()
    }
    return kinds, schema.value


def _gatherings(
    pack_file: PackFile,
    kinds: dict[str, RecordKind],
    document: Document,
    problems: list[Problem],
) -> dict[str, dict[str, Gathering]]:
    """The kinds whose records the engine makes, with what fills their lists, which are marked."""
    found: dict[str, dict[str, Gathering]] = {}
    for made, lists in pack_file.gathered.items():
        for name, source in lists.items():
            kind, _, by = source.partition(".")
            fields = kinds[made].type.fields if made in kinds else {}
            origin = kinds[kind].type if kind in kinds else None
            fits = (
                name in fields
                and origin is not None
                and fields[name].type.item is origin
                and by in origin.fields
                and origin.fields[by].type.kind is Kind.TEXT
            )
            if fits:
                found.setdefault(made, {})[name] = Gathering(kind, by)
                of_list = {name: replace(fields[name], gathered=True)}
                made_type = replace(kinds[made].type, fields={**fields, **of_list})
                kinds[made] = replace(kinds[made], type=made_type)
            else:
                place = document.key_place(("gathered", made, name))
                message = (
                    f"'{made}' needs a list '{name}' of the records of a kind, and '{source}' "
                    "names that kind and a text fact of it"
                )
                problems.append(document.problem(place, message))
    return found


def _check_repeated(parent: Pack | None, checked: CheckedRules) -> None:
    """Report rules whose ids the extended pack has too."""
    for rule in checked.rules.values():
        if parent is not None and rule.id in parent.examples:
            message = f"the pack '{parent.id}' has a rule '{rule.id}' too"
            checked.problems.append(Problem(rule.place, message))


def _check_names(
    parent: Pack, parameters: Mapping[str, Parameter], document: Document, problems: list[Problem]
) -> None:
    for name in parameters:
        if name in parent.parameters:
            place = document.key_place(("parameters", name))
            message = f"the parameter '{name}' is already one of the pack '{parent.id}'"
            problems.append(document.problem(place, message))


def _rule_files(files: _Files) -> list[RuleText]:
    """The rule files; of one that does not fit, what can be read."""
    documents = [
        document
        for name in files.data
        if name.startswith(f"{RULES_FOLDER}/") and (document := files.document(name)) is not None
    ]
    found = []
    for document in documents:
        authored, problems = validate(RuleFile, document)
        files.problems.extend(problems)
        is_whole = authored is not None
        found.append(RuleText(document, authored or readable_part(document.value), is_whole))
    return found


def _check_lists(pack_file: PackFile, document: Document, problems: list[Problem]) -> None:
    """The name of a list gives the kind of its records, so no two kinds may share one."""
    kind_of: dict[str, str] = {}
    for kind, plural in pack_file.kinds.items():
        first = kind_of.setdefault(plural, kind)
        if first != kind:
            place = document.place(("kinds", kind))
            message = f"'{plural}' is already the list of '{first}'; each kind has its own"
            problems.append(document.problem(place, message))
