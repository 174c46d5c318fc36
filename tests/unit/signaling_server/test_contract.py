"""The contract's generated twins are fresh, and its decoders refuse without repeating what they were sent."""

import contextlib
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling_server.__main__ import main
from signaling_server.contract import generator, messages
from signaling_server.contract.decoding import decode_body, decode_from_agent, decode_from_terminal
from signaling_server.contract.messages import (
    MESSAGE_SIZE_MAX,
    AcceptCall,
    AgentPing,
    CallContext,
    CallRequested,
    MessageError,
    SignIn,
    WayToTalk,
    encode,
)


def test_committed_schema_and_typescript_are_fresh():
    assert generator.stale() == []
    assert main(["contract", "--check"]) == 0


def test_a_stale_file_fails_the_check(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(generator, "SCHEMA_PATH", tmp_path / "schema.json")
    assert main(["contract", "--check"]) == 1
    assert "stale" in capsys.readouterr().err


def test_every_message_stands_in_the_schema_with_its_type_and_in_typescript():
    definitions = json.loads(generator.SCHEMA_PATH.read_text("utf-8"))["$defs"]
    page = generator.TYPESCRIPT_PATH.read_text("utf-8")
    for union in (
        messages.TerminalToServer,
        messages.ServerToTerminal,
        messages.AgentToServer,
        messages.ServerToAgent,
    ):
        for message in union.__args__:
            assert definitions[message.__name__]["properties"]["type"]["enum"] == [message.__name__]
            assert f'export interface {message.__name__} {{\n  type: "{message.__name__}";' in page


def test_a_message_survives_the_wire():
    call = CallRequested("r1", WayToTalk.TYPE, "Показания", CallContext(account_masked="•••42"))
    assert decode_from_terminal(encode(call)) == call


def test_unknown_fields_are_ignored_and_unknown_types_refused():
    assert decode_from_agent(b'{"type":"AgentPing","sequence":3,"new_field":[1]}') == AgentPing(3)
    with pytest.raises(MessageError, match=r"\$\.type"):
        decode_from_agent(b'{"type":"AgentSing","sequence":3}')


def test_a_terminal_may_not_speak_as_an_agent():
    with pytest.raises(MessageError):
        decode_from_terminal(encode(AcceptCall("c", "call", "token")))


@pytest.mark.parametrize(
    "frame",
    [
        b'{"type":"Ivanov\'s"}',
        b'{"type":"CloseWrapUp","command_id":"a","call_id":"c","kind":"Ivanov","topic_id":"x"}',
        b'{"type":"AcceptCall","command_id":{"Ivanov":1}}',
        b'{"type":"AcceptCall","command_id":"Ivanov \xff"}',
        b'{"type":"AcceptCall" Ivanov',
    ],
)
def test_a_refusal_never_repeats_the_value(frame):
    with pytest.raises(MessageError) as refusal:
        decode_from_agent(frame)
    assert "Ivanov" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__


def test_a_frame_above_the_limit_is_refused_unread():
    with pytest.raises(MessageError, match="longer"):
        decode_from_agent(b" " * (MESSAGE_SIZE_MAX + 1))


def test_a_body_of_another_shape_is_refused():
    with pytest.raises(MessageError, match="password"):
        decode_body(b'{"login":"a"}', SignIn)


@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_garbage_is_always_a_message_error(frame):
    for decode in (decode_from_terminal, decode_from_agent):
        with pytest.raises(MessageError):
            decode(frame)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_TYPES = [message.__name__ for message in messages.TerminalToServer.__args__]


@given(st.sampled_from(_TYPES), st.dictionaries(st.sampled_from(["call_id", "sdp", "devices", "way"]), _JSON))
def test_wrong_fields_give_a_message_or_a_message_error(kind, fields):
    with contextlib.suppress(MessageError):
        assert type(decode_from_terminal(msgspec.json.encode({**fields, "type": kind}))).__name__ == kind


@pytest.mark.parametrize(("text", "is_refused"), [("a\0b", True), ("\0", True), ("\\u0000", False), ("\\\\\0", True)])
def test_the_character_that_postgresql_does_not_keep_is_refused_at_the_border(text, is_refused):
    frame = messages.encode(messages.CloseWrapUp("c", "call", messages.CaseKind.QUESTION, "t", text))
    for sent in (frame, frame.decode()):
        if is_refused:
            with pytest.raises(messages.MessageError):
                decode_from_agent(sent)
        else:
            assert decode_from_agent(sent).summary == text
