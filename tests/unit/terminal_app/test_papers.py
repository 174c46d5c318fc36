"""What leaves the terminal as a picture is one by its content, whatever it is called."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace

import pytest
from PIL import Image

from signaling_server.contract.notes import Drawing
from terminal_app.config import TerminalConfig
from terminal_app.core.drawn import pictures_of
from terminal_app.core.office_side import OfficeSide
from terminal_app.core.papers import is_picture
from terminal_app.core.task_side import TaskSide
from terminal_app.core.tasks.task import Photographed, Silence, TakePhoto
from terminal_app.core.visit_events import DoForTask, TaskTold
from terminal_app.ipc.media_messages import PhotoTaken


def picture(kind: str) -> bytes:
    stored = io.BytesIO()
    Image.effect_noise((60, 40), 50).save(stored, kind)
    return stored.getvalue()


def archive(name: str) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as packed:
        packed.writestr(name, b"MZ" + bytes(100))
    return stored.getvalue()


NO_PICTURES = [
    b"MZ" + bytes(200),  # a program, whatever its name
    archive("photo.jpg"),
    b"@echo off\r\ndel *.*\r\n",
    picture("GIF"),
    picture("JPEG")[:200],
    b"\xff\xd8\xff" + b"MZ" * 50,
    b"",
]


def test_a_photo_and_a_drawing_of_ours_are_pictures():
    assert is_picture(picture("JPEG"))
    assert all(is_picture(content) for content in pictures_of(Drawing(400, [[100, 100, 300, 300, 700, 120]])))


@pytest.mark.clause("9.5.11a", owner="terminal_app")
@pytest.mark.parametrize("content", NO_PICTURES)
async def test_what_is_no_picture_by_its_content_is_not_taken_for_a_photo(tmp_path, content):
    config, told, sent = TerminalConfig(data_dir=str(tmp_path)), [], []
    office = OfficeSide(config.office, None, condition=list, on_message=list, on_changed=list)
    accounts, till = SimpleNamespace(meters=None), SimpleNamespace(keep_readings=None)
    side = TaskSide(config, office, accounts, till, SimpleNamespace(send=sent.append), told.append)
    for number, taken in ((1, content), (2, picture("JPEG"))):
        side.do(DoForTask(number, TakePhoto()))
        side.photo_told(PhotoTaken(sent[-1].photo_id, taken, b""))
    assert told[0] == TaskTold(1, Silence())
    assert isinstance(told[1].event, Photographed)
    assert list(side.photos) == [told[1].event.photo_id]
    await side.close()
