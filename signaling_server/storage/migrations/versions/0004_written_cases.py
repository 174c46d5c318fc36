"""Written cases: state, contacts, terms, papers, events"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("submission_id", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("channel", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("state", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("segment", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("complaint_subject", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("account", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("customer_name", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("phone", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("email", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("postal_address", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("answer_way", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("consent_version", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("due_date", sa.String(length=10), server_default="", nullable=False))
        batch_op.add_column(sa.Column("appeal_of", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("answer", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("decision", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("decided_by", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("execution", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("notified_at_ms", sa.BigInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("refusal_reason", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("refusal_by", sa.String(length=64), server_default="", nullable=False))
        batch_op.alter_column("call_id", existing_type=sa.VARCHAR(length=64), nullable=True)
        batch_op.create_index("ix_cases_state_due_date", ["state", "due_date"], unique=False)
        batch_op.create_index("uq_cases_terminal_id_submission_id", ["terminal_id", "submission_id"], unique=True)

    # What a call has opened before: closed by its form, or still being worked on.
    op.execute("UPDATE cases SET channel = 'avsk', segment = 'b2c', state = 'in_work'")
    op.execute("UPDATE cases SET state = 'closed' WHERE closed_at_ms > 0")
    op.create_table(
        "case_events",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("actor", sa.String(length=64), server_default="", nullable=False),
        sa.Column("from_state", sa.String(length=16), server_default="", nullable=False),
        sa.Column("to_state", sa.String(length=16), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["number"], ["cases.number"], name=op.f("fk_case_events_number_cases")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_case_events")),
    )
    with op.batch_alter_table("case_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_events_number"), ["number"], unique=False)

    op.create_table(
        "case_attachments",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("attachment_id", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=32), server_default="", nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), server_default="", nullable=False),
        sa.Column("arrived_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["number"], ["cases.number"], name=op.f("fk_case_attachments_number_cases")),
        sa.PrimaryKeyConstraint("number", "attachment_id", name=op.f("pk_case_attachments")),
    )


def downgrade() -> None:
    op.drop_table("case_attachments")
    op.drop_table("case_events")
    op.execute("DELETE FROM cases WHERE call_id IS NULL")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("uq_cases_terminal_id_submission_id")
        batch_op.drop_index("ix_cases_state_due_date")
        batch_op.alter_column("call_id", existing_type=sa.String(length=64), nullable=False)
        batch_op.drop_column("refusal_by")
        batch_op.drop_column("refusal_reason")
        batch_op.drop_column("notified_at_ms")
        batch_op.drop_column("execution")
        batch_op.drop_column("decided_by")
        batch_op.drop_column("decision")
        batch_op.drop_column("answer")
        batch_op.drop_column("appeal_of")
        batch_op.drop_column("due_date")
        batch_op.drop_column("consent_version")
        batch_op.drop_column("answer_way")
        batch_op.drop_column("postal_address")
        batch_op.drop_column("email")
        batch_op.drop_column("phone")
        batch_op.drop_column("customer_name")
        batch_op.drop_column("account")
        batch_op.drop_column("complaint_subject")
        batch_op.drop_column("segment")
        batch_op.drop_column("state")
        batch_op.drop_column("channel")
        batch_op.drop_column("submission_id")
