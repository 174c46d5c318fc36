"""From any screen a consultant is one touch away and knows where the customer stands; every topic has a way."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from payment.contract import CashInSnapshot, CashSettings
from signaling_server.cases.classifier import OBLIGATORY_GROUPS, TOPICS_PATH
from signaling_server.contract import messages as office
from signaling_server.contract.cases import Segment
from signaling_server.contract.knowledge import ConsentsAsked
from signaling_server.contract.messages import WayToTalk
from terminal_app.contacts import Contacts
from terminal_app.core import call as calls
from terminal_app.core import visit as visits
from terminal_app.core.state import Surroundings, call_context, terminal_state
from terminal_app.core.tasks import written
from terminal_app.core.tasks.task import AskOffice, Chosen, Context, Entered, KeepCase, Told
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.messages import ChooseWay, Screen, StartCall, TerminalState
from terminal_app.ui import theme
from terminal_app.ui.presenters.attract import AttractPresenter
from terminal_app.ui.presenters.chrome import ChromePresenter

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT, PAGES, screen_of
from service_answers import answers

OFFICES = Surroundings(CONTEXT.availability, Contacts(), "", CashSettings(terminal_id="t"))
OF_VISIT = [
    screen
    for screen in Screen
    if not screen.startswith(("call_", "page_", "service_")) and screen is not Screen.OUT_OF_SERVICE
]
ANYWHERE = [
    *(pytest.param(Visit(screen=screen), screen.value, id=screen.value) for screen in OF_VISIT),
    *(pytest.param(Visit(screen=screen_of(page), page=page), page.name, id=name) for name, page in PAGES.items()),
]


@pytest.mark.clause("3-АСВК", owner="terminal_app")
@pytest.mark.parametrize(("visit", "where"), ANYWHERE)
def test_one_touch_leads_to_the_question_how_to_talk_and_the_agent_sees_screen_and_account(visit, where):
    visit = replace(visit, account=CONTEXT.account)
    linked, _ = calls.step(calls.Call(), calls.LinkChanged(up=True), 0.0)
    shown = terminal_state(visit, linked, CashInSnapshot(), OFFICES)
    touch = ChromePresenter(theme.brand).press("consultant", shown)
    assert touch == StartCall()
    context = call_context(visit, "")
    asked, _ = calls.step(linked, calls.Press(touch, context=context), 0.0)
    assert terminal_state(visit, asked, CashInSnapshot(), OFFICES).screen is Screen.CALL_WAY
    _, effects = calls.step(asked, calls.Press(ChooseWay(WayToTalk.SPEAK), "r1", context), 0.0)
    (request,) = [effect.message for effect in effects if isinstance(effect, calls.ToOffice)]
    assert isinstance(request, office.CallRequested)
    assert (request.context.screen, request.context.account_masked) == (where, "•••3456")


def called_from(tile: str) -> office.CallContext:
    """What the office is told when he went through this tile of the first screen and then called."""
    first = TerminalState(1, Screen.ATTRACT, CONTEXT.availability)
    press = AttractPresenter(first).press(tile, first)
    assert press is not None
    visit, _ = visits.step(Visit(), press, VisitRules(context=CONTEXT), 1.0)
    assert visit.screen is not Screen.ATTRACT
    return call_context(visit, "")


@pytest.mark.clause("2.3", "7.1.4", owner="terminal_app")
def test_the_entries_of_households_and_organisations_call_as_what_they_are():
    households = {called_from(tile).segment for tile in ("pay", "scan", "readings", "services")}
    assert (households, called_from("organisations").segment) == ({Segment.B2C}, Segment.B2B)
    sent = msgspec.json.encode(office.CallRequested("r1", WayToTalk.SPEAK, context=called_from("organisations")))
    assert msgspec.json.decode(sent, type=office.CallRequested).context.segment is Segment.B2B
    with pytest.raises(msgspec.ValidationError, match="segment"):
        msgspec.json.decode(sent.replace(b'"b2b"', b'"b2x"'), type=office.CallRequested)


def written_about(group: int, topic: int, context: Context) -> str:
    """The topic's id in the form that is sent in the end."""
    task, _ = written.begin(context)
    for event in (
        Chosen("request"),
        Chosen(f"topic_{group}"),
        Chosen(f"topic_{topic}"),
        Entered("Прошу помочь."),
        Chosen("sms"),
        Entered("+79210000067"),
        Chosen("skip"),
        Chosen("skip"),
        Chosen("agree"),
    ):
        task, effects = task.step(event, context)
        if effects == [AskOffice(ConsentsAsked("-"))]:
            task, effects = task.step(Told(answers(ConsentsAsked("-"))[0]), context)
    _, (keep,) = task.step(Chosen("send"), context)
    assert isinstance(keep, KeepCase)
    return keep.form.topic_id


@pytest.mark.clause("6.1.2", "4.2.3b", owner="terminal_app")
def test_every_topic_of_the_six_obligatory_groups_can_be_asked_about_without_an_agent():
    without_camera = structs.replace(CONTEXT.availability, camera=False)
    context = replace(CONTEXT, account=None, balance=None, availability=without_camera)
    groups = tomllib.loads(TOPICS_PATH.read_text("utf-8"))["group"]
    groups = [group for group in groups if group["key"] != "visit"]  # a service of its own
    sent = {
        group["key"]: [written_about(at, n, context) for n in range(len(group["topics"]))]
        for at, group in enumerate(groups)
    }
    assert {key: [topic["id"] for topic in group["topics"]] for group in groups for key in [group["key"]]} == sent
    assert set(OBLIGATORY_GROUPS) <= set(sent)
    assert {"contract.conclude", "contract.change", "contract.terminate"} <= set(sent["contract"])
