"""Messages between core and media, on the same socket and in the same form as those of ui (`messages.py`)."""

from __future__ import annotations

import enum

from msgspec import Struct

from signaling_server.contract.flow import Flow
from signaling_server.contract.messages import IceServer
from signaling_server.contract.preflight import Part
from terminal_app.ipc.messages import Liveness

# --- core -> media -------------------------------------------------------------------------------------------------


class StartScan(Struct, frozen=True, tag=True, tag_field="type"):
    """Open the camera, show the viewfinder in ring `preview`, look for codes. After the customer's touch only."""


class StopScan(Struct, frozen=True, tag=True, tag_field="type"):
    pass


class StartPhoto(Struct, frozen=True, tag=True, tag_field="type"):
    """Open the camera, show the viewfinder in ring `preview`, say how the paper is held. After a touch only."""

    to_read: bool = False  # a sheet of print: under the document camera, where there is one that works


class StopPhoto(Struct, frozen=True, tag=True, tag_field="type"):
    pass


class TakePhoto(Struct, frozen=True, tag=True, tag_field="type"):
    """The sharpest of the next moments. Answered by `PhotoTaken` or `PhotoFailed`."""

    photo_id: str
    to_read: bool = False  # a sheet of print: as large as the camera sees it, its light made even


class WarmUp(Struct, frozen=True, tag=True, tag_field="type"):
    """The customer confirmed a call and waits: open camera and microphone, warm the encoder, gather candidates.

    Until the call begins `DevicesChecked` and `PathChecked` tell how they do.
    """

    ice_servers: list[IceServer]


class MakeSdpOffer(Struct, frozen=True, tag=True, tag_field="type"):
    """An agent took the call. Answered by `SdpOfferMade`."""

    call_id: str
    media_epoch: int
    ice_servers: list[IceServer]
    link_bps: int = 0  # what the way to the office carried each way while the customer waited; 0: not measured
    always_moving: bool = False  # he reads lips or signs: the picture becomes smaller on a thin path, and never stands


class ApplySdpAnswer(Struct, frozen=True, tag=True, tag_field="type"):
    call_id: str
    media_epoch: int
    sdp: str


class ApplyIceCandidate(Struct, frozen=True, tag=True, tag_field="type"):
    call_id: str
    media_epoch: int
    candidate: str
    sdp_mid: str | None = None
    sdp_mline_index: int | None = None


class AnswerSdpOffer(Struct, frozen=True, tag=True, tag_field="type"):
    """In a room: what one of the others sends. Answered by `SdpAnswerMade`."""

    call_id: str
    media_epoch: int
    feed: str
    sdp: str


class ShowFeeds(Struct, frozen=True, tag=True, tag_field="type"):
    """In a room: whose picture is the agent's, whose stands beside it; "" is nobody's. Everybody is heard."""

    call_id: str
    main: str
    beside: str


class SetVolume(Struct, frozen=True, tag=True, tag_field="type"):
    """How loud the agent is, in steps of call_messages.py; 0: not heard. Holds until the next one."""

    volume: int


class StartRecording(Struct, frozen=True, tag=True, tag_field="type"):
    """The notice was given and the office has stored it. Answered by `RecordingChanged`; ends with the call."""

    call_id: str
    recording_id: str
    notice_us: int  # on the monotonic clock of this computer; nothing that passed before it is recorded
    seal_key_id: str
    seal_key_hex: str


class StopRecording(Struct, frozen=True, tag=True, tag_field="type"):
    """«Без записи»: what was recorded of this call is gone when this is done."""

    call_id: str


class SetCaptions(Struct, frozen=True, tag=True, tag_field="type"):
    """What the agent says is shown in words, or no longer. Ends with the call."""

    call_id: str
    on: bool


class StopCall(Struct, frozen=True, tag=True, tag_field="type"):
    """Close everything: connection, camera, microphone, the last picture in the rings."""


CoreToMedia = (
    StartScan
    | StopScan
    | StartPhoto
    | StopPhoto
    | TakePhoto
    | WarmUp
    | MakeSdpOffer
    | ApplySdpAnswer
    | ApplyIceCandidate
    | AnswerSdpOffer
    | ShowFeeds
    | SetVolume
    | StartRecording
    | StopRecording
    | SetCaptions
    | StopCall
)

# --- media -> core -------------------------------------------------------------------------------------------------


