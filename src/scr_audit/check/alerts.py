"""The kinds of result that a check can have, as code hosts describe them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Alert:
    """One kind of result: `id` is its stable name, `level` how grave it is by default."""

    id: str
    name: str
    level: str
    title: str
    description: str
    help: str


ALERTS = (
    Alert(
        id="pack-problem",
        name="PackProblem",
        level="error",
        title="The pack cannot be used.",
        description="A file of the pack is wrong, so no record can be judged by it.",
        help="Mend the file at this place: the message says what was found there and what was "
        "expected. The reference of the rule language explains what a rule file may hold.",
    ),
    Alert(
        id="mapping-problem",
        name="MappingProblem",
        level="error",
        title="A mapping file of the pack cannot be used.",
        description="The file is to make records of national data, and something in it is wrong, "
        "so nothing can be imported by it.",
        help="Mend the file at this place: the message says what was found there and what was "
        "expected. The page on imports explains what a mapping file may hold.",
    ),
    Alert(
        id="plan-problem",
        name="PlanProblem",
        level="error",
        title="An audit plan cannot be used.",
        description="The plan says which rules an audit uses and which records it judges, and "
        "something in it is wrong, so no audit can be run by it.",
        help="Mend the plan at this place: the message says what was found there and what was "
        "expected. The page on plans explains what a plan may hold.",
    ),
    Alert(
        id="example-fails",
        name="ExampleFails",
        level="error",
        title="An example of a rule does not have the outcome that it expects.",
        description="The examples of a rule are its tests. The rule judges this one otherwise, "
        "or the example does not fit the record schema.",
        help="Either the rule or its example is wrong. Read the rule aloud, decide which of them "
        "says what is meant, and change the other.",
    ),
    Alert(
        id="outcome-not-shown",
        name="OutcomeNotShown",
        level="error",
        title="A rule can give an outcome that none of its examples shows.",
        description="Every outcome that a rule can give needs an example, so that its readers "
        "see when it is given.",
        help="Add an example with each of the outcomes that the message names.",
    ),
    Alert(
        id="mutant-survives",
        name="MutantSurvives",
        level="note",
        title="A part of a rule can be changed and no example notices.",
        description="The check changes each operator, number and criterion of a rule in turn. "
        "Where all examples keep their outcomes, nothing shows why that part is as it is.",
        help="Add an example that has another outcome when this part is changed. Often a boundary "
        "is missing: the last day in time, and the first one late.",
    ),
    Alert(
        id="warning",
        name="DoubtfulPart",
        level="warning",
        title="A part of the pack or of an audit plan works, and is doubtful.",
        description="The pack or the plan can be used, but this part of it is hard to read, or may "
        "not mean or show what it seems to.",
        help="Change it as the message says, or leave it: only a strict check fails for it.",
    ),
)
