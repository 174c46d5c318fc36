"""What a call is like, told to core every two seconds. Pure but for the log: told the time."""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass

from device_drivers.audio.level import LevelMeter, loudness
from device_drivers.contract.audio import Loudness, Samples
from signaling_server.contract.flow import Flow
from terminal_app.ipc.media_messages import MediaStats
from terminal_app.media.receiving.av_offset import AvOffset
from terminal_app.media.receiving.sound_buffer import SoundCounts

STATS_PERIOD_S = 2.0
FREEZE_FACTOR, FREEZE_MARGIN_S, FREEZE_WINDOW = 3, 0.15, 30
LONG_GAP_S = 10.0  # the agent has switched his camera off: no freeze

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Counters of one connection since it began."""

    video_packets_sent: int = 0
    audio_packets_sent: int = 0
    bytes_received: int = 0
    video_packets_received: int = 0
    video_packets_lost: int = 0
    round_trip_ms: int = 0  # newest, no counter
    jitter_ms: int = 0


class Freezes:
    """Of the pictures of one call, as W3C counts them: against the mean of the last 30 gaps."""

    def __init__(self) -> None:
        self.count = 0
        self.frozen_s = 0.0
        self._gaps_s: deque[float] = deque(maxlen=FREEZE_WINDOW)
        self._last_s: float | None = None

    def picture(self, now_s: float) -> None:
        last_s, self._last_s = self._last_s, now_s
        if last_s is None or (gap_s := now_s - last_s) > LONG_GAP_S:
            return
        mean_s = sum(self._gaps_s) / len(self._gaps_s) if self._gaps_s else gap_s
        if gap_s > max(FREEZE_FACTOR * mean_s, mean_s + FREEZE_MARGIN_S):
            self.count += 1
            self.frozen_s += gap_s
        self._gaps_s.append(gap_s)


@dataclass(frozen=True, slots=True)
class Counters:
    """Of one connection."""

    decoded: int
    sent: int
    traffic: Traffic
    sound: SoundCounts


class CallStatistics:
    """Of one call over all its epochs."""

    def __init__(self, now_s: float) -> None:
        self.offset = AvOffset()
        self._begun_s = now_s
        self._set_up_ms = 0
        self._freezes = Freezes()
        self._heard = LevelMeter(window_s=STATS_PERIOD_S)
        self._hearing = threading.Lock()
        self._counters: dict[tuple[int, str], Counters] = {}
        self._told_at_s = now_s
        self._told = _Sums()
        self._warned = Loudness.CLEAR

    def hear(self, samples: Samples) -> None:
        """What is played, in the thread that plays it."""
        with self._hearing:
            self._heard.add(samples)

    def arrived(self, now_s: float, *, picture: bool) -> None:
        """A picture is shown, or a packet of sound came."""
        if not self._set_up_ms:
            self._set_up_ms = max(1, round((now_s - self._begun_s) * 1_000))
        if picture:
            self._freezes.picture(now_s)

    def count(self, connection: tuple[int, str], counters: Counters) -> None:
        """Of a media epoch, and in a room of a feed."""
        self._counters[connection] = counters

    def due(self, call_id: str, media_epoch: int, now_s: float) -> MediaStats | None:
        """The next statistics, once every period."""
        passed_s = now_s - self._told_at_s
        if passed_s < STATS_PERIOD_S:
            return None
        sums = _Sums.of(self._counters)
        before, self._told, self._told_at_s = self._told, sums, now_s
        with self._hearing:
            level_db = round(self._heard.level_db(), 1)
        self._warn_of(loudness(level_db), level_db)
        epoch = max((epoch for epoch, _ in self._counters), default=0)
        newest = [counters.traffic for (of, _), counters in self._counters.items() if of == epoch]
        return MediaStats(
            call_id,
            media_epoch,
            sums.decoded,
            sums.sent,
            level_db,
            round((sums.bytes_received - before.bytes_received) * 8 / 1_000 / passed_s),
            Flow(
                set_up_ms=self._set_up_ms,
                frames_per_second=round((sums.decoded - before.decoded) / passed_s, 1),
                freezes=self._freezes.count,
                frozen_ms=round(self._freezes.frozen_s * 1_000),
                lost_percent=_percent(
                    sums.lost - before.lost, sums.received - before.received + sums.lost - before.lost
                ),
                round_trip_ms=max((each.round_trip_ms for each in newest), default=0),
                jitter_ms=max((each.jitter_ms for each in newest), default=0),
                hidden_percent=_percent(sums.hidden - before.hidden, sums.played - before.played),
                av_offset_ms=self.offset.take_ms(),
            ),
        )

    def _warn_of(self, heard: Loudness, level_db: float) -> None:
        """The customer hears the agent badly: told once, until the voice is clear again."""
        if heard in (Loudness.TOO_QUIET, Loudness.TOO_LOUD) and self._warned is not heard:
            logger.warning("the agent's voice is %s: %.0f dBFS", heard.value.replace("_", " "), level_db)
        if heard is not Loudness.PAUSE:
            self._warned = heard


@dataclass(frozen=True, slots=True)
class _Sums:
    decoded: int = 0
    sent: int = 0
    bytes_received: int = 0
    received: int = 0
    lost: int = 0
    played: int = 0
    hidden: int = 0

    @staticmethod
    def of(counters: dict[tuple[int, str], Counters]) -> _Sums:
        every = list(counters.values())
        return _Sums(
            decoded=sum(each.decoded for each in every),
            sent=sum(each.sent for each in every),
            bytes_received=sum(each.traffic.bytes_received for each in every),
            received=sum(each.traffic.video_packets_received for each in every),
            lost=sum(each.traffic.video_packets_lost for each in every),
            played=sum(each.sound.played for each in every),
            hidden=sum(each.sound.hidden + each.sound.silent for each in every),
        )


def _percent(part: int, whole: int) -> float:
    return round(100 * max(0, part) / whole, 1) if whole > 0 else 0.0
