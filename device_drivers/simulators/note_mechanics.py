"""The inside of a simulated bill validator: one note path, one cassette, moved by the clock. Pure.

It knows no wire: the same inside stands behind each protocol, which says its steps in its own codes.
"""

from __future__ import annotations

import enum
import math
from typing import Any

from device_drivers.simulators.core import SimulatorError

BILL_TYPES = 24
# Not the old typical table: the driver must read it, so 200 and 2000 sit where newer firmware has them.
RUBLES_OF_TYPE = {2: 10, 3: 50, 4: 100, 5: 500, 6: 1000, 7: 5000, 12: 200, 13: 2000}
TYPE_OF_MINOR = {rubles * 100: at for at, rubles in RUBLES_OF_TYPE.items()}

ACCEPT_S = 0.6
STACK_S = 0.8
RETURN_S = 0.6
REJECT_S = 0.6
CHEAT_S = 1.0
ESCROW_S = 10.0  # without an order the note goes back by itself
CAPACITY = 600

IDENTIFICATION_REASON, INHIBIT_REASON = 0x65, 0x68


class Step(enum.IntEnum):
    """What the device is doing; the value is its CCNET poll answer."""

    POWER_UP = 0x10
    POWER_UP_IN_VALIDATOR = 0x11
    POWER_UP_IN_STACKER = 0x12
    INITIALIZE = 0x13
    IDLING = 0x14
    ACCEPTING = 0x15
    STACKING = 0x17
    RETURNING = 0x18
    DISABLED = 0x19
    HOLDING = 0x1A
    REJECTING = 0x1C
    FULL = 0x41
    CASSETTE_OUT = 0x42
    JAMMED = 0x43
    CASSETTE_JAMMED = 0x44
    CHEATED = 0x45
    PAUSED = 0x46
    FAILED = 0x47
    ESCROW = 0x80
    STACKED = 0x81
    RETURNED = 0x82


_POWER_UPS = (Step.POWER_UP, Step.POWER_UP_IN_VALIDATOR, Step.POWER_UP_IN_STACKER)
_WAITS_FOR_HAND = (Step.FULL, Step.CASSETTE_OUT, Step.JAMMED, Step.CASSETTE_JAMMED, Step.PAUSED, Step.FAILED)


