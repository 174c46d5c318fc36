"""A photo of the meter beside readings that were given: filed by the office's own rules, or said not to be."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from signaling_server.cases.forms import check_form
from signaling_server.contract.cases import READINGS_TOPIC
from signaling_server.refusal import ServiceRefusedError
from terminal_app.core.tasks.task import Chosen, KeepCase, Photographed, Silence, Stored, TakePhoto, Told

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT, READINGS_GIVEN
from service_answers import FILED, NO_CONTACT

PHOTO = Photographed("photo-1", "0" * 64, 400_000, b"jpeg")


def keys(task, context=CONTEXT) -> list[str]:
    return [choice.key for choice in task.page(context).choices]


def shot():
    pad, _ = READINGS_GIVEN.step(Chosen("photo"), CONTEXT)
    assert pad.step(Chosen("take"), CONTEXT)[1] == [TakePhoto()]
    return pad.step(PHOTO, CONTEXT)[0]


def test_the_photo_goes_as_a_sealed_request_that_wants_no_answer_with_meter_and_values_in_words():
    _, (keep,) = shot().step(Chosen("keep"), CONTEXT)
    assert isinstance(keep, KeepCase)
    check_form(keep.form, {READINGS_TOPIC}, set())
    assert READINGS_GIVEN.sheet.account in keep.form.text
    assert READINGS_GIVEN.sheet.meter.meter_id in keep.form.text
    assert "T1 0144" in keep.form.text
    assert (keep.form.account, keep.form.phone) == ("", "")
    assert [slip.attachment_id for slip in keep.form.attachments] == ["photo-1"]


def test_without_a_photo_such_a_request_is_refused_by_the_office():
    _, (keep,) = shot().step(Chosen("keep"), CONTEXT)
    with pytest.raises(ServiceRefusedError, match="куда прислать"):
        check_form(structs.replace(keep.form, attachments=[]), {READINGS_TOPIC}, set())


@pytest.mark.parametrize(
    ("event", "photo"),
    [(Told(FILED), "sent"), (Stored(), "sent"), (Told(NO_CONTACT), "not_sent"), (Silence(), "not_sent")],
)
def test_what_came_of_the_photo_is_said_and_the_readings_stay_given(event, photo):
    given, effects = shot().step(event, CONTEXT)
    assert (given, effects) == (replace(READINGS_GIVEN, photo=photo), [])
    assert ("photo" in keys(given)) is (photo == "not_sent")


def test_a_camera_that_gives_no_picture_and_a_photo_retaken_lead_on():
    camera, _ = READINGS_GIVEN.step(Chosen("photo"), CONTEXT)
    dark, _ = camera.step(Silence(), CONTEXT)
    assert dark.page(CONTEXT).sentence.key == "readings.photo.failed"
    assert dark.step(Chosen("without"), CONTEXT) == (READINGS_GIVEN, [])
    assert shot().step(Chosen("retake"), CONTEXT) == (camera, [])


def test_without_a_camera_or_a_key_of_the_office_no_photo_is_offered():
    blind = replace(CONTEXT, availability=structs.replace(CONTEXT.availability, camera=False))
    unsealed = replace(CONTEXT, facts=replace(CONTEXT.facts, sealed=False))
    assert "photo" in keys(READINGS_GIVEN)
    assert "photo" not in keys(READINGS_GIVEN, blind)
    assert "photo" not in keys(READINGS_GIVEN, unsealed)
