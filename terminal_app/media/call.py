"""What is known of a call's media: which peer connection shows, what arrives, when one is to be given up.

Pure: told the time, decides; `call_engine.py` does it. A call has media epochs: each is one peer connection, and a
higher one replaces a lower one when its first picture is decoded (make before break).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from terminal_app.ipc.messages import Liveness

WEAK_AFTER_S = 1.0  # nothing decoded, neither picture nor sound
RECONNECTING_AFTER_S = 3.0
VIDEO_GONE_AFTER_S = 3.0  # sound alone: the agent has switched the camera off
CONNECT_S_MAX = (
    15.0  # from the offer to the first decoded picture or sound; the agent's page asks for its camera meanwhile
)
SILENT_S_MAX = 10.0  # shorter outages heal by themselves
SOUND_ALONE_S = 2.0  # a new epoch without a picture replaces the old one after this much sound
SEND_STALLED_S = 1.0  # aiortc's sending task can end for good while the connection looks well
UNCLAIMED_S_MAX = 60.0  # core was restarted and nobody speaks of this call


@dataclass(frozen=True, slots=True)
class LivenessChanged:
    media_epoch: int
    liveness: Liveness
    agent_has_video: bool


@dataclass(frozen=True, slots=True)
class EpochFailed:
    """Core is asked for a new epoch. Said once for each."""

    media_epoch: int
    reason: str


@dataclass(frozen=True, slots=True)
class EpochReplaced:
    """A newer one shows: close this one."""

    media_epoch: int


@dataclass(frozen=True, slots=True)
class CallUnclaimed:
    """Core has not spoken of this call since it went away: close everything."""


CallMediaEvent = LivenessChanged | EpochFailed | EpochReplaced | CallUnclaimed


@dataclass(slots=True)
class _Sending:
    packets: int = 0
    grew_at_s: float = 0.0


@dataclass(slots=True)
class _Epoch:
    number: int
    opened_at_s: float
    picture_at_s: float | None = None
    sound_at_s: float | None = None
    first_heard_at_s: float | None = None
    failed: bool = False
    sending: dict[str, _Sending] = field(default_factory=dict)

    @property
    def heard_at_s(self) -> float | None:
        times = [at for at in (self.picture_at_s, self.sound_at_s) if at is not None]
        return max(times, default=None)


class CallMedia:
    """The media state of one call."""

    def __init__(self, call_id: str) -> None:
        self.call_id = call_id
        self._epochs: dict[int, _Epoch] = {}
        self._showing: int | None = None
        self._told: LivenessChanged | None = None
        self._core_lost_at_s: float | None = None
        self._events: list[CallMediaEvent] = []

    @property
    def newest_epoch(self) -> int:
        return max(self._epochs, default=0)

    def shows(self, number: int) -> bool:
        """The pictures and the sound of this epoch are the ones to show and play."""
        return number == self._showing

    def open_epoch(self, number: int, now_s: float) -> None:
        """A peer connection was begun; of those not showing yet only the newest is kept."""
        for old in [old for old in self._epochs if old != self._showing]:
            self._replace(old)
        self._epochs[number] = _Epoch(number, now_s)
        self._tell(now_s)

    def picture_decoded(self, number: int, now_s: float) -> None:
        if (epoch := self._epochs.get(number)) is not None:
            epoch.picture_at_s = now_s
            self._heard(epoch, now_s)

    def sound_decoded(self, number: int, now_s: float) -> None:
        if (epoch := self._epochs.get(number)) is not None:
            epoch.sound_at_s = now_s
            self._heard(epoch, now_s)

    def packets_counted(self, number: int, kind: str, packets: int, now_s: float) -> None:
        """How many RTP packets of `kind` this epoch has sent so far. Zero: it does not send yet, or need not."""
        if (epoch := self._epochs.get(number)) is None or packets == 0:
            return
        sending = epoch.sending.setdefault(kind, _Sending())
        if packets != sending.packets:
            sending.packets, sending.grew_at_s = packets, now_s
        elif now_s - sending.grew_at_s >= SEND_STALLED_S:
            self._fail(epoch, f"{kind} packets stopped")

    def rests(self, number: int, kind: str) -> None:
        """`kind` is sent seldom or not at all, on purpose."""
        if (epoch := self._epochs.get(number)) is not None:
            epoch.sending.pop(kind, None)

    def connection_lost(self, number: int, reason: str) -> None:
        if (epoch := self._epochs.get(number)) is not None:
            self._fail(epoch, reason)

    def core_lost(self, now_s: float) -> None:
        if self._core_lost_at_s is None:
            self._core_lost_at_s = now_s

    def claimed(self) -> None:
        """Core spoke of this call."""
        self._core_lost_at_s = None

    def tell_again(self) -> None:
        """A new core knows nothing: the next `advance` says the liveness anew."""
        self._told = None

    def advance(self, now_s: float) -> None:
        """Time has passed; to be called several times a second."""
        for epoch in self._epochs.values():
            heard_at_s = epoch.heard_at_s
            if heard_at_s is None and now_s - epoch.opened_at_s >= CONNECT_S_MAX:
                self._fail(epoch, "nothing arrived")
            elif heard_at_s is not None and now_s - heard_at_s >= SILENT_S_MAX:
                self._fail(epoch, "nothing arrives any more")
        if self._core_lost_at_s is not None and now_s - self._core_lost_at_s >= UNCLAIMED_S_MAX:
            self._core_lost_at_s = None
            self._events.append(CallUnclaimed())
        self._tell(now_s)

    def take_events(self) -> list[CallMediaEvent]:
        events, self._events = self._events, []
        return events

    def _heard(self, epoch: _Epoch, now_s: float) -> None:
        if epoch.first_heard_at_s is None:
            epoch.first_heard_at_s = now_s
        if self._may_show(epoch, now_s):
            self._showing = epoch.number
            for old in [number for number in self._epochs if number < epoch.number]:
                self._replace(old)
        self._tell(now_s)

    def _may_show(self, epoch: _Epoch, now_s: float) -> bool:
        if self._showing is None or epoch.picture_at_s is not None:
            return epoch.number >= (self._showing or 0)
        showing = self._epochs[self._showing]
        quiet = showing.heard_at_s is None or now_s - showing.heard_at_s >= WEAK_AFTER_S
        alone = epoch.first_heard_at_s is not None and now_s - epoch.first_heard_at_s >= SOUND_ALONE_S
        return epoch.number > self._showing and (quiet or alone)

    def _replace(self, number: int) -> None:
        del self._epochs[number]
        self._events.append(EpochReplaced(number))

    def _fail(self, epoch: _Epoch, reason: str) -> None:
        if epoch.failed:
            return
        epoch.failed = True
        # A newer one is already on its way: nobody need act on the old one's end.
        if epoch.number == self.newest_epoch:
            self._events.append(EpochFailed(epoch.number, reason))

    def _tell(self, now_s: float) -> None:
        told = self._liveness(now_s)
        if told != self._told:
            self._told = told
            self._events.append(told)

    def _liveness(self, now_s: float) -> LivenessChanged:
        if self._showing is None:
            return LivenessChanged(self.newest_epoch, Liveness.CONNECTING, False)
        showing = self._epochs[self._showing]
        assert showing.heard_at_s is not None
        silence_s = now_s - showing.heard_at_s
        picture_at_s = showing.picture_at_s
        video = picture_at_s is not None and now_s - picture_at_s < VIDEO_GONE_AFTER_S
        if silence_s < WEAK_AFTER_S:
            return LivenessChanged(showing.number, Liveness.LIVE, video)
        if silence_s < RECONNECTING_AFTER_S:
            return LivenessChanged(showing.number, Liveness.WEAK, video)
        return LivenessChanged(self.newest_epoch, Liveness.RECONNECTING, False)
