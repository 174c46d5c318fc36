"""A service of the terminal within a visit: its beginning, its way back, its waiting. Pure.

The tasks themselves (`core/tasks/`) know none of this. The way back is the tasks as they were: values cost nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace

from msgspec import structs

from signaling_server.contract.cases import Segment
from signaling_server.contract.notes import is_whole
from terminal_app.core.basket import PUT_TOGETHER
from terminal_app.core.tasks import registry, survey
from terminal_app.core.tasks import task as tasks
from terminal_app.core.tasks.asked import Stopped
from terminal_app.core.tasks.task import Asking, Context, Need
from terminal_app.core.visit_events import CallConsultant, DoForTask, Effect, FindAccount, TaskTold
from terminal_app.core.visit_values import Step, TaskStay, Visit, VisitRules
from terminal_app.ipc.messages import Notice, Screen
from terminal_app.ipc.pages import NOTHING, Choice, Choose, Draw, Enter, EntryKind, Page, PageKind, Phrase
from terminal_app.ipc.reading import Heard

PAGE_SCREENS = {
    PageKind.LIST: Screen.PAGE_LIST,
    PageKind.TEXT: Screen.PAGE_TEXT,
    PageKind.ENTRY: Screen.PAGE_ENTRY,
    PageKind.SUMMARY: Screen.PAGE_SUMMARY,
    PageKind.PHOTO: Screen.PAGE_PHOTO,
    PageKind.PAD: Screen.PAGE_PAD,
}
ON_PAGE = frozenset(PAGE_SCREENS.values())
_OPENS_FROM = frozenset({Screen.ATTRACT, Screen.BALANCE, Screen.RECEIPT, *ON_PAGE})
_NO_MONEY_YET = frozenset({Screen.ACCOUNT_ENTRY, Screen.SECOND_ATTRIBUTE})  # a call may have begun there
CARD = "by_card"
ACCOUNT = "account"  # the question whose account it is
PAY = "pay"  # «узнать баланс и оплатить» is no task: the visit itself does it
MENU, ORGANISATIONS = "menu", "organisations"
SURVEY, CALL_SURVEY = "survey", "survey_call"  # a customer is asked once
MESSAGE = "message"  # instead of a call that nobody takes
_FROM = {
    MESSAGE: _OPENS_FROM | _NO_MONEY_YET,
    "call_back": _OPENS_FROM | _NO_MONEY_YET,
    CALL_SURVEY: _OPENS_FROM - {Screen.RECEIPT},
    "receipt_contact": PUT_TOGETHER,
    "parts": PUT_TOGETHER,
}
KNOWN_PHONE = "known_phone"
_PHONE = re.compile(r"\+7[0-9]{10}")
PAST_MAX = 40  # steps back that are kept; nobody goes further


def open_service(visit: Visit, service: str, rules: VisitRules) -> Step:
    """From a screen that offers it; first the account, where the service needs one."""
    if service == MENU and visit.segment is not Segment.B2C:
        service = ORGANISATIONS
    if service in registry.IDENTIFYING:
        return _identifying(visit, service, rules)
    if service == CALL_SURVEY and (visit.surveyed or survey.CALL not in rules.context.surveys):
        return visit, []  # he was asked already, or no campaign runs
    entry = registry.SERVICES.get(service)
    if entry is None or visit.busy or not opens_here(visit, service):
        return visit, []
    if entry.need is not Need.NOBODY and visit.account is None:
        return replace(visit, screen=Screen.ACCOUNT_ENTRY, purpose=service), []
    if entry.need is Need.IDENTIFIED and visit.balance is None:
        left = visit.attempts_left or rules.attribute_attempts_max
        return replace(visit, screen=Screen.SECOND_ATTRIBUTE, purpose=service, attempts_left=left), []
    return begin(visit, service, rules)


def opens_here(visit: Visit, service: str) -> bool:
    """Whether the service can be opened from where the customer stands."""
    return visit.screen in _FROM.get(service, _OPENS_FROM)


def _identifying(visit: Visit, service: str, rules: VisitRules) -> Step:
    """Another way to be known than by a number: what the customer came for waits under it."""
    if visit.screen is not Screen.ACCOUNT_ENTRY or visit.busy:
        return visit, []
    task, effects = registry.SERVICES[service].begin(context_of(visit, rules))
    under = visit.stay
    asked = under.asked if under is not None else 0
    stay = TaskStay(service, task, task, origin=Screen.ACCOUNT_ENTRY, under=under, asked=asked)
    return _after(replace(visit, stay=stay, page=None, input_error=Notice.NONE), effects, rules)


def _identified(visit: Visit, known: tasks.Identified, rules: VisitRules) -> Step:
    """Nothing of the way is left, the phone least of all: there is nothing to go back to."""
    under = _under(visit.stay) if visit.purpose else None
    visit = replace(visit, account=known.account, balance=known.balance, account_typed="", by_bill=False)
    visit = replace(visit, screen=Screen.BALANCE, stay=under, page=None, busy=False)
    return begin(visit, visit.purpose, rules) if visit.purpose else (visit, [])


def _under(stay: TaskStay | None) -> TaskStay | None:
    """What waits; questions are counted on, so that no answer to the way that was left is taken for its own."""
    if stay is None or stay.under is None:
        return None
    return replace(stay.under, asked=stay.asked)


def begin(visit: Visit, service: str, rules: VisitRules) -> Step:
    """Everything it needs is known."""
    visit = _segment(visit, service)
    stay = visit.stay
    past = (*stay.past, (stay.service, stay.resting))[-PAST_MAX:] if stay is not None else ()
    origin = stay.origin if stay is not None else _origin(visit)
    task, effects = registry.SERVICES[service].begin(context_of(visit, rules))
    begun = TaskStay(service, task, task, past, origin=origin, asked=stay.asked if stay is not None else 0)
    surveyed = visit.surveyed or service in (SURVEY, CALL_SURVEY)
    return _after(replace(visit, purpose="", stay=begun, busy=False, surveyed=surveyed), effects, rules)


def _segment(visit: Visit, service: str) -> Visit:
    """Who comes through the entry of organisations is one, wherever he goes then."""
    return replace(visit, segment=Segment.B2B) if service == ORGANISATIONS else visit


def serves_purpose(visit: Visit, need: Need) -> bool:
    """Whether the service that the customer came for can begin with what is known now."""
    return bool(visit.purpose) and registry.SERVICES[visit.purpose].need is need


def pressed(visit: Visit, press: Choose | Enter | Draw | Heard, rules: VisitRules) -> Step:
    """A press on the present page. One that was meant for another page means nothing."""
    stay, page = visit.stay, visit.page
    if stay is None or page is None or visit.busy or visit.screen not in ON_PAGE or press.page != page.name:
        return visit, []
    if isinstance(press, Choose):
        if press.key == KNOWN_PHONE and _offers_phone(visit, page):
            return _step(visit, stay, tasks.Entered(visit.phone), rules)
        if not any(choice.key == press.key and choice.enabled for choice in page.choices):
            return visit, []
        return _step(visit, stay, tasks.Chosen(press.key), rules)
    if isinstance(press, Draw):
        drawn = page.kind is PageKind.PAD and is_whole(press.drawing)
        return _step(visit, stay, tasks.Drawn(press.drawing), rules) if drawn else (visit, [])
    if isinstance(press, Heard):
        listening = page.aloud is not None
        return _step(visit, stay, tasks.HeardTo(press.sentences, press.failed), rules) if listening else (visit, [])
    if page.entry is None:
        return visit, []
    typed = press.text.strip()[: page.entry.length_max]
    if page.entry.kind is EntryKind.PHONE and _PHONE.fullmatch(typed):
        visit = replace(visit, phone=typed)
    stay = replace(stay, drafts=(*(kept for kept in stay.drafts if kept[0] != page.name), (page.name, typed)))
    return _step(visit, stay, tasks.Entered(typed), rules)


def told(visit: Visit, event: TaskTold, rules: VisitRules) -> Step:
    """The answer to the last question of the present task; any other comes too late."""
    stay = visit.stay
    if stay is None or not visit.busy or event.asked != stay.asked:
        return visit, []
    return _step(replace(visit, busy=False), stay, event.event, rules)


def held(visit: Visit, card: str, rules: VisitRules) -> Step:
    """A card, to the service that waits for one."""
    if visit.stay is None or visit.busy or visit.stay.service != CARD:
        return visit, []
    return _step(visit, visit.stay, tasks.Held(card), rules)


def back(visit: Visit, rules: VisitRules) -> Step:
    """«Назад»: the page before, at last the screen that the service was opened from."""
    stay = visit.stay
    if stay is None or visit.busy or visit.page is None or not visit.page.back:
        return visit, []
    if not stay.past:
        return _left(visit, stay), []
    *earlier, (service, task) = stay.past
    return _shown(
        replace(visit, stay=replace(stay, service=service, task=task, resting=task, past=tuple(earlier))), rules
    )


def _left(visit: Visit, stay: TaskStay) -> Visit:
    return replace(visit, stay=_under(stay), page=None, busy=False, screen=stay.origin)


def resumed(visit: Visit, stay: TaskStay, rules: VisitRules) -> Visit:
    """Back from the question whose account it is: the page that was left, and nobody known."""
    shown, _ = _shown(replace(visit, stay=replace(stay, task=stay.resting)), rules)
    return shown


def refreshed(visit: Visit, rules: VisitRules) -> Visit:
    """The present page with what is true now."""
    if visit.stay is None or visit.screen not in ON_PAGE:
        return visit
    shown, _ = _shown(visit, rules)
    return shown


def context_of(visit: Visit, rules: VisitRules) -> Context:
    account, balance = visit.account, visit.balance
    known = replace(rules.context, account=account, balance=balance, segment=visit.segment, surveyed=visit.surveyed)
    return replace(known, contact=bool(visit.contact), voice=visit.modes.voice)


def _origin(visit: Visit) -> Screen:
    if visit.screen in PUT_TOGETHER:
        return visit.screen
    return Screen.BALANCE if visit.balance is not None else Screen.ATTRACT


def _step(visit: Visit, stay: TaskStay, event: tasks.Event, rules: VisitRules) -> Step:
    task, effects = stay.task.step(event, context_of(visit, rules))
    stay = replace(stay, task=task)
    after = replace(visit, stay=stay)
    for effect in effects:
        match effect:
            case tasks.Identified():
                return _identified(after, effect, rules)
            case tasks.KeepContact(contact=contact):
                return replace(_left(after, stay), contact=contact), []
            case tasks.PickPart(service=service):
                return replace(_left(after, stay), screen=Screen.AMOUNT, part=service), []
            case tasks.AccountNamed(account=account):
                asked = replace(_left(after, stay), busy=True, account_typed=account, by_bill=False)
                return asked, [FindAccount(account)]
            case tasks.GoTo(service=service):
                return _go_to(after, service, rules)
    return _after(after, effects, rules)


def _after(visit: Visit, effects: list[tasks.Effect], rules: VisitRules) -> Step:
    """What the task asked for, under the number of the question. One question at a time."""
    stay = visit.stay
    assert stay is not None
    asked: list[Asking] = [effect for effect in effects if isinstance(effect, Asking)]
    done: list[Effect] = [CallConsultant() for effect in effects if isinstance(effect, tasks.Call)]
    if asked:
        stay = replace(stay, asked=stay.asked + 1)
        done += [DoForTask(stay.asked, effect) for effect in asked]
    shown, _ = _shown(replace(visit, stay=stay, busy=bool(asked)), rules)
    return shown, done


def _shown(visit: Visit, rules: VisitRules) -> Step:
    """The page of the present task; one with another name leaves the one before as the way back."""
    stay = visit.stay
    assert stay is not None
    page = stay.task.page(context_of(visit, rules))
    if page.entry is not None and not page.entry.draft:
        typed = dict(stay.drafts).get(page.name, "")
        page = structs.replace(page, entry=structs.replace(page.entry, draft=typed))
    if _offers_phone(visit, page):
        masked = {"tail": f"{visit.phone[-4:-2]}-{visit.phone[-2:]}"}
        known_phone = Choice(KNOWN_PHONE, Phrase("page.known_phone", masked))
        page = structs.replace(page, choices=[known_phone, *page.choices])
    known = visit.page
    if not (visit.busy and known is not None and known.name == page.name):
        stay = _rested(stay, known, page)
    return replace(visit, stay=stay, page=page, screen=PAGE_SCREENS[page.kind]), []


def _offers_phone(visit: Visit, page: Page) -> bool:
    """He has typed one in this visit; not where he has just typed it, or where it was refused."""
    entry = page.entry
    asks = entry is not None and entry.kind is EntryKind.PHONE and not entry.draft and entry.error == NOTHING
    return asks and bool(visit.phone)


def _rested(stay: TaskStay, known: Page | None, page: Page) -> TaskStay:
    came_on = known is not None and known.name != page.name and stay.resting is not stay.task
    if came_on and known is not None and known.back:
        stay = replace(stay, past=(*stay.past, (stay.service, stay.resting))[-PAST_MAX:])
    return replace(stay, resting=stay.task)


def _go_to(visit: Visit, service: str, rules: VisitRules) -> Step:
    """To another service, whose own way back leads here; or to the money, where services are over."""
    if service == tasks.BACK and visit.stay is not None:
        return _returned(visit, visit.stay, rules), []
    if service == ACCOUNT and visit.stay is not None:
        return _left(visit, visit.stay), []
    if visit.stay is not None and _closed(visit, service, rules):
        closed = Stopped("closed", Phrase("closed.sentence"))
        return _shown(replace(visit, stay=replace(visit.stay, task=closed), busy=False), rules)
    if service == PAY and visit.balance is not None:
        return replace(visit, stay=None, page=None, screen=Screen.BALANCE), []
    if service == PAY:
        return replace(visit, stay=None, page=None, account=None, screen=Screen.ACCOUNT_ENTRY), []
    shown, _ = _shown(replace(visit, busy=False), rules)
    return open_service(shown, service, rules)


def _closed(visit: Visit, service: str, rules: VisitRules) -> bool:
    """By an inner link nobody comes where the schedule lets nobody begin; what was begun goes on to its end."""
    begun = visit.stay is not None and visit.stay.service == service
    return not begun and service != MENU and not rules.context.availability.offer.serves(service)


def _returned(visit: Visit, stay: TaskStay, rules: VisitRules) -> Visit:
    """The last page of the service before this one, or the screen that this one was opened from."""
    before = [entry for entry in stay.past if entry[0] != stay.service]
    if not before:
        return _left(visit, stay)
    *earlier, (service, task) = before
    earlier_stay = replace(stay, service=service, task=task, resting=task, past=tuple(earlier))
    return _shown(replace(visit, stay=earlier_stay, page=None, busy=False), rules)[0]
