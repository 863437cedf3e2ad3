"""Finding and reading mapping files: those of a pack by name, others by path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scr_audit.errors import (
    InputError,
    PackError,
    Place,
    Problem,
    did_you_mean,
    listed,
    translate_os_errors,
)
from scr_audit.mappings.mapping import ImportMapping, MappingFile
from scr_audit.mappings.mapping_check import MappingChecker, unused_codes
from scr_audit.packs.models import authored_files, validate
from scr_audit.packs.pack import Pack
from scr_audit.packs.yaml_source import read_yaml

IMPORTS_FOLDER = "imports"
IMPORT_FORMATS = {".xml": "xml", ".json": "json", ".ndjson": "json", ".jsonl": "json"}


def mapping_files(pack: Pack) -> dict[str, Path]:
    """The mapping files of a pack and of those it shares records with, by name."""
    found: dict[str, Path] = {}
    for folder in _folders(pack):
        for path in authored_files(folder / IMPORTS_FOLDER):
            found.setdefault(path.stem, path)
    return found


def _folders(pack: Pack) -> Iterator[Path]:
    current: Pack | None = pack
    while current is not None:
        yield Path(current.folder)
        current = current.extends
    yield from _beside(pack)


def _beside(pack: Pack) -> list[Path]:
    """The folders of the packs that are judged together with this one, which is the last."""
    return [Path(pack.folder).resolve().parent / member for member in pack.members[:-1]]


@dataclass(frozen=True)
class MappingCheck:
    """A mapping file of a pack and all that is wrong with it."""

    file: str
    problems: tuple[Problem, ...] = ()


def check_mappings(pack: Pack) -> tuple[MappingCheck, ...]:
    """Check every mapping file of the packs whose rules `pack` has, in order of folder and name.

    The mappings of a pack that it only extends are checked with that pack, as its rules are.
    Raises `InputError` where a file cannot be read.
    """
    folders = (*_beside(pack), Path(pack.folder))
    found = (path for each in folders for path in authored_files(each / IMPORTS_FOLDER, "*.y*ml"))
    return tuple(_check(path, pack) for path in found)


def _check(path: Path, pack: Pack) -> MappingCheck:
    if path.suffix != ".yaml":
        message = "is not read; the name of a mapping file ends in .yaml"
        return MappingCheck(str(path), (Problem(Place(str(path), 1, 1), message),))
    try:
        load_mapping(path, pack)
    except PackError as error:
        return MappingCheck(str(path), error.problems)
    return MappingCheck(str(path))


def load_mapping(path: Path, pack: Pack) -> ImportMapping:
    """The checked mapping in a file.

    Raises `PackError` with everything that is wrong in it, `InputError` where it cannot be read.
    """
    with translate_os_errors(path):
        data = path.read_bytes()
    document = read_yaml(data, str(path))
    authored, problems = validate(MappingFile, document)
    problems += document.problems
    if authored is None:
        raise PackError(problems)
    kind = pack.kinds.get(authored.kind)
    if kind is None:
        hint = did_you_mean(authored.kind, pack.kinds)
        message = f"the pack has no record kind '{authored.kind}'.{hint}"
        raise PackError([*problems, document.problem(document.place(("kind",)), message)])
    checker = MappingChecker(document, authored, kind.type)
    inside, outside = checker.inside(), checker.outside()
    checker.check_id()
    problems += checker.problems
    problems += unused_codes(document, authored)
    if problems:
        raise PackError(problems)
    return ImportMapping(
        authored.id,
        authored.version,
        authored.title,
        authored.format,
        authored.kind,
        kind.plural,
        tuple(authored.record.split("/")),
        inside,
        outside,
        str(path),
        authored.source.model_dump(),
    )


def chosen_mapping(wanted: str | None, source: str, pack: Pack) -> ImportMapping:
    """The mapping that is named, by name or file, or else the pack's one for the source's format.

    Raises `InputError` where there is none or more than one.
    """
    files = mapping_files(pack)
    if wanted is not None:
        return load_mapping(_find_named(wanted, files), pack)
    if source.lower().endswith(".gz"):
        raise InputError(f"{source}: is packed with gzip; unpack it first")
    form = IMPORT_FORMATS.get(Path(source).suffix.lower())
    if form is None:
        raise InputError(
            f"{source}: the name does not tell the format ({listed(IMPORT_FORMATS)}); "
            f"name the mapping: {listed(files, last='or')}"
        )
    loaded = (load_mapping(path, pack) for path in files.values())
    fitting = [found for found in loaded if found.format == form]
    if len(fitting) != 1:
        what = "no mapping" if not fitting else "more than one mapping"
        raise InputError(
            f"{source}: the pack has {what} for {form.upper()}; name one: "
            f"{listed(files, last='or') or 'a file'}"
        )
    return fitting[0]


def _find_named(wanted: str, files: dict[str, Path]) -> Path:
    if wanted in files:
        return files[wanted]
    path = Path(wanted)
    if path.is_file():
        return path
    raise InputError(
        f"{wanted}: there is no such file and no mapping of that name in the pack."
        f"{did_you_mean(wanted, files)} Known: {listed(files) or 'none'}."
    )
