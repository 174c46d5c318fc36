"""The presenter of a kiosk printer: a slip is held out until it is taken, and drawn back if nobody takes it.

Source: ESC/POS paper, "Custom VKP80 / TG2480 extras". What lies in the outlet must be gone before the next slip. Pure,
told the time; spoken for by `session`.
"""

from __future__ import annotations

from device_drivers.contract.receipt_printer import SlipNotTaken, SlipTaken
from device_drivers.escpos import status
from device_drivers.escpos.status import StatusError

PRESENT = b"\x1de\x03\x0c"  # twelve steps out of the slot
RETRACT, EJECT = b"\x1de\x02", b"\x1de\x05"
FULL_STATUS = b"\x10\x04\x14"
WAYS = {"retract": RETRACT, "eject": EJECT}  # what becomes of a slip that nobody took
TAKEN_S_DEFAULT, TAKEN_S_MIN, TAKEN_S_MAX = 60, 10, 600
ASK_PERIOD_S = 0.5
ANSWER_S = 0.5
CLEAR_S = 8.0  # a motor has drawn a slip back by then
TRIES_MAX = 3


class Presenter:
    """What lies in the outlet. `clear`: the next slip may come."""

    def __init__(self, way: str, taken_s: float) -> None:
        self._command = WAYS[way]
        self._taken_s = taken_s
        self._job_id = ""  # whose slip is held out
        self._events: list[SlipTaken | SlipNotTaken] = []
        self._orders: list[bytes] = []  # sent already, to have the outlet cleared
        self._take_until_s = 0.0
        self._clear_until_s = 0.0
        self.forget()

    def forget(self) -> None:
        """The line is gone: what lies in the outlet is looked at anew. Whose slip it was is not forgotten."""
        self._clear: bool | None = None  # None: not known
        self._answer: bytearray | None = None
        self._tries = 0
        self._answer_until_s = self._next_ask_s = 0.0

    @property
    def clear(self) -> bool:
        """Nothing lies in the outlet."""
        return self._clear is True and not self._job_id

    @property
    def stuck(self) -> bool:
        """Neither order cleared it: a person must."""
        return len(self._orders) > 1 and self._clear is False and self._clear_until_s == float("inf")

    @property
    def waiting(self) -> bool:
        """An answer is awaited."""
        return self._answer is not None

    def hold_out(self, job_id: str, now_s: float) -> None:
        """This slip has been cut and presented."""
        self._job_id, self._take_until_s = job_id, now_s + self._taken_s
        self._clear, self._orders, self._next_ask_s = False, [], now_s + ASK_PERIOD_S

    def look(self) -> None:
        """Something may lie there: a slip that failed, or one from before the start."""
        if not self._job_id:
            self._clear, self._next_ask_s = None, 0.0

    def bytes_to_send(self, now_s: float) -> bytes:
        """A question or an order; b"" when there is nothing to say."""
        if self.clear or self.waiting or now_s < self._next_ask_s:
            return b""
        if self._clear is False and (order := self._due_order(now_s)):
            self._orders.append(order)
            self._clear_until_s, self._next_ask_s = now_s + CLEAR_S, now_s + ASK_PERIOD_S
            return order
        self._answer, self._answer_until_s = bytearray(), now_s + ANSWER_S
        return FULL_STATUS

    def hear(self, byte: int, now_s: float) -> bool:
        """True when the byte belongs to the answer awaited."""
        if self._answer is None or (not self._answer and byte != status.CUSTOM_HEAD[0]):
            return False
        self._answer.append(byte)
        if len(self._answer) == status.CUSTOM_FULL_STATUS_SIZE:
            raw, self._answer = bytes(self._answer), None
            self._heard(raw, now_s)
        return True

    def give_up(self, now_s: float) -> None:
        """The answer did not come: asked again; a printer that never tells is believed to have an empty outlet."""
        if self._answer is None or now_s < self._answer_until_s:
            return
        self._answer, self._tries, self._next_ask_s = None, self._tries + 1, now_s + ASK_PERIOD_S
        if self._tries >= TRIES_MAX:
            self._tries = 0
            self._set_clear(now_s)

    def take_events(self) -> list[SlipTaken | SlipNotTaken]:
        """Events since the last call."""
        events, self._events = self._events, []
        return events

    def wakes_at_s(self) -> float:
        """When to ask, or to give up waiting, next."""
        if self.clear:
            return float("inf")
        return self._answer_until_s if self.waiting else self._next_ask_s

    def _due_order(self, now_s: float) -> bytes:
        """Nobody's slip goes at once, a customer's after his time; then the other way, then a person is needed."""
        if not self._orders:
            return self._command if not self._job_id or now_s >= self._take_until_s else b""
        if now_s < self._clear_until_s:
            return b""
        if len(self._orders) == 1:
            return EJECT if self._command == RETRACT else RETRACT
        self._clear_until_s = float("inf")
        return b""

    def _heard(self, raw: bytes, now_s: float) -> None:
        self._next_ask_s = now_s + ASK_PERIOD_S
        try:
            _, fields = status.describe(raw, FULL_STATUS)
        except StatusError:
            return
        self._tries = 0
        if fields["ticket_in_outlet"]:
            self._clear = False
        else:
            self._set_clear(now_s)

    def _set_clear(self, now_s: float) -> None:
        self._clear = True
        if self._job_id:
            kind = SlipNotTaken if self._orders else SlipTaken
            self._events.append(kind(self._job_id))
        self._job_id, self._orders = "", []
