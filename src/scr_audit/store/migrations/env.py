"""How Alembic runs the migrations: in the transaction that the store has begun."""

from alembic import context

asked = context.config.attributes
context.configure(
    connection=asked["connection"], version_table=asked["version_table"], transactional_ddl=False
)
context.run_migrations()
