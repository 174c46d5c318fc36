"""A foreign host, pyshtrih, against our simulated Shtrih-M register on a pseudo-terminal; its codec against ours.

Where the two read the paper differently, the paper is followed: the differences stand here.
"""

from __future__ import annotations

import pytest
from peer_bench import on_a_port
from pyshtrih import device, excepts, misc
from pyshtrih.handlers import commands as peer_answers

from device_drivers.shtrih_m import frames, messages
from device_drivers.shtrih_m.messages import Command
from device_drivers.simulators.shtrih_m import NAME, ShtrihMSimulator

ERROR, OPERATOR = "Код ошибки", "Порядковый номер оператора"


class PeerRegister(device.ShtrihAllCommands):
    SERIAL_TIMEOUT = 2
    FS = True


@pytest.fixture
def simulator():
    return ShtrihMSimulator()


@pytest.fixture
def peer(simulator, tmp_path):
    """pyshtrih connected to the simulator."""
    with on_a_port(simulator, tmp_path) as port:
        register = PeerRegister(port=str(port), baudrate=115200, password=30, admin_password=30)
        register.connect()
        yield register
        register.disconnect()


def test_the_peer_finds_the_simulator_and_reads_its_states(peer, simulator):
    assert peer.name == NAME
    state = peer.state()
    assert state["Режим ФР"].num == 4
    assert state["Подрежим ФР"].num == 0
    full = peer.full_state()
    assert full["Заводской номер"] == 4321
    drive = peer.fs_state()
    assert bytes(drive["Номер ФН"]) == b"9999078900000001"
    assert drive["Номер последнего ФД"] == 0
    assert peer.fs_expiration_time()["Срок действия"].isoformat() == "2029-01-31"
    assert peer.fs_shift_params()["Номер смены"] == 0


def test_the_peer_opens_a_shift_cancels_a_receipt_and_closes_the_shift(peer, simulator):
    peer.open_shift()
    peer.wait_printing()
    peer.open_check(0)
    assert peer.state()["Режим ФР"].num == 8
    peer.send_tlv_struct(bytes.fromhex("f003" + "0400" + b"a@b.".hex()))
    assert simulator.drive.receipt.tags == [[1008, b"a@b.".hex()]]
    peer.cancel_check()
    peer.wait_printing()
    assert peer.fs_shift_params()["Номер смены"] == 1
    found = peer.fs_find_document_by_num(1)
    assert found["Тип фискального документа"] == 2
    peer.z_report()
    peer.wait_printing()
    assert not simulator.drive.shift_open
    assert simulator.drive.last_fd == 2


def test_the_peer_understands_our_refusals(peer):
    with pytest.raises(excepts.Error) as caught:
        peer.cancel_check()
    assert caught.value.code == 0x55
    peer.password = peer.admin_password = 99
    with pytest.raises(excepts.Error) as caught:
        peer.full_state()
    assert caught.value.code == 0x4F


@pytest.mark.parametrize("fault", ["bad_crc", "nak", "doubled_answer"])
def test_the_peer_and_the_simulator_heal_what_the_wire_spoils(peer, simulator, fault):
    simulator.control({"do": "fault", "name": fault, "to": "11"}, 0.0)
    assert peer.full_state()["Заводской номер"] == 4321
    assert peer.state()["Режим ФР"].num == 4


@pytest.mark.parametrize(
    ("code", "values", "expected"),
    [
        (Command.SHORT_STATUS, {"operator": 30, "flags": 0x0292, "mode": 2, "battery": 159, "supply": 229}, None),
        (Command.FN_STATUS, {"phase": 3, "at": "20261125T0905", "fn": "9999078900000001", "last_fd": 7}, None),
        (Command.SHIFT_PARAMETERS, {"state": 1, "shift": 5, "receipt": 12}, {"Номер смены": 5, "Номер чека": 12}),
        (Command.OFD_STATUS, {"queue": 3, "first_fd": 9, "first_at": "20261124T1200"}, None),
    ],
)
def test_the_peer_reads_the_answers_of_our_codec(code, values, expected):
    answer = messages.encode_answer(code, 0, values)
    read = {}
    body = bytearray(answer[len(messages.command_bytes(code)) :])
    for part, function, name in peer_answers.HANDLERS[int(code)]:
        chunk = part(body) if isinstance(part, misc.mslice) else body[part]
        read[name] = function(chunk) if function and chunk else chunk
    assert read[ERROR] == 0
    for name, value in (expected or {}).items():
        assert read[name] == value


def test_both_codecs_put_the_same_command_on_the_wire():
    ours = frames.encode(messages.encode_request(Command.FIND_DOCUMENT, {"password": 30, "fd": 163}))
    body = misc.bytearray_concat(
        misc.CAST_SIZE["1"](10), misc.CAST_CMD[2](0xFF0A), misc.CAST_SIZE["4"](30), misc.CAST_SIZE["4"](163)
    )
    assert bytes(misc.bytearray_concat(bytearray(b"\x02"), body, misc.CAST_SIZE["1"](misc.lrc(body)))) == ours
