"""Which packets of the picture are missing, and when each is asked for (RFC 4585 NACK). Pure: told the time.

aiortc asks once, when the gap is seen; an answer that is lost as well is asked for by nobody. Here a packet is asked
for again every round trip, which is measured by the answers, until it comes or nobody waits for it any more.
"""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.media.receiving.sequence import JUMP_MAX

ROUND_TRIP_S = 0.05  # until the first answer tells it
ROUND_TRIP_S_MIN = 0.02
ROUND_TRIP_S_MAX = 0.5
PATIENCE = 1.2  # round trips from one asking to the next
PATIENCE_GROWS = 1.5  # from the third on: when the path is full, answers are late, and more of them make it fuller
ECHO_S = 0.01  # after the first asking it is said once more: on a path that loses, the asking may be what is lost
ASKED_FOR_S_MAX = 1.0  # then only a key frame helps
ASKED_AT_ONCE_MAX = 128  # packets; more are lost in a cut of the path, and a key frame is cheaper


@dataclass(slots=True)
class _Missing:
    since_s: float
    first_asked_s: float | None = None
    asked_at_s: float | None = None
    asked: int = 0
    echoed: bool = False


class Losses:
    """Fed with the places of the packets that came."""

    def __init__(self) -> None:
        self._highest: int | None = None
        self._missing: dict[int, _Missing] = {}
        self.round_trip_s = ROUND_TRIP_S

    def arrived(self, place: int, now_s: float) -> None:
        """A packet came, for the first time or again."""
        if self._highest is None:
            self._highest = place
            return
        if abs(place - self._highest) > JUMP_MAX:
            self._missing.clear()
            self._highest = place
            return
        for missed in range(self._highest + 1, place):
            self._missing[missed] = _Missing(now_s)
        self._highest = max(self._highest, place)
        found = self._missing.pop(place, None)
        if found is not None and found.first_asked_s is not None:
            # Perhaps a later asking was answered; but a path that has become slow shows by nothing else.
            self._answered_after(now_s - found.first_asked_s)

    def due(self, now_s: float) -> list[int]:
        """Places to be asked for now; each is then asked for again only after a round trip."""
        self._missing = {
            place: missing for place, missing in self._missing.items() if now_s - missing.since_s < ASKED_FOR_S_MAX
        }
        wait_s = PATIENCE * self.round_trip_s
        asked: list[int] = []
        for place, missing in self._missing.items():
            waited_s = None if missing.asked_at_s is None else now_s - missing.asked_at_s
            if waited_s is None or waited_s >= wait_s * PATIENCE_GROWS ** max(0, missing.asked - 2):
                missing.first_asked_s = missing.first_asked_s or now_s
                missing.asked_at_s = now_s
                missing.asked += 1
            elif missing.asked == 1 and not missing.echoed and waited_s >= ECHO_S:
                missing.echoed = True
            else:
                continue
            asked.append(place)
        return asked[-ASKED_AT_ONCE_MAX:]

    def forget_below(self, place: int) -> None:
        """Nobody waits for these any more."""
        self._missing = {each: missing for each, missing in self._missing.items() if each >= place}

    def _answered_after(self, took_s: float) -> None:
        took_s = min(ROUND_TRIP_S_MAX, max(ROUND_TRIP_S_MIN, took_s))
        self.round_trip_s += (took_s - self.round_trip_s) / 4
