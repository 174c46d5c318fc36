"""«Все услуги»: what this terminal does for a customer, and the entry of organisations. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from terminal_app.core.tasks.task import Call, Chosen, Context, Event, GoTo, Step
from terminal_app.ipc.offer import Offer, Opening
from terminal_app.ipc.pages import Choice, Page, PageKind, Phrase

CONSULTANT = "consultant"
CHOICES_MAX = 10  # on one glass
# In the order of how often they are asked for; names of registry.py, and `pay`, which the visit does itself. A menu
# fits on one glass of the usual letters: what belongs together stands behind one tile.
HOUSEHOLDS = (
    "pay",
    "readings",
    "not_credited",
    "knowledge",
    "written",
    "office",
    "informing",
    "commercial",
    "account_site",
    "standard",
)
ORGANISATIONS = ("knowledge", "written", "office", "account_site", "standard")
OFFICE = ("booking", "check_in", "new_client", "site_visit", "places", "booking_cancel")


@dataclass(frozen=True, slots=True)
class Menu:
    name: str
    services: tuple[str, ...]

    def page(self, context: Context) -> Page:
        offer = context.availability.offer
        choices = [_choice(service, offer) for service in self.services if service not in offer.left_out]
        consultant = [Choice(CONSULTANT)] if len(choices) < CHOICES_MAX else []  # he stands under every screen too
        return Page(self.name, PageKind.LIST, choices=[*choices, *consultant])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="consultant"):
                return self, [Call()]
            case Chosen(key=key) if key in self.services and context.availability.offer.serves(key):
                return self, [GoTo(key)]
            case _:
                return self, []


def _choice(service: str, offer: Offer) -> Choice:
    """One that is closed now says when it opens."""
    closed = offer.closed_service(service)
    return Choice(service) if closed is None else Choice(service, hint=opens_phrase(closed.opens), enabled=False)


def opens_phrase(opens: Opening | None) -> Phrase:
    if opens is None:
        return Phrase("closed.now")
    day = ("closed.today", "closed.tomorrow")[opens.in_days] if opens.in_days < 2 else "closed.date"
    return Phrase(day, {"time": opens.time, "date": opens.date})


def menu(name: str, services: tuple[str, ...]) -> Callable[[Context], Step]:
    """How a menu begins."""
    return lambda context: (Menu(name, services), [])
