"""Messages between the office, its terminals and its desks: the one source.

`python -m signaling_server contract` writes schema.json and agent_web/src/contract.gen.ts from it; a test keeps both
fresh. On the wire each message is one JSON text frame with a `type`. Unknown fields are ignored, unknown types are
refused. Times are UTC milliseconds (`_ms`), money is whole kopecks (`_minor`). A bare "offer" means nothing here:
`CallOffered` is routing, `SdpOffer` is WebRTC.
"""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from signaling_server.contract import money, self_service
from signaling_server.contract.card_sending import (
    OfferSending,
    SendCard,
    SendingKnown,
    SendingOffered,
    SendingTold,
    WithdrawSending,
)
from signaling_server.contract.cases import AnswerWay, Segment
from signaling_server.contract.cases import CaseKind as CaseKind
from signaling_server.contract.cases import Topic as Topic
from signaling_server.contract.cases import TopicGuide as TopicGuide
from signaling_server.contract.closing import CallCase, CallCasesChanged, Closing, NextCase, PortalAnswer, TellPortal
from signaling_server.contract.documents import DocumentShown, DocumentTold, WithdrawDocument
from signaling_server.contract.flow import Flow
from signaling_server.contract.help import FieldProposed, HelpOffered, HelpTold, HelpWithdrawn
from signaling_server.contract.incidents import EndForMisconduct, IncidentRaised, RaiseAlarm
from signaling_server.contract.notes import CallNote, CardAnswer
from signaling_server.contract.preflight import LastPreflight, Preflight
from signaling_server.contract.readiness import ReadinessReport
from signaling_server.contract.recording import (
    NoticeGiven,
    RecordingAllowed,
    RecordingPolicy,
    RecordingState,
    RecordingTold,
)
from signaling_server.contract.ring_back import (
    AnswerRing,
    CallRinging,
    RingBack,
    RingStopped,
    RingTold,
    StopRinging,
)
from signaling_server.contract.rooms import InvitationClosed, Party, PartyInvited
from signaling_server.contract.staff import StaffNote, StaffNoteRead
from signaling_server.contract.stills import AskStill, StillAsked, StillTold, WithdrawStill
from signaling_server.contract.turns import CategoryChecked, CheckCategory, Turn
from signaling_server.contract.workplace import WorkplaceJudged, WorkplaceSeen

MESSAGE_SIZE_MAX = 65_536  # bytes of one frame; an SDP is about 6 kB

Id = Annotated[str, Meta(min_length=1, max_length=64)]
ShortText = Annotated[str, Meta(max_length=200)]
CandidateText = Annotated[str, Meta(max_length=1_000)]
LongText = Annotated[str, Meta(max_length=4_000)]
Sdp = Annotated[str, Meta(min_length=1, max_length=40_000)]


class WayToTalk(enum.StrEnum):
    """How the customer wants to talk (clause 9.6.10): three equal ways, known to the agent before the answer."""

    SPEAK = "speak"  # говорить
    WRITE = "write"  # написать
    TYPE = "type"  # напечатать


class CallEndReason(enum.StrEnum):
    CUSTOMER_LEFT = "customer_left"
    AGENT_ENDED = "agent_ended"
    MISCONDUCT = "misconduct"  # after a warning; never counted against the agent (clause 9.4.10)
    AGENT_LOST = "agent_lost"  # the agent's page has been silent too long
    TERMINAL_LOST = "terminal_lost"
    MEDIA_FAILED = "media_failed"


class CallRefusal(enum.StrEnum):
    NO_AGENT_ON_DUTY = "no_agent_on_duty"
    NOT_ACCEPTED = "not_accepted"  # the terminal may not call yet
    ALREADY_IN_CALL = "already_in_call"


class AgentState(enum.StrEnum):
    NOT_READY = "not_ready"
    READY = "ready"
    RINGING = "ringing"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    IN_ROOM = "in_room"  # a party of another agent's call


class Plate(Struct, frozen=True):
    """Who the agent is (clause 9.1.3). Issued by the server, never by the page."""

    company: ShortText
    last_name: ShortText
    first_name: ShortText
    patronymic: ShortText  # may be empty: not everybody has one
    position: ShortText


