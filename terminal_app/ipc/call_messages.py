"""What the customer does for a call and within it; of the same socket as `messages.py`."""

from __future__ import annotations

import enum

from msgspec import Struct

from signaling_server.contract.documents import SheetsState
from signaling_server.contract.messages import WayToTalk
from signaling_server.contract.notes import CardAnswer, Drawing
from signaling_server.contract.recording import RecordingState

VOLUME_MIN, VOLUME_USUAL, VOLUME_MAX = 1, 3, 5  # steps of the agent's sound


class SoundQuality(enum.StrEnum):
    """How what the agent sends arrives: the network first, then the voice."""

    GOOD = "good"
    QUIET = "quiet"
    WEAK = "weak"
    BROKEN = "broken"  # too much of the voice is lost to follow it


class SoundTrouble(enum.StrEnum):
    """What of the terminal's sound does not work, found while the customer waits."""

    NONE = "none"
    MICROPHONE = "microphone"  # he would not be heard
    LOUDSPEAKER = "loudspeaker"  # he would not hear
    BOTH = "both"


HOLD_SERVICES = {  # what the customer chose instead of waiting for an agent who is away too long
    CardAnswer.CALL_BACK: "call_back",
    CardAnswer.BOOK: "booking",
    CardAnswer.MESSAGE: "message",
}


class CallPane(enum.StrEnum):
    """What a call shows."""

    TALK = "talk"
    PAD = "pad"
    KEYBOARD = "keyboard"
    NOTES = "notes"


class Pays(enum.StrEnum):
    """Whether a payment stands beside the talk."""

    NO = "no"
    FREE = "free"  # he may come back to the talk at any moment
    HELD = "held"  # money lies inside: he finishes first


class HoldStage(enum.StrEnum):
    """How long the agent is away."""

    NONE = "none"
    HELD = "held"
    MINUTE = "minute"  # one more minute is asked for
    WAYS = "ways"  # too long: other ways are offered


class Printing(enum.StrEnum):
    """The paper of the card that stands on the screen."""

    NONE = "none"
    BUSY = "busy"
    DONE = "done"
    FAILED = "failed"


class HelpView(Struct, frozen=True):
    """Help of the consultant with a form; `value`: what he proposes for the field of the page `form`."""

    on: bool = False
    form: str = ""
    proposal_id: str = ""
    value: str = ""


class RecordingView(Struct, frozen=True):
    """Whether the talk is recorded (clause 9.4.3)."""

    state: RecordingState = RecordingState.NONE
    noticing: bool = False  # the voice has to say so, and then `RecordingNoticed`
    may_decline: bool = False  # «Без записи»


class DocumentView(Struct, frozen=True):
    """A document that the consultant shows; `picture`: JPEG of the page that stands, empty until it came."""

    document_id: str
    title: str
    page: int
    pages: int
    fetched: int
    picture: bytes
    sheets: SheetsState = SheetsState.NONE
    printer: str = ""  # of sheets: empty where there is none; ready, or its fault
    may_print: bool = False


class CaptionsView(Struct, frozen=True):
    """What the agent says, as a recogniser understands it (clause 9.6.11e)."""

    on: bool = False
    ended: bool = False  # by themselves: there are none in the rest of this call
    text: str = ""  # the end of it


class StartCall(Struct, frozen=True, tag=True, tag_field="type"):
    """«Связаться с консультантом»: one touch from any screen."""


class ChooseWay(Struct, frozen=True, tag=True, tag_field="type"):
    """Confirms the call."""

    way: WayToTalk


class HangUp(Struct, frozen=True, tag=True, tag_field="type"):
    """Leaves the waiting or ends the call."""


class OpenPane(Struct, frozen=True, tag=True, tag_field="type"):
    pane: CallPane


class WriteNote(Struct, frozen=True, tag=True, tag_field="type"):
    """To the consultant: words or a drawing."""

    text: str = ""
    drawing: Drawing | None = None


class AnswerCard(Struct, frozen=True, tag=True, tag_field="type"):
    """The customer's touch on a card, or «Поясните проще» to words of the consultant."""

    note_id: str
    answer: CardAnswer
    option: str = ""  # the words of one of the agent's own


class OpenTurn(Struct, frozen=True, tag=True, tag_field="type"):
    """«Нужна особая помощь или приём вне очереди»: before the customer waits."""


class PrintCard(Struct, frozen=True, tag=True, tag_field="type"):
    note_id: str


class PrintCases(Struct, frozen=True, tag=True, tag_field="type"):
    """After the talk: number, date, term and way of the answer."""


class ChangeVolume(Struct, frozen=True, tag=True, tag_field="type"):
    """One step: above zero louder, below zero quieter."""

    by: int


class Introduced(Struct, frozen=True, tag=True, tag_field="type"):
    """The voice has said who is on the line."""


class RecordingNoticed(Struct, frozen=True, tag=True, tag_field="type"):
    """The notice of the recording stood on the glass and was said to its end; not `spoken`: there is no voice here."""

    spoken: bool


class DeclineRecording(Struct, frozen=True, tag=True, tag_field="type"):
    """«Без записи»."""


class SwitchCaptions(Struct, frozen=True, tag=True, tag_field="type"):
    """«Субтитры»: on, or off again."""


class StopHelp(Struct, frozen=True, tag=True, tag_field="type"):
    """«Остановить помощь»; of what stands beside the talk: back to it."""


class TurnDocument(Struct, frozen=True, tag=True, tag_field="type"):
    """To another page of the consultant's document."""

    page: int


class PrintDocument(Struct, frozen=True, tag=True, tag_field="type"):
    """All its pages, on sheets of A4."""


class AnswerProposal(Struct, frozen=True, tag=True, tag_field="type"):
    """The customer's touch on what the consultant proposes; only he puts it into the field."""

    proposal_id: str
    taken: bool


CallPress = (
    StartCall
    | ChooseWay
    | OpenPane
    | OpenTurn
    | WriteNote
    | AnswerCard
    | PrintCard
    | PrintCases
    | ChangeVolume
    | Introduced
    | RecordingNoticed
    | DeclineRecording
    | SwitchCaptions
    | StopHelp
    | AnswerProposal
    | TurnDocument
    | PrintDocument
    | HangUp
)
