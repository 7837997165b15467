"""The one definition of all tables, for SQLite and PostgreSQL; `migrations/` brings a database to it.

Moments are whole microseconds since 1970 UTC in a big integer: both databases compare, index and hand them over alike,
and no zone or precision is lost on the way. Bodies are JSON text (`codec`), readable with ordinary tools; what a query
filters on has a column of its own. Every row carries its merchant.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeEngine

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

SERIAL: TypeEngine[int] = BigInteger().with_variant(Integer, "sqlite")
"""A key that the database counts up; SQLite does so for INTEGER only."""


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False, server_default=None if key else text("''"))


def _owner(*, key: bool = False) -> Column[str]:
    return Column("merchant", Text, primary_key=key, nullable=False)


def _body(name: str = "body") -> Column[str]:
    return Column(name, Text, nullable=False)


def _moment(name: str, *, optional: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=optional)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


def _slot() -> Column[str]:
    """The start of a slot as text that sorts: bytes, whatever the database's language."""
    return Column("slot", Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True, nullable=False)


def _since(name: str) -> Column[int]:
    """A moment that is long past unless it is said."""
    return Column(name, BigInteger, nullable=False, server_default=text("0"))


def _serial() -> Column[int]:
    return Column("id", SERIAL, primary_key=True, autoincrement=True)


