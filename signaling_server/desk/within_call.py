"""What the parties of a call say within it: kept where it has to be, and told to the others."""

from __future__ import annotations

from signaling_server.contract.card_sending import OfferSending, SendCard, SendingTold, WithdrawSending
from signaling_server.contract.documents import DocumentTold, WithdrawDocument
from signaling_server.contract.help import FieldProposed, HelpOffered, HelpTold, HelpWithdrawn
from signaling_server.contract.messages import CallChecked, CallQuality, IceCandidate, SdpAnswer, SdpOffer
from signaling_server.contract.notes import CallNote
from signaling_server.contract.recording import NoticeGiven, RecordingTold
from signaling_server.contract.stills import AskStill, StillTold, WithdrawStill
from signaling_server.desk.floor import Floor

_Media = SdpOffer | SdpAnswer | IceCandidate
_Papers = StillTold | DocumentTold | SendingTold | SendCard
_Recorded = NoticeGiven | RecordingTold
FromTerminal = _Media | CallNote | HelpTold | _Papers | _Recorded | CallQuality | CallChecked
_Help = HelpOffered | HelpWithdrawn | FieldProposed
_Offered = AskStill | WithdrawStill | WithdrawDocument | OfferSending | WithdrawSending
FromAgent = _Media | CallNote | _Help | _Offered | CallQuality


async def heard(floor: Floor, terminal_id: str, message: FromTerminal, now_s: float) -> None:
    """From the terminal: to the agent who talks in the call or is rung by it. Nothing, when it is not its call."""
    calls = floor.calls
    match message:
        case SdpOffer() | SdpAnswer() | IceCandidate():
            await calls.media.relay(terminal_id, message)
        case CallNote():
            await calls.pass_note(terminal_id, message, now_s)
        case HelpTold():
            await calls.help.from_terminal(terminal_id, message, now_s)
        case StillTold():
            floor.stills.from_terminal(terminal_id, message)
        case DocumentTold():
            floor.documents.from_terminal(terminal_id, message)
        case SendingTold() | SendCard():
            await floor.sendings.from_terminal(terminal_id, message, now_s)
        case NoticeGiven() | RecordingTold():
            await calls.recording.from_terminal(terminal_id, message, now_s)
        case CallQuality():
            await calls.note_quality(terminal_id, message, now_s)
        case CallChecked(call_id=call_id):
            call = await calls.checked(terminal_id, message)
            if call is not None:
                floor.pages.send(call.agent_id or floor.router.rings_at(call_id), message)


async def said(floor: Floor, agent_id: str, message: FromAgent, now_s: float) -> None:
    """From an agent's page. Nothing, when he takes no part in the call or it is over."""
    calls = floor.calls
    match message:
        case SdpOffer() | SdpAnswer() | IceCandidate():
            await calls.media.relay(agent_id, message)
        case CallNote():
            await calls.pass_note(agent_id, message, now_s)
        case HelpOffered() | HelpWithdrawn() | FieldProposed():
            calls.help.from_agent(agent_id, message)
        case AskStill() | WithdrawStill():
            floor.stills.from_agent(agent_id, message)
        case WithdrawDocument():
            floor.documents.from_agent(agent_id, message)
        case OfferSending() | WithdrawSending():
            await floor.sendings.from_agent(agent_id, message)
        case CallQuality():
            await calls.note_quality(agent_id, message, now_s)
