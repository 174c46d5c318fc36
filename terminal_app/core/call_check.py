"""Before an agent takes the call: what the terminal found of its microphone, loudspeaker, camera and link. Pure.

Whoever could not be heard is told so while he waits, and talks by keyboard or pad instead; his place is his own all the
while. An agent who is there before he has answered finds him at the keyboard: nobody speaks into a dead microphone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec import structs

from signaling_server.contract.messages import CallChecked, WayToTalk
from signaling_server.contract.preflight import PathQuality, Preflight, bad
from terminal_app.core.call_notes import Notes
from terminal_app.ipc.call_messages import CallPane, SoundTrouble
from terminal_app.ipc.media_messages import DevicesChecked, PathChecked
from terminal_app.ipc.messages import GoBack
from terminal_app.ipc.pages import Choice, Choose, Page, PageKind, Phrase, Tone

PAGE = "sound_trouble"
TYPE, WRITE, WAIT = "by_keyboard", "by_hand", "wait"
NOTHING_FOUND = Preflight()
_WAYS = {TYPE: WayToTalk.TYPE, WRITE: WayToTalk.WRITE}
_PANES = {WayToTalk.TYPE: CallPane.KEYBOARD, WayToTalk.WRITE: CallPane.PAD}


@dataclass(frozen=True, slots=True)
class LinkMeasured:
    """Over HTTPS, from the terminal to its office (`link_check.py`)."""

    up_bps: int
    down_bps: int
    round_trip_ms: int


@dataclass(frozen=True, slots=True)
class Check:
    """Of one wait. `switched`: he speaks no more but writes, for want of a microphone or loudspeaker."""

    found: Preflight = NOTHING_FOUND
    answered: bool = False  # he was told and has chosen
    switched: bool = False
    told: CallChecked | None = None  # what the office knows

    @property
    def trouble(self) -> SoundTrouble:
        deaf, dumb = bad(self.found.loudspeaker), bad(self.found.microphone)
        if deaf and dumb:
            return SoundTrouble.BOTH
        if dumb:
            return SoundTrouble.MICROPHONE
        return SoundTrouble.LOUDSPEAKER if deaf else SoundTrouble.NONE

    @property
    def link_bps(self) -> int:
        """What a call may count on both ways; 0: not measured."""
        return min(self.found.path.up_kbps, self.found.path.down_kbps) * 1_000


NO_CHECK = Check()
Found = DevicesChecked | PathChecked | LinkMeasured


def found(check: Check, event: Found) -> Check:
    """One of those who look has found something."""
    return replace(check, found=_merged(check.found, event))


def asks(check: Check, way: WayToTalk | None) -> bool:
    """Whether the customer is to be asked now. Who writes anyway is only told."""
    return check.trouble is not SoundTrouble.NONE and not check.answered and way is WayToTalk.SPEAK


def page(trouble: SoundTrouble) -> Page:
    """What does not work, what follows from it, and what he may do."""
    words = f"{PAGE}.{trouble.value}"
    return Page(
        PAGE,
        PageKind.LIST,
        title=Phrase(words),
        sentence=Phrase(f"{words}.sentence"),
        tone=Tone.WARN,
        choices=[Choice(TYPE), Choice(WRITE), Choice(WAIT)],
    )


def answered(check: Check, way: WayToTalk | None, press: Choose | GoBack) -> tuple[Check, WayToTalk | None]:
    """The customer's touch: he goes on in his place; waiting on is an answer too."""
    match press:
        case GoBack():
            return replace(check, answered=True), way
        case Choose(page=name, key=key) if (name, key) == (PAGE, WAIT):
            return replace(check, answered=True), way
        case Choose(page=name, key=key) if name == PAGE and key in _WAYS:
            return replace(check, answered=True, switched=True), _WAYS[key]
        case _:
            return check, way


def accepted(check: Check, way: WayToTalk | None) -> tuple[Check, WayToTalk | None]:
    """An agent is there. Who has not answered yet and would not be heard types."""
    dumb = check.trouble in (SoundTrouble.MICROPHONE, SoundTrouble.BOTH)
    return answered(check, way, Choose(PAGE, TYPE)) if dumb and asks(check, way) else (check, way)


def opened(check: Check, way: WayToTalk | None, notes: Notes) -> Notes:
    """The keyboard, or the pad, is there with the talk: whoever switched to it need not look for it."""
    return replace(notes, pane=_PANES[way]) if check.switched and way in _PANES else notes


def news(check: Check, call_id: str, way: WayToTalk | None) -> CallChecked | None:
    """What the office does not know yet; None: nothing."""
    if not call_id or way is None or check.found == NOTHING_FOUND:
        return None
    told = CallChecked(call_id, way, check.found)
    return told if told != check.told else None


def _merged(before: Preflight, event: Found) -> Preflight:
    path = before.path
    match event:
        case DevicesChecked(camera=camera, microphone=microphone, loudspeaker=loudspeaker):
            return structs.replace(before, camera=camera, microphone=microphone, loudspeaker=loudspeaker)
        case PathChecked(round_trip_ms=round_trip_ms, lost_percent=lost_percent):
            known_ms = path.round_trip_ms if round_trip_ms is None else round_trip_ms
            return structs.replace(
                before, path=structs.replace(path, round_trip_ms=known_ms, lost_percent=lost_percent)
            )
        case LinkMeasured():
            return structs.replace(before, path=_with_rates(path, event))


def _with_rates(path: PathQuality, measured: LinkMeasured) -> PathQuality:
    """The round trip of datagrams, which a call is made of, is the better one."""
    known_ms = measured.round_trip_ms if path.round_trip_ms is None else path.round_trip_ms
    up_kbps, down_kbps = (max(1, round(bps / 1_000)) for bps in (measured.up_bps, measured.down_bps))
    return structs.replace(path, up_kbps=up_kbps, down_kbps=down_kbps, round_trip_ms=known_ms)
