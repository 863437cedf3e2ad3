"""Addresses within a page."""

import hashlib
import re

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_ANCHOR = 80


class Anchors:
    """Gives out addresses within the page: readable, stable from run to run, never the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, prefix: str, *parts: str) -> str:
        """A free address for what `parts` name."""
        whole = "-".join(part.strip("/") for part in parts if part).replace("/", "-")
        plain = _UNSAFE.sub("-", whole)
        # What is lost to make it safe or short comes back as a digest of the whole.
        if plain != whole or len(plain) > _LONGEST_ANCHOR:
            digest = hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest()
            plain = f"{plain[:_LONGEST_ANCHOR].strip('-')}-{digest[:8]}"
        return self._free(f"{prefix}-{plain}")

    def _free(self, wanted: str) -> str:
        anchor, number = wanted, 1
        while anchor in self._taken:
            number += 1
            anchor = f"{wanted}-{number}"
        self._taken.add(anchor)
        return anchor
