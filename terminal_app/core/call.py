"""The terminal's side of a video call: pure. Told what the customer, the office, media and the clock say.

The call lies over the visit: when it ends the customer is back where they were. The terminal makes the SDP offer; a
lost path is mended by a new peer connection (media epoch) under the same call id.
"""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from signaling_server.contract import messages as office
from signaling_server.contract.help import FieldProposed, HelpOffered, HelpWithdrawn
from signaling_server.contract.notes import HOLD_ANSWERS, CallNote, CardAnswer
from signaling_server.contract.recording import RecordingAllowed
from signaling_server.contract.ring_back import RingStopped
from terminal_app.core import (
    call_aloud,
    call_check,
    call_end,
    call_help,
    call_hold,
    call_leaving,
    call_notes,
    call_papers,
    call_ring,
    call_room,
    call_sound,
    call_turn,
)
from terminal_app.core.call_captions import NO_CAPTIONS
from terminal_app.core.call_check import LinkMeasured
from terminal_app.core.call_help import NO_HELP
from terminal_app.core.call_notes import NO_NOTES, CardPrinted, ToPrinter
from terminal_app.core.call_recording import NO_RECORDING
from terminal_app.core.call_values import NO_AGAIN, REFUSALS, Again, candidate_to_media, cleared, told_notice
from terminal_app.core.call_values import Call as Call
from terminal_app.core.call_values import CallTick as CallTick
from terminal_app.core.call_values import Effect as Effect
from terminal_app.core.call_values import Event as Event
from terminal_app.core.call_values import LinkChanged as LinkChanged
from terminal_app.core.call_values import MediaChanged as MediaChanged
from terminal_app.core.call_values import Press as Press
from terminal_app.core.call_values import Rung as Rung
from terminal_app.core.call_values import Step as Step
from terminal_app.core.call_values import ToMedia as ToMedia
from terminal_app.core.call_values import ToOffice as ToOffice
from terminal_app.core.call_values import ToPayment as ToPayment
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import AnswerProposal, DeclineRecording, RecordingNoticed, StopHelp, SwitchCaptions
from terminal_app.ipc.messages import Liveness, Notice, Screen
from terminal_app.ipc.pages import Choose

WAY_S_MAX = 120.0  # nobody chose how to talk: the visit's own question «Вы ещё здесь?» takes over
ANSWER_S_MAX = 8.0  # the office confirms a request within this, or the customer is told that there is no link
PLACE_S_MAX = 30.0  # a lost link: nobody is kept waiting longer for a place that may be gone
WAIT_S_MAX = 1800.0  # nobody waits longer, whatever the office promises
REBUILD_S_MIN = 3.0  # a new peer connection is not tried more often
RECOVERY_S_MAX = 180.0  # nothing seen or heard for so long: the call is over; the office keeps it as long
CASE_S_MAX = 75.0  # the office registers the case within 60 s of the end


def step(call: Call, event: Event, now_s: float) -> Step:
    """One event. What belongs to another call or an older media epoch changes nothing."""
    after, effects = call_papers.handled(call, event, now_s) or _dispatch(call, event, now_s)
    if after.screen is not call.screen:
        after = replace(after, since_s=now_s)
    if after.notes is not call.notes:
        after = replace(after, hold=call_hold.followed(after.hold, after.notes, now_s))
    if _waits_or_talks(after) and (checked := call_check.news(after.check, after.call_id, after.way)) is not None:
        after, effects = replace(after, check=replace(after.check, told=checked)), [*effects, ToOffice(checked)]
    after, effects = call_papers.followed(call, after, event, effects, now_s)
    if after.screen is not Screen.CALL_LIVE:
        over = replace(after, help=NO_HELP, recording=NO_RECORDING, captions=NO_CAPTIONS, parties=())
        return over, effects  # with the talk
    return after, [*effects, *map(ToOffice, call_help.news(after.call_id, call.help, after.help))]


