"""Third parties in a whole call: real office, Janus, core, media and three browsers (clause 9.6.3b)."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from playwright.async_api import expect
from room_scene import PEOPLE, RoomScene, room_scene

from signaling_server.contract.rooms import PartyRole
from terminal_app.ipc.messages import Liveness

GAP_S_MAX = 0.5  # without a new picture before the customer, while the call moves
SETTLED_S, STEADY_S = 4.0, 3.0
TRIES = 3  # a machine that does much else is late by itself; what is late by design is late each time
TURNS = (("anna", "inna"), ("inna", "anna"), ("anna", "inna"))


async def steady(scene: RoomScene) -> tuple[float, float]:
    """Now, and how long the agent's picture may stand still: where it does so by itself, that is no gap of ours."""
    await asyncio.sleep(STEADY_S)
    now_s = time.monotonic()
    return now_s, max(GAP_S_MAX, 3 * scene.agent.longest_gap_s(now_s - STEADY_S, now_s))


async def visited(scene: RoomScene) -> bool:
    """The interpreter comes and goes, and the agent's picture did not stand still."""
    anna, inna = scene.pages["anna"], scene.pages["inna"]
    begun_s, limit_s = await steady(scene)
    await scene.invite("inna", "interpreter")
    await scene.until_shown(scene.beside, begun_s)
    await scene.until(lambda state: bool(state.call and len(state.call.parties) == 2))
    call = scene.state and scene.state.call
    assert call is not None
    assert call.parties[1].role is PartyRole.INTERPRETER
    assert call.plate is not None
    assert call.plate.last_name == "Соколова", "the agent's plate stays"
    for login in ("anna", "inna"):
        await scene.sees_customer(login)  # the customer's picture is the main one at both
        await scene.sees_others(login, 1)
    await expect(anna.get_by_test_id("room-hint")).to_contain_text("Говорите с клиентом")
    await asyncio.sleep(2.0)
    assert len([at for at in scene.beside.times_s if at > time.monotonic() - 2.0]) > 10, "both pictures are live"
    await anna.get_by_test_id("let-go").click()
    await scene.sees(inna, "not_ready")
    await scene.until(lambda state: bool(state.call and not state.call.parties))
    await asyncio.sleep(SETTLED_S)
    return scene.agent.longest_gap_s(begun_s, time.monotonic()) <= limit_s


async def handed_over(scene: RoomScene, host: str, taker: str) -> bool:
    """Warm: the specialist is in the room first. The same of the agents' picture."""
    await scene.invite(taker, "specialist", host)
    await scene.sees_others(host, 1)
    begun_s, limit_s = await steady(scene)
    await scene.pages[host].get_by_test_id("hand-over").click()
    await scene.sees(scene.pages[taker], "on_call")
    await scene.sees(scene.pages[host], "ready")
    name = PEOPLE[taker][0]
    await scene.until(lambda state: bool(state.call and state.call.plate and state.call.plate.last_name == name))
    await asyncio.sleep(SETTLED_S)
    assert scene.state is not None
    assert scene.state.call is not None
    assert scene.state.call.liveness is Liveness.LIVE
    gap_s = scene.agent.longest_gap_s(begun_s, time.monotonic())
    print(f"hand-over: {gap_s * 1_000:.0f} ms without a picture, {limit_s * 1_000:.0f} allowed")
    return gap_s <= limit_s


async def supervised(scene: RoomScene) -> None:
    """A listener is only told of, a whisper reaches the agent alone, who joins is seen beside him."""
    boss = await scene.open_page("petr")
    await boss.get_by_test_id("live-calls").locator("summary").click()
    await boss.get_by_test_id("supervise-listens").click()
    await scene.sees(boss, "guest")
    await scene.sees_customer("petr")
    await scene.sees_others("petr", 1)
    await scene.until(lambda state: bool(state.call and len(state.call.parties) == 2))
    await scene.sees_others("anna", 0)
    await boss.get_by_test_id("supervise-whispers").click()
    await scene.hears_others("anna", 1)
    assert not [at for at in scene.beside.times_s if at > time.monotonic() - 1.0]
    begun_s = time.monotonic()
    await boss.get_by_test_id("supervise-joined").click()
    await scene.until_shown(scene.beside, begun_s)
    await boss.get_by_test_id("leave-room").click()
    await scene.sees(boss, "not_ready")
    await scene.until(lambda state: bool(state.call and not state.call.parties))
    await asyncio.sleep(4.0)


@pytest.mark.clause("9.6.3b", owner="agent_web")
@pytest.mark.clause("9.6.3b", owner="signaling_server/desk")
@pytest.mark.clause("9.6.3b", owner="terminal_app")
async def test_an_interpreter_joins_and_then_the_call_is_handed_over_to_a_specialist(tmp_path: Path) -> None:
    async with room_scene(tmp_path) as scene:
        await scene.call()
        call = scene.state and scene.state.call
        assert call is not None
        assert call.parties == []

        for _ in range(TRIES):
            if whole := await visited(scene):
                break
        assert whole
        await scene.sees_customer("anna")
        await supervised(scene)

        for host, taker in TURNS:
            if whole := await handed_over(scene, host, taker):
                break
        assert whole
        await scene.sees_customer(taker)
        await scene.pages[taker].get_by_test_id("end-call").click()
        await scene.sees(scene.pages[taker], "wrap_up")
