"""Every table of the office. Changed only together with a migration beside it; moments are UTC milliseconds."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from signaling_server.storage import recording_tables as recording_tables  # one METADATA knows every table
from signaling_server.storage import service_tables as service_tables
from signaling_server.storage.columns import METADATA as METADATA
from signaling_server.storage.columns import key_column, long_text_column, moment_column, text_column

AGENTS = Table(
    "agents",
    METADATA,
    key_column("agent_id"),
    Column("login", String(200), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    text_column("last_name"),
    text_column("first_name"),
    text_column("patronymic"),
    text_column("position"),
    Column("roles", Text, nullable=False, server_default=""),  # words with a comma between
    Column("ready", Boolean, nullable=False),
)

SIGN_INS = Table(
    "sign_ins",
    METADATA,
    key_column("token_hash"),
    Column("agent_id", String(64), ForeignKey("agents.agent_id", ondelete="CASCADE"), nullable=False),
    moment_column("created_at_ms"),
    moment_column("last_used_at_ms"),
)

TERMINALS = Table(
    "terminals",
    METADATA,
    key_column("terminal_id"),
    text_column("title"),
    text_column("site"),
    Column("certificate_fingerprint", String(64), nullable=False, unique=True),
    moment_column("certified_at_ms"),
    Column("epoch", Integer, nullable=False, server_default="0"),
    moment_column("last_seen_ms"),
    Column("report", Text, nullable=False, server_default="{}"),
)

ORDERS = Table(
    "orders",
    METADATA,
    key_column("order_id"),
    text_column("title"),
    text_column("site"),
    text_column("proof_key_hex"),
    text_column("state", 32),
    Column("attempts_left", Integer, nullable=False),
    text_column("terminal_id", 64),
    text_column("csr_sha256_hex", 64),
    Column("certificate_pem", Text, nullable=False, server_default=""),
    text_column("created_by"),
    moment_column("created_at_ms"),
)

CALLS = Table(
    "calls",
    METADATA,
    key_column("call_id"),
    Column("terminal_id", String(64), ForeignKey("terminals.terminal_id"), nullable=False),
    text_column("site"),
    text_column("request_id", 64),
    text_column("way", 16),
    text_column("topic"),
    Column("context", Text, nullable=False),
    text_column("stage", 16),
    text_column("agent_id", 64),
    moment_column("requested_at_ms"),
    moment_column("accepted_at_ms"),
    moment_column("connected_at_ms"),
    moment_column("ended_at_ms"),
    moment_column("closed_at_ms"),
    text_column("end_reason", 32),
    Column("media_epoch", Integer, nullable=False),
    Column("quality", Text, nullable=False),
    text_column("case_number", 16),
    text_column("case_date", 10),
    text_column("case_told_title"),
    Column("portal", String(16), nullable=False, server_default="not_asked"),  # what he says of the ЛКК
    Index("uq_calls_terminal_id_request_id", "terminal_id", "request_id", unique=True),
    Index("ix_calls_stage", "stage"),
)

OFFERS = Table(
    "offers",
    METADATA,
    key_column("token"),
    Column("call_id", String(64), ForeignKey("calls.call_id"), nullable=False, index=True),
    Column("agent_id", String(64), ForeignKey("agents.agent_id"), nullable=False),
    moment_column("offered_at_ms"),
    moment_column("rang_at_ms"),
    moment_column("closed_at_ms"),
    text_column("outcome", 32),
)

CASES = Table(
    "cases",
    METADATA,
    Column("number", String(16), primary_key=True),
    text_column("received_date", 10),  # YYYY-MM-DD on the customer's wall
    Column("call_id", String(64), ForeignKey("calls.call_id"), index=True),  # NULL: it came without a call
    text_column("terminal_id", 64),
    Column("submission_id", String(64)),  # the terminal's own id of a written case; NULL: of a call
    text_column("agent_id", 64),  # who works on it
    text_column("channel", 16),
    text_column("state", 16),
    text_column("segment", 16),
    text_column("kind", 16),
    text_column("complaint_subject", 16),
    text_column("topic_id", 64),
    Column("summary", Text, nullable=False, server_default=""),
    text_column("account", 64),
    text_column("customer_name"),
    text_column("phone", 16),
    text_column("email"),
    Column("postal_address", Text, nullable=False, server_default=""),
    text_column("answer_way", 16),
    text_column("consent_version", 64),
    text_column("due_date", 10),  # YYYY-MM-DD; empty: nothing is owed
    text_column("appeal_of", 16),
    Column("answer", Text, nullable=False, server_default=""),
    Column("decision", Text, nullable=False, server_default=""),
    text_column("decided_by", 64),
    Column("execution", Text, nullable=False, server_default=""),  # the proof that the decision is carried out
    moment_column("notified_at_ms"),
    text_column("refusal_reason", 32),
    text_column("refusal_by", 64),  # who proposed it; another person approves
    moment_column("opened_at_ms"),
    moment_column("closed_at_ms"),
    text_column("result", 16),
    Index("uq_cases_terminal_id_submission_id", "terminal_id", "submission_id", unique=True),
    Index("ix_cases_state_due_date", "state", "due_date"),
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
    key_column("journal_id"),  # hash of its first record: a replaced journal is another one
    Column("last_sequence", BigInteger, nullable=False),
    text_column("last_hash", 64),
    moment_column("first_heard_at_ms"),
)

JOURNAL_RECORDS = Table(
    "money_records",
    METADATA,
    _terminal(),
    key_column("journal_id"),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    text_column("kind", 64),
    Column("data", Text, nullable=False),
    moment_column("wall_ms"),
    moment_column("monotonic_ms"),
    text_column("boot_id", 64),
    text_column("software_version"),
    text_column("hash", 64),
    moment_column("received_at_ms"),
)

MONEY_SESSIONS = Table(
    "money_sessions",
    METADATA,
    _terminal(),
    key_column("session_id"),
    text_column("account"),
    moment_column("opened_at_ms"),
    text_column("operation_id", 64),  # of the QR it was paid by
    _amount("operation_minor"),
)

PAYMENTS = Table(
    "money_payments",
    METADATA,
    _terminal(),
    Column("txn_id", String(32), primary_key=True),
    text_column("session_id", 64),
    text_column("account"),
    text_column("service"),
    text_column("means", 16),
    _amount("amount_minor"),
    _amount("fee_minor"),
    text_column("txn_date", 14),
    text_column("outcome", 16),
    text_column("provider_txn", 64),
    text_column("receipt", 16),
    text_column("fiscal", 64),
    moment_column("taken_at_ms"),
    moment_column("answered_at_ms"),
    Index("ix_money_payments_account", "account"),
    Index("ix_money_payments_txn_id", "txn_id"),
    Index("ix_money_payments_session_id", "session_id"),
    Index("ix_money_payments_txn_date", "txn_date"),
)

MONEY_ITEMS = Table(
    "money_items",
    METADATA,
    key_column("item_id"),
    Column("terminal_id", String(64), nullable=False),  # "" where it is no terminal's
    text_column("kind", 16),
    text_column("reference", 128),
    text_column("account"),
    _amount("amount_minor"),
    text_column("owner"),
    Column("detail", Text, nullable=False, server_default=""),
    moment_column("opened_at_ms"),
    moment_column("closed_at_ms"),
    Column("resolution", Text, nullable=False, server_default=""),
    Index("uq_money_items_terminal_id_kind_reference", "terminal_id", "kind", "reference", unique=True),
    Index("ix_money_items_closed_at_ms", "closed_at_ms"),
)

MONEY_PROPOSALS = Table(
    "money_proposals",
    METADATA,
    key_column("proposal_id"),
    Column("item_id", String(64), ForeignKey("money_items.item_id"), nullable=False, index=True),
    text_column("act", 16),
    text_column("account"),
    Column("reason", Text, nullable=False, server_default=""),
    text_column("proposed_by"),
    moment_column("proposed_at_ms"),
    text_column("state", 16),
    text_column("decided_by"),
    moment_column("decided_at_ms"),
)

MONEY_COLLECTIONS = Table(
    "money_collections",
    METADATA,
    _terminal(),
    key_column("collection_id"),
    Column("number", Integer, nullable=False),
    Column("authorised", Boolean, nullable=False),
    text_column("collector"),
    text_column("seal"),
    moment_column("opened_at_ms"),
    moment_column("closed_at_ms"),
    _amount("in_doubt_minor"),
    Column("counts", Text, nullable=False, server_default="{}"),  # number by value in kopecks, as JSON
    Column("counted", Text, nullable=False, server_default="{}"),
    text_column("counted_by"),
    moment_column("counted_at_ms"),
)

# What people did with money. Written, never changed.
MONEY_AUDIT = Table(
    "money_audit",
    METADATA,
    Column("audit_id", Integer, primary_key=True),
    moment_column("at_ms"),
    text_column("login"),
    text_column("act", 32),
    text_column("subject", 128),
    Column("detail", Text, nullable=False, server_default=""),
)

REGISTERS = Table(
    "money_registers",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    text_column("source", 16),
    text_column("day", 8),
    text_column("file_name"),
    Column("lines", Integer, nullable=False),
    _amount("total_minor"),
    text_column("loaded_by"),
    moment_column("loaded_at_ms"),
)

# What terminals are told to do with money, after two people decided it.
MONEY_ORDERS = Table(
    "money_orders",
    METADATA,
    key_column("order_id"),
    Column("proposal_id", String(64), ForeignKey("money_proposals.proposal_id"), nullable=False, index=True),
    Column("terminal_id", String(64), ForeignKey("terminals.terminal_id"), nullable=False),
    Column("data", Text, nullable=False),  # the message
    text_column("state", 16),
    long_text_column("reason"),
    moment_column("created_at_ms"),
    moment_column("told_at_ms"),  # when it may have left the office for the first time; 0: it surely has not
    moment_column("accepted_at_ms"),  # the terminal's journal has it
    moment_column("ended_at_ms"),
    moment_column("withdrawn_at_ms"),
    text_column("withdrawn_by"),
    long_text_column("withdrawn_reason"),
    Index("ix_money_orders_state", "state"),
)

# Whose cards open service mode, by role: collectors and technicians; told to every terminal.
COLLECTORS = Table(
    "money_collectors",
    METADATA,
    key_column("collector_id"),
    text_column("name"),
    Column("card_id", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False, server_default="collector"),
    text_column("salt", 128),
    text_column("pin_hash", 256),
    moment_column("added_at_ms"),
)
