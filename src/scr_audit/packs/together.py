"""A pack and the one it extends, judged together."""

from __future__ import annotations

from dataclasses import replace

from scr_audit.packs.pack import Pack


def together(pack: Pack) -> Pack:
    """The pack with the rules and recommendations of the pack that it extends before its own."""
    if pack.extends is None:
        return pack
    first = together(pack.extends)
    note = f"{first.source.get('note', '')} Beside it: {pack.source.get('title', '')}.".strip()
    return replace(
        pack,
        id=f"{first.id}+{pack.id}",
        version=f"{first.version}+{pack.version}",
        title=f"{first.title}, and {pack.title[:1].lower()}{pack.title[1:]}",
        source={**first.source, "note": note},
        recommendations=(*first.recommendations, *pack.recommendations),
        narrative=(*first.narrative, *pack.narrative),
        rules=(*first.rules, *pack.rules),
        examples={**first.examples, **pack.examples},
        warnings=(*first.warnings, *pack.warnings),
        gathered=first.gathered,
        themes={**pack.themes, **first.themes},
        extends=None,
        members=(*first.members, pack.id),
    )
