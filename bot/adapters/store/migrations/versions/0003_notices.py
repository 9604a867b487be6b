"""Notices, who approved them, what is on its way to whom, and the log of what people did."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")

APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit"
        " FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    ),
}


def upgrade() -> None:
    """Create the tables, and the triggers that keep the log as it was written."""
    op.create_table(
        "notices",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("author", sa.BigInteger),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True)),
        sa.Column("effective", sa.DateTime(timezone=True)),
        sa.Column("onset", sa.DateTime(timezone=True)),
        sa.Column("expires", sa.DateTime(timezone=True)),
        sa.Column("next_update", sa.DateTime(timezone=True)),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("local_text", sa.String(32), nullable=False),
        sa.Column("tzdata", sa.String(16), nullable=False),
        sa.Column("series", sa.String(40)),
        sa.Column("occurrence", sa.String(32)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("issued_at", sa.DateTime(timezone=True)),
        sa.Column("planned", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.String(64)),
        sa.Column("held_since", sa.DateTime(timezone=True)),
        sa.Column("by_person", sa.Boolean, nullable=False),
        sa.Column("restored", sa.Boolean, nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("series", "occurrence", name="uq_notices_occurrence"),
    )
    op.create_table(
        "approvals",
        sa.Column(
            "notice_id", sa.String(64), sa.ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
    )
    op.create_table(
        "mailings",
        sa.Column(
            "notice_id", sa.String(64), sa.ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("task", sa.String(8), primary_key=True),
        sa.Column("lane", sa.SmallInteger, nullable=False),
        sa.Column("rings", sa.Boolean, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("default_language", sa.String(16), nullable=False),
        sa.Column("holders_of", sa.Text, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("notice_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("task", sa.String(8), nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("room", sa.String(16), nullable=False),
        sa.Column("quiet", sa.String(11), nullable=False),
        sa.Column("place", sa.SmallInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("doubts", sa.Integer, nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True)),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("reply_to", sa.BigInteger),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.UniqueConstraint("notice_id", "revision", "chat_id", "task", name="uq_deliveries_one"),
    )
    op.create_table(
        "audit",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.BigInteger),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("notice_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_table(
        "lanes",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("rate", sa.Float, nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_index("ix_notices_state", "notices", ["state"])
    op.create_index("ix_mailings_closed_at", "mailings", ["closed_at"])
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["notice_id", "revision", "task", "state", "not_before", "place", "id"],
    )
    op.create_index("ix_deliveries_chat", "deliveries", ["chat_id"])
    op.create_index("ix_audit_notice_id", "audit", ["notice_id"])
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Forget all notices."""
    op.drop_table("facts")
    op.drop_table("lanes")
    op.drop_table("audit")
    op.drop_table("deliveries")
    op.drop_table("mailings")
    op.drop_table("approvals")
    op.drop_table("notices")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_refuse()")
