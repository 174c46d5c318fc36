"""«Все услуги»: what this terminal does for a customer, and the entry of organisations. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.core.tasks.task import Call, Chosen, Context, Event, GoTo, Step
from terminal_app.ipc.pages import Choice, Page, PageKind

CONSULTANT = "consultant"
# In the order of how often they are asked for; names of registry.py, and `pay`, which the visit does itself.
HOUSEHOLDS = ("pay", "account_site")
ORGANISATIONS = ("account_site",)


@dataclass(frozen=True, slots=True)
class Menu:
    name: str
    services: tuple[str, ...]

    def page(self, context: Context) -> Page:
        choices = [Choice(service) for service in self.services]
        return Page(self.name, PageKind.LIST, choices=[*choices, Choice(CONSULTANT)])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="consultant"):
                return self, [Call()]
            case Chosen(key=key) if key in self.services:
                return self, [GoTo(key)]
            case _:
                return self, []


def begin(context: Context) -> Step:
    return Menu("menu", HOUSEHOLDS), []


def begin_organisations(context: Context) -> Step:
    return Menu("organisations", ORGANISATIONS), []
