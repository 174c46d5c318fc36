"""How far what is heard is behind what is shown, by the sender's own clock. Pure: told the time.

A sender report (RFC 3550, 6.4.1) says what time of the sender's wall clock a timestamp of one stream stands for; so a
picture on the glass and a sample at the loudspeaker can be compared, each by when it was taken.
"""

from __future__ import annotations

from statistics import median

_WRAP = 1 << 32
HEARD_S_MAX = 0.5  # a loudspeaker that has pulled nothing for longer stands still: nothing is heard now


class SenderClock:
    """Of one stream."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._origin: int | None = None
        self._report: tuple[float, int] | None = None

    def begins(self, timestamp: int) -> None:
        """Times that are asked for count from this one; only the first is taken."""
        if self._origin is None:
            self._origin = timestamp

    def reported(self, ntp_timestamp: int, timestamp: int) -> None:
        """`ntp_timestamp`: seconds since 1900 in 32.32 fixed point."""
        self._report = ntp_timestamp / _WRAP, timestamp

    def taken_s(self, timestamp: int) -> float | None:
        """When it was taken, by the sender's clock; `timestamp` may be unwrapped. None: nobody has reported yet."""
        if self._report is None:
            return None
        ntp_s, reported = self._report
        later = (timestamp + (self._origin or 0) - reported + _WRAP // 2) % _WRAP - _WRAP // 2
        return ntp_s + later / self._rate_hz


class AvOffset:
    """Of the epoch that is shown. `heard` may be told in the loudspeaker's thread."""

    def __init__(self) -> None:
        self._heard: tuple[float, float] | None = None
        self._offsets_s: list[float] = []

    def heard(self, taken_s: float | None, at_s: float) -> None:
        """The sample that leaves the loudspeaker at `at_s`; None: silence, or no report yet."""
        self._heard = None if taken_s is None else (taken_s, at_s)

    def shown(self, taken_s: float | None, now_s: float) -> None:
        """The picture that comes onto the glass now."""
        heard = self._heard
        if heard is not None and taken_s is not None and abs(now_s - heard[1]) <= HEARD_S_MAX:
            self._offsets_s.append(taken_s - heard[0] - (now_s - heard[1]))

    def take_ms(self) -> int | None:
        """Of the pictures since it was last asked, the middle one. Above zero: the sound is late."""
        offsets_s, self._offsets_s = self._offsets_s, []
        return round(1_000 * median(offsets_s)) if offsets_s else None
