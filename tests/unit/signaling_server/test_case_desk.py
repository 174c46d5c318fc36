"""Those who work on written cases, and the rules that hold them."""

import pytest
from service_scene import EMAIL, PHONE, case_form, service_scene

from signaling_server.contract.case_desk import (
    AnswerCase,
    AnswerPoint,
    CloseCase,
    ExecuteDecision,
    NotifyCustomer,
    RefusalReason,
    RefuseCase,
    TakeCase,
)
from signaling_server.contract.cases import AnswerWay, CaseAsked, CaseKind, CaseReopened, ComplaintSubject
from signaling_server.contract.messages import Plate
from signaling_server.desk.call import Agent
from signaling_server.refusal import ServiceRefusedError

PLATE = Plate("АО «Энергосбыт»", "Соколова", "Анна", "Викторовна", "специалист")
ANNA = Agent("a1", "anna", PLATE, ("agent",))
BORIS = Agent("a2", "boris", PLATE, ("agent",))
OLGA = Agent("a3", "olga", PLATE, ("supervisor",))
NUMBER = "26-000001"
COMPLAINT = {"kind": CaseKind.COMPLAINT, "complaint_subject": ComplaintSubject.SERVICE}


@pytest.fixture
async def scene(tmp_path):
    async with service_scene(tmp_path) as scene:
        yield scene


async def refused(awaited):
    with pytest.raises(ServiceRefusedError) as refusal:
        await awaited
    return refusal.value.reason


def answer(number=NUMBER, text="Пересчитали.", decision=""):
    return AnswerCase(number, [AnswerPoint("Почему сумма выросла?", text)], decision)


async def in_work(scene, agent=ANNA, **fields):
    await scene.file(case_form(**fields))
    await scene.case_desk.take(agent, TakeCase(NUMBER))


async def test_a_question_is_taken_answered_sent_and_closed(scene):
    await in_work(scene)
    await scene.case_desk.answer(ANNA, answer())
    await scene.arrived()
    letter = next(one for one in scene.far_end.arrived if one.subject == f"Ответ на обращение № {NUMBER}")
    assert letter.address == EMAIL
    assert "Пересчитали." in letter.body
    told = await scene.filing.tell("t1", CaseAsked("r", NUMBER, account="100000017"))
    assert (told.state, told.answer, told.may_appeal) == ("answered", "Пересчитали.", True)
    await scene.case_desk.close(ANNA, CloseCase(NUMBER))
    assert (await scene.case_desk.cases(is_open=True)).cases == []
    (closed,) = (await scene.case_desk.cases(is_open=False)).cases
    assert closed.state == "closed"


@pytest.mark.clause("3-Обработка", owner="signaling_server/cases")
async def test_every_step_has_its_time_and_person(scene):
    await in_work(scene)
    scene.clock.s += 60
    await scene.case_desk.answer(ANNA, answer())
    events = (await scene.case_desk.card(NUMBER)).events
    steps = [(event.from_state, event.to_state, event.actor) for event in events]
    assert steps == [
        ("accepted", "registered", "t1"),
        ("registered", "in_work", "a1"),
        ("in_work", "answered", "a1"),
    ]
    assert events[2].at_ms - events[1].at_ms == 60_000


@pytest.mark.clause("9.5.2", owner="signaling_server/cases")
async def test_an_answer_with_an_empty_point_does_not_leave(scene):
    await in_work(scene)
    points = [AnswerPoint("Почему выросло?", "Изменился тариф."), AnswerPoint("Когда пересчитают?", " ")]
    assert await refused(scene.case_desk.answer(ANNA, AnswerCase(NUMBER, points))) == "empty_point"
    assert (await scene.case_desk.card(NUMBER)).row.state == "in_work"


async def test_an_answer_that_no_terminal_could_show_does_not_leave(scene):
    await in_work(scene)
    points = [AnswerPoint("Почему?", "я" * 4_000)] * 7
    assert await refused(scene.case_desk.answer(ANNA, AnswerCase(NUMBER, points))) == "too_long"


async def test_several_questions_are_answered_apart(scene):
    await in_work(scene)
    points = [AnswerPoint("Почему выросло?", "Тариф."), AnswerPoint("Когда?", "До 5 декабря.")]
    await scene.case_desk.answer(ANNA, AnswerCase(NUMBER, points))
    told = await scene.filing.tell("t1", CaseAsked("r", NUMBER, account="100000017"))
    assert told.answer == "1. Почему выросло?\nТариф.\n\n2. Когда?\nДо 5 декабря."