class MediaHello(Struct, frozen=True, tag=True, tag_field="type"):
    pid: int
    camera_state: str  # device_drivers.contract.status.DeviceState values
    camera_detail: str
    document_camera_state: str
    document_camera_detail: str
    sound_state: str
    sound_detail: str
    captions_state: str  # of the recogniser: found, or not; it does not change while media runs
    captions_detail: str
    call_id: str = ""  # the call whose media still runs: core went away and came back
    media_epoch: int = 0


class MediaDevicesChanged(Struct, frozen=True, tag=True, tag_field="type"):
    camera_state: str
    camera_detail: str
    document_camera_state: str
    document_camera_detail: str
    sound_state: str
    sound_detail: str


class CodeSeen(Struct, frozen=True, tag=True, tag_field="type"):
    """A code held before the camera; the bytes untouched. Repeated at most once a second while it stays."""

    payload: bytes


class PhotoHint(enum.StrEnum):
    """How the paper is held."""

    NONE = ""
    NO_SHEET = "no_sheet"
    NOT_WHOLE = "not_whole"
    TOO_FAR = "too_far"
    TILTED = "tilted"
    BLURRED = "blurred"
    DARK = "dark"
    GOOD = "good"


class PhotoGuide(Struct, frozen=True, tag=True, tag_field="type"):
    """Told when it changes."""

    hint: PhotoHint
    under: bool = False  # the document camera looks


class PhotoTaken(Struct, frozen=True, tag=True, tag_field="type"):
    """JPEG bytes; they lie nowhere else."""

    photo_id: str
    content: bytes
    preview: bytes
    whole: bool = True  # a whole sheet was found, and is straight now


class PhotoFailed(Struct, frozen=True, tag=True, tag_field="type"):
    """The camera gave no picture."""

    photo_id: str


class DevicesChecked(Struct, frozen=True, tag=True, tag_field="type"):
    """While the customer waits: told when it changes."""

    camera: Part
    microphone: Part
    loudspeaker: Part


class PathChecked(Struct, frozen=True, tag=True, tag_field="type"):
    """Datagrams to the office's STUN server and back. None: not one came back."""

    round_trip_ms: int | None
    lost_percent: float | None


class SdpOfferMade(Struct, frozen=True, tag=True, tag_field="type"):
    call_id: str
    media_epoch: int
    sdp: str


class SdpAnswerMade(Struct, frozen=True, tag=True, tag_field="type"):
    call_id: str
    media_epoch: int
    feed: str
    sdp: str


class CallLiveness(Struct, frozen=True, tag=True, tag_field="type"):
    call_id: str
    media_epoch: int
    liveness: Liveness
    agent_has_video: bool


class MediaFailed(Struct, frozen=True, tag=True, tag_field="type"):
    """The peer connection of this epoch is over; core starts a new epoch or ends the call."""

    call_id: str
    media_epoch: int
    reason: str


class MediaStats(Struct, frozen=True, tag=True, tag_field="type"):
    """Every 2 s during a call."""

    call_id: str
    media_epoch: int
    frames_decoded: int
    frames_sent: int
    audio_level_db: float  # dBFS of what the agent's side sends us, -120 is silence
    bitrate_kbps: int
    flow: Flow = Flow()


class RecordingChanged(Struct, frozen=True, tag=True, tag_field="type"):
    """It is on, or has ended before its call."""

    call_id: str
    recording_id: str
    on: bool
    reason: str = ""  # of the end: disk, slow_disk, too_long, media


class CaptionHeard(Struct, frozen=True, tag=True, tag_field="type"):
    """A phrase of the agent as the recogniser understands it now; `final`: the next one begins another phrase."""

    call_id: str
    text: str
    final: bool


class CaptionsEnded(Struct, frozen=True, tag=True, tag_field="type"):
    """By themselves."""

    call_id: str
    reason: str  # busy: the machine is too slow for them; failed


MediaToCore = (
    MediaHello
    | MediaDevicesChanged
    | CodeSeen
    | PhotoGuide
    | PhotoTaken
    | PhotoFailed
    | DevicesChecked
    | PathChecked
    | SdpOfferMade
    | SdpAnswerMade
    | CallLiveness
    | MediaFailed
    | MediaStats
    | RecordingChanged
    | CaptionHeard
    | CaptionsEnded
)
