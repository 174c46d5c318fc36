"""The readiness check of an agent's workplace: judged by the office, let through by a supervisor alone (5.3.1)."""

from __future__ import annotations

import random
from dataclasses import replace

import msgspec
import pytest
from desk_scene import Scene

from signaling_server.contract.messages import AgentState, AgentStateChanged, CommandDone, CommandRefused, SetReady
from signaling_server.contract.workplace import (
    GRID_HEIGHT,
    GRID_WIDTH,
    CheckFault,
    CheckName,
    DeviceFound,
    WorkplaceActKind,
    WorkplaceJudged,
    WorkplaceSeen,
)
from signaling_server.desk.workplace import RULES, judge, likeness
from signaling_server.refusal import ServiceRefusedError
from tests.well_workplace import LIT, WELL


def grid(level) -> bytes:
    """`level` of column and row."""
    cells = (level(column, row) for row in range(GRID_HEIGHT) for column in range(GRID_WIDTH))
    return bytes(max(0, min(255, round(cell))) for cell in cells)


def logo(column: int, row: int) -> float:
    """A wall with a dark board at the left of the agent and a bright one at the right."""
    board = 2 <= row <= 8
    return 60 if board and 1 <= column <= 6 else 220 if board and 25 <= column <= 30 else 140


LOGO_WALL = grid(logo)


def seen(**changed: object) -> WorkplaceSeen:
    return msgspec.structs.replace(WELL, **changed)


def faults(told: WorkplaceSeen, background: bytes = b"", *, has_plate: bool = True) -> dict[str, str]:
    checks = judge(told, background, has_plate=has_plate)
    assert [check.name for check in checks] == list(CheckName)
    return {check.name: check.fault for check in checks if check.failed}


def test_a_workplace_in_order_fails_nothing():
    assert faults(WELL) == {}
    assert faults(seen(grid=LOGO_WALL), LOGO_WALL) == {}


@pytest.mark.parametrize("found", [DeviceFound.MISSING, DeviceFound.DENIED, DeviceFound.BUSY, DeviceFound.LOST])
def test_a_device_that_did_not_open_fails_with_its_reason(found):
    assert faults(seen(microphone=found, level_db=-120.0)) == {CheckName.MICROPHONE: found.value}
    assert faults(seen(camera=found, grid=b"")) == {CheckName.CAMERA: found.value, CheckName.LIGHT: "no_picture"}


@pytest.mark.parametrize(("level_db", "fault"), [(-120.0, "silent"), (-66.0, "silent"), (-64.0, None), (-3.0, None)])
def test_a_microphone_has_to_be_heard(level_db, fault):
    assert faults(seen(level_db=level_db)).get(CheckName.MICROPHONE) == fault


@pytest.mark.parametrize(
    ("level", "fault"), [(0, "too_dark"), (44, "too_dark"), (46, None), (234, None), (240, "too_bright")]
)
def test_the_picture_is_neither_dark_nor_dazzled(level, fault):
    assert faults(seen(grid=bytes([level]) * len(LIT))).get(CheckName.LIGHT) == fault


def test_without_a_name_or_a_position_the_plate_fails():
    assert faults(WELL, has_plate=False) == {CheckName.PLATE: CheckFault.EMPTY}


def test_the_background_is_known_again_whatever_the_lamp_and_whoever_sits_before_it():
    dice = random.Random(3)

    def evening(column: int, row: int) -> float:
        person = 0 if 11 <= column <= 20 and row >= 5 else None
        return person if person is not None else 0.5 * logo(column, row) + 10 + dice.uniform(-6, 6)

    assert likeness(grid(evening), LOGO_WALL) > 0.9
    assert faults(seen(grid=grid(evening)), LOGO_WALL) == {}


