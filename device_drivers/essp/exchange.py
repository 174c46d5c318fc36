"""One SSP command and its answer: the sequence bit, the same packet again, the encrypted count. No I/O, no clock.

Source: SSP paper, "Packet", "Encryption". A slave answers a repeated bit with its stored answer and does nothing twice;
so a command is repeated byte for byte, and an answer with the other bit is one to an earlier command.
"""

from __future__ import annotations

from dataclasses import dataclass

from device_drivers.essp import encryption, frames
from device_drivers.essp.encryption import CipherError, Key, RandomBytes
from device_drivers.essp.frames import DamagedFrame, Frame, FrameReader
from device_drivers.essp.messages import Command, Reply
from device_drivers.tries import Tries

TRIES_MAX = 20
ANSWER_S = 1.0
REPEAT_PAUSE_S = 0.02
COMMAND_GAP_S = 0.005
BYTE_GAP_S = 0.06
_ALWAYS_PLAIN = (Command.SYNC, Command.SET_GENERATOR, Command.SET_MODULUS, Command.KEY_EXCHANGE)
_REPLIES = frozenset(int(reply) for reply in Reply)


@dataclass(frozen=True, slots=True)
class Answered:
    """The slave answered `command` (its data with parameters)."""

    command: bytes
    reply: Reply
    data: bytes


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """All tries are spent: the slave is considered dead."""

    command: bytes


Outcome = Answered | NoAnswer


class Exchange:
    """Carries one command at a time to its end."""

    def __init__(self, address: int, random_bytes: RandomBytes) -> None:
        self._address = address
        self._random_bytes = random_bytes
        self._tries = Tries()
        self._reader = FrameReader()
        self._command = b""
        self._sequence = 1  # of the command under way or just ended; the first SYNC has bit 0
        self._key: Key | None = None
        self._count = 0
        self._encrypted = False  # the command under way
        self._damaged = False
        self._last_byte_s = 0.0

    @property
    def free(self) -> bool:
        """True when the next command may be started."""
        return self._tries.free

    def start(self, command: bytes) -> None:
        """Takes the next command; only when `free`."""
        self._command = command
        self._sequence ^= 1
        self._encrypted = self._key is not None and command[0] not in _ALWAYS_PLAIN
        data = command
        if self._encrypted:
            assert self._key is not None
            data = encryption.encrypt(command, self._count, self._key, self._random_bytes)
        wire = frames.encode(Frame(self._sequence, self._address, data))
        self._tries.start(wire, answer_s=ANSWER_S, tries_max=TRIES_MAX)

    def use_key(self, key: Key | None) -> None:
        """From the next command on; None: plain again."""
        self._key, self._count = key, 0

    def begin(self) -> None:
        """Plain again, and SYNC twice comes next: with bit 0, then with 1.

        One of them is new to any slave, whatever it heard last, and bit 0 of what follows is new to it in any case.
        """
        self.use_key(None)
        self._sequence = 1

    def abandon(self) -> None:
        """Forgets everything under way: the line is gone."""
        self._tries.abandon()
        self._reader = FrameReader()
        self.begin()

    def bytes_to_send(self, now_s: float) -> bytes:
        """The command, when its time has come."""
        if sent := self._tries.bytes_to_send(now_s):
            self._damaged = False
        return sent

    def receive(self, chunk: bytes, now_s: float) -> list[Outcome]:
        """What these bytes, or the time that passed, brought to an end."""
        outcomes: list[Outcome] = []
        for frame in self._reader.feed(chunk):
            if isinstance(frame, DamagedFrame):
                self._damaged = True
            else:
                outcomes += self._judge(frame, now_s)
        if chunk:
            self._last_byte_s = now_s
        elif self._reader.waiting and now_s >= self._last_byte_s + BYTE_GAP_S:
            self._reader.give_up_waiting()
            self._damaged = True
        if self._tries.waiting and (self._tries.is_late(now_s) or (self._damaged and not self._reader.waiting)):
            self._damaged = False
            if not self._tries.again(now_s, pause_s=REPEAT_PAUSE_S):
                outcomes.append(NoAnswer(self._command))
        return outcomes

    def wakes_at_s(self) -> float:
        """When there is something to send or to give up."""
        if self._tries.waiting and self._reader.waiting:
            return min(self._tries.wakes_at_s(), self._last_byte_s + BYTE_GAP_S)
        return self._tries.wakes_at_s()

    def _judge(self, frame: Frame, now_s: float) -> list[Outcome]:
        mine = frame.address == self._address and frame.sequence == self._sequence
        if not mine or not self._tries.waiting:
            return []  # our own echo has this bit too, but no reply code
        data = self._opened(frame.data)
        if data is None or not data or data[0] not in _REPLIES:
            return []
        self._tries.finish(now_s, pause_s=COMMAND_GAP_S)
        return [Answered(self._command, Reply(data[0]), data[1:])]

    def _opened(self, data: bytes) -> bytes | None:
        """The plain data of an answer; None: it is not one to this command."""
        if not self._encrypted:
            return data
        if data == bytes((Reply.KEY_NOT_SET,)):
            return data
        assert self._key is not None
        try:
            count, plain = encryption.decrypt(data, self._key)
        except CipherError:
            return None
        if count != self._count + 1:
            return None
        self._count = count
        return plain
