"""Subscriptions: the areas that a chat chose, its quiet hours, and what kind of room it is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns and the table of areas; whoever is known already has the usual night and no areas."""
    op.add_column("chats", sa.Column("room", sa.String(16), nullable=False, server_default="private"))
    op.add_column("chats", sa.Column("quiet", sa.String(11), nullable=False, server_default="22:00-07:00"))
    op.create_table(
        "chat_areas",
        sa.Column("chat_id", sa.BigInteger, sa.ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("area", sa.String(40), primary_key=True),
    )
    op.create_index("ix_chat_areas_area", "chat_areas", ["area", "chat_id"])


def downgrade() -> None:
    """Forget all subscriptions."""
    op.drop_table("chat_areas")
    op.drop_column("chats", "quiet")
    op.drop_column("chats", "room")
