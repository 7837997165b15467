"""What customers like, as far as they let it be remembered, with its provenance"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("words", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("how", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("channel", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("conversation", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "customer", "about", name=op.f("pk_preferences")),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name=op.f("fk_preferences_customer")),
    )


def downgrade() -> None:
    op.drop_table("preferences")
