"""What moderation changed, in reports: a sentence, each decision, and the verdicts by rule."""

from scr_audit.report.tables import Bundle, Column, Row, Table
from scr_audit.report.wording import counted, value_text


def moderation_sentence(bundle: Bundle) -> str:
    """How much two auditors' readings differed, and what moderation decided; or nothing."""
    found = bundle.get("moderation")
    if not found:
        return ""
    differ, first, second = (
        sum(rule[name] for rule in found["rules"])
        for name in ("first_second", "first_moderated", "second_moderated")
    )
    alone = found["not_read_twice"]
    more = f" {counted(alone, 'record')} not read twice." if alone else ""
    return (
        f"{counted(found['records'], 'record')} read by two auditors and moderated: "
        f"{counted(len(found['decisions']), 'fact')} decided. By their own readings the two "
        f"auditors differ on {counted(differ, 'verdict')}; moderation changed {first:,} of the "
        f"first auditor's verdicts and {second:,} of the second's.{more}"
    )


def decided_table(bundle: Bundle) -> Table:
    """Each fact that a moderator decided: what either auditor said, what counts, who, and why."""
    columns = (
        Column("record", "Record"), Column("pointer", "Pointer"), Column("question", "Question"),
        Column("first", "First auditor"), Column("second", "Second auditor"),
        Column("decided", "Decided"), Column("reason", "Reason"), Column("role", "By role"),
        Column("on", "On", "day"),
    )  # fmt: skip
    found = bundle.get("moderation") or {"decisions": []}
    rows: list[Row] = [
        (item["record"], item["pointer"], item["question"], value_text(item["first"]),
         value_text(item["second"]), value_text(item["decided"]), item["reason"], item["role"],
         item["on"] or "")
        for item in found["decisions"]
    ]  # fmt: skip
    return Table("decided", "Moderation: decisions", columns, rows)


def moderated_rules_table(bundle: Bundle) -> Table:
    """By rule: on how many units the verdicts of the two and the moderated one differ."""
    columns = (
        Column("rule", "Rule"), Column("units", "Units compared", "count"),
        Column("first_second", "First and second differ", "count"),
        Column("first_moderated", "First changed", "count"),
        Column("second_moderated", "Second changed", "count"),
    )  # fmt: skip
    found = bundle.get("moderation") or {"rules": []}
    rows: list[Row] = [tuple(rule[column.name] for column in columns) for rule in found["rules"]]
    return Table("moderated_rules", "Moderation: verdicts by rule", columns, rows)
