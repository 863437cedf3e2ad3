"""The first tables: runs with their totals and findings, and the events of actions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_OUTCOMES = ("met", "not_met", "not_evidenced", "not_applicable", "excepted", "error")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "runs",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("added_at", sa.String, nullable=False),
        sa.Column("pack", sa.String, nullable=False),
        sa.Column("pack_version", sa.String, nullable=False),
        sa.Column("pack_sha256", sa.String, nullable=False),
        sa.Column("plan", sa.String),
        sa.Column("as_of", sa.String),
        sa.Column("period_start", sa.String),
        sa.Column("period_end", sa.String),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("head", sa.JSON, nullable=False),
    )
    op.create_index("ix_runs_series", "runs", ["pack", "plan", "period_start"])
    op.create_table(
        "rule_totals",
        sa.Column("run", sa.String, sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("rule", sa.String, primary_key=True),
        sa.Column("meaning", sa.String),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _OUTCOMES),
        sa.Column("records", sa.Integer, nullable=False),
    )
    op.create_table(
        "findings",
        sa.Column("run", sa.String, sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("rule", sa.String, primary_key=True),
        sa.Column("record", sa.String, primary_key=True),
        sa.Column("unit", sa.String, primary_key=True),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("facts", sa.JSON),
    )
    op.create_table(
        "action_events",
        sa.Column("action", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("by_role", sa.String, nullable=False),
        sa.Column("what", sa.JSON, nullable=False),
    )