class IceServer(Struct, frozen=True):
    urls: list[str]
    username: str = ""
    credential: str = ""


class CashCount(Struct, frozen=True):
    value_minor: int
    count: int


class StorageReport(Struct, frozen=True):
    """A cassette or a coin box by the counts of its device since it was emptied last (XFS4IoT storage unit)."""

    unit_id: ShortText  # cassette, coin_box
    status: ShortText  # a device_drivers.contract.storage.StorageStatus value
    count: int
    count_max: int
    counts: list[CashCount] = []
    unknown_count: int = 0  # of no known value, counted all the same


class DeviceReport(Struct, frozen=True):
    """One device as the terminal sees it; `state` and `fault` are device_drivers.contract.status values."""

    device_class: ShortText  # bill_validator, receipt_printer, camera, audio
    state: ShortText
    fault: ShortText = "none"
    detail: ShortText = ""
    model: ShortText = ""
    serial: ShortText = ""
    fitted: bool = True  # False: this terminal has none, by its project
    storage: list[StorageReport] = []


class AlarmReport(Struct, frozen=True):
    """What a person has to know at once, while it lasts; an SOS is told for some minutes after the press."""

    kind: ShortText  # sos, door_open, on_battery, power_ending, too_hot, replace_battery, form_not_taken and others
    since_ms: int


class CassetteReport(Struct, frozen=True):
    """What lies in the cassette since it was last emptied, by the terminal's journal."""

    total_minor: int
    notes: list[CashCount]
    in_doubt_minor: int = 0


# --- terminal -> server --------------------------------------------------------------------------------------------


class TerminalHello(Struct, frozen=True, tag=True, tag_field="type"):
    """First frame of a terminal's connection. Who it is stands in its certificate, not here."""

    software_version: ShortText
    devices: list[DeviceReport] = []
    cassette: CassetteReport | None = None
    call_id: Id | None = None  # the call this terminal believes it is in


class Heartbeat(Struct, frozen=True, tag=True, tag_field="type"):
    """Every 5 s, and at once when something changed."""

    sequence: int
    screen: ShortText = ""
    devices: list[DeviceReport] = []
    cassette: CassetteReport | None = None
    undelivered_payments: int = 0
    alarms: list[AlarmReport] = []
    cash_stopped: ShortText = ""  # why no cash is taken, a word of the terminal; "": it is taken
    preflight: LastPreflight | None = None  # None: no customer has waited for an agent since the terminal's start
    readiness: ReadinessReport | None = None  # None: a terminal of an older release


class DraftLine(Struct, frozen=True):
    """What the customer has begun to give at the terminal: a zone of the meter, and what he typed for it."""

    name: ShortText
    value: ShortText


class CallContext(Struct, frozen=True):
    """What the customer need not say again (clause 5.1.6)."""

    screen: ShortText = ""
    account_masked: ShortText = ""
    customer_name: ShortText = ""  # as the identification found it; empty before it
    segment: Segment = Segment.B2C  # by the entry that he came through (clauses 2.3, 7.1.4)
    turn: Turn = Turn()
    ticket: ShortText = ""  # of a booking that he has marked himself by in this visit
    draft: Annotated[list[DraftLine], Meta(max_length=20)] = []  # stays at the terminal too (clause 5.1.9)
    preflight: Preflight = Preflight()  # follows in `CallChecked`
    language: ShortText = "ru"  # that his screen speaks (BCP 47)


class CallRequested(Struct, frozen=True, tag=True, tag_field="type"):
    """The customer confirmed the call: the waiting clock starts."""

    request_id: Id  # made by the terminal; a repeat of it is the same call
    way: WayToTalk
    topic: ShortText = ""
    context: CallContext = CallContext()


class CallCancelled(Struct, frozen=True, tag=True, tag_field="type"):
    """The customer left the waiting or ended the call."""

    call_id: Id
    way_on: CardAnswer | None = None  # where he goes instead of the talk: he is told number and date at once
    broken: bool = False  # not by the customer: the terminal has seen and heard nothing for too long


