"""A customer of the pure visit who counts how often he touches the glass."""

from __future__ import annotations

import sys
from pathlib import Path

from payment.billing.account_values import Meters
from terminal_app.core import visit as visits
from terminal_app.core.tasks.task import AskMeters, BillingTold, KeepReadings, Stored
from terminal_app.core.visit_events import AccountFound, DoForTask, FindAccount, TaskTold
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import ConfirmAccount, SubmitAccount
from terminal_app.ipc.pages import Choose, Enter

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT, METERS

ACCOUNT = METERS.account


class Customer:
    """Touches the glass and counts; what is typed into a field is one touch."""

    def __init__(self, *, card: bool = False, qr: bool = False) -> None:
        self.rules = VisitRules(card=card, qr=qr, context=CONTEXT)
        self.visit = Visit()
        self.touches = 0
        self.effects: list[object] = []

    def touch(self, press, touches: int = 1) -> None:
        self.touches += touches
        self.hears(press)

    def hears(self, event) -> None:
        self.visit, self.effects = visits.step(self.visit, event, self.rules, 1.0)

    def types(self, text: str) -> None:
        self.touch(Enter(self.visit.page.name, text), touches=2)  # and «Дальше»

    def asked(self, question: type) -> DoForTask:
        (effect,) = self.effects
        assert isinstance(effect.question, question)
        return effect

    def comes_to_the_meters(self, *opened: object) -> None:
        for press in opened:
            self.touch(press)
        self.touch(SubmitAccount(ACCOUNT), touches=2)
        assert self.effects == [FindAccount(ACCOUNT)]
        self.hears(AccountFound(CONTEXT.account))
        self.touch(ConfirmAccount())
        self.hears(TaskTold(self.asked(AskMeters).asked, BillingTold(Meters(ACCOUNT, METERS.meters[:1]))))

    def gives(self) -> None:
        for text in ("14406", "13185", "17053"):
            self.types(text)
        self.touch(Choose("readings.check", "give"))
        self.hears(TaskTold(self.asked(KeepReadings).asked, Stored()))
        assert self.visit.page.name == "readings.given"
