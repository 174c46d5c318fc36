"""Free times, bookings that nobody else gets, check-in by ticket; ratings and steps of visits."""

import asyncio
from datetime import datetime, timedelta, timezone

import msgspec
import pytest
from service_scene import NOON_MS, PERSONAL_DATA, PHONE, case_form, service_scene

from signaling_server.contract.cases import Segment
from signaling_server.contract.decoding import decode_body
from signaling_server.contract.messages import MessageError, encode
from signaling_server.contract.visits import (
    BookingAsked,
    BookingCancelled,
    BookingState,
    CheckInAsked,
    RatingGiven,
    SlotsAsked,
    SurveyAsked,
    VisitStep,
    VisitSteps,
)
from signaling_server.refusal import ServiceRefusedError
from signaling_server.schedules.booking import EARLY_MS, LATE_MS
from signaling_server.self_service.feedback import SURVEYS_PATH, SurveyError, load_surveys
from signaling_server.storage.service_tables import BOOKINGS, OUTGOING, RATINGS, VISIT_EVENTS
from signaling_server.storage.tables import TERMINALS

TOPIC = "charges.explain"
MINUTE_MS = 60_000


def moment_ms(day, hour, minute=0):
    zone = timezone(timedelta(hours=3))
    return round(datetime(2026, 11, day, hour, minute, tzinfo=zone).timestamp() * 1_000)


def asked(submission_id="s1", starts_at_ms=None, **fields):
    start = moment_ms(24, 10) if starts_at_ms is None else starts_at_ms
    plain = {"place_id": "office", "topic_id": TOPIC, "segment": Segment.B2C}
    return BookingAsked("r", submission_id, starts_at_ms=start, **(plain | fields))


@pytest.fixture
async def scene(tmp_path):
    async with service_scene(tmp_path) as scene:
        yield scene


async def refused(awaited):
    with pytest.raises(ServiceRefusedError) as refusal:
        await awaited
    return refusal.value.reason


async def stored(scene, table):
    async with scene.database.begin() as tx:
        return (await tx.execute(table.select())).mappings().all()


# --- booking ----------------------------------------------------------------------------------------------------------


async def test_free_times_are_those_still_to_come_when_the_place_is_open(scene):
    told = await scene.bookings.slots(SlotsAsked("r", "office", TOPIC))
    assert [day.day for day in told.days] == [f"2026-11-{day}" for day in (23, 24, 25, 26, 27, 28)]
    today = [slot.starts_at_ms for slot in told.days[0].slots]
    assert today[:3] == [moment_ms(23, 12, 30), moment_ms(23, 13, 30), moment_ms(23, 14)]
    assert today[-1] == moment_ms(23, 17, 30)
    assert {slot.free for day in told.days for slot in day.slots} == {2}


@pytest.mark.clause("3-СЭО", owner="signaling_server/desk")
async def test_a_booked_customer_gets_a_ticket_on_the_screen_and_in_his_phone(scene):
    told = await scene.bookings.book("t1", asked(phone=PHONE, consent_version=PERSONAL_DATA))
    assert (told.day, told.time, told.place_title) == ("24.11.2026", "10:00", "Офис на Невском")
    assert len(told.ticket) == 6
    assert await scene.bookings.book("t1", asked(phone=PHONE, consent_version=PERSONAL_DATA)) == told
    (body,) = await scene.arrived()
    assert told.ticket in body
    assert "24.11.2026 в 10:00" in body


async def test_as_many_customers_as_seats_get_a_time_however_they_hurry(scene):
    answers = await asyncio.gather(*(scene.bookings.book(f"t{n}", asked()) for n in range(6)), return_exceptions=True)
    assert [getattr(one, "reason", "booked") for one in answers].count("booked") == 2
    assert {one.reason for one in answers if isinstance(one, ServiceRefusedError)} == {"taken"}
    told = await scene.bookings.slots(SlotsAsked("r", "office", TOPIC))
    assert moment_ms(24, 10) not in [slot.starts_at_ms for day in told.days for slot in day.slots]


