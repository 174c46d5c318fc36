"""Packets to pictures: in order, late, twice, lost, in a storm; what is handed out always decodes."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from itertools import pairwise

import pytest
from aiortc.rtp import RTCP_RTPFB_NACK, RtcpRtpfbPacket, RtpPacket

from terminal_app.media.aiortc_tuning import _WireLosses
from terminal_app.media.receiving.losses import ASKED_AT_ONCE_MAX, ASKED_FOR_S_MAX, Losses
from terminal_app.media.receiving.picture_assembler import HOLE_ROUND_TRIPS, HOLE_S_MAX, PictureAssembler, VideoPacket
from terminal_app.media.receiving.sequence import Unwrapper

PICTURE_S = 1 / 30


def stream(pictures: int, packets: int = 3, key_every: int = 1_000_000, first: int = 100) -> list[VideoPacket]:
    """`pictures` of `packets` packets each; the data names the picture and the part."""
    return [
        VideoPacket(
            place=first + number * packets + part,
            timestamp=number * 3_000,
            marker=part == packets - 1,
            begins=part == 0,
            key=part == 0 and number % key_every == 0,
            data=f"{number}.{part} ".encode(),
        )
        for number in range(pictures)
        for part in range(packets)
    ]


def handed_out(assembler: PictureAssembler, packets: list[VideoPacket], now_s: float = 0.0) -> list[int]:
    return [picture.timestamp // 3_000 for packet in packets for picture in assembler.add(packet, now_s)]


def test_a_picture_comes_with_its_last_packet_and_not_with_the_next_picture() -> None:
    assembler = PictureAssembler()
    packets = stream(2)
    assert handed_out(assembler, packets[:2]) == []
    (picture,) = assembler.add(packets[2], 0.0)
    assert picture.data == b"0.0 0.1 0.2 "
    assert handed_out(assembler, packets[3:]) == [1]


def test_a_late_packet_gives_all_that_waited_for_it_at_once_and_only_once() -> None:
    assembler = PictureAssembler()
    packets = stream(6)
    late = packets[4]
    assert handed_out(assembler, [*packets[:4], *packets[5:]]) == [0]
    assert handed_out(assembler, [late]) == [1, 2, 3, 4, 5]
    assert handed_out(assembler, [late, *packets]) == [], "sent again: of no use"


def test_behind_a_hole_nothing_is_shown_before_a_whole_key_frame() -> None:
    assembler = PictureAssembler()
    packets = stream(12, key_every=8)
    lost = packets[4]
    assert handed_out(assembler, [packet for packet in packets[:26] if packet is not lost]) == [0]
    assert handed_out(assembler, packets[26:]) == [8, 9, 10, 11], "2 to 7 lean on what never came"


def test_a_key_frame_is_asked_for_once_a_hole_is_old_and_again_when_it_does_not_come() -> None:
    assembler = PictureAssembler()
    packets = stream(4)
    assert not assembler.wants_key(0.0)
    handed_out(assembler, [*packets[:4], *packets[5:]], 1.0)
    assert not assembler.wants_key(1.0 + HOLE_S_MAX - 0.01)
    asked = [at for at in range(1_200) if assembler.wants_key(1.0 + HOLE_S_MAX + at / 100)]
    assert asked == pytest.approx([0, 40, 120, 280, 600, 920], abs=2), "later and later: the path may be full"


@pytest.mark.parametrize(("missing", "wanted"), [(ASKED_AT_ONCE_MAX, False), (ASKED_AT_ONCE_MAX + 1, True)])
def test_after_a_cut_a_key_frame_is_asked_for_at_once(missing: int, wanted: bool) -> None:
    assembler, packets = PictureAssembler(), stream(60)
    handed_out(assembler, [*packets[:3], packets[3 + missing]])
    assert assembler.wants_key(0.0) is wanted
    assert not assembler.wants_key(0.1)


def test_on_a_far_path_a_hole_may_be_older() -> None:
    assembler = PictureAssembler()
    packets = stream(4)
    handed_out(assembler, [*packets[:4], *packets[5:]], 1.0)
    assembler.round_trip_s = 0.4
    assert not assembler.wants_key(1.0 + 2 * HOLE_S_MAX)
    assert assembler.wants_key(1.0 + HOLE_ROUND_TRIPS * 0.4)
    assert handed_out(assembler, [packets[4]], 2.5) == [1, 2, 3], "it came after all"
    assert not assembler.wants_key(3.0)


def test_a_stream_that_begins_in_the_middle_asks_for_a_key_frame_at_once_but_not_while_one_is_coming() -> None:
    begun = PictureAssembler()
    begun.add(stream(1)[0], 0.0)
    assert not begun.wants_key(0.1)
    middle = PictureAssembler()
    assert handed_out(middle, stream(3)[3:]) == []
    assert middle.wants_key(0.0)


def test_padding_and_a_missing_marker_lose_no_picture() -> None:
    assembler = PictureAssembler()
    packets = stream(3, packets=2)
    unmarked = [replace(packet, marker=False) for packet in packets]
    assert handed_out(assembler, unmarked) == [0, 1], "the next time ends a picture"
    padded = PictureAssembler()
    first, second, third, *rest = stream(3, packets=2)
    padding = replace(third, data=b"", begins=False)
    rest = [replace(packet, place=packet.place + 1) for packet in [third, *rest]]
    assert handed_out(padded, [first, second, padding, *rest]) == [0, 1, 2]


def test_another_stream_and_an_endless_hole_begin_anew() -> None:
    assembler = PictureAssembler()
    handed_out(assembler, stream(2))
    assert handed_out(assembler, stream(2, first=50_000)) == [0, 1]
    packets = stream(900, first=50_006)
    without_key = [replace(packet, key=False) for packet in packets]
    assert handed_out(assembler, without_key[1:]) == []
    assert len(assembler._waiting) <= 2_048


@pytest.mark.parametrize("seed", range(20))
def test_in_a_storm_everything_that_comes_out_follows_what_came_out_before(seed: int) -> None:
    """Loss, doubling and disorder; each picture is the one after the last, or a key frame."""
    chance = random.Random(seed)
    assembler, losses = PictureAssembler(), Losses()
    sent = {packet.place: packet for packet in stream(600, packets=4, key_every=150)}
    coming: list[tuple[float, int]] = []
    for place in sent:
        at_s = (place - 100) / 4 * PICTURE_S + chance.random() * 0.01
        coming += [(at_s, place)] if place == 100 or chance.random() > 0.1 else []
        coming += [(at_s + 0.02, place)] if chance.random() < 0.02 else []
    out: list[int] = []
    now_s = 0.0
    while coming:
        coming.sort(reverse=True)
        now_s, place = coming.pop()
        losses.arrived(place, now_s)
        for lost in losses.due(now_s):
            coming += [(now_s + 0.04, lost)] if chance.random() > 0.19 else []
        out += [picture.timestamp // 3_000 for picture in assembler.add(sent[place], now_s)]
    assert all(after == before + 1 or after % 150 == 0 for before, after in pairwise(out))
    assert out == sorted(set(out))
    assert len(out) > 450


def test_a_lost_packet_is_asked_for_at_once_then_every_round_trip_and_not_for_ever() -> None:
    losses = Losses()
    for place in (1, 2, 5):
        losses.arrived(place, 0.0)
    assert losses.due(0.0) == [3, 4]
    assert losses.due(0.005) == []
    assert losses.due(0.03) == [3, 4], "the asking itself may have been lost"
    assert losses.due(0.045) == []
    losses.arrived(3, 0.04)
    assert losses.round_trip_s == pytest.approx(0.0475), "the answer came after 40 ms"
    assert losses.due(0.06) == [4]
    assert [at for at in range(7, 300) if losses.due(at / 100)][-1] / 100 < ASKED_FOR_S_MAX
    assert losses.due(5.0) == []


def test_what_nobody_waits_for_and_a_jump_are_not_asked_for() -> None:
    losses = Losses()
    for place in (1, 5):
        losses.arrived(place, 0.0)
    losses.forget_below(4)
    assert losses.due(0.0) == [4]
    losses.arrived(90_000, 0.1)
    assert losses.due(1.0) == []


def test_numbers_of_16_bits_go_on_over_their_end_and_back() -> None:
    unwrapper = Unwrapper()
    places = [unwrapper.place(number) for number in (65_534, 65_535, 1, 0, 65_533, 2)]
    assert [place - places[0] for place in places] == [0, 1, 3, 2, -1, 4]


def test_numbers_asked_for_across_their_end_can_be_told_on_the_wire() -> None:
    losses = _WireLosses()
    for number in (65_533, 65_534, 2):
        losses.add(RtpPacket(sequence_number=number))
    report = RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=1, media_ssrc=2)
    report.lost = sorted(losses.due(time.monotonic() + 0.5))
    assert set(report.lost) == {65_535, 0, 1}
    assert set(RtcpRtpfbPacket.parse(bytes(report)[4:], RTCP_RTPFB_NACK).lost) == set(report.lost)
