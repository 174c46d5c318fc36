"""Frames to messages. A refusal names the field, never what stood in it: it goes to logs and to the sender."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from signaling_server.contract.messages import (
    MESSAGE_SIZE_MAX,
    AgentToServer,
    MessageError,
    ServerToAgent,
    ServerToTerminal,
    TerminalToServer,
)

Body = TypeVar("Body")

_FROM_TERMINAL: msgspec.json.Decoder[TerminalToServer] = msgspec.json.Decoder(TerminalToServer)
_FROM_AGENT: msgspec.json.Decoder[AgentToServer] = msgspec.json.Decoder(AgentToServer)
_FOR_TERMINAL: msgspec.json.Decoder[ServerToTerminal] = msgspec.json.Decoder(ServerToTerminal)
_FOR_AGENT: msgspec.json.Decoder[ServerToAgent] = msgspec.json.Decoder(ServerToAgent)
_VALUE = re.compile(r"'.*'", re.DOTALL)
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # in JSON; PostgreSQL keeps no text with it


def decode_from_terminal(frame: bytes | str) -> TerminalToServer:
    """What a terminal sent. Raises MessageError."""
    return _decode(_FROM_TERMINAL, frame)


def decode_from_agent(frame: bytes | str) -> AgentToServer:
    """What an agent's page sent. Raises MessageError."""
    return _decode(_FROM_AGENT, frame)


def decode_for_terminal(frame: bytes | str) -> ServerToTerminal:
    """What the server sent to a terminal. Raises MessageError."""
    return _decode(_FOR_TERMINAL, frame)


def decode_for_agent(frame: bytes | str) -> ServerToAgent:
    """What the server sent to an agent's page. Raises MessageError."""
    return _decode(_FOR_AGENT, frame)


def decode_body(body: bytes, kind: type[Body]) -> Body:
    """The body of an HTTP request. Raises MessageError."""
    return _decode(msgspec.json.Decoder(kind), body)


def _decode(decoder: msgspec.json.Decoder[Body], frame: bytes | str) -> Body:
    if len(frame) > MESSAGE_SIZE_MAX:
        raise MessageError(f"longer than {MESSAGE_SIZE_MAX} bytes")
    if holds_nul(frame):
        raise MessageError("a character that no text has")
    try:
        return decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MessageError(_without_values(error)) from None


def holds_nul(frame: bytes | str) -> bool:
    """Whether some text of this JSON holds the character U+0000."""
    raw = frame.encode("utf-8", "surrogatepass") if isinstance(frame, str) else frame
    return b"u0000" in raw and _NUL.search(raw) is not None


def _without_values(error: Exception) -> str:
    return _VALUE.sub("…", str(error)) if isinstance(error, msgspec.ValidationError) else "not JSON"
