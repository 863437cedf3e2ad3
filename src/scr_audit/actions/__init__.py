"""Actions of a plan: what an office set itself to do, and whether it worked.

    with open_store("office.sqlite") as store:    # of scr_audit.store
        said = Statement(task="Send every invitation", agency="health", recommendation="5.8.3")
        write_events(store, lambda actions: [add(actions, said, pack, by_role="Board manager")])
        judgements(read_actions(store).values(), bundle)

An action is the sum of its events, which are only ever added.
"""

from typing import TYPE_CHECKING

from scr_audit._lazy import lazy_exports

if TYPE_CHECKING:
    from scr_audit.actions.action_list import (
        ActionFilter,
        action_document,
        checked_document,
        chosen_actions,
        judged_rows,
        judgements,
        judging_events,
        plan_findings,
        shortfalls,
    )
    from scr_audit.actions.action_record import action_record
    from scr_audit.actions.judgement import Judgement
    from scr_audit.actions.plan_changes import PlanChanges, read_back
    from scr_audit.actions.sheet import plan_workbook
    from scr_audit.actions.state import Action, Event, ShownBy, action_of
    from scr_audit.actions.statement import Statement, add, update

__all__ = [
    "Action", "ActionFilter", "Event", "Judgement", "PlanChanges", "ShownBy", "Statement",
    "action_document", "action_of", "action_record", "add", "checked_document", "chosen_actions",
    "judged_rows", "judgements", "judging_events", "plan_findings", "plan_workbook", "read_back",
    "shortfalls", "update",
]  # fmt: skip

__getattr__ = lazy_exports(
    __name__,
    {
        "action_list": "ActionFilter action_document checked_document chosen_actions judged_rows "
        "judgements judging_events plan_findings shortfalls",
        "judgement": "Judgement",
        "plan_changes": "PlanChanges read_back",
        "action_record": "action_record",
        "sheet": "plan_workbook",
        "statement": "Statement add update",
        "state": "Action Event ShownBy action_of",
    },
)
