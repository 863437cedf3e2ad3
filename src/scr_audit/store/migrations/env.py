"""How Alembic runs the migrations: in the transaction that the store has begun."""

from alembic import context

given = context.config.attributes
context.configure(
    connection=given["connection"], version_table=given["version_table"], transactional_ddl=False
)
context.run_migrations()
