"""Drop the delivery notes, which no form asks for any more."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    """Drop the column."""
    op.drop_column("orders", "delivery_notes")


def downgrade():
    """Nothing to restore."""
