"""Who may do what with a third party, through the public doors: a real office, its sockets, its Janus; no media."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from office_bench import Crowd, Peer, add_agent, enrol_terminal, running_office, take_call

from signaling_server.contract.messages import (
    AgentState,
    AgentStateChanged,
    CallAccepted,
    CallEnded,
    CallRequested,
    CallStarted,
    CommandRefused,
    EndCall,
    RoomChanged,
    SetReady,
    WayToTalk,
)
from signaling_server.contract.rooms import InvitationClosed, PartyInvited, PartyRole, Presence
from signaling_server.desk.limits import DeskLimits
from signaling_server.office import Office

INVITATION_S = 0.4


@dataclass
class Scene:
    office: Office
    terminal: Peer
    page: Peer
    http: aiohttp.ClientSession
    guest: Peer
    guest_http: aiohttp.ClientSession
    boss: Peer
    boss_http: aiohttp.ClientSession
    call_id: str
    ids: dict[str, str]

    async def act(self, http: aiohttp.ClientSession, act: str, **form: object) -> int:
        url = f"{self.office.desk_url}/api/rooms/{act}"
        async with http.post(url, json={"call_id": self.call_id, **form}) as answer:
            return answer.status

    async def invite(self, role: str = "specialist") -> None:
        assert await self.act(self.http, "invite", agent_id=self.ids["Иванова"], role=role) == 204
        assert (await self.guest.expect(PartyInvited)).call_id == self.call_id

    async def enter(self, role: str = "specialist") -> RoomChanged:
        await self.invite(role)
        assert await self.act(self.guest_http, "answer", accepted=True) == 204
        return await self.terminal.expect(RoomChanged)


async def becomes(page: Peer, state: AgentState) -> None:
    while (await page.expect(AgentStateChanged)).state is not state:
        pass


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    data_dir = tmp_path / "office"
    await add_agent(data_dir, "anna")
    await add_agent(data_dir, "inna", "Иванова")
    await add_agent(data_dir, "petr", "Петрова", roles=("agent", "supervisor"))
    async with running_office(data_dir, DeskLimits(invitation_s=INVITATION_S)) as office, Crowd() as crowd:
        identity = await enrol_terminal(data_dir, office.terminal_url, "t1")
        https = [await crowd.signed_in(office.desk_url, login) for login in ("anna", "inna", "petr")]
        page = await crowd.page(office.desk_url, https[0])
        guest, boss = [await crowd.page(office.desk_url, http, ready=False) for http in https[1:]]
        terminal = await crowd.terminal(office.terminal_url, identity)
        await terminal.send(CallRequested("r1", WayToTalk.SPEAK, "Показания"))
        call_id = await take_call(page)
        await terminal.expect(CallAccepted)
        await page.expect(CallStarted)
        async with https[0].get(f"{office.desk_url}/api/colleagues") as answer:
            ids = {each["name"].split()[0]: each["agent_id"] for each in (await answer.json())["colleagues"]}
        yield Scene(office, terminal, page, https[0], guest, https[1], boss, https[2], call_id, ids)


@pytest.mark.clause("9.6.3b", owner="signaling_server/desk")
async def test_an_invited_interpreter_comes_into_the_call_and_goes_and_it_is_direct_again(scene: Scene) -> None:
    room = await scene.enter("interpreter")
    assert (room.media_epoch, [party.role for party in room.parties]) == (2, [PartyRole.AGENT, PartyRole.INTERPRETER])
    assert room.plate is not None
    assert room.plate.last_name == "Соколова"
    told = await scene.guest.expect(RoomChanged)
    assert told.you == scene.ids["Иванова"]
    assert (await scene.page.expect(RoomChanged)).you not in ("", told.you)
    await scene.guest.send(SetReady("ready", True))
    assert (await scene.guest.expect(CommandRefused)).reason == "wrong_state", "nobody gets a call in a room"
    assert await scene.act(scene.guest_http, "leave", party_id=told.you) == 204
    assert (await scene.guest.expect(RoomChanged)).parties == []
    await becomes(scene.guest, AgentState.NOT_READY)
    assert (await scene.terminal.expect(CallAccepted)).media_epoch == 3


async def test_only_the_agent_of_a_call_invites_and_only_who_is_free(scene: Scene) -> None:
    somebody = {"agent_id": scene.ids["Иванова"], "role": "specialist"}
    assert await scene.act(scene.boss_http, "invite", **somebody) == 403
    assert await scene.act(scene.http, "invite", agent_id="nobody", role="specialist") == 409
    assert await scene.act(scene.http, "invite", agent_id=scene.ids["Иванова"], role="supervisor") == 409
    await scene.enter()
    assert await scene.act(scene.http, "invite", **somebody) == 409, "he is in the room already"
    assert await scene.act(scene.boss_http, "leave", party_id=scene.ids["Иванова"]) == 403


async def test_an_invitation_ends_by_a_no_by_silence_and_with_the_call(scene: Scene) -> None:
    await scene.invite()
    assert await scene.act(scene.guest_http, "answer", accepted=False) == 204
    await scene.guest.expect(InvitationClosed)
    await scene.invite()
    await scene.guest.expect(InvitationClosed)  # nobody answered
    assert await scene.act(scene.guest_http, "answer", accepted=True) == 409
    await scene.invite()
    await scene.page.send(EndCall("end", scene.call_id))
    await scene.guest.expect(InvitationClosed)
    assert await scene.act(scene.guest_http, "answer", accepted=True) == 409


async def test_a_call_that_ends_leaves_nobody_in_its_room(scene: Scene) -> None:
    await scene.enter()
    await scene.guest.expect(RoomChanged)
    await scene.page.send(EndCall("end", scene.call_id))
    await scene.terminal.expect(CallEnded)
    assert (await scene.guest.expect(RoomChanged)).parties == []
    await becomes(scene.guest, AgentState.NOT_READY)


async def test_a_call_is_handed_over_warm_with_its_case_and_without_a_penalty(scene: Scene) -> None:
    """The number, the way and the time of the call stay; who gives it away has nothing to wrap up and is free."""
    await scene.enter()
    assert await scene.act(scene.http, "hand-over", party_id="nobody") == 409
    assert await scene.act(scene.guest_http, "hand-over", party_id=scene.ids["Иванова"]) == 403, "it is not his to give"
    assert await scene.act(scene.http, "hand-over", party_id=scene.ids["Иванова"]) == 204
    started = await scene.guest.expect(CallStarted)
    assert started.call.call_id == scene.call_id
    assert len(started.call.cases) == 1
    room = await scene.terminal.expect(RoomChanged)
    assert room.plate is not None
    assert room.plate.last_name == "Иванова"
    again = await scene.terminal.expect(CallAccepted)
    assert (again.call_id, again.plate.last_name) == (scene.call_id, "Иванова")
    await becomes(scene.page, AgentState.READY)
    await scene.page.send(EndCall("end", scene.call_id))
    assert (await scene.page.expect(CommandRefused)).reason == "unknown_call"
    await scene.guest.send(EndCall("end", scene.call_id))
    await scene.terminal.expect(CallEnded)


async def test_a_supervisor_listens_whispers_and_joins_and_the_customer_is_told_of_him(scene: Scene) -> None:
    assert await scene.act(scene.guest_http, "supervise", presence="listens") == 403
    async with scene.boss_http.get(f"{scene.office.desk_url}/api/rooms/live") as answer:
        assert [each["call_id"] for each in (await answer.json())["calls"]] == [scene.call_id]
    for presence in ("listens", "whispers", "joined"):
        assert await scene.act(scene.boss_http, "supervise", presence=presence) == 204
        room = await scene.terminal.expect(RoomChanged)
        assert (room.parties[-1].role, room.parties[-1].presence) == (PartyRole.SUPERVISOR, Presence(presence))
        assert room.media_epoch == 2, "what he may changes nothing for the others"
    assert await scene.act(scene.http, "leave", party_id=scene.ids["Петрова"]) == 403, "no agent sends him away"
    assert await scene.act(scene.boss_http, "leave", party_id=scene.ids["Петрова"]) == 204
    await scene.terminal.expect(CallAccepted)


async def test_when_the_media_server_dies_customer_and_agent_go_on_without_the_third(scene: Scene) -> None:
    await scene.enter()
    await scene.guest.expect(RoomChanged)
    assert scene.office.media_server is not None
    os.kill(scene.office.media_server.child.pid, 9)
    assert (await scene.guest.expect(RoomChanged)).parties == []
    assert (await scene.terminal.expect(CallAccepted)).media_epoch == 3
    assert (await scene.enter()).media_epoch == 4, "it is started anew for the next third"
