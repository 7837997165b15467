"""Pseudonyms with keys that an erase destroys, receipts of erases, what a task is about"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pseudonyms",
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "customer", name=op.f("pk_pseudonyms")),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.add_column("tasks", sa.Column("customer", sa.Text(), server_default=sa.text("('')"), nullable=False))
    op.add_column("tasks", sa.Column("summary", sa.Text(), server_default=sa.text("('{}')"), nullable=False))


def downgrade() -> None:
    op.drop_column("tasks", "summary")
    op.drop_column("tasks", "customer")
    op.drop_table("erasures")
    op.drop_table("pseudonyms")