def _dispatch(call: Call, event: Event, now_s: float) -> Step:
    match event:
        case CallTick():
            kept = event.visited or call.screen is not None  # as long as the customer is here
            told, opened = call_aloud.sounds(call, call_sound.ticked(call.sound, now_s, voice=event.voice, kept=kept))
            told = told if kept else replace(told, again=NO_AGAIN)
            told, paid = call_leaving.paying_followed(told, event.pays, now_s)
            after, effects = _tick(told, now_s, event.patience)
            return replace(after, help=call_help.form_stands(after.help, event.form)), [*opened, *paid, *effects]
        case Press(command=command):
            return _pressed(call, event, command, now_s)
        case LinkChanged():
            return _link_changed(call, event, now_s)
        case MediaChanged():
            return _media_changed(call, event.up, now_s)
        case office.CallQueued() if _is_of(call, event) and _waits(call):
            return _queued(call, event)
        case office.CallQueued() if _is_of(call, event) and call.screen is Screen.CALL_LIVE:
            return _returned(call, event)
        case office.CallQueued(call_id=call_id) | office.CallAccepted(call_id=call_id) if call_id != call.call_id:
            return call, [ToOffice(office.CallCancelled(call_id))]  # the customer left before the office answered
        case office.CallRefused() if event.request_id == call.request_id and call.screen is Screen.CALL_WAITING:
            return told_notice(call, REFUSALS[event.reason]), [ToMedia(media.StopCall())]
        case office.CallAccepted() if event.call_id == call.call_id and _waits_or_talks(call):
            return _accepted(call, event, now_s)
        case Rung():
            return call_ring.rung(call, event, now_s)
        case RingStopped(call_id=call_id) if call_id == call.call_id:
            return call_ring.stopped(call)
        case office.CallEnded() if event.call_id == call.call_id and _waits_or_talks(call):
            return call_leaving.ended(call, event.reason)
        case office.CaseRegistered():
            return call_ring.case_told(call, event), []
        case office.SdpAnswer() if _of_epoch(call, event):
            answer = media.ApplySdpAnswer(event.call_id, event.media_epoch, event.sdp)
            return call, [ToMedia(answer)]
        case office.IceCandidate() if _of_epoch(call, event):
            return call, [ToMedia(candidate_to_media(event))]
        case CallNote() if event.call_id == call.call_id and call.screen is Screen.CALL_LIVE:
            again: list[Effect] = [ToOffice(note) for note in call_notes.told_again(call.notes, event)]
            return (call, again) if again else call_leaving.noted(call, call_notes.heard(call.notes, event))
        case HelpOffered() | HelpWithdrawn() | FieldProposed() if event.call_id == call.call_id:
            return replace(call, help=call_help.heard(call.help, event)), []
        case RecordingAllowed() | media.RecordingChanged() | media.CaptionHeard() | media.CaptionsEnded():
            return call_aloud.told(call, event, now_s)
        case CardPrinted() if call.screen is Screen.CALL_RESULT:
            return replace(call, notes=call_end.printed(call.notes, event)), []
        case CardPrinted() if call.screen is Screen.CALL_LIVE:
            return call_leaving.noted(call, call_notes.printed(call.notes, call.call_id, event))
        case media.DevicesChecked() | media.PathChecked() | LinkMeasured() if _waits(call):
            return replace(call, check=call_check.found(call.check, event)), []
        case office.RoomChanged() | office.SdpOffer() | media.SdpAnswerMade():
            return call_room.heard(call, event, now_s)
        case media.SdpOfferMade() if _of_epoch(call, event):
            return call, [ToOffice(office.SdpOffer(event.call_id, event.media_epoch, event.sdp))]
        case media.CallLiveness() if _of_epoch(call, event):
            seen_at_s = now_s if event.liveness is Liveness.LIVE else call.seen_at_s
            live = replace(call, liveness=event.liveness, agent_has_video=event.agent_has_video, seen_at_s=seen_at_s)
            return live, []
        case media.MediaFailed() if _of_epoch(call, event):
            return _rebuild(replace(call, liveness=Liveness.RECONNECTING), now_s)
        case media.MediaStats() if _of_epoch(call, event):
            quality = office.CallQuality(
                event.call_id, event.frames_decoded, event.audio_level_db, event.bitrate_kbps, event.flow
            )
            measured = call_sound.measured(call.sound, event, has_video=call.agent_has_video)
            return replace(call, sound=measured), [ToOffice(quality)]
        case _:
            return call, []


