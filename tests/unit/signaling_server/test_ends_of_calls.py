"""The end of a call: several cases in one, their results, terms and ways of the answer, the summary, the ЛКК."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from desk_scene import START_S, Ear, Scene, on_air
from sqlalchemy import select

from signaling_server.cases.closing_rules import wrong_closing
from signaling_server.clock import milliseconds
from signaling_server.contract.cases import AnswerWay, CaseKind, CaseState
from signaling_server.contract.closing import (
    CASES_MAX,
    CallCasesChanged,
    CaseResult,
    Closing,
    NextCase,
    PortalAnswer,
    TellPortal,
)
from signaling_server.contract.messages import (
    CaseRegistered,
    CloseWrapUp,
    CommandRefused,
    DeskSnapshot,
    EndCall,
    TerminalWelcome,
)
from signaling_server.contract.notes import CallNote, Card, CardAnswer, CardKind, NoteAuthor
from signaling_server.storage.tables import CALLS, CASES

TODAY, LATEST = date(2026, 11, 24), date(2026, 12, 24)
PHONE = "+7 921 000-00-11"
IN_WORK = Closing(CaseResult.IN_WORK, AnswerWay.SMS, "2026-12-01", PHONE)
SOLVED = Closing(CaseResult.SOLVED)


@pytest.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    yield scene
    await scene.close()


def wrong(closing: Closing, kind: CaseKind = CaseKind.QUESTION, *, summarised: bool = True) -> str:
    return wrong_closing(kind, closing, today=TODAY, latest=LATEST, summarised=summarised)


@pytest.mark.clause("5.1.3c", owner="signaling_server/cases")
@pytest.mark.parametrize(
    ("closing", "word"),
    [
        (Closing(CaseResult.IN_WORK), "no_answer_terms"),
        (Closing(CaseResult.IN_WORK, AnswerWay.SMS, "", PHONE), "no_answer_terms"),
        (Closing(CaseResult.IN_WORK, AnswerWay.NONE, "2026-12-01"), "no_answer_terms"),
        (Closing(CaseResult.IN_WORK, AnswerWay.OFFICE, "2026-11-23"), "bad_due_date"),
        (Closing(CaseResult.IN_WORK, AnswerWay.OFFICE, "2026-12-25"), "bad_due_date"),
        (Closing(CaseResult.IN_WORK, AnswerWay.OFFICE, "скоро"), "bad_due_date"),
        (Closing(CaseResult.IN_WORK, AnswerWay.SMS, "2026-12-01", "нет"), "bad_contact"),
        (Closing(CaseResult.IN_WORK, AnswerWay.EMAIL, "2026-12-01", "anna"), "bad_contact"),
        (Closing(CaseResult.IN_WORK, AnswerWay.POST, "2026-12-01", " "), "bad_contact"),
        (Closing(CaseResult.IN_WORK, AnswerWay.EMAIL, "2026-12-24", "anna@mail.ru"), ""),
        (Closing(CaseResult.IN_WORK, AnswerWay.POST, "2026-11-24", "Невский, 1"), ""),
        (Closing(CaseResult.IN_WORK, AnswerWay.ACCOUNT, "2026-12-01"), ""),
        (Closing(CaseResult.IN_WORK, AnswerWay.OFFICE, "2026-12-01"), ""),
        (IN_WORK, ""),
        (SOLVED, ""),
        (Closing(), ""),
    ],
)
def test_work_goes_on_only_with_a_term_and_a_way_that_reaches_the_customer(closing, word):
    assert wrong(closing) == word


@pytest.mark.parametrize("written", ["20261201", "2026-W49-2"])
async def test_a_promised_day_is_kept_in_the_one_way_that_dates_are_compared_in(scene, written):
    _, _, agent, page, call_id = await on_air(scene)
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    closing = Closing(CaseResult.IN_WORK, AnswerWay.OFFICE, written)
    await scene.desk.page_said(agent.agent_id, page, wrap_up(call_id, closing))
    async with scene.database.begin() as tx:
        assert (await tx.execute(select(CASES.c.due_date))).scalar_one() == "2026-12-01"


def test_a_complaint_is_never_ended_by_the_talk_alone():
    for closing in (SOLVED, Closing()):
        assert wrong(closing, CaseKind.COMPLAINT) == "complaint_stays"
    assert wrong(IN_WORK, CaseKind.COMPLAINT) == ""


def test_nothing_is_solved_that_the_customer_has_not_seen_summed_up():
    assert wrong(SOLVED, summarised=False) == "no_summary"
    assert wrong(Closing(), summarised=False) == ""
    assert wrong(IN_WORK, summarised=False) == ""


def next_case(call_id: str, topic_id: str, closing: Closing = SOLVED, *, closes: int = 1) -> NextCase:
    return NextCase("next", call_id, f"26-{closes:06}", CaseKind.QUESTION, topic_id, "Рассказали", closing)


def wrap_up(call_id: str, closing: Closing, topic_id: str = "readings.submit") -> CloseWrapUp:
    return CloseWrapUp("wrap", call_id, CaseKind.QUESTION, topic_id, "Рассказали", closing)


async def summary_stands(scene, terminal, agent, page, call_id, note_id="s1") -> None:
    """Sent by the agent, told by the terminal to be on the glass."""
    note = CallNote(call_id, note_id, NoteAuthor.AGENT, "Сделано", card=Card(CardKind.SUMMARY))
    await scene.desk.page_said(agent.agent_id, page, note)
    await scene.desk.terminal_said(terminal, note)


@pytest.mark.clause("5.1.3a", owner="signaling_server/desk")
@pytest.mark.clause("5.1.3a", owner="signaling_server/cases")
async def test_one_call_with_three_requests_gives_three_numbers_three_topics_and_three_times(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    await scene.pass_s(60.0)
    await scene.desk.page_said(agent.agent_id, page, next_case(call_id, "charges.explain"))
    await scene.pass_s(30.0)
    await scene.desk.page_said(agent.agent_id, page, next_case(call_id, "charges.recalculate", IN_WORK, closes=2))
    assert [case.number for case in page.last(CallCasesChanged).cases] == ["26-000001", "26-000002", "26-000003"]
    await scene.pass_s(10.0)
    await summary_stands(scene, terminal, agent, page, call_id)
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    await scene.desk.page_said(agent.agent_id, page, wrap_up(call_id, SOLVED))
    told = booth.all(CaseRegistered)
    assert [case.case_number for case in told] == ["26-000001", "26-000002", "26-000003"]
    assert len({case.topic_title for case in told}) == 3
    assert [(case.due_date, case.answer_way) for case in told] == [
        ("", AnswerWay.NONE),
        ("01.12.2026", AnswerWay.SMS),
        ("", AnswerWay.NONE),
    ]
    async with scene.database.begin() as tx:
        rows = (await tx.execute(select(CASES).order_by(CASES.c.number))).all()
        talk = (await tx.execute(select(CALLS))).one()
    at_ms = milliseconds(START_S)
    times = [(row.opened_at_ms - at_ms, row.closed_at_ms - at_ms) for row in rows]
    assert times == [(0, 60_000), (60_000, 90_000), (90_000, 100_000)]
    assert (talk.accepted_at_ms, talk.ended_at_ms) == (at_ms, at_ms + 100_000)
    assert [row.call_id for row in rows] == [call_id] * 3
    assert [row.state for row in rows] == [CaseState.CLOSED, CaseState.IN_WORK, CaseState.CLOSED]
    assert (rows[1].phone, rows[1].answer_way, rows[1].due_date) == ("+79210000011", "sms", "2026-12-01")


async def test_cases_and_their_clocks_survive_a_restart_of_the_office(scene):
    terminal, _, agent, page, call_id = await on_air(scene)
    await scene.pass_s(60.0)
    await scene.desk.page_said(agent.agent_id, page, next_case(call_id, "charges.explain"))
    before = page.last(CallCasesChanged).cases
    await scene.restart()
    booth, page = Ear(), Ear()
    await scene.hello(terminal, booth, call_id)
    await scene.desk.page_opened(agent, page)
    active = page.last(DeskSnapshot).active
    assert active is not None
    assert active.cases == before
    assert booth.last(TerminalWelcome)
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    await scene.pass_s(60.0)  # nobody fills the form: he gets every number all the same
    told = booth.all(CaseRegistered)
    assert [case.case_number for case in told] == ["26-000001", "26-000002"]
    assert told[-1].topic_title == "Консультация"


async def test_a_next_case_is_for_a_call_on_the_air_with_a_whole_form_and_not_for_ever(scene):
    _, booth, agent, page, call_id = await on_air(scene)

    async def refused(form: NextCase) -> str:
        await scene.desk.page_said(agent.agent_id, page, form)
        return page.last(CommandRefused).reason

    assert await refused(next_case("another", "charges.explain")) == "unknown_call"
    assert await refused(next_case(call_id, "no.such.topic")) == "unknown_topic"
    assert await refused(next_case(call_id, "charges.explain", Closing(CaseResult.IN_WORK))) == "no_answer_terms"
    assert not booth.all(CaseRegistered)
    for closes in range(1, CASES_MAX):
        await scene.desk.page_said(agent.agent_id, page, next_case(call_id, "charges.explain", closes=closes))
    assert await refused(next_case(call_id, "charges.explain")) == "too_many_cases"
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    assert await refused(next_case(call_id, "charges.explain")) == "wrong_state"


async def test_the_form_of_a_case_sent_twice_does_not_close_the_next_one(scene):
    _, booth, agent, page, call_id = await on_air(scene)
    for _ in range(2):  # the answer to the first was lost on the way
        await scene.desk.page_said(agent.agent_id, page, next_case(call_id, "charges.explain"))
    assert page.last(CommandRefused).reason == "another_case"
    assert len(page.last(CallCasesChanged).cases) == 2
    assert len(booth.all(CaseRegistered)) == 1


async def test_a_call_is_solved_only_when_its_last_case_was_summed_up_on_the_glass(scene):
    terminal, _, agent, page, call_id = await on_air(scene)
    await scene.pass_s(5.0)
    await summary_stands(scene, terminal, agent, page, call_id)
    await scene.pass_s(5.0)
    await scene.desk.page_said(agent.agent_id, page, next_case(call_id, "charges.explain"))
    await scene.pass_s(5.0)
    sent = CallNote(call_id, "s2", NoteAuthor.AGENT, "Сделано", card=Card(CardKind.SUMMARY))
    await scene.desk.page_said(agent.agent_id, page, sent)  # and never told to be shown
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    await scene.desk.page_said(agent.agent_id, page, wrap_up(call_id, SOLVED))
    assert page.last(CommandRefused).reason == "no_summary"
    await scene.desk.page_said(agent.agent_id, page, wrap_up(call_id, Closing()))
    assert page.last(CaseRegistered).case_number == "26-000002"


async def test_who_was_told_his_number_before_the_form_still_learns_term_and_way(scene):
    _, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    await scene.pass_s(60.0)
    assert booth.last(CaseRegistered).due_date == ""
    await scene.desk.page_said(agent.agent_id, page, wrap_up(call_id, IN_WORK))
    assert (booth.last(CaseRegistered).due_date, booth.last(CaseRegistered).answer_way) == (
        "01.12.2026",
        AnswerWay.SMS,
    )
    latest = page.all(CallCasesChanged)
    assert not latest


async def test_the_latest_day_for_an_answer_is_told_to_the_page(scene):
    _, _, agent, page, call_id = await on_air(scene)
    await scene.desk.page_said(agent.agent_id, page, TellPortal("p", call_id, PortalAnswer.USES))
    (case,) = page.last(CallCasesChanged).cases
    assert date.fromisoformat(case.due_latest) == TODAY + timedelta(days=30)


async def test_what_is_said_of_the_portal_is_kept_with_the_call_by_touch_and_by_word(scene):
    terminal, _, agent, page, call_id = await on_air(scene)

    async def kept() -> str:
        async with scene.database.begin() as tx:
            return str((await tx.execute(select(CALLS.c.portal))).scalar_one())

    assert await kept() == PortalAnswer.NOT_ASKED
    answer = CallNote(call_id, "w1", NoteAuthor.CUSTOMER, answer_to="k1", answer=CardAnswer.REGISTERS)
    await scene.desk.terminal_said(terminal, answer)
    assert await kept() == page.last(CallCasesChanged).portal == PortalAnswer.REGISTERS
    await scene.desk.page_said(agent.agent_id, page, TellPortal("p", call_id, PortalAnswer.REGISTERED))
    assert await kept() == PortalAnswer.REGISTERED
    await scene.desk.terminal_said(terminal, answer)  # told again after a lost link
    assert await kept() == PortalAnswer.REGISTERED


SEVEN_TASKS = {  # of clause 6.1.1, as the agent files them
    "consulting": (CaseKind.QUESTION, "charges.explain", SOLVED),
    "arranging services": (CaseKind.REQUEST, "contract.conclude", IN_WORK),
    "accepting documents": (CaseKind.REQUEST, "contract.documents", SOLVED),
    "issuing documents": (CaseKind.REQUEST, "charges.bill_delivery", SOLVED),
    "selling commercial services": (CaseKind.REQUEST, "metering.install", IN_WORK),
    "accepting payments": (CaseKind.REQUEST, "payment.ways", SOLVED),
    "accepting complaints": (CaseKind.COMPLAINT, "complaints.quality", IN_WORK),
}


@pytest.mark.clause("6.1.1", owner="signaling_server/cases")
async def test_each_of_the_seven_tasks_is_filed_in_one_video_session(scene):
    """And what became of a proposed payment is kept with the call."""
    terminal, booth, agent, page, call_id = await on_air(scene)
    pay = CallNote(call_id, "k1", NoteAuthor.AGENT, "за свет", card=Card(CardKind.PAYMENT, amount_minor=1_500_00))
    await scene.desk.page_said(agent.agent_id, page, pay)
    for author, answer in ((NoteAuthor.CUSTOMER, CardAnswer.PAY), (NoteAuthor.TERMINAL, CardAnswer.PAID)):
        told = CallNote(call_id, f"a-{answer}", author, answer_to="k1", answer=answer)
        await scene.desk.terminal_said(terminal, told)
    assert [note.answer for note in page.all(CallNote) if note.answer_to == "k1"] == [CardAnswer.PAY, CardAnswer.PAID]
    *early, (kind, topic, closing) = SEVEN_TASKS.values()
    for closes, (each, topic_id, ends) in enumerate(early, start=1):
        form = NextCase("next", call_id, f"26-{closes:06}", each, topic_id, "Сделано", ends)
        await scene.desk.page_said(agent.agent_id, page, form)
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    await scene.desk.page_said(agent.agent_id, page, CloseWrapUp("wrap", call_id, kind, topic, "Записано", closing))
    assert page.all(CommandRefused) == []
    async with scene.database.begin() as tx:
        rows = (await tx.execute(select(CASES).order_by(CASES.c.number))).all()
    assert [(row.kind, row.topic_id) for row in rows] == [
        (each.value, topic_id) for each, topic_id, _ in SEVEN_TASKS.values()
    ]
    assert {row.call_id for row in rows} == {call_id}
    assert len({case.case_number for case in booth.all(CaseRegistered)}) == len(SEVEN_TASKS)
