"""Tables of what customers do alone: messages, codes, papers of cases, bookings, ratings, steps of visits."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from signaling_server.storage.columns import METADATA, key_column, long_text_column, moment_column, text_column

# What leaves by SMS and e-mail. The same key is the same message, however often it is put.
OUTGOING = Table(
    "outgoing_messages",
    METADATA,
    key_column("message_id"),
    Column("idempotency_key", String(128), nullable=False, unique=True),
    text_column("channel", 16),
    text_column("address"),
    text_column("subject"),
    long_text_column("body"),
    text_column("template", 64),
    text_column("owner", 64),  # who looks at it when it cannot be delivered
    Column("code_valid_s", Integer, nullable=False),  # above 0: a one-time code, useless after that
    Column("utc_offset_minutes", Integer, nullable=False),  # of the place where he is
    text_column("state", 16),
    Column("attempts", Integer, nullable=False, server_default="0"),
    moment_column("created_at_ms"),
    moment_column("due_at_ms"),
    moment_column("ended_at_ms"),
    text_column("gateway_id"),
    text_column("last_error"),
    Index("ix_outgoing_messages_state_due_at_ms", "state", "due_at_ms"),
)

# Phone and code are kept as keyed hashes: neither can be read back from here.
ONE_TIME_CODES = Table(
    "one_time_codes",
    METADATA,
    key_column("code_id"),
    text_column("phone_hash", 64),
    text_column("code_hash", 64),
    text_column("terminal_id", 64),
    text_column("purpose", 32),
    text_column("account"),
    text_column("consent_version", 32),
    Column("tries_left", Integer, nullable=False),
    moment_column("created_at_ms"),
    moment_column("proved_at_ms"),
    Index("ix_one_time_codes_phone_hash_created_at_ms", "phone_hash", "created_at_ms"),
    Index("ix_one_time_codes_terminal_id_created_at_ms", "terminal_id", "created_at_ms"),
)

# Service and city cards of customers: a card only as a keyed hash.
CUSTOMER_CARDS = Table(
    "customer_cards",
    METADATA,
    key_column("card_hash"),
    text_column("account"),
    moment_column("bound_at_ms"),
    Index("ix_customer_cards_account", "account"),
)

# СМС-информирование: who is told about which account, and the consent he gave for it.
INFORMING = Table(
    "sms_informing",
    METADATA,
    Column("account", String(64), primary_key=True),
    Column("phone", String(16), primary_key=True),
    Column("active", Boolean, nullable=False),
    text_column("consent_version", 32),
    text_column("terminal_id", 64),
    moment_column("consented_at_ms"),
    moment_column("withdrawn_at_ms"),
    Index("ix_sms_informing_phone", "phone"),
)

# How a text was read before it was agreed to; the log goes with the consent and is never changed.
CONSENTS_READ = Table(
    "consents_read",
    METADATA,
    key_column("subject"),
    text_column("version", 64),
    text_column("sha256", 64),
    Column("coverage_percent", Integer, nullable=False),
    text_column("terminal_id", 64),
    moment_column("agreed_at_ms"),
)

# Every step of a case, written and never changed.
CASE_EVENTS = Table(
    "case_events",
    METADATA,
    Column("event_id", Integer, primary_key=True),
    Column("number", String(16), ForeignKey("cases.number"), nullable=False, index=True),
    moment_column("at_ms"),
    text_column("actor", 64),
    text_column("from_state", 16),
    text_column("to_state", 16),
    long_text_column("detail"),
)

CASE_ATTACHMENTS = Table(
    "case_attachments",
    METADATA,
    Column("number", String(16), ForeignKey("cases.number"), primary_key=True),
    key_column("attachment_id"),
    text_column("media_type", 32),
    Column("size_bytes", Integer, nullable=False),
    text_column("sha256", 64),
    moment_column("arrived_at_ms"),
    Column("content", LargeBinary),  # NULL: promised by the form, still on its way
)

# A seat of a slot is taken once: who books later finds it taken, whichever office he asks. NULL: given back.
BOOKINGS = Table(
    "bookings",
    METADATA,
    key_column("booking_id"),
    text_column("terminal_id", 64),
    text_column("submission_id", 64),
    text_column("place_id", 64),
    moment_column("starts_at_ms"),
    Column("seat", Integer),
    text_column("topic_id", 64),
    text_column("segment", 16),
    text_column("phone", 16),
    Column("ticket", String(16), nullable=False, unique=True),
    text_column("state", 16),
    moment_column("created_at_ms"),
    moment_column("checked_in_at_ms"),
    moment_column("ended_at_ms"),
    Index("uq_bookings_place_id_starts_at_ms_seat", "place_id", "starts_at_ms", "seat", unique=True),
    Index("uq_bookings_terminal_id_submission_id", "terminal_id", "submission_id", unique=True),
    Index("ix_bookings_starts_at_ms", "starts_at_ms"),  # who comes today, at every place
)

RATINGS = Table(
    "ratings",
    METADATA,
    Column("terminal_id", String(64), primary_key=True),
    key_column("submission_id"),
    text_column("survey_version", 32),
    text_column("question_id", 32),
    long_text_column("question"),
    Column("score", Integer, nullable=False),
    Column("score_max", Integer, nullable=False),
    text_column("reason", 64),
    text_column("subject", 16),
    text_column("reference", 64),
    moment_column("rated_at_ms"),
    moment_column("received_at_ms"),
)

VISIT_EVENTS = Table(
    "visit_events",
    METADATA,
    Column("terminal_id", String(64), primary_key=True),
    key_column("visit_id"),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    moment_column("at_ms"),
    text_column("screen", 64),
    text_column("service", 64),
    text_column("result", 32),
    Column("touches", Integer, nullable=False),
    Column("duration_ms", BigInteger, nullable=False),
    text_column("topic", 64),
    text_column("article", 64),
    moment_column("received_at_ms"),
    Index("ix_visit_events_at_ms", "at_ms"),
)

CALL_CARDS = Table(
    "call_cards",
    METADATA,
    key_column("call_id"),
    key_column("note_id"),
    text_column("author", 16),
    long_text_column("text"),
    long_text_column("card"),  # JSON of the contract; empty: an answer
    text_column("answer_to", 64),
    text_column("answer", 16),
    moment_column("sent_at_ms"),
    moment_column("shown_at_ms"),  # 0: it never reached the screen
)

# Ends for misbehaviour and alarms: evidence, never changed but for who took one.
INCIDENTS = Table(
    "incidents",
    METADATA,
    key_column("incident_id"),
    text_column("kind", 16),
    text_column("reason", 16),
    long_text_column("comment"),
    Column("call_id", String(64), nullable=False, index=True),
    text_column("case_number", 16),
    text_column("terminal_id", 64),
    text_column("address"),
    text_column("guard_phone"),
    text_column("agent_name"),
    moment_column("at_ms"),
    Column("test", Boolean, nullable=False),
    text_column("taken_by"),
    moment_column("taken_at_ms"),
)

CALL_HELP = Table(
    "call_help",
    METADATA,
    key_column("call_id"),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    text_column("state", 16),
    text_column("form", 64),
    text_column("proposal_id", 64),
    text_column("answer", 16),
    moment_column("at_ms"),
)

# Who let an agent work with a failed check, and what his background has to be: evidence, never changed.
WORKPLACE_ACTS = Table(
    "workplace_acts",
    METADATA,
    key_column("act_id"),
    text_column("kind", 16),
    Column("agent_id", String(64), nullable=False, index=True),
    text_column("agent_name"),
    text_column("supervisor_id", 64),
    text_column("supervisor_name"),
    text_column("failed"),
    long_text_column("reason"),
    moment_column("at_ms"),
    long_text_column("grid"),  # hex, of a background
)
