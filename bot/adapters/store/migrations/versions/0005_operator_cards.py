"""The cards in operators' chats, so that a process goes on with those that an earlier one sent."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "operator_cards",
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("notice_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("purpose", sa.String(8), nullable=False),
        sa.Column("asked", sa.String(32), nullable=False),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("operator_cards")
