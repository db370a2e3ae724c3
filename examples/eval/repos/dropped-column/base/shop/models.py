"""The tables."""

import sqlalchemy as sa

orders = sa.Table(
    "orders",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("customer", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("delivery_notes", sa.Text),
)