def _where(name: str, *columns: str, where: str) -> Index:
    """An index of the few rows that still need something done."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def build() -> MetaData:
    """All tables."""
    tables = MetaData(naming_convention=CONVENTION)
    for part in (_merchants, _people, _conversations, _deliveries, _effects, _stock, _work):
        part(tables)
    return tables


def _merchants(tables: MetaData) -> None:
    Table("merchants", tables, _text("id", key=True), _text("artefact"), _moment("published_at"))
    Table(
        "artefacts",
        tables,
        _text("digest", key=True),
        _owner(),
        _text("catalog"),
        _body(),
        Column("trained", LargeBinary, nullable=False),
        _moment("at"),
    )
    # What a merchant's day took of the language model; no customer is in it.
    Table(
        "model_usage",
        tables,
        _owner(key=True),
        _text("day", key=True),
        _count("turns"),
        _count("calls"),
        _count("failed"),
        Column("prompt", BigInteger, nullable=False, server_default=text("0")),
        Column("completion", BigInteger, nullable=False, server_default=text("0")),
        Column("cost", BigInteger, nullable=False, server_default=text("0")),
    )
    Table("switches", tables, _owner(key=True), _text("name", key=True), _text("author"), _moment("at"))


def _people(tables: MetaData) -> None:
    Table(
        "customers",
        tables,
        _text("id", key=True),
        _owner(),
        Column("merged_into", Text, ForeignKey("customers.id"), nullable=True),
        _text("pin"),
        _moment("at"),
        _where("ix_customers_merged_into", "merged_into", where="merged_into IS NOT NULL"),
    )
    Table(
        "identities",
        tables,
        _owner(key=True),
        _text("issuer", key=True),
        _text("subject", key=True),
        Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True),
        _moment("at"),
    )
    Table(
        "principals",
        tables,
        _text("id", key=True),
        _owner(),
        _text("kind"),
        _text("name"),
        Column("roles", Text, nullable=False, server_default=text("'[]'")),
        _text("key_digest"),
        _moment("at"),
        _where("ix_principals_key_digest", "key_digest", where="key_digest <> ''"),
    )
    # Under these a customer's history and audit are kept. The erase of a customer deletes the key.
    Table("pseudonyms", tables, _owner(key=True), _text("customer", key=True), _text("key"))
    Table("erasures", tables, _text("id", key=True), _owner(), _moment("at"), _body())
    # A way to prove on another channel who one is: once, and not for long. Of a code a keyed digest is kept.
    Table(
        "link_offers",
        tables,
        _text("id", key=True),
        _owner(),
        _text("kind"),
        _text("customer"),
        _text("conversation"),
        _text("digest"),
        _moment("at"),
        _moment("until"),
        _moment("used_at", optional=True),
        Index("ix_link_offers_digest", "merchant", "digest"),
        Index("ix_link_offers_customer", "merchant", "customer"),
    )
    # Who was linked to whom, over which channel; a link that ended stays as what happened.
    Table(
        "links",
        tables,
        _serial(),
        _owner(),
        Column("customer", Text, ForeignKey("customers.id"), nullable=False),
        Column("owner", Text, ForeignKey("customers.id"), nullable=False),
        _text("channel"),
        _moment("at"),
        _moment("ended_at", optional=True),
        Index("ix_links_customer", "customer"),
        Index("ix_links_owner", "owner"),
    )
    # Wrong PINs and codes, counted over all conversations. `event` is the last that was counted.
    Table(
        "tries",
        tables,
        _owner(key=True),
        _text("what", key=True),
        _text("who", key=True),
        _count("misses"),
        _moment("last"),
        _text("event"),
    )
    # Rows are only added; the newest of a purpose holds. Who granted what, where and when stays provable.
    Table(
        "consents",
        tables,
        _serial(),
        _owner(),
        Column("customer", Text, ForeignKey("customers.id"), nullable=False),
        _text("purpose"),
        Column("granted", SmallInteger, nullable=False),
        _text("source"),
        _moment("at"),
        Index("ix_consents_customer", "customer", "id"),
    )
    # What a customer likes, where they said so. It is theirs to delete, so these rows go.
    Table(
        "preferences",
        tables,
        _owner(key=True),
        Column("customer", Text, ForeignKey("customers.id"), primary_key=True, nullable=False),
        _text("about", key=True),
        *map(_text, ("value", "words", "how", "channel", "conversation")),
        _moment("at"),
    )


def _conversations(tables: MetaData) -> None:
    Table(
        "conversations",
        tables,
        _text("id", key=True),
        _owner(),
        _text("channel"),
        _text("account"),
        _text("native"),
        _text("language"),
        _text("customer"),
        Column("state", Text, nullable=True),
        Column("schema", Integer, nullable=False),
        _count("version"),
        _moment("at"),
        _moment("heard_at", optional=True),
        _text("muted"),
        Index("ix_conversations_customer", "merchant", "customer", "at"),
    )
    Table(
        "inbox",
        tables,
        _owner(key=True),
        _text("channel", key=True),
        _text("account", key=True),
        _text("native", key=True),
        _text("conversation"),
        _count("seq"),
        _text("turn"),
        _moment("at"),
        _moment("answered_at", optional=True),
        _body(),
        _where("ix_inbox_unanswered", "at", where="answered_at IS NULL"),
    )
    Table(
        "messages",
        tables,
        _text("conversation", key=True),
        Column("seq", Integer, primary_key=True, autoincrement=False),
        _owner(),
        _text("id"),
        _text("author"),
        _text("turn"),
        _moment("at"),
        _text("push"),
        _count("attempts"),
        _body(),
        _text("lane"),
        _since("push_due"),
        _where("ix_messages_push", "lane", "push_due", where="push = 'queued'"),
        _where("ix_messages_ahead", "conversation", "seq", where="push = 'queued'"),
    )
    Table(
        "traces",
        tables,
        _text("turn", key=True),
        _owner(),
        _text("conversation"),
        _moment("at"),
        Column("schema", Integer, nullable=False),
        _body("before"),
        _body(),
        Index("ix_traces_conversation", "conversation", "at"),
    )

    # What was not understood, for the merchant to learn from; it goes with its conversation.
    Table(
        "unheard",
        tables,
        _text("turn", key=True),
        _owner(),
        _text("conversation"),
        _text("language"),
        _text("words"),
        Column("nearest", Text, nullable=False, server_default=text("'[]'")),
        _moment("at"),
        Index("ix_unheard_merchant", "merchant", "at"),
        Index("ix_unheard_conversation", "conversation"),
    )


def _deliveries(tables: MetaData) -> None:
    # One row a part of a message that is sent by a call to its platform.
    Table(
        "deliveries",
        tables,
        _text("id", key=True),
        _owner(),
        _text("channel"),
        _text("account"),
        _text("conversation"),
        Column("seq", Integer, nullable=False),
        Column("part", Integer, nullable=False),
        _text("turn"),
        _text("state"),
        _text("native"),
        _count("attempts"),
        _since("due"),
        _text("reason"),
        _text("code"),
        Column("template", SmallInteger, nullable=False, server_default=text("0")),
        _moment("sent_at", optional=True),
        _moment("at"),
        _body(),
        Index("ix_deliveries_conversation", "conversation", "seq", "part"),
        _where("ix_deliveries_native", "native", where="native <> ''"),
        _where("ix_deliveries_attention", "merchant", "at", where="state IN ('dead', 'failed', 'unknown')"),
    )
    # A file that a customer sent lies below the data folder, under `file`; its row goes with the conversation.
    Table(
        "attachments",
        tables,
        _text("id", key=True),
        _owner(),
        _text("conversation"),
        _text("turn"),
        _text("kind"),
        _text("mime"),
        _text("name"),
        Column("size", BigInteger, nullable=False, server_default=text("0")),
        _text("file"),
        _text("reason"),
        _moment("at"),
        Index("ix_attachments_merchant", "merchant", "at"),
        Index("ix_attachments_conversation", "conversation"),
    )
    # What a platform told of a message before it answered the call that sent it.
    Table(
        "receipts",
        tables,
        _owner(key=True),
        _text("channel", key=True),
        _text("account", key=True),
        _text("native", key=True),
        _text("state"),
        _text("reason"),
        _text("code"),
        _moment("at"),
        Index("ix_receipts_at", "at"),
    )


def _effects(tables: MetaData) -> None:
    Table(
        "proposals",
        tables,
        _text("id", key=True),
        _owner(),
        _text("conversation"),
        _text("digest"),
        _moment("expires"),
        _moment("at"),
        _body(),
    )
    Table(
        "effects",
        tables,
        _text("id", key=True),
        _owner(),
        _text("conversation"),
        _text("customer"),
        _text("key"),
        _text("state"),
        _moment("at"),
        _body(),
        Column("changes", Text, nullable=False, server_default=text("'[]'")),
        Index("uq_effects_key", "merchant", "key", unique=True),
    )
    Table(
        "effect_log",
        tables,
        _serial(),
        _owner(),
        Column("effect", Text, ForeignKey("effects.id"), nullable=False, index=True),
        _text("state"),
        _moment("at"),
    )
    Table(
        "orders",
        tables,
        _text("id", key=True),
        _owner(),
        _text("conversation"),
        _text("customer"),
        _text("number"),
        _text("state"),
        _moment("at"),
        _body(),
        Index("ix_orders_customer", "merchant", "customer", "at"),
        Index("ix_orders_number", "merchant", "number", "at"),
    )
    Table(
        "ledger_entries",
        tables,
        _serial(),
        _owner(),
        _text("effect"),
        _text("account"),
        Column("minor", BigInteger, nullable=False),
        _text("currency"),
        _moment("at"),
        Index("ix_ledger_entries_effect", "effect"),
    )


def _stock(tables: MetaData) -> None:
    Table(
        "stock",
        tables,
        _owner(key=True),
        _text("location", key=True),
        _text("sku", key=True),
        _count("on_hand"),
        CheckConstraint("on_hand >= 0", name="not_negative"),
    )
    Table(
        "stock_moves",
        tables,
        _serial(),
        _owner(),
        _text("location"),
        _text("sku"),
        _count("moved"),
        _text("why"),
        _text("turn"),
        _moment("at"),
    )
    Table(
        "holds",
        tables,
        _owner(key=True),
        _text("proposal", key=True),
        _text("resource", key=True),
        _slot(),
        _count("quantity"),
        _moment("until"),
        Index("ix_holds_resource", "merchant", "resource", "slot"),
    )
    Table(
        "capacity",
        tables,
        _owner(key=True),
        _text("resource", key=True),
        _slot(),
        _count("used"),
        CheckConstraint("used >= 0", name="not_negative"),
    )


def _work(tables: MetaData) -> None:
    # Only hosts that share a database use it. Rows stay, so that a version is given once.
    Table(
        "leases",
        tables,
        _text("conversation", key=True),
        _owner(),
        _text("holder"),
        Column("version", BigInteger, nullable=False),
        _moment("until"),
    )
    Table(
        "jobs",
        tables,
        _text("id", key=True),
        _owner(),
        _text("kind"),
        _moment("due"),
        _text("conversation"),
        Column("payload", Text, nullable=True),
        _moment("claimed_until", optional=True),
        _count("attempts"),
        _moment("done_at", optional=True),
        _where("ix_jobs_due", "due", where="done_at IS NULL"),
    )
    Table(
        "tasks",
        tables,
        _text("id", key=True),
        _owner(),
        _text("conversation"),
        _text("reason"),
        _text("customer"),
        Column("summary", Text, nullable=False, server_default=text("'{}'")),
        Column("state", Text, nullable=False, server_default=text("'open'")),
        _moment("promised", optional=True),
        _moment("at"),
        Index("ix_tasks_merchant", "merchant", "state"),
    )
    # What the customer said that is for the person, and what the person answered.
    Table(
        "task_notes",
        tables,
        _serial(),
        _owner(),
        _text("task"),
        _text("conversation"),
        _text("turn"),
        _text("author"),
        _text("name"),
        _text("words"),
        _moment("at"),
        Index("ix_task_notes_task", "task"),
        Index("ix_task_notes_conversation", "conversation"),
    )
