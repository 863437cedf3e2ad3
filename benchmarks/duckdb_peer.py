"""DuckDB: the ten rules as hand-written SQL over the same records.

What it does: it unfolds the nested lists into rows and judges each row in SQL's own three-valued
logic. What it does not: check a record against a schema (a field that is not asked for is passed
over), know working days, say which test failed or which fact was missing. It holds every record in
memory at once, uses every core, and reads only the fields that the ten rules need, so that seventy
rules would cost it more than ten do.
"""

from collections.abc import Callable

from benchmarks.ten_rules import Counts, as_file, ten_rules

# What the ten rules read: the types of DuckDB. Everything else in a record is passed over.
COLUMNS = {
    "conferences": """STRUCT(
        bail STRUCT(conditions_recorded BOOLEAN, purpose_clarified BOOLEAN,
                    scrutinised_by_members BOOLEAN, scrutinised_by_chair BOOLEAN),
        professionals STRUCT(agency VARCHAR, invited BOOLEAN)[])[]""",
    "plans": """STRUCT(actions STRUCT(
        owner_named BOOLEAN, specific STRUCT("value" BOOLEAN), outcome_stated BOOLEAN,
        measure_stated BOOLEAN, achievable STRUCT("value" BOOLEAN),
        realistic STRUCT("value" BOOLEAN), due_date_stated BOOLEAN)[])[]""",
    "incidents": """STRUCT("type" VARCHAR, "date" DATE,
        strategy_discussion STRUCT(held BOOLEAN, "date" DATE))[]""",
    "visits": "STRUCT(unplanned BOOLEAN)[]",
    "missed_appointments": 'STRUCT("date" DATE, followed_up BOOLEAN, followed_up_on DATE)[]',
    "referrals": """STRUCT(made_by_telephone BOOLEAN, followed_up_in_writing BOOLEAN,
        made_at TIMESTAMP, written_at TIMESTAMP)[]""",
    "section_47_enquiries": """STRUCT(outcome VARCHAR, conference_date DATE,
        strategy_discussion_date DATE)[]""",
    "injuries": """STRUCT(pre_mobile BOOLEAN, history_taken BOOLEAN,
        referred_to_paediatrician BOOLEAN, reported_to_social_care BOOLEAN,
        explanation STRUCT(tested BOOLEAN))[]""",
}

