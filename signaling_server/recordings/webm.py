"""A WebM file (RFC 8794 EBML, RFC 9559 Matroska) around packets that stay as they were recorded. Pure.

One track of pictures (VP8), one of sound (Opus, mono), clusters, and cues in front of them, so that a player seeks by
asking for a range of bytes. Every element has a known size: the whole layout is known before a byte is served.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PICTURE_TRACK, SOUND_TRACK = 1, 2
SAMPLE_RATE_HZ = 48_000
SEEK_PRE_ROLL_NS = 80_000_000  # RFC 7845: a decoder of Opus settles within it
_REACH_MS = 30_000  # the time of a block within its cluster has 16 bits
_TIMESTAMP_SCALE_NS = 1_000_000
# ID header of Opus (RFC 7845, 5.1): version 1, one channel, no pre-skip.
_OPUS_HEAD = b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 0, SAMPLE_RATE_HZ, 0, 0)


@dataclass(frozen=True, slots=True)
class Block:
    """One picture or packet of sound; `time_ms` from the beginning of the file."""

    track: int
    time_ms: int
    key: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class Cue:
    """Where a player may begin to decode."""

    time_ms: int
    track: int
    place: int  # of its cluster, in bytes from the end of the head


@dataclass(frozen=True, slots=True)
class PictureSize:
    width: int
    height: int


def picture_size(key_picture: bytes) -> PictureSize:
    """Of a VP8 key frame (RFC 6386, 9.1)."""
    width, height = struct.unpack_from("<HH", key_picture, 6)
    return PictureSize(width & 0x3FFF, height & 0x3FFF)


def clusters(blocks: Iterable[Block]) -> list[bytes]:
    """Blocks in the order of their times."""
    made: list[bytes] = []
    begins_ms, parts = 0, list[bytes]()
    for block in blocks:
        if parts and block.time_ms - begins_ms > _REACH_MS:
            made.append(_cluster(begins_ms, parts))
            parts = []
        if not parts:
            begins_ms = block.time_ms
        head = struct.pack(">BhB", 0x80 | block.track, block.time_ms - begins_ms, 0x80 if block.key else 0)
        parts.append(_element(0xA3, head + block.data))
    return [*made, _cluster(begins_ms, parts)] if parts else made


def _cluster(begins_ms: int, parts: Sequence[bytes]) -> bytes:
    return _element(0x1F43B675, _uint(0xE7, begins_ms) + b"".join(parts))


def head(*, size: PictureSize | None, duration_ms: int, cues: Sequence[Cue], clusters_size: int) -> bytes:
    """All that stands before the first cluster. `size` None: there are no pictures."""
    info = _element(
        0x1549A966,
        _uint(0x2AD7B1, _TIMESTAMP_SCALE_NS)
        + _element(0x4489, struct.pack(">d", float(duration_ms)))
        + _element(0x4D80, b"video-consultant-terminal")
        + _element(0x5741, b"video-consultant-terminal"),
    )
    tracks = _element(0x1654AE6B, (_picture_track(size) if size is not None else b"") + _sound_track())
    seek = _seek_head(0, 0, 0)
    places = (len(seek), len(seek) + len(info), len(seek) + len(info) + len(tracks))
    before = len(seek) + len(info) + len(tracks) + len(_cues(cues, 0))
    body = _seek_head(*places) + info + tracks + _cues(cues, before)
    return _ebml() + _id(0x18538067) + _size(len(body) + clusters_size) + body


def _ebml() -> bytes:
    fields = _uint(0x4286, 1) + _uint(0x42F7, 1) + _uint(0x42F2, 4) + _uint(0x42F3, 8)
    return _element(0x1A45DFA3, fields + _element(0x4282, b"webm") + _uint(0x4287, 4) + _uint(0x4285, 2))


def _picture_track(size: PictureSize) -> bytes:
    video = _element(0xE0, _uint(0xB0, size.width) + _uint(0xBA, size.height))
    return _element(0xAE, _track(PICTURE_TRACK, 1, b"V_VP8") + video)


def _sound_track() -> bytes:
    audio = _element(0xE1, _element(0xB5, struct.pack(">d", float(SAMPLE_RATE_HZ))) + _uint(0x9F, 1))
    opus = _element(0x63A2, _OPUS_HEAD) + _uint(0x56AA, 0) + _uint(0x56BB, SEEK_PRE_ROLL_NS)
    return _element(0xAE, _track(SOUND_TRACK, 2, b"A_OPUS") + opus + audio)


def _track(number: int, kind: int, codec: bytes) -> bytes:
    """Number, UID, type, no lacing, codec."""
    return _uint(0xD7, number) + _uint(0x73C5, number) + _uint(0x83, kind) + _uint(0x9C, 0) + _element(0x86, codec)


def _seek_head(*places: int) -> bytes:
    """Where Info, Tracks and Cues stand in the segment."""
    entries = b"".join(
        _element(0x4DBB, _element(0x53AB, _id(identity)) + _uint(0x53AC, place))
        for identity, place in zip((0x1549A966, 0x1654AE6B, 0x1C53BB6B), places, strict=True)
    )
    return _element(0x114D9B74, entries)


def _cues(cues: Sequence[Cue], before: int) -> bytes:
    points = (
        _element(
            0xBB,
            _uint(0xB3, cue.time_ms) + _element(0xB7, _uint(0xF7, cue.track) + _uint(0xF1, before + cue.place)),
        )
        for cue in cues
    )
    return _element(0x1C53BB6B, b"".join(points))


def _element(identity: int, content: bytes) -> bytes:
    return _id(identity) + _size(len(content)) + content


def _uint(identity: int, value: int) -> bytes:
    """Always of eight bytes: what is filled in later changes no size."""
    return _element(identity, value.to_bytes(8, "big"))


def _id(identity: int) -> bytes:
    return identity.to_bytes((identity.bit_length() + 7) // 8, "big")


def _size(size: int) -> bytes:
    """A length of eight bytes."""
    return (size | 1 << 56).to_bytes(8, "big")
