"""The values of the terminal's side of a call: what is known of it, what it is told, what it asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract import messages as office
from signaling_server.contract.help import HelpState
from signaling_server.contract.messages import CallContext, CallRefusal, CaseRegistered, IceServer, Plate, WayToTalk
from signaling_server.contract.notes import CardAnswer
from signaling_server.contract.ring_back import CallRinging
from signaling_server.contract.rooms import Party
from signaling_server.contract.turns import Turn, TurnCategory
from terminal_app.core import call_help, call_paying
from terminal_app.core.call_captions import NO_CAPTIONS, Captions
from terminal_app.core.call_check import NO_CHECK, Check, LinkMeasured
from terminal_app.core.call_document import NO_DOCUMENT, Document, FetchPage, PageFetched, PrintSheets, SheetsPrinted
from terminal_app.core.call_help import NO_FORM, NO_HELP, Form, Help
from terminal_app.core.call_hold import NO_HOLD, Hold
from terminal_app.core.call_notes import NO_NOTES, CardPrinted, Notes, ToPrinter
from terminal_app.core.call_paying import NO_PAYING, Paying, PayStage, VisitPays
from terminal_app.core.call_recording import NO_RECORDING, Recording
from terminal_app.core.call_sending import NO_SENDING, Sending
from terminal_app.core.call_sound import NO_SOUND, CallSound, over
from terminal_app.core.call_still import NO_STILL, BringStill, Still, StillBrought
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import CallPane, Pays, RecordingView
from terminal_app.ipc.messages import CallView, Liveness, Notice, Screen
from terminal_app.ipc.pages import Choose, Enter, Page

_NO_CONTEXT = CallContext()
_NO_TURN = Turn()


@dataclass(frozen=True, slots=True)
class Again:
    """The last call of this customer, while he is here: its agent may ring back. `Again()` is none."""

    call_id: str = ""
    request_id: str = ""
    way: WayToTalk | None = None
    cases: tuple[CaseRegistered, ...] = ()  # told of it so far


NO_AGAIN = Again()
PAYS_BESIDE = (Screen.CALL_LIVE, Screen.CALL_RESULT, Screen.NOTICE)
REFUSALS = {
    CallRefusal.NO_AGENT_ON_DUTY: Notice.NO_AGENT_ON_DUTY,
    CallRefusal.NOT_ACCEPTED: Notice.CALL_NOT_ALLOWED,
    CallRefusal.ALREADY_IN_CALL: Notice.SERVER_UNREACHABLE,
}


@dataclass(frozen=True, slots=True)
class Call:
    """`Call()` is no call. `screen` is what lies over the visit; None: the visit's own screen."""

    screen: Screen | None = None
    notice: Notice = Notice.NONE
    request_id: str = ""
    context: CallContext = _NO_CONTEXT
    topic: str = ""  # named before it, by its title
    call_id: str = ""
    way: WayToTalk | None = None
    position: int = 0
    wait_min_s: int = 0
    wait_max_s: int = 0
    lost_at_s: float | None = None  # while waiting: when the link went; until the office tells the place anew
    plate: Plate | None = None
    ice_servers: tuple[IceServer, ...] = ()
    media_epoch: int = 0
    parties: tuple[Party, ...] = ()  # of the room that it is in; empty: it goes direct
    beside_id: str = ""  # the party that is shown beside the agent
    liveness: Liveness = Liveness.CONNECTING
    agent_has_video: bool = False
    cases: tuple[CaseRegistered, ...] = ()  # what the office has told of this call, the last one last
    notes: Notes = NO_NOTES
    hold: Hold = NO_HOLD
    neutral: bool = False  # the agent ended the talk: nobody is thanked, nobody is asked
    way_on: CardAnswer | None = None  # where he goes from the result: chosen in the talk
    paying: Paying = NO_PAYING
    help: Help = NO_HELP
    still: Still = NO_STILL
    document: Document = NO_DOCUMENT
    sending: Sending = NO_SENDING
    sound: CallSound = NO_SOUND
    recording: Recording = NO_RECORDING
    captions: Captions = NO_CAPTIONS
    turn: Turn = _NO_TURN
    page: Page | None = None  # of the screen PAGE_LIST: why out of turn
    returned: bool = False  # the agent saw no document: he waits in his own place
    check: Check = NO_CHECK
    again: Again = NO_AGAIN
    ring_until_s: float = 0.0
    linked: bool = False
    media_ready: bool = False
    since_s: float = 0.0  # when the present screen began
    offered_at_s: float = 0.0  # when this media epoch began
    seen_at_s: float = 0.0  # when the picture or sound was last live

    def covers(self, visit: Screen) -> bool:
        """Whether it lies over this screen of the visit: not over a form that the agent helps with, nor over money."""
        if self.pays_beside(visit):
            return False
        talks = self.screen is Screen.CALL_LIVE and self.notes.pane is CallPane.TALK and not self.notes.card_id
        free = not (self.still.stands or self.document.stands or self.sending.stands)
        helps = talks and free and self.help.state is HelpState.ON and visit in call_help.BESIDE
        return self.screen is not None and not helps

    @property
    def is_paying(self) -> bool:
        return self.paying.stage is not PayStage.NONE

    def pays_beside(self, visit: Screen) -> bool:
        """The payment stands beside the talk; should the talk end meanwhile, its result waits."""
        return self.is_paying and self.screen in PAYS_BESIDE and visit in call_paying.BESIDE

    def view(self) -> CallView:
        stands = self.is_paying and self.screen is Screen.CALL_LIVE
        return CallView(
            way=self.way,
            position=self.position,
            wait_min_s=self.wait_min_s,
            wait_max_s=self.wait_max_s,
            link_lost=self.lost_at_s is not None,
            plate=self.plate,
            liveness=self.liveness,
            agent_has_video=self.agent_has_video,
            cases=list(self.cases),
            notes=list(self.notes.kept),
            card_id=self.notes.card_id,
            printing=self.notes.printing,
            hold=self.hold.stage,
            way_on=self.way_on,
            neutral=self.neutral,
            volume=self.sound.volume,
            quality=self.sound.quality,
            recording=RecordingView(self.recording.state, self.recording.noticing, self.recording.may_decline),
            introducing=self.sound.introducing,
            turn=self.turn,
            returned=self.returned,
            help=call_help.view(self.help),
            trouble=self.check.trouble,
            parties=list(self.parties),
            beside_id=self.beside_id,
            captions=self.captions.view(),
            pays=Pays.NO if not stands else Pays.HELD if self.paying.held else Pays.FREE,
        )


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The connection to the office came or went."""

    up: bool
    ice_servers: tuple[IceServer, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaChanged:
    """The media process came or went; one that comes back knows nothing of the call."""

    up: bool


Leave = ipc.HangUp | ipc.Dismiss | ipc.GoBack | ipc.GoHome
Command = ipc.CallPress | Choose | Enter | Leave


@dataclass(frozen=True, slots=True)
class Press:
    """The customer's touch; the shell fills in the rest: `request_id`, never seen before, and what is true now."""

    command: Command
    request_id: str = ""
    context: CallContext = _NO_CONTEXT
    topic: str = ""  # that he has named, by its title
    closed: bool = False  # nobody serves at this hour
    categories: tuple[TurnCategory, ...] = ()


