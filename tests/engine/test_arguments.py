"""Arguments of a wrong type, given to the public functions: the library's own error says so."""

from datetime import datetime
from importlib import import_module
from inspect import isclass, signature
from pathlib import Path

import pytest

from scr_audit import actions, forms, readings, reports, sampling, series, store
from scr_audit.errors import ArgumentError

MODULES = (
    "actions", "anonymity", "approvals", "audit", "editions", "forms", "mappings", "readings",
    "reports", "sampling", "series", "store",
)  # fmt: skip
FUNCTIONS = {
    f"{module}.{name}": found
    for module in MODULES
    for name in import_module(f"scr_audit.{module}").__all__
    if not isclass(found := getattr(import_module(f"scr_audit.{module}"), name))
    if signature(found).parameters
}
FUNCTIONS |= {
    f"{made.__module__}.{made.__name__}": made
    for made in (actions.ActionFilter, actions.Statement, sampling.Wanted)
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_refuses_what_it_cannot_take(name):
    first, *others = signature(FUNCTIONS[name]).parameters.values()
    needed = {each.name: object() for each in others if each.default is each.empty}
    with pytest.raises(ArgumentError, match=f"^{first.name.strip('*')}: expected .*; found object"):
        FUNCTIONS[name](object(), **{k: v for k, v in needed.items() if k != "outputs"})


def day_given():
    sampling.draw("a.json", "p", seed="s", wanted=sampling.Wanted(), as_of=datetime(2026, 11, 29))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: actions.Statement(target=90), "target: expected a text; found int"),
        (day_given, "as_of: expected a day, such as date(2026, 11, 29); found datetime"),
        (lambda: sampling.Wanted(size=True), "size: expected a whole number; found bool"),
        (
            lambda: sampling.Wanted(confidence="80"),
            "confidence: expected '90', '95' or '99'; found str",
        ),
        (
            lambda: sampling.Wanted(strata="model"),
            "strata: expected a list of which each is a text; found str",
        ),
        (
            lambda: readings.merge([{"id": "C01"}, "a.json"]),
            "files: expected a path or a list of which each is a path; found list of dict and str",
        ),
        (
            lambda: readings.merge({"cases": "a.json"}),
            "files: expected a path or a list of which each is a path; found dict of str",
        ),
        (lambda: readings.agree(["a.json"], "b.json"), "first: expected a path; found list of str"),
        (
            lambda: series.compare({"cases": []}, {}),
            "then: expected a RunBundle, as read_bundle gives it; found dict of list",
        ),
        (
            lambda: series.trend_of({"spring": "run.json"}),
            "runs: expected a dict of which each is a RunBundle, as read_bundle gives it; "
            "found dict of str",
        ),
        (
            lambda: reports.write("run.json", "report.html"),
            "audit: expected an Audit, as run_audit gives it; found str",
        ),
        (
            lambda: forms.new_form(Path("rules")),
            f"pack: expected a Pack, as load_pack gives it; found {type(Path()).__name__}",
        ),
        (
            lambda: store.kept_runs("office.sqlite"),
            "store: expected a Store, as open_store gives it; found str",
        ),
    ],
)  # fmt: skip
def test_the_message_says_what_is_taken_and_what_was_found(call, message):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == message


def test_an_argument_that_is_missing_is_an_error_of_python_as_everywhere():
    with pytest.raises(TypeError, match="missing a required argument: 'plan'"):
        sampling.draw("a.json", seed="s", wanted=sampling.Wanted())
