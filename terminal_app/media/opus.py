"""libopus (RFC 6716) with what its FFmpeg wrapper leaves out: loss hidden, the copy of a lost packet that the next one
carries, and silence that takes no packets. By ctypes: the C API is stable and small.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools

import numpy as np

from device_drivers.contract.audio import SAMPLE_RATE_HZ, Samples

SAMPLES_MAX = SAMPLE_RATE_HZ * 120 // 1000  # the longest packet there is
_OK = 0
_PACKET_SIZE_MAX = 1_275
_NOT_TO_BE_SENT = 2  # bytes: the decoder knows that it is silent
_APPLICATION_VOIP = 2048
# Of opus_defines.h.
_SET_BITRATE, _SET_INBAND_FEC, _SET_PACKET_LOSS_PERC, _SET_DTX = 4002, 4012, 4014, 4016


class OpusError(Exception):
    """No libopus, or a packet that is none."""


class OpusEncoder:
    """Mono speech at 48 kHz, with copies against loss and nothing sent in silence. Not for two threads at once."""

    def __init__(self, bitrate_bps: int, loss_percent: int) -> None:
        """Raises: OpusError."""
        self._library = _library()
        error = ctypes.c_int(_OK)
        self._state = self._library.opus_encoder_create(SAMPLE_RATE_HZ, 1, _APPLICATION_VOIP, ctypes.byref(error))
        if error.value != _OK or not self._state:
            raise OpusError(f"libopus gives no encoder: {error.value}")
        settings = (
            (_SET_BITRATE, bitrate_bps),
            (_SET_INBAND_FEC, 1),
            (_SET_PACKET_LOSS_PERC, loss_percent),
            (_SET_DTX, 1),
        )
        for name, value in settings:
            if self._library.opus_encoder_ctl(self._state, name, ctypes.c_int32(value)) != _OK:
                raise OpusError(f"libopus refuses setting {name}")
        self._room = ctypes.create_string_buffer(_PACKET_SIZE_MAX)

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self._library.opus_encoder_destroy(self._state)

    def encode(self, block: Samples) -> bytes:
        """One packet of 2.5 to 60 ms; empty: it is silent and need not be sent.

        Raises:
            OpusError.
        """
        sound = np.ascontiguousarray(block, np.int16)
        samples = sound.ctypes.data_as(ctypes.POINTER(ctypes.c_int16))
        size = self._library.opus_encode(self._state, samples, sound.size, self._room, _PACKET_SIZE_MAX)
        if size < 0:
            raise OpusError(f"{sound.size} samples are no Opus frame: {size}")
        return b"" if size <= _NOT_TO_BE_SENT else self._room.raw[:size]


class OpusDecoder:
    """One mono stream at 48 kHz. Not for two threads at once."""

    def __init__(self) -> None:
        """Raises: OpusError."""
        self._library = _library()
        error = ctypes.c_int(_OK)
        self._state = self._library.opus_decoder_create(SAMPLE_RATE_HZ, 1, ctypes.byref(error))
        if error.value != _OK or not self._state:
            raise OpusError(f"libopus gives no decoder: {error.value}")
        self._room = np.zeros(SAMPLES_MAX, np.int16)

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self._library.opus_decoder_destroy(self._state)

    def decode(self, packet: bytes) -> Samples:
        """Raises: OpusError."""
        return self._decode(packet, SAMPLES_MAX, recover=False)

    def recover(self, next_packet: bytes, count: int) -> Samples:
        """The `count` samples before `next_packet`, from the copy in it; hidden loss where it has none.

        Raises:
            OpusError.
        """
        return self._decode(next_packet, count, recover=True)

    def conceal(self, count: int) -> Samples:
        """`count` samples, a multiple of 2.5 ms, that go on as the sound did and fade."""
        return self._decode(None, count, recover=False)

    def _decode(self, packet: bytes | None, count: int, *, recover: bool) -> Samples:
        size = 0 if packet is None else len(packet)
        room = self._room.ctypes.data_as(ctypes.POINTER(ctypes.c_int16))
        got = self._library.opus_decode(self._state, packet, size, room, count, int(recover))
        if got < 0:
            raise OpusError(f"no Opus packet: {got}")
        return self._room[:got].copy()


@functools.cache
def _library() -> ctypes.CDLL:
    name = ctypes.util.find_library("opus")
    if name is None:
        raise OpusError("libopus is not installed (Debian package libopus0)")
    library = ctypes.CDLL(name)
    library.opus_encoder_create.restype = ctypes.c_void_p
    library.opus_encoder_create.argtypes = [ctypes.c_int32, ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_int)]
    library.opus_encoder_destroy.restype = None
    library.opus_encoder_destroy.argtypes = [ctypes.c_void_p]
    library.opus_encoder_ctl.restype = ctypes.c_int
    library.opus_encoder_ctl.argtypes = [ctypes.c_void_p, ctypes.c_int]  # and one more, by the setting
    library.opus_encode.restype = ctypes.c_int32
    library.opus_encode.argtypes = [
        ctypes.c_void_p,
        ctypes.POINTER(ctypes.c_int16),
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_int32,
    ]
    library.opus_decoder_create.restype = ctypes.c_void_p
    library.opus_decoder_create.argtypes = [ctypes.c_int32, ctypes.c_int, ctypes.POINTER(ctypes.c_int)]
    library.opus_decoder_destroy.restype = None
    library.opus_decoder_destroy.argtypes = [ctypes.c_void_p]
    library.opus_decode.restype = ctypes.c_int
    library.opus_decode.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_int32,
        ctypes.POINTER(ctypes.c_int16),
        ctypes.c_int,
        ctypes.c_int,
    ]
    return library
