"""How the customer leaves a talk: to its result, to what he chose instead of waiting, to the payment. Pure."""

from __future__ import annotations

from dataclasses import replace

from signaling_server.contract import messages as office
from signaling_server.contract.notes import CardAnswer
from terminal_app.core import call_notes
from terminal_app.core.call_notes import NO_NOTES, Notes, ToPrinter
from terminal_app.core.call_values import Call, Effect, Press, Step, ToMedia, ToOffice, ToPayment, cleared
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import HoldStage
from terminal_app.ipc.messages import Screen


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
    """The agent hears it, then the talk ends: the customer reads number and date, and nothing lies over the money."""
    paid = call_notes.card_of(call.notes, command.note_id)
    after, effects = noted(call, call_notes.pressed(call.notes, call.call_id, press.request_id, command))
    if paid is None or not effects:
        return call, []  # a second touch, or no card that stands
    ended = office.CallCancelled(call.call_id, CardAnswer.PAY)
    result = replace(to_result(after), way_on=CardAnswer.PAY, pays_minor=paid.amount_minor)
    return result, [*effects, ToOffice(ended), ToMedia(media.StopCall())]


def paying(call: Call) -> Step:
    """From the result to the question how much."""
    return cleared(call), [ToPayment(call.pays_minor)]
