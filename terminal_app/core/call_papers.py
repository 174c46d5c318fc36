"""Papers within a talk, between the call and what is pure of them: what is asked for, taken, sent and told. Pure."""

from __future__ import annotations

from dataclasses import replace

from signaling_server.contract import messages as office
from signaling_server.contract.card_sending import (
    SendCard,
    SendingKnown,
    SendingOffered,
    SendingTold,
    WithdrawSending,
)
from signaling_server.contract.documents import DocumentShown, DocumentTold, WithdrawDocument
from signaling_server.contract.stills import StillAsked, StillTold, WithdrawStill
from terminal_app.core import call_document, call_sending, call_still
from terminal_app.core.call_document import NO_DOCUMENT, PageFetched, SheetsPrinted
from terminal_app.core.call_sending import NO_SENDING
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
from terminal_app.ipc.call_messages import CallPane, PrintDocument, StopHelp, TurnDocument
from terminal_app.ipc.messages import GoBack, Screen
from terminal_app.ipc.pages import Choose, Enter


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
        case SendingOffered() | SendingKnown() | SendingTold() | WithdrawSending() if event.call_id == call.call_id:
            return replace(call, sending=call_sending.stepped(call.sending, event, call.call_id, now_s)), []
        case Press(command=Choose() | Enter() as press) if press.page in call_sending.PAGES:
            return replace(call, sending=call_sending.stepped(call.sending, press, call.call_id, now_s)), []
        case Press(command=GoBack() as press) if call.sending.types and _is_free(call):
            return replace(call, sending=call_sending.stepped(call.sending, press, call.call_id, now_s)), []
        case DocumentShown(call_id=call_id) | WithdrawDocument(call_id=call_id) if call_id == call.call_id:
            return _turned(call, event)
        case PageFetched() | SheetsPrinted():
            return _turned(call, event)
        case Press(command=TurnDocument() | PrintDocument() | StopHelp() as press) if _reads(call):
            return _turned(call, press)
        case _:
            return None


def followed(before: Call, after: Call, event: Event, effects: list[Effect], now_s: float) -> Step:
    """What comes of any event: the viewfinder follows its page, the agent hears what is new. Over with the talk."""
    if after.screen is not Screen.CALL_LIVE:
        ended: list[Effect] = [ToMedia(media.StopPhoto())] if before.still.stage in FINDING else []
        return replace(after, still=NO_STILL, document=NO_DOCUMENT, sending=NO_SENDING), [*effects, *ended]
    if isinstance(event, CallTick):
        still, wanted = call_still.ticked(after.still, after.call_id, now_s)
        sending = call_sending.ticked(after.sending, event.account, now_s)
        document = replace(after.document, printer=event.printer)
        after = replace(after, still=still, document=document, sending=sending)
        effects = [*effects, *_wanted(wanted)]
    finding, found = after.still.stage in FINDING, before.still.stage in FINDING
    if finding is not found:
        effects = [*effects, ToMedia(media.StartPhoto(to_read=True) if finding else media.StopPhoto())]
    elif finding and isinstance(event, MediaChanged) and event.up:  # a new process has no viewfinder
        effects = [*effects, ToMedia(media.StartPhoto(to_read=True))]
    known = [] if isinstance(event, LinkChanged | office.CallAccepted) else _told(before)  # it may be lost
    return after, [*effects, *(ToOffice(told) for told in _told(after) if told not in known)]


def _told(call: Call) -> list[StillTold | DocumentTold | SendingTold | SendCard]:
    return [
        *call_still.told(call.call_id, call.still),
        *call_document.told(call.call_id, call.document),
        *call_sending.told(call.call_id, call.sending),
    ]


def _is_free(call: Call) -> bool:
    """Neither pad nor keys nor a paper asked for stand over it."""
    return call.notes.pane is CallPane.TALK and not call.still.stands


def _reads(call: Call) -> bool:
    """The document is what stands on the glass."""
    return call.document.stands and not (
        call.still.stands or call.sending.stands or call.notes.card_id or call.is_paying
    )


def _turned(call: Call, event: call_document.Event) -> Step:
    document, wanted = call_document.stepped(call.document, event, call.call_id)
    return replace(call, document=document), [] if wanted is None else [wanted]


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
