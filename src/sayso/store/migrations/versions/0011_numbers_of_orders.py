"""Order numbers are looked up: one is not given twice within a week"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_orders_number", "orders", ["merchant", "number", "at"])


def downgrade() -> None:
    op.drop_index("ix_orders_number", table_name="orders")