def _is_of(call: Call, event: office.CallQueued) -> bool:
    return event.request_id == call.request_id or event.call_id == call.call_id


def _waits(call: Call) -> bool:
    return call.screen is Screen.CALL_WAITING


def _waits_or_talks(call: Call) -> bool:
    return call.screen in (Screen.CALL_WAITING, Screen.CALL_LIVE)


_OfMedia = office.SdpAnswer | office.IceCandidate | media.SdpOfferMade | media.CallLiveness | media.MediaFailed


def _of_epoch(call: Call, event: _OfMedia | media.MediaStats) -> bool:
    same = event.call_id == call.call_id and event.media_epoch == call.media_epoch
    return same and call.screen is Screen.CALL_LIVE


# --- the customer ---------------------------------------------------------------------------------------------------


def _pressed(call: Call, press: Press, command: object, now_s: float) -> Step:
    match command, call.screen:
        case ipc.StartCall(), None | Screen.NOTICE | Screen.CALL_RESULT if not call.linked:
            return told_notice(call, Notice.SERVER_UNREACHABLE), []
        case ipc.StartCall(), None | Screen.NOTICE | Screen.CALL_RESULT if press.closed:
            return told_notice(call, Notice.DESK_CLOSED), []
        case ipc.StartCall(), None | Screen.NOTICE | Screen.CALL_RESULT:
            return replace(cleared(call), screen=Screen.CALL_WAY), []
        case ipc.ChooseWay(way=way), Screen.CALL_WAY:
            if not call.linked:
                return told_notice(call, Notice.SERVER_UNREACHABLE), []
            context = structs.replace(press.context, turn=call.turn)
            asked = replace(call, screen=Screen.CALL_WAITING, way=way, request_id=press.request_id, context=context)
            asked = replace(asked, topic=press.topic)
            return asked, [_request(asked), ToMedia(media.WarmUp(list(call.ice_servers)))]
        case ipc.OpenTurn(), Screen.CALL_WAY:
            return replace(call, screen=Screen.PAGE_LIST, page=call_turn.page(press.categories, call.turn)), []
        case Choose(page=call_turn.PAGE, key=key), Screen.PAGE_LIST:
            turn = call_turn.chosen(key, press.categories)
            return (call, []) if turn is None else (replace(_at_way(call), turn=turn), [])
        case _, Screen.PAGE_LIST if call.page is not None and call.page.name == call_ring.PAGE:
            return call_ring.answered(call, command)
        case ipc.GoBack(), Screen.PAGE_LIST:
            return _at_way(call), []
        case ipc.GoHome(), Screen.PAGE_LIST:
            return cleared(call), []
        case ((ipc.GoBack() | ipc.GoHome() | ipc.HangUp()), Screen.CALL_WAY):
            return cleared(call), []
        case (Choose() | ipc.GoBack()) as answer, Screen.CALL_WAITING if call_check.asks(call.check, call.way):
            check, chosen = call_check.answered(call.check, call.way, answer)
            return replace(call, check=check, way=chosen), []
        case ((ipc.HangUp() | ipc.GoBack() | ipc.GoHome()), Screen.CALL_WAITING):
            return cleared(call), [*call_leaving.cancel(call), ToMedia(media.StopCall())]
        case ipc.AnswerCard() as answered, Screen.CALL_LIVE if answered.answer in HOLD_ANSWERS:
            return call_leaving.way_chosen(call, press.request_id, answered)
        case ipc.AnswerCard(answer=CardAnswer.PAY), Screen.CALL_LIVE:
            return call_leaving.to_payment(call, press, command)
        case StopHelp(), Screen.CALL_LIVE if call.is_paying:
            return call_leaving.back_from_paying(call, now_s)
        case ipc.PrintCases(), Screen.CALL_RESULT if call_end.may_print(call.notes, call.cases):
            return replace(call, notes=call_end.PRINTING), [ToPrinter(call_end.slip(call.call_id, call.cases))]
        case ((ipc.OpenPane() | ipc.WriteNote() | ipc.AnswerCard() | ipc.PrintCard() | ipc.GoBack()), Screen.CALL_LIVE):
            return call_leaving.noted(call, call_notes.pressed(call.notes, call.call_id, press.request_id, command))
        case ((Choose() | StopHelp() | AnswerProposal()), Screen.CALL_LIVE):
            return replace(call, help=call_help.pressed(call.help, command)), []
        case ipc.ChangeVolume(by=by), Screen.CALL_LIVE:
            return call_aloud.sounds(call, call_sound.changed(call.sound, by))
        case ipc.Introduced(), Screen.CALL_LIVE:
            return call_aloud.sounds(call, call_sound.introduced(call.sound))
        case ((RecordingNoticed() | DeclineRecording() | SwitchCaptions()), Screen.CALL_LIVE):
            return call_aloud.pressed(call, command, now_s)
        case ipc.HangUp(), Screen.CALL_LIVE:
            return call_leaving.to_result(call), [*call_leaving.cancel(call), ToMedia(media.StopCall())]
        case ((ipc.Dismiss() | ipc.GoHome() | ipc.GoBack()), Screen.CALL_RESULT | Screen.NOTICE):
            return cleared(call), []
        case _:
            return call, []