@pytest.mark.clause("4.2.3c", owner="signaling_server/cases")
async def test_a_complaint_is_closed_only_with_decision_execution_and_notice(scene):
    await in_work(
        scene, answer_way=AnswerWay.POST, postal_address="190000, СПб, Невский, 1", customer_name="И", **COMPLAINT
    )
    desk = scene.case_desk
    assert await refused(desk.answer(ANNA, answer())) == "no_decision"
    await desk.answer(ANNA, answer(decision="Вернуть 100 рублей до 5 декабря"))
    assert (await desk.card(NUMBER)).missing_to_close == ["execution", "notice"]
    assert await refused(desk.close(ANNA, CloseCase(NUMBER))) == "not_finished"
    await desk.execute(ANNA, ExecuteDecision(NUMBER, "Поручение 15"))
    assert await refused(desk.close(ANNA, CloseCase(NUMBER))) == "not_finished"
    await desk.notify(ANNA, NotifyCustomer(NUMBER, "Заказное письмо 123"))
    await desk.close(ANNA, CloseCase(NUMBER))
    assert (await desk.card(NUMBER)).row.state == "closed"


@pytest.mark.clause("5.1.4b", owner="signaling_server/cases")
async def test_an_appeal_is_linked_and_goes_to_another_person(scene):
    await in_work(scene)
    await scene.case_desk.answer(ANNA, answer())
    appeal = await scene.file(case_form("s2", appeal_of=NUMBER, **COMPLAINT))
    assert (await scene.case_desk.card(appeal.case_number)).row.appeal_of == NUMBER
    assert await refused(scene.case_desk.take(ANNA, TakeCase(appeal.case_number))) == "own_decision"
    await scene.case_desk.take(BORIS, TakeCase(appeal.case_number))


async def test_an_answer_that_did_not_help_comes_back_and_is_sent_anew(scene):
    await in_work(scene, answer_way=AnswerWay.SMS, phone=PHONE)
    await scene.case_desk.answer(ANNA, answer())
    back = CaseReopened("r", NUMBER, "не понял", account="100000017")
    assert (await scene.filing.reopen("t1", back)).state == "in_work"
    scene.clock.s += 60
    await scene.case_desk.answer(ANNA, answer(text="Подробно."))
    told = [body for body in await scene.arrived() if "готов ответ" in body]
    assert len(told) == 2


@pytest.mark.clause("9.5.3", owner="signaling_server/cases")
@pytest.mark.parametrize("reason", RefusalReason)
async def test_a_case_is_not_considered_only_when_a_second_person_agrees(scene, reason):
    await in_work(scene, account="100000017")
    await scene.case_desk.answer(ANNA, answer())
    again = (await scene.file(case_form("s2"))).case_number
    earlier = NUMBER if reason is RefusalReason.ALREADY_ANSWERED else ""
    form = RefuseCase(again, reason, earlier)
    for agent in (ANNA, ANNA):
        await scene.case_desk.refuse(agent, form)
    assert (await scene.case_desk.card(again)).row.state == "registered", "one person twice is still one"
    assert await refused(scene.case_desk.refuse(BORIS, form)) == "not_yours"
    await scene.case_desk.refuse(OLGA, form)
    card = await scene.case_desk.card(again)
    assert (card.row.state, card.refusal_reason, card.refusal_by) == ("refused", reason, "a1")


async def test_already_answered_names_an_answered_case(scene):
    await in_work(scene)
    for earlier in ("", "26-000009", NUMBER):
        form = RefuseCase(NUMBER, RefusalReason.ALREADY_ANSWERED, earlier)
        assert await refused(scene.case_desk.refuse(ANNA, form)) == "no_earlier"


async def test_nobody_works_on_anothers_case_nor_twice_on_his_own(scene):
    await in_work(scene)
    assert await refused(scene.case_desk.answer(BORIS, answer())) == "not_yours"
    assert await refused(scene.case_desk.take(BORIS, TakeCase(NUMBER))) == "wrong_state"
    await scene.case_desk.answer(ANNA, answer())
    assert await refused(scene.case_desk.answer(ANNA, answer())) == "wrong_state"
    assert await refused(scene.case_desk.take(ANNA, TakeCase("26-000099"))) == "unknown_case"


async def test_the_list_begins_with_what_is_due_first_and_says_how_urgent_it_is(scene):
    await scene.file(case_form("s1"))
    await scene.file(case_form("s2", kind=CaseKind.GRATITUDE, answer_way=AnswerWay.NONE))
    await scene.file(case_form("s3", account="700000001"))
    scene.clock.s += 8 * 86_400
    listed = (await scene.case_desk.cases(is_open=True)).cases
    assert [(one.number, one.escalation) for one in listed] == [
        ("26-000003", 80),
        ("26-000001", 0),
        ("26-000002", 0),
    ]