# A query for each rule gives a row for each unit: whether it passes, or null where that is not
# known. A list that is not recorded is one row of null, as is a unit of which it is not known
# whether it is one.
QUERIES = {
    "bail-scrutinised": """
        SELECT c.bail.conditions_recorded AND c.bail.purpose_clarified
           AND c.bail.scrutinised_by_members AND c.bail.scrutinised_by_chair AS pass
          FROM (SELECT unnest(conferences) AS c FROM cases) WHERE c.bail IS NOT NULL
        UNION ALL SELECT NULL FROM cases WHERE conferences IS NULL""",
    "action-has-owner": """
        SELECT a.owner_named AS pass FROM actions
        UNION ALL SELECT NULL FROM plans WHERE p.actions IS NULL
        UNION ALL SELECT NULL FROM cases WHERE plans IS NULL""",
    "gp-invited": """
        SELECT CASE
            WHEN c.professionals IS NULL THEN NULL
            WHEN list_bool_or(list_transform(c.professionals,
                 lambda p: coalesce(p.agency = 'general_practice' AND p.invited, false)))
            THEN true
            WHEN list_bool_or(list_transform(c.professionals,
                 lambda p: (p.agency = 'general_practice' AND p.invited) IS NULL))
            THEN NULL
            ELSE false END AS pass
          FROM (SELECT unnest(conferences) AS c FROM cases)
        UNION ALL SELECT NULL FROM cases WHERE conferences IS NULL""",
    "strategy-discussion-in-time": """
        SELECT CASE WHEN i.type IS NOT NULL THEN i.strategy_discussion.held
               AND i.strategy_discussion.date - i.date BETWEEN 0 AND 3 END AS pass
          FROM (SELECT unnest(incidents) AS i FROM cases)
         WHERE coalesce(i.type = 'domestic_abuse', true)
        UNION ALL SELECT NULL FROM cases WHERE incidents IS NULL""",
    "unplanned-visit-made": """
        SELECT CASE WHEN visits IS NULL THEN NULL
                    WHEN len(list_filter(visits, lambda v: v.unplanned)) >= 1 THEN true
                    WHEN len(list_filter(visits, lambda v: coalesce(v.unplanned, true))) < 1
                    THEN false END AS pass
          FROM cases""",
    "missed-appointment-followed-up": """
        SELECT m.followed_up AND m.followed_up_on = m.date AS pass
          FROM (SELECT unnest(missed_appointments) AS m FROM cases)
        UNION ALL SELECT NULL FROM cases WHERE missed_appointments IS NULL""",
    "telephone-referral-written": """
        SELECT CASE WHEN r.made_by_telephone THEN r.followed_up_in_writing
               AND r.written_at - r.made_at BETWEEN INTERVAL 0 HOUR AND INTERVAL 48 HOUR
               END AS pass
          FROM (SELECT unnest(referrals) AS r FROM cases)
         WHERE coalesce(r.made_by_telephone, true)
        UNION ALL SELECT NULL FROM cases WHERE referrals IS NULL""",
    "action-is-smart": """
        SELECT a.specific.value AND a.outcome_stated AND a.measure_stated
           AND a.achievable.value AND a.realistic.value AND a.due_date_stated AS pass
          FROM actions
        UNION ALL SELECT NULL FROM plans WHERE p.actions IS NULL
        UNION ALL SELECT NULL FROM cases WHERE plans IS NULL""",
    "conference-in-time": """
        SELECT CASE WHEN e.outcome IS NOT NULL
               THEN e.conference_date - e.strategy_discussion_date BETWEEN 0 AND 21 END AS pass
          FROM (SELECT unnest(section_47_enquiries) AS e FROM cases)
         WHERE coalesce(e.outcome = 'initial_conference', true)
        UNION ALL SELECT NULL FROM cases WHERE section_47_enquiries IS NULL""",
    "baby-injury-acted-on": """
        SELECT CASE WHEN j.pre_mobile THEN j.history_taken AND j.referred_to_paediatrician
               AND j.reported_to_social_care AND j.explanation.tested END AS pass
          FROM (SELECT unnest(injuries) AS j FROM cases) WHERE coalesce(j.pre_mobile, true)
        UNION ALL SELECT NULL FROM cases WHERE injuries IS NULL""",
}


def duckdb(lines: list[bytes]) -> Callable[[], Counts]:
    """Prepare DuckDB (C++): the records in a file, read once for ten SQL queries sent as one.

    Reading the file is in the time; writing it and opening the database are not.
    """
    import duckdb as library

    folder, path = as_file(lines)
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    read = f"""CREATE OR REPLACE TEMP TABLE cases AS SELECT * FROM read_json('{path}',
        format = 'newline_delimited', columns = {{{columns}}})"""
    counted = " UNION ALL ".join(
        f"""SELECT '{rule}', count(*) FILTER (pass), count(*) FILTER (NOT pass),
            count(*) FILTER (pass IS NULL) FROM ({query})"""
        for rule, query in QUERIES.items()
    )
    query = f"""WITH plans AS (SELECT unnest(plans) AS p FROM cases),
        actions AS (SELECT unnest(p.actions) AS a FROM plans) {counted}"""
    connection = library.connect()

    def run() -> Counts:
        assert folder.name  # the file lives as long as this function
        connection.execute(read)
        found = {row[0]: row[1:] for row in connection.execute(query).fetchall()}
        return {rule: found[rule] for rule in (each.id for each in ten_rules())}

    return run
