"""Credentials of the relay: of one call, for a time, as coturn checks them."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from signaling_server.config import SETTINGS_FILE, SettingsError, load_settings
from signaling_server.contract.messages import IceServer
from signaling_server.desk.ice import LIFETIME_S, NO_SERVERS, IceServers

STUN = IceServer(["stun:192.0.2.7:3478"])
RELAY = IceServers((STUN,), ("turn:192.0.2.7:3478", "turn:192.0.2.7:3478?transport=tcp"), b"secret")


def test_a_call_has_credentials_of_its_own_that_hold_for_its_time() -> None:
    fixed, relay = RELAY.told("call-1", from_ms=1_000_500)
    assert fixed == STUN
    assert relay.username == f"{1_000 + LIFETIME_S}:call-1"
    expected = hmac.new(b"secret", relay.username.encode(), hashlib.sha1).digest()
    assert base64.b64decode(relay.credential) == expected
    (_, other) = RELAY.told("call-2", from_ms=1_000_500)
    assert other.credential != relay.credential
    assert RELAY.told("call-1", from_ms=1_000_500)[1] == relay, "told again after a restart: the same"


def test_an_office_without_a_relay_tells_what_its_settings_say() -> None:
    assert NO_SERVERS.told("call-1", 0) == []
    assert IceServers((STUN,)).told("call-1", 0) == [STUN]


@pytest.mark.parametrize("bad", ['urls = ["stun:a"]\nsecret = "s"', 'urls = ["turn:a"]', 'url = "turn:a"'])
def test_a_relay_that_would_let_nobody_through_is_refused_at_the_start(tmp_path, bad: str) -> None:
    (tmp_path / SETTINGS_FILE).write_text(f"[relay]\n{bad}\n")
    with pytest.raises(SettingsError):
        load_settings(tmp_path)
