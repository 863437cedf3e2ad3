"""A plugin of mypy: `"word" in document` and `document.get("word")` name a key of that document.

mypy itself says so only of `document["word"]`; a word misspelt in the other two reads as absent,
which in a report means that something is silently left out.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.options import Options
from mypy.plugin import MethodContext, Plugin
from mypy.plugins.default import DefaultPlugin
from mypy.typeops import try_getting_str_literals_from_type
from mypy.types import Type, TypedDictType, get_proper_type

Hook = Callable[[MethodContext], Type]


class DocumentKeys(Plugin):
    """Looks at the word, then does what mypy does anyway."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._usual = DefaultPlugin(options)

    def get_method_hook(self, fullname: str) -> Hook | None:
        """The check, for the two methods of a dictionary that take any word."""
        usual = self._usual.get_method_hook(fullname)
        if fullname not in ("typing.Mapping.get", "typing.Mapping.__contains__"):
            return usual

        def checked(call: MethodContext) -> Type:
            document = get_proper_type(call.type)
            if isinstance(document, TypedDictType):
                words = try_getting_str_literals_from_type(call.arg_types[0][0])
                unknown = ["a word that depends on the run"] if words is None else words
                for word in set(unknown) - document.items.keys():
                    _fail(call, f"{word} is no key of {document.fallback.type.name}")
            return usual(call) if usual else call.default_return_type

        return checked


def _fail(call: MethodContext, message: str) -> None:
    """Report an error, of `in` too, where mypy tries whether there is a method and hears none."""
    errors = call.api.errors  # type: ignore[attr-defined]
    listening, errors._watchers = errors._watchers, []  # noqa: SLF001
    call.api.fail(message, call.context)
    errors._watchers = listening  # noqa: SLF001


def plugin(_version: str) -> type[Plugin]:
    """What mypy asks for."""
    return DocumentKeys
