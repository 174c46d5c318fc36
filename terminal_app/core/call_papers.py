"""Papers within a talk, between the call and what is pure of them: what is asked for, taken, sent and told. Pure."""

from __future__ import annotations

from dataclasses import replace

from signaling_server.contract import messages as office
from signaling_server.contract.stills import StillAsked, WithdrawStill
from terminal_app.core import call_still
from terminal_app.core.call_still import FINDING, NO_STILL, BringStill, StillBrought, TakeStill
from terminal_app.core.call_values import (
    Call,
    CallTick,
    Effect,
    Event,
    LinkChanged,
    MediaChanged,
    Press,
    Step,
    ToMedia,
    ToOffice,
)
from terminal_app.ipc import media_messages as media
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose


def handled(call: Call, event: Event, now_s: float) -> Step | None:
    """None: it is nothing of papers."""
    if call.screen is not Screen.CALL_LIVE:
        return None
    match event:
        case StillAsked(call_id=call_id) | WithdrawStill(call_id=call_id) if call_id == call.call_id:
            return _stepped(call, event, now_s)
        case media.PhotoGuide() | media.PhotoTaken() | media.PhotoFailed() | StillBrought():
            return _stepped(call, event, now_s)
        case Press(command=Choose() as press) if press.page in call_still.PAGES:
            return _stepped(call, press, now_s)
        case _:
            return None


def followed(before: Call, after: Call, event: Event, effects: list[Effect], now_s: float) -> Step:
    """What comes of any event: the viewfinder follows its page, the agent hears what is new. Over with the talk."""
    if after.screen is not Screen.CALL_LIVE:
        ended: list[Effect] = [ToMedia(media.StopPhoto())] if before.still.stage in FINDING else []
        return replace(after, still=NO_STILL), [*effects, *ended]
    if isinstance(event, CallTick):
        still, wanted = call_still.ticked(after.still, after.call_id, now_s)
        after = replace(after, still=still)
        effects = [*effects, *_wanted(wanted)]
    finding, found = after.still.stage in FINDING, before.still.stage in FINDING
    if finding is not found:
        effects = [*effects, ToMedia(media.StartPhoto() if finding else media.StopPhoto())]
    elif finding and isinstance(event, MediaChanged) and event.up:  # a new process has no viewfinder
        effects = [*effects, ToMedia(media.StartPhoto())]
    known = call_still.told(before.call_id, before.still)
    if isinstance(event, LinkChanged | office.CallAccepted):  # what was told may be lost
        known = []
    news = [told for told in call_still.told(after.call_id, after.still) if told not in known]
    return after, [*effects, *map(ToOffice, news)]


def _stepped(call: Call, event: call_still.Event, now_s: float) -> Step:
    still, wanted = call_still.stepped(call.still, event, call.call_id, now_s)
    return replace(call, still=still), _wanted(wanted)


def _wanted(wanted: TakeStill | BringStill | None) -> list[Effect]:
    match wanted:
        case TakeStill(photo_id=photo_id):
            return [ToMedia(media.TakePhoto(photo_id, to_read=True))]
        case BringStill():
            return [wanted]
        case None:
            return []
