"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "agents",
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("last_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("first_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("patronymic", sa.String(length=200), server_default="", nullable=False),
        sa.Column("position", sa.String(length=200), server_default="", nullable=False),
        sa.Column("roles", sa.Text(), server_default="", nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_agents")),
        sa.UniqueConstraint("login", name=op.f("uq_agents_login")),
    )
    op.create_table(
        "case_counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_case_counters")),
    )
    op.create_table(
        "orders",
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), server_default="", nullable=False),
        sa.Column("site", sa.String(length=200), server_default="", nullable=False),
        sa.Column("proof_key_hex", sa.String(length=200), server_default="", nullable=False),
        sa.Column("state", sa.String(length=32), server_default="", nullable=False),
        sa.Column("attempts_left", sa.Integer(), nullable=False),
        sa.Column("terminal_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("csr_sha256_hex", sa.String(length=64), server_default="", nullable=False),
        sa.Column("certificate_pem", sa.Text(), server_default="", nullable=False),
        sa.Column("created_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_orders")),
    )
    op.create_table(
        "terminals",
        sa.Column("terminal_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), server_default="", nullable=False),
        sa.Column("site", sa.String(length=200), server_default="", nullable=False),
        sa.Column("certificate_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("certified_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_seen_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("report", sa.Text(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("terminal_id", name=op.f("pk_terminals")),
        sa.UniqueConstraint("certificate_fingerprint", name=op.f("uq_terminals_certificate_fingerprint")),
    )
    op.create_table(
        "calls",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("terminal_id", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=200), server_default="", nullable=False),
        sa.Column("request_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("way", sa.String(length=16), server_default="", nullable=False),
        sa.Column("topic", sa.String(length=200), server_default="", nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=16), server_default="", nullable=False),
        sa.Column("agent_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("requested_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("accepted_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("connected_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("closed_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("end_reason", sa.String(length=32), server_default="", nullable=False),
        sa.Column("media_epoch", sa.Integer(), nullable=False),
        sa.Column("quality", sa.Text(), nullable=False),
        sa.Column("case_number", sa.String(length=16), server_default="", nullable=False),
        sa.Column("case_date", sa.String(length=10), server_default="", nullable=False),
        sa.Column("case_told_title", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminals.terminal_id"], name=op.f("fk_calls_terminal_id_terminals")
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_calls")),
    )
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.create_index("ix_calls_stage", ["stage"], unique=False)
        batch_op.create_index("uq_calls_terminal_id_request_id", ["terminal_id", "request_id"], unique=True)

    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_used_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.agent_id"], name=op.f("fk_sign_ins_agent_id_agents"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_ins")),
    )
    op.create_table(
        "cases",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("received_date", sa.String(length=10), server_default="", nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("terminal_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("agent_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=16), server_default="", nullable=False),
        sa.Column("topic_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("closed_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name=op.f("fk_cases_call_id_calls")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cases")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_call_id"), ["call_id"], unique=False)

    op.create_table(
        "offers",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("offered_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rang_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("closed_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("outcome", sa.String(length=32), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.agent_id"], name=op.f("fk_offers_agent_id_agents")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name=op.f("fk_offers_call_id_calls")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_offers")),
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offers_call_id"), ["call_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offers_call_id"))

    op.drop_table("offers")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_call_id"))

    op.drop_table("cases")
    op.drop_table("sign_ins")
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.drop_index("uq_calls_terminal_id_request_id")
        batch_op.drop_index("ix_calls_stage")

    op.drop_table("calls")
    op.drop_table("terminals")
    op.drop_table("orders")
    op.drop_table("case_counters")
    op.drop_table("agents")
