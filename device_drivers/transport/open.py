"""A port is a URL: `serial:///dev/ttyUSB0?baud=9600`, `tcp://host:port`, `input:///dev/input/event3`, `loop://name`."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qsl, urlsplit

from device_drivers.contract.errors import DeviceUrlError
from device_drivers.transport.input_line import open_input_line
from device_drivers.transport.line import Line
from device_drivers.transport.null_modem import open_loop_line
from device_drivers.transport.serial_line import open_serial_line, serial_settings
from device_drivers.transport.tcp_line import open_tcp_line

SCHEMES = ("serial", "tcp", "input", "loop")


async def open_line(url: str) -> Line:
    """Opens the port a URL names.

    Raises:
        DeviceUrlError: the URL makes no sense.
        LineBusyError: another program holds the port.
        LineLostError: there is no such port, or nobody listens.
    """
    parts = _checked(url)
    if parts.scheme == "serial":
        return open_serial_line(parts.path, serial_settings(options_of(parts.query)))
    if parts.scheme == "tcp":
        return await open_tcp_line(parts.hostname or "", parts.port or 0)
    if parts.scheme == "input":
        return open_input_line(parts.path)
    return open_loop_line(parts.netloc + parts.path)


def check_line_url(url: str) -> None:
    """Opens nothing.

    Raises:
        DeviceUrlError: the URL makes no sense.
    """
    _checked(url)


def _checked(url: str) -> SplitResult:
    """The parts of a URL that `open_line` can open."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise DeviceUrlError(f"{url}: a connection is written tcp://host:port, a port is a number 1..65535") from error
    if parts.scheme not in SCHEMES:
        raise DeviceUrlError(f"{url}: a port begins with {', '.join(f'{scheme}://' for scheme in SCHEMES)}")
    if parts.scheme == "serial":
        if parts.netloc or len(parts.path) < 2:
            raise DeviceUrlError(f"{url}: a serial port is written serial:///dev/ttyUSB0?baud=9600")
        serial_settings(options_of(parts.query))
    elif parts.scheme == "input" and (parts.netloc or len(parts.path) < 2 or parts.query):
        raise DeviceUrlError(f"{url}: an input device is written input:///dev/input/event3")
    elif parts.scheme == "tcp" and (not parts.hostname or not port or parts.path.strip("/") or parts.query):
        raise DeviceUrlError(f"{url}: a connection is written tcp://host:port")
    return parts


def options_of(query: str) -> dict[str, str]:
    """The options of a URL.

    Raises:
        DeviceUrlError: not `name=value&name=value`, or a name twice.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []
    except ValueError as error:
        raise DeviceUrlError(f"options are written name=value&name=value, not {query}") from error
    options = dict(pairs)
    if len(options) != len(pairs):
        raise DeviceUrlError(f"an option is given twice in {query}")
    return options
