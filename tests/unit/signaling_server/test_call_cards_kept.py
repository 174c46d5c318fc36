"""Cards and answers are kept with their call: as shown, once, with the time; words and drawings are not."""

from __future__ import annotations

import msgspec
import pytest
from desk_scene import START_S, Scene, on_air
from sqlalchemy import select

from signaling_server.clock import milliseconds
from signaling_server.contract.notes import CallNote, Card, CardAnswer, CardKind, NoteAuthor
from signaling_server.storage.service_tables import CALL_CARDS

CARD = Card(CardKind.QUESTION, options=["Дома", "В подъезде"])


@pytest.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    yield scene
    await scene.close()


async def kept(scene):
    async with scene.database.begin() as tx:
        return (await tx.execute(select(CALL_CARDS).order_by(CALL_CARDS.c.sent_at_ms))).all()


async def test_a_card_and_its_answer_are_kept_once_however_often_they_are_told(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    card = CallNote(call_id, "k1", NoteAuthor.AGENT, " Где счётчик?", card=CARD)
    shown = msgspec.structs.replace(card, text="Где счётчик?")
    answer = CallNote(call_id, "w1", NoteAuthor.CUSTOMER, "В подъезде", answer_to="k1", answer=CardAnswer.OPTION)
    await scene.desk.page_said(agent.agent_id, page, card)
    assert [row.shown_at_ms for row in await kept(scene)] == [0]
    for after_s in (1.0, 5.0):  # told again after a lost link
        await scene.pass_s(after_s)
        await scene.desk.page_said(agent.agent_id, page, card)
        for told in (shown, answer):
            await scene.desk.terminal_said(terminal, told)
    first, second = await kept(scene)
    assert (first.call_id, first.note_id, first.author, first.text) == (call_id, "k1", "agent", "Где счётчик?")
    assert msgspec.json.decode(first.card, type=Card) == CARD
    assert (first.sent_at_ms, first.shown_at_ms) == (milliseconds(START_S), milliseconds(START_S + 1))
    assert (second.answer_to, second.answer, second.text, second.card) == ("k1", "option", "В подъезде", "")
    assert second.sent_at_ms == milliseconds(START_S + 1)
    assert booth.all(CallNote) == [card] * 3
    assert page.all(CallNote) == [shown, answer] * 2


async def test_words_are_relayed_and_kept_nowhere_and_what_is_no_card_goes_nowhere(scene):
    terminal, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.page_said(agent.agent_id, page, CallNote(call_id, "n1", NoteAuthor.AGENT, "Добрый день"))
    await scene.desk.terminal_said(terminal, CallNote(call_id, "n2", NoteAuthor.CUSTOMER, "Здравствуйте"))
    assert (len(booth.all(CallNote)), len(page.all(CallNote))) == (1, 1)
    bad = Card(CardKind.CONFIRM, options=["Да", "Нет"])
    await scene.desk.page_said(agent.agent_id, page, CallNote(call_id, "k1", NoteAuthor.AGENT, "Так?", card=bad))
    stranger = CallNote("another", "k2", NoteAuthor.AGENT, "Так?", card=CARD)
    await scene.desk.page_said(agent.agent_id, page, stranger)
    assert len(booth.all(CallNote)) == 1
    assert await kept(scene) == []


async def test_an_agents_page_answers_nothing_in_the_customers_name(scene):
    _, booth, agent, page, call_id = await on_air(scene)
    card = CallNote(call_id, "k1", NoteAuthor.AGENT, "Где счётчик?", card=CARD)
    await scene.desk.page_said(agent.agent_id, page, card)
    forged = msgspec.structs.replace(
        card, note_id="k2", author=NoteAuthor.CUSTOMER, answer_to="k1", answer=CardAnswer.OPTION
    )
    await scene.desk.page_said(agent.agent_id, page, forged)
    rows = [(row.note_id, row.author, row.answer_to, row.answer) for row in await kept(scene)]
    assert rows == [("k1", "agent", "", ""), ("k2", "agent", "", "")]
    assert booth.last(CallNote) == msgspec.structs.replace(card, note_id="k2")
