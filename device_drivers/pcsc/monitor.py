"""One card reader, watched for as long as the terminal runs. Blocking: belongs in a thread of its own.

Source: PC/SC paper, "Long-running use". The context is made anew, with back-off, whenever pcscd or the reader is gone.
A probe only lists readers and looks: a card is never switched, and the one command sent by itself asks for its UID.
"""

from __future__ import annotations

import queue

from device_drivers.contract.card_reader import (
    CardAnswered,
    CardFailed,
    CardFailure,
    CardInserted,
    CardReaderEvent,
    CardRemoved,
    CardUnreadable,
)
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.pcsc.port import PcscCode, PcscError, PcscPort, Place
from device_drivers.status_teller import StatusTeller

LOOK_S = 0.25  # a queued command leaves within this time
REOPEN_FIRST_S, REOPEN_MAX_S = 0.25, 5.0
REQUESTS_MAX = 16
APDU_SIZE_MIN, APDU_SIZE_MAX = 4, 261  # short form: header, length, 255 bytes, expected length
ASK_UID = bytes.fromhex("ffca000000")  # readers of PC/SC 2.01
DONE = 0x9000
UID_SIZE_MAX = 10

_STATES = {
    PcscCode.NO_SERVICE: (DeviceState.OFFLINE, Fault.NO_ANSWER),
    PcscCode.SERVICE_STOPPED: (DeviceState.OFFLINE, Fault.NO_ANSWER),
    PcscCode.NO_READER: (DeviceState.NO_DEVICE, Fault.LINE_LOST),
    PcscCode.UNKNOWN_READER: (DeviceState.NO_DEVICE, Fault.LINE_LOST),
    PcscCode.READER_UNAVAILABLE: (DeviceState.NO_DEVICE, Fault.LINE_LOST),
}
_FAILURES = {
    PcscCode.NO_CARD: CardFailure.NO_CARD,
    PcscCode.REMOVED: CardFailure.REMOVED,
    PcscCode.UNRESPONSIVE: CardFailure.UNRESPONSIVE,
    PcscCode.UNPOWERED: CardFailure.UNRESPONSIVE,
    PcscCode.COMM_ERROR: CardFailure.UNRESPONSIVE,
    PcscCode.RESET: CardFailure.UNRESPONSIVE,
    PcscCode.SHARING_VIOLATION: CardFailure.BUSY,
}
_OF_THE_CARD = frozenset(_FAILURES)  # the reader itself is well