class Mechanics:
    """Moves one note at a time from the hand to the cassette or back."""

    def __init__(self, memory: dict[str, Any] | None, *, initialize_s: float, now_s: float) -> None:
        self._initialize_s = initialize_s
        self.enabled_mask = 0
        self._escrow_mask = 0
        self._note: int | None = None  # value in minor units of what is in the path, 0: unknown paper
        self._detail = 0  # second byte of REJECTING and FAILED
        self._cassette: dict[int, int] = {}
        self._cassette_present = True
        self._returned = self._rejected = self._taken_out = 0
        self._off_until_s: float | None = None
        self._until_s = math.inf
        self.step = Step.POWER_UP
        if memory is not None:
            self._recall(memory)

    # --- time --------------------------------------------------------------------------------------------------

    @property
    def powered(self) -> bool:
        return self._off_until_s is None

    def wakes_at_s(self) -> float:
        """When the next movement ends."""
        return self._until_s if self._off_until_s is None else self._off_until_s

    def advance(self, now_s: float) -> None:
        """Time passed: movements end."""
        if self._off_until_s is not None:
            if now_s < self._off_until_s:
                return
            self._off_until_s = None
        while now_s >= self._until_s:
            self._next_step(self._until_s)

    def _go(self, step: Step, until_s: float = math.inf) -> None:
        self.step, self._until_s = step, until_s

    def _next_step(self, at_s: float) -> None:
        if self.step is Step.ACCEPTING:
            self._recognised(at_s)
        elif self.step in (Step.ESCROW, Step.HOLDING):
            self._go(Step.RETURNING, at_s + RETURN_S)
        elif self.step is Step.STACKING:
            assert self._note is not None
            self._cassette[self._note] = self._cassette.get(self._note, 0) + 1
            self._go(Step.STACKED)
        elif self.step is Step.RETURNING:
            self._returned += 1
            self._go(Step.RETURNED)
        else:
            if self.step is Step.REJECTING:
                self._rejected, self._note = self._rejected + 1, None
            self._rest()

    def _recognised(self, at_s: float) -> None:
        bill_type = TYPE_OF_MINOR.get(self._note or 0)
        if bill_type is None or not self.enabled_mask >> bill_type & 1:
            self._detail = IDENTIFICATION_REASON if bill_type is None else INHIBIT_REASON
            self._go(Step.REJECTING, at_s + REJECT_S)
        elif self._escrow_mask >> bill_type & 1:
            self._go(Step.ESCROW, at_s + ESCROW_S)
        else:
            self._go(Step.STACKING, at_s + STACK_S)

    def _rest(self) -> None:
        if not self._cassette_present:
            self._go(Step.CASSETTE_OUT)
        elif sum(self._cassette.values()) >= CAPACITY:
            self._go(Step.FULL)
        else:
            self._go(Step.IDLING if self.enabled_mask else Step.DISABLED)

    # --- commands of the host: True is ACK, False is ILLEGAL COMMAND ---------------------------------------------

    def poll_answer(self) -> bytes:
        """The bytes that say what the device is doing."""
        if self.step in (Step.REJECTING, Step.FAILED):
            return bytes((self.step, self._detail))
        if self.step in (Step.ESCROW, Step.STACKED, Step.RETURNED):
            return bytes((self.step, TYPE_OF_MINOR.get(self._note or 0, 0)))
        return bytes((self.step,))

    def at_rest(self) -> bool:
        """Where the identification and the table may be asked."""
        return self.step in (Step.INITIALIZE, Step.DISABLED, Step.FAILED)

    def end_delivered(self, now_s: float) -> None:
        """The host acknowledged 81 or 82."""
        if self.step in (Step.STACKED, Step.RETURNED):
            self._note = None
            self._rest()

    def reset(self, now_s: float) -> bool:
        """A note at power-up goes where its place leads; one on its way is given back."""
        if self.step in (Step.ACCEPTING, Step.STACKING, Step.RETURNING, Step.JAMMED, Step.CASSETTE_JAMMED, Step.FAILED):
            return False
        if self.step is Step.POWER_UP_IN_STACKER and self._note is not None:
            self._cassette[self._note] = self._cassette.get(self._note, 0) + 1
        elif self.step in (Step.POWER_UP_IN_VALIDATOR, Step.ESCROW, Step.HOLDING):
            self._returned += 1
        self._note, self.enabled_mask, self._escrow_mask = None, 0, 0
        self._go(Step.INITIALIZE, now_s + self._initialize_s)
        return True

    def enable(self, enabled_mask: int, escrow_mask: int, now_s: float) -> bool:
        """Takes the masks; a note already inside is not dropped."""
        if self.step in _POWER_UPS or self.step in (Step.INITIALIZE, Step.CASSETTE_OUT, Step.FAILED):
            return False
        self.enabled_mask, self._escrow_mask = enabled_mask, escrow_mask
        if self.step in (Step.IDLING, Step.DISABLED):
            self._rest()
        return True

    def stack(self, now_s: float) -> bool:
        if self.step not in (Step.ESCROW, Step.HOLDING):
            return False
        self._go(Step.STACKING, now_s + STACK_S)
        return True

    def give_back(self, now_s: float) -> bool:
        if self.step not in (Step.ESCROW, Step.HOLDING):
            return False
        self._go(Step.RETURNING, now_s + RETURN_S)
        return True

    def hold(self, now_s: float) -> bool:
        if self.step not in (Step.ESCROW, Step.HOLDING):
            return False
        self._go(Step.HOLDING, now_s + ESCROW_S)
        return True

    # --- the hand ----------------------------------------------------------------------------------------------

    def insert(self, value_minor: int, now_s: float) -> None:
        """A note (0: some other paper) is put to the slot."""
        if value_minor and value_minor not in TYPE_OF_MINOR:
            raise SimulatorError(f"there is no note of {value_minor / 100:g} rubles")
        if not self.powered or self.step is not Step.IDLING:
            raise SimulatorError(f"the validator does not draw the note in: it is {self._word()}")
        self._note = value_minor
        self._go(Step.ACCEPTING, now_s + ACCEPT_S)

    def jam(self, where: str) -> None:
        """What moves gets stuck: in the validator or at the cassette."""
        steps = {"validator": Step.JAMMED, "cassette": Step.CASSETTE_JAMMED}
        if where not in steps:
            raise SimulatorError("a note jams in the validator or at the cassette")
        self._go(steps[where])

    def fail(self, code: int) -> None:
        """The device finds a fault in itself."""
        self._detail = code
        self._go(Step.FAILED)

    def trouble(self, kind: str, now_s: float) -> None:
        """full, pause: until cleared; cheat: clears by itself."""
        if kind == "cheat":
            self._go(Step.CHEATED, now_s + CHEAT_S)
        else:
            self._go(Step.FULL if kind == "full" else Step.PAUSED)

    def clear(self, now_s: float) -> None:
        """A person takes out what was stuck; the device starts anew."""
        if self.step not in _WAITS_FOR_HAND or self.step is Step.CASSETTE_OUT:
            raise SimulatorError(f"there is nothing to clear: the validator is {self._word()}")
        if self._note is not None:
            self._taken_out += 1
        self._note, self.enabled_mask = None, 0
        self._go(Step.INITIALIZE, now_s + self._initialize_s)

    def move_cassette(self, present: bool, emptied: bool, now_s: float) -> None:
        """The cassette is taken out, or put back as it was or emptied."""
        if present is self._cassette_present:
            raise SimulatorError("the cassette is already " + ("in its place" if present else "out"))
        if self._note is not None:
            raise SimulatorError("the cassette is locked while a note is on its way")
        self._cassette_present = present
        if emptied:
            self._cassette = {}
        if present:
            self.enabled_mask = 0
            self._go(Step.INITIALIZE, now_s + self._initialize_s)
        else:
            self._go(Step.CASSETTE_OUT)

    def cut_power(self, off_s: float, now_s: float) -> None:
        """Everything but the note's place and the cassette is forgotten."""
        remembered = self.memory()
        self.enabled_mask = self._escrow_mask = 0
        self._note = None
        self._recall(remembered)
        self._off_until_s = now_s + off_s

    # --- what is known -----------------------------------------------------------------------------------------

    def memory(self) -> dict[str, Any]:
        """Where everything lies."""
        return {
            "cassette": {str(value): count for value, count in sorted(self._cassette.items())},
            "cassette_present": self._cassette_present,
            "note": None if self._note is None else {"value_minor": self._note, "where": self._where()},
            "returned": self._returned,
            "rejected": self._rejected,
            "taken_out": self._taken_out,
        }

    def describe(self) -> dict[str, Any]:
        """The state for whoever asks."""
        counts = sorted(self._cassette.items())
        return {
            "powered": self.powered,
            "state": self._word(),
            "code": self.poll_answer().hex(),
            "note_minor": self._note,
            "enabled_minor": [value for value, at in sorted(TYPE_OF_MINOR.items()) if self.enabled_mask >> at & 1],
            "cassette": {
                "present": self._cassette_present,
                "notes": [{"value_minor": value, "count": count} for value, count in counts],
                "count": sum(count for _, count in counts),
                "total_minor": sum(value * count for value, count in counts),
            },
            "returned": self._returned,
            "rejected": self._rejected,
            "taken_out": self._taken_out,
        }

    def _where(self) -> str:
        """On which side of the point of no return the note is; one that ended lies nowhere on the way."""
        if self.step in (Step.STACKING, Step.CASSETTE_JAMMED, Step.POWER_UP_IN_STACKER):
            return "stacker"
        return "gone" if self.step in (Step.STACKED, Step.RETURNED) else "validator"

    def _recall(self, memory: dict[str, Any]) -> None:
        try:
            self._cassette = {int(value): int(count) for value, count in memory["cassette"].items()}
            self._cassette_present = bool(memory["cassette_present"])
            self._returned, self._rejected = int(memory["returned"]), int(memory["rejected"])
            self._taken_out = int(memory["taken_out"])
            note = memory["note"]
            where = "gone" if note is None else str(note["where"])
            self._note = None if where == "gone" else int(note["value_minor"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SimulatorError(f"the memory of the validator cannot be read: {error!r}") from error
        steps = {"validator": Step.POWER_UP_IN_VALIDATOR, "stacker": Step.POWER_UP_IN_STACKER}
        self._go(steps.get(where, Step.POWER_UP))

    def _word(self) -> str:
        return self.step.name.lower() if self.powered else "switched off"
