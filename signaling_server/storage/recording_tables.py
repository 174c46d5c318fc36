"""Tables of recordings: what the customer was told, the key of each recording, who played it and why."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table

from signaling_server.storage.columns import METADATA, key_column, moment_column, text_column

# Written, never changed: notice, on, declined, failed.
RECORDING_EVENTS = Table(
    "recording_events",
    METADATA,
    key_column("call_id"),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    text_column("state", 16),
    text_column("reason", 64),
    moment_column("at_ms"),
)

# A row stands from the notice on; its packets lie sealed in a folder of this name. Without the key they are noise:
# to destroy a recording is to empty `sealed_key`.
RECORDINGS = Table(
    "recordings",
    METADATA,
    key_column("recording_id"),
    Column("call_id", String(64), nullable=False, index=True),
    text_column("terminal_id", 64),
    text_column("agent_id", 64),
    moment_column("noticed_at_ms"),
    text_column("seal_key_id", 64),
    Column("sealed_key", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("whole", Boolean, nullable=False),
    moment_column("keep_until_ms"),
    text_column("hold_reason", 300),
    moment_column("destroyed_at_ms"),
    Index("ix_recordings_keep_until_ms", "keep_until_ms"),
    Index("ix_recordings_noticed_at_ms", "noticed_at_ms"),
)

# What people did with a recording. Written, never changed.
RECORDING_ACTS = Table(
    "recording_acts",
    METADATA,
    Column("act_id", Integer, primary_key=True),
    Column("recording_id", String(64), nullable=False, index=True),
    moment_column("at_ms"),
    text_column("login"),
    text_column("act", 16),  # view, hold, release, destroy
    text_column("reason", 300),
)