def _at_way(call: Call) -> Call:
    return replace(call, screen=Screen.CALL_WAY, page=None)


def _request(call: Call) -> Effect:
    assert call.way is not None
    return ToOffice(office.CallRequested(call.request_id, call.way, call.topic, call.context))


def _link_changed(call: Call, event: LinkChanged, now_s: float) -> Step:
    unsure = replace(call.check, told=None)  # what was told last may be lost
    call = replace(call, linked=event.up, ice_servers=event.ice_servers or call.ice_servers, check=unsure)
    if call.screen is Screen.CALL_LIVE and event.up:
        notes = [*_all_notes(call), *call_aloud.link_came(call)]
        if call.liveness is not Liveness.RECONNECTING or not call.media_ready:
            return call, notes
        # What was offered meanwhile reached nobody.
        again, offer = _rebuild(replace(call, offered_at_s=now_s - REBUILD_S_MIN), now_s)
        return again, [*notes, *offer]
    if not _waits(call):
        return call, []
    if event.up and not call.call_id:
        return call, [_request(call)]  # the first one may be lost; the same request_id is the same call
    if not event.up and call.lost_at_s is None:
        return replace(call, lost_at_s=now_s), []
    return call, []  # back, but the place is known only when the office tells it


# --- the office -----------------------------------------------------------------------------------------------------


def _queued(call: Call, event: office.CallQueued) -> Step:
    return replace(
        call,
        call_id=event.call_id,
        position=event.position,
        wait_min_s=event.wait_min_s,
        wait_max_s=event.wait_max_s,
        lost_at_s=None,
    ), []


def _returned(call: Call, event: office.CallQueued) -> Step:
    """The agent saw no document: the same call waits in its own place; nothing of the talk is left on the glass."""
    waits = replace(call, screen=Screen.CALL_WAITING, returned=True, plate=None, agent_has_video=False, notes=NO_NOTES)
    warm = ToMedia(media.WarmUp(list(call.ice_servers)))
    return _queued(waits, event)[0], [ToMedia(media.StopCall()), warm]


def _accepted(call: Call, event: office.CallAccepted, now_s: float) -> Step:
    """The first acceptance, or a rebuild asked by the agent's page after it was loaded anew."""
    if call.screen is Screen.CALL_LIVE and event.media_epoch <= call.media_epoch:
        return call, []
    first = call.screen is Screen.CALL_WAITING
    if first:
        call = call_aloud.accepted(call, event.recording, now_s)
    in_room = bool(call.parties)  # and back from it: what is seen and heard goes on meanwhile
    call, shown = call_room.left(call)
    check, way = call_check.accepted(call.check, call.way) if first else (call.check, call.way)
    live = replace(
        call,
        screen=Screen.CALL_LIVE,
        check=check,
        way=way,
        notes=call_check.opened(check, way, call.notes) if first else call.notes,
        plate=event.plate,
        again=Again(event.call_id, call.request_id, way, call.cases),
        ice_servers=tuple(event.ice_servers),
        media_epoch=event.media_epoch,
        lost_at_s=None,
        liveness=Liveness.CONNECTING if first else call.liveness if in_room else Liveness.RECONNECTING,
        seen_at_s=now_s,
        offered_at_s=now_s,
    )
    # How loud it is comes before the sound itself: who hears the voice is introduced first.
    loud: list[Effect] = [ToMedia(media.SetVolume(live.sound.heard_volume))] if first else []
    opened = [call_room.make_offer(live, call.check.link_bps), *call_aloud.captioned(live)]
    return live, [*loud, *shown, *opened, *_all_notes(live)]


