"""core: devices, money and the one link to the office in one process. Killing ui or media loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import aiohttp
import msgspec

from device_drivers.contract.barcode_reader import CodeDamaged, CodeRead
from payment.billing.accounts import AccountsClient
from payment.contract import CashInSnapshot
from provisioning.terminal.identity import Identity
from signaling_server.contract import messages as office
from signaling_server.contract import money
from signaling_server.contract.self_service import ServiceAnswer
from terminal_app.config import JOURNAL_FILE, TerminalConfig
from terminal_app.core import call as calls
from terminal_app.core import site
from terminal_app.core import visit as visits
from terminal_app.core import visit_events as events
from terminal_app.core.abilities import Abilities
from terminal_app.core.ability import may_scan, visit_rules
from terminal_app.core.accounts import Accounts, BillingWatch, read_bill
from terminal_app.core.call_values import PaperEffect
from terminal_app.core.card_slip import print_card
from terminal_app.core.cash_stop import MAY_BEGIN
from terminal_app.core.device_manager import DeviceManager
from terminal_app.core.glass import FromPeer, Glass, say
from terminal_app.core.media_side import MediaSide
from terminal_app.core.office_side import Condition, OfficeSide
from terminal_app.core.paper_side import PaperSide
from terminal_app.core.service_side import ServiceSide
from terminal_app.core.service_work import Parts
from terminal_app.core.site_side import SiteSide
from terminal_app.core.state import Surroundings, call_press, call_tick, terminal_state, told_to_call
from terminal_app.core.task_side import TaskSide
from terminal_app.core.till import Till
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.channel import Channel, ChannelError, serve
from terminal_app.ipc.modes import ChooseModes
from terminal_app.ipc.pages import Choose, Enter, OpenService

TICK_S = 0.25

_log = logging.getLogger(__name__)

_BOTH_PRESSES = ipc.GoBack | ipc.GoHome | ipc.Dismiss | Choose | Enter


class Core:
    """Everything a terminal is, but its screen and its picture."""

    def __init__(self, config: TerminalConfig, identity: Identity | None, session: aiohttp.ClientSession) -> None:
        self._config = config
        self._identity = identity
        self._loop = asyncio.get_running_loop()
        self._visit = Visit()
        self._stay_id = str(uuid.uuid4())  # what one customer pays at one stay has a limit of its own
        self._call = calls.Call()
        self._cash = CashInSnapshot()
        self._rules = visit_rules(config.rules)
        self._glass = Glass()
        self._devices = DeviceManager(self._devices_changed, Path(config.data_dir) / "devices.json")
        self._media = MediaSide(self._devices, config)
        self._paused = False
        self._power_ends = asyncio.Event()
        self._office = OfficeSide(
            config.office,
            identity,
            condition=self._condition,
            on_message=self._from_office,
            on_changed=self._link_changed,
        )
        self._accounts_client = AccountsClient(config.billing.accounts_url, session)
        self._billing = BillingWatch(self._accounts_client, there=bool(config.billing.accounts_url))
        self._accounts = Accounts(self._accounts_client, config.billing.account_pattern, self.visit_event)
        self._payees = config.payee.allow_list()
        self._settings = config.cash_settings(identity.terminal_id if identity else "unprovisioned")
        self._till = Till(
            config,
            self._settings,
            self._devices,
            session,
            terminal_title=identity.title if identity else "",
            post=self._post,
            on_journal_failed=self._publish,
        )
        self._office.upload(Path(config.data_dir) / JOURNAL_FILE)
        self._site = SiteSide(
            config,
            self._devices,
            money_moves=lambda: self._cash.note_moving or self._cash.in_escrow_minor > 0,
            on_code=self._held_to_scanner,
            do=self._do_at_site,
            changed=self._site_changed,
        )
        self._service = ServiceSide(
            Parts(config, self._till, self._devices, self._site, self._office),
            identity.title if identity else "",
            customer_card=self._card_held,
            may_begin=lambda: self._visit.screen is ipc.Screen.ATTRACT and self._call.screen is None,
            call=lambda: self._call_pressed(ipc.StartCall()),
            camera=lambda on: self._media.viewfinder(ipc.Screen.PAGE_PHOTO, on=on),
            changed=self._publish,
            readiness=lambda: self._able.readiness(self._cash),
        )
        self._tasks = TaskSide(config, self._office, self._accounts_client, self._till, self._media, self.visit_event)
        self._papers = PaperSide(self._office, self._site.devices, self._devices, self._call_event)
        around = (self._devices, self._media, self._office, self._billing)
        self._able = Abilities(config, *around, self._till, self._site, self._tasks)
        self._till.listen(self._cash_told)
        if inside_minor := self._till.cashier.snapshot.recovered_minor:
            self.visit_event(events.PaymentRecovered(inside_minor))

    def _post(self, callback: Callable[[], None]) -> None:
        """From the journal's thread into ours."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: the record is durable all the same
            self._loop.call_soon_threadsafe(callback)

    # --- life -------------------------------------------------------------------------------------------------------

    async def run(self, run_dir: Path) -> None:
        servers = [await serve(run_dir / "core.sock", FromPeer, self._peer), await self._service.serve(run_dir)]
        lives = (self._tick_for_ever(), self._billing.watch(self._publish), self._till.run(), self._service.run())
        jobs = [asyncio.create_task(job) for job in lives]
        if self._office.exists:
            jobs.append(asyncio.create_task(self._office.run()))
        told_to_stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(name, told_to_stop.set)
        say(ready="core", pid=os.getpid())
        waiters = [asyncio.create_task(event.wait()) for event in (told_to_stop, self._power_ends)]
        done, _ = await asyncio.wait({*waiters, *jobs}, return_when=asyncio.FIRST_COMPLETED)
        for job in (*jobs, *waiters):
            job.cancel()
        for server in servers:
            server.close()
        await self._site.devices.close()
        await self._devices.close()
        await self._accounts.close()
        await self._tasks.close()
        await self._till.close()
        await self._site.switch_off(told_to_stop)
        for job in done - {*waiters}:
            job.result()  # a job never ends by itself: show why

    async def _tick_for_ever(self) -> None:
        last_second = 0
        while True:
            await asyncio.sleep(TICK_S)
            self._call_event(call_tick(self._visit, self._papers.printer()))
            self.visit_event(ipc.CustomerActive() if self._call.screen is not None else events.Tick())
            self._site.on_tick(self._glass.shown)
            if int(time.monotonic()) != last_second:
                last_second = int(time.monotonic())
                self._till.on_time(billing_reachable=self._billing.up, at_rest=self._visit.screen is ipc.Screen.ATTRACT)
                self._office.on_time()

    # --- ui and media -----------------------------------------------------------------------------------------------

    async def _peer(self, channel: Channel[FromPeer]) -> None:
        """One connection; its first message tells whose it is. A new one replaces the old one."""
        try:
            while (message := await channel.receive()) is not None:
                if isinstance(message, ipc.UiHello):
                    self._glass.came(channel)
                    self._publish()
                    say(ready="ui", pid=message.pid)
                elif isinstance(message, media.MediaHello):
                    self._media.came(channel)
                    self._media_changed(message)
                    say(ready="media", pid=message.pid)
                self._from_peer(message)
        except ChannelError as error:
            _log.error("a peer of another release: %s", error)
        finally:
            await channel.close()
            self._glass.left(channel)
            if self._media.left(channel):
                self._call_event(calls.MediaChanged(up=False))
                self._publish()

    def _from_peer(self, message: FromPeer) -> None:
        self._glass.touched(message)
        covered = self._call.covers(self._visit.screen)
        if self._call.screen is None and self._service.takes(message):
            return
        match message:
            case ipc.UiHello() | media.MediaHello() | ipc.HoldLogo() | ipc.InsertTrainingNote() | ipc.EndTraining():
                pass
            case ipc.UiAlive(frames_drawn=frames):
                self._glass.frames_drawn = frames
            case media.MediaDevicesChanged():
                self._media_changed(message)
            case media.CodeSeen(payload=payload):
                self.visit_event(read_bill(payload, self._payees))
            case media.PhotoGuide(hint=hint):
                self.visit_event(events.PhotoGuided(hint))
                self._call_event(message)
            case media.PhotoTaken() | media.PhotoFailed():
                self._tasks.photo_told(message)
                self._call_event(message)
            case _ if isinstance(message, media.MediaToCore):
                self._call_event(message)
            case _ if isinstance(message, ipc.CallPress) or (covered and isinstance(message, _BOTH_PRESSES)):
                self._call_pressed(message)
            case OpenService() if self._call.screen in (ipc.Screen.NOTICE, ipc.Screen.CALL_RESULT):  # it is over
                self._call_pressed(ipc.Dismiss())
                self.visit_event(message)
            case _ if not covered or isinstance(message, ChooseModes):
                self.visit_event(message)

    def _media_changed(self, told: media.MediaHello | media.MediaDevicesChanged) -> None:
        self._media.told(told)
        if isinstance(told, media.MediaHello):
            if self._call.screen is not ipc.Screen.CALL_LIVE:
                self._media.send(media.StopCall())  # core may be new: no call of an older one goes on
            self._media.viewfinder(self._visit.screen, on=self._call.screen is None)
            self._call_event(calls.MediaChanged(up=True))
        elif not may_scan(self._devices, self._media) and self._visit.screen is ipc.Screen.BILL_SCAN:
            self.visit_event(events.ScanFailed())
        self._publish()

    # --- the visit --------------------------------------------------------------------------------------------------

    def visit_event(self, event: events.Event) -> None:
        before = self._visit
        self._visit, effects = visits.step(before, event, self._rules_now(), time.monotonic())
        for effect in effects:
            self._do(effect)
        if self._visit.screen is ipc.Screen.ATTRACT and before.screen is not ipc.Screen.ATTRACT:
            self._stay_id = str(uuid.uuid4())
            self._till.between_customers()
            self._tasks.forget_customer()
        self._pause_or_resume()
        self._publish()

    def _rules_now(self) -> VisitRules:
        """What may be paid with now is a rule of the visit."""
        able = self._able.now(self._cash)
        cash = able.cash_stop in MAY_BEGIN
        return replace(self._rules, cash=cash, card=able.card, qr=able.qr, context=self._tasks.context(able))

    def _do(self, effect: events.Effect) -> None:
        match effect:
            case events.FindAccount() | events.AskDetails() | events.AskByBill():
                self._loop.call_soon(self._accounts.ask, effect)
            case events.SetScanning(on=on):
                self._media.viewfinder(ipc.Screen.BILL_SCAN, on=on)
                if on and not may_scan(self._devices, self._media):
                    self._loop.call_soon(self.visit_event, events.ScanFailed())
            case events.SetPhoto(on=on):
                self._media.viewfinder(ipc.Screen.PAGE_PHOTO, on=on)
            case events.OpenCashIn(order=order):
                self._till.cashier.open_visit(msgspec.structs.replace(order, stay_id=self._stay_id))
            case events.PayCash():
                self._till.cashier.pay()
            case events.PrintSlipCopy():
                self._till.cashier.print_copy()
            case events.LeaveCashIn():
                self._till.cashier.leave()
            case events.CancelCard():
                self._till.cancel_card()
            case events.CloseCashIn():
                self._till.cashier.close_visit()
            case events.DoForTask():
                self._tasks.do(effect)
            case events.CallConsultant():
                self._call_pressed(ipc.StartCall())

    def _held_to_scanner(self, event: CodeRead | CodeDamaged) -> None:
        if self._call.screen is not None or self._service.on:
            return
        unread = events.BillRefused(ipc.Notice.QR_UNREADABLE)
        found = read_bill(event.payload, self._payees) if isinstance(event, CodeRead) else unread
        self.visit_event(events.CodeScanned(found))

    def _card_held(self, card: str) -> None:
        if self._call.screen is None:
            self.visit_event(events.CardHeld(card))

    # --- around the terminal ----------------------------------------------------------------------------------------

    def _do_at_site(self, effect: site.Effect) -> None:
        match effect:
            case site.Effect.END_VISIT:
                self.visit_event(events.PowerEnding())
            case site.Effect.SHUT_DOWN:
                self._power_ends.set()
            case site.Effect.TELL_OFFICE:
                self._office.changed()

    def _site_changed(self) -> None:
        self._pause_or_resume()
        self._publish()

    def _pause_or_resume(self) -> None:
        """While a call lies over the visit, the door is open or the power goes, no note is taken."""
        lies = self._call.screen is not None and not self._call.pays_beside(self._visit.screen)
        paused = lies or self._site.state.pauses_cash
        if paused is self._paused:
            return
        self._paused = paused
        (self._till.cashier.pause if paused else self._till.cashier.resume)()

    # --- money ------------------------------------------------------------------------------------------------------

    def _cash_told(self, snapshot: CashInSnapshot) -> None:
        self._cash = snapshot
        self.visit_event(events.CashChanged(snapshot))
        self._office.changed()

    # --- the call and the office ------------------------------------------------------------------------------------

    def _call_pressed(self, command: ipc.UiToCore) -> None:
        assert isinstance(command, (ipc.CallPress, _BOTH_PRESSES))
        press = call_press(self._visit, command, str(uuid.uuid4()), self._tasks.facts, self._service.caller)
        self._call_event(replace(press, closed=self._able.now(self._cash).offer.consultants is not None))

    def _call_event(self, event: calls.Event) -> None:
        before = self._call
        self._call, effects = calls.step(before, event, time.monotonic())
        for effect in effects:
            if isinstance(effect, calls.ToMedia):
                self._media.send(effect.message)
            elif isinstance(effect, calls.ToOffice):
                self._office.send(effect.message)
            elif isinstance(effect, PaperEffect):
                self._papers.do(effect)
            elif isinstance(effect, calls.ToPayment):
                self._loop.call_soon(self.visit_event, events.PaymentProposed(effect.amount_minor, effect.account))
            else:
                print_card(self._till.print_slip, effect.card, self._config.contacts, self._call_event)
        if (before.screen is None) != (self._call.screen is None):  # while it covers the visit no bill is looked for
            self._media.viewfinder(self._visit.screen, on=self._call.screen is None)
        self._office.follow(self._call, self._call_event)
        self._pause_or_resume()
        if self._call is not before:
            self._publish()

    def _from_office(self, message: office.ServerToTerminal) -> None:
        if isinstance(message, office.DutyChanged):
            self._publish()
        elif isinstance(message, money.MoneyMoveOrdered | money.MoneyMoveWithdrawn):
            self._till.carry_out(message)
        elif isinstance(message, money.CollectorsTold | money.TechniciansTold):
            self._service.cards.told(message)
        elif isinstance(message, money.SlipCopyOrdered):
            self._loop.create_task(self._till.print_copy_of(message.txn_id))
        elif isinstance(message, ServiceAnswer):
            self._tasks.requests.told(message)
        else:
            self._call_event(told_to_call(self._visit, message))

    def _link_changed(self, welcome: office.TerminalWelcome | None) -> None:
        ice_servers = tuple(welcome.ice_servers) if welcome is not None else ()
        self._call_event(calls.LinkChanged(self._office.linked, ice_servers))
        self._tasks.link_changed(linked=self._office.linked)
        say(ready="link" if self._office.linked else "no link")
        self._publish()

    def _condition(self) -> Condition:
        live = self._call.screen in (ipc.Screen.CALL_WAITING, ipc.Screen.CALL_LIVE)
        return Condition(
            screen=(self._call.screen or self._service.screen or self._visit.screen).value,
            devices=self._devices.reports(),
            cassette=self._till.cassette(),
            undelivered=self._till.cashier.undelivered(),
            alarms=[*self._site.alarms(), *self._tasks.alarms()],
            cash_stopped=self._able.cash_stop(self._cash).value,
            readiness=self._able.readiness(self._cash),
            call_id=self._call.call_id if live and self._call.call_id else None,
        )

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _devices_changed(self) -> None:
        self._office.changed()
        self._loop.call_soon(self._publish)

    def _publish(self) -> None:
        if not self._glass.exists:
            return
        title = self._identity.title if self._identity else ""
        ending, sent = self._site.state.ending, self._config.sends_receipts
        around = Surroundings(self._able.now(self._cash), self._config.contacts, title, self._settings, ending, sent)
        state = terminal_state(self._visit, self._call, self._cash, around)
        self._tasks.visit_ended(self._glass.show(self._service.over(state, covered=self._call.screen is not None)))
