"""Misbehaviour and danger at the office: nothing without a warning, kept for good, told to supervisors at once."""

from __future__ import annotations

import pytest
import pytest_asyncio
from desk_scene import GUARD_PHONES, Ear, Scene, on_air

from signaling_server.contract.incidents import (
    Danger,
    EndForMisconduct,
    IncidentKind,
    IncidentRaised,
    Misconduct,
    RaiseAlarm,
)
from signaling_server.contract.messages import (
    AgentState,
    AgentStateChanged,
    CallEnded,
    CallEndReason,
    CommandDone,
    CommandRefused,
    EndCall,
)
from signaling_server.contract.notes import CallNote, Card, CardKind, NoteAuthor
from signaling_server.contract.ring_back import RingBack
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage.cases import events_of


@pytest_asyncio.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    yield scene
    await scene.close()


def warning(call_id: str) -> CallNote:
    return CallNote(call_id, "k1", NoteAuthor.AGENT, "Говорите спокойно", card=Card(CardKind.WARNING))


@pytest.mark.clause("9.4.10", owner="signaling_server/desk")
async def test_a_talk_ends_for_misbehaviour_only_after_the_warning_stood_there_and_the_supervisor_knows(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    _, supervisor = await scene.agent("vera", ready=False, roles=("supervisor",))
    _, other = await scene.agent("boris", ready=False)
    end = EndForMisconduct("e1", call_id, Misconduct.THREAT, " Грозил расправой ")
    await scene.desk.page_said(agent.agent_id, page, end)
    assert page.last(CommandRefused).reason == "no_warning"
    await scene.desk.page_said(agent.agent_id, page, warning(call_id))
    await scene.desk.page_said(agent.agent_id, page, end)  # sent, but not yet on the screen
    assert page.last(CommandRefused).reason == "no_warning"
    assert booth.all(CallEnded) == []
    await scene.desk.terminal_said(terminal, warning(call_id))
    await scene.desk.page_said(agent.agent_id, page, end)
    assert booth.last(CallEnded).reason is CallEndReason.MISCONDUCT
    assert page.last(AgentStateChanged).state is AgentState.WRAP_UP
    await scene.desk.page_said(agent.agent_id, page, RingBack("r1", call_id))
    assert page.last(CommandRefused).reason == "not_broken_off"
    (incident,) = [told.incident for told in supervisor.all(IncidentRaised)]
    assert (incident.kind, incident.reason, incident.comment) == (IncidentKind.MISCONDUCT, "threat", "Грозил расправой")
    assert (page.all(IncidentRaised), other.all(IncidentRaised)) == ([], [])
    assert (await scene.desk.incidents.open()).incidents == [incident]
    async with scene.database.begin() as tx:
        events = await events_of(tx, incident.case_number)
    assert "misconduct: threat" in [event.detail for event in events]
    assert (await scene.desk._calls.stored(call_id)).end_reason is CallEndReason.MISCONDUCT


@pytest.mark.clause("9.7.3", owner="signaling_server/desk")
async def test_an_alarm_gives_address_and_guard_at_once_and_the_talk_goes_on(scene):
    _, booth, agent, page, call_id = await on_air(scene)
    told_before = len(booth.heard)
    vera, supervisor = await scene.agent("vera", ready=False, roles=("supervisor",))
    await scene.desk.page_said(agent.agent_id, page, RaiseAlarm("a1", call_id, Danger.MEDICAL))
    assert page.last(CommandDone).command_id == "a1"
    incident = page.last(IncidentRaised).incident
    assert supervisor.last(IncidentRaised).incident == incident
    assert (incident.address, incident.guard_phone) == ("Зал t1", GUARD_PHONES["Зал t1"])
    assert (incident.test, incident.reason) == (False, "medical")
    assert (len(booth.heard), booth.all(CallEnded)) == (told_before, [])
    await scene.restart()
    assert (await scene.desk.incidents.open()).incidents == [incident]  # evidence outlives the program
    await scene.desk.incidents.take(vera, incident.incident_id)
    assert (await scene.desk.incidents.open()).incidents == []
    with pytest.raises(ServiceRefusedError, match="уже занимаются"):
        await scene.desk.incidents.take(vera, incident.incident_id)


async def test_a_drill_is_marked_wherever_it_is_told(scene):
    _, _, agent, page, call_id = await on_air(scene)
    await scene.desk.page_said(agent.agent_id, page, RaiseAlarm("a1", call_id, Danger.FIRE, test=True))
    assert page.last(IncidentRaised).incident.test
    assert [each.test for each in (await scene.desk.incidents.open()).incidents] == [True]


async def test_who_is_in_no_call_raises_nothing(scene):
    _, _, _, _, call_id = await on_air(scene)
    boris, other = await scene.agent("boris")
    await scene.desk.page_said(boris.agent_id, other, RaiseAlarm("a1", call_id, Danger.FIRE))
    assert other.last(CommandRefused).reason == "unknown_call"
    assert (await scene.desk.incidents.open()).incidents == []


async def test_a_page_that_opens_anew_gets_what_is_still_open_and_no_other(scene):
    _, _, agent, page, call_id = await on_air(scene)
    vera, _ = await scene.agent("vera", ready=False, roles=("supervisor",))
    boris, _ = await scene.agent("boris", ready=False)
    for number, danger in enumerate((Danger.FIRE, Danger.MEDICAL)):
        await scene.pass_s(1.0)
        await scene.desk.page_said(agent.agent_id, page, RaiseAlarm(f"a{number}", call_id, danger))
    raised = [told.incident for told in page.all(IncidentRaised)]
    for who, told in ((vera, raised), (agent, raised), (boris, [])):
        again = Ear()
        await scene.desk.page_opened(who, again)
        assert [each.incident for each in again.all(IncidentRaised)] == told
        assert again.names()[0] == "DeskSnapshot"
    await scene.desk.incidents.take(vera, raised[0].incident_id)
    await scene.desk.page_said(agent.agent_id, page, EndCall("e", call_id))
    done = Ear()
    await scene.desk.page_opened(agent, done)
    assert done.all(IncidentRaised) == [], "the talk is over, and with it the script"
    last = Ear()
    await scene.desk.page_opened(vera, last)
    assert [each.incident for each in last.all(IncidentRaised)] == raised[1:]