@pytest.mark.parametrize(
    "other",
    [
        LIT,  # a bare wall
        grid(lambda column, row: 200 - logo(column, row)),  # the boards changed places
        grid(lambda column, row: 60 + 8 * row),  # a window
        grid(lambda column, row: 220 if (column // 2 + row // 2) % 2 else 60),  # shelves
    ],
)
def test_another_background_is_not_taken_for_it(other):
    assert likeness(other, LOGO_WALL) < RULES.likeness_min
    assert faults(seen(grid=other), LOGO_WALL) == {CheckName.BACKGROUND: CheckFault.DIFFERENT}


def test_a_grid_of_another_size_is_no_picture_to_compare():
    assert faults(seen(grid=LIT[:40]), LOGO_WALL)[CheckName.BACKGROUND] == CheckFault.NO_PICTURE


# --- at the desk ------------------------------------------------------------------------------------------------------

DARK = seen(grid=bytes([10]) * len(LIT))


@pytest.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    yield scene
    await scene.close()


async def press_ready(scene, agent, page) -> object:
    await scene.desk.page_said(agent.agent_id, page, SetReady("ready", True))
    return next(each for each in reversed(page.heard) if isinstance(each, CommandDone | CommandRefused))


@pytest.mark.clause("5.3.1", owner="agent_web")
async def test_nobody_goes_on_duty_unmeasured_or_with_a_failed_check(scene):
    agent, page = await scene.agent("anna", ready=False)
    assert await press_ready(scene, agent, page) == CommandRefused("ready", "workplace_unknown")
    for failed in (
        DARK,
        seen(camera=DeviceFound.DENIED, grid=b""),
        seen(microphone=DeviceFound.MISSING, level_db=-120.0),
        seen(level_db=-120.0),
    ):
        await scene.desk.page_said(agent.agent_id, page, failed)
        assert not page.last(WorkplaceJudged).may_serve
        assert await press_ready(scene, agent, page) == CommandRefused("ready", "workplace_failed")
    await scene.desk.page_said(agent.agent_id, page, WELL)
    assert page.last(WorkplaceJudged).may_serve
    assert await press_ready(scene, agent, page) == CommandDone("ready")
    assert page.last(AgentStateChanged).state == AgentState.READY


async def test_an_old_measurement_says_nothing(scene):
    agent, page = await scene.agent("anna", ready=False)
    await scene.desk.page_said(agent.agent_id, page, WELL)
    await scene.pass_s(RULES.fresh_s + 1)
    assert await press_ready(scene, agent, page) == CommandRefused("ready", "workplace_unknown")


@pytest.mark.clause("5.3.1", owner="agent_web")
async def test_a_supervisor_lets_him_work_with_a_reason_that_is_kept(scene):
    agent, page = await scene.agent("anna", ready=False)
    boss, _ = await scene.agent("boris", ready=False, roles=("supervisor",))
    await scene.desk.page_said(agent.agent_id, page, DARK)
    await scene.desk.workplaces.allow(agent, boss, "Лампу везут, до обеда")
    told = page.last(WorkplaceJudged)
    assert (told.may_serve, told.allowed_by, told.reason) == (True, "Boris Анна Викторовна", "Лампу везут, до обеда")
    assert [check.allowed for check in told.checks if check.name is CheckName.LIGHT] == [True]
    assert await press_ready(scene, agent, page) == CommandDone("ready")
    await scene.restart()
    (act,) = (await scene.desk.workplaces.acts()).acts
    assert (act.kind, act.agent_id, act.supervisor_id) == (WorkplaceActKind.ALLOWED, agent.agent_id, boss.agent_id)
    assert (act.failed, act.reason) == ("light", "Лампу везут, до обеда")


@pytest.mark.clause("5.3.1", owner="agent_web")
async def test_what_else_fails_later_is_not_allowed_with_it_nor_the_next_day(scene):
    agent, page = await scene.agent("anna", ready=False)
    boss, _ = await scene.agent("boris", ready=False, roles=("supervisor",))
    await scene.desk.page_said(agent.agent_id, page, DARK)
    await scene.desk.workplaces.allow(agent, boss, "Лампу везут")
    await scene.desk.page_said(agent.agent_id, page, msgspec.structs.replace(DARK, level_db=-120.0))
    assert await press_ready(scene, agent, page) == CommandRefused("ready", "workplace_failed")
    await scene.pass_s(RULES.allowed_s + 1)
    await scene.desk.page_said(agent.agent_id, page, DARK)
    assert await press_ready(scene, agent, page) == CommandRefused("ready", "workplace_failed")


@pytest.mark.clause("5.3.1", owner="agent_web")
async def test_nobody_allows_himself_and_no_colleague_does_and_not_without_a_reason(scene):
    agent, page = await scene.agent("anna", ready=False, roles=("agent", "supervisor"))
    boss, _ = await scene.agent("boris", ready=False, roles=("supervisor",))
    colleague, _ = await scene.agent("vera", ready=False)
    await scene.desk.page_said(agent.agent_id, page, DARK)
    for who, reason, word in (
        (agent, "Темно", "same_person"),
        (colleague, "Темно", "no_supervisor"),
        (boss, "  ", "no_reason"),
    ):
        with pytest.raises(ServiceRefusedError) as refused:
            await scene.desk.workplaces.allow(agent, who, reason)
        assert refused.value.reason == word
    await scene.desk.page_said(agent.agent_id, page, WELL)
    with pytest.raises(ServiceRefusedError) as refused:
        await scene.desk.workplaces.allow(agent, boss, "На всякий случай")
    assert refused.value.reason == "nothing_failed"
    assert (await scene.desk.workplaces.acts()).acts == []


async def test_a_plate_without_a_name_is_let_through_by_nobody(scene):
    agent, page = await scene.agent("anna", ready=False)
    boss, _ = await scene.agent("boris", ready=False, roles=("supervisor",))
    await scene.desk.page_opened(replace(agent, plate=msgspec.structs.replace(agent.plate, position="")), page)
    await scene.desk.page_said(agent.agent_id, page, WELL)
    with pytest.raises(ServiceRefusedError) as refused:
        await scene.desk.workplaces.allow(agent, boss, "Табличку печатают")
    assert refused.value.reason == "no_plate"
    assert await press_ready(scene, agent, page) == CommandRefused("ready", "no_plate")


@pytest.mark.clause("5.3.1", owner="agent_web")
async def test_the_background_that_a_supervisor_has_seen_is_asked_for_from_then_on(scene):
    agent, page = await scene.agent("anna", ready=False)
    boss, _ = await scene.agent("boris", ready=False, roles=("administrator",))
    await scene.desk.page_said(agent.agent_id, page, WELL)
    with pytest.raises(ServiceRefusedError) as refused:
        await scene.desk.workplaces.set_background(agent, boss)
    assert refused.value.reason == "plain_background", "a bare wall shows no logo"
    await scene.desk.page_said(agent.agent_id, page, seen(grid=LOGO_WALL))
    await scene.desk.workplaces.set_background(agent, boss)
    assert await press_ready(scene, agent, page) == CommandDone("ready")
    await scene.desk.page_said(agent.agent_id, page, SetReady("off", False))
    await scene.restart()
    await scene.desk.page_opened(agent, page)
    await scene.desk.page_said(agent.agent_id, page, WELL)
    assert await press_ready(scene, agent, page) == CommandRefused("ready", "workplace_failed")
    other, other_page = await scene.agent("vera", ready=False)
    await scene.desk.page_said(other.agent_id, other_page, WELL)
    assert other_page.last(WorkplaceJudged).may_serve, "each workplace has its own"