@dataclass(frozen=True, slots=True)
class CallTick:
    """Time passed; waits for the customer are `patience` times as long."""

    patience: int = 1
    voice: bool = False  # the customer is served by the voice
    visited: bool = True  # a customer is here, beside the call
    form: Form = NO_FORM  # that stands on the visit's screen
    pays: VisitPays = VisitPays.AWAY
    printer: str = ""  # of sheets: empty where there is none; ready, or its fault
    account: str = ""  # of the customer, once he is identified


@dataclass(frozen=True, slots=True)
class Rung:
    """The agent rings back; `paying`: the customer has money in hand on the visit's own screen."""

    ringing: CallRinging
    paying: bool


@dataclass(frozen=True, slots=True)
class ToOffice:
    message: office.TerminalToServer


@dataclass(frozen=True, slots=True)
class ToMedia:
    message: media.CoreToMedia


@dataclass(frozen=True, slots=True)
class ToPayment:
    """The customer went from the consultant's card to the payment of this sum."""

    amount_minor: int
    account: str = ""


_Known = office.ServerToTerminal | media.MediaToCore
_Told = CardPrinted | StillBrought | PageFetched | SheetsPrinted
PaperEffect = BringStill | FetchPage | PrintSheets
Event = Press | CallTick | LinkChanged | LinkMeasured | MediaChanged | Rung | _Told | _Known
Effect = ToOffice | ToMedia | ToPrinter | ToPayment | PaperEffect
Step = tuple[Call, list[Effect]]


def candidate_to_media(event: office.IceCandidate) -> media.ApplyIceCandidate:
    return media.ApplyIceCandidate(
        event.call_id, event.media_epoch, event.candidate, event.sdp_mid, event.sdp_mline_index
    )


def cleared(call: Call) -> Call:
    """No call, by the same customer at the same terminal."""
    kept = over(call.sound)
    return Call(
        sound=kept,
        again=call.again,
        linked=call.linked,
        media_ready=call.media_ready,
        ice_servers=call.ice_servers,
    )


def told_notice(call: Call, notice: Notice) -> Call:
    """One sentence instead of the call, whose number is still told."""
    kept = replace(cleared(call), call_id=call.call_id, cases=call.cases, paying=call.paying)
    return replace(kept, screen=Screen.NOTICE, notice=notice)
