"""Create the orders."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    """Create the table."""
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("delivery_notes", sa.Text),
    )


def downgrade():
    """Drop the table."""
    op.drop_table("orders")
