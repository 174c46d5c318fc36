"""Devices without a line: their URLs, and the thread that steps the blocking ones."""

from __future__ import annotations

import threading

import pytest

from device_drivers import blocking
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.lights import LightMode
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.own_ports import make_lights, make_linux_watchdog
from device_drivers.url_check import check_device_url

WAIT_S = 20.0


@pytest.mark.parametrize(
    ("device_class", "url"),
    [
        ("watchdog", "linux-watchdog:///dev/watchdog"),
        ("watchdog", "linux-watchdog:///dev/watchdog?timeout=30"),
        ("watchdog", "osmp-watchdog+serial:///dev/ttyUSB3?timeout=30"),
        ("lights", "leds:///sys/class/leds?bill_validator=kiosk::cash"),
        ("card_reader", "pcsc://"),
        ("card_reader", "pcsc://ACS%20ACR39"),
        ("document_printer", "cups://127.0.0.1:631/a4"),
    ],
)
def test_a_url_of_each_class_is_taken(device_class, url):
    check_device_url(device_class, url)


@pytest.mark.parametrize(
    ("device_class", "url", "why"),
    [
        ("watchdog", "linux-watchdog://dev/watchdog", "three strokes"),
        ("watchdog", "linux-watchdog:///dev/watchdog?timeout=1", r"10\.\.3600 s"),
        ("watchdog", "linux-watchdog:///dev/watchdog?pause=1", r"10\.\.3600 s"),
        ("watchdog", "linux-watchdog:///dev/watchdog?timeout=" + "9" * 5000, r"10\.\.3600 s"),
        ("watchdog", "linux-watchdog:///dev/watchdog?timeout", "name=value"),
        ("watchdog", "linux-watchdog://[dev/watchdog", "three strokes"),
        ("watchdog", "nut+tcp://127.0.0.1:3493", "no watchdog speaks nut"),
        ("lights", "leds:///sys/class/leds", "lights are written"),
        ("lights", "leds:///sys/class/leds?bill_validator=../../etc", "lights are written"),
        ("lights", "switches+input:///dev/input/event5?sos=key1", "a lights begins with leds://"),
        ("card_reader", "pcsc+serial:///dev/ttyUSB0", "a card_reader begins with pcsc://"),
        ("card_reader", "pcsc://%0a", "a card reader is written"),
        ("document_printer", "cups://127.0.0.1/a4", "a document printer is written"),
    ],
)
def test_what_could_not_be_opened_is_refused(device_class, url, why):
    with pytest.raises(DeviceUrlError, match=why):
        check_device_url(device_class, url)


def test_a_watchdog_and_lights_are_made_of_their_urls(tmp_path):
    dog = tmp_path / "watchdog"
    dog.write_bytes(b"")
    made = make_linux_watchdog(f"linux-watchdog://{dog}?timeout=30")
    made.start()
    made.feed()
    made.stop()
    assert dog.read_bytes() == b"\x00V"
    (tmp_path / "cash").mkdir()
    for name in ("trigger", "brightness"):
        (tmp_path / "cash" / name).touch()
    (tmp_path / "cash" / "max_brightness").write_text("7\n")
    lights = make_lights(f"leds://{tmp_path}?bill_validator=cash")
    lights.set_light("bill_validator", LightMode.CONTINUOUS)
    assert (tmp_path / "cash" / "brightness").read_text() == "7"
    assert lights.take_events() == [StatusChanged(DeviceState.ONLINE)]


class Device:
    """Fails at its first step."""

    def __init__(self) -> None:
        self.steps = 0
        self.closed = threading.Event()

    def step(self, now_s):
        self.steps += 1
        if self.steps == 1:
            raise ZeroDivisionError("a bug")
        return [self.steps]

    def wakes_at_s(self):
        return 0.0

    def close(self):
        self.closed.set()


def test_a_blocking_driver_with_a_bug_is_stepped_on_and_closed_at_the_end(monkeypatch):
    monkeypatch.setattr(blocking, "FAILED_WAIT_S", 0.01)
    device, stopped, told, came = Device(), threading.Event(), [], threading.Event()

    def emit(event):
        told.append(event)
        if event == 2:
            came.set()

    thread = threading.Thread(target=blocking.watch, args=(device, emit, stopped))
    thread.start()
    assert came.wait(WAIT_S)
    stopped.set()
    thread.join(WAIT_S)
    assert device.closed.is_set()
    assert told[:2] == [StatusChanged(DeviceState.OFFLINE, Fault.FAILED, "the driver failed"), 2]
