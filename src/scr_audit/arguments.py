"""What is given to a public function, held against the types that the function names.

The annotations say what is taken, so that no function has a check of its own. Of a list or a
mapping that is given each value is looked at, of an iterator none, since that would use it up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from functools import cache, wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from typing_extensions import is_typeddict

from scr_audit.errors import ArgumentError, listed

_T = TypeVar("_T", bound=Callable[..., Any])
_UNIONS = (Union, UnionType)
_WORDS = {
    str: "a text",
    bytes: "bytes",
    Path: "a path",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    date: "a day, such as date(2026, 11, 29)",
}
_GIVEN_BY = {
    "Action": "read_actions",
    "Anonymised": "anonymise",
    "ApprovedException": "exception_for",
    "Audit": "run_audit",
    "Finding": "Engine.findings",
    "Import": "open_import",
    "Key": "read_key",
    "KeptRun": "named_run",
    "NewRun": "new_run",
    "Pack": "load_pack",
    "RunBundle": "read_bundle",
    "RunHead": "read_bundle",
    "SampleDocument": "read_sample",
    "Store": "open_store",
    "StreamedBundle": "stream_bundle",
}
"""Types that nobody makes by hand, with what gives a value of each."""


def check_arguments(function: _T) -> _T:
    """The function, or the class, that takes only arguments of the types that it names.

    It raises `ArgumentError` for others and repeats nothing of the value. An argument that is
    missing or unknown is Python's `TypeError`, as everywhere.
    """
    if isinstance(function, type):
        made = cast("Any", function)
        made.__init__ = check_arguments(made.__init__)
        return function

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        taken, hints = _taken(function)
        for name, given in taken.bind(*args, **kwargs).arguments.items():
            several = taken.parameters[name].kind is Parameter.VAR_POSITIONAL
            for value in given if several else (given,):
                if not _fits(value, hints.get(name, Any)):
                    expected = listed(_words(hints[name]), most=20, last="or")
                    raise ArgumentError(name, f"expected {expected}; found {_found(value)}")
        return function(*args, **kwargs)

    return cast("_T", checked)


@cache
def _taken(function: Callable[..., Any]) -> tuple[Signature, dict[str, Any]]:
    return signature(function), get_type_hints(function)


def _fits(value: Any, hint: Any) -> bool:
    origin, inner = get_origin(hint) or hint, get_args(hint)
    if hint is Any:
        return True
    if origin in _UNIONS:
        return any(_fits(value, each) for each in inner)
    if origin is Literal:
        return value in inner
    if is_typeddict(hint):
        # One of an earlier version lacks some of its keys.
        return isinstance(value, Mapping) and not hint.__required_keys__.isdisjoint(value)
    kind: Any = int | float if origin is float else origin
    if not isinstance(value, kind):
        return False
    if isinstance(value, bool | datetime):  # True is no number, and a time is no day
        return origin in (bool, datetime, object)
    if not inner or origin in (Callable, tuple):
        return True
    if issubclass(origin, Mapping):
        return all(_fits(key, inner[0]) and _fits(one, inner[1]) for key, one in value.items())
    if isinstance(value, str | bytes | Mapping):  # a list of its letters or keys, to Python
        return False
    return not isinstance(value, Collection) or all(_fits(each, inner[0]) for each in value)


def _words(hint: Any) -> list[str]:
    """Everything that a type takes, in words; that it may be None is not said."""
    origin, inner = get_origin(hint) or hint, get_args(hint)
    if origin in _UNIONS:
        either = sorted((each for each in inner if each is not NoneType), key=_is_list)
        if Path in either and str in either:
            either.remove(str)  # that of a path
        return [words for each in either for words in _words(each)]
    if origin is Literal:
        return [repr(each) for each in inner]
    if origin is Callable:
        return ["a function"]
    if inner:
        kind = "dict" if issubclass(origin, Mapping) else "list"
        each = " or ".join(_words(inner[kind == "dict"]))
        return [f"a {kind} of which each is {each}"]
    name = hint.__name__
    article = "an" if name[0] in "AEIOU" else "a"
    given_by = f", as {_GIVEN_BY[name]} gives it" if name in _GIVEN_BY else ""
    return [_WORDS.get(hint, f"{article} {name}{given_by}")]


def _is_list(hint: Any) -> bool:
    return bool(get_args(hint)) and get_origin(hint) is not Literal


def _found(value: object) -> str:
    inner = value.values() if isinstance(value, Mapping) else value
    name = type(value).__name__
    if not isinstance(inner, Collection) or isinstance(inner, str | bytes):
        return name
    return f"{name} of {listed(sorted({type(each).__name__ for each in inner})) or 'nothing'}"
