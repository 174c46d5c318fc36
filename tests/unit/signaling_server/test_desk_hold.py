"""A hold at the office: what the terminal offered and the customer chose is kept, and the number is told at once."""

from __future__ import annotations

import pytest
import pytest_asyncio
from desk_scene import Scene, on_air
from sqlalchemy import select

from signaling_server.contract.messages import CallCancelled, CallEnded, CallEndReason, CaseRegistered
from signaling_server.contract.notes import CallNote, CardAnswer, NoteAuthor
from signaling_server.storage.service_tables import CALL_CARDS


@pytest_asyncio.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    yield scene
    await scene.close()


@pytest.mark.clause("9.4.12", owner="signaling_server/desk")
async def test_who_leaves_a_long_hold_has_his_number_at_once_and_the_offer_is_kept_with_its_time(scene):
    terminal, booth, _, page, call_id = await on_air(scene)
    for note in (
        CallNote(call_id, "t1", NoteAuthor.TERMINAL, answer_to="p1", answer=CardAnswer.WAYS),
        CallNote(call_id, "w1", NoteAuthor.CUSTOMER, answer_to="p1", answer=CardAnswer.BOOK),
    ):
        await scene.desk.terminal_said(terminal, note)
        assert page.last(CallNote) == note
    await scene.desk.terminal_said(terminal, CallCancelled(call_id, CardAnswer.BOOK))
    assert booth.last(CallEnded).reason is CallEndReason.CUSTOMER_LEFT
    assert booth.last(CaseRegistered).case_number
    async with scene.database.begin() as tx:
        rows = (await tx.execute(select(CALL_CARDS).order_by(CALL_CARDS.c.note_id))).mappings().all()
    kept = [(row["author"], row["answer"], row["shown_at_ms"] > 0) for row in rows]
    assert kept == [("terminal", "ways", True), ("customer", "book", True)]


async def test_who_only_hangs_up_waits_for_the_form(scene):
    terminal, booth, _, _, call_id = await on_air(scene)
    await scene.desk.terminal_said(terminal, CallCancelled(call_id))
    assert booth.all(CaseRegistered) == []
