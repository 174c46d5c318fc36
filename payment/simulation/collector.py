"""Who empties the cassette: signs in, takes it out, puts an empty one in, signs out. Power cuts do not stop him."""

from __future__ import annotations

from collections.abc import Callable

from payment.simulation.world import World

STEP_S = (3.0, 15.0)


class Collector:
    """One emptying; `gone` is called when he has left. `signs_in` False: somebody else has the key."""

    def __init__(self, world: World, gone: Callable[[], None], *, signs_in: bool = True) -> None:
        self._world = world
        self._gone = gone
        self._signs_in = signs_in

    def comes(self) -> None:
        if self._world.cashier is not None and self._signs_in:
            self._next(self._takes_out)
            self._world.open_collection()
        else:
            self._takes_out()

    def _takes_out(self) -> None:
        self._next(self._puts_in)
        self._world.validator.cassette_is_taken_out()

    def _puts_in(self) -> None:
        self._next(self._signs_out)
        self._world.validator.cassette_is_put_in()

    def _signs_out(self) -> None:
        """He stays until the terminal is up and shows that he is signed out."""
        if not self._signs_in or not self._world.collection_is_open():
            self._gone()
            return
        self._next(self._signs_out)
        self._world.screen_is_deserted()
        if self._world.cashier is not None:
            self._world.close_collection()

    def _next(self, act: Callable[[], None]) -> None:
        """What comes next is sure before anything of this step can be cut."""
        self._world.stage.later(self._world.stage.chance.between_s(*STEP_S), act)
