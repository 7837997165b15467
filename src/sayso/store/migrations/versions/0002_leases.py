"""Leases on conversations, for hosts that share a database; slots compared alike by every database"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name=op.f("pk_leases")),
    )
    if op.get_context().dialect.name == "postgresql":
        # After a crash of the database nobody holds a lease: they need not be on disk.
        op.execute("ALTER TABLE leases SET UNLOGGED")
        op.execute("ALTER TABLE leases SET (fillfactor = 50)")
        for table in ("capacity", "holds"):
            op.execute(f'ALTER TABLE {table} ALTER COLUMN slot TYPE text COLLATE "C"')


def downgrade() -> None:
    op.drop_table("leases")
