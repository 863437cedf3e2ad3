"""A command is a class, whose fields are its arguments and options.

The command line library takes functions, so one is made of each class, once its command is given or
the commands are listed. The function that does the work is imported only then, too, so that every
command starts fast.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, make_dataclass
from datetime import date
from functools import partial
from importlib import import_module
from inspect import Parameter, Signature
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import typer
from typer.core import TyperGroup

from scr_audit.errors import InputError

SECTIONS: dict[str, tuple[str, ...]] = {
    "A whole audit": ("start", "next", "status"),
    "Judge": ("run", "explain", "list", "compare", "trend", "history"),
    "Collect": ("form", "import", "merge", "anonymise"),
    "Audit cycle": (
        "sample", "redraw", "replace", "agree", "moderate", "exceptions", "actions",
    ),
    "Write rules": ("init", "check", "format", "try", "sentences"),
    "For programs": ("schema", "pack"),
    "This installation": ("doctor",),
}  # fmt: skip
"""The commands as the help lists them: by what somebody is about to do."""


class Sections(TyperGroup):
    """Lists the commands in their sections; one that is in none comes last."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands, in the order of the sections."""
        order = [name for names in SECTIONS.values() for name in names]
        place = {name: number for number, name in enumerate(order)}
        return sorted(super().list_commands(ctx), key=lambda name: place.get(name, len(order)))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write each section with one line a command."""
        names = self.list_commands(ctx)
        width = max(map(len, names))
        listed = {name for section in SECTIONS.values() for name in section}
        rest = tuple(name for name in names if name not in listed)
        for title, section in [*SECTIONS.items(), ("Others", rest)]:
            found = [(name, self.get_command(ctx, name)) for name in section if name in names]
            limit = formatter.width - width - 6  # as the library leaves room
            rows = [
                (name.ljust(width), command.get_short_help_str(limit))
                for name, command in found
                if command is not None
            ]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


app = typer.Typer(
    name="scr-audit",
    cls=Sections,
    help="Audit anonymised case records against the recommendations of a review.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        from scr_audit._version import __version__

        typer.echo(f"scr-audit {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Audit anonymised case records against the recommendations of a review."""


NamedFile = Annotated[str, "named"]
"""A text that names a file, a folder or something kept. As every `Path`, it is never empty."""


def _parser(hint: object) -> Callable[[str], str | Path] | None:
    parts = hint, *get_args(hint)
    return path if Path in parts else text if NamedFile in parts else None


def path(said: str) -> Path:
    """A name as a path."""
    return Path(text(said))


def text(said: str) -> str:
    """A name as it is. Raises `typer.BadParameter` where there is none."""
    if not said.strip():  # which as a path would be the current folder
        raise typer.BadParameter("it is empty; expected a name")
    return said


_T = TypeVar("_T")
NEEDED: Any = ...


@dataclass(frozen=True)
class Declared:
    """An argument or option as the library has it, its default, and its name."""

    info: Any
    default: object
    name: str = ""


def argument(text: str, default: object = NEEDED, **more: Any) -> Any:
    """An argument, with the words of its help."""
    return Declared(typer.Argument(help=text, **more), default)


def option(names: str, text: str, default: object = None, **more: Any) -> Any:
    """An option such as `--output -o`, with the words of its help."""
    name, *short = names.split()
    return Declared(typer.Option(name, *short, help=text, **more), default, name)


def _packs(incomplete: str) -> list[str]:
    from scr_audit.packs.builtin import shipped_packs  # only a shell that completes asks

    return [name for name in shipped_packs() if name.startswith(incomplete)]


def _plans(incomplete: str) -> list[str]:
    from scr_audit.plans.plan import shipped_plans

    return [name for name in shipped_plans() if name.startswith(incomplete)]


def rule_ids(incomplete: str) -> list[str]:
    """The rules of the built-in packs whose ids begin so, for the shell."""
    from scr_audit.packs.builtin import load_pack

    return [rule.id for rule in load_pack().rules if rule.id.startswith(incomplete)]


PACK = option(
    "--pack -p",
    "A pack's folder, zip or .pack file, or the id of a shipped one.",
    autocompletion=_packs,
)
NAMED_PACK = argument(
    "A pack's folder or id, in place of -p; default the built-in packs.",
    default=None,
    metavar="[PACK]",
)
KIND = option("--kind", "The record kind; default the pack's first.")
SETTINGS = option("--settings", "A file of local parameter values; reports show them.")
AS_OF = option("--as-of", "The day the audit is run for; default today.")
RECORDS = option("--records", "The records that an earlier run judged, as run reads them.")
EXCEPTIONS = option("--exceptions", "Approved exceptions: units that may be not met, and why.")
ALLOW = option("--allow-identifiable", "Why identifiable records may be read.")
PLAN = option(
    "--audit", "An audit plan, which chooses the rules: a file or an id.", autocompletion=_plans
)
PERIOD = option(
    "--period", "Q3 2026 or 2026Q3, 2026-07 or July 2026, 2026/27, 2026-07-01..2026-09-30."
)
FULL = option("--full", "Print all, not one screen.", default=False)
QUIET = option("--quiet -q", "Print nothing.", default=False)
JSON = option("--json", "As JSON.", default=False)


