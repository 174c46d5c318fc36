"""Cases handed in at a terminal: number and date at once, filed once, photos after it, told to their customer."""

import asyncio
import hashlib

import msgspec
import pytest
from service_scene import EMAIL, NOON_MS, PHONE, VIP_ACCOUNT, case_form, sealed_case, service_scene
from test_case_rules import picture

from signaling_server.cases.filing import UPLOAD_VALID_S
from signaling_server.contract.cases import (
    READINGS_TOPIC,
    AnswerWay,
    AttachmentSlip,
    CaseAsked,
    CaseKind,
    CaseReopened,
    ComplaintSubject,
    UploadAsked,
)
from signaling_server.contract.sealing import attachment_context, seal
from signaling_server.contract.services import CodeAsked, CodeEntered, CodePurpose
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage.tables import CASES

DAY_MS = 86_400_000
PHOTO = picture()
SLIP = AttachmentSlip("a1", hashlib.sha256(PHOTO).hexdigest(), len(PHOTO))


@pytest.fixture
async def scene(tmp_path):
    async with service_scene(tmp_path) as scene:
        yield scene


async def refused(awaited):
    with pytest.raises(ServiceRefusedError) as refusal:
        await awaited
    return refusal.value.reason


def sealed_photo(scene, content=PHOTO, submission_id="s1", attachment_id="a1"):
    return seal(content, scene.seal.public_key, attachment_context(submission_id, attachment_id))


@pytest.mark.clause("3-Регистрация", "9.5.1", owner="signaling_server/cases")
async def test_number_date_and_term_come_at_once_and_the_same_form_is_filed_once(scene):
    first = await scene.file(case_form())
    assert (first.case_number, first.received_date, first.due_date) == ("26-000001", "23.11.2026", "23.12.2026")
    scene.clock.s += 2 * 86_400
    assert await scene.file(case_form()) == first, "the terminal had not heard the answer"
    assert (await scene.file(case_form("s2"))).case_number == "26-000002"
    assert (await scene.file(case_form(), "t2")).case_number == "26-000003", "ids are the terminal's own"


async def test_one_form_that_comes_twice_at_the_same_moment_is_one_case(scene):
    filed = await asyncio.gather(*(scene.file(case_form()) for _ in range(5)))
    assert len({one.case_number for one in filed}) == 1


async def test_the_term_runs_from_the_day_on_which_the_customer_wrote(scene):
    late = await scene.file(case_form(written_at_ms=NOON_MS - 5 * DAY_MS))
    assert (late.received_date, late.due_date) == ("23.11.2026", "18.12.2026")
    for number, wrong in enumerate((NOON_MS + DAY_MS, NOON_MS - 31 * DAY_MS, 0, -(2**62), 2**62)):
        filed = await scene.file(case_form(f"w{number}", written_at_ms=wrong))
        assert filed.due_date == "23.12.2026", "a terminal's clock may be wrong"


async def test_a_vip_has_ten_days(scene):
    assert (await scene.file(case_form(account=VIP_ACCOUNT))).due_date == "03.12.2026"


@pytest.mark.clause("5.1.2a", owner="signaling_server/cases")
async def test_the_account_of_any_district_is_served_at_any_terminal(scene):
    for number, account in enumerate(("100000017", "470012345", "9-1-1", "")):
        assert (await scene.file(case_form(f"s{number}", account=account), f"t{number}")).case_number


async def test_the_customer_is_told_by_the_way_he_chose_and_by_sms_if_he_asked(scene):
    await scene.file(case_form(phone=PHONE, number_by_sms=True))
    await scene.arrived()
    told = {one.channel: one for one in scene.far_end.arrived}
    assert set(told) == {"sms", "email"}
    assert told["email"].address == EMAIL
    for one in told.values():
        assert "26-000001" in one.body
        assert "23.11.2026" in one.body
        assert "23.12.2026" in one.body


async def test_thanks_are_thanked_for_and_owe_no_date(scene):
    thanks = case_form(kind=CaseKind.GRATITUDE, answer_way=AnswerWay.NONE, phone=PHONE, number_by_sms=True)
    filed = await scene.file(thanks)
    assert filed.due_date == ""
    assert (await scene.arrived())[0].startswith("Спасибо")


async def test_what_cannot_be_opened_is_refused_and_says_why(scene):
    good = sealed_case(case_form(), scene.seal.public_key)
    submit = scene.filing.submit
    assert await refused(submit("t1", type(good)("r", "s1", "0" * 16, good.sealed))) == "wrong_key"
    assert await refused(submit("t1", type(good)("r", "s1", good.key_id, good.sealed[:-1]))) == "unreadable"
    assert await refused(submit("t1", type(good)("r", "s9", good.key_id, good.sealed))) == "unreadable"
    for plain in (b"{}", b"\xff", msgspec.json.encode(case_form(text="a\0b")), msgspec.json.encode(case_form("s2"))):
        nonsense = seal(plain, scene.seal.public_key, "case-form s1")
        assert await refused(submit("t1", type(good)("r", "s1", good.key_id, nonsense))) == "bad_form"
    assert await refused(scene.file(case_form(text=""))) == "no_text"
    async with scene.database.begin() as tx:
        assert (await tx.execute(CASES.select())).first() is None


# --- photos -----------------------------------------------------------------------------------------------------------


