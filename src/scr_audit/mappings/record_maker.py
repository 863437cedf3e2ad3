"""From the element of a record to the record, as a mapping says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from scr_audit.errors import listed
from scr_audit.mappings.conversions import (
    LIST_OF_CODES,
    Key,
    Scalar,
    Surroundings,
    Unfit,
    as_flag,
    stated_day,
)
from scr_audit.mappings.draft import Draft, Holder
from scr_audit.mappings.mapping import (
    EMPTY_LIST,
    ElementUse,
    ImportMapping,
    Node,
    OuterElement,
    RecordElement,
    Step,
    Target,
    is_same,
)
from scr_audit.mappings.tally import LEFT_OUT, ElementFate, Fate, Tally, safe_name
from scr_audit.records.raw import Json

CONTRADICTION = "another element says otherwise"
NOT_WHOLE = "another element of the list has no word here, so the list is not recorded"
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
        self.key = key
        self.lines: Mapping[str, int] = {}  # of the last record's elements, by their places
        self._file = file
        self._numbers: Counter[str] = Counter()
        self._outside: list[_Shared] = []
        self._shared: list[_Shared] | None = None  # those of `_outside` that contradict nothing
        self._kept: dict[ElementFate, bool] = {}  # whether a record took what each gives

    def take_outside(self, outside: OuterElement) -> None:
        """Read an element outside the records; what it gives, it gives to each record."""
        step, draft = self.mapping.outside, Draft(self._file)
        names = (*outside.around, outside.node.name)[1:]
        found: Step | None = step
        for name in names:
            found = found.steps.get(name) if found is not None else None
        place = "/".join(map(safe_name, names))
        reading = _Reading(self, draft)
        if found is None:
            reading.unknown(step, outside.node, "/".join(map(safe_name, names[:-1])))
        else:
            self._numbers[place] += 1
            number = f"[{self._numbers[place]}]" if self._numbers[place] > 1 else ""
            reading.element(found, outside.node, draft.root(), f"{place}{number}")
        given = {shared.entry for shared in reading.shared}
        self.tally.take(entry for entry in reading.entries if entry not in given)
        self._outside += reading.shared

    def _given_to_each(self) -> list[_Shared]:
        """What the elements outside give to each record; nothing where they contradict."""
        if self._shared is None:
            said: dict[Target, list[_Shared]] = {}
            for each in self._outside:
                said.setdefault(each.target, []).append(each)
            contradicting = [
                [each.entry for each in found]
                for found in said.values()
                if any(each.value != found[0].value for each in found)
            ]
            self._kept = dict.fromkeys(self._note_contradictions(contradicting), False)
            self._shared = [each for each in self._outside if each.entry not in self._kept]
        return self._shared

    def count_outside(self) -> None:
        """Count the elements outside the records, once each; as imported where a record kept it."""
        for entry in dict.fromkeys(each.entry for each in self._outside):
            self.tally.take([entry] if self._kept.get(entry, True) else _unfit([entry]))

    def _note_contradictions(
        self, contradicting: Iterable[Sequence[ElementFate]]
    ) -> Iterator[ElementFate]:
        """Note which elements contradict each other, and yield all of them."""
        for entries in contradicting:
            self.tally.contradictions.append(listed([entry.where for entry in entries]))
            yield from entries

    def make(self, parts: Sequence[RecordElement]) -> dict[str, Any] | None:
        """The record of the elements of one id; None where the sender takes it back."""
        first, name = parts[0], self.mapping.record[-1]
        shared = self._given_to_each()
        if any(_is_withdrawn(self.mapping.inside, part.node) for part in parts):
            self.tally.take(
                ElementFate(Fate.WITHDRAWN, name, f"{name} {part.number}", part.node.line)
                for part in parts
            )
            return None
        # Contradictions show once all is read; then it is read again without them.
        refused: dict[str, ElementFate] = {}
        draft, reading = self._read(parts, shared, refused)
        while found := reading.contradictions():
            refused |= {entry.place: entry for entry in self._note_contradictions(found)}
            draft, reading = self._read(parts, shared, refused)
        self.tally.take(reading.entries)
        self.lines = reading.lines()
        for each in shared:
            is_kept = each.entry.place not in refused
            self._kept[each.entry] = self._kept.get(each.entry, False) or is_kept
        if len(parts) > 1:
            self.tally.joined.append(" and ".join(f"{name} {number_of(part)}" for part in parts))
        if "id" not in draft.facts:
            place = f"{name} {first.number}"
            self.tally.take([ElementFate(Fate.UNFIT, "id", place, first.node.line, NO_ID)])
            draft.facts = {"id": f"{self.mapping.kind}-{first.number}", **draft.facts}
        self.tally.records += 1
        return draft.record()

    def _read(
        self,
        parts: Sequence[RecordElement],
        shared: Sequence[_Shared],
        refused: Mapping[str, ElementFate],
    ) -> tuple[Draft, _Reading]:
        """The parts of a record read, but for the elements at the places of `refused`."""
        draft, name = Draft(self._file), self.mapping.record[-1]
        whole = Node(name, None, [child for part in parts for child in part.node.children])
        reading = _Reading(self, draft, whole, refused)
        before: list[Node] = []
        for part in parts:
            again = [each for each in part.node.children if any(is_same(each, b) for b in before)]
            reading.repeated = set(map(id, again))
            at = f"{name} {part.number}"
            reading.group(self.mapping.inside, part.node, draft.root(), at)
            before += part.node.children
        for each in shared:
            reading.share(each)
        reading.finish()
        return draft, reading


class _Shared(NamedTuple):
    """What an element outside the records gives to each of them."""

    target: Target
    value: Any
    entry: ElementFate


def _unfit(entries: Iterable[ElementFate]) -> Iterator[ElementFate]:
    return (entry._replace(fate=Fate.UNFIT, words=CONTRADICTION) for entry in entries)


def number_of(part: RecordElement) -> str:
    """An element by its number among those of the records, and its line where it is known."""
    return f"{part.number} (line {part.node.line})" if part.node.line else f"{part.number}"


class _Reading:
    """The reading of one element with all that stands in it."""

    def __init__(
        self,
        maker: RecordMaker,
        draft: Draft,
        root: Node | None = None,
        refused: Mapping[str, ElementFate] = MappingProxyType({}),
    ) -> None:
        self.maker = maker
        self.draft = draft
        self.root = root
        self.refused = refused
        self.entries: list[ElementFate] = []
        self.shared: list[_Shared] = []
        self.repeated: set[int] = set()  # nodes that an earlier part of the record has too
        self._elements: dict[str, ElementFate] = {}  # those that may say something, by their places
        self._given: list[tuple[Target, Any]] = []
        self._opened: set[tuple[str, str]] = set()
        self._groups: Counter[str] = Counter()
        self._empty: dict[str, tuple[Step, str, int]] = {}

    def contradictions(self) -> list[list[ElementFate]]:
        """The elements that say different things about one fact, together."""
        return [[self._elements[place] for place in places] for places in self.draft.contradictions]

    def lines(self) -> dict[str, int]:
        """The lines of the elements that may say something, by their places."""
        return {place: entry.line for place, entry in self._elements.items()}

    def share(self, shared: _Shared) -> None:
        """Take what an element outside the records gives to each of them."""
        place = shared.entry.place
        if place not in self.refused:
            self._elements[place] = shared.entry
            self.draft.put(self.draft.root()[""], shared.target, shared.value, place)

    def _tell(self, fate: Fate, step: Step, node: Node, place: str, words: str) -> None:
        self.entries.append(ElementFate(fate, step.path, place, node.line, words))

    def element(self, step: Step, node: Node, holders: dict[str, Holder], place: str) -> None:
        if step.left_out is not None:
            self._tell(LEFT_OUT[step.left_out], step, node, place, step.why)
        elif node.value is EMPTY_LIST:
            _, first, number = self._empty.get(step.path, (step, place, 0))
            self._empty[step.path] = step, first, number + 1
        elif step.is_group:
            self._inner_group(step, node, holders, place)
        elif node.children:
            self._tell(Fate.UNFIT, step, node, place, NOT_A_VALUE)
        elif node.value is not None and step.uses:
            self._leaf(step, node, node.value, holders, place)

    def _inner_group(self, step: Step, node: Node, holders: dict[str, Holder], place: str) -> None:
        if node.value is not None:
            self._tell(Fate.UNFIT, step, node, place, NOT_A_GROUP)
        elif _is_withdrawn(step, node):
            self._tell(Fate.WITHDRAWN, step, node, place, step.why)
        else:
            self.group(step, node, holders, place)

    def group(self, step: Step, node: Node, holders: dict[str, Holder], place: str) -> None:
        """Read a group: first what it gives itself, then the elements in it."""
        self._groups[step.path] += 1
        opened = holders
        path = step.path or self.maker.mapping.record[-1]
        self._elements[place] = ElementFate(Fate.UNFIT, path, place, node.line, CONTRADICTION)
        for use in step.uses:
            opened = self._with_item(use, opened, place)
            if place not in self.refused:
                self._constants(use, opened, place)
        if place in self.refused:
            self.entries.append(self.refused[place])
        numbers: Counter[str] = Counter()
        excluded = _exclusions(step, node)
        for child in node.children:
            numbers[child.name] += 1
            below = step.steps.get(child.name)
            if below is None:
                self.unknown(step, child, place)
                continue
            number = f"[{numbers[child.name]}]" if numbers[child.name] > 1 else ""
            at = f"{place}/{child.name}{number}"
            if id(child) in self.repeated:
                self._tell(Fate.SAYS_NOTHING, below, child, at, REPEATED)
            elif child.name in excluded and not below.is_group:
                words = f"{excluded[child.name]} beside it says otherwise, so it is not recorded"
                self._tell(Fate.UNFIT, below, child, at, words)
            else:
                self.element(below, child, opened, at)

    def unknown(self, step: Step, node: Node, place: str) -> None:
        name = safe_name(node.name)
        path = f"{step.path}/{name}".lstrip("/")
        where = f"{place}/{name}".lstrip("/")
        self.entries.append(ElementFate(Fate.UNKNOWN, path, where, node.line))

    def _leaf(
        self, step: Step, node: Node, value: Scalar, holders: dict[str, Holder], place: str
    ) -> None:
        if place in self.refused:
            self.entries.append(self.refused[place])
            self._stand_undated(step, holders, place)
            return
        self._elements[place] = ElementFate(Fate.UNFIT, step.path, place, node.line, CONTRADICTION)
        fate, words = Fate.SAYS_NOTHING, ""
        wrong: dict[str, None] = {}
        for use in step.uses:
            try:
                gave = self._apply(value, step, use, holders, place)
            except Unfit as error:
                wrong[str(error)] = None
                continue
            if gave and use.conversion is not None and use.conversion.coarsens:
                fate, words = Fate.COARSENED, step.why
            elif gave and fate is Fate.SAYS_NOTHING:
                fate = Fate.IMPORTED
        if wrong:  # each element has one fate, however many facts it was to give
            fate, words = Fate.UNFIT, "; ".join(wrong)
        self._tell(fate, step, node, place, words)
        self.shared += [_Shared(*given, self.entries[-1]) for given in self._given]
        self._given.clear()

    def _stand_undated(self, step: Step, holders: dict[str, Holder], place: str) -> None:
        """Add the item that elements contradict each other about: that it was is certain."""
        around = place.rpartition("/")[0]
        for use in step.uses:
            if use.item is not None and (use.item, around) not in self._opened:
                self._opened.add((use.item, around))
                item = self.draft.add_item(holders, use.item, place)
                for target, value in use.constants:
                    if target.holder == use.item:
                        self.draft.put(item, target, value, place)

    def _apply(
        self, value: Scalar, step: Step, use: ElementUse, holders: dict[str, Holder], place: str
    ) -> bool:
        """Do what a use says with a value; whether a fact came of it. Raises `Unfit`."""
        if use.only_if is not None:
            flag = as_flag(value)
            self.draft.claim((step.path, place.rpartition("/")[0]), flag, place)
            if flag is not use.only_if:
                return False
            return self._constants(use, holders, place)
        if use.conversion is None:
            opened = self._with_item(use, holders, place)
            return self._constants(use, opened, place) or use.item is not None
        if use.conversion is LIST_OF_CODES:
            return self._gather(use, value, holders, place)
        try:
            converted = self._convert(use, value)
        except Unfit:
            if use.item is not None:  # there was one, though when is not known
                self._constants(use, self._with_item(use, holders, place), place)
            raise
        if converted is None:
            return False
        if use.conversion.coarsens and use.item is None:
            # Two that differ are reported, though both may become the same month or district.
            held = holders[use.target.holder].pointer if use.target else ""
            self.draft.claim((step.path, held), str(value).strip(), place)
        if self.root is None:
            assert use.target is not None
            self._given.append((use.target, converted))
            return True
        return self._state(use, converted, holders, place)

    def _with_item(
        self, use: ElementUse, holders: dict[str, Holder], place: str
    ) -> dict[str, Holder]:
        """The holders, with a new item where the use is about one."""
        if use.item is None:
            return holders
        return {**holders, use.item: self.draft.add_item(holders, use.item, place)}

    def _state(self, use: ElementUse, value: Json, holders: dict[str, Holder], place: str) -> bool:
        if use.target is None:
            return self._constants(use, holders, place)
        opened = holders
        if use.item is not None:
            facts = {use.target: value, **dict(use.constants)}
            item = self.draft.find_item(holders, use.item, facts)
            opened = {**holders, use.item: item or self.draft.add_item(holders, use.item, place)}
        self.draft.put(opened[use.target.holder], use.target, value, place)
        self._constants(use, opened, place)
        return True

    def _constants(self, use: ElementUse, holders: dict[str, Holder], place: str) -> bool:
        """State the constants of a use; whether it has any."""
        for target, value in use.constants:
            self.draft.put(holders[target.holder], target, value, place)
        return bool(use.constants)

    def _convert(self, use: ElementUse, value: Scalar) -> Any:
        assert use.conversion is not None
        event = self._event(use.at) if use.at else None
        around = Surroundings(use.codes, event, self.maker.today, self.maker.key, use.prefix)
        return use.conversion.convert(value, around)

    def _event(self, path: Sequence[str]) -> date | None:
        """The earliest day that elements of a path state; None where that is not certain.

        It is not where one states none, or two contradict each other: that may be the earliest.
        """
        assert self.root is not None
        if any(entry.path == "/".join(path) for entry in self.refused.values()):
            return None
        values = _values_kept(self.maker.mapping.inside, self.root, path)
        try:
            return min((stated_day(value, self.maker.today) for value in values), default=None)
        except Unfit:
            return None

    def _gather(
        self, use: ElementUse, value: Scalar, holders: dict[str, Holder], place: str
    ) -> bool:
        assert use.target is not None
        holder = holders[use.target.holder]
        gathered = self.draft.gather(holder, use.target)
        try:
            word = self._convert(use, value)
        except Unfit:
            gathered.broken = True
            raise
        if word is None:
            gathered.broken = True  # the list would look complete without it
            return False
        gathered.places.append(place)
        # 'None' beside a word is a contradiction.
        self.draft.claim((holder.pointer, use.target), word == [], place)
        if word != [] and word not in gathered.words:
            gathered.words.append(word)
        return True

    def finish(self) -> None:
        """State what only the whole record shows: lists of words, and lists without items."""
        not_recorded: set[str] = set()
        for gathered in self.draft.gathered.values():
            if gathered.broken:
                not_recorded.update(gathered.places)
            elif gathered.places:
                place = gathered.places[0]
                self.draft.put(gathered.holder, gathered.target, gathered.words, place)
        self.entries = [
            entry._replace(fate=Fate.UNFIT, words=NOT_WHOLE)
            if entry.place in not_recorded and entry.fate is Fate.IMPORTED
            else entry
            for entry in self.entries
        ]
        for step, place, number in self._empty.values():
            self._none(step, place, number)

    def _none(self, step: Step, place: str, number: int) -> None:
        """Take explicit empty lists as *there were none* where every group has one, and no item."""
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
        self.entries += [ElementFate(fate, step.path, place)] * number


def _values_kept(step: Step, node: Node, path: Sequence[str]) -> Iterator[Scalar]:
    """The values of all elements at a path, without those that the sender took back."""
    below = step.steps[path[0]]
    for child in node.children:
        if child.name != path[0]:
            continue
        if len(path) == 1:
            if isinstance(child.value, str | bool | int | float):
                yield child.value
        elif not _is_withdrawn(below, child):
            yield from _values_kept(below, child, path[1:])


def _exclusions(step: Step, node: Node) -> dict[str, str]:
    """The elements of a group that another one contradicts, each with the name of that one.

    Both of a pair are among them. Groups are not: what is recorded in them happened.
    """
    found: dict[str, str] = {}
    names = {child.name for child in node.children if child.children or _has_value(child)}
    for child in node.children:
        below = step.steps.get(child.name)
        for use in () if below is None else below.uses:
            others = use.excludes if use.excludes and _holds(use, child) else ()
            if any(
                each.name == use.not_before and _is_earlier(child, each) for each in node.children
            ):
                others = (*others, use.not_before)
            for other in names.intersection(others):
                found.setdefault(child.name, other)
                found.setdefault(other, child.name)
    return found


def _is_earlier(node: Node, other: Node) -> bool:
    """Whether both state a day, and the first the earlier one."""
    try:
        days = [stated_day(each.value, None) for each in (node, other)]  # type: ignore[arg-type]
    except Unfit:
        return False
    return days[0] < days[1]


def _is_withdrawn(step: Step, node: Node) -> bool:
    """Whether a flag in the group says that the sender takes it back."""
    return bool(step.withdrawn_by) and any(
        child.name in step.withdrawn_by and child.value in (True, "true", "TRUE", "1")
        for child in node.children
    )


def _has_value(node: Node) -> bool:
    return node.value is not None and node.value is not EMPTY_LIST


def _holds(use: ElementUse, node: Node) -> bool:
    """Whether an element has a value, and the one that the use is for."""
    if not _has_value(node) or use.only_if is None:
        return _has_value(node)
    try:
        return as_flag(node.value) is use.only_if  # type: ignore[arg-type]  # it has a value
    except Unfit:
        return False
