"""Devices whose drivers open what they need by themselves: there is no line, and the scheme of the URL is the driver.

| class | URL |
|---|---|
| watchdog | `linux-watchdog:///dev/watchdog?timeout=60`, the time-out in seconds |
| lights | `leds:///sys/class/leds?bill_validator=cash&receipt_printer=slip`: which led shows which device's place |
| card_reader | `pcsc://ACR`, a part of the reader's name; `pcsc://` is the first one found |
| document_printer | `cups://127.0.0.1:631/QUEUE` |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from device_drivers.contract.errors import DeviceUrlError
from device_drivers.document_printer.port import CupsPort, parse_printer_url
from device_drivers.document_printer.session import CupsPrinterSession
from device_drivers.linux_watchdog import TIMEOUT_S_DEFAULT, LinuxWatchdog
from device_drivers.pcsc.monitor import CardMonitor
from device_drivers.pcsc.port import Pcsc
from device_drivers.switches.leds import LedLights
from device_drivers.transport.open import options_of

TIMEOUT_S_MIN, TIMEOUT_S_MAX = 10, 3600
READER_NAME_MAX = 128
LIGHTS_MAX = 16


def make_linux_watchdog(url: str) -> LinuxWatchdog:
    """Opens nothing before `start`.

    Raises:
        DeviceUrlError: it is no such URL.
    """
    path, options = _place(url)
    text = options.pop("timeout", str(TIMEOUT_S_DEFAULT))
    if options or not (re.fullmatch(r"[0-9]{1,4}", text) and TIMEOUT_S_MIN <= int(text) <= TIMEOUT_S_MAX):
        limits = f"{TIMEOUT_S_MIN}..{TIMEOUT_S_MAX} s"
        raise DeviceUrlError(
            f"{url}: a watchdog of Linux is written linux-watchdog:///dev/watchdog?timeout=60, {limits}"
        )
    return LinuxWatchdog(path, int(text))


def make_lights(url: str) -> LedLights:
    """Lights by the place that each shows.

    Raises:
        DeviceUrlError: it is no such URL.
    """
    path, options = _place(url)
    wrong = [led for led in options.values() if not re.fullmatch(r"[A-Za-z0-9_.:-]{1,64}", led)]
    if wrong or not 0 < len(options) <= LIGHTS_MAX:
        raise DeviceUrlError(f"{url}: lights are written leds:///sys/class/leds?bill_validator=LED&receipt_printer=LED")
    return LedLights(options, path)


def make_card_reader(url: str) -> CardMonitor:
    """Step it in a thread (`blocking.watch`).

    Raises:
        DeviceUrlError: it is no such URL.
    """
    name = unquote(url.removeprefix("pcsc://"))
    if len(name) > READER_NAME_MAX or not name.isprintable():
        raise DeviceUrlError(f"{url}: a card reader is written pcsc://PART-OF-ITS-NAME")
    return CardMonitor(Pcsc(), name)


def make_document_printer(url: str) -> CupsPrinterSession:
    """Step it in a thread (`blocking.watch`).

    Raises:
        DeviceUrlError: it is no such URL.
    """
    address = parse_printer_url(url)
    return CupsPrinterSession(CupsPort(address), address.uri)


OWN_PORTS: Mapping[str, Mapping[str, Callable[[str], Any]]] = {
    "watchdog": {"linux-watchdog": make_linux_watchdog},
    "lights": {"leds": make_lights},
    "card_reader": {"pcsc": make_card_reader},
    "document_printer": {"cups": make_document_printer},
}


def has_own_port(device_class: str, url: str) -> bool:
    """True where the driver opens its port by itself; else the URL is one of `catalog.split_device_url`."""
    return url.partition("://")[0] in OWN_PORTS.get(device_class, {})


def _place(url: str) -> tuple[Path, dict[str, str]]:
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that nothing closes
        parts = None
    if parts is None or parts.netloc or len(parts.path) < 2:
        raise DeviceUrlError(f"{url}: a place is written with three strokes, as leds:///sys/class/leds")
    return Path(parts.path), options_of(parts.query)
