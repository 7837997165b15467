"""Files that customers sent"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        _text("conversation"),
        _text("turn"),
        _text("kind"),
        _text("mime"),
        _text("name"),
        sa.Column("size", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        _text("file"),
        _text("reason"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index("ix_attachments_merchant", "attachments", ["merchant", "at"])
    op.create_index("ix_attachments_conversation", "attachments", ["conversation"])


def downgrade() -> None:
    op.drop_table("attachments")
