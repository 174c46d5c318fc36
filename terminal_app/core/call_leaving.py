"""How the customer leaves a talk: to its result, to what he chose instead of waiting, to the payment. Pure."""

from __future__ import annotations

from dataclasses import replace

from signaling_server.contract import messages as office
from signaling_server.contract.messages import CallEndReason
from signaling_server.contract.notes import CardAnswer
from terminal_app.core import call_notes, call_paying
from terminal_app.core.call_notes import NO_NOTES, Notes, ToPrinter
from terminal_app.core.call_paying import NO_PAYING, Paying, PayStage, VisitPays
from terminal_app.core.call_values import Call, Effect, Press, Step, ToMedia, ToOffice, ToPayment, told_notice
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import HoldStage
from terminal_app.ipc.messages import Notice, Screen


def noted(call: Call, notes: Notes) -> Step:
    """What is new is told: to the agent it is the sign that it stands before the customer."""
    effects: list[Effect] = [ToOffice(note) for note in notes.kept if note not in call.notes.kept]
    card = call_notes.to_print(call.notes, notes)
    return replace(call, notes=notes), [*effects, ToPrinter(card)] if card is not None else effects


def cancel(call: Call, *, broken: bool = False) -> list[Effect]:
    # A call the office has not named yet is cancelled when its `CallQueued` arrives.
    return [ToOffice(office.CallCancelled(call.call_id, broken=broken))] if call.call_id else []


def to_result(call: Call) -> Call:
    return replace(call, screen=Screen.CALL_RESULT, agent_has_video=False, notes=NO_NOTES)


def ended(call: Call, reason: CallEndReason) -> Step:
    """The office says that the talk is over."""
    stop: list[Effect] = [ToMedia(media.StopCall())]
    if reason in (CallEndReason.AGENT_ENDED, CallEndReason.CUSTOMER_LEFT):
        return to_result(call), stop
    if reason is CallEndReason.MISCONDUCT:
        return replace(to_result(call), neutral=True), stop
    return told_notice(call, Notice.CALL_BROKEN), stop


def way_chosen(call: Call, note_id: str, command: ipc.AnswerCard) -> Step:
    """Instead of a hold that lasts too long. Leaving ends the call; number and date come at once."""
    if call.hold.stage is not HoldStage.WAYS or command.note_id != call.hold.note_id:
        return call, []
    after, told = noted(call, call_notes.way_chosen(call.notes, call.call_id, note_id, command))
    if command.answer is CardAnswer.WAIT:
        return after, told
    ended = office.CallCancelled(call.call_id, command.answer)
    return replace(to_result(after), way_on=command.answer), [*told, ToOffice(ended), ToMedia(media.StopCall())]


def to_payment(call: Call, press: Press, command: ipc.AnswerCard) -> Step:
    """The agent hears it; the visit's payment comes beside the talk, which goes on."""
    paid = call_notes.card_of(call.notes, command.note_id)
    after, effects = noted(call, call_notes.pressed(call.notes, call.call_id, press.request_id, command))
    if paid is None or not effects:
        return call, []  # a second touch, or no card that stands
    asked = Paying(PayStage.ASKED, command.note_id)
    return replace(after, paying=asked), [*effects, ToPayment(paid.amount_minor, paid.account)]


def paying_followed(call: Call, pays: VisitPays, now_s: float) -> Step:
    """With time: what became of the payment is told in the talk; after it the result waits until he comes to it."""
    paying, answer = call_paying.followed(call.paying, pays)
    after = replace(call, paying=paying)
    if paying is not NO_PAYING and call.screen is not Screen.CALL_LIVE:
        return replace(after, since_s=now_s), []
    if answer is None or call.screen is not Screen.CALL_LIVE:
        return after, []
    note = call_paying.told(call.paying, call.call_id, answer, now_s)
    return noted(after, call_notes.told_by_terminal(after.notes, note))


def back_from_paying(call: Call, now_s: float) -> Step:
    """To the consultant, by his touch. Money that lies inside is paid first."""
    if call.paying.held:
        return call, []
    stage = PayStage.BEGUN if call.paying.stage is PayStage.ASKED else call.paying.stage  # a touch between two ticks
    return paying_followed(replace(call, paying=replace(call.paying, stage=stage)), VisitPays.AWAY, now_s)
