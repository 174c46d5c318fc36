"""Work that outlives a visit: what is asked of billing, bank and fiscal register until they answer for good.

A work begins, changes and ends with durable records only, in a run and in a recovery alike; beside that it has a timer,
which is not kept: after a restart everything is due. No rules of a device here.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from payment.effects import Effect
from payment.transaction_values import Told

ANSWER_S_MAX = 150.0  # a port answers within its own deadline; one that did not is asked again after this


class Work(msgspec.Struct):
    """When it is to be asked for next. `sent`: an answer is awaited."""

    due_s: float = 0.0
    wait_s: int = 0
    sent: bool = False
    patience_s: float = ANSWER_S_MAX

    def is_due(self, now_s: float) -> bool:
        return now_s >= (self.due_s + self.patience_s if self.sent else self.due_s)

    def asked(self, now_s: float) -> None:
        self.sent, self.due_s = True, now_s

    def ask_again(self, now_s: float, first_s: int, max_s: int) -> None:
        """No sure answer came: each wait is twice the last one."""
        self.wait_s = min(max_s, self.wait_s * 2 or first_s)
        self.sent, self.due_s = False, now_s + self.wait_s

    def ask_now(self) -> None:
        self.sent, self.due_s = False, 0.0


class Reaction(msgspec.Struct, frozen=True):
    """What an answer leads to: effects in order, then what the visit is told."""

    effects: Sequence[Effect] = ()
    told: Sequence[Told] = ()
