"""The pad's sheet: thinned, undone, cleared, full; what its screens send."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from signaling_server.contract.notes import HEIGHT_MAX, POINTS_MAX, SIDE, STROKES_MAX, Drawing, is_whole, points_of
from terminal_app.ipc.call_messages import CallPane, OpenPane, WriteNote
from terminal_app.ipc.pages import Choose, Draw
from terminal_app.ui.presenters.call_live import CallLivePresenter
from terminal_app.ui.presenters.call_notes import CallNotesPresenter, CallPadPresenter, CallTypingPresenter
from terminal_app.ui.presenters.drawing import CLEAR, UNDO, Sheet, pad_view, pressed, sent, thinned, with_stroke
from terminal_app.ui.presenters.page_pad import PagePadPresenter

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from call_states import CAPTION
from terminal_states import STATES

LINE = [0, 0, 100, 0]


def test_a_straight_line_of_many_points_is_two_and_a_corner_stays():
    assert thinned([part for x in range(0, 501, 2) for part in (x, 7)], 500) == (0, 7, 500, 7)
    assert thinned([0, 0, 50, 0, 100, 0, 100, 50, 100, 100], 500) == (0, 0, 100, 0, 100, 100)
    assert thinned([5, 5], 500) == (5, 5)


def test_a_million_points_end_in_a_drawing_that_the_office_takes():
    rng = random.Random(5)
    sheet = Sheet()
    stroke = [rng.randrange(-50, SIDE + 50) for _ in range(2 * POINTS_MAX // 3)]
    for _ in range(1_000):
        sheet = with_stroke(sheet, stroke, 600)
    drawing = sent(sheet)
    assert drawing is not None
    assert is_whole(drawing)
    assert points_of(drawing) <= POINTS_MAX
    assert pad_view(sheet).full


def test_strokes_have_a_limit_too_and_undo_makes_room_again():
    sheet = Sheet()
    for _ in range(STROKES_MAX + 1):
        sheet = with_stroke(sheet, LINE, 500)
    assert len(sheet.strokes) == STROKES_MAX
    assert pad_view(sheet).full
    assert not pad_view(pressed(sheet, UNDO)).full


def test_undo_and_clear_on_an_empty_sheet_change_nothing():
    assert pressed(Sheet(), UNDO) == Sheet()
    assert sent(pressed(with_stroke(Sheet(), LINE, 500), CLEAR)) is None
    assert with_stroke(Sheet(), [], 500) == Sheet()


def test_a_pad_of_any_height_makes_a_whole_drawing():
    for height in (0, -5, 10 * HEIGHT_MAX):
        drawing = sent(with_stroke(Sheet(), [0, 0], height))
        assert drawing is not None
        assert 1 <= drawing.height <= HEIGHT_MAX


@pytest.mark.parametrize(("count", "words"), [(0, "Пусто"), (1, "1 штрих"), (3, "3 штриха"), (5, "5 штрихов")])
def test_how_much_is_written_is_said_in_words(count, words):
    sheet = Sheet()
    for _ in range(count):
        sheet = with_stroke(sheet, LINE, 500)
    assert pad_view(sheet).value == words


def test_the_page_sends_its_sheet_by_the_first_choice_and_never_an_empty_one():
    state = STATES["page_pad"]
    presenter = PagePadPresenter(state)
    assert presenter.press("choose_keep", state) is None
    assert not presenter.view(state).main.enabled
    presenter.draw(LINE, 400)
    assert presenter.press("choose_keep", state) == Draw(state.page.name, Drawing(400, [LINE]))
    assert presenter.press("choose_keep", replace(state, busy=True)) is None
    assert presenter.press("choose_type", state) == Choose(state.page.name, "type")
    presenter.press("pad_clear", state)
    assert presenter.view(state).pad.strokes == ()


def test_in_a_call_the_pad_and_the_keyboard_send_a_note():
    state = STATES["call_pad"]
    pad = CallPadPresenter(state)
    assert pad.press("send_note", state) is None
    pad.draw(LINE, 400)
    assert pad.press("send_note", state) == WriteNote(drawing=Drawing(400, [LINE]))
    keys = CallTypingPresenter(state)
    assert keys.press("send_note", state) is None
    for cap in keys.view(state).keyboard[1][:3]:
        keys.press(cap.key, state)
    view = keys.view(state)
    assert view.may_send
    assert keys.press("send_note", state) == WriteNote(text=view.text)


@pytest.mark.clause("9.6.11h", owner="terminal_app")
def test_the_agents_words_stand_over_the_picture_and_are_read_again_whole():
    state = STATES["call_live_caption"]
    live = CallLivePresenter(state)
    view = live.view(state)
    assert view.caption.endswith("…")
    assert CAPTION.startswith(view.caption.replace("\u00a0", " ")[:-1])
    assert live.press("read", state) == OpenPane(CallPane.NOTES)
    notes = CallNotesPresenter(state)
    words = " ".join(piece.text for piece in notes.view(state).pieces)
    assert CAPTION in words.replace("\u00a0", " ")
    assert notes.press("talk", state) == OpenPane(CallPane.TALK)
