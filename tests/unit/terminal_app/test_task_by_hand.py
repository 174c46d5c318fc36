"""A written обращение whose text is written by finger (clause 9.6.10): a picture in the same sealed form."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from signaling_server.contract.notes import Drawing
from terminal_app.core.tasks.task import Chosen, Drawn, Entered, KeepDrawing, Photographed
from terminal_app.core.tasks.written_draft import BY_HAND, PAPERS_MAX, SHEETS_MAX

sys.path.append(str(Path(__file__).parent))
from test_task_written import BY_SMS, CONTEXT, TEXT, name, sent, walked

AT_CAMERA = replace(CONTEXT, availability=structs.replace(CONTEXT.availability, camera=True))
DRAWING = Drawing(400, [[0, 0, 1000, 400]])
TO_SHEET = (Chosen("question"), Chosen("topic_0"), Chosen("topic_0"), Chosen("hand"))


def sheet(number: int) -> Photographed:
    return Photographed(f"sheet-{number}", f"{number}" * 64, 9_000, b"png")


@pytest.mark.clause("9.6.10b", owner="terminal_app")
def test_the_text_may_be_written_by_finger_and_goes_as_a_picture_without_a_camera():
    pad = walked(*TO_SHEET)
    assert name(pad) == "written.sheet"
    assert pad.step(Drawn(DRAWING), CONTEXT) == (pad, [KeepDrawing(DRAWING)])
    check = walked(sheet(1), Chosen("keep"), *BY_SMS, task=pad)
    form = sent(check)
    assert form.text == BY_HAND
    assert [slip.attachment_id for slip in form.attachments] == ["sheet-1"]
    assert any(part.picture == b"png" for part in check.page(CONTEXT).parts)


def test_a_full_sheet_has_another_after_it_up_to_the_most():
    task = walked(*TO_SHEET)
    for number in range(1, SHEETS_MAX):
        task = walked(sheet(number), Chosen("more"), task=task)
        assert name(task) == "written.sheet"
    last = walked(sheet(SHEETS_MAX), task=task)
    assert "more" not in [choice.key for choice in last.page(CONTEXT).choices]
    form = sent(walked(Chosen("keep"), *BY_SMS, task=last))
    assert len(form.attachments) == SHEETS_MAX


def test_a_sheet_written_again_takes_the_place_of_the_first():
    task = walked(*TO_SHEET, sheet(1), Chosen("again"), sheet(2), Chosen("keep"), *BY_SMS)
    assert [slip.attachment_id for slip in sent(task).attachments] == ["sheet-2"]


def test_photos_and_sheets_together_are_no_more_than_the_office_takes():
    task = walked(*TO_SHEET, sheet(1), Chosen("keep"), *BY_SMS, context=AT_CAMERA)
    for number in range(PAPERS_MAX - 1):
        key = "another" if number else "photo"
        photo = Photographed(f"p{number}", "0" * 64, 1, b"")
        task = walked(Chosen(key), photo, Chosen("keep"), task=task, context=AT_CAMERA)
    assert name(task, AT_CAMERA) == "written.check"
    assert len(sent(task, AT_CAMERA).attachments) == PAPERS_MAX


def test_thanks_by_hand_need_nothing_personal_and_keep_their_sheet():
    task = walked(Chosen("gratitude"), *TO_SHEET[1:], sheet(1), Chosen("keep"), Chosen("none"))
    form = sent(task)
    assert (form.consent_version, [slip.attachment_id for slip in form.attachments]) == ("", ["sheet-1"])


def test_what_is_typed_after_all_takes_the_place_of_the_sheets():
    check = walked(*TO_SHEET, sheet(1), Chosen("keep"), *BY_SMS, Chosen("correct"), Chosen("text"), Entered(TEXT))
    assert (sent(check).text, sent(check).attachments) == (TEXT, [])
