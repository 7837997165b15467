"""Alembic's entry: runs the steps on the connection that `migrate` hands over, or writes them down as SQL."""

from __future__ import annotations

from alembic import context

from sayso.store.schema import build

if context.is_offline_mode():
    # `migrate` runs what is written in a transaction of its own.
    context.configure(dialect_name="postgresql", target_metadata=build(), literal_binds=True, transactional_ddl=False)
else:
    context.configure(connection=context.config.attributes["connection"], target_metadata=build(), render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
