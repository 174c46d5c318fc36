"""Settings of one office: what `office.toml` in the data directory says. All of it may be absent."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from payment.reconciliation.register_layouts import LAYOUTS
from signaling_server.contract.cases import Segment
from signaling_server.contract.messages import IceServer
from signaling_server.contract.recording import KEEP_DAYS_MAX, KEEP_DAYS_USUAL, RecordingPolicy
from signaling_server.media_server.server import MediaServerSettings

SETTINGS_FILE = "office.toml"


class SettingsError(ValueError):
    """The settings file cannot be used; the text is for the person who starts the office."""


class MessagingSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The ways out for e-mail and SMS; an empty address: this office has no such way."""

    smtp_url: str = ""  # smtp://, smtps:// or smtp+starttls://[user:password@]host:port
    sender_email: str = ""
    sms_url: str = ""  # where the gateway takes a message by POST
    sms_token: str = ""
    sms_sender: str = ""  # the name that the phone shows


class RelaySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """A TURN server with `use-auth-secret` (coturn); empty: calls go direct, or do not go."""

    urls: list[str] = []  # turn:relay.example:3478, turn:...?transport=tcp, turns:...:5349?transport=tcp
    secret: str = ""  # its static-auth-secret

    def __post_init__(self) -> None:
        if bad := [url for url in self.urls if not url.startswith(("turn:", "turns:"))]:
            raise ValueError(f"relay.urls: {bad[0]} is no turn: or turns: address")
        if self.urls and not self.secret:
            raise ValueError("relay.urls without relay.secret: the relay would let nobody through")


class QueueRecording(Struct, frozen=True, forbid_unknown_fields=True):
    """Recording of the calls of one queue."""

    policy: RecordingPolicy = RecordingPolicy.OFF
    keep_days: Annotated[int, Meta(ge=1, le=KEEP_DAYS_MAX)] = KEEP_DAYS_USUAL  # then the key is destroyed


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """What only the customer can decide."""

    company: str = "АО «Энергосбыт»"  # on every agent's plate
    database_url: str = ""  # empty: SQLite in the data directory; or postgresql+asyncpg://...
    ice_servers: list[IceServer] = []  # empty serves one local network
    relay: RelaySettings = RelaySettings()
    media_server: MediaServerSettings = MediaServerSettings()
    terminal_hosts: list[str] = []  # further names and addresses by which terminals reach this office
    desk_origins: list[str] = []  # further web origins the desk is served from, behind a proxy
    registers_expected: list[str] = []  # layouts whose registers must come every day: billing-day, bank, fiscal-day
    vip_accounts: list[str] = []  # accounts of VIP customers: their written cases have the shorter term
    guard_phones: dict[str, str] = {}  # of the guard of a site: by terminal, or by the site as its order names it
    messaging: MessagingSettings = MessagingSettings()
    recording: dict[Segment, QueueRecording] = {}  # by the customer's entry: b2c, b2b; a queue not named: never

    def __post_init__(self) -> None:
        if unknown := set(self.registers_expected) - set(LAYOUTS):
            raise ValueError(f"registers_expected names {', '.join(sorted(unknown))}; known are {', '.join(LAYOUTS)}")


def load_settings(data_dir: Path) -> Settings:
    """Raises SettingsError."""
    path = data_dir / SETTINGS_FILE
    if not path.exists():
        return Settings()
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Settings)
    except (OSError, ValueError) as error:
        raise SettingsError(f"Настройки {path} не читаются: {error}") from error
