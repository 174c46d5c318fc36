"""The outbox of written обращения: sealed at once, answered once, mended in place, honest when it cannot keep."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path

import pytest
from msgspec import structs

from payment.billing.outbox import OutboxError, OutboxFile
from signaling_server.contract.cases import AnswerWay, AttachmentSlip, CaseFiled, CaseForm, CaseKind, Segment
from signaling_server.contract.sealing import OfficeSeal, form_context
from signaling_server.contract.self_service import ServicesTold
from signaling_server.contract.services import ServiceRefused
from terminal_app.core import case_outbox
from terminal_app.core.case_outbox import FILE, NOT_SENT, PAPERS, UNHEARD, CaseOutbox

SEAL = OfficeSeal(bytes(range(32)))
SERVICES = ServicesTold("-", SEAL.key_id, SEAL.public_key.hex(), [], sms=True, email=True)
FIRST, MENDED = "submission-0001", "submission-0002"
TEXT = "Никто не должен прочитать этого на диске"
FORM = CaseForm(FIRST, 0, Segment.B2C, CaseKind.GRATITUDE, "charges.explain", TEXT, AnswerWay.NONE)
PAPER = AttachmentSlip("a1", "0" * 64, 10)
FILED = CaseFiled("-", FIRST, "26-000001", "26.11.2026", "", AnswerWay.NONE, [])
BAD_PHONE = ServiceRefused("-", "bad_phone", "Проверьте телефон")


class Office:
    """Answers each submission with the next of what it is told to say; None: silence."""

    def __init__(self, *answers: CaseFiled | ServiceRefused | None) -> None:
        self.answers = list(answers)
        self.asked: list[object] = []

    def ask(self, request, answered) -> None:
        self.asked.append(request)
        answer = self.answers.pop(0) if self.answers else None
        asyncio.get_running_loop().call_soon(answered, answer)


async def no_upload(path: str, content: bytes) -> int:
    raise AssertionError("nothing was granted")


def opened(folder: Path, office: Office, services: ServicesTold | None = SERVICES) -> CaseOutbox:
    return CaseOutbox(folder, office.ask, no_upload, lambda: services)


def parcels(folder: Path) -> dict[str, str]:
    """Keys and refusals on disk."""
    box = OutboxFile(folder / FILE)
    try:
        return {parcel.key: parcel.refused for parcel in box.labels()}
    finally:
        box.close()


async def until_in_file(folder: Path, word: str, *, there: bool) -> None:
    """Looks at the bytes of the file, which core holds: what is delivered is overwritten in it."""
    for _ in range(1_000):
        if (word.encode() in (folder / FILE).read_bytes()) is there:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{word} there: {not there}")


async def test_a_form_is_on_disk_sealed_to_the_office_before_it_is_said_to_be_kept(tmp_path):
    outbox = opened(tmp_path, Office())
    assert await outbox.keep(FORM, {}, linked=False) is None
    await outbox.close()
    assert TEXT.encode() not in (tmp_path / FILE).read_bytes()
    box = OutboxFile(tmp_path / FILE)
    body = json.loads(box.find(FIRST).body)
    box.close()
    plain = SEAL.open(base64.b64decode(body["sealed"]), form_context(FIRST))
    assert json.loads(plain)["text"] == TEXT
    assert body["key_id"] == SEAL.key_id


async def test_the_answer_of_the_office_is_heard_by_who_waits_and_ends_the_parcel(tmp_path):
    outbox = opened(tmp_path, Office(FILED))
    outbox.link_changed(linked=True)
    assert await outbox.keep(FORM, {}, linked=True) == FILED
    await until_in_file(tmp_path, FIRST, there=False)
    await outbox.close()
    assert parcels(tmp_path) == {}


async def test_a_refused_form_stays_with_its_reason_until_the_mended_one_takes_its_place(tmp_path):
    mended = structs.replace(FORM, submission_id=MENDED, attachments=[])
    office = Office(BAD_PHONE, structs.replace(FILED, submission_id=MENDED))
    outbox = opened(tmp_path, office)
    outbox.link_changed(linked=True)
    with_paper = structs.replace(FORM, attachments=[PAPER])
    assert await outbox.keep(with_paper, {"a1": b"photo"}, linked=True) == BAD_PHONE
    await until_in_file(tmp_path, BAD_PHONE.reason, there=True)
    await outbox.close()
    assert parcels(tmp_path) == {FIRST: "bad_phone"}
    assert outbox.alarms() == []  # its customer was told
    assert len(list((tmp_path / PAPERS).iterdir())) == 1
    outbox = opened(tmp_path, office)
    outbox.link_changed(linked=True)
    answer = await outbox.keep(mended, {}, linked=True, replaces=FIRST)
    assert answer.submission_id == MENDED
    await until_in_file(tmp_path, MENDED, there=False)
    await outbox.close()
    assert parcels(tmp_path) == {}
    assert list((tmp_path / PAPERS).iterdir()) == []


async def test_the_same_form_kept_again_is_sent_once_more_and_no_other(tmp_path):
    outbox = opened(tmp_path, Office())
    for _ in range(2):  # sealed anew it looks different
        assert await outbox.keep(FORM, {}, linked=False) is None
    await outbox.close()
    assert parcels(tmp_path) == {FIRST: ""}


async def test_a_silent_office_leaves_it_waiting_and_the_customer_does_not_wait_long(tmp_path, monkeypatch):
    monkeypatch.setattr(case_outbox, "ANSWER_S_MAX", 0.05)
    outbox = opened(tmp_path, Office(None))
    outbox.link_changed(linked=True)
    assert await outbox.keep(FORM, {}, linked=True) is None
    await outbox.close()
    assert parcels(tmp_path) == {FIRST: ""}


@pytest.mark.parametrize(("services", "photos"), [(None, {"a1": b"photo"}), (SERVICES, {})])
async def test_what_cannot_be_kept_is_said_so(tmp_path, services, photos):
    outbox = opened(tmp_path, Office(), services)
    with pytest.raises(OutboxError):
        await outbox.keep(structs.replace(FORM, attachments=[PAPER]), photos, linked=False)
    await outbox.close()
    assert parcels(tmp_path) == {}


async def test_a_file_that_is_no_outbox_takes_no_form_and_stops_nothing_else(tmp_path):
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    outbox = opened(tmp_path, Office())
    outbox.link_changed(linked=True)
    with pytest.raises(OutboxError):
        await outbox.keep(FORM, {}, linked=False)
    await outbox.close()


async def test_a_refusal_that_nobody_heard_is_told_to_operations_and_forgotten_after_a_month(tmp_path, monkeypatch):
    outbox = opened(tmp_path, Office(BAD_PHONE))
    await outbox.keep(FORM, {}, linked=False)
    outbox.link_changed(linked=True)
    await until_in_file(tmp_path, UNHEARD, there=True)
    assert [alarm.kind for alarm in outbox.alarms()] == [NOT_SENT]
    await outbox.close()
    outbox = opened(tmp_path, Office())
    assert [alarm.kind for alarm in outbox.alarms()] == [NOT_SENT]
    await outbox.close()
    monkeypatch.setattr(case_outbox, "REFUSED_MS_MAX", -1)
    outbox = opened(tmp_path, Office())
    assert outbox.alarms() == []
    await outbox.close()
    assert parcels(tmp_path) == {}


async def test_papers_whose_form_was_never_kept_are_gone_after_a_restart(tmp_path):
    outbox = opened(tmp_path, Office())
    await outbox.keep(structs.replace(FORM, attachments=[PAPER]), {"a1": b"photo"}, linked=False)
    await outbox.close()
    (tmp_path / PAPERS / "s9.a9").write_bytes(b"sealed")
    await opened(tmp_path, Office()).close()
    assert [path.name for path in (tmp_path / PAPERS).iterdir()] == [f"{FIRST}.a1"]
