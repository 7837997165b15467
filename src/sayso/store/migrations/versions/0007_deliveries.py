"""Deliveries, part by part; which messages wait to be sent, by account; what a window and an opt-out need"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WAITING = sa.text("push = 'queued'")
ATTENTION = sa.text("state IN ('dead', 'failed', 'unknown')")
NAMED = sa.text("native <> ''")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _since(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False)


def upgrade() -> None:
    op.add_column("conversations", sa.Column("heard_at", sa.BigInteger(), nullable=True))
    op.add_column("conversations", _text("muted"))
    op.add_column("messages", _text("lane"))
    op.add_column("messages", _since("push_due"))
    op.drop_index("ix_messages_push", "messages")
    _partial("ix_messages_push", "messages", ["lane", "push_due"], WAITING)
    _partial("ix_messages_ahead", "messages", ["conversation", "seq"], WAITING)
    _deliveries()
    _receipts()


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        _text("channel"),
        _text("account"),
        _text("conversation"),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        _text("turn"),
        _text("state"),
        _text("native"),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _since("due"),
        _text("reason"),
        _text("code"),
        sa.Column("template", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index("ix_deliveries_conversation", "deliveries", ["conversation", "seq", "part"])
    _partial("ix_deliveries_native", "deliveries", ["native"], NAMED)
    _partial("ix_deliveries_attention", "deliveries", ["merchant", "at"], ATTENTION)


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("native", sa.Text(), nullable=False),
        _text("state"),
        _text("reason"),
        _text("code"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "channel", "account", "native", name=op.f("pk_receipts")),
    )
    op.create_index("ix_receipts_at", "receipts", ["at"])


def _partial(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("receipts")
    op.drop_table("deliveries")
    op.drop_index("ix_messages_ahead", "messages")
    op.drop_index("ix_messages_push", "messages")
    _partial("ix_messages_push", "messages", ["at"], WAITING)
    op.drop_column("messages", "push_due")
    op.drop_column("messages", "lane")
    op.drop_column("conversations", "muted")
    op.drop_column("conversations", "heard_at")
