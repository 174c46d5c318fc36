"""A paper that the agent asks for in a call: allowed, held before the camera, looked at, sent by the customer. Pure.

Nothing is taken before his touch «Показать» and nothing leaves the terminal before «Отправить» (docs/adr/0039).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from signaling_server.contract.stills import ENDED, StillAsked, StillState, StillTold, WithdrawStill
from terminal_app.core.how_to_hold import HOW_TO_HOLD
from terminal_app.ipc.media_messages import PhotoFailed, PhotoGuide, PhotoHint, PhotoTaken
from terminal_app.ipc.pages import NOTHING, Choice, Choose, Page, PageKind, Part, Phrase, Tone

STEADY_S = 1.5  # well held for so long: it is taken by itself, both hands hold the paper
TAKING_S_MAX = 6.0  # media answers within 2 s, or is gone
TAKEN, NO_ANSWER = 204, 0  # HTTP statuses of the office; none came

OFFER, HOLD, UNDER, NO_SHEET, SHOT = "still_offer", "still_hold", "still_under", "still_none", "still_shot"
PAGES = frozenset({OFFER, HOLD, UNDER, NO_SHEET, SHOT})


class Stage(enum.Enum):
    """Where the customer is with the paper; NONE: nothing is asked."""

    NONE = enum.auto()
    ASKED = enum.auto()
    HOLDING = enum.auto()
    TAKING = enum.auto()
    NO_SHEET = enum.auto()
    LOOKING = enum.auto()
    SENDING = enum.auto()


_STATES = {
    Stage.ASKED: StillState.ASKED,
    Stage.HOLDING: StillState.HOLDING,
    Stage.TAKING: StillState.HOLDING,
    Stage.NO_SHEET: StillState.LOOKING,
    Stage.LOOKING: StillState.LOOKING,
    Stage.SENDING: StillState.SENDING,
}
FINDING = frozenset({Stage.HOLDING, Stage.TAKING})  # the viewfinder is on


@dataclass(frozen=True, slots=True)
class Still:
    """`shot` lies here and nowhere else until it is sent or let go."""

    stage: Stage = Stage.NONE
    still_id: str = ""
    path: str = ""  # the link of the office
    hint: PhotoHint = PhotoHint.NONE
    under: bool = False  # it lies under the document camera, not in his hands
    since_s: float = 0.0  # TAKING: when it was asked; HOLDING: since when it is held well
    photo_id: str = ""
    shot: PhotoTaken | None = None
    unsent: bool = False  # it was tried, and the line was lost
    ended: tuple[StillTold, ...] = ()  # of this talk

    @property
    def stands(self) -> bool:
        return self.stage is not Stage.NONE

    @property
    def busy(self) -> bool:
        return self.stage in (Stage.TAKING, Stage.SENDING)


NO_STILL = Still()


@dataclass(frozen=True, slots=True)
class TakeStill:
    """To media: the sharpest of the next moments."""

    photo_id: str


@dataclass(frozen=True, slots=True)
class BringStill:
    """To the office; answered by `StillBrought`."""

    still_id: str
    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class StillBrought:
    still_id: str
    status: int


Event = StillAsked | WithdrawStill | PhotoGuide | PhotoTaken | PhotoFailed | StillBrought | Choose
Step = tuple[Still, TakeStill | BringStill | None]


def told(call_id: str, still: Still) -> list[StillTold]:
    """All of it, for the agent."""
    now = [StillTold(call_id, still.still_id, _STATES[still.stage])] if still.stands else []
    return [*still.ended, *now]


def stepped(still: Still, event: Event, call_id: str, now_s: float) -> Step:
    """One event. What comes too late changes nothing."""
    match event:
        case StillAsked(still_id=still_id, path=path):
            return Still(Stage.ASKED, still_id, path, ended=still.ended), None
        case WithdrawStill(still_id=still_id) if still_id == still.still_id and still.stands:
            return _over(still, call_id, StillState.WITHDRAWN), None
        case PhotoGuide(hint=hint) if still.stage in FINDING:
            steady = hint is PhotoHint.GOOD and still.hint is PhotoHint.GOOD
            since_s = still.since_s if steady or still.stage is Stage.TAKING else now_s
            return replace(still, hint=hint, under=event.under, since_s=since_s), None
        case PhotoTaken(photo_id=photo_id) if still.stage is Stage.TAKING and photo_id == still.photo_id:
            stage = Stage.LOOKING if event.whole else Stage.NO_SHEET
            return replace(still, stage=stage, shot=event), None
        case PhotoFailed(photo_id=photo_id) if still.stage is Stage.TAKING and photo_id == still.photo_id:
            return _over(still, call_id, StillState.NO_CAMERA), None
        case StillBrought(still_id=still_id, status=status) if still_id == still.still_id and still.busy:
            return _brought(still, call_id, status), None
        case Choose():
            return _chosen(still, event, call_id, now_s)
        case _:
            return still, None


def ticked(still: Still, call_id: str, now_s: float) -> Step:
    """Well held for a while it is taken by itself; media that does not answer took nothing."""
    if still.stage is Stage.HOLDING and still.hint is PhotoHint.GOOD and now_s - still.since_s >= STEADY_S:
        return _take(still, now_s)
    if still.stage is Stage.TAKING and now_s - still.since_s >= TAKING_S_MAX:
        return _over(still, call_id, StillState.NO_CAMERA), None
    return still, None


def page(still: Still) -> Page:
    """What stands before the customer."""
    no = Choice("no")
    match still.stage:
        case Stage.ASKED:
            return Page(OFFER, PageKind.TEXT, choices=[Choice("allow"), no], back=False)
        case Stage.HOLDING | Stage.TAKING:
            return Page(UNDER if still.under else HOLD, PageKind.PHOTO, choices=[Choice("take"), no], back=False)
        case Stage.NO_SHEET:
            picture, ways = [Part(picture=HOW_TO_HOLD)], [Choice("retake"), Choice("as_is"), no]
            return Page(NO_SHEET, PageKind.TEXT, tone=Tone.WARN, parts=picture, choices=ways, back=False)
        case _:
            shown = [Part(picture=still.shot.preview)] if still.shot is not None else []
            sentence = Phrase("still_shot.unsent") if still.unsent else NOTHING
            ways = [] if still.busy else [Choice("send"), Choice("retake"), no]
            return Page(SHOT, PageKind.TEXT, sentence=sentence, parts=shown, choices=ways, back=False)


def _chosen(still: Still, press: Choose, call_id: str, now_s: float) -> Step:
    """The customer's touch."""
    if still.busy or not still.stands or press.page != page(still).name:
        return still, None
    match press.key, still.stage:
        case "no", _:
            return _over(still, call_id, StillState.DECLINED), None
        case "allow", Stage.ASKED:
            return replace(still, stage=Stage.HOLDING, hint=PhotoHint.NONE), None
        case "retake", Stage.NO_SHEET | Stage.LOOKING:
            return replace(still, stage=Stage.HOLDING, hint=PhotoHint.NONE, shot=None, unsent=False), None
        case "as_is", Stage.NO_SHEET:
            return replace(still, stage=Stage.LOOKING), None
        case "take", Stage.HOLDING:
            return _take(still, now_s)
        case "send", Stage.LOOKING if still.shot is not None:
            sending = replace(still, stage=Stage.SENDING, unsent=False)
            return sending, BringStill(still.still_id, still.path, still.shot.content)
        case _:
            return still, None


def _take(still: Still, now_s: float) -> Step:
    photo_id = f"{still.still_id}-{round(now_s * 1_000)}"
    return replace(still, stage=Stage.TAKING, since_s=now_s, photo_id=photo_id), TakeStill(photo_id)


def _brought(still: Still, call_id: str, status: int) -> Still:
    """A lost line is tried again by the customer; a link that is no more is asked for anew by the agent."""
    if status == NO_ANSWER or status >= 500:
        return replace(still, stage=Stage.LOOKING, unsent=True)
    return _over(still, call_id, StillState.SENT if status == TAKEN else StillState.FAILED)


def _over(still: Still, call_id: str, state: StillState) -> Still:
    assert state in ENDED
    return Still(ended=(*still.ended, StillTold(call_id, still.still_id, state)))
