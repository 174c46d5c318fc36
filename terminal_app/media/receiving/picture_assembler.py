"""Packets of a video stream, in any order, to whole encoded pictures in their order. Pure: told the time.

A picture is handed out as soon as its last packet (the RTP marker) and all before it are there; every picture that a
late packet completes comes at once, so that a delay does not stay. A hole holds the pictures after it only until a
whole key frame stands behind it; one is asked for when the hole is not filled in time. Nothing is handed out that leans
on a picture that never came: a decoder would show rubbish.
"""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.media.receiving.losses import ASKED_AT_ONCE_MAX
from terminal_app.media.receiving.sequence import JUMP_MAX

HOLE_S_MAX = 0.3  # about as long as a key frame takes to come; then it is asked for (the hole may still be filled)
HOLE_ROUND_TRIPS = 2.5  # a far or a full path answers later
KEY_AGAIN_S = 0.4  # a key frame, or the wish for it, may be lost as well
KEY_AGAIN_S_MAX = 3.2  # each asking doubles it: on a full path a second key frame would only hold up the first
WAITING_MAX = 2_048  # packets behind a hole: some 10 s at 2 Mbit/s


@dataclass(frozen=True, slots=True)
class VideoPacket:
    """One packet without its descriptor. `place`: its number in the whole stream."""

    place: int
    timestamp: int
    marker: bool
    begins: bool  # the first of its picture
    key: bool  # and that picture needs no other
    data: bytes


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    data: bytes
    timestamp: int


class PictureAssembler:
    """One stream."""

    def __init__(self) -> None:
        self._waiting: dict[int, VideoPacket] = {}
        self._next: int | None = None  # the place to be handed out next; None: a key frame is waited for
        self._held_since_s: float | None = None  # pictures wait behind a hole
        self._key_asked_s: float | None = None
        self._key_again_s = KEY_AGAIN_S
        self.round_trip_s = 0.0  # of an asking and its answer

    @property
    def next_place(self) -> int | None:
        """Packets below it are of no use any more."""
        return self._next

    def add(self, packet: VideoPacket, now_s: float) -> list[EncodedPicture]:
        """The pictures that are whole now, the oldest first."""
        if self._next is not None and abs(packet.place - self._next) > JUMP_MAX:
            self.restart()
        if self._next is not None and packet.place < self._next:
            return []
        self._waiting[packet.place] = packet
        if len(self._waiting) > WAITING_MAX:
            self.restart()
        pictures = self._take_whole()
        if not pictures and self._jump_to_key():
            pictures = self._take_whole()
        self._watch_hole(now_s, moved=bool(pictures))
        return pictures

    def wants_key(self, now_s: float) -> bool:
        """True when a key frame is to be asked for now; it is then asked for again only after a while."""
        held_s = 0.0 if self._held_since_s is None else now_s - self._held_since_s
        lost = self._next is None and bool(self._waiting) and not self._key_begun()
        wanted = lost or self._is_cut() or held_s >= max(HOLE_S_MAX, HOLE_ROUND_TRIPS * self.round_trip_s)
        if not wanted:
            self._key_asked_s, self._key_again_s = None, KEY_AGAIN_S
            return False
        if self._key_asked_s is not None:
            if now_s - self._key_asked_s < self._key_again_s:
                return False
            self._key_again_s = min(KEY_AGAIN_S_MAX, 2 * self._key_again_s)
        self._key_asked_s = now_s
        return True

    def _is_cut(self) -> bool:
        """More is missing than is asked for again."""
        if self._next is None or not self._waiting:
            return False
        return max(self._waiting) - self._next + 1 - len(self._waiting) > ASKED_AT_ONCE_MAX

    def _watch_hole(self, now_s: float, *, moved: bool) -> None:
        if moved or not self._has_hole():
            self._held_since_s = None
        if self._held_since_s is None and self._has_hole():
            self._held_since_s = now_s

    def _has_hole(self) -> bool:
        if self._next is None:
            return bool(self._waiting)
        return bool(self._waiting) and max(self._waiting) - self._next >= len(self._waiting)

    def _take_whole(self) -> list[EncodedPicture]:
        pictures: list[EncodedPicture] = []
        while self._next is not None and (picture := self._whole_at(self._next)) is not None:
            packets, after = picture
            for packet in packets:
                del self._waiting[packet.place]
            self._next = after
            data = b"".join(packet.data for packet in packets)
            if data:  # a packet of padding alone is no picture
                pictures.append(EncodedPicture(data, packets[0].timestamp))
        return pictures

    def _whole_at(self, place: int) -> tuple[list[VideoPacket], int] | None:
        packets: list[VideoPacket] = []
        while (packet := self._waiting.get(place)) is not None:
            if packets and packet.timestamp != packets[0].timestamp:
                return packets, place  # the marker is a hint: another time is another picture
            packets.append(packet)
            place += 1
            if packet.marker or not packet.data:
                return packets, place
        return None

    def _jump_to_key(self) -> bool:
        """To the newest whole key frame behind the hole, if there is one."""
        for place in sorted(self._key_begun(), reverse=True):
            if place != self._next and self._whole_at(place) is not None:
                self._next = place
                self._waiting = {each: packet for each, packet in self._waiting.items() if each >= place}
                return True
        return False

    def _key_begun(self) -> list[int]:
        return [place for place, packet in self._waiting.items() if packet.begins and packet.key]

    def restart(self) -> None:
        """What waits is given up; the next picture is a key frame."""
        newest = max(self._waiting.values(), key=lambda packet: packet.place, default=None)
        self._waiting = {} if newest is None else {newest.place: newest}
        self._next = None
        self._held_since_s = None