class CallChecked(Struct, frozen=True, tag=True, tag_field="type"):
    """What the terminal found of itself while the customer waits, and how he wants to talk now; to the agent as well.

    Told anew when it changes, until an agent has taken the call.
    """

    call_id: Id
    way: WayToTalk
    preflight: Preflight


# --- relayed between terminal and agent, unread by the server; in a room between each of them and the media server ---


class SdpOffer(Struct, frozen=True, tag=True, tag_field="type"):
    """Made by the terminal. A higher `media_epoch` of the same call replaces the peer connection.

    In a room everybody offers what he sends, and is offered what each of the others sends: that is named by `feed`.
    """

    call_id: Id
    media_epoch: int
    sdp: Sdp
    feed: ShortText = ""


class SdpAnswer(Struct, frozen=True, tag=True, tag_field="type"):
    """To the offer of the same `feed`."""

    call_id: Id
    media_epoch: int
    sdp: Sdp
    feed: ShortText = ""


class IceCandidate(Struct, frozen=True, tag=True, tag_field="type"):
    """One candidate, trickled; `candidate` empty: there are no more."""

    call_id: Id
    media_epoch: int
    candidate: CandidateText
    sdp_mid: str | None = None
    sdp_mline_index: int | None = None
    feed: ShortText = ""


# --- server -> terminal --------------------------------------------------------------------------------------------


class TerminalWelcome(Struct, frozen=True, tag=True, tag_field="type"):
    """Answer to `TerminalHello`."""

    terminal_id: Id
    epoch: int  # grows with every connection of this terminal
    server_time_ms: int
    ice_servers: list[IceServer]
    agents_on_duty: int
    heartbeat_period_ms: int = 5_000


class DutyChanged(Struct, frozen=True, tag=True, tag_field="type"):
    """How many agents are on duty: decides whether the terminal offers a call."""

    agents_on_duty: int


class CallQueued(Struct, frozen=True, tag=True, tag_field="type"):
    """The call stands; sent again when the position changes. Position 1 is the next to be served."""

    request_id: Id
    call_id: Id
    position: int
    wait_min_s: int
    wait_max_s: int


class CallRefused(Struct, frozen=True, tag=True, tag_field="type"):
    request_id: Id
    reason: CallRefusal


class CallAccepted(Struct, frozen=True, tag=True, tag_field="type"):
    """An agent took the call: the terminal now makes the SDP offer."""

    call_id: Id
    plate: Plate
    ice_servers: list[IceServer]
    media_epoch: int = 1
    recording: RecordingPolicy = RecordingPolicy.OFF  # of the queue; not off: the customer is told first


class RoomChanged(Struct, frozen=True, tag=True, tag_field="type"):
    """Who is in the call besides its customer, to the terminal and to the page of each. No parties: it goes direct
    again, or on without whom it is told.

    A `media_epoch` higher than the last one begins the room, or begins it anew: everybody offers what he sends.
    """

    call_id: Id
    media_epoch: int
    parties: list[Party]
    ice_servers: list[IceServer] = []
    plate: Plate | None = None  # of the agent; to the terminal
    you: ShortText = ""  # to a page: which of the parties it is
    site: ShortText = ""
    topic: ShortText = ""


class CallEnded(Struct, frozen=True, tag=True, tag_field="type"):
    """To both sides. The case number follows in `CaseRegistered` when the wrap-up is done."""

    call_id: Id
    reason: CallEndReason


class CaseRegistered(Struct, frozen=True, tag=True, tag_field="type"):
    """The обращение of a call is registered: number and date of receipt, to both sides (clause 3)."""

    call_id: Id
    case_number: ShortText
    received_date: ShortText  # DD.MM.YYYY
    topic_title: ShortText
    due_date: ShortText = ""  # DD.MM.YYYY; with the way of the answer, while the case is in work (clause 5.1.3)
    answer_way: AnswerWay = AnswerWay.NONE


# --- agent's page -> server ----------------------------------------------------------------------------------------


class AgentPing(Struct, frozen=True, tag=True, tag_field="type"):
    """Every 5 s; a page silent for 10 s is not ready."""

    sequence: int


