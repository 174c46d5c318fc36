"""What is said of camera, microphone, loudspeaker and line, by what came of them."""

from __future__ import annotations

import numpy as np
import pytest

from device_drivers.contract.audio import BLOCK_SAMPLES
from signaling_server.contract.preflight import Part, PartFault, PartState
from terminal_app.ipc.media_messages import PathChecked
from terminal_app.media.preflight import (
    CAMERA_S_MAX,
    GOOD,
    LOUDSPEAKER_S_MAX,
    MICROPHONE_S_MAX,
    NOT_YET,
    UNKNOWN,
    Counts,
    Preflight,
    is_black,
    is_living,
    path_of,
    thumbnail,
)

PICTURE = (720, 1280, 3)


def bad(fault: PartFault) -> Part:
    return Part(PartState.BAD, fault)


def test_nothing_is_said_before_a_slow_device_had_its_time() -> None:
    preflight = Preflight(10.0)
    preflight.look(Counts(), 10.1)
    assert preflight.found == NOT_YET
    preflight.look(Counts(pictures=1, lit=1, blocks=60), 10.0 + MICROPHONE_S_MAX - 0.01)
    assert preflight.found == NOT_YET


def test_the_first_living_sign_is_enough() -> None:
    preflight = Preflight(0.0)
    preflight.look(Counts(pictures=2, lit=2, moving=1, blocks=3, living=1, pulls=1), 0.1)
    assert preflight.found.camera == preflight.found.microphone == preflight.found.loudspeaker == GOOD


def test_a_standstill_is_named_by_what_stands_still() -> None:
    preflight = Preflight(0.0)
    preflight.look(Counts(pictures=40, blocks=100), MICROPHONE_S_MAX)
    assert preflight.found.microphone == bad(PartFault.SILENT)
    assert (preflight.found.camera, preflight.found.loudspeaker) == (UNKNOWN, UNKNOWN)
    preflight.look(Counts(pictures=80, blocks=200), CAMERA_S_MAX)
    assert preflight.found.camera == bad(PartFault.BLACK)
    assert preflight.found.loudspeaker == bad(PartFault.NOTHING), "nothing was ever pulled"
    frozen = Preflight(0.0)
    frozen.look(Counts(pictures=80, lit=80), CAMERA_S_MAX)
    assert frozen.found.camera == bad(PartFault.FROZEN)
    assert frozen.found.microphone == bad(PartFault.NOTHING)


def test_a_part_that_stops_while_the_customer_waits_becomes_bad_and_one_that_comes_back_good() -> None:
    preflight = Preflight(0.0)
    well = Counts(pictures=9, lit=9, moving=8, blocks=50, living=50, pulls=90)
    preflight.look(well, 1.0)
    preflight.look(Counts(pictures=50, lit=50, moving=8, blocks=150, living=50, pulls=90), 1.0 + CAMERA_S_MAX)
    assert preflight.found.camera == bad(PartFault.FROZEN)
    assert preflight.found.microphone == bad(PartFault.SILENT)
    assert preflight.found.loudspeaker == bad(PartFault.NOTHING)
    preflight.look(Counts(pictures=60, lit=60, moving=9, blocks=160, living=51, pulls=91), 6.0)
    assert preflight.found.camera == preflight.found.microphone == preflight.found.loudspeaker == GOOD


def test_what_could_not_be_opened_is_told_at_once_whatever_stands_in_for_it() -> None:
    preflight = Preflight(0.0)
    counts = Counts(
        camera_fault=PartFault.NO_DEVICE,
        microphone_fault=PartFault.NO_DEVICE,
        loudspeaker_fault=PartFault.NOT_FITTED,
        pictures=2,
        lit=2,
        moving=1,
        blocks=5,
        living=5,
        pulls=10,
    )
    preflight.look(counts, 0.1)
    found = preflight.found
    assert [found.camera.fault, found.microphone.fault, found.loudspeaker.fault] == [
        PartFault.NO_DEVICE,
        PartFault.NO_DEVICE,
        PartFault.NOT_FITTED,
    ]


def test_a_loudspeaker_whose_first_callback_is_late_is_no_fault() -> None:
    preflight = Preflight(0.0)
    preflight.look(Counts(), LOUDSPEAKER_S_MAX - 0.1)
    assert preflight.found.loudspeaker == UNKNOWN
    preflight.look(Counts(pulls=1), LOUDSPEAKER_S_MAX)
    assert preflight.found.loudspeaker == GOOD


def test_a_dark_room_is_a_picture_and_a_covered_lens_is_none() -> None:
    noise = np.random.default_rng(1)
    covered = noise.integers(0, 12, PICTURE, np.uint8)
    dark_room = covered.copy()
    dark_room[300:500, 500:700] = 70  # a face by the light of the screen: 4 % of the picture
    assert is_black(thumbnail(covered))
    assert not is_black(thumbnail(dark_room))
    assert not is_black(thumbnail(np.full(PICTURE, 255, np.uint8)))


def test_only_digital_standstill_is_a_dead_microphone() -> None:
    hum = np.zeros(BLOCK_SAMPLES, np.int16)
    assert not is_living(hum)
    assert not is_living(np.full(BLOCK_SAMPLES, -1_024, np.int16)), "an offset is no sound"
    hum[7] = 1
    assert is_living(hum), "one bit of noise is a microphone in a quiet room"


@pytest.mark.parametrize(
    ("back", "found"),
    [
        ([0.04] * 20, PathChecked(40, 0.0)),
        ([0.03, 0.05, 0.2] * 6, PathChecked(50, 10.0)),
        ([], PathChecked(None, None)),  # no UDP at all: that is no loss
    ],
)
def test_a_line_is_judged_by_the_datagrams_that_came_back(back: list[float], found: PathChecked) -> None:
    assert path_of(20, back) == found