class CardMonitor:
    """Implements the verb of `CardReader`; `step` is called again and again by its thread."""

    def __init__(self, port: PcscPort, reader_part: str = "") -> None:
        """`reader_part`: a part of the reader's name; empty: the first one found."""
        self._port = port
        self._reader_part = reader_part
        self._requests: queue.Queue[tuple[str, bytes]] = queue.Queue(REQUESTS_MAX)
        self._refused: queue.SimpleQueue[CardFailed] = queue.SimpleQueue()
        self._status = StatusTeller()
        self._told_reader = ""
        self._reader: str | None = None
        self._place: Place | None = None
        self._wait_s = REOPEN_FIRST_S
        self._reopen_at_s = 0.0

    def transmit(self, request_id: str, apdu: bytes) -> None:
        """Queue a command for the card, from any thread."""
        if not APDU_SIZE_MIN <= len(apdu) <= APDU_SIZE_MAX:
            self._refuse(request_id, f"a command has {APDU_SIZE_MIN}..{APDU_SIZE_MAX} bytes, not {len(apdu)}")
            return
        try:
            self._requests.put_nowait((request_id, apdu))
        except queue.Full:
            self._refuse(request_id, f"{REQUESTS_MAX} commands are waiting already")

    def step(self, now_s: float) -> list[CardReaderEvent]:
        """Looks once, waiting at most `LOOK_S` for the reader; the events of it."""
        events: list[CardReaderEvent] = []
        while not self._refused.empty():
            events.append(self._refused.get_nowait())
        try:
            if self._reader is None and now_s >= self._reopen_at_s:
                events += self._open()
            if self._reader is not None:
                events += self._look(self._reader)
        except PcscError as error:
            events += self._lose(error, now_s)
        return events + self._answer_requests(now_s)

    def wakes_at_s(self) -> float:
        """When `step` does something next; in between it would only come back at once."""
        return self._reopen_at_s if self._reader is None else 0.0

    def close(self) -> None:
        """Gives the reader back."""
        self._port.close()
        self._reader = None

    # --- the reader --------------------------------------------------------------------------------------------

    def _open(self) -> list[CardReaderEvent]:
        self._port.open()
        names = [name for name in self._port.readers() if self._reader_part in name]
        if not names:
            raise PcscError(PcscCode.NO_READER)
        self._place = self._port.look(names[0], None, 0.0)
        self._reader = names[0]
        self._wait_s = REOPEN_FIRST_S
        events: list[CardReaderEvent] = [*self._status.tell(StatusChanged(DeviceState.ONLINE))]
        if names[0] != self._told_reader:
            self._told_reader = names[0]
            events.append(Identified(names[0], ""))
        return events + (self._greet(names[0], self._place) if self._place.present else [])

    def _lose(self, error: PcscError, now_s: float) -> list[CardReaderEvent]:
        self._port.close()
        gone: list[CardReaderEvent] = [CardRemoved()] if self._place is not None and self._place.present else []
        self._reader, self._place = None, None
        self._reopen_at_s = now_s + self._wait_s
        self._wait_s = min(REOPEN_MAX_S, self._wait_s * 2)
        state, fault = _STATES.get(error.code, (DeviceState.OFFLINE, Fault.LINE_LOST))
        return [*gone, *self._status.tell(StatusChanged(state, fault, str(error)))]

    def _look(self, reader: str) -> list[CardReaderEvent]:
        known = self._place
        place = self._port.look(reader, known, 0.0 if not self._requests.empty() else LOOK_S)
        self._place = place
        assert known is not None
        if (place.present, place.mute, place.changes) == (known.present, known.mute, known.changes):
            return []
        events: list[CardReaderEvent] = [CardRemoved()] if known.present else []
        return events + (self._greet(reader, place) if place.present else [])

    # --- the card ----------------------------------------------------------------------------------------------

    def _greet(self, reader: str, place: Place) -> list[CardReaderEvent]:
        if place.mute or not place.atr:
            return [CardUnreadable("the card does not answer to power")]
        try:
            answer = self._port.transmit(reader, ASK_UID)
        except PcscError as error:
            if error.code not in _OF_THE_CARD:
                raise
            if error.code in (PcscCode.UNRESPONSIVE, PcscCode.UNPOWERED):
                return [CardUnreadable(str(error))]
            answer = b""
        uid, status_word = answer[:-2], int.from_bytes(answer[-2:], "big")
        return [CardInserted(place.atr, uid if status_word == DONE and len(uid) <= UID_SIZE_MAX else b"")]

    def _answer_requests(self, now_s: float) -> list[CardReaderEvent]:
        events: list[CardReaderEvent] = []
        for _ in range(self._requests.qsize()):
            request_id, apdu = self._requests.get_nowait()
            events += self._exchange(request_id, apdu, now_s)
        return events

    def _exchange(self, request_id: str, apdu: bytes, now_s: float) -> list[CardReaderEvent]:
        if self._reader is None:
            return [CardFailed(request_id, CardFailure.READER_LOST, "there is no reader")]
        if self._place is None or not self._place.present:
            return [CardFailed(request_id, CardFailure.NO_CARD)]
        try:
            answer = self._port.transmit(self._reader, apdu)
        except PcscError as error:
            if error.code in _OF_THE_CARD:
                return [CardFailed(request_id, _FAILURES[error.code], str(error))]
            failed = CardFailed(request_id, CardFailure.READER_LOST, str(error))
            return [failed, *self._lose(error, now_s)]
        if len(answer) < 2:
            return [CardFailed(request_id, CardFailure.UNRESPONSIVE, "an answer without status bytes")]
        return [CardAnswered(request_id, answer[:-2], int.from_bytes(answer[-2:], "big"))]

    def _refuse(self, request_id: str, detail: str) -> None:
        self._refused.put(CardFailed(request_id, CardFailure.NOT_STARTED, detail))
