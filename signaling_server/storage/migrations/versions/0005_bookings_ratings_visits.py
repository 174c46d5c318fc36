"""Bookings, ratings, steps of visits"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bookings",
        sa.Column("booking_id", sa.String(length=64), nullable=False),
        sa.Column("terminal_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("submission_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("place_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("starts_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("segment", sa.String(length=16), server_default="", nullable=False),
        sa.Column("phone", sa.String(length=16), server_default="", nullable=False),
        sa.Column("ticket", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="", nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("checked_in_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("ticket", name=op.f("uq_bookings_ticket")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index(
            "uq_bookings_place_id_starts_at_ms_seat", ["place_id", "starts_at_ms", "seat"], unique=True
        )
        batch_op.create_index("uq_bookings_terminal_id_submission_id", ["terminal_id", "submission_id"], unique=True)

    op.create_table(
        "ratings",
        sa.Column("terminal_id", sa.String(length=64), nullable=False),
        sa.Column("submission_id", sa.String(length=64), nullable=False),
        sa.Column("survey_version", sa.String(length=32), server_default="", nullable=False),
        sa.Column("question_id", sa.String(length=32), server_default="", nullable=False),
        sa.Column("question", sa.Text(), server_default="", nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("score_max", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=64), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=16), server_default="", nullable=False),
        sa.Column("reference", sa.String(length=64), server_default="", nullable=False),
        sa.Column("rated_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("terminal_id", "submission_id", name=op.f("pk_ratings")),
    )
    op.create_table(
        "visit_events",
        sa.Column("terminal_id", sa.String(length=64), nullable=False),
        sa.Column("visit_id", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("screen", sa.String(length=64), server_default="", nullable=False),
        sa.Column("service", sa.String(length=64), server_default="", nullable=False),
        sa.Column("result", sa.String(length=32), server_default="", nullable=False),
        sa.Column("touches", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("terminal_id", "visit_id", "sequence", name=op.f("pk_visit_events")),
    )
    with op.batch_alter_table("visit_events", schema=None) as batch_op:
        batch_op.create_index("ix_visit_events_at_ms", ["at_ms"], unique=False)


def downgrade() -> None:
    op.drop_table("visit_events")
    op.drop_table("ratings")
    op.drop_table("bookings")
