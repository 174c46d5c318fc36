"""What a customer does alone, over the real WebSocket with the office as a program and the messages' far end."""

import asyncio
import contextlib
import hashlib
import io
import re
import sys
import time

import aiohttp
import msgspec
import pytest
from office_bench import ROOT, Crowd, add_agent, enrol_terminal, serve_process, until
from PIL import Image

from signaling_server.config import Settings
from signaling_server.contract.cases import (
    AnswerWay,
    AttachmentSlip,
    CaseAsked,
    CaseFiled,
    CaseForm,
    CaseKind,
    CaseSubmitted,
    CaseTold,
    ComplaintSubject,
    Segment,
    UploadAsked,
    UploadGranted,
)
from signaling_server.contract.knowledge import (
    ArticleAsked,
    ArticleTold,
    PictureAsked,
    PictureTold,
    SearchAsked,
    SearchTold,
    StandardAsked,
    StandardTold,
)
from signaling_server.contract.sealing import attachment_context, form_context, key_id_of, seal
from signaling_server.contract.self_service import ServicesAsked, ServicesTold
from signaling_server.contract.services import (
    CodeAsked,
    CodeEntered,
    CodeProved,
    CodePurpose,
    CodeSent,
    InformingAsked,
    InformingTold,
    ServiceRefused,
)
from signaling_server.contract.visits import (
    BookingAsked,
    BookingCancelled,
    BookingTold,
    CheckInAsked,
    PlacesAsked,
    PlacesTold,
    RatingGiven,
    RatingStored,
    SlotsAsked,
    SlotsTold,
    SurveyAsked,
    SurveyTold,
    VisitStep,
    VisitSteps,
    VisitStepsStored,
)
from signaling_server.messaging.far_end import FarEnd
from signaling_server.messaging.rules import Channel, OutgoingMessage
from signaling_server.office import open_office_database
from signaling_server.schedules.places import SHIPPED
from signaling_server.storage.messages import put_message

PHONE = "+79211234567"


@pytest.fixture
async def crowd():
    async with Crowd() as crowd:
        yield crowd


@contextlib.asynccontextmanager
async def whole_office(data_dir):
    """The office as a process, with both ways out; gives what it said and the far end."""
    far_end = FarEnd()
    await far_end.start()
    data_dir.mkdir()
    settings = (
        "[messaging]\n"
        f'smtp_url = "smtp://127.0.0.1:{far_end.smtp_port}"\nsender_email = "office@example.org"\n'
        f'sms_url = "http://127.0.0.1:{far_end.http_port}/sms"\n'
    )
    (data_dir / "office.toml").write_text(settings, "utf-8")
    process, said = await serve_process(data_dir)
    try:
        yield said, far_end
    finally:
        process.kill()
        await process.wait()
        await far_end.stop()


async def test_a_customer_turns_informing_on_by_a_code_from_his_phone(tmp_path, crowd):
    async with whole_office(tmp_path / "office") as (said, far_end):
        identity = await enrol_terminal(tmp_path / "office", said["terminal_url"], "t1")
        terminal = await crowd.terminal(said["terminal_url"], identity)
        await terminal.send(CodeAsked("r1", PHONE, CodePurpose.INFORMING_ON, "100000017", "sms-informing-1"))
        sent = await terminal.expect(CodeSent)
        await until(lambda: _arrived(far_end, 1))
        code = re.match(r"\d{6}", far_end.arrived[0].body).group()
        await terminal.send(CodeEntered("r2", sent.code_id, PHONE, f"{(int(code) + 1) % 1_000_000:06d}"))
        assert (await terminal.expect(ServiceRefused)).reason == "wrong_code"
        await terminal.send(CodeEntered("r3", sent.code_id, PHONE, code))
        assert (await terminal.expect(CodeProved)).accounts == ["100000017"]
        await terminal.send(InformingAsked("r4", "100000017"))
        assert (await terminal.expect(InformingTold)).phones_masked == ["+7 921 ***-**-67"]


