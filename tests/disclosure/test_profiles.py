"""Disclosure profiles: authored files, and what they do to a count."""

from __future__ import annotations

from pathlib import Path

import pytest

from scr_audit.disclosure import load_profile, shipped_profiles
from scr_audit.errors import InputError, PackError

HOUSE = """\
id: house
title: Our own
threshold: 7
source: A decision of the board
explanation: Counts below seven are not shown.
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "house.yaml"
    path.write_text(text)
    return path


def test_two_profiles_ship_each_under_its_id() -> None:
    assert shipped_profiles() == ["standard", "strict"]
    assert [load_profile(name).id for name in shipped_profiles()] == ["standard", "strict"]


def test_a_house_profile_is_loaded_from_its_file(tmp_path: Path) -> None:
    profile = load_profile(written(tmp_path, HOUSE))
    assert (profile.threshold, profile.rounding_base, profile.mask_zero) == (7, 1, False)


def test_an_unknown_profile_is_told_with_the_nearest_name() -> None:
    with pytest.raises(InputError) as caught:
        load_profile("standart")
    assert str(caught.value) == (
        "standart: there is no such file and no disclosure profile of that name. "
        "Did you mean 'standard'? Shipped: standard and strict."
    )


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError) as caught:
        load_profile("nowhere/house.yaml")
    assert str(caught.value) == "nowhere/house.yaml: cannot be read: No such file or directory"


def test_mistakes_of_a_profile_are_told_with_their_places(tmp_path: Path) -> None:
    path = written(tmp_path, HOUSE.replace("threshold: 7", "treshold: 7"))
    with pytest.raises(PackError) as caught:
        load_profile(path)
    assert [(str(p.place), p.message) for p in caught.value.problems] == [
        (f"{path}:1:1", "the key 'threshold' is missing here"),
        (
            f"{path}:3:1",
            "unknown key 'treshold'. Did you mean 'threshold'? Allowed: explanation, id, "
            "mask_zero, rounding_base, source, threshold and title.",
        ),
    ]


def test_a_rounding_that_could_print_a_count_as_none_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, HOUSE + "rounding_base: 10\n")
    with pytest.raises(PackError) as caught:
        load_profile(path)
    [problem] = caught.value.problems
    assert str(problem.place) == f"{path}:3:12"
    assert problem.message == (
        "the threshold, 7, is below the rounding base, 10: a count could be rounded to 0. "
        "Raise the threshold"
    )


@pytest.mark.parametrize("name", ["standard", "strict"])
def test_every_count_shown_lies_in_the_range_that_a_reader_gives_it(name: str) -> None:
    profile = load_profile(name)
    for count in range(200):
        shown = None if profile.hides(count) else profile.shown(count)
        least, most = profile.behind(shown)
        assert least <= count
        assert most is None or count <= most
        assert shown is None or not profile.hides(shown)
