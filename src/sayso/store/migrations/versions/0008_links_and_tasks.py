"""Customers linked over channels, tries counted over conversations, words of a task"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional)


def _serial() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", kind, autoincrement=True, nullable=False)


def upgrade() -> None:
    op.create_table(
        "link_offers",
        _key("id"),
        _key("merchant"),
        *map(_text, ("kind", "customer", "conversation", "digest")),
        _moment("at"),
        _moment("until"),
        _moment("used_at", optional=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_offers")),
    )
    op.create_index("ix_link_offers_digest", "link_offers", ["merchant", "digest"])
    op.create_index("ix_link_offers_customer", "link_offers", ["merchant", "customer"])
    op.create_table(
        "links",
        _serial(),
        _key("merchant"),
        _key("customer"),
        _key("owner"),
        _text("channel"),
        _moment("at"),
        _moment("ended_at", optional=True),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name=op.f("fk_links_customer")),
        sa.ForeignKeyConstraint(["owner"], ["customers.id"], name=op.f("fk_links_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
    )
    op.create_index("ix_links_customer", "links", ["customer"])
    op.create_index("ix_links_owner", "links", ["owner"])
    op.create_table(
        "tries",
        *map(_key, ("merchant", "what", "who")),
        sa.Column("misses", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _moment("last"),
        _text("event"),
        sa.PrimaryKeyConstraint("merchant", "what", "who", name=op.f("pk_tries")),
    )
    op.create_table(
        "task_notes",
        _serial(),
        _key("merchant"),
        *map(_text, ("task", "conversation", "turn", "author", "name", "words")),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_notes")),
    )
    op.create_index("ix_task_notes_task", "task_notes", ["task"])
    op.create_index("ix_task_notes_conversation", "task_notes", ["conversation"])


def downgrade() -> None:
    for table in ("task_notes", "tries", "links", "link_offers"):
        op.drop_table(table)
