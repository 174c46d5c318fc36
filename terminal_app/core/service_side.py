"""Service mode meets the terminal: the card reader, the collector's desk, the journal, and what is shown.

`core/service_mode` decides. While it is on, presses come here and no customer is served.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec

from device_drivers.contract.card_reader import CardInserted, CardReaderEvent, CardUnreadable
from payment.encashment.collector import SignInRefusedError, SignIns, sign_in
from signaling_server.contract.readiness import ReadinessReport
from terminal_app.core.collectors import Cards, Role, card_number
from terminal_app.core.service import ServiceDesk, service_desk
from terminal_app.core.service_mode import mode as modes
from terminal_app.core.service_mode import values as v
from terminal_app.core.service_mode.pages import page_of
from terminal_app.core.service_work import Parts, ServiceWork
from terminal_app.core.training_side import TrainingSide
from terminal_app.core.visit_tasks import PAGE_SCREENS
from terminal_app.ipc import messages as ipc
from terminal_app.ipc import service_messages as desk
from terminal_app.ipc.modes import ChooseModes
from terminal_app.ipc.pages import Choose, Enter, Page, Phrase

TICK_S = 0.25
_FROM_UI = tuple(kind for kind in ipc.UiToCore.__args__ if kind not in (ipc.UiHello, ipc.UiAlive, ChooseModes))

_log = logging.getLogger(__name__)


class ServiceSide:
    """One technician or collector at a time."""

    def __init__(
        self,
        parts: Parts,
        title: str,
        *,
        customer_card: Callable[[str], None],
        may_begin: Callable[[], bool],
        call: Callable[[], None],
        camera: Callable[[bool], None],
        changed: Callable[[], None],
        readiness: Callable[[], ReadinessReport],
    ) -> None:
        """`customer_card` takes a card of nobody who works here; `may_begin`: no customer is at the terminal; `call`
        starts a call to the consultants.
        """
        self._work = ServiceWork(parts, readiness)
        self._till = parts.till
        self._site = parts.site
        self._desk: ServiceDesk = service_desk(parts.config, parts.till, title)
        self._may_begin, self._call, self._camera, self._changed = may_begin, call, camera, changed
        self._mode = v.Mode()
        self._sign_ins = SignIns()
        self._show_desk: Callable[[desk.EncashmentState], None] = self._desk_told
        self._training = TrainingSide(
            parts.config, changed=changed, told=lambda ready: self._step(v.TrainingTold(ready))
        )
        self._running: set[asyncio.Task[None]] = set()
        self._customer_card = customer_card if parts.config.rules.cards_identify else None
        parts.site.devices.on_card = self._card_event

    @property
    def cards(self) -> Cards:
        return self._desk.cards

    @property
    def on(self) -> bool:
        return self._mode.place is not v.Place.OFF

    @property
    def screen(self) -> ipc.Screen | None:
        """None: it is off."""
        page = self._page()
        return PAGE_SCREENS[page.kind] if page is not None else None

    @property
    def caller(self) -> str:
        """How the consultant sees who calls from service mode."""
        return f"Проверка связи: {self._mode.who}" if self.on else ""

    async def serve(self, run_dir: Path) -> asyncio.Server:
        self._training.live_in(run_dir)
        return await self._desk.serve(run_dir)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await asyncio.sleep(TICK_S)
                if self.on and self._site.state.ending:
                    self._step(v.Leave())
                self._step(v.Tick())
        finally:
            await self._training.close()

    def takes(self, message: object) -> bool:
        """Presses of the screen while service mode is on, and the gesture that opens it."""
        if isinstance(message, ipc.HoldLogo):
            if self._may_begin():
                self._step(v.LogoHeld(reader=self._work.reader_works))
            return True
        if self._trains(message):
            return True
        if not self.on or not isinstance(message, _FROM_UI):
            return False
        match message:
            case Choose() | Enter() | ipc.CustomerActive():
                self._step(message)
            case ipc.GoBack():
                self._step(v.Back())
            case ipc.GoHome():
                self._step(v.Leave())
            case _:
                pass  # a press that was meant for a customer's screen
        return True

    def _trains(self, message: object) -> bool:
        """In training every press is the stand's, but the end of it; a silent end asks first, as everywhere."""
        if self._training.state is None or not isinstance(message, (*_FROM_UI, ChooseModes)):
            return False
        asked = self._mode.left_s > 0
        match message:
            case ipc.EndTraining():
                self._step(message)
            case ipc.GoHome() if asked:
                self._step(v.Leave())
            case ipc.InsertTrainingNote(value_minor=value_minor):
                self._step(ipc.CustomerActive())
                self._training.insert(value_minor)
            case msgspec.Struct():
                self._step(ipc.CustomerActive())
                self._training.press(message)
        return True

    def over(self, state: ipc.TerminalState, *, covered: bool) -> ipc.TerminalState:
        """What is shown: service mode lies over the visit, a call over both."""
        page = self._page()
        if page is None or covered:
            return state
        if self._training.state is not None:
            return msgspec.structs.replace(
                self._training.state,
                idle_left_s=self._mode.left_s or self._training.state.idle_left_s,
                service=True,
                service_who=self._mode.who,
                training=True,
            )
        sound = self._mode.place is v.Place.SOUND
        return msgspec.structs.replace(
            state,
            screen=PAGE_SCREENS[page.kind],
            page=page,
            notice=ipc.Notice.NONE,
            input_error=ipc.Notice.NONE,
            busy=self._mode.busy,
            idle_left_s=self._mode.left_s,
            service=True,
            service_who=self._mode.who,
            modes=msgspec.structs.replace(state.modes, voice=True) if sound else state.modes,
        )

    def _page(self) -> Page | None:
        return page_of(self._mode, self._work.facts()) if self.on else None

    # --- what happens -----------------------------------------------------------------------------------------------

    def _step(self, event: v.Event) -> None:
        before = self._mode
        self._mode, effects = modes.step(before, event, time.monotonic())
        for effect in effects:
            self._do(effect)
        if self._mode is not before or self.on:
            self._changed()

    def _card_event(self, event: CardReaderEvent) -> None:
        """A card counts by its number. Where customers have cards too, one that is nobody's here is a customer's."""
        if not isinstance(event, CardInserted | CardUnreadable):
            return
        uid = event.uid.hex() if isinstance(event, CardInserted) else ""
        number = card_number(uid)
        if self._customer_card is not None and not self.on and not self.cards.knows(number):
            self._customer_card(uid)
        elif number and (self.on or self._may_begin()):
            self._step(v.CardShown(number, self.cards.role_of(number)))

    def _desk_told(self, state: desk.EncashmentState) -> None:
        self._step(v.DeskTold(state))

    def _do(self, effect: v.Effect) -> None:
        match effect:
            case v.FindCard(card_id=card_id):
                number = card_number(card_id)
                self._soon(v.CardTyped(number, self.cards.role_of(number)))
            case v.CheckPin():
                self._start(self._check_pin(effect))
            case v.TryDevice(asked=asked, device=device, test=test):
                self._start(self._answer(asked, self._work.try_device(device, test)))
            case v.Ask(asked=asked, wanted=wanted):
                self._start(self._answer(asked, self._work.answer(wanted)))
            case v.TakeDesk():
                self._desk.take(self._show_desk)
            case v.ToDesk(message=message):
                self._start(self._desk.hear(message))
            case v.CallDesk():
                asyncio.get_running_loop().call_soon(self._call)
            case v.SetCamera(on=on):
                self._camera(on)
            case v.SetTraining(on=on):
                if on:
                    self._training.begin()
                else:
                    self._training.end()
            case v.Acted(who=who, role=role, act=act, detail=detail):
                self._till.note_service({"who": who, "role": role.value, "act": act, "detail": detail})

    async def _check_pin(self, asked: v.CheckPin) -> None:
        known = self.cards.by_card(Role.TECHNICIAN)
        try:
            found, self._sign_ins = await asyncio.to_thread(
                sign_in, known, asked.card_id, asked.pin, self._sign_ins, time.monotonic()
            )
        except SignInRefusedError as error:
            self._step(v.Checked(asked.asked, trouble=Phrase(text=str(error))))
            return
        who = found.name if found is not None else ""
        self._step(v.Checked(asked.asked, who, Phrase("service_pin.wrong")))

    async def _answer(self, asked: int, question: Coroutine[Any, Any, v.Result]) -> None:
        self._step(v.Answered(asked, await question))

    def _soon(self, event: v.Event) -> None:
        asyncio.get_running_loop().call_soon(self._step, event)

    def _start(self, job: Coroutine[Any, Any, None]) -> None:
        running = asyncio.create_task(job)
        self._running.add(running)
        running.add_done_callback(self._running.discard)
