"""Whether the workplace of an agent is ready (clause 5.3.1): what his page measures, what the office makes of it.

The page only measures; the office judges, and without its yes nobody goes «Готов». Pictures do not leave the page: what
is told is a grid of brightness, too coarse to know a face by.
"""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

from signaling_server.contract.services import Id, Line, Word

GRID_WIDTH, GRID_HEIGHT = 32, 18

Grid = Annotated[bytes, Meta(max_length=GRID_WIDTH * GRID_HEIGHT)]
Reason = Annotated[str, Meta(min_length=1, max_length=200)]


class DeviceFound(enum.StrEnum):
    """What became of a camera or a microphone that the page asked for."""

    OPENED = "opened"
    MISSING = "missing"
    DENIED = "denied"  # by the browser or its user
    BUSY = "busy"  # another program has it
    LOST = "lost"


class WorkplaceSeen(Struct, frozen=True, tag=True, tag_field="type"):
    """From the page, while it looks: the newest measurement."""

    camera: DeviceFound
    microphone: DeviceFound
    level_db: Annotated[float, Meta(ge=-200, le=20)]  # dBFS, the loudest tenth of a second so far; -120 is silence
    grid: Grid = b""  # brightness 0-255 of the agent's picture, row by row from the top left; empty: no picture


class CheckName(enum.StrEnum):
    CAMERA = "camera"
    MICROPHONE = "microphone"
    LIGHT = "light"
    BACKGROUND = "background"
    PLATE = "plate"


class CheckFault(enum.StrEnum):
    """What is wrong; the page has a sentence for each, with what to do."""

    NONE = "none"
    MISSING = "missing"
    DENIED = "denied"
    BUSY = "busy"
    LOST = "lost"
    SILENT = "silent"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    NO_PICTURE = "no_picture"  # cannot be judged
    NOT_SET = "not_set"  # no supervisor has shown what the background has to be: nothing to judge by
    DIFFERENT = "different"  # not the background with the logo
    EMPTY = "empty"  # the plate lacks a name or a position


class WorkplaceCheck(Struct, frozen=True):
    name: CheckName
    fault: CheckFault
    failed: bool
    allowed: bool = False  # it failed, and a supervisor lets the agent work all the same


class WorkplaceJudged(Struct, frozen=True, tag=True, tag_field="type"):
    """To the page, on each measurement and when a supervisor has decided something."""

    checks: list[WorkplaceCheck]
    may_serve: bool
    allowed_by: Line = ""
    reason: Line = ""


class SecondPerson(Struct, frozen=True):
    """A supervisor at the agent's own page, by his own login and password (four eyes)."""

    login: Line
    password: Line


class AllowWorkplace(Struct, frozen=True):
    """He lets the agent work with what has failed now, till the end of the shift."""

    supervisor: SecondPerson
    reason: Reason


class SetBackground(Struct, frozen=True):
    """He has seen the logo behind the agent: so it has to look from now on."""

    supervisor: SecondPerson


class WorkplaceActKind(enum.StrEnum):
    ALLOWED = "allowed"
    BACKGROUND = "background"


class WorkplaceAct(Struct, frozen=True):
    """Kept for good, never changed."""

    act_id: Id
    kind: WorkplaceActKind
    agent_id: Id
    agent_name: Line
    supervisor_id: Id
    supervisor_name: Line
    failed: Word  # names of checks with a comma between; empty for a background
    reason: Line
    at_ms: int


class WorkplaceActs(Struct, frozen=True):
    """Newest first."""

    acts: list[WorkplaceAct]
