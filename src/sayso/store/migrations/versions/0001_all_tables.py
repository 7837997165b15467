"""All tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "artefacts",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("catalog", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("trained", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_artefacts")),
    )
    op.create_table(
        "capacity",
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_capacity_not_negative")),
        sa.PrimaryKeyConstraint("merchant", "resource", "slot", name=op.f("pk_capacity")),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("account", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("native", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("customer", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.Text(), nullable=True),
        sa.Column("pin", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["customers.id"], name=op.f("fk_customers_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_customers_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        )

    op.create_table(
        "effects",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("customer", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("key", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effects")),
    )
    with op.batch_alter_table("effects", schema=None) as batch_op:
        batch_op.create_index("uq_effects_key", ["merchant", "key"], unique=True)

    op.create_table(
        "holds",
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "proposal", "resource", "slot", name=op.f("pk_holds")),
    )
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.create_index("ix_holds_resource", ["merchant", "resource", "slot"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("native", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("turn", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "channel", "account", "native", name=op.f("pk_inbox")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbox_unanswered",
            ["at"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.create_table(
        "jobs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("conversation", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_jobs_due",
            ["due"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("account", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
    )
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_entries_effect", ["effect"], unique=False)

    op.create_table(
        "merchants",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("artefact", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchants")),
    )
    op.create_table(
        "messages",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("turn", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("push", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "seq", name=op.f("pk_messages")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_messages_push",
            ["at"],
            unique=False,
            sqlite_where=sa.text("push = 'queued'"),
            postgresql_where=sa.text("push = 'queued'"),
        )

    op.create_table(
        "orders",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("customer", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("number", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index("ix_orders_customer", ["merchant", "customer", "at"], unique=False)

    op.create_table(
        "principals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("roles", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("key_digest", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_principals")),
    )
    with op.batch_alter_table("principals", schema=None) as batch_op:
        batch_op.create_index(
            "ix_principals_key_digest",
            ["key_digest"],
            unique=False,
            sqlite_where=sa.text("key_digest <> ''"),
            postgresql_where=sa.text("key_digest <> ''"),
        )

    op.create_table(
        "proposals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("digest", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_table(
        "stock",
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("on_hand", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_stock_not_negative")),
        sa.PrimaryKeyConstraint("merchant", "location", "sku", name=op.f("pk_stock")),
    )
    op.create_table(
        "stock_moves",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("sku", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("moved", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("why", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("turn", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_moves")),
    )
    op.create_table(
        "switches",
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "name", name=op.f("pk_switches")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("promised", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index("ix_tasks_merchant", ["merchant", "state"], unique=False)

    op.create_table(
        "traces",
        sa.Column("turn", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("turn", name=op.f("pk_traces")),
    )
    with op.batch_alter_table("traces", schema=None) as batch_op:
        batch_op.create_index("ix_traces_conversation", ["conversation", "at"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("granted", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name=op.f("fk_consents_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index("ix_consents_customer", ["customer", "id"], unique=False)

    op.create_table(
        "effect_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["effect"], ["effects.id"], name=op.f("fk_effect_log_effect")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect_log")),
    )
    with op.batch_alter_table("effect_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_effect_log_effect"), ["effect"], unique=False)

    op.create_table(
        "identities",
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name=op.f("fk_identities_customer")),
        sa.PrimaryKeyConstraint("merchant", "issuer", "subject", name=op.f("pk_identities")),
    )
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identities_customer"), ["customer"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identities_customer"))

    op.drop_table("identities")
    with op.batch_alter_table("effect_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_effect_log_effect"))

    op.drop_table("effect_log")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index("ix_consents_customer")

    op.drop_table("consents")
    with op.batch_alter_table("traces", schema=None) as batch_op:
        batch_op.drop_index("ix_traces_conversation")

    op.drop_table("traces")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_tasks_merchant")

    op.drop_table("tasks")
    op.drop_table("switches")
    op.drop_table("stock_moves")
    op.drop_table("stock")
    op.drop_table("proposals")
    with op.batch_alter_table("principals", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_principals_key_digest",
            sqlite_where=sa.text("key_digest <> ''"),
            postgresql_where=sa.text("key_digest <> ''"),
        )

    op.drop_table("principals")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_customer")

    op.drop_table("orders")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_messages_push", sqlite_where=sa.text("push = 'queued'"), postgresql_where=sa.text("push = 'queued'")
        )

    op.drop_table("messages")
    op.drop_table("merchants")
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_entries_effect")

    op.drop_table("ledger_entries")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_jobs_due", sqlite_where=sa.text("done_at IS NULL"), postgresql_where=sa.text("done_at IS NULL")
        )

    op.drop_table("jobs")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inbox_unanswered",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.drop_table("inbox")
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.drop_index("ix_holds_resource")

    op.drop_table("holds")
    with op.batch_alter_table("effects", schema=None) as batch_op:
        batch_op.drop_index("uq_effects_key")

    op.drop_table("effects")
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_customers_merged_into",
            sqlite_where=sa.text("merged_into IS NOT NULL"),
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        )

    op.drop_table("customers")
    op.drop_table("conversations")
    op.drop_table("capacity")
    op.drop_table("artefacts")
