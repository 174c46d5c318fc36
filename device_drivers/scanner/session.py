"""A scanner's session: it only listens, so that a probe can do no harm. Pure, told the time. Driven by `pump`."""

from __future__ import annotations

from device_drivers.contract.barcode_reader import BarcodeReaderEvent, CodeDamaged
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.scanner.collector import CodeCollector, framing_of
from device_drivers.scanner.keyboard import KeyDecoder, PlainDecoder
from device_drivers.status_teller import StatusTeller

IDLE_S = 1.0


class ScannerSession:
    """Implements `Session`. A silent scanner cannot be told from a dead one: it is online while its port is."""

    def __init__(self, collector: CodeCollector, *, keyboard: bool = False) -> None:
        self._collector = collector
        self._keyboard = keyboard
        self._decoder = self._fresh_decoder()
        self._events: list[BarcodeReaderEvent] = []
        self._status = StatusTeller()
        self._now_s = 0.0

    def bytes_to_send(self, now_s: float) -> bytes:
        """Nothing, ever; being asked means that the port is open."""
        self._now_s = now_s
        self._events += self._status.tell(StatusChanged(DeviceState.ONLINE))
        return b""

    def receive(self, chunk: bytes, now_s: float) -> None:
        """Bytes came, or time passed."""
        self._now_s = now_s
        read = self._decoder.feed(chunk)
        if self._decoder.take_lost() and (self._collector.drop() or read):
            self._events.append(CodeDamaged("keys were lost"))
            return
        self._events += self._collector.feed(read, now_s)

    def take_events(self) -> list[BarcodeReaderEvent]:
        """Events since the last call, oldest first."""
        events, self._events = self._events, []
        return events

    def wakes_at_s(self) -> float:
        """When silence ends a code."""
        return min(self._now_s + IDLE_S, self._collector.ends_at_s())

    def line_lost(self, now_s: float) -> None:
        """The port is gone, and with it half a code."""
        if self._collector.drop():
            self._events.append(CodeDamaged("the port was lost"))
        self._decoder = self._fresh_decoder()
        self._events += self._status.tell(StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST))

    def _fresh_decoder(self) -> KeyDecoder | PlainDecoder:
        return KeyDecoder() if self._keyboard else PlainDecoder()


def serial_scanner_of(options: dict[str, str]) -> ScannerSession:
    """`suffix=crlf&prefix=02&aim=1`; raises `DeviceUrlError` as `framing_of` does."""
    return ScannerSession(CodeCollector(framing_of(options)))


def keyboard_scanner_of(options: dict[str, str]) -> ScannerSession:
    """As a serial scanner, but Enter ends a code; raises `DeviceUrlError` as `framing_of` does."""
    return ScannerSession(CodeCollector(framing_of(options, suffix_default="cr")), keyboard=True)