async def test_a_photo_beside_readings_is_seen_in_the_register_and_owes_no_answer(scene):
    form = case_form(topic_id=READINGS_TOPIC, answer_way=AnswerWay.NONE, kind=CaseKind.REQUEST, attachments=[SLIP])
    filed = await scene.file(form)
    granted = await scene.filing.grant_upload("t1", UploadAsked("r", "s1", "a1"))
    token = granted.path.rpartition("/")[2]
    await scene.filing.take_upload(token, scene.filing.upload("t1", token), sealed_photo(scene))
    assert await scene.case_desk.paper(filed.case_number, "a1") == ("image/jpeg", PHOTO)


async def test_a_photo_follows_its_form_and_a_repeat_changes_nothing(scene):
    filed = await scene.file(case_form(attachments=[SLIP]))
    assert filed.attachments_missing == ["a1"]
    for _ in range(2):
        granted = await scene.filing.grant_upload("t1", UploadAsked("r", "s1", "a1"))
        token = granted.path.rpartition("/")[2]
        upload = scene.filing.upload("t1", token)
        await scene.filing.take_upload(token, upload, sealed_photo(scene))
        assert scene.filing.upload("t1", token) is None, "a path is for one photo"
    assert (await scene.file(case_form(attachments=[SLIP]))).attachments_missing == []
    assert await scene.case_desk.paper("26-000001", "a1") == ("image/jpeg", PHOTO)
    (paper,) = (await scene.case_desk.card("26-000001")).papers
    assert (paper.media_type, paper.size_bytes) == ("image/jpeg", len(PHOTO))


async def test_a_path_is_its_own_terminals_for_five_minutes(scene):
    await scene.file(case_form(attachments=[SLIP]))
    token = (await scene.filing.grant_upload("t1", UploadAsked("r", "s1", "a1"))).path.rpartition("/")[2]
    assert scene.filing.upload("t2", token) is None
    assert scene.filing.upload("t1", token) is not None
    scene.clock.s += UPLOAD_VALID_S
    assert scene.filing.upload("t1", token) is None


@pytest.mark.parametrize("asked", [UploadAsked("r", "s1", "a2"), UploadAsked("r", "s2", "a1")])
async def test_no_path_for_what_was_not_promised(scene, asked):
    await scene.file(case_form(attachments=[SLIP]))
    assert await refused(scene.filing.grant_upload("t1", asked)) == "unknown_attachment"
    assert await refused(scene.filing.grant_upload("t2", UploadAsked("r", "s1", "a1"))) == "unknown_attachment"


async def test_a_photo_that_is_not_the_promised_one_is_refused(scene):
    program = b"MZ" + b"\0" * 500
    slips = [SLIP, AttachmentSlip("a2", hashlib.sha256(program).hexdigest(), len(program))]
    await scene.file(case_form(attachments=slips))

    async def put(attachment_id, sealed):
        granted = await scene.filing.grant_upload("t1", UploadAsked("r", "s1", attachment_id))
        token = granted.path.rpartition("/")[2]
        return await refused(scene.filing.take_upload(token, scene.filing.upload("t1", token), sealed))

    assert await put("a1", sealed_photo(scene)[:-1]) == "unreadable"
    assert await put("a1", sealed_photo(scene, attachment_id="a2")) == "unreadable"
    assert await put("a1", sealed_photo(scene, picture("PNG"))) == "other_content"
    assert await put("a2", sealed_photo(scene, program, attachment_id="a2")) == "no_picture"
    assert (await scene.file(case_form(attachments=slips))).attachments_missing == ["a1", "a2"]


# --- its customer -----------------------------------------------------------------------------------------------------


async def test_a_case_is_told_to_its_account_or_proved_phone_and_to_nobody_else(scene):
    await scene.file(case_form(phone=PHONE))
    told = await scene.filing.tell("t1", CaseAsked("r", "26-000001", account="100000017"))
    assert (told.state, told.topic_title, told.may_appeal) == ("registered", "Разъяснение начислений", False)
    for asked in (
        CaseAsked("r", "26-000001"),
        CaseAsked("r", "26-000001", account="100000018"),
        CaseAsked("r", "26-000002", account="100000017"),
        CaseAsked("r", "26-000001", phone=PHONE, code_id="guessed"),
    ):
        assert await refused(scene.filing.tell("t1", asked)) == "unknown_case"
    sent = await scene.codes.ask("t1", CodeAsked("r", PHONE, CodePurpose.IDENTIFY))
    await scene.codes.enter("t1", CodeEntered("r", sent.code_id, PHONE, await scene.code_in_sms()))
    by_phone = CaseAsked("r", "26-000001", phone=PHONE, code_id=sent.code_id)
    assert (await scene.filing.tell("t1", by_phone)).case_number == "26-000001"
    assert await refused(scene.filing.tell("t2", by_phone)) == "unknown_case"


async def test_a_case_without_account_is_not_everybodys(scene):
    await scene.file(case_form(account=""))
    assert await refused(scene.filing.tell("t1", CaseAsked("r", "26-000001", account=""))) == "unknown_case"


async def test_what_is_not_answered_is_neither_appealed_nor_sent_back(scene):
    await scene.file(case_form())
    appeal = {"kind": CaseKind.COMPLAINT, "complaint_subject": ComplaintSubject.RIGHTS}
    assert await refused(scene.file(case_form("s2", appeal_of="26-000001", **appeal))) == "bad_appeal"
    foreign = case_form("s2", appeal_of="26-000001", account="5", **appeal)
    assert await refused(scene.file(foreign)) == "unknown_case"
    back = CaseReopened("r", "26-000001", "не понял", account="100000017")
    assert await refused(scene.filing.reopen("t1", back)) == "not_answered"