async def test_a_cancelled_time_is_free_again(scene):
    first = await scene.bookings.book("t1", asked(phone=PHONE, consent_version=PERSONAL_DATA))
    await scene.bookings.book("t2", asked())
    assert await refused(scene.bookings.book("t3", asked())) == "taken"
    assert await refused(scene.bookings.cancel(BookingCancelled("r", first.ticket))) == "unknown_ticket"
    ended = await scene.bookings.cancel(BookingCancelled("r", first.ticket, "8 921 123-45-67"))
    assert ended.state is BookingState.CANCELLED
    assert await refused(scene.bookings.cancel(BookingCancelled("r", first.ticket, PHONE))) == "not_booked"
    await scene.bookings.book("t3", asked())
    assert await refused(scene.bookings.check_in(CheckInAsked("r", first.ticket))) == "not_booked"


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (asked(place_id="far"), "unknown_place"),
        (asked(place_id="nowhere"), "unknown_place"),
        (asked(topic_id="nonsense"), "unknown_topic"),
        (asked(segment=Segment.B2B), "wrong_segment"),
        (asked(starts_at_ms=moment_ms(23, 11, 30)), "no_such_time"),  # it has passed
        (asked(starts_at_ms=moment_ms(24, 10, 10)), "no_such_time"),
        (asked(starts_at_ms=moment_ms(24, 13)), "no_such_time"),  # a break
        (asked(starts_at_ms=moment_ms(29, 10)), "no_such_time"),  # Sunday
        (asked(starts_at_ms=moment_ms(24, 17, 45)), "no_such_time"),
        (asked(starts_at_ms=moment_ms(30, 10)), "no_such_time"),  # too far ahead
        (asked(phone="12"), "bad_phone"),
        (asked(phone=PHONE), "no_consent"),
    ],
)
async def test_what_cannot_be_booked_is_refused(scene, request_, reason):
    assert await refused(scene.bookings.book("t1", request_)) == reason
    assert await stored(scene, BOOKINGS) == []


async def test_one_phone_does_not_hold_all_times(scene):
    for n in range(3):
        start = moment_ms(24, 10 + n)
        await scene.bookings.book("t1", asked(f"s{n}", start, phone=PHONE, consent_version=PERSONAL_DATA))
    fourth = asked("s4", moment_ms(25, 10), phone=PHONE, consent_version=PERSONAL_DATA)
    assert await refused(scene.bookings.book("t1", fourth)) == "too_many"
    scene.clock.s += 2 * 86_400
    later = asked("s4", moment_ms(26, 10), phone=PHONE, consent_version=PERSONAL_DATA)
    await scene.bookings.book("t1", later)


@pytest.mark.clause("6.3.3b", owner="signaling_server/cases")
@pytest.mark.parametrize(
    ("from_start_ms", "outcome"),
    [
        (-EARLY_MS - 1, "too_early"),
        (-EARLY_MS, "checked_in"),
        (-5 * MINUTE_MS, "checked_in"),
        (0, "checked_in"),
        (5 * MINUTE_MS, "checked_in"),
        (LATE_MS + 1, "too_late"),
    ],
)
async def test_a_booking_is_honoured_five_minutes_around_its_time(scene, from_start_ms, outcome):
    told = await scene.bookings.book("t1", asked())
    scene.clock.s = (told.starts_at_ms + from_start_ms) / 1_000
    if outcome == "checked_in":
        for _ in range(2):
            assert (await scene.bookings.check_in(CheckInAsked("r", told.ticket))).state == "checked_in"
        scene.clock.s += 3_600
        assert (await scene.bookings.check_in(CheckInAsked("r", told.ticket))).state == "checked_in", "he is here"
    else:
        assert await refused(scene.bookings.check_in(CheckInAsked("r", told.ticket))) == outcome


@pytest.mark.clause("6.3.3b", owner="signaling_server/desk")
async def test_who_marked_himself_waits_on_the_list_until_somebody_takes_him(scene):
    later = await scene.bookings.book("t1", asked("s2", moment_ms(24, 10, 30)))
    told = await scene.bookings.book("t1", asked())
    scene.clock.s = told.starts_at_ms / 1_000
    assert (await scene.bookings.arrivals()).arrivals == [], "booked is not here"
    for one in (later, told):
        await scene.bookings.check_in(CheckInAsked("r", one.ticket))
    here = (await scene.bookings.arrivals()).arrivals
    assert [(one.ticket, one.starts_at_ms) for one in here] == [
        (told.ticket, told.starts_at_ms),
        (later.ticket, later.starts_at_ms),
    ]
    assert (here[0].topic_title, here[0].checked_in_at_ms) == ("Разъяснение начислений", told.starts_at_ms)
    await scene.bookings.take_arrival(here[0].booking_id)
    assert await refused(scene.bookings.take_arrival(here[0].booking_id)) == "taken_already"
    assert await refused(scene.bookings.take_arrival("nobody")) == "taken_already"
    assert [one.ticket for one in (await scene.bookings.arrivals()).arrivals] == [later.ticket]
    scene.clock.s += 13 * 3_600
    assert (await scene.bookings.arrivals()).arrivals == [], "nobody waits till the next day"


async def test_who_does_not_come_in_time_has_lost_his_seat(scene):
    told = await scene.bookings.book("t1", asked())
    scene.clock.s = (told.starts_at_ms + LATE_MS + 1) / 1_000
    assert await refused(scene.bookings.check_in(CheckInAsked("r", told.ticket))) == "too_late"
    assert await refused(scene.bookings.check_in(CheckInAsked("r", told.ticket))) == "not_booked"
    (row,) = await stored(scene, BOOKINGS)
    assert (row["state"], row["seat"]) == ("no_show", None)


