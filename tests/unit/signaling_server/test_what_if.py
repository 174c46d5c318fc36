"""A day of the real desk, read back from its rows and replayed by the command."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from desk_scene import START_S, Scene

from signaling_server.__main__ import main
from signaling_server.cases.classifier import load_topics
from signaling_server.contract.messages import CallCancelled, CallContext, CallEnded, CallEndReason, EndCall, WayToTalk
from signaling_server.contract.turns import Turn
from signaling_server.desk.call import Call, CallStage, PastOffer
from signaling_server.desk.past_day import EmptyDayError, past_calls, shifts
from signaling_server.desk.routing.asked import Asked
from signaling_server.desk.routing.replay import Shift
from signaling_server.desk.turns import Band
from signaling_server.local_time import LOCAL_ZONE, local_date

DAY = local_date(START_S)
SERVED = Call(
    "a", "t", "Зал", "r", WayToTalk.SPEAK, "", CallContext(), 10_000, CallStage.CLOSED, "anna",
    accepted_at_ms=15_000, ended_at_ms=115_000, closed_at_ms=125_000, end_reason=CallEndReason.CUSTOMER_LEFT,
)  # fmt: skip
ASKED = Asked(load_topics())
RUNG = PastOffer("a", "anna", 11_000, 15_000, "accepted")


def unserved(call_id: str, reason: CallEndReason | None, until_ms: int) -> Call:
    return replace(
        SERVED, call_id=call_id, agent_id="", accepted_at_ms=0, ended_at_ms=until_ms, closed_at_ms=until_ms,
        end_reason=reason,
    )  # fmt: skip


def test_a_call_is_told_as_it_was_and_who_was_not_served_as_the_others():
    special = CallContext(turn=Turn(special_help=True))
    left = replace(unserved("left", CallEndReason.CUSTOMER_LEFT, 70_000), context=special)
    sent_away = unserved("sent away", None, 70_000)
    told = {call.call_id: call for call in past_calls([SERVED, left, sent_away], [RUNG], ASKED)}
    for call in told.values():
        assert (call.asked_at_s, call.answer_s, call.talk_s, call.wrap_up_s) == (10.0, 4.0, 100.0, 10.0)
    assert told["left"].leaves_after_s == 60.0
    assert told["left"].band is Band.OUT_OF_TURN
    assert told["left"].wishes.accessible
    assert told["a"].leaves_after_s == told["sent away"].leaves_after_s == float("inf")


def test_on_a_day_without_a_talk_there_is_nothing_to_replay():
    with pytest.raises(EmptyDayError):
        past_calls([unserved("left", CallEndReason.CUSTOMER_LEFT, 70_000)], [], ASKED)


def test_a_shift_lasts_from_the_first_ring_to_the_end_of_the_last_call_but_for_missed_rings():
    offers = [
        RUNG,
        PastOffer("b", "boris", 20_000, 32_000, "timeout"),
        PastOffer("c", "anna", 200_000, 203_000, "declined"),
        PastOffer("d", "boris", 900_000, 905_000, "customer_left"),
    ]
    assert shifts([SERVED], offers) == [
        Shift("anna", 11.0, 203.0),
        Shift("boris", 20.0, 32.0),
        Shift("boris", 900.0, 905.0),
    ]


async def four_customers(folder, start_s: float = START_S) -> None:
    """One agent, four customers at once; the last gives up."""
    scene = Scene(folder)
    scene.clock.at_s = start_s
    await scene.open()
    agent, page = await scene.agent("anna")
    booths = [await scene.terminal(f"t{number}") for number in range(4)]
    asked = []
    for terminal, booth in booths:
        asked.append(await scene.request(terminal, booth))
        await scene.pass_s(1)
    for _ in range(3):
        call_id = await scene.accept(agent, page)
        await scene.pass_s(120)
        if call_id == asked[1]:
            await scene.desk.terminal_said(booths[3][0], CallCancelled(asked[3]))
        await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
        await scene.wrap_up(agent, page, call_id)
    assert all(booth.all(CallEnded) for _, booth in booths)
    await scene.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    asyncio.run(four_customers(folder))
    return folder


def what_if(capsys, folder, *words) -> tuple[int, str, str]:
    status = main(["what-if", "--data", str(folder), *words])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_the_replay_of_an_unchanged_day_is_that_day(office, capsys):
    status, out, _ = what_if(capsys, office, "--day", DAY.isoformat(), "--json")
    whole = json.loads(out)["hours"][-1]
    assert (status, whole["calls"], whole["not_served"]) == (0, 4, [1, 1, 1])
    was, replayed, changed = whole["mean_wait_s"]
    assert was > 60
    assert replayed == changed == pytest.approx(was, abs=1.0)


def test_who_asked_before_midnight_belongs_to_that_day_though_he_was_served_after_it(tmp_path, capsys):
    midnight_s = datetime.combine(DAY, time(), LOCAL_ZONE).timestamp()
    asyncio.run(four_customers(tmp_path, midnight_s - 10))
    out = what_if(capsys, tmp_path, "--day", (DAY - timedelta(days=1)).isoformat(), "--json")[1]
    (hour, whole) = json.loads(out)["hours"]
    assert (hour["asked"], whole["calls"]) == ("23:00–24:00", 4)
    assert whole["not_served"] == [1, 1, 1]
    assert whole["mean_wait_s"][1] == pytest.approx(whole["mean_wait_s"][0], abs=1.0)


def test_two_more_agents_and_nobody_waits_for_long(office, capsys):
    status, out, _ = what_if(capsys, office, "--day", DAY.isoformat(), "--json", "--add", "2@0:00-24:00")
    whole = json.loads(out)["hours"][-1]
    assert (status, whole["not_served"]) == (0, [1, 1, 0])
    assert whole["mean_wait_s"][2] < whole["mean_wait_s"][1] / 2
    assert whole["longest_wait_s"][2] < whole["longest_wait_s"][1]


def test_the_table_says_what_is_changed_and_lines_up(office, capsys):
    status, out, _ = what_if(
        capsys, office, "--day", DAY.isoformat(), "--add", "2@12:00-14:00", "--rule", "deserted_s=120"
    )
    lines = out.splitlines()
    assert status == 0
    assert lines[0] == f"{DAY:%d.%m.%Y}, изменено: ещё 2 на месте с 12:00 до 14:00; deserted_s = 120 с"
    table = [line for line in lines if line.startswith(("спросили", "весь день")) or line[2:3] == ":"]
    assert len(table) >= 3
    assert len({len(line) for line in table}) == 1
    assert max(map(len, lines)) <= 132


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("--day", "1999-01-01"), 1, "01.01.1999 не было ни одного разговора: повторять нечего"),
        (("--day", "вчера"), 2, "день пишется как 2026-11-27"),
        (("--day", "2026-11-24", "--add", "two@12:00-14:00"), 2, "от 1 до 200"),
        (("--day", "2026-11-24", "--add", "2@14:00-12:00"), 2, "идёт не по порядку"),
        (("--day", "2026-11-24", "--add", "2"), 2, "пишется как 2@12:00-14:00"),
        (("--day", "2026-11-24", "--rule", "ring_s=5"), 2, "нет среди wait_s_max"),
        (("--day", "2026-11-24", "--rule", "deserted_s=nan"), 2, "от 1 до 86400 с"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(office, capsys, words, status, says):
    try:
        found = what_if(capsys, office, *words)
    except SystemExit as over:
        found = (over.code, "", capsys.readouterr().err)
    assert found[0] == status
    assert says in found[2]
    assert found[2].count("\n") == 1
