"""Disclosure profiles: which counts a publisher may not print, as authored YAML files."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from scr_audit.errors import InputError, PackError, Problem, did_you_mean, listed
from scr_audit.packs.authored import validated
from scr_audit.packs.builtin import shipped
from scr_audit.packs.models import Authored, Identifier
from scr_audit.packs.yaml_source import Document, read_yaml

FOLDER = "disclosure"
SUFFIX = ".yaml"


class Profile(Authored):
    """A publisher's rule for small counts."""

    id: Identifier = Field(description="The profile's name for programs")
    title: str = Field(description="The profile's name for people")
    threshold: int = Field(
        ge=2, description="Counts below it are masked: from 1, or from 0 with `mask_zero`"
    )
    rounding_base: int = Field(
        1, ge=1, description="Counts that are shown are rounded to a multiple of it; 1: not rounded"
    )
    mask_zero: bool = Field(False, description="Whether a count of none is masked too")
    source: str = Field(description="Where the rule comes from")
    explanation: str = Field(description="What is masked and why, in words for the reader")

    def hides(self, count: int) -> bool:
        """Whether this count may not be shown."""
        return count < self.threshold and (count > 0 or self.mask_zero)

    def shown(self, count: int) -> int:
        """The count as it is printed: rounded to the nearest multiple, halves upwards."""
        return (count + self.rounding_base // 2) // self.rounding_base * self.rounding_base

    def behind(self, shown: int | None) -> tuple[int, int | None]:
        """The smallest and the largest count that a printed cell may stand for; None: no limit."""
        if shown is None:
            return (0 if self.mask_zero else 1), None
        if shown == 0 or self.rounding_base == 1:
            return shown, shown
        least = shown - self.rounding_base // 2
        return max(self.threshold, least), least + self.rounding_base - 1


def shipped_profiles() -> list[str]:
    """The ids of the profiles that ship with the engine."""
    return sorted(path.stem for path in (shipped("reports") / FOLDER).glob(f"*{SUFFIX}"))


def load_profile(name_or_path: str | Path, *, beside: Path | None = None) -> Profile:
    """The shipped profile of that name, or the one in a YAML file.

    `beside` is the file that names it, where one does: a path is then seen from its folder.
    Raises `PackError` with every problem of the file, `InputError` where there is none.
    """
    path = _path(name_or_path, Path() if beside is None else beside.parent)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    document = read_yaml(data, str(path))
    profile, problems = validated(Profile, document)
    if profile is not None:
        problems = list(_contradictions(profile, document))
    if profile is None or problems or document.problems:
        raise PackError([*problems, *document.problems])
    return profile


def _path(name_or_path: str | Path, folder: Path) -> Path:
    path, name = folder / name_or_path, str(name_or_path)
    if name in shipped_profiles():
        return shipped("reports") / FOLDER / f"{name}{SUFFIX}"
    if path.exists() or Path(name).name != name or path.suffix:
        return path
    known = shipped_profiles()
    raise InputError(
        f"{name}: there is no such file and no disclosure profile of that name."
        f"{did_you_mean(name, known)} Shipped: {listed(known)}."
    )


def _contradictions(profile: Profile, document: Document) -> list[Problem]:
    if profile.threshold >= profile.rounding_base:
        return []
    message = (
        f"the threshold, {profile.threshold}, is below the rounding base, "
        f"{profile.rounding_base}: a count could be rounded to 0. Raise the threshold"
    )
    return [document.problem(document.place(("threshold",)), message)]
