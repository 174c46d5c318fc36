"""Shtrih-M host session of a fiscal register: pure, single-threaded, told the time. Driven by `pump`.

Source: Shtrih-M protocol description. One dialogue at a time (`documents.py`), one command at a time (`exchange.py`);
between dialogues the register is watched (`watch.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.fiscal_printer import (
    DocumentClosed,
    DocumentError,
    DocumentRefused,
    DocumentUnknown,
    FiscalDocument,
    FiscalPrinterEvent,
    ShiftClosed,
    ShiftOpened,
    ShiftRefused,
    check_document,
    check_fiscal_id,
)
from device_drivers.contract.status import Fault
from device_drivers.dialogue import Dialogue
from device_drivers.shtrih_m.documents import TAX_GROUPS, RegisterDocuments
from device_drivers.shtrih_m.exchange import Exchange, NoAnswer, Outcome
from device_drivers.shtrih_m.register import Pause, Register, Steps, Wish
from device_drivers.shtrih_m.watch import RegisterWatch

LOOK_S = 1.0
LOOK_PRINTING_S = 0.3
LOOK_LINK_DOWN_S = 2.0
DRIVE_S = 30.0  # how often the drive is asked when nothing happens
JOBS_MAX = 8
ADMINISTRATOR = 30


def register_of(options: dict[str, str]) -> ShtrihMSession:
    """A session from `password=30&taxes=11:1,12:16` of a device URL.

    Raises:
        DeviceUrlError: an option that does not exist, or a value it cannot have.
    """
    if unknown := set(options) - {"password", "taxes"}:
        raise DeviceUrlError(f"a Shtrih-M register has no option {sorted(unknown)[0]}")
    password = options.get("password", str(ADMINISTRATOR))
    if not (password.isascii() and password.isdecimal() and int(password) <= 0xFFFF_FFFF):
        raise DeviceUrlError(f"password is a number, not {password}")
    return ShtrihMSession(password=int(password), tax_groups=_tax_groups(options.get("taxes", "")))


class ShtrihMSession:
    """The host's side of one register. Implements `Session` and the verbs of `FiscalPrinter`."""

    def __init__(self, *, password: int = ADMINISTRATOR, tax_groups: Mapping[int, int] = TAX_GROUPS) -> None:
        self._exchange = Exchange()
        self._dialogue: Dialogue[Wish, Outcome | None] = Dialogue()
        register = Register(password)
        self._documents = RegisterDocuments(register, self._tell, tax_groups)
        self._watch = RegisterWatch(register, self._tell)
        self._jobs: deque[Callable[[], Steps]] = deque()
        self._events: list[FiscalPrinterEvent] = []
        self._asked: Wish | None = None  # the wish the exchange or the clock is busy with
        self._pause_until_s = 0.0
        self._next_look_s = 0.0
        self._next_drive_s = 0.0
        self._link_down = False
        self._now_s = 0.0

    # --- verbs -------------------------------------------------------------------------------------------------

    def print_document(self, document: FiscalDocument) -> None:
        """Make the document; one event answers."""
        try:
            check_document(document)
        except DocumentError as error:
            self._events.append(DocumentRefused(document.fiscal_id, str(error), final=True))
            return
        if not self._queue(lambda: self._documents.print_document(document)):
            self._events.append(DocumentRefused(document.fiscal_id, "too many jobs wait"))

    def ask_document(self, fiscal_id: str) -> None:
        """Is it in the drive?"""
        try:
            check_fiscal_id(fiscal_id)
        except DocumentError as error:
            self._events.append(DocumentUnknown(fiscal_id, str(error)))
            return
        if not self._queue(lambda: self._documents.ask_document(fiscal_id)):
            self._events.append(DocumentUnknown(fiscal_id, "too many jobs wait"))

    def open_shift(self) -> None:
        """Open the shift."""
        if not self._queue(self._documents.open_shift):
            self._events.append(ShiftRefused("too many jobs wait"))

    def close_shift(self) -> None:
        """Close the shift with a Z report."""
        if not self._queue(self._documents.close_shift):
            self._events.append(ShiftRefused("too many jobs wait"))

    def continue_print(self) -> None:
        """Go on with what the end of the paper broke off."""
        self._queue(self._watch.continue_print)

    def ask_status(self) -> None:
        """Ask the drive now."""
        self._watch.drive_is_known = False
        self._next_look_s = 0.0

    def _queue(self, job: Callable[[], Steps]) -> bool:
        if len(self._jobs) >= JOBS_MAX:
            return False
        self._jobs.append(job)
        return True

    # --- session -----------------------------------------------------------------------------------------------

    def bytes_to_send(self, now_s: float) -> bytes:
        """What goes on the wire now."""
        self._now_s = now_s
        self._begin(now_s)
        self._take_wish(now_s)
        return self._exchange.bytes_to_send(now_s)

    def receive(self, chunk: bytes, now_s: float) -> None:
        """Bytes came, or time passed."""
        self._now_s = now_s
        outcome = self._exchange.receive(chunk, now_s)
        if outcome is not None:
            self._link_seen(outcome)
            self._go_on(outcome)
        elif isinstance(self._asked, Pause) and now_s >= self._pause_until_s:
            self._go_on(None)

    def take_events(self) -> list[FiscalPrinterEvent]:
        """Events since the last call, oldest first."""
        events, self._events = self._events, []
        return events

    def wakes_at_s(self) -> float:
        """When to send, to repeat or to give up next."""
        if isinstance(self._asked, Pause):
            return self._pause_until_s
        if self._asked is not None:
            return self._exchange.wakes_at_s()
        return 0.0 if self._jobs or self._dialogue.wish is not None else self._next_look_s

    def line_lost(self, now_s: float) -> None:
        """The port is gone: what is under way and what waits is answered; begin anew when there is one again."""
        self._exchange.abandon()
        self._asked = None
        self._dialogue.break_off()
        while self._jobs:
            self._dialogue.begin(self._jobs.popleft()())
            self._dialogue.break_off()
        self._link_down = True
        self._next_look_s = now_s
        self._watch.lost(Fault.LINE_LOST)

    # --- inside ------------------------------------------------------------------------------------------------

    def _begin(self, now_s: float) -> None:
        if not self._dialogue.free:
            return
        if self._jobs:
            self._dialogue.begin(self._jobs.popleft()())
        elif now_s >= self._next_look_s:
            if now_s >= self._next_drive_s:
                self._watch.drive_is_known = False
                self._next_drive_s = now_s + DRIVE_S
            self._dialogue.begin(self._watch.look())

    def _take_wish(self, now_s: float) -> None:
        wish = self._dialogue.wish
        if self._asked is not None or wish is None:
            return
        self._asked = wish
        if isinstance(wish, Pause):
            self._pause_until_s = now_s + wish.seconds
        else:
            self._exchange.start(wish)

    def _go_on(self, outcome: Outcome | None) -> None:
        self._asked = None
        self._dialogue.go_on(outcome)
        if self._dialogue.free:
            period_s = LOOK_PRINTING_S if self._watch.printing else LOOK_S
            self._next_look_s = self._now_s + (LOOK_LINK_DOWN_S if self._link_down else period_s)

    def _link_seen(self, outcome: Outcome) -> None:
        self._link_down = isinstance(outcome, NoAnswer) and not outcome.heard
        if self._link_down:
            self._watch.lost(Fault.NO_ANSWER)

    def _tell(self, event: FiscalPrinterEvent) -> None:
        self._events.append(event)
        if isinstance(event, DocumentClosed):
            self._watch.closed(event.fiscal_id)
        if isinstance(event, DocumentClosed | ShiftOpened | ShiftClosed):
            self.ask_status()


def _tax_groups(text: str) -> Mapping[int, int]:
    """`11:1,12:16`: VAT code of tag 1199 to the bit of the register's tax group; nothing: the usual ones."""
    if not text:
        return TAX_GROUPS
    groups = {}
    for pair in text.split(","):
        code, _, bit = pair.partition(":")
        if not (code.isdecimal() and bit.isdecimal() and int(bit) <= 0xFF):
            raise DeviceUrlError(f"taxes are written 11:1,12:16, not {text}")
        groups[int(code)] = int(bit)
    return groups