class SetReady(Struct, frozen=True, tag=True, tag_field="type"):
    command_id: Id
    ready: bool


class AcceptCall(Struct, frozen=True, tag=True, tag_field="type"):
    command_id: Id
    call_id: Id
    token: Id


class DeclineCall(Struct, frozen=True, tag=True, tag_field="type"):
    command_id: Id
    call_id: Id
    token: Id


class RingHeard(Struct, frozen=True, tag=True, tag_field="type"):
    """The page rang."""

    call_id: Id
    token: Id


class EndCall(Struct, frozen=True, tag=True, tag_field="type"):
    command_id: Id
    call_id: Id


class CloseWrapUp(Struct, frozen=True, tag=True, tag_field="type"):
    """The agent's form: registers the case and frees the agent."""

    command_id: Id
    call_id: Id
    kind: CaseKind
    topic_id: Id
    summary: LongText = ""
    closing: Closing = Closing()


class CallQuality(Struct, frozen=True, tag=True, tag_field="type"):
    """What a side really decodes; from either side, about once in 2 s during a call."""

    call_id: Id
    frames_decoded: int
    audio_level_db: float  # dBFS of what is heard, -120 is silence
    bitrate_kbps: int = 0
    flow: Flow = Flow()


# --- server -> agent's page ----------------------------------------------------------------------------------------


class OfferedCall(Struct, frozen=True):
    """A call that rings at this agent."""

    call_id: Id
    token: Id
    way: WayToTalk
    topic: ShortText
    site: ShortText
    waited_ms: int
    ring_timeout_ms: int  # left of the 12 s
    context: CallContext


class ActiveCall(Struct, frozen=True):
    """The call an agent is in, or wraps up."""

    call_id: Id
    way: WayToTalk
    topic: ShortText
    site: ShortText
    context: CallContext
    started_at_ms: int
    media_epoch: int
    ice_servers: list[IceServer]
    ended_at_ms: int = 0  # 0: it goes on
    end_reason: CallEndReason | None = None
    cases: list[CallCase] = []  # the present one last
    portal: PortalAnswer = PortalAnswer.NOT_ASKED
    recording: RecordingState = RecordingState.NONE


class DeskSnapshot(Struct, frozen=True, tag=True, tag_field="type"):
    """Everything the page shows, after connecting."""

    server_time_ms: int
    plate: Plate
    state: AgentState
    topics: list[Topic]
    waiting: int = 0
    longest_wait_ms: int = 0
    agents_on_duty: int = 0
    offered: OfferedCall | None = None
    active: ActiveCall | None = None
    guides: list[TopicGuide] = []


class QueueChanged(Struct, frozen=True, tag=True, tag_field="type"):
    waiting: int
    longest_wait_ms: int
    agents_on_duty: int


class AgentStateChanged(Struct, frozen=True, tag=True, tag_field="type"):
    state: AgentState


class CallOffered(Struct, frozen=True, tag=True, tag_field="type"):
    call: OfferedCall


class OfferWithdrawn(Struct, frozen=True, tag=True, tag_field="type"):
    """The ring ends: time is up, the customer left, or somebody else took it."""

    call_id: Id
    reason: ShortText  # timeout | customer_left | taken | declined


class CallStarted(Struct, frozen=True, tag=True, tag_field="type"):
    """The acceptance was in time: wait for the terminal's `SdpOffer`."""

    call: ActiveCall


class CommandRefused(Struct, frozen=True, tag=True, tag_field="type"):
    command_id: Id
    reason: ShortText  # too_late | wrong_state | unknown_call | unknown_topic | no_plate | … of the part that refuses


class CommandDone(Struct, frozen=True, tag=True, tag_field="type"):
    command_id: Id


