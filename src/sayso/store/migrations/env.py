"""Alembic's entry: runs the steps on the connection that `migrate` hands over."""

from __future__ import annotations

from alembic import context

from sayso.store.schema import build

context.configure(connection=context.config.attributes["connection"], target_metadata=build(), render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
