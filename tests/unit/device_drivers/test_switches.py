"""Door, presence, SOS button and lights: a bounce is no press, a stuck button is a fault, a pulled board heals."""

from __future__ import annotations

import os
import struct

import pytest

from device_drivers.catalog import make_auxiliaries, split_device_url
from device_drivers.contract.door import DoorChanged
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.lights import LightMode
from device_drivers.contract.presence import PresenceChanged
from device_drivers.contract.sos import SosPressed
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.switches.judge import STUCK_S
from device_drivers.switches.leds import LedLights
from device_drivers.transport.input_line import InputLine, held_records

ONLINE = StatusChanged(DeviceState.ONLINE)
OFFLINE = StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)
KEY, SWITCH = 1, 5


def record(kind: int, code: int, value: int) -> bytes:
    return struct.pack("@llHHi", 0, 0, kind, code, value)


class Board:
    """The session under test and the clock it is told."""

    def __init__(self, url: str) -> None:
        self.session = make_auxiliaries(url)
        self.now_s = 100.0

    def pass_s(self, for_s: float, chunk: bytes = b"") -> list:
        events = []
        for at in range(0, max(1, len(chunk)), 7):
            self.session.bytes_to_send(self.now_s)
            self.session.receive(chunk[at : at + 7], self.now_s)
        end_s = self.now_s + for_s
        while self.now_s < end_s:
            self.now_s = min(end_s, max(self.now_s + 0.01, self.session.wakes_at_s()))
            assert self.session.bytes_to_send(self.now_s) == b""
            self.session.receive(b"", self.now_s)
            events += self.session.take_events()
        return events


@pytest.fixture
def board():
    board = Board("switches?door=sw0&sos=key148&presence=key149")
    events = board.pass_s(6.0, record(SWITCH, 0, 0))
    assert events == [ONLINE, DoorChanged(False), PresenceChanged(False)]
    return board


def test_a_press_is_told_once_however_it_bounces_and_however_long_it_is_held(board):
    bounces = b"".join(record(KEY, 148, value) for value in (1, 0, 1, 0, 1))
    assert board.pass_s(20.0, bounces) == [SosPressed()]
    assert board.pass_s(1.0, record(KEY, 148, 2)) == []
    assert board.pass_s(1.0, record(KEY, 148, 0)) == []
    assert board.pass_s(2.0, record(KEY, 148, 1)) == [SosPressed()]


@pytest.mark.clause("9.7.3", owner="device_drivers")
@pytest.mark.parametrize(("held_s", "told"), [(0.01, []), (1.4, []), (1.6, [SosPressed()])])
def test_the_button_calls_when_it_was_held_for_a_second_and_a_half(board, held_s, told):
    assert board.pass_s(held_s, record(KEY, 148, 1)) == told
    assert board.pass_s(5.0, record(KEY, 148, 0)) == []


def test_a_worn_contact_that_lets_go_for_a_moment_is_still_held(board):
    for _ in range(7):
        assert board.pass_s(0.2, record(KEY, 148, 1)) == []
        assert board.pass_s(0.01, record(KEY, 148, 0)) == []
    assert board.pass_s(0.2, record(KEY, 148, 1)) == [SosPressed()]


def test_short_touches_one_after_another_are_no_press(board):
    for _ in range(9):
        assert board.pass_s(0.4, record(KEY, 148, 1)) == []
        assert board.pass_s(0.2, record(KEY, 148, 0)) == []


def test_a_button_that_stays_pressed_is_a_fault_and_heals(board):
    jammed = StatusChanged(DeviceState.HARDWARE_ERROR, Fault.JAMMED, "the SOS button stays pressed")
    assert board.pass_s(STUCK_S + 100.0, record(KEY, 148, 1)) == [SosPressed(), jammed]
    assert board.pass_s(1.0, record(KEY, 148, 0)) == [ONLINE]
    assert board.pass_s(2.0, record(KEY, 148, 1)) == [SosPressed()]


def test_a_button_found_pressed_at_the_start_calls_nobody():
    board = Board("switches?sos=key148")
    events = board.pass_s(STUCK_S + 5.0, held_records(bytes(18) + b"\x10", b""))
    assert [type(event) for event in events] == [StatusChanged, StatusChanged]
    assert events[1].fault is Fault.JAMMED


def test_a_door_is_told_on_the_edge_at_once(board):
    assert board.pass_s(0.2, record(SWITCH, 0, 1)) == [DoorChanged(True)]
    assert board.pass_s(5.0, record(SWITCH, 0, 1)) == []
    assert board.pass_s(5.0, record(SWITCH, 0, 0)) == [DoorChanged(False)]


@pytest.mark.clause("9.6.9b")
def test_somebody_who_moves_is_still_there_and_leaves_only_after_some_seconds(board):
    assert board.pass_s(1.0, record(KEY, 149, 1)) == [PresenceChanged(True)]
    for _ in range(5):
        assert board.pass_s(2.0, record(KEY, 149, 0)) == []
        assert board.pass_s(0.5, record(KEY, 149, 1)) == []
    assert board.pass_s(6.0, record(KEY, 149, 0)) == [PresenceChanged(False)]


