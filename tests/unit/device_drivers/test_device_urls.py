"""Device URLs: what opens, and one clear sentence for what does not."""

from __future__ import annotations

import pytest

from device_drivers.camera.open import open_camera
from device_drivers.catalog import make_bill_validator, make_receipt_printer, split_device_url
from device_drivers.contract.errors import DeviceUrlError, LineLostError
from device_drivers.transport.open import check_line_url, open_line
from device_drivers.url_check import check_device_url


@pytest.mark.parametrize(
    ("url", "protocol", "line_url"),
    [
        ("ccnet+serial:///dev/ttyUSB0?baud=9600", "ccnet", "serial:///dev/ttyUSB0?baud=9600"),
        ("ccnet+serial:///dev/ttyUSB0", "ccnet", "serial:///dev/ttyUSB0?baud=9600"),
        ("escpos+serial:///dev/ttyS1", "escpos", "serial:///dev/ttyS1?baud=19200"),
        (
            "escpos+serial:///dev/ttyS1?columns=32&parity=even",
            "escpos?columns=32",
            "serial:///dev/ttyS1?parity=even&baud=19200",
        ),
        ("escpos+tcp://10.0.0.9:9100?codepage=46", "escpos?codepage=46", "tcp://10.0.0.9:9100"),
        ("id003+serial:///dev/ttyUSB0", "id003", "serial:///dev/ttyUSB0?baud=9600&parity=even"),
        ("id003+serial:///dev/ttyS0?country=47", "id003?country=47", "serial:///dev/ttyS0?baud=9600&parity=even"),
        ("ccnet+loop://validator", "ccnet", "loop://validator"),
    ],
)
def test_a_device_url_is_split_into_its_protocol_and_its_line(url, protocol, line_url):
    assert split_device_url(url) == (protocol, line_url)
    (make_receipt_printer if protocol.startswith("escpos") else make_bill_validator)(protocol)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "serial:///dev/ttyUSB0",
        "ccnet:///dev/ttyUSB0",
        "nv9+serial:///dev/ttyUSB0",
        "ccnet+http://a",
        "ccnet+serial:///dev/a?b",
    ],
)
def test_a_device_url_that_makes_no_sense_is_refused(url):
    with pytest.raises(DeviceUrlError, match=r"\w"):
        split_device_url(url)


@pytest.mark.parametrize("protocol", ["escpos", "nv9", "ccnet?columns=3"])
def test_a_validator_of_an_unknown_protocol_or_option_is_refused(protocol):
    with pytest.raises(DeviceUrlError):
        make_bill_validator(protocol)


@pytest.mark.parametrize("protocol", ["ccnet", "escpos?columns=3", "escpos?wide=1"])
def test_a_printer_of_an_unknown_protocol_or_option_is_refused(protocol):
    with pytest.raises(DeviceUrlError):
        make_receipt_printer(protocol)


@pytest.mark.parametrize(
    "url",
    [
        "/dev/ttyUSB0",
        "serial://ttyUSB0",
        "serial:///",
        "serial:///dev/ttyUSB0?baud=1",
        "serial:///dev/ttyUSB0?parity=mark",
        "serial:///dev/ttyUSB0?rtscts=yes",
        "serial:///dev/ttyUSB0?colour=red",
        "serial:///dev/ttyUSB0?baud=9600&baud=9600",
        "serial:///dev/ttyUSB0?baud",
        "tcp://host",
        "tcp://host:99999",
        "tcp://:1",
        "tcp://host:1/path",
        "usb://1",
    ],
)
async def test_a_line_url_that_makes_no_sense_is_refused(url):
    with pytest.raises(DeviceUrlError, match=r"\w"):
        await open_line(url)
    with pytest.raises(DeviceUrlError, match=r"\w"):
        check_line_url(url)


@pytest.mark.parametrize(
    ("device_class", "url"),
    [
        ("bill_validator", "ccnet+serial:///dev/no-such-port"),
        ("receipt_printer", "escpos+tcp://printer.invalid:9100"),
    ],
)
def test_a_device_url_is_checked_without_the_device(device_class, url):
    check_device_url(device_class, url)


@pytest.mark.parametrize(
    ("device_class", "url", "why"),
    [
        ("bill_validator", "nv9+serial:///dev/ttyUSB0", "protocols"),
        ("bill_validator", "escpos+serial:///dev/ttyUSB0", "no bill_validator speaks escpos"),
        ("bill_validator", "ccnet+serial:///dev/ttyUSB0?baud=9601", "baud is one of"),
        ("bill_validator", "ccnet+serial:///dev/ttyUSB0?colour=red", "no option colour"),
        ("receipt_printer", "escpos+serial:///dev/ttyUSB0?columns=3", "columns"),
        ("receipt_printer", "escpos+tcp://host:0", "tcp://host:port"),
        ("receipt_printer", "escpos+tcp://host", "tcp://host:port"),
    ],
)
def test_a_device_url_nobody_could_open_is_refused_before_anything_is_opened(device_class, url, why):
    with pytest.raises(DeviceUrlError, match=why):
        check_device_url(device_class, url)


async def test_a_port_that_is_not_there_is_a_lost_line_in_plain_words(tmp_path):
    with pytest.raises(LineLostError, match="there is no such port"):
        await open_line(f"serial://{tmp_path}/ttyUSB0")


async def test_a_file_that_is_no_port_is_a_lost_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LineLostError):
        await open_line(f"serial://{tmp_path}/file")


@pytest.mark.parametrize(
    "url",
    [
        "pattern",
        "camera://",
        "camera://pattern?width=3",
        "camera://pattern?fps=0",
        "camera://pattern?zoom=2",
        "camera:///dev/video0?held=/tmp/a.png",
        "video:///dev/video0",
    ],
)
def test_a_camera_url_that_makes_no_sense_is_refused(url):
    with pytest.raises(DeviceUrlError, match=r"\w"):
        open_camera(url)
