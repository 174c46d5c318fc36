"""Every table of the office. Changed only together with a migration beside it; moments are UTC milliseconds."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str) -> Column[str]:
    return Column(name, String(64), primary_key=True)


def _text(name: str, size: int = 200) -> Column[str]:
    return Column(name, String(size), nullable=False, server_default="")


def _moment(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")


AGENTS = Table(
    "agents",
    METADATA,
    _key("agent_id"),
    Column("login", String(200), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    _text("last_name"),
    _text("first_name"),
    _text("patronymic"),
    _text("position"),
    Column("roles", Text, nullable=False, server_default=""),  # words with a comma between
    Column("ready", Boolean, nullable=False),
)

SIGN_INS = Table(
    "sign_ins",
    METADATA,
    _key("token_hash"),
    Column("agent_id", String(64), ForeignKey("agents.agent_id", ondelete="CASCADE"), nullable=False),
    _moment("created_at_ms"),
    _moment("last_used_at_ms"),
)

TERMINALS = Table(
    "terminals",
    METADATA,
    _key("terminal_id"),
    _text("title"),
    _text("site"),
    Column("certificate_fingerprint", String(64), nullable=False, unique=True),
    _moment("certified_at_ms"),
    Column("epoch", Integer, nullable=False, server_default="0"),
    _moment("last_seen_ms"),
    Column("report", Text, nullable=False, server_default="{}"),
)

ORDERS = Table(
    "orders",
    METADATA,
    _key("order_id"),
    _text("title"),
    _text("site"),
    _text("proof_key_hex"),
    _text("state", 32),
    Column("attempts_left", Integer, nullable=False),
    _text("terminal_id", 64),
    _text("csr_sha256_hex", 64),
    Column("certificate_pem", Text, nullable=False, server_default=""),
    _text("created_by"),
    _moment("created_at_ms"),
)

CALLS = Table(
    "calls",
    METADATA,
    _key("call_id"),
    Column("terminal_id", String(64), ForeignKey("terminals.terminal_id"), nullable=False),
    _text("site"),
    _text("request_id", 64),
    _text("way", 16),
    _text("topic"),
    Column("context", Text, nullable=False),
    _text("stage", 16),
    _text("agent_id", 64),
    _moment("requested_at_ms"),
    _moment("accepted_at_ms"),
    _moment("connected_at_ms"),
    _moment("ended_at_ms"),
    _moment("closed_at_ms"),
    _text("end_reason", 32),
    Column("media_epoch", Integer, nullable=False),
    Column("quality", Text, nullable=False),
    _text("case_number", 16),
    _text("case_date", 10),
    _text("case_told_title"),
    Index("uq_calls_terminal_id_request_id", "terminal_id", "request_id", unique=True),
    Index("ix_calls_stage", "stage"),
)

OFFERS = Table(
    "offers",
    METADATA,
    _key("token"),
    Column("call_id", String(64), ForeignKey("calls.call_id"), nullable=False, index=True),
    Column("agent_id", String(64), ForeignKey("agents.agent_id"), nullable=False),
    _moment("offered_at_ms"),
    _moment("rang_at_ms"),
    _moment("closed_at_ms"),
    _text("outcome", 32),
)

CASES = Table(
    "cases",
    METADATA,
    Column("number", String(16), primary_key=True),
    _text("received_date", 10),  # YYYY-MM-DD on the customer's wall
    Column("call_id", String(64), ForeignKey("calls.call_id"), nullable=False, index=True),
    _text("terminal_id", 64),
    _text("agent_id", 64),
    _text("kind", 16),
    _text("topic_id", 64),
    Column("summary", Text, nullable=False, server_default=""),
    _moment("opened_at_ms"),
    _moment("closed_at_ms"),
)

CASE_COUNTERS = Table(
    "case_counters",
    METADATA,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last_number", Integer, nullable=False),
)

# --- money (signaling_server/money): what the journals of terminals told ----------------------------------------------


def _terminal() -> Column[str]:
    return Column("terminal_id", String(64), ForeignKey("terminals.terminal_id"), primary_key=True)


def _amount(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")


JOURNALS = Table(
    "money_journals",
    METADATA,
    _terminal(),
    _key("journal_id"),  # hash of its first record: a replaced journal is another one
    Column("last_sequence", BigInteger, nullable=False),
    _text("last_hash", 64),
    _moment("first_heard_at_ms"),
)

JOURNAL_RECORDS = Table(
    "money_records",
    METADATA,
    _terminal(),
    _key("journal_id"),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    _text("kind", 64),
    Column("data", Text, nullable=False),
    _moment("wall_ms"),
    _moment("monotonic_ms"),
    _text("boot_id", 64),
    _text("software_version"),
    _text("hash", 64),
    _moment("received_at_ms"),
)

MONEY_SESSIONS = Table(
    "money_sessions",
    METADATA,
    _terminal(),
    _key("session_id"),
    _text("account"),
    _moment("opened_at_ms"),
)

PAYMENTS = Table(
    "money_payments",
    METADATA,
    _terminal(),
    Column("txn_id", String(32), primary_key=True),
    _text("session_id", 64),
    _text("account"),
    _text("service"),
    _text("means", 16),
    _amount("amount_minor"),
    _amount("fee_minor"),
    _text("txn_date", 14),
    _text("outcome", 16),
    _text("provider_txn", 64),
    _text("receipt", 16),
    _text("fiscal", 64),
    _moment("taken_at_ms"),
    _moment("answered_at_ms"),
    Index("ix_money_payments_account", "account"),
    Index("ix_money_payments_txn_id", "txn_id"),
    Index("ix_money_payments_session_id", "session_id"),
    Index("ix_money_payments_txn_date", "txn_date"),
)

MONEY_ITEMS = Table(
    "money_items",
    METADATA,
    _key("item_id"),
    Column("terminal_id", String(64), nullable=False),  # "" where it is no terminal's
    _text("kind", 16),
    _text("reference", 128),
    _text("account"),
    _amount("amount_minor"),
    _text("owner"),
    Column("detail", Text, nullable=False, server_default=""),
    _moment("opened_at_ms"),
    _moment("closed_at_ms"),
    Column("resolution", Text, nullable=False, server_default=""),
    Index("uq_money_items_terminal_id_kind_reference", "terminal_id", "kind", "reference", unique=True),
    Index("ix_money_items_closed_at_ms", "closed_at_ms"),
)

MONEY_PROPOSALS = Table(
    "money_proposals",
    METADATA,
    _key("proposal_id"),
    Column("item_id", String(64), ForeignKey("money_items.item_id"), nullable=False, index=True),
    _text("act", 16),
    _text("account"),
    Column("reason", Text, nullable=False, server_default=""),
    _text("proposed_by"),
    _moment("proposed_at_ms"),
    _text("state", 16),
    _text("decided_by"),
    _moment("decided_at_ms"),
)

MONEY_COLLECTIONS = Table(
    "money_collections",
    METADATA,
    _terminal(),
    _key("collection_id"),
    Column("number", Integer, nullable=False),
    Column("authorised", Boolean, nullable=False),
    _text("collector"),
    _text("seal"),
    _moment("opened_at_ms"),
    _moment("closed_at_ms"),
    _amount("in_doubt_minor"),
    Column("counts", Text, nullable=False, server_default="{}"),  # number by value in kopecks, as JSON
    Column("counted", Text, nullable=False, server_default="{}"),
    _text("counted_by"),
    _moment("counted_at_ms"),
)

# What people did with money. Written, never changed.
MONEY_AUDIT = Table(
    "money_audit",
    METADATA,
    Column("audit_id", Integer, primary_key=True),
    _moment("at_ms"),
    _text("login"),
    _text("act", 32),
    _text("subject", 128),
    Column("detail", Text, nullable=False, server_default=""),
)

REGISTERS = Table(
    "money_registers",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    _text("source", 16),
    _text("day", 8),
    _text("file_name"),
    Column("lines", Integer, nullable=False),
    _amount("total_minor"),
    _text("loaded_by"),
    _moment("loaded_at_ms"),
)
