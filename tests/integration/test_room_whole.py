"""Third parties in a whole call: real office, Janus, core, media and three browsers (clause 9.6.3b)."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from playwright.async_api import expect
from room_scene import RoomScene, room_scene

from signaling_server.contract.rooms import PartyRole
from terminal_app.ipc.messages import Liveness

GAP_S_MAX = 0.5  # without a new picture before the customer, while the call moves
STEADY_S = 3.0


def gap_s_max(scene: RoomScene) -> float:
    """A machine that is too busy for even pictures while nothing moves is not held to more."""
    now_s = time.monotonic()
    return max(GAP_S_MAX, 3 * scene.agent.longest_gap_s(now_s - STEADY_S, now_s))


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

        await asyncio.sleep(STEADY_S)
        begun_s, limit_s = time.monotonic(), gap_s_max(scene)
        await scene.invite("inna", "interpreter")
        beside_s = await scene.until_shown(scene.beside, begun_s)
        await scene.until(lambda state: state.call is not None and len(state.call.parties) == 2)
        assert scene.state is not None
        assert scene.state.call is not None
        assert scene.state.call.parties[1].role is PartyRole.INTERPRETER
        assert scene.state.call.plate is not None
        assert scene.state.call.plate.last_name == "Соколова", "the agent's plate stays"
        for login in ("anna", "inna"):
            await scene.sees_customer(login)  # the customer's picture is the main one at both
            await scene.sees_others(login, 1)
        await expect(scene.pages["anna"].get_by_test_id("room-hint")).to_contain_text("Говорите с клиентом")
        await asyncio.sleep(3.0)
        moved_s = time.monotonic()
        assert scene.agent.longest_gap_s(begun_s, moved_s) <= limit_s
        assert scene.beside.longest_gap_s(beside_s, moved_s) <= 2 * limit_s

        await scene.pages["anna"].get_by_test_id("let-go").click()
        await scene.sees(scene.pages["inna"], "not_ready")
        await scene.until(lambda state: state.call is not None and not state.call.parties)
        await asyncio.sleep(4.0)
        direct_s = time.monotonic()
        assert scene.agent.longest_gap_s(moved_s, direct_s) <= limit_s
        await scene.sees_customer("anna")

        await supervised(scene)

        await scene.invite("inna", "specialist")
        await scene.sees_others("anna", 1)
        await asyncio.sleep(STEADY_S)
        handing_s, limit_s = time.monotonic(), gap_s_max(scene)
        await scene.pages["anna"].get_by_test_id("hand-over").click()
        await scene.sees(scene.pages["inna"], "on_call")
        await scene.sees(scene.pages["anna"], "ready")
        await scene.until(lambda state: state.call is not None and state.call.plate is not None)
        await scene.until(lambda state: state.call is not None and state.call.liveness is Liveness.LIVE)
        await asyncio.sleep(5.0)
        gap_s = scene.agent.longest_gap_s(handing_s, time.monotonic())
        print(f"hand-over: {gap_s * 1_000:.0f} ms without a picture")
        assert gap_s <= limit_s
        assert scene.state.call is not None
        assert scene.state.call.plate is not None
        assert scene.state.call.plate.last_name == "Иванова"
        await scene.sees_customer("inna")
        await scene.pages["inna"].get_by_test_id("end-call").click()
        await scene.sees(scene.pages["inna"], "wrap_up")
