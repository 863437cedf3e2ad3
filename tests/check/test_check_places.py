"""Files of a pack as paths that hold on every machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from scr_audit.check.pack_check import Located, Places

PLACES = Places(
    working=Path("/home/me/project"), pack=Path("/srv/linked/shop"), target=Path("/data/packs/shop")
)


@pytest.mark.parametrize(
    ("file", "located"),
    [
        ("rules/shop/rules/1.yaml", Located("%SRCROOT%", "rules/shop/rules/1.yaml")),
        ("./a/../shop/pack.yaml", Located("%SRCROOT%", "shop/pack.yaml")),
        ("/home/me/project/pack.yaml", Located("%SRCROOT%", "pack.yaml")),
        ("/srv/linked/shop/rules/1.yaml", Located("PACKS", "shop/rules/1.yaml")),
        ("../../../srv/linked/shop/pack.yaml", Located("PACKS", "shop/pack.yaml")),
        ("/data/packs/parent/rules/1.yaml", Located("PACKS", "parent/rules/1.yaml")),
        ("/elsewhere/secret/pack.yaml", Located("PACKS", "pack.yaml")),
    ],
)
def test_a_file_is_told_from_the_working_folder_or_the_one_that_holds_the_pack(
    file: str, located: Located
) -> None:
    assert PLACES.located(file) == located


def test_messages_lose_the_folders_of_the_machine() -> None:
    text = "used at /srv/linked/shop/rules/1.yaml:2:9 and /data/packs/parent/pack.yaml:1:1"
    other = "http://a.b /old/srv/linked/shop"
    assert PLACES.words(text) == "used at shop/rules/1.yaml:2:9 and parent/pack.yaml:1:1"
    assert PLACES.words(other) == other
    assert Places(Path("/"), Path("/shop"), Path("/shop")).words(other) == other
