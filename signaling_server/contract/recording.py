"""Recording of a call (clause 9.4.3): the notice first, then its event at the office, then the first packet.

The office names the policy with the acceptance. The terminal shows and says the notice, tells that it was given, and
begins only when the office answers that the event is stored. What is recorded goes up sealed (`recorded.py`).
"""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

KEEP_DAYS_USUAL, KEEP_DAYS_MAX = 180, 3_650
CHUNK_SIZE_MAX = 8_000_000  # bytes of one sealed chunk: a second or two of both directions is far below
CHUNKS_MAX = 20_000  # over five hours
SEALED_KEY_SIZE_MAX = 200
REASON_LENGTH_MIN, REASON_LENGTH_MAX = 5, 300

RecordedId = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
CallId = Annotated[str, Meta(min_length=1, max_length=64)]
Word = Annotated[str, Meta(max_length=64)]
Reason = Annotated[str, Meta(min_length=REASON_LENGTH_MIN, max_length=REASON_LENGTH_MAX)]
KeyHex = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class RecordingPolicy(enum.StrEnum):
    """Of a queue."""

    OFF = "off"
    ON = "on"
    CHOICE = "choice"  # with «Без записи»


class RecordingState(enum.StrEnum):
    """What both sides of a call are shown, for as long as it lasts."""

    NONE = "none"  # this queue is not recorded
    NOTICE = "notice"  # the customer is being told; nothing is recorded yet
    ON = "on"
    DECLINED = "declined"  # «Без записи»: what was recorded is gone
    FAILED = "failed"  # it could not begin, or ended by itself; the call goes on


class NoticeGiven(Struct, frozen=True, tag=True, tag_field="type"):
    """By the terminal: the notice stood on the glass and was said to its end. Repeated until it is answered."""

    call_id: CallId


class RecordingAllowed(Struct, frozen=True, tag=True, tag_field="type"):
    """The notice is stored: begin. The recording's own key is sealed to the key that stands here."""

    call_id: CallId
    recording_id: RecordedId
    seal_key_id: Word
    seal_key_hex: KeyHex


class RecordingTold(Struct, frozen=True, tag=True, tag_field="type"):
    """By the terminal at each change, and on to the agent's page."""

    call_id: CallId
    state: RecordingState
    reason: Word = ""  # of a failure: disk, slow_disk, media, no_voice


# --- HTTP of the terminals -----------------------------------------------------------------------------------------


class RecordingHead(Struct, frozen=True):
    """Comes before the chunks of a recording, once or again."""

    call_id: CallId
    seal_key_id: Word
    sealed_key: Annotated[bytes, Meta(min_length=1, max_length=SEALED_KEY_SIZE_MAX)]


# --- HTTP of the desk ----------------------------------------------------------------------------------------------


class RecordingRow(Struct, frozen=True):
    """One recording in the list, newest first. A call whose media was built anew may have several."""

    recording_id: str
    call_id: str
    case_number: str
    site: str
    agent_name: str
    noticed_at_ms: int
    size: int  # bytes
    whole: bool  # its last chunk is here
    keep_until_ms: int
    hold_reason: str  # empty: it is not held
    destroyed_at_ms: int  # 0: it can be played


class RecordingsAnswer(Struct, frozen=True):
    recordings: list[RecordingRow]


class OpenRecording(Struct, frozen=True):
    """Every viewing is kept with its reason."""

    recording_id: RecordedId
    reason: Reason


class RecordedSide(Struct, frozen=True):
    """A WebM file that can be read from any byte. Both sides begin at the same moment."""

    side: str  # agent, customer
    path: str
    has_picture: bool


class RecordingOpened(Struct, frozen=True):
    """`missing`: chunks that are not there, or do not open; about a second each."""

    duration_ms: int
    begins_at_ms: int
    missing: int
    whole: bool  # its end is there
    sides: list[RecordedSide]


class HoldRecording(Struct, frozen=True):
    """Held: its key is not destroyed, whatever its age."""

    recording_id: RecordedId
    hold: bool
    reason: Reason
