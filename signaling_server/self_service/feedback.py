"""What customers say of a visit, only while a campaign runs, and the steps that their visits took."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.clock import Clock, milliseconds
from signaling_server.contract.visits import (
    RatingGiven,
    RatingStored,
    SurveyAsked,
    SurveyQuestion,
    SurveyTold,
    VisitSteps,
    VisitStepsStored,
)
from signaling_server.local_time import local_date
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage import visits as rows

SURVEYS_PATH = Path(__file__).with_name("surveys.toml")


class SurveyError(ValueError):
    """The surveys are not fit to open the office with."""


class Survey(Struct, frozen=True, forbid_unknown_fields=True):
    """A campaign: what is asked about what, from a day until a day."""

    version: str
    subjects: list[str]
    since: date
    until: date
    questions: list[SurveyQuestion]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    survey: list[Survey] = []


def load_surveys(path: Path = SURVEYS_PATH) -> tuple[Survey, ...]:
    """Raises SurveyError."""
    try:
        surveys = tuple(msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File).survey)
    except (OSError, ValueError) as error:
        raise SurveyError(f"{path.name}: {error}") from error
    if len({survey.version for survey in surveys}) < len(surveys):
        raise SurveyError(f"{path.name}: версия опроса повторяется")
    return surveys


class Feedback:
    """Stores answers with the text and the scale that the customer saw."""

    def __init__(self, database: AsyncEngine, clock: Clock, surveys: tuple[Survey, ...]) -> None:
        self._database = database
        self._clock = clock
        self._surveys = {survey.version: survey for survey in surveys}

    def survey(self, asked: SurveyAsked) -> SurveyTold:
        """The campaign that runs today; no questions where none does."""
        today = local_date(self._clock.now_s())
        for survey in self._surveys.values():
            if asked.subject in survey.subjects and survey.since <= today <= survey.until:
                return SurveyTold(asked.request_id, survey.version, survey.questions)
        return SurveyTold(asked.request_id, "", [])

    async def rate(self, terminal_id: str, given: RatingGiven) -> RatingStored:
        """Stores an answer once. Raises ServiceRefusedError: unknown_question, bad_score."""
        survey = self._surveys.get(given.survey_version)
        questions = survey.questions if survey is not None and given.subject in survey.subjects else []
        question = next((one for one in questions if one.question_id == given.question_id), None)
        if question is None:
            raise ServiceRefusedError("unknown_question", "Этот опрос уже закончился")
        if not 1 <= given.score <= question.score_max or (given.reason and given.reason not in question.reasons):
            raise ServiceRefusedError("bad_score", "Такой оценки в опросе нет")
        values = {
            "terminal_id": terminal_id,
            "submission_id": given.submission_id,
            "survey_version": given.survey_version,
            "question_id": given.question_id,
            "question": question.text,
            "score": given.score,
            "score_max": question.score_max,
            "reason": given.reason,
            "subject": given.subject,
            "reference": given.reference,
            "rated_at_ms": given.rated_at_ms,
            "received_at_ms": milliseconds(self._clock.now_s()),
        }
        async with self._database.begin() as tx:
            await rows.insert_rating(tx, values)
        return RatingStored(given.request_id, given.submission_id)

    async def store_steps(self, terminal_id: str, told: VisitSteps) -> VisitStepsStored:
        """Stores what is new of a message; what it answers is durable."""
        async with self._database.begin() as tx:
            await rows.insert_steps(tx, terminal_id, told.steps, at_ms=milliseconds(self._clock.now_s()))
        return VisitStepsStored(told.request_id)
