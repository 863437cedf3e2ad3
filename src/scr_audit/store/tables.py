"""The tables of the store. What changes here needs a migration beside the others."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table

REVISION = "0002"
"""The migration that makes the tables below; a test holds it against the newest one."""
VERSION_TABLE = "scr_audit_version"

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),  # SHA-256 of the bundle that was kept
    Column("added_at", String, nullable=False),  # UTC, to the second
    Column("pack", String, nullable=False),
    Column("pack_version", String, nullable=False),
    Column("pack_sha256", String, nullable=False),
    Column("plan", String),  # Null: no plan chose the rules
    Column("as_of", String),
    Column("period_start", String),
    Column("period_end", String),
    Column("detail", String, nullable=False),  # totals, findings or facts
    Column("head", JSON, nullable=False),  # The bundle without its records and findings
    Index("ix_runs_series", "pack", "plan", "period_start"),
)

rule_totals = Table(
    "rule_totals",
    metadata,
    Column("run", String, ForeignKey("runs.id"), primary_key=True),
    Column("rule", String, primary_key=True),
    Column("meaning", String),  # SHA-256 of what the rule asks; null: not known
    *(
        Column(name, Integer, nullable=False)
        for name in ("met", "not_met", "not_evidenced", "not_applicable", "excepted", "error")
    ),
    Column("records", Integer, nullable=False),  # Records with a judged unit
)

findings = Table(
    "findings",
    metadata,
    Column("run", String, ForeignKey("runs.id"), primary_key=True),
    Column("rule", String, primary_key=True),
    Column("record", String, primary_key=True),
    Column("unit", String, primary_key=True),  # JSON pointer; empty: the record
    Column("outcome", String, nullable=False),
    # Of the unit's key, whose facts are not kept; null: kept when units were known by their place
    Column("key_sha256", String),
    Column("key_named", Boolean),  # Whether the schema names the facts of the key
    Column("facts", JSON),  # The whole finding, where detail is facts; else null
)

action_events = Table(
    "action_events",
    metadata,
    Column("action", String, primary_key=True),
    Column("number", Integer, primary_key=True),  # 1 is what made the action
    Column("at", String, nullable=False),  # UTC, to the second
    Column("by_role", String, nullable=False),
    Column("what", JSON, nullable=False),  # The facts that this event set, and why
)
