"""A paper that the consultant asks for, beside the talk: the question, the viewfinder, what was taken."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

from msgspec import structs
from PIL import Image, ImageDraw

from terminal_app.core import call_still
from terminal_app.core.call_still import Stage, Still
from terminal_app.core.visit_tasks import PAGE_SCREENS
from terminal_app.ipc.media_messages import PhotoTaken
from terminal_app.ipc.messages import CallView, Liveness, TerminalState


def _sheet() -> bytes:
    """As the camera's preview of a lying sheet."""
    sheet = Image.new("RGB", (1000, 707), "white")
    pen = ImageDraw.Draw(sheet)
    for row in range(30):
        pen.line((70, 60 + 20 * row, 930 - 110 * (row % 4 == 3), 60 + 20 * row), fill="black", width=5)
    stored = io.BytesIO()
    sheet.save(stored, "JPEG")
    return stored.getvalue()


SHOT = PhotoTaken("p1", b"", _sheet())


def still_states(at: Callable[..., TerminalState], call: CallView) -> dict[str, TerminalState]:
    talk = structs.replace(call, liveness=Liveness.LIVE, agent_has_video=True)

    def state(stage: Stage, **still: object) -> TerminalState:
        now = replace(Still(stage, "s1"), **still)
        page = call_still.page(now)
        return at(PAGE_SCREENS[page.kind], page=page, call=talk, photo_hint=now.hint, busy=now.busy)

    return {
        "still_offer": state(Stage.ASKED),
        "still_hold": state(Stage.HOLDING),
        "still_hold_tilted": state(Stage.HOLDING, hint="tilted"),
        "still_hold_good": state(Stage.HOLDING, hint="good"),
        "still_under": state(Stage.HOLDING, under=True),
        "still_under_small": state(Stage.HOLDING, under=True, hint="too_far"),
        "still_none": state(Stage.NO_SHEET, shot=SHOT),
        "still_shot": state(Stage.LOOKING, shot=SHOT),
        "still_shot_unsent": state(Stage.LOOKING, shot=SHOT, unsent=True),
        "still_sending": state(Stage.SENDING, shot=SHOT),
    }
