"""Counts of deliveries of long ago, so that their rows can go and the tables do not grow for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "tallies",
        sa.Column(
            "notice_id", sa.String(64), sa.ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("task", sa.String(8), primary_key=True),
        sa.Column("state", sa.String(16), primary_key=True),
        sa.Column("in_channel", sa.Boolean, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Forget the counts."""
    op.drop_table("tallies")
