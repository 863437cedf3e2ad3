"""Units are known by their keys; findings kept before have a place and no key."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("findings", sa.Column("key_sha256", sa.String))
    op.add_column("findings", sa.Column("key_named", sa.Boolean))
