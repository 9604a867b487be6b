"""Alembic's way in: it runs this file for the migrations, on the connection that the store hands it."""

from alembic import context

from bot.adapters.store.schema import metadata

# render_as_batch: SQLite alters a table by copying it.
context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
