"""The far end of a receipt: a register whose drive closes documents for ever, and may not say so."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from payment.contract import (
    FiscalChanged,
    FiscalDone,
    FiscalRefused,
    FiscalSale,
    FiscalUnknown,
)
from payment.simulation.stage import Line, Stage, Wire

CLOSE_S = (0.3, 2.0)
TELL_S = (0.02, 0.2)
SILENT_S = 20.0  # until the port gives up waiting for an answer
OUTAGE_S = (60.0, 900.0)
SHIFT_HOURS_MAX = 24


class FiscalRegister:
    """The cashier's `FiscalPort`. The oracle counts `documents`."""

    def __init__(self, stage: Stage, wire: Wire) -> None:
        self.documents: list[FiscalSale] = []
        self._stage = stage
        self._wire = wire
        self._under_way: FiscalSale | None = None
        self._out = False
        self._shift_open = False
        self._shift = 0
        self._shift_from_s = 0.0

    # --- verbs ------------------------------------------------------------------------------------------------------

    def fiscalise(self, document: FiscalSale) -> None:
        self._verb(f"document {document.fiscal_id}, {document.total_minor}", partial(self._begins, document))

    def ask(self, fiscal_id: str) -> None:
        self._verb(f"is {fiscal_id} closed?", partial(self._answers, fiscal_id))

    def open_shift(self) -> None:
        self._verb("open the shift", self._opens)

    def close_shift(self) -> None:
        self._verb("close the shift", self._closes)

    def _verb(self, what: str, effect: Callable[[], None]) -> None:
        self._stage.knife.passes("fiscal register")
        self._stage.say(f"verb to the register: {what}")
        effect()
        self._stage.knife.passes("fiscal register")

    # --- documents --------------------------------------------------------------------------------------------------

    def _begins(self, document: FiscalSale) -> None:
        expired = self._shift_open and self._hours() >= SHIFT_HOURS_MAX
        if self._out or expired or self._under_way is not None:
            self._wire.tell(FiscalRefused(document.fiscal_id, "not ready", final=False), TELL_S)
            return
        if self._stage.chance.happens(0.03):
            self._wire.tell(FiscalRefused(document.fiscal_id, "paper", final=False), TELL_S)
            return
        if not self._shift_open:
            self._opens()
        self._under_way = document
        self._stage.later(self._stage.chance.between_s(*CLOSE_S), self._closed, Line.MAINS)

    def _closed(self) -> None:
        self._stage.knife.passes("a document is closed")
        document, self._under_way = self._under_way, None
        assert document is not None
        self.documents.append(document)
        self._stage.say(f"drive: {document.fiscal_id} is closed, {document.kind.value} {document.total_minor}")
        if self._stage.chance.happens(0.04):
            unknown = FiscalUnknown(document.fiscal_id)
            self._stage.later(SILENT_S, partial(self._wire.tell, unknown, TELL_S), Line.CORE)
            return
        self._wire.tell(self._numbers(len(self.documents)), TELL_S)

    def _answers(self, fiscal_id: str) -> None:
        if self._under_way is not None or self._stage.chance.happens(0.05):
            self._wire.tell(FiscalUnknown(fiscal_id), TELL_S)
            return
        for number in range(len(self.documents), 0, -1):
            if self.documents[number - 1].fiscal_id == fiscal_id:
                self._wire.tell(self._numbers(number), TELL_S)
                return
        self._wire.tell(FiscalRefused(fiscal_id, "no such document", final=False), TELL_S)

    def _numbers(self, number: int) -> FiscalDone:
        document = self.documents[number - 1]
        return FiscalDone(document.fiscal_id, "9999078900000001", number, 3_829_112_233, "20251123T1200", 1, number)

    # --- the shift and the state ------------------------------------------------------------------------------------

    def _opens(self) -> None:
        if not self._shift_open:
            self._shift_open, self._shift_from_s = True, self._stage.now_s
            self._shift += 1
        self.tells_state()

    def _closes(self) -> None:
        if self._under_way is None:
            self._shift_open = False
        self.tells_state()

    def goes_out(self) -> None:
        """Paper or cover: no document until someone sees to it."""
        self._out = True
        self._stage.say("the register is out of order")
        self.tells_state()
        self._stage.later(self._stage.chance.between_s(*OUTAGE_S), self._mended, Line.FAR)

    def _mended(self) -> None:
        self._out = False
        self.tells_state()

    def _hours(self) -> int:
        return int(self._stage.now_s - self._shift_from_s) // 3600

    def tells_state(self) -> None:
        """Said at a start, after a change, and every hour."""
        hours = self._hours() if self._shift_open else 0
        ready = not self._out and not (self._shift_open and hours >= SHIFT_HOURS_MAX)
        changed = FiscalChanged(ready, "none" if ready else "paper", self._shift_open, hours, 300, 0)
        self._wire.tell(changed, TELL_S)

    # --- crashes ----------------------------------------------------------------------------------------------------

    def lost_power(self) -> None:
        """A document that stands open is cancelled at the start."""
        self._under_way = None
