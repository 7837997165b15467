"""What was not understood"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unheard",
        sa.Column("turn", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("words", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("nearest", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("turn", name=op.f("pk_unheard")),
    )
    op.create_index("ix_unheard_merchant", "unheard", ["merchant", "at"])
    op.create_index("ix_unheard_conversation", "unheard", ["conversation"])


def downgrade() -> None:
    op.drop_table("unheard")
