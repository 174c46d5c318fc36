"""Tables of what customers do alone: messages to them, their codes. Changed only together with a migration."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

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
