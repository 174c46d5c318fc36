"""Third parties on the agent's page: an invitation, a guest's call, the agent's own call with guests in it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from signaling_server.contract import messages as m
from signaling_server.contract.rooms import InvitationClosed, Party, PartyInvited, PartyRole, Presence
from tests.browser.desk_robot import CALL_ID, SITE, DeskRobot

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGENT = Party("a", PartyRole.AGENT, Presence.JOINED, "Орлова Мария Петровна", "консультант")
INTERPRETER = Party("i", PartyRole.INTERPRETER, Presence.JOINED, "Иванова Инна Петровна", "сурдопереводчик")
SPECIALIST = Party("s", PartyRole.SPECIALIST, Presence.JOINED, "Константинопольский Аристарх", "главный специалист")
LISTENER = Party("p", PartyRole.SUPERVISOR, Presence.LISTENS, "Петров Пётр Петрович", "старший смены")


def room(*parties: Party, you: str) -> m.RoomChanged:
    return m.RoomChanged(CALL_ID, 2, list(parties), you=you, site=SITE, topic="Перерасчёт")


@pytest.mark.clause("9.6.3b", owner="agent_web")
async def test_the_agent_sees_who_is_in_his_call_and_is_reminded_to_speak_to_the_customer(robot: DeskRobot) -> None:
    await robot.in_call()
    await expect(robot.get("room-hint")).to_be_hidden()
    await robot.office.say(room(AGENT, INTERPRETER, SPECIALIST, LISTENER, you="a"))
    await robot.reads("room-hint", "Говорите с клиентом, а не с сопровождающим или переводчиком")
    await robot.reads("party-interpreter", "Иванова Инна Петровна")
    await robot.reads("party-supervisor", "слушает")
    await expect(robot.get("party-supervisor").get_by_role("button")).to_have_count(0)
    await expect(robot.get("party-interpreter").get_by_test_id("hand-over")).to_have_count(0)
    await expect(robot.get("party-specialist").get_by_test_id("hand-over")).to_be_visible()
    await robot.look("room-of-the-agent")
    await robot.office.say(m.RoomChanged(CALL_ID, 2, []))
    await expect(robot.get("room-hint")).to_be_hidden()
    await robot.sees("on_call")


async def test_an_invitation_is_told_and_a_guest_has_the_customer_and_a_way_out(robot: DeskRobot) -> None:
    await robot.on_duty()
    await robot.office.say(PartyInvited(CALL_ID, PartyRole.INTERPRETER, AGENT.name, SITE, "Перерасчёт"))
    await expect(robot.get("invitation")).to_be_visible()
    assert "Вас зовут в разговор" in await robot.announced("alert")
    await robot.look("room-invitation")
    await robot.office.say(InvitationClosed(CALL_ID))
    await expect(robot.get("invitation")).to_be_hidden()
    await robot.office.say(m.AgentStateChanged(m.AgentState.IN_ROOM), room(AGENT, INTERPRETER, you="i"))
    await robot.sees("guest")
    await expect(robot.get("remote-video")).to_be_visible()
    await expect(robot.get("leave-room")).to_be_visible()
    await expect(robot.get("supervise-listens")).to_have_count(0)
    await robot.look("room-of-a-guest")
    await robot.office.say(m.RoomChanged(CALL_ID, 2, []), m.AgentStateChanged(m.AgentState.READY))
    await robot.sees("ready")


async def test_a_supervisor_in_a_call_is_silent_until_he_chooses(robot: DeskRobot) -> None:
    await robot.on_duty()
    await robot.office.say(m.AgentStateChanged(m.AgentState.IN_ROOM), room(AGENT, LISTENER, you="p"))
    await robot.sees("guest")
    await expect(robot.get("supervise-listens")).to_have_attribute("aria-pressed", "true")
    await expect(robot.get("microphone")).to_contain_text("выключен")
    await robot.look("room-of-a-supervisor")
