"""What the customer says of a visit or call, only while a campaign runs, never forced (clauses 6.3.8, 10.2.8). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.visits import RatingGiven, SurveyAsked, SurveyQuestion, SurveyTold
from terminal_app.core.tasks.asked import MENU, FirstAsked, Stopped
from terminal_app.core.tasks.task import (
    BACK,
    AskOffice,
    Chosen,
    Context,
    Event,
    GoTo,
    Rate,
    Silence,
    Step,
    Stored,
    Told,
)
from terminal_app.ipc.pages import Choice, Page, PageKind, Phrase, Tone

SUBJECT, CALL = "visit", "call"
FACES = 5  # a scale with words and faces of its own; any other shows its numbers


@dataclass(frozen=True, slots=True)
class Score:
    """One question: how good was it?"""

    survey: SurveyTold
    number: int = 0
    subject: str = SUBJECT

    def page(self, context: Context) -> Page:
        question = self._question()
        scores = range(question.score_max, 0, -1)
        faces = question.score_max == FACES
        choices = [Choice(f"score_{n}", Phrase(f"survey.score_{n}") if faces else Phrase(text=f"{n}")) for n in scores]
        return Page(
            f"survey.score_{self.number}",
            PageKind.LIST,
            Phrase(text=question.text),
            choices=[*choices, Choice("later", Phrase("survey.later"))],
        )

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="later"):
                return self, [_leaving(self.subject)]
            case Chosen(key=key):
                score = int(key.removeprefix("score_"))
                if score <= self._question().low_score and self._question().reasons:
                    return Reason(self, score), []
                return self.rated(score, "", context)
            case Stored():
                return self.next()
            case _:
                return self, []

    def rated(self, score: int, reason: str, context: Context) -> Step:
        given = RatingGiven(
            "-",
            context.fresh_id,
            self.survey.survey_version,
            self._question().question_id,
            score,
            self.subject,
            reason=reason,
            rated_at_ms=context.now_ms,
        )
        return self, [Rate(given)]

    def next(self) -> Step:
        following = self.number + 1
        asked = following < len(self.survey.questions)
        return (replace(self, number=following) if asked else Thanks(self.subject)), []

    def _question(self) -> SurveyQuestion:
        return self.survey.questions[self.number]


@dataclass(frozen=True, slots=True)
class Reason:
    """What went wrong: one of a list, and nothing more is asked."""

    asked: Score
    score: int

    def page(self, context: Context) -> Page:
        choices = [Choice(f"reason_{n}", Phrase(text=reason)) for n, reason in enumerate(self._reasons())]
        return Page("survey.reason", PageKind.LIST, choices=[*choices, Choice("skip", Phrase("survey.no_reason"))])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key=key):
                reason = self._reasons()[int(key.removeprefix("reason_"))] if key != "skip" else ""
                return self, self.asked.rated(self.score, reason, context)[1]
            case Stored():
                return self.asked.next()
            case _:
                return self, []

    def _reasons(self) -> list[str]:
        return self.asked.survey.questions[self.asked.number].reasons


@dataclass(frozen=True, slots=True)
class Thanks:
    subject: str = SUBJECT

    def page(self, context: Context) -> Page:
        choices = [MENU] if self.subject == SUBJECT else [Choice("go_on", Phrase("survey.go_on"))]
        return Page("survey.thanks", PageKind.SUMMARY, tone=Tone.GOOD, choices=choices, back=False)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="menu" | "go_on"):
                return self, [_leaving(self.subject)]
            case _:
                return self, []


def _leaving(subject: str) -> GoTo:
    """After a visit to the other services, after a call to where it began."""
    return GoTo("menu" if subject == SUBJECT else BACK)


def begin(context: Context) -> Step:
    return FirstAsked("survey", _answered), [AskOffice(SurveyAsked("-", SUBJECT))]


def after_call(context: Context) -> Step:
    """Once the picture is gone: the consultant does not see what is answered. Leads back to where the call began."""
    return FirstAsked("survey", _answered_of_call), [AskOffice(SurveyAsked("-", CALL))]


def offered(context: Context) -> list[Choice]:
    """A choice for the page at the end of a service; none once this customer was asked, or where nobody is asked."""
    wanted = SUBJECT in context.surveys and not context.surveyed
    return [Choice("survey", Phrase("survey.offer"))] if wanted else []


def _answered_of_call(event: Event, context: Context) -> Step:
    if isinstance(event, Told) and isinstance(event.answer, SurveyTold) and event.answer.questions:
        return Score(event.answer, subject=CALL), []
    return FirstAsked("survey", _answered_of_call), [GoTo(BACK)] if isinstance(event, (Told, Silence)) else []


def _answered(event: Event, context: Context) -> Step:
    match event:
        case Told(answer=SurveyTold(questions=questions) as survey) if questions:
            return Score(survey), []
        case Told() | Silence():
            return Stopped("survey.over", Phrase("survey.over.sentence")), []
        case _:
            return FirstAsked("survey", _answered), []
