"""Where and when: places with hours, booking and check-in; what customers say of a visit; the steps of visits."""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

from signaling_server.contract.cases import Segment
from signaling_server.contract.services import ConsentRead, Id, Line, PhoneText, Word

STEPS_MAX = 200  # of one message
SCORE_MAX = 10

DayText = Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
# Words of programs only: what a customer typed cannot get in here.
CodeWord = Annotated[str, Meta(pattern="^[a-z0-9_.]{0,64}$")]
ResultWord = Annotated[str, Meta(pattern="^[a-z0-9_.]{0,32}$")]
Count = Annotated[int, Meta(ge=0, le=2_147_483_647)]
DurationMs = Annotated[int, Meta(ge=0, le=86_400_000)]
MomentMs = Annotated[int, Meta(ge=0, le=253_370_000_000_000)]


class PlaceKind(enum.StrEnum):
    OFFICE = "office"  # ЦОК
    DESK = "desk"  # видеоконсультант
    SITE = "site"  # where terminals stand


class BookingState(enum.StrEnum):
    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class HoursLine(Struct, frozen=True):
    """«пн–пт» — «9:00–20:00, перерыв 13:00–13:30»."""

    days: Line
    hours: Line


class Place(Struct, frozen=True):
    """A place as a customer sees it; the moment when its state changes, 0 where none is known."""

    place_id: Id
    kind: PlaceKind
    title: Line
    address: Line
    phone: Line
    services: list[Line]
    hours: list[HoursLine]
    is_open: bool
    changes_at_ms: int
    bookable: bool


class Slot(Struct, frozen=True):
    starts_at_ms: int
    free: int


class SlotDay(Struct, frozen=True):
    day: DayText
    slots: list[Slot]


class SurveyQuestion(Struct, frozen=True):
    """Scores run from 1 to `score_max`; at `low_score` or below one reason of the list is asked, and no more."""

    question_id: CodeWord
    text: Line
    score_max: Annotated[int, Meta(ge=2, le=SCORE_MAX)]
    low_score: int
    reasons: list[Line]


class VisitStep(Struct, frozen=True):
    """One screen of one visit. No field can hold anything personal (clause 5.1.8)."""

    visit_id: Annotated[str, Meta(pattern="^[a-z0-9-]{1,64}$")]
    sequence: Count
    at_ms: MomentMs
    screen: CodeWord
    service: CodeWord = ""
    result: ResultWord = ""
    touches: Count = 0
    duration_ms: DurationMs = 0
    topic: CodeWord = ""  # of the classifier, where the screen is about one
    article: CodeWord = ""  # of the Справочник, while it is open


# --- terminal -> server -----------------------------------------------------------------------------------------------


class PlacesAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """Offices, hours, other ways for this kind of customer."""

    request_id: Id
    segment: Segment


class SlotsAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """Free times of a place for two weeks."""

    request_id: Id
    place_id: Id
    topic_id: Id


class BookingAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """Book a slot. `submission_id` is the terminal's own: the same is booked once."""

    request_id: Id
    submission_id: Id
    place_id: Id
    starts_at_ms: MomentMs
    topic_id: Id
    segment: Segment
    phone: PhoneText = ""  # where the code of the booking is sent
    consent_version: Word = ""  # needed with a phone
    consent_read: ConsentRead | None = None


class BookingCancelled(Struct, frozen=True, tag=True, tag_field="type"):
    """The customer will not come: by his ticket, and the phone if he gave one."""

    request_id: Id
    ticket: Word
    phone: PhoneText = ""


class CheckInAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """The customer is here: the code of his booking."""

    request_id: Id
    ticket: Word


class SurveyAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """Is there a survey now about this: `visit`, `call`, `case`?"""

    request_id: Id
    subject: CodeWord


class RatingGiven(Struct, frozen=True, tag=True, tag_field="type"):
    """One answer of a survey; `reference` is a call, a case or a visit. Repeated until it is answered."""

    request_id: Id
    submission_id: Id
    survey_version: Word
    question_id: CodeWord
    score: int
    subject: CodeWord
    reference: Word = ""
    reason: Line = ""
    rated_at_ms: MomentMs = 0


class VisitSteps(Struct, frozen=True, tag=True, tag_field="type"):
    """Steps of visits, sent until they are acknowledged; a repeat changes nothing."""

    request_id: Id
    steps: Annotated[list[VisitStep], Meta(min_length=1, max_length=STEPS_MAX)]


# --- server -> terminal -----------------------------------------------------------------------------------------------


class PlacesTold(Struct, frozen=True, tag=True, tag_field="type"):
    """`video_open`: consultants serve and this terminal's site is open; `video_changes_at_ms`: until, or from when."""

    request_id: Id
    here: Word  # the place of this terminal; empty where nobody described it
    video_open: bool
    video_changes_at_ms: int
    places: list[Place]


class SlotsTold(Struct, frozen=True, tag=True, tag_field="type"):
    request_id: Id
    place_id: Id
    minutes: int
    days: list[SlotDay]


class BookingTold(Struct, frozen=True, tag=True, tag_field="type"):
    """A booking: shown, printed, sent by SMS. `day` and `time` are those of the place."""

    request_id: Id
    ticket: Word
    state: BookingState
    place_title: Line
    address: Line
    day: Word  # DD.MM.YYYY
    time: Word  # HH:MM
    starts_at_ms: int
    topic_id: Word
    video: bool = False  # with the video consultant: the call takes its place in the queue at that time


class SurveyTold(Struct, frozen=True, tag=True, tag_field="type"):
    """No questions: there is no campaign now, and nobody is asked (clause 6.3.8)."""

    request_id: Id
    survey_version: Word
    questions: list[SurveyQuestion]


class RatingStored(Struct, frozen=True, tag=True, tag_field="type"):
    request_id: Id
    submission_id: Id


class VisitStepsStored(Struct, frozen=True, tag=True, tag_field="type"):
    """All of that message is stored."""

    request_id: Id


VisitRequest = (
    PlacesAsked | SlotsAsked | BookingAsked | BookingCancelled | CheckInAsked | SurveyAsked | RatingGiven | VisitSteps
)
VisitAnswer = PlacesTold | SlotsTold | BookingTold | SurveyTold | RatingStored | VisitStepsStored
