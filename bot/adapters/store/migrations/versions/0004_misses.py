"""What was not answered: stems, the askers' keyed hashes, and the keys that are thrown away monthly."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "miss_keys",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("key", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "misses",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("stems", sa.Text, primary_key=True),
        sa.Column("asker", sa.String(16), primary_key=True),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("misses")
    op.drop_table("miss_keys")
