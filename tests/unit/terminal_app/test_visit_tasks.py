"""A service within a visit: opened, led back, waited for, handed over, wiped."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

import pytest
from msgspec import structs

from signaling_server.contract.cases import Segment
from signaling_server.contract.visits import PlacesAsked, PlacesTold
from terminal_app.core import visit as visits
from terminal_app.core import visit_tasks
from terminal_app.core.tasks import registry
from terminal_app.core.tasks import task as tasks
from terminal_app.core.tasks.task import AskOffice, Chosen, Context, Entered, Need, Silence, Told
from terminal_app.core.visit_events import (
    AccountFound,
    AttributeAccepted,
    CallConsultant,
    DoForTask,
    TaskTold,
    Tick,
)
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import (
    AccountView,
    BalanceView,
    ConfirmAccount,
    GoBack,
    GoHome,
    Screen,
    SubmitAccount,
    SubmitSecondAttribute,
)
from terminal_app.ipc.offer import ClosedService, Offer
from terminal_app.ipc.pages import Choice, Choose, Enter, Entry, EntryKind, OpenService, Page, PageKind

ACCOUNT = AccountView("100000017", "И•••••", "г. С•••••")
BALANCE = BalanceView(100_00, "ноябрь 2026", [], "23.11.2026")
PLACES = PlacesTold("-", "", video_open=True, video_changes_at_ms=0, places=[])


@dataclass(frozen=True, slots=True)
class Errand:
    """A service of three pages: a choice, a word, and what the office says to it."""

    stage: str = "first"
    word: str = ""

    def page(self, context: Context) -> Page:
        if self.stage == "word":
            return Page("errand.word", PageKind.ENTRY, entry=Entry(EntryKind.TEXT, length_max=5))
        kind = PageKind.SUMMARY if self.stage == "end" else PageKind.LIST
        return Page(f"errand.{self.stage}", kind, choices=[Choice("on"), Choice("shut", enabled=False)])

    def step(self, event: tasks.Event, context: Context) -> tasks.Step:
        match event, self.stage:
            case Chosen(key="on"), "first":
                return replace(self, stage="word"), []
            case Entered(text=text), "word":
                return replace(self, word=text), [AskOffice(PlacesAsked("-", Segment.B2C))]
            case ((Told() | Silence()), "word"):
                return replace(self, stage="end"), []
            case Chosen(key="on"), "end":
                return self, [tasks.GoTo("errand_of_known")]
            case _:
                return self, []


@pytest.fixture(autouse=True)
def errand(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, need in (
        ("errand", Need.NOBODY),
        ("errand_of_account", Need.ACCOUNT),
        ("errand_of_known", Need.IDENTIFIED),
    ):
        monkeypatch.setitem(registry.SERVICES, name, registry.Service(need, lambda context: (Errand(), [])))


RULES = VisitRules()


def walk(*events, visit: Visit | None = None):
    visit, effects = visit or Visit(), []
    for event in events:
        visit, effects = visits.step(visit, event, RULES, 1.0)
    return visit, effects


FIRST = (OpenService("errand"),)
WORD = (*FIRST, Choose("errand.first", "on"))
ASKED = (*WORD, Enter("errand.word", "  слово дня"))


def test_a_service_opens_on_its_first_page():
    visit, effects = walk(*FIRST)
    assert (visit.screen, visit.page.name, effects) == (Screen.PAGE_LIST, "errand.first", [])


def test_an_unknown_service_opens_nothing():
    assert walk(OpenService("nothing"))[0].screen is Screen.ATTRACT


@pytest.mark.parametrize(
    "press",
    [
        Choose("errand.end", "on"),
        Choose("errand.first", "shut"),
        Choose("errand.first", "away"),
        Enter("errand.first", "x"),
    ],
)
def test_a_press_that_the_page_does_not_offer_means_nothing(press):
    before, _ = walk(*FIRST)
    after, effects = walk(press, visit=before)
    assert (after.stay, after.page, effects) == (before.stay, before.page, [])


def test_what_was_typed_is_cut_to_its_page_and_asked_about_once():
    visit, effects = walk(*ASKED)
    assert visit.busy
    assert visit.stay.task.word == "слово"
    assert [(effect.asked, type(effect.question)) for effect in effects] == [(1, AskOffice)]
    assert isinstance(effects[0], DoForTask)
    assert walk(Enter("errand.word", "ещё"), visit=visit)[1] == []


def test_an_answer_leads_on_and_one_that_comes_late_does_not():
    visit, _ = walk(*ASKED, TaskTold(7, Told(PLACES)))
    assert visit.busy
    assert visit.page.name == "errand.word"
    visit, _ = walk(TaskTold(1, Told(PLACES)), visit=visit)
    assert (visit.busy, visit.page.name) == (False, "errand.end")
    assert walk(TaskTold(1, Silence()), visit=visit)[0].page.name == "errand.end"


def test_back_leads_page_by_page_to_where_the_service_was_opened_and_keeps_what_was_typed():
    visit, _ = walk(*ASKED, TaskTold(1, Told(PLACES)), GoBack())
    assert (visit.page.name, visit.page.entry.draft) == ("errand.word", "слово")
    assert visit.stay.task.word == ""
    visit, _ = walk(GoBack(), visit=visit)
    assert visit.page.name == "errand.first"
    visit, _ = walk(GoBack(), visit=visit)
    assert (visit.screen, visit.stay, visit.page) == (Screen.ATTRACT, None, None)


def test_an_inner_link_leads_to_no_service_that_the_schedule_has_closed(monkeypatch):
    at_end, _ = walk(*ASKED, TaskTold(1, Told(PLACES)))
    shut = Offer(closed=[ClosedService("errand_of_known")])
    able = structs.replace(RULES.context.availability, offer=shut)
    monkeypatch.setattr(sys.modules[__name__], "RULES", VisitRules(context=replace(RULES.context, availability=able)))
    visit, _ = walk(Choose("errand.end", "on"), visit=at_end)
    assert (visit.page.name, visit.account) == ("closed", None)
    assert walk(GoBack(), visit=visit)[0].page.name == "errand.end"
    assert walk(Choose("closed", "menu"), visit=visit)[0].page.name == "menu"


def test_nothing_leads_back_while_an_answer_is_awaited():
    assert walk(*ASKED, GoBack())[0].busy


def test_a_service_of_an_account_asks_for_it_first():
    visit, _ = walk(OpenService("errand_of_account"))
    assert visit.screen is Screen.ACCOUNT_ENTRY
    visit, _ = walk(SubmitAccount("100000017"), AccountFound(ACCOUNT), ConfirmAccount(), visit=visit)
    assert visit.page.name == "errand.first"
    assert visit.account == ACCOUNT


def test_a_service_of_an_identified_customer_asks_for_the_second_attribute_too():
    visit, _ = walk(OpenService("errand_of_known"), SubmitAccount("100000017"), AccountFound(ACCOUNT), ConfirmAccount())
    assert visit.screen is Screen.SECOND_ATTRIBUTE
    visit, _ = walk(SubmitSecondAttribute("4321"), AttributeAccepted(BALANCE), visit=visit)
    assert (visit.page.name, visit.purpose) == ("errand.first", "")
    assert walk(GoBack(), visit=visit)[0].screen is Screen.BALANCE


def test_one_service_leads_to_another_and_back():
    visit, _ = walk(*ASKED, TaskTold(1, Told(PLACES)), Choose("errand.end", "on"))
    assert (visit.screen, visit.purpose) == (Screen.ACCOUNT_ENTRY, "errand_of_known")
    back, _ = walk(GoBack(), visit=visit)
    assert (back.page.name, back.purpose) == ("errand.end", "")
    on, _ = walk(SubmitAccount("100000017"), AccountFound(ACCOUNT), ConfirmAccount(), visit=visit)
    on, _ = walk(SubmitSecondAttribute("4321"), AttributeAccepted(BALANCE), visit=on)
    assert on.page.name == "errand.first"
    assert walk(GoBack(), visit=on)[0].page.name == "errand.end"


def test_the_consultant_is_one_choice_away():
    assert walk(OpenService("organisations"), Choose("organisations", "consultant"))[1] == [CallConsultant()]


def test_the_way_home_wipes_everything():
    assert walk(*ASKED, TaskTold(1, Told(PLACES)), GoHome())[0] == replace(Visit(), active_at_s=1.0, entered_at_s=1.0)


def test_time_passing_shows_what_is_true_now_and_changes_nothing_else():
    visit, _ = walk(*ASKED)
    assert walk(Tick(), visit=visit)[0] == visit


def test_a_customer_is_asked_for_his_opinion_once_a_visit_and_the_next_one_again():
    visit, effects = walk(OpenService("survey"))
    assert isinstance(effects[0], DoForTask)
    assert visit_tasks.context_of(visit, RULES).surveyed
    later, _ = walk(TaskTold(1, Silence()), GoHome(), visit=visit)
    assert not visit_tasks.context_of(later, RULES).surveyed


def test_who_comes_by_the_entry_of_organisations_is_one_and_finds_their_menu_again():
    visit, _ = walk(OpenService("organisations"), Choose("organisations", "office"))
    assert visit.segment is Segment.B2B
    visit, _ = walk(Choose("office", "check_in"), visit=visit)
    assert visits.step(visit, OpenService("menu"), RULES, 1.0)[0].page.name == "organisations"
    assert walk(OpenService("menu"))[0].segment is Segment.B2C