def test_an_inverted_contact_is_turned_over_at_rest_too():
    board = Board("switches?door=!key30")
    assert board.pass_s(1.0) == [ONLINE, DoorChanged(True)]
    assert board.pass_s(1.0, record(KEY, 30, 1)) == [DoorChanged(False)]
    assert Board("switches?door=!key30").pass_s(1.0, record(KEY, 30, 1)) == [ONLINE, DoorChanged(False)]


def test_a_pulled_board_is_stated_once_and_its_contacts_are_read_anew(board):
    board.session.line_lost(board.now_s)
    board.session.line_lost(board.now_s)
    assert board.session.take_events() == [OFFLINE]
    assert board.pass_s(2.0, held_records(bytes(96), b"\x01\x00\x00")) == [ONLINE, DoorChanged(True)]


def test_the_line_begins_with_what_is_held_and_switched():
    assert held_records(b"\x00\x02", b"\x05") == record(KEY, 9, 1) + b"".join(
        record(SWITCH, code, value) for code, value in enumerate((1, 0, 1, 0, 0, 0, 0, 0))
    )


async def test_an_input_line_gives_its_first_records_before_those_that_come():
    out, into = os.pipe2(os.O_NONBLOCK)
    line = InputLine(out, "event3", held_records(b"", b"\x01"))
    os.write(into, record(SWITCH, 0, 0))
    first = await line.read(24 * 5, timeout_s=0.1) + await line.read(512, timeout_s=0.1)
    assert first == held_records(b"", b"\x01")
    assert await line.read(512, timeout_s=0.1) == record(SWITCH, 0, 0)
    line.close()
    os.close(into)


@pytest.mark.parametrize(
    "wrong",
    ["switches", "switches?sos=148", "switches?siren=key1", "switches?sos=key1234", "ccnet", "switches?door=led0"],
)
def test_nonsense_is_refused(wrong):
    with pytest.raises(DeviceUrlError):
        make_auxiliaries(wrong)


def test_a_board_is_written_as_a_url():
    url = "switches+input:///dev/input/by-path/platform-gpio-keys-event?sos=key148"
    assert split_device_url(url) == ("switches?sos=key148", "input:///dev/input/by-path/platform-gpio-keys-event")


# --- lights: a folder stands for /sys/class/leds ------------------------------------------------------------------


def make_led(folder, name):
    (folder / name).mkdir()
    for file, text in (("brightness", "0"), ("max_brightness", "7\n"), ("trigger", "none")):
        (folder / name / file).write_text(text)


def said(folder, name):
    return (folder / name / "trigger").read_text(), (folder / name / "brightness").read_text()


@pytest.mark.clause("9.6.9b")
def test_the_part_that_the_voice_names_flashes_and_no_other(tmp_path):
    parts = ("cash", "receipt", "scanner", "card", "camera")
    for part in parts:
        make_led(tmp_path, part)
    lights = LedLights({part: part for part in parts}, tmp_path)
    for named in parts:
        lights.set_light(named, LightMode.FLASH)
        assert [part for part in parts if said(tmp_path, part)[0] == "timer"] == [named]
        lights.set_light(named, LightMode.OFF)


def test_a_light_is_lit_flashes_and_goes_out(tmp_path):
    make_led(tmp_path, "slot:green")
    lights = LedLights({"cash": "slot:green"}, tmp_path)
    lights.set_light("cash", LightMode.CONTINUOUS)
    assert said(tmp_path, "slot:green") == ("none", "7")
    lights.set_light("cash", LightMode.FLASH)
    assert said(tmp_path, "slot:green")[0] == "timer"
    assert (tmp_path / "slot:green" / "delay_on").read_text() == "500"
    lights.set_light("cash", LightMode.OFF)
    assert said(tmp_path, "slot:green") == ("none", "0")
    assert lights.take_events() == [ONLINE]


def test_a_light_that_is_not_there_is_stated_and_lit_when_it_comes(tmp_path):
    lights = LedLights({"cash": "slot:green", "case": "lamp"}, tmp_path)
    make_led(tmp_path, "lamp")
    lights.set_light("cash", LightMode.CONTINUOUS)
    lights.set_light("case", LightMode.CONTINUOUS)
    lights.set_light("siren", LightMode.CONTINUOUS)
    assert said(tmp_path, "lamp") == ("none", "7")  # a dead light never stops the others
    assert lights.take_events() == [StatusChanged(DeviceState.NO_DEVICE, Fault.LINE_LOST, "no light cash")]
    make_led(tmp_path, "slot:green")
    lights.refresh()
    assert said(tmp_path, "slot:green") == ("none", "7")
    assert lights.take_events() == [ONLINE]
