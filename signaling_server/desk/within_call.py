"""What a terminal says within its call: kept, and told to the agent who talks in it or is rung by it."""

from __future__ import annotations

from signaling_server.contract.help import HelpTold
from signaling_server.contract.messages import CallChecked, CallQuality, IceCandidate, SdpOffer
from signaling_server.contract.notes import CallNote
from signaling_server.contract.recording import NoticeGiven, RecordingTold
from signaling_server.desk.floor import Floor

WithinCall = SdpOffer | IceCandidate | CallNote | HelpTold | NoticeGiven | RecordingTold | CallQuality | CallChecked


async def heard(floor: Floor, terminal_id: str, message: WithinCall, now_s: float) -> None:
    """Nothing, when the call is not this terminal's or is over."""
    calls = floor.calls
    match message:
        case SdpOffer() | IceCandidate():
            await calls.relay_from_terminal(terminal_id, message)
        case CallNote():
            await calls.pass_note(terminal_id, message, now_s)
        case HelpTold():
            await calls.help.from_terminal(terminal_id, message, now_s)
        case NoticeGiven() | RecordingTold():
            await calls.recording.from_terminal(terminal_id, message, now_s)
        case CallQuality():
            await calls.note_quality(terminal_id, message, now_s)
        case CallChecked(call_id=call_id):
            call = await calls.checked(terminal_id, message)
            if call is not None:
                floor.pages.send(call.agent_id or floor.router.rings_at(call_id), message)
