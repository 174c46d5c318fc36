"""Everything outside the cashier, and the cashier of the hour: made, cut down, made again over the same journal."""

from __future__ import annotations

from collections.abc import Callable

from payment.cashier import Cashier
from payment.contract import CashierEvent, CashInSnapshot, CashPhase, CashSettings, PaymentOrder
from payment.ledger import Place
from payment.simulation.acquirer import Acquirer
from payment.simulation.billing import Billing
from payment.simulation.chance import Chance
from payment.simulation.coin_acceptor import CoinAcceptor
from payment.simulation.crash import Cut
from payment.simulation.disk import MemoryStore, OpenEnds, SimulatedDisk, SqliteStore
from payment.simulation.far_ends import EVERYTHING, Equipment, MakeEnds, ModelledEnds
from payment.simulation.office import Office
from payment.simulation.printer import Printer
from payment.simulation.sabotage import Sabotage
from payment.simulation.stage import Line, Stage, Wire

OFFLINE_TOTAL_MAX_MINOR = 1_000_000_00
DRIVER_STARTS_S = (0.5, 3.0)
COIN_RECORDS = frozenset({"coin_in", "coins_lost", "coin_counter_reset"})
REST_TICK_S = 10.0  # nobody stands there: the waits that are measured then are long
OFFICE_TELLS_S = 5.0
LINK_COMES_UP_S = 1.5  # after a start; what the office has decided is told then, maybe ahead of what is due
SETTLEMENTS_MAX = 4  # tried at rest; what they cannot decide is a person's


