"""Service mode for the collector: who may, what is printed, what the cashier is told. Needs no network.

The conversation is payment's (`payment/encashment/steps.py`), the records are the cashier's; here they meet printer,
validator and who shows the conversation: the screen of service mode, or a program on the socket. One collector at a
time; whoever goes away leaves the collection as the journal has it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path

from payment.encashment import steps
from payment.encashment.collections import Collection, CollectionState, collections
from payment.encashment.collector import Collector, SignInRefusedError, SignIns, sign_in
from payment.encashment.slips import after_slip, before_slip
from payment.journal.journal import JournalError, read_journal
from payment.receipt import Issuer
from payment.slip_text import slip_text
from terminal_app.config import JOURNAL_FILE, TerminalConfig
from terminal_app.core.collectors import Cards, Role, card_number
from terminal_app.core.till import Till
from terminal_app.ipc import service_messages as m
from terminal_app.ipc.channel import Channel, ChannelError, serve

SERVICE_SOCKET = "service.sock"
RECORD_S_MAX = 5.0  # the journal has written a collection by then, or a customer stands there

_WRONG = "Карта или ПИН-код не подходят"
_BUSY = "Идёт платёж клиента или журнал не пишется. Подождите и введите номер сумки ещё раз"
_NO_LOGIN = "Кассету вынули без входа: вставьте её на место, потом введите номер сумки"
_TAKEN = "Инкассацию ведут в другом месте этого терминала"
_BAD_SEAL = f"Номер сумки: от 1 до {steps.SEAL_LENGTH_MAX} знаков"
_WORDS = {
    steps.Stage.SIGN_IN: "Приложите карту инкассатора и введите ПИН-код",
    steps.Stage.SEAL: "Введите номер сумки",
    steps.Stage.BEFORE: "Печатается ведомость, подождите",
    steps.Stage.REMOVE: "Выньте кассету",
    steps.Stage.INSERT: "Вставьте пустую кассету",
    steps.Stage.AFTER: "Счётчики обнулены, печатается итог",
    steps.Stage.DONE: "Инкассация закончена. Заберите ведомости",
}

_log = logging.getLogger(__name__)


class ServiceDesk:
    """Core's side of service mode."""

    def __init__(self, till: Till, journal: Path, cards: Cards, issuer: Issuer, zone: tzinfo) -> None:
        self._till = till
        self._journal = journal
        self.cards = cards
        self._issuer = issuer
        self._zone = zone
        self._state = steps.Encashment()
        self._sign_ins = SignIns()
        self._trouble = self._slip = ""
        self._show: Callable[[m.EncashmentState], None] | None = None
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        till.on_cassette = self._cassette_moved

    async def serve(self, run_dir: Path) -> asyncio.Server:
        """Listens for a service program."""
        return await serve(run_dir / SERVICE_SOCKET, m.ServiceToCore, self.peer)

    async def peer(self, channel: Channel[m.ServiceToCore]) -> None:
        """One service program."""
        show: Callable[[m.EncashmentState], None] = channel.send
        self.take(show)
        try:
            while (message := await channel.receive()) is not None and self._show is show:
                await self.hear(message)
        except ChannelError as error:
            _log.error("a service program of another release: %s", error)
        finally:
            await channel.close()
            if self._show is show:
                self._show = None

    def take(self, show: Callable[[m.EncashmentState], None]) -> None:
        """From now on it is shown here. A newer place takes it from an older one; whoever sits there signs in anew."""
        if self._show is not None and self._show is not show:
            self._show(m.EncashmentState(m.EncashmentStage.SIGN_IN, _TAKEN))
        self._show = show
        self._state = steps.Encashment(cassette_present=self._state.cassette_present)
        self._trouble = self._slip = ""
        self._tell()

    async def hear(self, message: m.ServiceToCore) -> None:
        async with self._turn:
            await self._said(message)

    async def _said(self, message: m.ServiceToCore) -> None:
        self._trouble = ""
        match message:
            case m.SignInAsked(card_id=card_id, pin=pin):
                await self._sign_in(card_number(card_id), pin)
            case m.SealTyped(seal=seal):
                await self._seal(seal)
            case m.SlipCopyAsked():
                await self._step(steps.CopyAsked())
            case m.CollectorLeft():
                await self._step(steps.Left())
        self._tell()

    async def _sign_in(self, card_id: str, pin: str) -> None:
        known = self.cards.by_card(Role.COLLECTOR)
        try:
            found, self._sign_ins = await asyncio.to_thread(
                sign_in, known, card_id, pin, self._sign_ins, time.monotonic()
            )
        except SignInRefusedError as error:
            self._trouble = str(error)
            return
        if found is None:
            _log.warning("a collector was not let in")
            self._trouble = _WRONG
        else:
            await self._signed_in(found)

    async def _signed_in(self, collector: Collector) -> None:
        """Who comes back to a collection that the journal has open goes on with it."""
        await self._step(steps.SignedIn(collector))
        last = await self._last()
        if last is None or not last.authorised or last.state is CollectionState.CLOSED:
            return
        if last.reset_ms == 0:
            await self._step(steps.SealGiven(last.seal))
            return
        self._state = replace(self._state, stage=steps.Stage.AFTER)  # the cassette was changed meanwhile
        self._till.cashier.close_collection()
        await self._print(steps.Which.AFTER, copy=False)

    async def _seal(self, seal: str) -> None:
        before = self._state
        await self._step(steps.SealGiven(seal))
        if self._state is before and self._state.stage is steps.Stage.SEAL:
            self._trouble = _BAD_SEAL

    def _cassette_moved(self, present: bool) -> None:
        """The validator said so; the cashier has heard it already."""
        task = asyncio.create_task(self._moved(present))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _moved(self, present: bool) -> None:
        async with self._turn:
            await self._step(steps.CassetteMoved(present))
            self._tell()

    async def _step(self, event: steps.EncashmentEvent) -> None:
        after, effects = steps.step(self._state, event)
        opens = next((effect for effect in effects if isinstance(effect, steps.OpenCollection)), None)
        if opens is not None and not await self._open(after, opens):
            return
        self._state = after
        for effect in effects:
            match effect:
                case steps.CloseCollection():
                    self._till.cashier.close_collection()
                case steps.PrintSlip(which=which, copy=copy):
                    await self._print(which, copy=copy)
                case steps.OpenCollection() | steps.SignOut():
                    pass

    async def _open(self, after: steps.Encashment, opens: steps.OpenCollection) -> bool:
        """The record comes first; False: a customer stands there, or the cassette was taken without a sign-in."""
        assert after.collector is not None
        last = await self._last()
        if last is not None and last.state is not CollectionState.CLOSED and not last.authorised:
            self._trouble = _NO_LOGIN
            return False
        self._till.cashier.open_collection(after.collector.name, opens.seal)
        if await self._written(lambda found: found.authorised and found.state is not CollectionState.CLOSED) is None:
            self._trouble = _BUSY
            return False
        return True

    async def _print(self, which: steps.Which, *, copy: bool) -> None:
        """The slip of the collection as the journal has it; where no paper comes, the screen shows it."""
        if which is steps.Which.AFTER:
            found = await self._written(lambda each: each.reset_ms > 0 and each.state is CollectionState.CLOSED)
        else:
            found = await self._last()
        if found is None:
            self._trouble = _BUSY
            printed = False
        else:
            make = after_slip if which is steps.Which.AFTER else before_slip
            lines = make(found, self._issuer, self._zone, copy=copy)
            self._slip = slip_text(lines)
            self._tell()
            printed = await self._till.on_paper(f"encash-{which.value}-{found.collection_id}", lines)
        if self._state.stage in (steps.Stage.BEFORE, steps.Stage.AFTER):
            await self._step(steps.SlipEnded(printed))

    async def _written(self, wanted: Callable[[Collection], bool]) -> Collection | None:
        """The last collection once it is as wanted; None: it is not within the limit."""
        ends_s = time.monotonic() + RECORD_S_MAX
        while time.monotonic() < ends_s:
            last = await self._last()
            if last is not None and wanted(last):
                return last
            await asyncio.sleep(0.1)
        return None

    async def _last(self) -> Collection | None:
        try:
            found = collections(await asyncio.to_thread(read_journal, self._journal))
        except JournalError as error:
            _log.error("the journal is not read for the collector: %s", error)
            return None
        return found[-1] if found else None

    def _tell(self) -> None:
        if self._show is None:
            return
        collector = self._state.collector
        self._show(
            m.EncashmentState(
                m.EncashmentStage(self._state.stage.value),
                _WORDS[self._state.stage],
                self._trouble,
                collector.name if collector is not None else "",
                self._slip,
            )
        )


def service_desk(config: TerminalConfig, till: Till, title: str) -> ServiceDesk:
    """Service mode of the terminal with this title."""
    data = Path(config.data_dir)
    issuer = Issuer(config.contacts.organisation, config.contacts.support_phone, title)
    return ServiceDesk(till, data / JOURNAL_FILE, Cards(data), issuer, config.office.zone())
