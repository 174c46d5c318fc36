"""The sealed outbox of written обращения over the terminal's own link to a real office: papers, and another's key."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
from collections.abc import AsyncIterator

import msgspec
from PIL import Image

from payment.billing.outbox import OutboxFile
from signaling_server.contract.cases import AnswerWay, AttachmentSlip, CaseFiled, CaseForm, CaseKind, Segment
from signaling_server.contract.messages import CassetteReport
from signaling_server.contract.self_service import ServicesAsked, ServicesTold
from terminal_app.config import Office as OfficeSettings
from terminal_app.core.case_outbox import FILE, NOT_SENT, PAPERS, CaseOutbox
from terminal_app.core.office_requests import OfficeRequests, answer_to
from terminal_app.core.office_side import Condition, OfficeSide
from tests.integration import office_bench
from tests.integration.core_bench import WAIT_S
from tests.integration.office_bench import until

PHONE, TEXT = "+79211234567", "Соседский счётчик гудит третий день, проверьте его."


@contextlib.asynccontextmanager
async def office_side(said: dict[str, str], identity) -> AsyncIterator[tuple[OfficeSide, OfficeRequests]]:
    """The terminal's own link to a real office, in the test's loop."""
    side = OfficeSide(
        OfficeSettings(url=said["terminal_url"]),
        identity,
        condition=lambda: Condition("attract", [], CassetteReport(0, [])),
        on_message=lambda message: requests.told(message) if hasattr(message, "request_id") else None,
        on_changed=lambda _: None,
    )
    requests = OfficeRequests(side.send, lambda: side.linked)
    running = asyncio.create_task(side.run())

    async def linked() -> bool:
        return side.linked

    try:
        await until(linked)
        yield side, requests
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def photo() -> bytes:
    kept = io.BytesIO()
    Image.effect_noise((400, 300), 50).save(kept, "JPEG")
    return kept.getvalue()


async def test_papers_lie_sealed_and_follow_their_form_after_a_restart(tmp_path):
    office_data, data = tmp_path / "office", tmp_path / "data"
    office_data.mkdir()
    data.mkdir()
    await office_bench.add_agent(office_data, "anna")
    process, said = await office_bench.serve_process(office_data)
    content = photo()
    form = CaseForm(
        "s1", 0, Segment.B2C, CaseKind.QUESTION, "charges.explain", TEXT, AnswerWay.OFFICE, phone=PHONE,
        consent_version="personal-data-1",
        attachments=[AttachmentSlip("a1", hashlib.sha256(content).hexdigest(), len(content))],
    )  # fmt: skip
    try:
        identity = await office_bench.enrol_terminal(office_data, said["terminal_url"], "t1")
        async with office_side(said, identity) as (side, requests), office_bench.Crowd() as crowd:
            told = await answer_to(requests.ask, ServicesAsked("-"))
            assert isinstance(told, ServicesTold)

            async def no_path(path: str, sealed: bytes) -> int:
                raise OSError("the line went")

            outbox = CaseOutbox(data, requests.ask, no_path, lambda: told)
            outbox.link_changed(linked=True)
            filed = await outbox.keep(form, {"a1": content}, linked=True)
            assert isinstance(filed, CaseFiled)  # the number is told before the papers are there
            await outbox.close()
            (paper,) = (data / PAPERS).iterdir()
            assert content[:100] not in paper.read_bytes()

            outbox = CaseOutbox(data, requests.ask, side.put, lambda: told)
            outbox.link_changed(linked=True)

            async def papers_gone() -> bool:
                return not list((data / PAPERS).iterdir())

            await until(papers_gone, WAIT_S)
            await outbox.close()
            agent = await crowd.signed_in(said["desk_url"])
            path = f"{said['desk_url']}/api/cases/{filed.case_number}/papers/a1"
            async with agent.get(path) as answer:
                assert (answer.status, await answer.read()) == (200, content)
    finally:
        process.kill()
        await process.wait()


async def test_a_form_for_another_key_waits_and_operations_are_told_until_it_is_taken(tmp_path):
    office_data, data = tmp_path / "office", tmp_path / "data"
    office_data.mkdir()
    data.mkdir()
    process, said = await office_bench.serve_process(office_data)
    form = CaseForm("s1", 0, Segment.B2C, CaseKind.GRATITUDE, "charges.explain", TEXT, AnswerWay.NONE)
    try:
        identity = await office_bench.enrol_terminal(office_data, said["terminal_url"], "t1")
        async with office_side(said, identity) as (side, requests):
            told = await answer_to(requests.ask, ServicesAsked("-"))
            stale = msgspec.structs.replace(told, seal_key_id="0" * 16)
            outbox = CaseOutbox(data, requests.ask, side.put, lambda: stale)
            outbox.link_changed(linked=True)
            refused = await outbox.keep(form, {}, linked=True)
            assert (refused.reason, [alarm.kind for alarm in outbox.alarms()]) == ("wrong_key", [NOT_SENT])
            await outbox.close()
            box = OutboxFile(data / FILE)
            assert [parcel.refused for parcel in box.labels()] == [""]  # tried on: the office may get its key back
            box.close()
    finally:
        process.kill()
        await process.wait()
