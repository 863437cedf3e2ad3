"""A unit is known by its key: of findings kept before there is only its place, and the key null."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("findings", sa.Column("key_sha256", sa.String))
    op.add_column("findings", sa.Column("key_named", sa.Boolean))