def _all_notes(call: Call) -> list[Effect]:
    """To a link that was lost, or a page that was loaded anew; how it stands with help too."""
    helped = call_help.news(call.call_id, NO_HELP, call.help)
    return [*(ToOffice(note) for note in call.notes.kept), *map(ToOffice, helped)]


# --- media ----------------------------------------------------------------------------------------------------------


def _rebuild(call: Call, now_s: float) -> Step:
    if now_s - call.offered_at_s < REBUILD_S_MIN:
        return call, []  # the tick tries again
    again = replace(call, media_epoch=call.media_epoch + 1, offered_at_s=now_s, liveness=Liveness.RECONNECTING)
    return again, [call_room.make_offer(again)]


def _media_changed(call: Call, up: bool, now_s: float) -> Step:
    call = replace(call, media_ready=up)
    if call.screen is Screen.CALL_WAITING and up:
        return call, [ToMedia(media.WarmUp(list(call.ice_servers)))]
    if call.screen is Screen.CALL_LIVE:
        call = replace(call, liveness=Liveness.RECONNECTING)
        if up:  # a new process knows nothing of how loud it was
            again, offer = _rebuild(replace(call, offered_at_s=now_s - REBUILD_S_MIN), now_s)
            after, told = call_aloud.media_came(again, now_s)
            return after, [ToMedia(media.SetVolume(call.sound.heard_volume)), *offer, *told]
    return call, []


# --- time -----------------------------------------------------------------------------------------------------------


def _tick(call: Call, now_s: float, patience: int) -> Step:
    match call.screen:
        case Screen.PAGE_LIST if call.ring_until_s and now_s >= call.ring_until_s:
            return cleared(call), []
        case Screen.CALL_WAY | Screen.PAGE_LIST if now_s - call.since_s >= WAY_S_MAX * patience:
            return cleared(call), []
        case Screen.CALL_WAITING:
            return _tick_waiting(call, now_s)
        case Screen.CALL_LIVE:
            return _tick_live(call, now_s)
        case Screen.CALL_RESULT if now_s - call.since_s >= CASE_S_MAX * patience:
            return cleared(call), []
        case Screen.NOTICE if now_s - call.since_s >= CASE_S_MAX * patience:
            return cleared(call), []
        case _:
            return call, []


def _tick_waiting(call: Call, now_s: float) -> Step:
    waited_s = now_s - call.since_s
    if not call.call_id and waited_s >= ANSWER_S_MAX:
        notice = Notice.SERVER_UNREACHABLE
    elif call.lost_at_s is not None and now_s - call.lost_at_s >= PLACE_S_MAX:
        notice = Notice.PLACE_LOST
    elif waited_s >= WAIT_S_MAX:
        notice = Notice.WAITED_TOO_LONG
    else:
        return call, []
    return told_notice(call, notice), [*call_leaving.cancel(call), ToMedia(media.StopCall())]


def _tick_live(call: Call, now_s: float) -> Step:
    hold, notes = call_hold.ticked(call.hold, call.notes, call.call_id, now_s)
    call, told = call_leaving.noted(replace(call, hold=hold), notes)
    after, effects = _tick_path(call, now_s)
    return after, [*told, *effects]


def _tick_path(call: Call, now_s: float) -> Step:
    if call.liveness is Liveness.LIVE:
        return replace(call, seen_at_s=now_s), []
    if now_s - call.seen_at_s >= RECOVERY_S_MAX:
        return told_notice(call, Notice.CALL_BROKEN), [
            *call_leaving.cancel(call, broken=True),
            ToMedia(media.StopCall()),
        ]
    stuck = call.liveness in (Liveness.RECONNECTING, Liveness.CONNECTING)
    if stuck and call.media_ready and now_s - call.offered_at_s >= 3 * REBUILD_S_MIN:
        return _rebuild(call, now_s)
    return call, []
