"""Money: journals of terminals, payments, items for people, collections"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "money_audit",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("login", sa.String(length=200), server_default="", nullable=False),
        sa.Column("act", sa.String(length=32), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=128), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_money_audit")),
    )
    op.create_table(
        "money_items",
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("terminal_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), server_default="", nullable=False),
        sa.Column("reference", sa.String(length=128), server_default="", nullable=False),
        sa.Column("account", sa.String(length=200), server_default="", nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("owner", sa.String(length=200), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("closed_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("resolution", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_money_items")),
    )
    with op.batch_alter_table("money_items", schema=None) as batch_op:
        batch_op.create_index("ix_money_items_closed_at_ms", ["closed_at_ms"], unique=False)
        batch_op.create_index(
            "uq_money_items_terminal_id_kind_reference", ["terminal_id", "kind", "reference"], unique=True
        )

    op.create_table(
        "money_registers",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=16), server_default="", nullable=False),
        sa.Column("day", sa.String(length=8), server_default="", nullable=False),
        sa.Column("file_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("loaded_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("loaded_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_money_registers")),
    )
    op.create_table(
        "money_collections",
        sa.Column("terminal_id", sa.String(length=64), nullable=False),
        sa.Column("collection_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("authorised", sa.Boolean(), nullable=False),
        sa.Column("collector", sa.String(length=200), server_default="", nullable=False),
        sa.Column("seal", sa.String(length=200), server_default="", nullable=False),
        sa.Column("opened_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("closed_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("in_doubt_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("counts", sa.Text(), server_default="{}", nullable=False),
        sa.Column("counted", sa.Text(), server_default="{}", nullable=False),
        sa.Column("counted_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("counted_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminals.terminal_id"], name=op.f("fk_money_collections_terminal_id_terminals")
        ),
        sa.PrimaryKeyConstraint("terminal_id", "collection_id", name=op.f("pk_money_collections")),
    )
    op.create_table(
        "money_journals",
        sa.Column("terminal_id", sa.String(length=64), nullable=False),
        sa.Column("journal_id", sa.String(length=64), nullable=False),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("first_heard_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminals.terminal_id"], name=op.f("fk_money_journals_terminal_id_terminals")
        ),
        sa.PrimaryKeyConstraint("terminal_id", "journal_id", name=op.f("pk_money_journals")),
    )
    op.create_table(
        "money_payments",
        sa.Column("terminal_id", sa.String(length=64), nullable=False),
        sa.Column("txn_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("account", sa.String(length=200), server_default="", nullable=False),
        sa.Column("service", sa.String(length=200), server_default="", nullable=False),
        sa.Column("means", sa.String(length=16), server_default="", nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("txn_date", sa.String(length=14), server_default="", nullable=False),
        sa.Column("outcome", sa.String(length=16), server_default="", nullable=False),
        sa.Column("provider_txn", sa.String(length=64), server_default="", nullable=False),
        sa.Column("receipt", sa.String(length=16), server_default="", nullable=False),
        sa.Column("fiscal", sa.String(length=64), server_default="", nullable=False),
        sa.Column("taken_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("answered_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminals.terminal_id"], name=op.f("fk_money_payments_terminal_id_terminals")
        ),
        sa.PrimaryKeyConstraint("terminal_id", "txn_id", name=op.f("pk_money_payments")),
    )
    with op.batch_alter_table("money_payments", schema=None) as batch_op:
        batch_op.create_index("ix_money_payments_account", ["account"], unique=False)
        batch_op.create_index("ix_money_payments_session_id", ["session_id"], unique=False)
        batch_op.create_index("ix_money_payments_txn_date", ["txn_date"], unique=False)
        batch_op.create_index("ix_money_payments_txn_id", ["txn_id"], unique=False)

    op.create_table(
        "money_proposals",
        sa.Column("proposal_id", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=16), server_default="", nullable=False),
        sa.Column("account", sa.String(length=200), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("proposed_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("proposed_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=16), server_default="", nullable=False),
        sa.Column("decided_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("decided_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["money_items.item_id"], name=op.f("fk_money_proposals_item_id_money_items")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_money_proposals")),
    )
    with op.batch_alter_table("money_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_money_proposals_item_id"), ["item_id"], unique=False)

    op.create_table(
        "money_records",
        sa.Column("terminal_id", sa.String(length=64), nullable=False),
        sa.Column("journal_id", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=64), server_default="", nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("wall_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("monotonic_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("boot_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("software_version", sa.String(length=200), server_default="", nullable=False),
        sa.Column("hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("received_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminals.terminal_id"], name=op.f("fk_money_records_terminal_id_terminals")
        ),
        sa.PrimaryKeyConstraint("terminal_id", "journal_id", "sequence", name=op.f("pk_money_records")),
    )
    op.create_table(
        "money_sessions",
        sa.Column("terminal_id", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=200), server_default="", nullable=False),
        sa.Column("opened_at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminals.terminal_id"], name=op.f("fk_money_sessions_terminal_id_terminals")
        ),
        sa.PrimaryKeyConstraint("terminal_id", "session_id", name=op.f("pk_money_sessions")),
    )


def downgrade() -> None:
    op.drop_table("money_sessions")
    op.drop_table("money_records")
    with op.batch_alter_table("money_proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_money_proposals_item_id"))

    op.drop_table("money_proposals")
    with op.batch_alter_table("money_payments", schema=None) as batch_op:
        batch_op.drop_index("ix_money_payments_txn_id")
        batch_op.drop_index("ix_money_payments_txn_date")
        batch_op.drop_index("ix_money_payments_session_id")
        batch_op.drop_index("ix_money_payments_account")

    op.drop_table("money_payments")
    op.drop_table("money_journals")
    op.drop_table("money_collections")
    op.drop_table("money_registers")
    with op.batch_alter_table("money_items", schema=None) as batch_op:
        batch_op.drop_index("uq_money_items_terminal_id_kind_reference")
        batch_op.drop_index("ix_money_items_closed_at_ms")

    op.drop_table("money_items")
    op.drop_table("money_audit")