TerminalToServer = (
    TerminalHello
    | Heartbeat
    | CallRequested
    | CallChecked
    | CallCancelled
    | SdpOffer
    | SdpAnswer
    | IceCandidate
    | AnswerRing
    | CallNote
    | HelpTold
    | StillTold
    | DocumentTold
    | SendingTold
    | SendCard
    | NoticeGiven
    | RecordingTold
    | CallQuality
    | money.JournalAsked
    | money.JournalBatch
    | self_service.ServiceRequest
)
ServerToTerminal = (
    TerminalWelcome
    | DutyChanged
    | CallQueued
    | CallRefused
    | CallAccepted
    | RoomChanged
    | SdpOffer
    | SdpAnswer
    | IceCandidate
    | CallRinging
    | RingStopped
    | CallNote
    | HelpOffered
    | HelpWithdrawn
    | FieldProposed
    | StillAsked
    | WithdrawStill
    | DocumentShown
    | WithdrawDocument
    | SendingOffered
    | SendingKnown
    | SendingTold
    | WithdrawSending
    | RecordingAllowed
    | CallEnded
    | CaseRegistered
    | money.JournalAcknowledged
    | money.MoneyMoveOrdered
    | money.MoneyMoveWithdrawn
    | money.CollectorsTold
    | money.TechniciansTold
    | money.SlipCopyOrdered
    | self_service.ServiceAnswer
)
AgentToServer = (
    AgentPing
    | WorkplaceSeen
    | SetReady
    | AcceptCall
    | DeclineCall
    | RingHeard
    | EndCall
    | CheckCategory
    | CloseWrapUp
    | EndForMisconduct
    | RaiseAlarm
    | RingBack
    | StopRinging
    | StaffNoteRead
    | NextCase
    | TellPortal
    | SdpOffer
    | SdpAnswer
    | IceCandidate
    | CallNote
    | HelpOffered
    | HelpWithdrawn
    | FieldProposed
    | AskStill
    | WithdrawStill
    | WithdrawDocument
    | OfferSending
    | WithdrawSending
    | CallQuality
)
ServerToAgent = (
    DeskSnapshot
    | WorkplaceJudged
    | QueueChanged
    | AgentStateChanged
    | CallOffered
    | OfferWithdrawn
    | CallChecked
    | CallStarted
    | CategoryChecked
    | CallCasesChanged
    | PartyInvited
    | InvitationClosed
    | RoomChanged
    | SdpOffer
    | SdpAnswer
    | IceCandidate
    | CallNote
    | HelpTold
    | StillTold
    | DocumentTold
    | SendingTold
    | RecordingTold
    | CallEnded
    | CaseRegistered
    | StaffNote
    | IncidentRaised
    | RingTold
    | CommandRefused
    | CommandDone
)

# --- HTTP of the desk ----------------------------------------------------------------------------------------------


class SignIn(Struct, frozen=True):
    login: ShortText
    password: ShortText


class SignedIn(Struct, frozen=True):
    login: str
    roles: list[str]
    plate: Plate


class ErrorAnswer(Struct, frozen=True):
    """Body of every refusal."""

    error: str  # a stable word
    message: str  # a sentence in Russian for the screen


class TerminalRow(Struct, frozen=True):
    """One terminal on the operations page."""

    terminal_id: str
    title: str
    site: str
    online: bool
    last_seen_ms: int  # 0: never
    software_version: str
    screen: str
    devices: list[DeviceReport]
    cassette: CassetteReport | None
    undelivered_payments: int
    alarms: list[AlarmReport] = []
    cash_stopped: str = ""
    preflight: LastPreflight | None = None
    readiness: ReadinessReport | None = None


class FleetAnswer(Struct, frozen=True):
    server_time_ms: int
    terminals: list[TerminalRow]


class DeadMessage(Struct, frozen=True):
    """An e-mail or SMS that could not be delivered; `address_masked` shows no more than its owner needs."""

    message_id: str
    channel: str
    template: str
    owner: str
    address_masked: str
    error: str
    created_at_ms: int
    ended_at_ms: int


class DeadMessages(Struct, frozen=True):
    messages: list[DeadMessage]


HttpBodies = SignIn | SignedIn | ErrorAnswer | FleetAnswer | DeadMessages  # for the generator only


class MessageError(ValueError):
    """A frame that is no message of this contract; the text names the field, never its value."""


def encode(message: Struct) -> bytes:
    return _ENCODER.encode(message)


_ENCODER = msgspec.json.Encoder()
