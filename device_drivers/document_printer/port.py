"""One IPP request to CUPS and its answer, over HTTP. Blocking, with a limit."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from typing import Protocol

from device_drivers.contract.errors import DeviceUrlError, LineLostError, PeerProtocolError

ANSWER_S_MAX = 10.0
ANSWER_SIZE_MAX = 1 << 20


@dataclass(frozen=True, slots=True)
class PrinterAddress:
    """A queue of a print service."""

    host: str
    port: int
    queue: str

    @property
    def uri(self) -> str:
        return f"ipp://{self.host}:{self.port}/printers/{self.queue}"


def parse_printer_url(url: str) -> PrinterAddress:
    """`cups://127.0.0.1:631/a4`.

    Raises:
        DeviceUrlError: it is no such URL.
    """
    found = re.fullmatch(r"cups://([A-Za-z0-9.-]+):([0-9]{1,5})/([A-Za-z0-9_.-]{1,127})", url)
    if found is None or not 0 < int(found[2]) < 65536:
        raise DeviceUrlError(f"{url}: a document printer is written cups://127.0.0.1:631/QUEUE")
    return PrinterAddress(found[1], int(found[2]), found[3])


class IppPort(Protocol):
    """A print service, or what stands for it in a test."""

    def post(self, request: bytes) -> bytes:
        """One request and its answer.

        Raises:
            LineLostError: the service cannot be reached: it has not heard the request.
            PeerProtocolError: it heard something, and gave no sensible answer in time.
        """


class CupsPort:
    """The queue of a CUPS."""

    def __init__(self, address: PrinterAddress) -> None:
        self._address = address

    def post(self, request: bytes) -> bytes:
        """One request and its answer, in a connection of its own: CUPS may have been restarted meanwhile."""
        place = f"{self._address.host}:{self._address.port}"
        connection = http.client.HTTPConnection(self._address.host, self._address.port, timeout=ANSWER_S_MAX)
        try:
            try:
                connection.connect()
            except OSError as error:
                raise LineLostError(
                    f"no print service: {error.strerror or 'it does not answer'}", device=place
                ) from error
            path = f"/printers/{self._address.queue}"
            connection.request("POST", path, request, {"Content-Type": "application/ipp"})
            answer = connection.getresponse()
            body = answer.read(ANSWER_SIZE_MAX)
        except (OSError, http.client.HTTPException) as error:
            raise PeerProtocolError("no answer of the print service", device=place) from error
        finally:
            connection.close()
        if answer.status != http.client.OK:
            raise PeerProtocolError(f"the print service answers with HTTP {answer.status}", device=place)
        return body
