"""A terminal without glass and wires: core's machines, ui's presenters and payment's cashier, touched at random.

The monkey touches whatever the presenters of the present screen answer to, in any order, while notes come, devices and
the office answer, stay silent, come and go. It looks for an exception, a screen that nobody can leave, and money that
is not where the journal says.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from msgspec import structs

from payment.billing.account_values import AccountsOfPhone
from payment.contract import (
    AcceptorChanged,
    CashInSnapshot,
    CashPhase,
    CashSettings,
    NoteEscrowed,
    NoteMoving,
    NoteReturned,
    NoteStacked,
    PayAnswered,
    PayOutcome,
    ReceiptNotPrinted,
    ReceiptPrinted,
)
from payment.ledger import Books, Place
from signaling_server.contract import messages as office
from signaling_server.contract.notes import CallNote, Card, CardKind, NoteAuthor
from terminal_app.contacts import Contacts
from terminal_app.core import call as calls
from terminal_app.core import call_end
from terminal_app.core import visit as visits
from terminal_app.core import visit_events as events
from terminal_app.core.call_notes import CardPrinted
from terminal_app.core.state import Surroundings, call_context, terminal_state
from terminal_app.core.tasks import task as tasks
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.media_messages import PhotoHint
from terminal_app.ipc.messages import Availability, Notice, Screen
from terminal_app.ui import theme
from terminal_app.ui.presenters.chrome import ChromePresenter
from terminal_app.ui.router import ROUTES
from tests.unit.payment.till_world import TillWorld

sys.path.append(str(Path(__file__).parents[1] / "ui"))
from page_states import ACCOUNTS, CONTEXT, DETAILS, HISTORY, METERS, ONE_METER
from service_answers import answers

UI = Path(theme.__file__).parent
KEYS = tuple(sorted({key for path in UI.rglob("*.kv") for key in re.findall(r'key: "([a-z0-9_]+)"', path.read_text())}))
DIGITS = tuple(f"digit_{digit}" for digit in range(10))
ONWARD = (
    "next",
    "yes",
    "pay",
    "cash",
    "unseen",
    "send",
    "several",
    "receipt",
    "pick",
    "another",
)  # what leads on, on most screens
OF_CALL = (ipc.StartCall, ipc.ChooseWay, ipc.HangUp, ipc.OpenPane, ipc.WriteNote, ipc.AnswerCard, ipc.PrintCard)
NOTES = (50_00, 100_00, 500_00, 1_000_00, 5_000_00)
LEAVING_S_MAX = 2_000.0  # longer than any patience of a screen nobody touches
VISITS_OF_A_JOURNAL = 40  # then its books are judged, and another one begins


class Monkey:
    """One terminal and one random customer after another. `run` does so many acts; all of it follows from the seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.now_s = 10_000.0
        self.acts = self.visits = 0
        self.screens: set[str] = set()
        self._new_journal()
        self.visit, self.call = Visit(), calls.Call(linked=True, media_ready=True)
        self.able = replace_struct(CONTEXT.availability, card=False)
        self.waiting: list[events.Effect] = []  # questions of the visit that nobody has answered yet
        self.asked: list[office.TerminalToServer] = []
        self.chrome = ChromePresenter(theme.brand)
        self.presenter: Any = None
        self.shown: tuple[Screen, str] | None = None
        self.kept_minor = 0  # by the validator, over all journals

    def run(self, acts: int) -> None:
        """Raises AssertionError, or what the code under test raises, with the act it happened at."""
        for _ in range(acts):
            self.acts += 1
            self._act()
            if self.acts % 500 == 0:
                self._everyone_leaves()

    # --- acts ---------------------------------------------------------------------------------------------------------

    def _act(self) -> None:
        act = self.dice.choices(
            (self._touch, self._answer, self._device, self._time, self._office, self._weather), (70, 14, 7, 5, 3, 1)
        )[0]
        act()

    def _touch(self) -> None:
        state = self.state()
        if self.shown != (state.screen, page_name(state)):
            self.shown = (state.screen, page_name(state))
            self.presenter = ROUTES[state.screen][0](state)
            self.chrome.screen_changed()
        presenter = self.presenter
        view = presenter.view(state)
        self.screens.add(page_name(state) or state.screen.value)
        keys = list(dict.fromkeys(keys_of(view)))
        wild = self.dice.random()
        if wild < 0.03:
            command = self.chrome.press(self.dice.choice(KEYS), state)
        else:
            meant = self.dice.choice(keys) if keys and wild < 0.5 else self.dice.choice((*ONWARD, *DIGITS))
            command = presenter.press(meant if wild < 0.9 else self.dice.choice(KEYS), state)
        self._pressed(command)

    def _pressed(self, command: ipc.UiToCore | None) -> None:
        """As core's process hands it on."""
        if command is None:
            return
        both = isinstance(command, (ipc.GoBack, ipc.GoHome, ipc.Dismiss)) and self.call.screen is not None
        if isinstance(command, OF_CALL) or both:
            context = call_context(self.visit, "")
            self._call(calls.Press(command, request_id=f"r{self.acts}", context=context))
        elif self.call.screen is None or isinstance(command, ipc.ChooseModes):
            self._visit(command)

    def _answer(self) -> None:
        if self.waiting:
            effect = self.waiting.pop(self.dice.randrange(len(self.waiting)))
            self._visit(self._answer_to(effect))
        elif self.world.requests and self.dice.random() < 0.5:
            request = self.dice.choice(self.world.requests)
            outcome = self.dice.choice((PayOutcome.CREDITED, PayOutcome.CREDITED, *PayOutcome))
            self.cashier.on_event(PayAnswered(request.txn_id, outcome, "77"))
        elif self.world.receipts:
            txn_id = self.dice.choice(self.world.receipts).txn_id
            self.cashier.on_event(
                self.dice.choice((ReceiptPrinted(txn_id), ReceiptNotPrinted(txn_id, may_be_on_paper=False)))
            )
        self._follow_money()

    def _answer_to(self, effect: events.Effect) -> events.Event:
        choose = self.dice.choice
        match effect:
            case events.FindAccount(account=account):
                found = events.AccountFound(structs.replace(CONTEXT.account, account=account or "1"))
                return choose((found, found, found, events.AccountMissing(), events.AccountsUnreachable()))
            case events.AskDetails() | events.AskByBill():
                accepted = events.AttributeAccepted(CONTEXT.balance)
                return choose((accepted, accepted, events.AttributeRefused(), events.AccountsUnreachable()))
            case events.DoForTask(asked=asked, question=question):
                return events.TaskTold(asked, choose(list(self._told(question))))
            case _:
                raise AssertionError(f"nobody answers {effect}")

    def _told(self, question: tasks.Asking) -> Iterator[tasks.Event]:
        yield tasks.Silence()
        match question:
            case tasks.AskOffice(request=request):
                yield from (tasks.Told(answer) for answer in answers(request))
            case tasks.AskHistory():
                yield from (tasks.BillingTold(None), tasks.BillingTold(HISTORY))
            case tasks.AskMeters():
                yield from (tasks.BillingTold(None), tasks.BillingTold(METERS), tasks.BillingTold(ONE_METER))
            case tasks.AskOfPhone():
                bound = (AccountsOfPhone(()), AccountsOfPhone(ACCOUNTS[:1]), AccountsOfPhone(ACCOUNTS))
                yield from (tasks.BillingTold(answer) for answer in bound)
            case tasks.AskByPhone():
                yield from (tasks.BillingTold(None), tasks.BillingTold(DETAILS))
            case tasks.PrintPairs():
                yield from (tasks.Printed(True), tasks.Printed(False))
            case tasks.TakePhoto():
                yield tasks.Photographed(f"photo-{self.acts}", "0" * 64, 1000, b"")
            case _:
                yield tasks.Stored()

    def _device(self) -> None:
        """A note by a hand that does not ask, or the validator comes and goes."""
        if self.dice.random() < 0.1:
            self.cashier.on_event(AcceptorChanged(ready=self.dice.random() < 0.7))
        elif self._validator_open():
            value_minor = self.dice.choice(NOTES)
            self.cashier.on_event(NoteMoving(True))
            self.cashier.on_event(NoteEscrowed(value_minor))
            verb = next(verb for verb in reversed(self.world.log) if verb in ("STACK", "RETURN"))
            ended = NoteStacked if verb == "STACK" else NoteReturned
            if ended is NoteStacked:
                self.stacked_minor += value_minor
            self.cashier.on_event(ended(value_minor))
            self.cashier.on_event(NoteMoving(False))
        self._follow_money()

    def _validator_open(self) -> bool:
        told = [verb for verb in self.world.log[-200:] if verb in ("ENABLE", "DISABLE")]
        return bool(told) and told[-1] == "ENABLE" and self.cashier.snapshot.phase is CashPhase.ACCEPTING

    def _time(self) -> None:
        self._pass(self.dice.choice((0.25, 0.25, 1.0, 5.0, 20.0, 45.0)))

    def _pass(self, seconds: float) -> None:
        self.now_s += seconds
        self.world.now_s = self.now_s
        self._call(calls.CallTick(self.visit.modes.patience))
        self._visit(ipc.CustomerActive() if self.call.screen is not None else events.Tick())
        self.cashier.on_time(self.world.now())
        self._follow_money()

    def _office(self) -> None:
        """What the office may say to the last request, or to none."""
        call_id, request_id = self.call.call_id or "c1", self.call.request_id
        said: tuple[calls.Event, ...] = (
            office.CallQueued(request_id, f"c{self.acts}", 3, 30, 90),
            office.CallAccepted(
                call_id, office.Plate("Энергосбыт", "Белова", "Анна", "", "Консультант"), [], self.call.media_epoch + 1
            ),
            office.CallEnded(call_id, self.dice.choice(list(office.CallEndReason))),
            office.CallRefused(request_id, self.dice.choice(list(office.CallRefusal))),
            office.CaseRegistered(call_id, "26-000001", "23.11.2026", "Вопрос по счёту"),
            CardPrinted(
                self.dice.choice((self.call.notes.card_id, call_end.SLIP)), self.dice.random() < 0.5, f"w{self.acts}"
            ),
        )
        talks = self.call.screen is Screen.CALL_LIVE and self.dice.random() < 0.7
        self._call(self._written(call_id) if talks else self.dice.choice(said))

    def _written(self, call_id: str) -> CallNote:
        """Words or a card of the agent, now and then one that is known already."""
        kind = self.dice.choice(list(CardKind))
        options = ["Дома", "В подъезде"] if kind is CardKind.QUESTION and self.dice.random() < 0.5 else []
        step = {"step": 1, "steps": 2} if kind is CardKind.STEP else {}
        paid = {"amount_minor": 1_500_00} if kind is CardKind.PAYMENT else {}
        card = Card(kind, options=options, **step, **paid) if self.dice.random() < 0.8 else None
        return CallNote(call_id, f"a{self.dice.randrange(40)}", NoteAuthor.AGENT, "Проверим счётчик", card=card)

    def _weather(self) -> None:
        """Lines, devices and media come and go; the power ends."""
        choose = self.dice.choice
        name = choose(("cash", "printer", "camera", "card_reader", "sound", "billing", "server"))
        self.able = replace_struct(self.able, **{name: choose((True, True, False))})
        self._call(choose((calls.LinkChanged(choose((True, False))), calls.MediaChanged(choose((True, False))))))
        bill = choose((events.BillRead("040123456", 500_00), events.BillRefused(Notice.QR_NOT_A_BILL)))
        told = (
            events.ScanFailed(),
            bill,
            events.CodeScanned(bill),
            events.CardHeld(choose(("", "04a1b2c3d4e580"))),
            events.PowerEnding(),
            events.PhotoGuided(PhotoHint.NONE),
        )
        self._visit(choose(told))

    # --- what core's process does -------------------------------------------------------------------------------------

    def _visit(self, event: events.Event) -> None:
        context = replace(CONTEXT, availability=self.able, account=None, balance=None, fresh_id=f"id-{self.acts}")
        rules = VisitRules(cash=self.able.cash, context=context)
        before = self.visit
        self.visit, effects = visits.step(before, event, rules, self.now_s)
        for effect in effects:
            self._do(effect)
        if self.visit.screen is Screen.ATTRACT and before.screen is not Screen.ATTRACT:
            self.visits += 1
            self.waiting.clear()
            if self.visits % VISITS_OF_A_JOURNAL == 0:
                self._judge_money()

    def _do(self, effect: events.Effect) -> None:
        match effect:
            case events.OpenCashIn(order=order):
                self.cashier.open_visit(order)
            case events.PayCash():
                self.cashier.pay()
            case events.PrintSlipCopy():
                self.cashier.print_copy()
            case events.LeaveCashIn():
                self.cashier.leave()
            case events.CloseCashIn():
                self.cashier.close_visit()
            case events.CallConsultant():
                self._pressed(ipc.StartCall())
            case events.SetScanning() | events.SetPhoto() | events.CancelCard():
                pass
            case _:
                self.waiting.append(effect)
        self._follow_money()

    def _call(self, event: calls.Event) -> None:
        was = self.call.screen
        self.call, _ = calls.step(self.call, event, self.now_s)
        if (was is None) != (self.call.screen is None):
            (self.cashier.pause if self.call.screen is not None else self.cashier.resume)()
            self._follow_money()

    def _follow_money(self) -> None:
        while self.world.told:
            self.snapshot = self.world.told.pop(0)
            self._visit(events.CashChanged(self.snapshot))

    def state(self) -> ipc.TerminalState:
        around = Surroundings(self.able, Contacts(), "Терминал 17", self.world.settings, receipt_sent=True)
        return terminal_state(self.visit, self.call, self.snapshot, around)

    # --- judgements ---------------------------------------------------------------------------------------------------

    def _everyone_leaves(self) -> None:
        """Nobody touches any more, everything answers: the first screen comes back, wherever it was."""
        gone_at_s = self.now_s + LEAVING_S_MAX
        self._call(calls.LinkChanged(False))
        self.cashier.on_event(AcceptorChanged(ready=True))
        while self.state().screen is not Screen.ATTRACT:
            assert self.now_s < gone_at_s, f"nobody can leave {self.state().screen} {page_name(self.state())}"
            for effect in [*self.waiting]:
                self.waiting.remove(effect)
                self._visit(self._answer_to(effect))
            for request in [*self.world.requests]:
                self.cashier.on_event(PayAnswered(request.txn_id, PayOutcome.CREDITED, "77"))
            for receipt in [*self.world.receipts]:
                self.cashier.on_event(ReceiptPrinted(receipt.txn_id))
            self._pass(5.0)
        self._call(calls.LinkChanged(True))
        self._judge_money()

    def _judge_money(self) -> None:
        """The journal adds up, and holds every note that the validator has kept."""
        books = Books((record.kind, record.data) for record in self.world.records)
        assert books.faults() == [], books.faults()
        kept_minor = sum(r.data["value_minor"] for r in self.world.records if r.kind == "stacked")
        assert kept_minor == self.stacked_minor, (kept_minor, self.stacked_minor)
        if self.snapshot.phase is CashPhase.IDLE and self.cashier.books()[Place.ESCROW] == 0:
            self.kept_minor += self.stacked_minor
            self._new_journal()

    def _new_journal(self) -> None:
        self.world = TillWorld(CashSettings(terminal_id="17"), now_s=self.now_s)
        self.snapshot = CashInSnapshot()
        self.stacked_minor = 0
        self.cashier = self.world.cashier()
        self.world.told.clear()
        self.snapshot = self.cashier.snapshot


def replace_struct(able: Availability, **changes: object) -> Availability:
    return structs.replace(able, **changes)


def page_name(state: ipc.TerminalState) -> str:
    return state.page.name if state.page is not None else ""


def keys_of(view: Any) -> Iterator[str]:
    """Every key of whatever the view shows."""
    if isinstance(view, tuple):
        for part in view:
            yield from keys_of(part)
    elif is_dataclass(view):
        for field in fields(view):
            value = getattr(view, field.name)
            if field.name == "key" and isinstance(value, str) and value:
                yield value
            elif isinstance(value, tuple) or is_dataclass(value):
                yield from keys_of(value)