class World:
    """One terminal's surroundings. What it holds survives every cut."""

    def __init__(
        self,
        chance: Chance,
        *,
        equipment: Equipment = EVERYTHING,
        delayed_disk: bool,
        real_disk: bool = False,
        sabotage: Sabotage | None = None,
        traced: bool = False,
        make_ends: MakeEnds = ModelledEnds,
    ) -> None:
        self.stage = Stage(chance, traced=traced)
        store = SqliteStore(self.stage) if real_disk else MemoryStore(self.stage)
        self.disk = SimulatedDisk(self.stage, store, delayed=delayed_disk, sabotage=sabotage)
        self.equipment = equipment
        self._wires: list[Wire] = []
        self._ends = make_ends(self.stage, self._deliver, self.disk.writable)
        self.validator, self.pinpad, self.register = self._ends.validator, self._ends.pinpad, self._ends.register
        self.coins = CoinAcceptor(self.stage, self._wire())
        self.acquirer = Acquirer(self.stage, self._wire())
        self.billing = Billing(self.stage, self._wire())
        self.printer = Printer(self.stage, self._wire())
        self.office = Office()
        self._office_tells_at_s = 0.0
        self.cashier: Cashier | None = None
        self.snapshot = CashInSnapshot()
        self.tick_s = 1.0
        self._lost_power = True
        self._settlements = 0
        self._open_ends = OpenEnds()
        self._settings = CashSettings(
            terminal_id="T1",
            fiscal_required=equipment.fiscal,
            offline_total_max_minor=OFFLINE_TOTAL_MAX_MINOR,
        )

    def start(self) -> None:
        """The core starts: the cashier reads the journal, the drivers find their devices.

        Where a second cut fell into the dark of the first, one start follows both.
        """
        if self.cashier is not None:
            return
        self.stage.core_falls()  # what the far ends said into the dark is not heard
        if self._lost_power:
            self.stage.computer_starts()
        records = self.disk.start()
        self.stage.say(f"the core starts over {len(records)} records")
        self.cashier = Cashier(
            journal=self.disk,
            acceptor=self.validator,
            billing=self.billing,
            printer=self.printer,
            clock=self.stage,
            settings=self._settings,
            tell=self._show,
            records=records,
            coins=self.coins if self.equipment.coins else None,
            pinpad=self.pinpad if self.equipment.pinpad else None,
            acquirer=self.acquirer if self.equipment.acquirer else None,
            fiscal=self.register if self.equipment.fiscal else None,
        )
        self.snapshot = self.cashier.snapshot
        for greets in self._greetings():
            self.stage.later(self.stage.chance.between_s(*DRIVER_STARTS_S), greets, Line.CORE)
        self.stage.later(self.tick_s, self._tick, Line.CORE)
        if self.office.has_decided():
            self._office_tells_at_s = 0.0
            self.stage.later(LINK_COMES_UP_S, self.office_tells, Line.CORE)

    def _greetings(self) -> list[Callable[[], None]]:
        greetings = self._ends.greetings(self.equipment, after_power=self._lost_power)
        if self.equipment.coins:
            greetings.insert(1, self.coins.greets)
        return greetings

    def fall(self, cut: Cut) -> None:
        """The core is gone, and with a power cut the devices' minds."""
        self.stage.say(f"CUT: {cut.value}")
        self.cashier = None
        self.snapshot = CashInSnapshot()
        self._lost_power = cut is Cut.POWER_LOST
        self.disk.fall(cut)
        self.office.core_fell()
        self._open_ends = OpenEnds()
        for wire in self._wires:
            wire.fall()
        if self._lost_power:
            self.stage.mains_fail()
            self._ends.fall(cut)
            self.coins.lost_power(counter_is_journaled=self._knows_a_counter())
        else:
            self.stage.core_falls()
            self._ends.fall(cut)
            self.coins.core_fell()

    def _knows_a_counter(self) -> bool:
        return any(record.kind in COIN_RECORDS for record in self.disk.store.records())

    def between_customers(self) -> None:
        """The journal's log is folded in while nobody waits for it."""
        if self.cashier is not None:
            self.disk.store.checkpoint()

    def remove(self) -> None:
        """The world is over: what it kept outside the memory goes."""
        if isinstance(self.disk.store, SqliteStore):
            self.disk.store.close()
            self.disk.store.disk.remove()

    def at_rest(self) -> bool:
        """Nothing is under way and nothing is owed to billing."""
        cashier = self.cashier
        if cashier is None or cashier.undelivered() or cashier.unfiscalised():
            return False
        if not (self.validator.at_rest() and self.coins.at_rest() and self.acquirer.at_rest()):
            return False
        books = cashier.books()
        if books[Place.PAYABLE] or books[Place.ESCROW] or self._open_ends.read_on(self.disk.store.records()):
            return False
        if self.office.is_waited_for(self.disk.store.records()):
            return False
        return not books[Place.CARD_UNKNOWN] or self._settlements >= SETTLEMENTS_MAX

    def screen_is_deserted(self) -> None:
        """Nobody touches the screen: it ends what is open, as it does by its own timers."""
        if self.cashier is not None and self.snapshot.phase is CashPhase.ACCEPTING:
            self.leave()
        elif self.cashier is not None and self.snapshot.phase is CashPhase.DONE:
            self.close_visit()

    def office_tells(self) -> None:
        """Its orders come over the link, and now and then again until they come back with the journal."""
        if self.cashier is None or self.stage.now_s < self._office_tells_at_s:
            return
        self._office_tells_at_s = self.stage.now_s + OFFICE_TELLS_S
        for told in self.office.orders(self.disk.store.records()):
            self._deliver(told, None)

    def settle(self) -> None:
        """The day's totals of the bank are asked for: an operation that nobody could tell of is decided by them."""
        if self.cashier is not None and self.equipment.pinpad:
            self._settlements += 1
            self._asks("settle", lambda cashier: cashier.settle())

    # --- what the customer and the screen ask of the cashier --------------------------------------------------------

    def open_visit(self, order: PaymentOrder) -> None:
        self._asks(f"open a visit for {order.account}", lambda cashier: cashier.open_visit(order))

    def pay(self) -> None:
        self._asks("pay", lambda cashier: cashier.pay())

    def leave(self) -> None:
        self._asks("leave", lambda cashier: cashier.leave())

    def close_visit(self) -> None:
        self._asks("close the visit", lambda cashier: cashier.close_visit())

    def pause(self) -> None:
        self._asks("pause", lambda cashier: cashier.pause())

    def resume(self) -> None:
        self._asks("resume", lambda cashier: cashier.resume())

    def open_collection(self) -> None:
        self._asks("the collector signs in", lambda cashier: cashier.open_collection("Иванов", "77"))

    def collection_is_open(self) -> bool:
        """What a collector sees on the service screen."""
        return any(kind == "collection_open" for kind, _ in self._open_ends.read_on(self.disk.store.records()))

    def close_collection(self) -> None:
        self._asks("the collector signs out", lambda cashier: cashier.close_collection())

    def _asks(self, what: str, act: Callable[[Cashier], None]) -> None:
        assert self.cashier is not None
        self.stage.say("asked: {}", what)
        self.stage.knife.passes(what)
        act(self.cashier)
        self.stage.knife.passes(what)

    # --- into the cashier -------------------------------------------------------------------------------------------

    def _wire(self) -> Wire:
        wire = Wire(self.stage, self._deliver)
        self._wires.append(wire)
        return wire

    def _deliver(self, event: CashierEvent, taken: Callable[[], None] | None) -> None:
        cashier = self.cashier
        if cashier is None:
            return
        name = type(event).__name__
        if self.stage.trace is not None:
            self.stage.say(f"event {event}")
        knife = self.stage.knife
        knife.passes(name)
        if taken is not None:
            taken()
            knife.passes(name)
        cashier.on_event(event)
        knife.passes(name)

    def _tick(self) -> None:
        assert self.cashier is not None
        resting = self.snapshot.order is None and self.snapshot.phase is CashPhase.IDLE
        self.stage.later(max(self.tick_s, REST_TICK_S) if resting else self.tick_s, self._tick, Line.CORE)
        self.cashier.on_time(self.stage.now())

    def _show(self, snapshot: CashInSnapshot) -> None:
        self.snapshot = snapshot