BY_ROLE = option("--by-role", "In which role you do it: a post, never a name.", ...)
SERIES_PLAN = option("--plan", "The audit plan whose series 'last' is of.")


def group(name: str, text: str) -> typer.Typer:
    """A group of commands, such as `history`."""
    _groups[name] = typer.Typer(help=text, no_args_is_help=True, rich_markup_mode=None)
    return _groups[name]


def command(
    app: typer.Typer, name: str, does: str, *, spread: bool = False
) -> Callable[[type[_T]], type[_T]]:
    """Make a command of a class, run by the function `does`, `module.function`.

    The function takes an object of the class or, with `spread`, each field by its name.
    """

    def make(asked: type[_T]) -> None:
        hints = get_type_hints(asked)
        given: dict[str, Declared] = {part: getattr(asked, part) for part in hints}
        for part, hint in get_type_hints(asked, include_extras=True).items():
            given[part].info.parser = _parser(hint)
        whole = make_dataclass(asked.__name__, hints.items(), bases=(asked,), frozen=True)

        def run(**values: object) -> int:
            made = {part: _value(hints[part], given[part], value) for part, value in values.items()}
            module, function = does.split(".")
            work: Callable[..., int] = getattr(import_module(f"scr_audit.cli.{module}"), function)
            return work(**made) if spread else work(whole(**made))

        parameters = [_parameter(part, hints[part], given[part]) for part in hints]
        run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        run.__doc__ = asked.__doc__
        app.command(name=name)(run)

    def declare(asked: type[_T]) -> type[_T]:
        _declared.append((app, name, partial(make, asked)))
        return asked

    return declare


_declared: list[tuple[typer.Typer, str, Callable[[], None]]] = []
_groups: dict[str, typer.Typer] = {}


def command_line(arguments: Sequence[str]) -> Callable[..., object]:
    """The command line for these arguments: with the command or group that they name, or all."""
    given = arguments[0] if arguments else ""
    of_group = _groups.get(given)
    wanted = [
        (owner, make)
        for owner, name, make in _declared
        if (owner is app and name == given) or owner is of_group
    ]
    app.registered_groups.clear()
    for name, owner in _groups.items():
        owner.registered_commands.clear()
        if owner is of_group or not wanted:
            app.add_typer(owner, name=name)
    app.registered_commands.clear()
    for _, make in wanted or [(owner, make) for owner, _, make in _declared]:
        make()
    return typer.main.get_command(app)


def _parameter(name: str, hint: object, given: Declared) -> Parameter:
    """The parameter as the library takes it: lists for tuples, texts for days."""
    if get_origin(hint) is tuple:
        hint = list[get_args(hint)[0]]  # type: ignore[misc]
        hint = hint if given.default is NEEDED else hint | None
    elif _is_day(hint):
        hint = str if given.default is NEEDED else str | None
    return Parameter(
        name,
        Parameter.KEYWORD_ONLY,
        default=Parameter.empty if given.default is NEEDED else given.default,
        annotation=Annotated[hint, given.info],
    )


def _value(hint: object, given: Declared, value: Any) -> Any:
    if get_origin(hint) is tuple:
        return tuple(value or ())
    if _is_day(hint) and (value is not None or not isinstance(hint, UnionType)):
        return parse_day(value, given.name)
    return value


def _is_day(hint: object) -> bool:
    return hint is date or date in get_args(hint)


_EARLIEST, _MOST_YEARS_AHEAD = 1990, 20


def parse_day(text: str | None, option: str = "--as-of") -> date:
    """The day given by an option, or today. Raises `InputError`."""
    if text is None:
        return date.today()
    expected = "expected a day such as 2026-11-24"
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        shown = text if text.strip() else f"'{text}'"
        raise InputError(f"{option} {shown}: it is not written year-month-day; {expected}")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text}: there is no such day; {expected}") from None
    if option == "--as-of" and not _EARLIEST <= day.year <= date.today().year + _MOST_YEARS_AHEAD:
        raise InputError(
            f"{option} {text}: hardly anybody audits for a day before {_EARLIEST} or more than "
            f"{_MOST_YEARS_AHEAD} years ahead; {expected}"
        )
    return day
