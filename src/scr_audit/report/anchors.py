"""Addresses within a page."""

import hashlib
import re

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_KEY = 80
# In no key, so that the parts of a finding's address can be told apart again.
_BETWEEN = "~"


class Anchors:
    """Gives out addresses within the page: readable, stable from run to run, never the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, prefix: str, *parts: str) -> str:
        """A free address for what `parts` name."""
        return self.free(f"{prefix}-{key('-'.join(part.strip('/') for part in parts if part))}")

    def free(self, wanted: str) -> str:
        """`wanted`, with a number behind it if it is taken."""
        anchor, number = wanted, 1
        while anchor in self._taken:
            number += 1
            anchor = f"{wanted}-{number}"
        self._taken.add(anchor)
        return anchor


def key(name: str) -> str:
    """`name` as a part of an address: what is lost in it comes back as a digest of the whole."""
    whole = name.strip("/").replace("/", "-")
    plain = _UNSAFE.sub("-", whole)
    if plain != whole or len(plain) > _LONGEST_KEY:
        digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
        return f"{plain[:_LONGEST_KEY].strip('-')}-{digest[:8]}"
    return plain


def finding_anchor(rule_anchor: str, record_anchor: str, unit: str) -> str:
    """The address of a finding, from those of its rule and its record and its unit's key.

    The filter of the page puts the same three together.
    """
    keys = (rule_anchor.removeprefix("rule-"), record_anchor.removeprefix("record-"), unit)
    return _BETWEEN.join(("f", *keys))
