"""Polars: the ten rules as hand-written queries over the same records.

What it does: it unfolds the nested lists into rows and judges each row in the three-valued logic of
its own. What it does not: check a record against a schema (a field that is not asked for is passed
over), know working days, say which test failed or which fact was missing. It holds every record in
memory at once, uses every core, and reads only the fields that the ten rules need, so that seventy
rules would cost it more than ten do.
"""

from collections.abc import Callable
from typing import Any

from benchmarks.ten_rules import Counts, as_file, ten_rules


def polars(lines: list[bytes]) -> Callable[[], Counts]:
    """Prepare Polars (Rust): one scan of a file, and ten lazy queries collected together.

    Reading the file is in the time; writing it is not.
    """
    import polars as pl

    folder, path = as_file(lines)
    schema = _schema()
    rules = [rule.id for rule in ten_rules()]

    def run() -> Counts:
        assert folder.name  # the file lives as long as this function
        cases = pl.scan_ndjson(path, schema=schema).collect().lazy()
        passes = pl.col("pass")
        wanted = {"met": passes.sum(), "not_met": (~passes).sum(), "open": passes.null_count()}
        counted = [units.select(**wanted) for units in _passes(cases)]
        rows = [frame.row(0) for frame in pl.collect_all(counted)]
        return {
            rule: (int(row[0]), int(row[1]), int(row[2]))
            for rule, row in zip(rules, rows, strict=True)
        }

    return run


def _schema() -> dict[str, Any]:
    """Name what the ten rules read; everything else in a record is passed over."""
    import polars as pl

    yes, word = pl.Boolean, pl.String

    def record(**fields: Any) -> Any:
        return pl.Struct(fields)

    def items(**fields: Any) -> Any:
        return pl.List(pl.Struct(fields))

    return {
        "conferences": items(
            bail=record(
                conditions_recorded=yes,
                purpose_clarified=yes,
                scrutinised_by_members=yes,
                scrutinised_by_chair=yes,
            ),
            professionals=items(agency=word, invited=yes),
        ),
        "plans": items(
            actions=items(
                owner_named=yes,
                specific=record(value=yes),
                outcome_stated=yes,
                measure_stated=yes,
                achievable=record(value=yes),
                realistic=record(value=yes),
                due_date_stated=yes,
            )
        ),
        "incidents": items(type=word, date=word, strategy_discussion=record(held=yes, date=word)),
        "visits": items(unplanned=yes),
        "missed_appointments": items(date=word, followed_up=yes, followed_up_on=word),
        "referrals": items(
            made_by_telephone=yes, followed_up_in_writing=yes, made_at=word, written_at=word
        ),
        "section_47_enquiries": items(
            outcome=word, conference_date=word, strategy_discussion_date=word
        ),
        "injuries": items(
            pre_mobile=yes,
            history_taken=yes,
            referred_to_paediatrician=yes,
            reported_to_social_care=yes,
            explanation=record(tested=yes),
        ),
    }


def _passes(cases: Any) -> list[Any]:
    """Give a lazy table for each rule: a column `pass`, a row for each unit."""
    import polars as pl

    col, element = pl.col, pl.element()

    def items(table: Any, path: str) -> Any:
        """Unfold a list: the fields of its items, and a row of nulls where it is not recorded."""
        rows = table.select(col(path), absent=col(path).is_null())
        return rows.filter(col("absent") | (col(path).list.len() > 0)).explode(path).unnest(path)

    def scoped(table: Any, scope: Any, test: Any) -> Any:
        """Keep the units in scope; where that is not known, neither is whether they pass."""
        return table.filter(scope.fill_null(True)).select(pl.when(scope).then(test).alias("pass"))

    def judged(table: Any, test: Any) -> Any:
        return table.select(test.alias("pass"))

    def field(path: str) -> Any:
        name, part = path.split(".")
        return col(name).struct.field(part)

    def day(fact: Any) -> Any:
        return fact.str.to_date("%Y-%m-%d")

    def moment(name: str) -> Any:
        return col(name).str.to_datetime("%Y-%m-%dT%H:%M")

    def any_of(path: str, test: Any) -> Any:
        """Say whether any item of a list passes: false for none, null if not known."""
        return col(path).list.eval(test.any(ignore_nulls=False)).list.first()

    conferences = items(cases, "conferences")
    actions = items(items(cases, "plans").select("actions"), "actions")
    return [
        judged(
            conferences.filter(col("absent") | col("bail").is_not_null()),
            field("bail.conditions_recorded")
            & field("bail.purpose_clarified")
            & field("bail.scrutinised_by_members")
            & field("bail.scrutinised_by_chair"),
        ),
        judged(actions, col("owner_named")),
        judged(
            conferences,
            any_of(
                "professionals",
                (element.struct.field("agency") == "general_practice")
                & element.struct.field("invited"),
            ),
        ),
        scoped(
            items(cases, "incidents"),
            col("type") == "domestic_abuse",
            field("strategy_discussion.held")
            & (day(field("strategy_discussion.date")) - day(col("date")))
            .dt.total_days()
            .is_between(0, 3),
        ),
        judged(cases, any_of("visits", element.struct.field("unplanned"))),
        judged(
            items(cases, "missed_appointments"),
            col("followed_up") & (col("followed_up_on") == col("date")),
        ),
        scoped(
            items(cases, "referrals"),
            col("made_by_telephone"),
            col("followed_up_in_writing")
            & (moment("written_at") - moment("made_at")).dt.total_minutes().is_between(0, 48 * 60),
        ),
        judged(
            actions,
            field("specific.value")
            & col("outcome_stated")
            & col("measure_stated")
            & field("achievable.value")
            & field("realistic.value")
            & col("due_date_stated"),
        ),
        scoped(
            items(cases, "section_47_enquiries"),
            col("outcome") == "initial_conference",
            (day(col("conference_date")) - day(col("strategy_discussion_date")))
            .dt.total_days()
            .is_between(0, 21),
        ),
        scoped(
            items(cases, "injuries"),
            col("pre_mobile"),
            col("history_taken")
            & col("referred_to_paediatrician")
            & col("reported_to_social_care")
            & field("explanation.tested"),
        ),
    ]
