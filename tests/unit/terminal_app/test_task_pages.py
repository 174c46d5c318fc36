"""Every page that a service can show has words in every language. Pages are found by trying everything.

The office answers with its own shipped texts, its places and a few made-up bookings (tests/ui/service_answers.py).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from payment.billing.account_values import AccountsOfPhone
from signaling_server.contract.notes import Drawing
from terminal_app.core.tasks import registry
from terminal_app.core.tasks.task import (
    BACK,
    AskByPhone,
    AskHistory,
    Asking,
    AskMeters,
    AskOffice,
    AskOfPhone,
    BillingTold,
    Chosen,
    Context,
    Drawn,
    Entered,
    Event,
    GoTo,
    KeepCase,
    Photographed,
    Printed,
    Silence,
    Stored,
    Told,
)
from terminal_app.core.visit_tasks import ACCOUNT, PAGE_SCREENS, PAY
from terminal_app.ipc.messages import TerminalState
from terminal_app.ipc.pages import EntryKind, Page, PageKind
from terminal_app.ui import locale
from terminal_app.ui.locale import CATALOGUES
from terminal_app.ui.router import ROUTES

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import ACCOUNTS, CONTEXT, DETAILS, HISTORY, METERS, ONE_METER
from service_answers import FILED, NO_CONTACT, answers

FEW_TOPICS = replace(CONTEXT, facts=replace(CONTEXT.facts, topics=CONTEXT.facts.topics[:2]))
STATES_MAX = 3_000
DRAWING = Drawing(400, [[0, 0, 1000, 400]])
# Of many answers that lead on alike: who sees the same page is not followed twice.
BY_PAGE = {"written", "new_client", "message", "call_back", "not_credited", "case_status"}
TYPED = {
    EntryKind.TEXT: ["слово", "7"],
    EntryKind.LONG_TEXT: ["Прошу проверить счётчик."],
    EntryKind.NAME: ["Иванова Анна"],
    EntryKind.PHONE: ["9210000000", "12"],
    EntryKind.EMAIL: ["a@example.ru", "a"],
    EntryKind.DIGITS: ["1", "123456"],
}


def reachable(service: str, context: Context):
    """Pages of a service by everything that can be pressed and by every answer."""
    first, effects = registry.SERVICES[service].begin(context)
    waiting, known = [(first, effects)], []
    while waiting:
        task, effects = waiting.pop()
        assert len(known) < STATES_MAX, f"{service} has no end"
        page = task.page(context)
        yield page, effects
        for event in events(page, effects):
            step = task.step(event, context)
            mark = (step[0].page(context), step[1]) if service in BY_PAGE else step
            if mark not in known:
                known.append(mark)
                waiting.append(step)


def events(page: Page, effects) -> list[Event]:
    if any(isinstance(effect, Asking) for effect in effects):
        told = [Told(one) for effect in effects if isinstance(effect, AskOffice) for one in answers(effect.request)]
        told += [BillingTold(one) for effect in effects if isinstance(effect, AskHistory) for one in (None, HISTORY)]
        told += [
            BillingTold(one) for effect in effects if isinstance(effect, AskMeters) for one in (None, ONE_METER, METERS)
        ]
        told += [
            BillingTold(one)
            for effect in effects
            if isinstance(effect, AskOfPhone)
            for one in (AccountsOfPhone(()), AccountsOfPhone(ACCOUNTS[:1]), AccountsOfPhone(ACCOUNTS))
        ]
        told += [BillingTold(one) for effect in effects if isinstance(effect, AskByPhone) for one in (None, DETAILS)]
        told += [Told(one) for effect in effects if isinstance(effect, KeepCase) for one in (FILED, NO_CONTACT)]
        return [*told, Silence(), Stored(), Printed(True), Printed(False), Photographed("photo-1", "0" * 64, 1000, b"")]
    drawn = [Drawn(DRAWING)] if page.kind is PageKind.PAD else []
    typed = [Entered(text) for text in TYPED[page.entry.kind]] if page.entry else []
    return drawn + typed + [Chosen(key) for key in unlike(choice.key for choice in page.choices if choice.enabled)]


def unlike(keys: Iterable[str]) -> list[str]:
    """Of choices that are numbered (topics, days, times) two: the others lead to pages of the same words."""
    kinds: dict[str, list[str]] = {}
    for key in keys:
        kinds.setdefault(key.rstrip("0123456789"), []).append(key)
    return [key for same in kinds.values() for key in dict.fromkeys((same[0], same[-1]))]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("language", sorted({key[0] for key in CATALOGUES}))
@pytest.mark.parametrize("service", registry.SERVICES)
def test_every_page_of_a_service_has_its_words(service, language, plain):
    locale.use(language, plain=plain)
    try:
        for page, _ in reachable(service, FEW_TOPICS):
            state = TerminalState(0, PAGE_SCREENS[page.kind], CONTEXT.availability, page=page)
            presenter = ROUTES[state.screen][0](state)
            assert presenter.view(state).title
            for choice in page.choices:
                presenter.press(f"choose_{choice.key}", state)
    finally:
        locale.use(next(iter(CATALOGUES))[0], plain=False)


@pytest.mark.parametrize("service", registry.SERVICES)
def test_a_service_leads_only_to_services_that_there_are(service):
    for _, effects in reachable(service, FEW_TOPICS):
        for effect in effects:
            if isinstance(effect, GoTo):
                assert effect.service in {*registry.SERVICES, PAY, ACCOUNT, BACK}
