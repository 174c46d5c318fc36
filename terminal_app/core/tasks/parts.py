"""What is due on an account, to choose one thing of it; how much is asked where every sum is asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from payment.money import rubles
from terminal_app.core.tasks.task import Chosen, Context, Event, PickPart, Step
from terminal_app.ipc.orders import DueView
from terminal_app.ipc.pages import Choice, Page, PageKind, Phrase


@dataclass(frozen=True, slots=True)
class Parts:
    def page(self, context: Context) -> Page:
        choices = [
            Choice(f"due_{number}", Phrase(text=due.title), Phrase(text=rubles(due.amount_minor)))
            for number, due in enumerate(_dues(context))
        ]
        return Page("parts", PageKind.LIST, choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        if not isinstance(event, Chosen):
            return self, []
        picked = [due for number, due in enumerate(_dues(context)) if event.key == f"due_{number}"]
        return self, [PickPart(due.service) for due in picked]


def _dues(context: Context) -> list[DueView]:
    return context.balance.dues if context.balance is not None else []


def begin(context: Context) -> Step:
    return Parts(), []