async def test_a_guessed_ticket_opens_nothing(scene):
    assert await refused(scene.bookings.check_in(CheckInAsked("r", "000000"))) == "unknown_ticket"


# --- whose night it is ------------------------------------------------------------------------------------------------


async def test_an_sms_to_who_stood_far_to_the_east_waits_for_his_morning(scene):
    async with scene.database.begin() as tx:
        far = {"terminal_id": "t9", "site": "Владивосток, 1", "certificate_fingerprint": "f"}
        await tx.execute(TERMINALS.insert().values(far))
    scene.clock.s += 4 * 3_600  # 16:00 in Moscow, 23:00 there
    for terminal_id in ("t1", "t9"):
        await scene.file(case_form(phone=PHONE, number_by_sms=True), terminal_id)
    due = [row["due_at_ms"] for row in await stored(scene, OUTGOING) if row["channel"] == "sms"]
    assert due == [NOON_MS + 4 * 3_600_000, NOON_MS + 14 * 3_600_000]


@pytest.mark.clause("7.1.6", owner="signaling_server/cases")
async def test_a_message_left_when_nobody_serves_is_a_registered_case(scene):
    scene.clock.s += 10 * 3_600  # 22:00
    filed = await scene.file(case_form(text="Перезвоните мне, пожалуйста"))
    assert (filed.case_number, filed.received_date) == ("26-000001", "23.11.2026")
    (listed,) = (await scene.case_desk.cases(is_open=True)).cases
    assert listed.state == "registered"


# --- ratings and steps ------------------------------------------------------------------------------------------------


def rating(submission_id="s1", **fields):
    plain = {"survey_version": "2026-1", "question_id": "expectation", "score": 4, "subject": "visit"}
    return RatingGiven("r", submission_id, **(plain | fields))


async def test_a_survey_is_asked_only_while_its_campaign_runs(scene):
    told = scene.feedback.survey(SurveyAsked("r", "visit"))
    assert [question.question_id for question in told.questions] == ["expectation", "effort"]
    assert scene.feedback.survey(SurveyAsked("r", "case")).questions == []
    scene.clock.s += 365 * 86_400
    assert scene.feedback.survey(SurveyAsked("r", "visit")).questions == []


async def test_a_rating_is_kept_once_with_the_question_and_scale_that_were_seen(scene):
    for _ in range(2):
        await scene.feedback.rate("t1", rating(score=2, reason="Было долго"))
    (row,) = await stored(scene, RATINGS)
    assert (row["score"], row["score_max"], row["reason"]) == (2, 5, "Было долго")
    assert row["question"] == "Насколько результат совпал с тем, чего вы ждали?"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (rating(score=0), "bad_score"),
        (rating(score=6), "bad_score"),
        (rating(reason="Иванов с улицы Ленина"), "bad_score"),
        (rating(question_id="other"), "unknown_question"),
        (rating(survey_version="2020-1"), "unknown_question"),
        (rating(subject="case"), "unknown_question"),
    ],
)
async def test_an_answer_to_no_question_is_refused(scene, given, reason):
    assert await refused(scene.feedback.rate("t1", given)) == reason
    assert await stored(scene, RATINGS) == []


def test_surveys_that_cannot_be_read_are_one_error(tmp_path):
    path = tmp_path / "surveys.toml"
    path.write_text(SURVEYS_PATH.read_text("utf-8") * 2, "utf-8")
    with pytest.raises(SurveyError, match="повторяется"):
        load_surveys(path)
    path.write_text("survey = 5", "utf-8")
    with pytest.raises(SurveyError, match=r"surveys\.toml"):
        load_surveys(path)


async def test_steps_of_visits_are_stored_once_whatever_is_repeated(scene):
    steps = [VisitStep("v1", n, NOON_MS + n, "balance", "balance", "done", 3, 5_000) for n in range(3)]
    for sent in (steps[:2], steps, steps[1:], [steps[0], steps[0]]):
        await scene.feedback.store_steps("t1", VisitSteps("r", sent))
    await scene.feedback.store_steps("t2", VisitSteps("r", steps[:1]))
    rows = await stored(scene, VISIT_EVENTS)
    assert sorted((row["terminal_id"], row["sequence"]) for row in rows) == [("t1", 0), ("t1", 1), ("t1", 2), ("t2", 0)]
    assert (rows[0]["screen"], rows[0]["touches"], rows[0]["duration_ms"]) == ("balance", 3, 5_000)


@pytest.mark.parametrize("field", ["screen", "service", "result", "visit_id"])
@pytest.mark.parametrize("typed", ["Иванов", "+79211234567", "a b", "ivanova@mail.ru"])
def test_what_a_customer_typed_cannot_be_a_step(field, typed):
    step = msgspec.structs.replace(VisitStep("v1", 0, 0, "balance"), **{field: typed})
    with pytest.raises(MessageError):
        decode_body(encode(VisitSteps("r", [step])), VisitSteps)