async def test_a_request_that_is_no_request_closes_the_connection(tmp_path, crowd):
    async with whole_office(tmp_path / "office") as (said, _):
        identity = await enrol_terminal(tmp_path / "office", said["terminal_url"], "t1")
        terminal = await crowd.terminal(said["terminal_url"], identity)
        await terminal.send(CodeEntered("r1", "c1", PHONE, "12345"))
        assert await terminal.closed() == aiohttp.WSCloseCode.INVALID_TEXT


async def test_who_cannot_be_reached_is_seen_by_the_supervisor_and_sent_again(tmp_path, crowd):
    data_dir = tmp_path / "office"
    async with whole_office(data_dir) as (said, far_end):
        await add_agent(data_dir, "anna")
        await add_agent(data_dir, "olga", roles=("supervisor",))
        far_end.refuse_next, far_end.refuse_forever = 1, True
        database = await open_office_database(data_dir, Settings())
        letter = OutgoingMessage(
            "k1", Channel.EMAIL, "ivanova@mail.ru", "Ответ", "case_answered", "back_office", "Ответ"
        )
        async with database.begin() as tx:
            await put_message(tx, letter, created_at_ms=time.time_ns() // 1_000_000, due_at_ms=0)
        await database.dispose()
        agent, supervisor = await crowd.signed_in(said["desk_url"]), await crowd.signed_in(said["desk_url"], "olga")
        async with agent.get(f"{said['desk_url']}/api/messages/dead") as answer:
            assert answer.status == 403

        async def dead():
            async with supervisor.get(f"{said['desk_url']}/api/messages/dead") as answer:
                return (await answer.json())["messages"]

        await until(dead)
        (one,) = await dead()
        assert (one["template"], one["address_masked"]) == ("case_answered", "i***@mail.ru")
        headers = {"Origin": said["desk_url"]}
        again = f"{said['desk_url']}/api/messages/{one['message_id']}/again"
        async with supervisor.post(again, headers=headers) as answer:
            assert answer.status == 204
        assert await dead() == []
        await until(lambda: _arrived(far_end, 1))
        async with supervisor.post(again, headers=headers) as answer:
            assert answer.status == 404


async def test_the_far_end_runs_as_a_program_and_shows_what_arrived(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "signaling_server", "messages-far-end", "--smtp-port", "0", "--http-port", "0"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(30):
            ports = re.search(rb'"http_port": (\d+)', await process.stdout.readline())
        url = f"http://127.0.0.1:{int(ports.group(1))}"
        async with aiohttp.ClientSession() as http:
            told = {"id": "m1", "from": "x", "to": PHONE, "text": "Привет <b>"}
            for _ in range(2):
                async with http.post(f"{url}/sms", json=told) as answer:
                    assert (await answer.json())["id"] == "far-m1"
            async with http.get(url) as page:
                shown = await page.text()
    finally:
        process.kill()
        await process.wait()
    assert shown.count("Привет &lt;b&gt;") == 1


async def test_a_complaint_written_at_the_terminal_gets_its_number_its_photo_and_its_answer(tmp_path, crowd):
    data_dir = tmp_path / "office"
    async with whole_office(data_dir) as (said, far_end):
        for login in ("anna", "boris"):
            await add_agent(data_dir, login)
        identity = await enrol_terminal(data_dir, said["terminal_url"], "t1")
        terminal = await crowd.terminal(said["terminal_url"], identity)
        await terminal.send(ServicesAsked("r1"))
        told = await terminal.expect(ServicesTold)
        assert (told.sms, told.email, len(told.topics) > 20) == (True, True, True)
        key = bytes.fromhex(told.seal_key_hex)
        form = _complaint("s1", attachments=[AttachmentSlip("a1", hashlib.sha256(PHOTO).hexdigest(), len(PHOTO))])
        for request_id in ("r2", "r3"):
            await terminal.send(_sealed(request_id, form, key))
            filed = await terminal.expect(CaseFiled)
            assert (filed.request_id, filed.case_number[2:]) == (request_id, "-000001")
        await terminal.send(UploadAsked("r4", "s1", "a1"))
        granted = await terminal.expect(UploadGranted)
        url, sealed = said["terminal_url"] + granted.path, seal(PHOTO, key, attachment_context("s1", "a1"))
        http = await crowd.http()
        for path, body, status in (
            (f"{said['terminal_url']}/upload/guess", sealed, 404),
            (url, sealed + b"x" * 100_000, 413),
            (url, sealed[:-1], 422),
            (url, sealed, 204),
            (url, sealed, 404),
        ):
            async with http.put(path, data=body, ssl=identity.ssl_context()) as answer:
                assert answer.status == status
        await until(lambda: _arrived(far_end, 1))
        assert filed.case_number in far_end.arrived[0].body

        desk, agent = said["desk_url"], await crowd.signed_in(said["desk_url"])
        headers = {"Origin": desk}
        async with agent.get(f"{desk}/api/cases/{filed.case_number}/papers/a1") as answer:
            assert (answer.status, await answer.read()) == (200, PHOTO)
        answered = {
            "number": filed.case_number,
            "points": [{"question": "Почему нагрубили?", "answer": "Извинились."}],
            "decision": "Замечание",
        }
        for act, body, status in (
            ("answer", answered, 409),
            ("take", {"number": filed.case_number}, 204),
            ("answer", answered, 204),
            ("close", {"number": filed.case_number}, 409),
            ("take", {"number": "26-999999"}, 404),
            ("take", {"number": 5}, 400),
        ):
            async with agent.post(f"{desk}/api/cases/{act}", json=body, headers=headers) as answer:
                assert answer.status == status, (act, await answer.text())
        await terminal.send(CaseAsked("r5", filed.case_number, account="100000017"))
        seen = await terminal.expect(CaseTold)
        assert (seen.state, seen.answer, seen.may_appeal) == ("answered", "Извинились.", True)
        await terminal.send(_sealed("r6", _complaint("s2", appeal_of=filed.case_number), key))
        appeal = await terminal.expect(CaseFiled)
        async with agent.post(f"{desk}/api/cases/take", json={"number": appeal.case_number}, headers=headers) as answer:
            assert (await answer.json())["error"] == "own_decision"
        other = await crowd.signed_in(desk, "boris")
        async with other.post(f"{desk}/api/cases/take", json={"number": appeal.case_number}, headers=headers) as answer:
            assert answer.status == 204


async def test_what_was_sealed_before_a_restart_is_filed_after_it(tmp_path, crowd):
    data_dir = tmp_path / "office"
    data_dir.mkdir()
    process, said = await serve_process(data_dir)
    try:
        identity = await enrol_terminal(data_dir, said["terminal_url"], "t1")
        terminal = await crowd.terminal(said["terminal_url"], identity)
        await terminal.send(ServicesAsked("r1"))
        key = bytes.fromhex((await terminal.expect(ServicesTold)).seal_key_hex)
        await terminal.send(_sealed("r2", _complaint("s1"), key))
        first = await terminal.expect(CaseFiled)
    finally:
        process.kill()
        await process.wait()
    process, said = await serve_process(data_dir)
    try:
        terminal = await crowd.terminal(said["terminal_url"], identity)
        numbers = []
        for submission_id in ("s1", "s2"):
            await terminal.send(_sealed("r3", _complaint(submission_id), key))
            numbers.append((await terminal.expect(CaseFiled)).case_number)
    finally:
        process.kill()
        await process.wait()
    assert numbers[0] == first.case_number
    assert numbers[1].endswith("-000002")


async def test_an_answer_is_found_read_and_seen_at_the_terminal(tmp_path, crowd):
    async with whole_office(tmp_path / "office") as (said, _):
        identity = await enrol_terminal(tmp_path / "office", said["terminal_url"], "t1")
        terminal = await crowd.terminal(said["terminal_url"], identity)
        await terminal.send(SearchAsked("r1", "передавать показаня", Segment.B2C))
        first = (await terminal.expect(SearchTold)).found[0]
        await terminal.send(ArticleAsked("r2", first.article_id))
        article = (await terminal.expect(ArticleTold)).article
        picture = next(block.picture for block in article.blocks if block.picture)
        await terminal.send(PictureAsked("r3", picture))
        shown = Image.open(io.BytesIO((await terminal.expect(PictureTold)).content))
        assert (article.article_id, shown.format) == ("readings_submit", "PNG")
        await terminal.send(StandardAsked("r4", 0))
        assert (await terminal.expect(StandardTold)).chapter.startswith("1.")
        await terminal.send(StandardAsked("r5", 10_000))
        assert (await terminal.expect(ServiceRefused)).reason == "unknown_page"


async def test_a_customer_books_a_time_rates_his_visit_and_leaves_no_name_behind(tmp_path, crowd):
    async with whole_office(tmp_path / "office") as (said, _):
        identity = await enrol_terminal(tmp_path / "office", said["terminal_url"], "t1")
        terminal = await crowd.terminal(said["terminal_url"], identity)
        await terminal.send(PlacesAsked("r1", Segment.B2C))
        place = next(one for one in (await terminal.expect(PlacesTold)).places if one.bookable)
        await terminal.send(SlotsAsked("r2", place.place_id, "charges.explain"))
        slot = (await terminal.expect(SlotsTold)).days[-1].slots[0]
        booking = BookingAsked("r3", "s1", place.place_id, slot.starts_at_ms, "charges.explain", Segment.B2C)
        await terminal.send(booking)
        booked = await terminal.expect(BookingTold)
        await terminal.send(CheckInAsked("r4", booked.ticket))
        assert (await terminal.expect(ServiceRefused)).reason == "too_early"
        await terminal.send(BookingCancelled("r5", booked.ticket))
        assert (await terminal.expect(BookingTold)).state == "cancelled"
        await terminal.send(SurveyAsked("r6", "visit"))
        survey = await terminal.expect(SurveyTold)
        for question in survey.questions:
            await terminal.send(
                RatingGiven("r7", question.question_id, survey.survey_version, question.question_id, 5, "visit")
            )
            await terminal.expect(RatingStored)
        await terminal.send(VisitSteps("r8", [VisitStep("v1", 1, 0, "booking", "booking", "done", 5, 40_000)]))
        assert (await terminal.expect(VisitStepsStored)).request_id == "r8"
        await terminal.send(VisitSteps("r9", [VisitStep("v1", 2, 0, "Иванов")]))
        assert await terminal.closed() == aiohttp.WSCloseCode.INVALID_TEXT


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (
            "places.toml",
            SHIPPED.read_text("utf-8").replace('sat = ["10:00-18:00"]', ""),
            "places.toml: office-central: в выходные недели",
        ),
        ("calendar.toml", "[[years]]\nyear = 2027\nholidays = [2026-11-04]", "calendar.toml: 2026-11-04 — не 2027 год"),
    ],
)
async def test_an_office_with_hours_that_the_standard_forbids_or_a_broken_calendar_does_not_open(
    tmp_path, name, text, says
):
    data_dir = tmp_path / "office"
    data_dir.mkdir()
    (data_dir / name).write_text(text, "utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "signaling_server", "serve", "--data", str(data_dir), "--desk-port", "0", "--terminal-port", "0"),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        _, told = await process.communicate()
    assert process.returncode == 1
    assert says in told.decode()


def _complaint(submission_id, **fields):
    return CaseForm(
        submission_id,
        0,
        Segment.B2C,
        CaseKind.COMPLAINT,
        "complaints.quality",
        "Почему нагрубили?",
        AnswerWay.EMAIL,
        ComplaintSubject.SERVICE,
        email="ivanova@mail.ru",
        account="100000017",
        consent_version="personal-data-1",
        **fields,
    )


def _sealed(request_id, form, key):
    sealed = seal(msgspec.json.encode(form), key, form_context(form.submission_id))
    return CaseSubmitted(request_id, form.submission_id, key_id_of(key), sealed)


def _photo():
    kept = io.BytesIO()
    Image.effect_noise((400, 300), 50).save(kept, "JPEG")
    return kept.getvalue()


PHOTO = _photo()


async def _arrived(far_end, count):
    return len(far_end.arrived) >= count
