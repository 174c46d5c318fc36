"""The far end of the coin slot: no escrow, a box, and an event counter that a power cut sets back.

Source: the payment notes, section 2: the counter runs 1..255, then 1 again; the last five events are buffered and told
again after a restart of the core. A power cut empties the buffer and sets the counter to 0.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial

from payment.contract import CoinAccepted, CoinAcceptorChanged, CoinCounterReset
from payment.simulation.stage import Line, Stage, Wire

COUNTER_MAX = 255
BUFFERED = 5
FALL_S = (0.2, 0.6)
TELL_S = (0.02, 0.25)


@dataclass(slots=True)
class Coin:
    """A real coin in the box. The oracle counts these."""

    value_minor: int
    owner: str
    forgotten: bool = False  # the device lost its event in a power cut: the reset of the counter is an alert of it
    unmissable: bool = False  # it was so before the journal knew any counter: nothing can miss it but a recount


class CoinAcceptor:
    """The cashier's `CoinPort` and what stands behind it."""

    def __init__(self, stage: Stage, wire: Wire) -> None:
        self.coins: list[Coin] = []
        self._stage = stage
        self._wire = wire
        self._enabled = False
        self._listened = False
        self._falling = 0
        self._counter = 0
        self._buffer: deque[tuple[Coin, int]] = deque(maxlen=BUFFERED)

    def enable(self) -> None:
        self._stage.knife.passes("enable coins")
        self._enabled = True
        self._stage.knife.passes("enable coins")

    def disable(self) -> None:
        self._stage.knife.passes("disable coins")
        self._enabled = False
        self._stage.knife.passes("disable coins")

    def takes(self, coin: Coin) -> bool:
        """The hand drops a coin; False: it falls through into the tray."""
        if not (self._enabled and self._listened) or self._falling:
            return False
        self._falling += 1
        self._stage.say(f"the hand of {coin.owner} drops a coin of {coin.value_minor}")
        self._stage.later(self._stage.chance.between_s(*FALL_S), partial(self._fell, coin), Line.MAINS)
        return True

    def at_rest(self) -> bool:
        return not self._falling

    def core_fell(self) -> None:
        self._listened = False

    def lost_power(self, *, counter_is_journaled: bool) -> None:
        """A coin on its way falls into the tray."""
        self.core_fell()
        self._enabled, self._falling, self._counter = False, 0, 0
        for coin, _ in self._buffer:
            coin.forgotten, coin.unmissable = counter_is_journaled, not counter_is_journaled
        self._buffer.clear()

    def greets(self) -> None:
        self._listened = True
        if self._counter == 0:
            self._wire.tell(CoinCounterReset(), TELL_S)
        for coin, counter in self._buffer:
            self._tell(coin, counter)
        self._wire.tell(CoinAcceptorChanged(ready=True), TELL_S)

    def _fell(self, coin: Coin) -> None:
        self._stage.knife.passes("a coin falls into the box")
        self._falling -= 1
        self._counter = self._counter % COUNTER_MAX + 1
        self.coins.append(coin)
        self._buffer.append((coin, self._counter))
        self._stage.say(f"a coin of {coin.value_minor} is in the box, counter {self._counter}")
        self._tell(coin, self._counter)
        if self._stage.chance.happens(0.02):  # the whole buffer is read once more
            for earlier, counter in self._buffer:
                self._tell(earlier, counter)

    def _tell(self, coin: Coin, counter: int) -> None:
        self._wire.tell(CoinAccepted(coin.value_minor, counter), TELL_S)
