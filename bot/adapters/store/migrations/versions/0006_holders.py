"""Which notices' holders a mailing goes to, in a table of their own: looked up by the notice that ended."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Move them out of the mailings' JSON."""
    holders = op.create_table(
        "mailing_holders",
        sa.Column("holders_of", sa.String(64), primary_key=True),
        sa.Column(
            "notice_id", sa.String(64), sa.ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    )
    given = sa.text("SELECT notice_id, revision, holders_of FROM mailings WHERE holders_of <> '[]'")
    rows = [
        {"holders_of": of, "notice_id": row.notice_id, "revision": row.revision}
        for row in op.get_bind().execute(given)
        for of in sorted(set(json.loads(row.holders_of)))
    ]
    op.bulk_insert(holders, rows)
    op.drop_column("mailings", "holders_of")


def downgrade() -> None:
    """Bring them back into the mailings."""
    op.add_column("mailings", sa.Column("holders_of", sa.Text, nullable=False, server_default="[]"))
    given = sa.text("SELECT notice_id, revision, holders_of FROM mailing_holders ORDER BY holders_of")
    of: dict[tuple[str, int], list[str]] = {}
    for row in op.get_bind().execute(given):
        of.setdefault((row.notice_id, row.revision), []).append(row.holders_of)
    put = sa.text(
        "UPDATE mailings SET holders_of = :of"
        " WHERE notice_id = :id AND revision = :revision AND task = 'send'"
    )
    for (notice_id, version), ids in of.items():
        op.get_bind().execute(put, {"of": json.dumps(ids), "id": notice_id, "revision": version})
    op.drop_table("mailing_holders")
