"""Checks of a mapping file against the record schema and the table of conversions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias

from scr_audit.errors import Problem, did_you_mean, listed
from scr_audit.language.checker import KeyPath
from scr_audit.language.types import NUMBERS, FactType, Field, Kind, walk_fields
from scr_audit.mappings.conversions import CONVERSIONS, LIST_OF_CODES, Conversion
from scr_audit.mappings.mapping import ElementUse, MappingFile, Step, Target, UseModel
from scr_audit.packs.yaml_source import Document
from scr_audit.records.raw import Json

_TAKES = ("fact", "convert", "codes", "at", "prefix", "item", "only_if", "if_empty", "withdraws")
_MARK = "withdraws"


class Wrong(Protocol):
    """Reports a problem of a use at the place of one of its keys."""

    def __call__(self, message: str, *keys: str) -> None: ...


_Tree: TypeAlias = "dict[str, _Tree]"  # the names of elements, each with those in it


class MappingChecker:
    """Checks one mapping file and builds its steps. `problems` collects what is wrong."""

    def __init__(self, document: Document, authored: MappingFile, record: FactType) -> None:
        self.document = document
        self.authored = authored
        self.facts: dict[str, Field] = dict(walk_fields(record))
        self.problems: list[Problem] = []
        self._section: Mapping[str, Sequence[UseModel]] = {}
        self._name = ""

    def inside(self) -> Step:
        """The elements inside a record."""
        return self._steps("elements", self.authored.elements)

    def outside(self) -> Step:
        """The elements around the records."""
        if self.authored.outside and self.authored.format != "xml":
            self._problem(("outside",), "only an XML file has elements outside its records")
        return self._steps("outside", self.authored.outside)

    def check_id(self) -> None:
        """Refuse a mapping that gives its records no id, or one that is no pseudonym."""
        uses = [use for uses in self.authored.elements.values() for use in uses]
        if not any(use.fact == "id" and use.convert == "pseudonym" for use in uses):
            self._problem(
                ("elements",), "no element gives the fact 'id' as a pseudonym; each record needs it"
            )

    def _problem(self, path: KeyPath, message: str, *, key: bool = False) -> None:
        place = self.document.key_place(path) if key else self.document.place(path)
        self.problems.append(self.document.problem(place, message))

    def _steps(self, name: str, section: Mapping[str, Sequence[UseModel]]) -> Step:
        self._section, self._name = section, name
        tree: _Tree = {}
        for path in section:
            parts = path.split("/")
            if not all(part and part == part.strip() for part in parts):
                message = "expected element names with / between them, such as Message/Order"
                self._problem((name, path), message, key=True)
                continue
            branch = tree
            for part in parts:
                branch = branch.setdefault(part, {})
        return self._step("", tree)

    def _step(self, path: str, tree: _Tree) -> Step:
        below = {n: self._step(f"{path}/{n}".lstrip("/"), inner) for n, inner in tree.items()}
        authored = self._section.get(path, ())
        uses = [self._use(path, n, use, is_group=bool(tree)) for n, use in enumerate(authored)]
        out = next((use for use in authored if use.left_out), None)
        empty = next((use.if_empty for use in authored if use.if_empty), None)
        why = " ".join(use.why.strip() for use in authored if use.why)
        return Step(
            path,
            below,
            tuple(use for use in uses if use is not None),
            left_out=None if out is None else out.left_out,
            why=why,
            none_of=empty,
            withdrawn_by=tuple(n for n in tree if self._withdraws(f"{path}/{n}".lstrip("/"))),
        )

    def _withdraws(self, path: str) -> bool:
        return any(use.withdraws for use in self._section.get(path, ()))

    def _at(self, path: str, index: int, *more: str) -> KeyPath:
        """The place of a use, which stands alone or in a list."""
        whole: KeyPath = (self._name, path)
        in_list = isinstance(self.document.at(whole), list)
        return (*whole, index, *more) if in_list else (*whole, *more)

    def _use(self, path: str, index: int, use: UseModel, *, is_group: bool) -> ElementUse | None:
        def wrong(message: str, *keys: str) -> None:
            self._problem(self._at(path, index, *keys), message)

        if use.left_out:
            taken = [name for name in _TAKES if getattr(use, name) is not None]
            if taken or use.set or use.excludes or len(self._section[path]) > 1:
                wrong(
                    "an element that is left out gives nothing; remove the other keys", "left_out"
                )
            if not use.why.strip():
                wrong("'left_out' needs its reason: why", "left_out")
            return None
        if use.withdraws:
            if is_group:
                wrong("a flag holds no other elements", _MARK)
            return None
        self._check_shape(use, wrong, is_group=is_group)
        self._check_empty(use, wrong)
        self._check_excluded(path, use, wrong)
        self._check_outside(use, wrong)
        opened = {"", *self._open_lists(path)}
        if use.item is not None:
            self._check_item(use.item, opened, wrong)
            opened.add(use.item)
        conversion = self._conversion(use, opened, wrong)
        codes = self._codes(use, conversion, wrong)
        self._check_constants(use, opened, wrong)
        return ElementUse(
            None if use.fact is None else Target.of(use.fact),
            conversion,
            codes,
            at=tuple(use.at.split("/")) if use.at else (),
            prefix=use.prefix or "",
            item=use.item,
            constants=tuple((Target.of(fact), value) for fact, value in use.set.items()),
            only_if=use.only_if,
            excludes=tuple(other.rpartition("/")[2] for other in use.excludes),
            not_before=(use.not_before or "").rpartition("/")[2],
        )

    def _check_shape(self, use: UseModel, wrong: Wrong, *, is_group: bool) -> None:
        if use.fact is not None and use.convert is None:
            wrong("'fact' needs its conversion: as", "fact")
        if use.convert is not None and use.fact is None and (use.item or not use.set):
            wrong("'as' needs the fact that it gives, or 'set' for what follows from it", "as")
        if is_group and (use.fact is not None or use.only_if is not None):
            wrong("an element that holds others has no value of its own")
        if use.only_if is not None and (use.fact is not None or not (use.set or use.excludes)):
            wrong("'only_if' goes with 'set' or 'excludes' and without 'fact'", "only_if")
        if not (use.fact or use.item or use.set or use.excludes or use.if_empty):
            wrong(
                "expected 'fact', 'item', 'set', 'excludes', 'if_empty', 'withdraws' or 'left_out'"
            )
        if is_group and use.excludes:
            wrong("only an element with a value of its own excludes others", "excludes")

    def _check_empty(self, use: UseModel, wrong: Wrong) -> None:
        if use.if_empty is None:
            return
        field = self.facts.get(use.if_empty)
        if self.authored.format != "json":
            wrong("only JSON has an explicit empty list", "if_empty")
        elif field is None or field.type.kind is not Kind.LIST or "." in use.if_empty:
            hint = did_you_mean(use.if_empty, self._lists())
            wrong(f"there is no list '{use.if_empty}' in the record.{hint}", "if_empty")
        elif not use.why.strip():
            wrong("'if_empty' needs its reason: why", "if_empty")

    def _check_excluded(self, path: str, use: UseModel, wrong: Wrong) -> None:
        beside = [
            name
            for name in self._section
            if name != path and name.rpartition("/")[0] == path.rpartition("/")[0]
        ]
        named = [*((name, "excludes") for name in use.excludes), (use.not_before, "not_before")]
        for name, key in named:
            if name and name not in beside:
                hint = did_you_mean(name, beside)
                wrong(f"there is no element '{name}' beside this one in the mapping.{hint}", key)
        if use.excludes and not use.why.strip():
            wrong("'excludes' needs its reason: why", "excludes")

    def _check_outside(self, use: UseModel, wrong: Wrong) -> None:
        """Outside the records there is no record yet, so only a plain fact can be given."""
        if self._name != "outside":
            return
        for name in ("item", "set", "at", "excludes", "not_before"):
            if getattr(use, name):
                wrong(f"'{name}' is for elements inside a record", name)
        if use.convert == LIST_OF_CODES.name:
            wrong(f"'{LIST_OF_CODES.name}' is for elements inside a record", "as")

    def _check_item(self, name: str, opened: set[str], wrong: Wrong) -> None:
        field = self.facts.get(name)
        item = None if field is None else field.type.item
        if item is None or item.kind is not Kind.OBJECT:
            hint = did_you_mean(name, self._lists())
            wrong(f"there is no list of groups '{name}' in the record.{hint}", "item")
        elif Target.of(name).holder not in opened:
            wrong(f"no element around this one adds an item to '{Target.of(name).holder}'", "item")

    def _lists(self) -> list[str]:
        return [path for path, field in self.facts.items() if field.type.kind is Kind.LIST]

    def _open_lists(self, path: str) -> Iterator[str]:
        """The lists to which the elements around `path` add an item."""
        parts = path.split("/")
        for length in range(1, len(parts)):
            for use in self._section.get("/".join(parts[:length]), ()):
                if use.item is not None and use.fact is None:
                    yield use.item

    def _fact(self, path: str, opened: set[str], wrong: Wrong, *key: str) -> FactType | None:
        """The type of a fact that is filled; None, and a problem, where it cannot be."""
        head, _, name = path.partition(".")
        if head in self.facts and self.facts[head].type.kind is Kind.OPEN and name.isidentifier():
            return self.facts[head].type
        if path not in self.facts:
            wrong(f"there is no fact '{path}'.{did_you_mean(path, self.facts)}", *key)
            return None
        holder = Target.of(path).holder
        if holder not in opened:
            wrong(f"neither this element nor one around it adds an item to '{holder}'", *key)
        return self.facts[path].type

    def _conversion(self, use: UseModel, opened: set[str], wrong: Wrong) -> Conversion | None:
        if use.convert is None:
            for name in ("codes", "at", "prefix"):
                if getattr(use, name) is not None:
                    wrong(f"'{name}' goes with a conversion that needs it", name)
            return None
        found = CONVERSIONS.get(use.convert)
        if found is None:
            hint = did_you_mean(use.convert, CONVERSIONS)
            known = listed(CONVERSIONS, most=20)
            wrong(f"there is no conversion '{use.convert}'.{hint} Known: {known}.", "as")
        fact = None if use.fact is None else self._fact(use.fact, opened, wrong, "fact")
        if found is None:
            return None
        for name in ("codes", "at", "prefix"):
            if name in found.needs and getattr(use, name) is None:
                wrong(f"the conversion '{found.name}' needs '{name}'", "as")
            elif name not in found.needs and getattr(use, name) is not None:
                wrong(f"the conversion '{found.name}' does not use '{name}'", name)
        if use.at is not None and use.at not in self._section:
            hint = did_you_mean(use.at, self._section)
            wrong(f"there is no element '{use.at}' in this mapping.{hint}", "at")
        if fact is not None and fact.kind not in found.fills:
            expected = listed((kind.value for kind in found.fills), last="or")
            wrong(
                f"'{found.name}' gives {found.says}, which fits {expected}; "
                f"'{use.fact}' is {fact.describe()}",
                "as",
            )
            return None
        return found

    def _codes(self, use: UseModel, found: Conversion | None, wrong: Wrong) -> Mapping[str, Json]:
        if use.codes is None or found is None or "codes" not in found.needs:
            return {}
        if use.codes not in self.authored.codes:
            hint = did_you_mean(use.codes, self.authored.codes)
            wrong(f"there is no table of codes '{use.codes}'.{hint}", "codes")
            return {}
        table = self.authored.codes[use.codes]
        field = self.facts.get(use.fact or "")
        inner = None if field is None else field.type.item or field.type
        for code, value in table.items():
            if value == [] and found is LIST_OF_CODES:
                continue
            message = None if inner is None or value is None else misfit(value, inner)
            if message is not None:
                self._problem(("codes", use.codes, code), f"'{use.fact}': {message}")
        return table

    def _check_constants(self, use: UseModel, opened: set[str], wrong: Wrong) -> None:
        for path, value in use.set.items():
            fact = self._fact(path, opened, wrong, "set", path)
            message = None if fact is None else misfit(value, fact)
            if message is not None:
                wrong(message, "set", path)


def unused_codes(document: Document, authored: MappingFile) -> Iterator[Problem]:
    """Tables of codes that no element uses."""
    used = {use.codes for uses in authored.elements.values() for use in uses}
    for name in authored.codes:
        if name not in used:
            place = document.key_place(("codes", name))
            yield document.problem(place, f"no element uses the table of codes '{name}'")


def misfit(value: object, fact: FactType) -> str | None:
    """Words for a value that does not fit `fact`; None where it fits."""
    if fact.kind is Kind.CHOICE:
        if value in fact.choices:
            return None
        hint = did_you_mean(str(value), fact.choices)
        return f"expected {listed(fact.choices, last='or')}, found {_quoted(value)}.{hint}"
    if fact.kind is Kind.BOOLEAN:
        return (
            None if isinstance(value, bool) else f"expected true or false, found {_quoted(value)}"
        )
    if fact.kind in NUMBERS:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return None if whole else f"expected a whole number, found {_quoted(value)}"
    if fact.kind is Kind.TEXT:
        return None if isinstance(value, str) else f"expected a text, found {_quoted(value)}"
    if fact.kind is Kind.OPEN:
        return None
    return f"{fact.describe()} cannot be stated in a mapping"


def _quoted(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)
