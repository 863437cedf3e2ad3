"""From the element of a record to the record, as a mapping says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from scr_audit.mappings.conversions import (
    LIST_OF_CODES,
    Scalar,
    Surroundings,
    Unfit,
    as_day,
    as_flag,
)
from scr_audit.mappings.draft import Draft, Holder
from scr_audit.mappings.mapping import (
    EMPTY_LIST,
    Found,
    ImportMapping,
    Node,
    Outside,
    Step,
    Target,
    Use,
    same,
    values_at,
)
from scr_audit.mappings.pseudonyms import Key
from scr_audit.mappings.tally import LEFT_OUT, Fate, Tally, shown_name
from scr_audit.records.raw import Json

CONTRADICTION = "another element says otherwise"
REPEATED = "an earlier part of the record says the same"
NO_ID = "the source gives no id"
NOT_A_GROUP = "expected other elements in it"
NOT_A_VALUE = "expected a value, found other elements in it"


class RecordMaker:
    """Makes the records of one source file; `tally` counts what became of each element."""

    def __init__(self, mapping: ImportMapping, key: Key, file: str, today: date | None) -> None:
        self.mapping = mapping
        self.today = today
        self.tally = Tally()
        self._key = key
        self._file = file
        self._shared: list[tuple[Use, Any, str]] = []

    def take_outside(self, outside: Outside) -> None:
        """Read an element outside the records; what it gives, it gives to each record."""
        step, draft = self.mapping.outside, Draft(self._file)
        names = (*outside.around, outside.node.name)[1:]
        found: Step | None = step
        for name in names:
            found = found.steps.get(name) if found is not None else None
        place = "/".join(map(shown_name, names))
        reading = _Reading(self, draft, None)
        if found is None:
            reading.unknown(step, outside.node, "/".join(map(shown_name, names[:-1])))
        else:
            reading.element(found, outside.node, draft.root(), place)
        self._shared += reading.shared

    def make(self, parts: Sequence[Found]) -> dict[str, Any] | None:
        """The record of the elements of one id; None where the sender takes it back."""
        draft = Draft(self._file)
        first, name = parts[0], self.mapping.record[-1]
        whole = Node(name, None, [child for part in parts for child in part.node.children])
        reading = _Reading(self, draft, whole)
        place = f"{name} {first.number}"
        if reading.is_withdrawn(self.mapping.inside, whole):
            for part in parts:
                at = f"{name} {part.number}"
                self.tally.add(Fate.WITHDRAWN, name, at, line=part.node.line)
            return None
        before: list[Node] = []
        for part in parts:
            again = [each for each in part.node.children if any(same(each, b) for b in before)]
            reading.repeated = set(map(id, again))
            at = f"{name} {part.number}"
            reading.group(self.mapping.inside, part.node, draft.root(), at)
            before += part.node.children
        if len(parts) > 1:
            self.tally.joined.append(" and ".join(f"{name} {number_of(part)}" for part in parts))
        for use, value, origin in self._shared:
            assert use.target is not None
            draft.put(draft.root()[""], use.target, value, origin)
        reading.finish()
        if "id" not in draft.facts:
            self.tally.add(Fate.UNFIT, "id", place, line=first.node.line, words=NO_ID)
            draft.facts = {"id": f"{self.mapping.kind}-{first.number}", **draft.facts}
        self.tally.records += 1
        return draft.finished()


def number_of(part: Found) -> str:
    """An element by its number among those of the records, and its line where it is known."""
    return f"{part.number} (line {part.node.line})" if part.node.line else f"{part.number}"


class _Reading:
    """The reading of one element with all that stands in it."""

    def __init__(self, maker: RecordMaker, draft: Draft, root: Node | None) -> None:
        self.maker = maker
        self.tally = maker.tally
        self.draft = draft
        self.root = root
        self.shared: list[tuple[Use, Any, str]] = []
        self.repeated: set[int] = set()  # nodes that an earlier part of the record has too
        self._groups: Counter[str] = Counter()
        self._empty: dict[str, tuple[Step, str, int]] = {}

    def element(self, step: Step, node: Node, holders: dict[str, Holder], place: str) -> None:
        if step.left_out is not None:
            fate = LEFT_OUT[step.left_out]
            self.tally.add(fate, step.path, place, line=node.line, words=step.why)
        elif node.value is EMPTY_LIST:
            _, first, number = self._empty.get(step.path, (step, place, 0))
            self._empty[step.path] = step, first, number + 1
        elif step.is_group:
            self._inner_group(step, node, holders, place)
        elif node.children:
            self.tally.add(Fate.UNFIT, step.path, place, line=node.line, words=NOT_A_VALUE)
        elif node.value is not None and step.uses:
            self._leaf(step, node, node.value, holders, place)

    def _inner_group(self, step: Step, node: Node, holders: dict[str, Holder], place: str) -> None:
        if node.value is not None:
            self.tally.add(Fate.UNFIT, step.path, place, line=node.line, words=NOT_A_GROUP)
        elif self.is_withdrawn(step, node):
            self.tally.add(Fate.WITHDRAWN, step.path, place, line=node.line, words=step.why)
        else:
            self.group(step, node, holders, place)

    def is_withdrawn(self, step: Step, node: Node) -> bool:
        """Whether a flag in the group says that the sender takes it back."""
        return bool(step.withdrawn_by) and any(
            child.name in step.withdrawn_by and child.value in (True, "true", "TRUE", "1")
            for child in node.children
        )

    def group(self, step: Step, node: Node, holders: dict[str, Holder], place: str) -> None:
        """Read a group: first what it gives itself, then the elements in it."""
        self._groups[step.path] += 1
        opened = dict(holders)
        for use in step.uses:
            if use.item is not None:
                opened[use.item] = self.draft.add_item(opened, use.item, place)
            try:
                self._constants(use, opened, place)
            except Unfit as error:
                path = step.path or self.maker.mapping.record[-1]
                self.tally.add(Fate.UNFIT, path, place, line=node.line, words=str(error))
        numbers: Counter[str] = Counter()
        excluded = _excluded(step, node)
        for child in node.children:
            numbers[child.name] += 1
            below = step.steps.get(child.name)
            if below is None:
                self.unknown(step, child, place)
                continue
            number = f"[{numbers[child.name]}]" if numbers[child.name] > 1 else ""
            at = f"{place}/{child.name}{number}"
            if id(child) in self.repeated:
                words = REPEATED
                self.tally.add(Fate.SAYS_NOTHING, below.path, at, line=child.line, words=words)
            elif child.name in excluded and not below.is_group:
                words = f"{excluded[child.name]} beside it says otherwise, so it is not recorded"
                self.tally.add(Fate.UNFIT, below.path, at, line=child.line, words=words)
            else:
                self.element(below, child, opened, at)

    def unknown(self, step: Step, node: Node, place: str) -> None:
        name = shown_name(node.name)
        path = f"{step.path}/{name}".lstrip("/")
        where = f"{place}/{name}".lstrip("/")
        self.tally.add(Fate.UNKNOWN, path, where, line=node.line)

    def _leaf(
        self, step: Step, node: Node, value: Scalar, holders: dict[str, Holder], place: str
    ) -> None:
        fate, words = Fate.SAYS_NOTHING, ""
        wrong: dict[str, None] = {}
        for use in step.uses:
            try:
                gave = self._apply(value, use, holders, place)
            except Unfit as error:
                wrong[str(error)] = None
                continue
            if gave and use.conversion is not None and use.conversion.coarsens:
                fate, words = Fate.COARSENED, step.why
            elif gave and fate is Fate.SAYS_NOTHING:
                fate = Fate.IMPORTED
        if wrong:  # each element has one fate, however many facts it was to give
            fate, words = Fate.UNFIT, "; ".join(wrong)
        self.tally.add(fate, step.path, place, line=node.line, words=words)

    def _apply(self, value: Scalar, use: Use, holders: dict[str, Holder], place: str) -> bool:
        """Do what a use says with a value; whether a fact came of it. Raises `Unfit`."""
        if use.only_if is not None:
            if as_flag(value) is not use.only_if:
                return False
            return self._constants(use, holders, place)
        if use.conversion is None:
            return self._stands(use, holders, place)
        if use.conversion is LIST_OF_CODES:
            return self._gather(use, value, holders, place)
        try:
            converted = self._converted(use, value)
        except Unfit:
            if use.item is not None:  # there was one, though when is not known
                opened = {**holders, use.item: self.draft.add_item(holders, use.item, place)}
                self._constants(use, opened, place)
            raise
        if converted is None:
            return False
        if self.root is None:
            self.shared.append((use, converted, place))
            return True
        return self._state(use, converted, holders, place)

    def _stands(self, use: Use, holders: dict[str, Holder], place: str) -> bool:
        """State what holds because the element has a value, whatever that is."""
        opened = holders
        if use.item is not None:
            opened = {**holders, use.item: self.draft.add_item(holders, use.item, place)}
        return self._constants(use, opened, place) or use.item is not None

    def _state(self, use: Use, value: Json, holders: dict[str, Holder], place: str) -> bool:
        if use.target is None:
            return self._constants(use, holders, place)
        opened = holders
        if use.item is not None:
            facts = {use.target: value, **dict(use.constants)}
            item = self.draft.find_item(holders, use.item, facts)
            opened = {**holders, use.item: item or self.draft.add_item(holders, use.item, place)}
        if not self.draft.put(opened[use.target.holder], use.target, value, place):
            raise Unfit(CONTRADICTION)
        self._constants(use, opened, place)
        return True

    def _constants(self, use: Use, holders: dict[str, Holder], place: str) -> bool:
        """State what a use says of itself; whether it says anything. Raises `Unfit` after all."""
        stated = [
            self.draft.put(holders[target.holder], target, value, place)
            for target, value in use.constants
        ]
        if not all(stated):
            raise Unfit(CONTRADICTION)
        return bool(stated)

    def _converted(self, use: Use, value: Scalar) -> Any:
        assert use.conversion is not None
        event = self._event(use.at) if use.at else None
        around = Surroundings(use.codes, event, self.maker.today, self.maker._key, use.prefix)
        return use.conversion.convert(value, around)

    def _event(self, path: Sequence[str]) -> date | None:
        """The first of the days that elements of a path state; None where one states none."""
        assert self.root is not None
        try:
            days = [as_day(value, self.maker.today) for value in values_at(self.root, path)]
        except Unfit:
            return None  # it may have been the first
        return min(days, default=None)

    def _gather(self, use: Use, value: Scalar, holders: dict[str, Holder], place: str) -> bool:
        assert use.target is not None
        gathered = self.draft.gather(holders[use.target.holder], use.target, place)
        try:
            word = self._converted(use, value)
        except Unfit:
            gathered.broken = True
            raise
        if word is None:
            gathered.broken = True  # the list would look complete without it
            return False
        if word == []:
            gathered.says_none = True
        elif word not in gathered.words:
            gathered.words.append(word)
        return True

    def finish(self) -> None:
        """State what only the whole record shows: lists of words, and lists without items."""
        for gathered in self.draft.gathered.values():
            if gathered.says_none and gathered.words:
                words = "a code says that there are none, others say which"
                path = "/".join(gathered.target.keys)
                self.tally.add(Fate.UNFIT, path, gathered.place, words=words)
            elif not gathered.broken:
                self.draft.put(gathered.holder, gathered.target, gathered.words, gathered.place)
        for step, place, number in self._empty.values():
            self._none(step, place, number)

    def _none(self, step: Step, place: str, number: int) -> None:
        """Explicit empty lists: wherever they could stand, and no item, there were none."""
        around = step.path.rpartition("/")[0]
        fate = Fate.SAYS_NOTHING
        if (
            step.none_of is not None
            and number == self._groups[around]
            and step.none_of not in self.draft.facts
        ):
            target = Target.of(step.none_of)
            self.draft.put(self.draft.root()[""], target, [], place)
            fate = Fate.IMPORTED
        for _ in range(number):
            self.tally.add(fate, step.path, place)


def _excluded(step: Step, node: Node) -> dict[str, str]:
    """The elements of a group that another one in it contradicts, each with that one's name.

    Of a pair both are in it. A group stays what it is: what is recorded in it happened.
    """
    found: dict[str, str] = {}
    names = {child.name for child in node.children if child.children or _has_value(child)}
    for child in node.children:
        below = step.steps.get(child.name)
        for use in () if below is None else below.uses:
            if use.excludes and _holds(use, child):
                for other in names.intersection(use.excludes):
                    found.setdefault(child.name, other)
                    found.setdefault(other, child.name)
    return found


def _has_value(node: Node) -> bool:
    return node.value is not None and node.value is not EMPTY_LIST


def _holds(use: Use, node: Node) -> bool:
    """Whether an element has a value, and the one that the use is for."""
    if not _has_value(node) or use.only_if is None:
        return _has_value(node)
    try:
        return as_flag(node.value) is use.only_if  # type: ignore[arg-type]  # it has a value
    except Unfit:
        return False
