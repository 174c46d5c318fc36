"""One direction of a recording as a WebM file of which any bytes can be made at any time. Pure.

The chunks are looked through once: what is kept of each is its size, where pictures can begin, and how far the sound
was. Bytes of a range are made anew from the chunks that it touches. So neither a plain file nor a long one in memory is
ever needed.

Sound has holes: lost packets, and silence that took none. A player that counts samples would run ahead there, so a hole
is filled with packets of silence; packets that were recorded stay as they are.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from signaling_server.contract.recorded import Record, Stream
from signaling_server.recordings import webm

PACKET_US = 20_000
OUT_OF_STEP_US = 25_000  # sound further from its place is put back by a packet of silence, or by leaving one out
SILENCE = b"\xf8\xff\xfe"  # 20 ms of Opus: CELT, full band, mono, silent (RFC 6716)


class Side(enum.StrEnum):
    AGENT = "agent"
    CUSTOMER = "customer"


STREAMS = {
    Side.AGENT: (Stream.AGENT_PICTURE, Stream.AGENT_SOUND),
    Side.CUSTOMER: (Stream.CUSTOMER_PICTURE, Stream.CUSTOMER_SOUND),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """The clusters of one chunk."""

    chunk: int
    place: int  # in bytes, of all clusters
    size: int
    sound_us: int  # where the sound of the part before it ends


@dataclass(slots=True)
class SideFile:
    """Built chunk by chunk by `add`, then asked by `size` and `parts_of`. Times are those of the records."""

    side: Side
    begins_us: int
    picture: webm.PictureSize | None = None
    duration_ms: int = 0
    _parts: list[_Part] = field(default_factory=list)
    _cues: list[webm.Cue] = field(default_factory=list)
    _sound_us: int = 0
    _size: int = 0
    _head: bytes = b""

    def add(self, chunk: int, records: Sequence[Record]) -> None:
        """The next chunk; numbers grow, some may be missing."""
        sound_us = self._sound_us
        made, self._sound_us, blocks = self._made(records, sound_us)
        if not blocks:
            return
        for block in blocks:
            self.duration_ms = max(self.duration_ms, block.time_ms)
            if block.track == webm.PICTURE_TRACK and block.key:
                self.picture = self.picture or webm.picture_size(block.data)
                self._cues.append(webm.Cue(block.time_ms, block.track, self._size))
        self._parts.append(_Part(chunk, self._size, len(made), sound_us))
        self._size += len(made)

    def close(self) -> None:
        """After the last chunk."""
        cues = self._cues or [webm.Cue(0, webm.SOUND_TRACK, 0)]
        self._head = webm.head(size=self.picture, duration_ms=self.duration_ms, cues=cues, clusters_size=self._size)

    @property
    def size(self) -> int:
        return len(self._head) + self._size

    def parts_of(self, start: int, stop: int) -> Iterator[tuple[int | None, int, int]]:
        """What a range of bytes is made of: the chunk (None: the head) and the slice of what it makes."""
        if start < len(self._head):
            yield None, start, min(stop, len(self._head))
        for part in self._parts:
            place = len(self._head) + part.place
            if place < stop and start < place + part.size:
                yield part.chunk, max(0, start - place), min(part.size, stop - place)

    @property
    def head(self) -> bytes:
        return self._head

    def clusters_of(self, chunk: int, records: Sequence[Record]) -> bytes:
        """The same bytes that `add` counted."""
        part = next(part for part in self._parts if part.chunk == chunk)
        return self._made(records, part.sound_us)[0]

    def _made(self, records: Sequence[Record], sound_us: int) -> tuple[bytes, int, list[webm.Block]]:
        pictures, sounds = STREAMS[self.side]
        end_us = max((record.time_us for record in records), default=self.begins_us) - self.begins_us
        blocks = [
            webm.Block(webm.PICTURE_TRACK, self._time_ms(record), record.key, record.data)
            for record in records
            if record.stream is pictures
        ]
        packets = ((record.time_us - self.begins_us, record.data) for record in records if record.stream is sounds)
        filled, sound_us = even_sound(packets, sound_us, end_us)
        blocks += [webm.Block(webm.SOUND_TRACK, at_us // 1_000, True, data) for at_us, data in filled]
        blocks.sort(key=lambda block: block.time_ms)
        return b"".join(webm.clusters(blocks)), sound_us, blocks

    def _time_ms(self, record: Record) -> int:
        return (record.time_us - self.begins_us) // 1_000


def even_sound(packets: Iterable[tuple[int, bytes]], at_us: int, end_us: int) -> tuple[list[tuple[int, bytes]], int]:
    """Packets of 20 ms one behind the other, from `at_us` to about `end_us`; holes are silent. Returns the new end."""
    even: list[tuple[int, bytes]] = []

    def silent_until(until_us: int) -> None:
        nonlocal at_us
        while at_us + PACKET_US <= until_us:
            even.append((at_us, SILENCE))
            at_us += PACKET_US

    for time_us, data in packets:
        if time_us < at_us - OUT_OF_STEP_US:
            continue
        if time_us > at_us + OUT_OF_STEP_US:
            silent_until(time_us)
        even.append((at_us, data))
        at_us += PACKET_US
    silent_until(end_us - 2 * PACKET_US)  # packets of the next chunk may lie a little before the end of this one
    return even, at_us
