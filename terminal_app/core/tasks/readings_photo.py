"""A photo of the meter beside readings that were given: to the office in the sealed outbox, for a controller. Pure.

It is filed as a request of the topic «Передача показаний» that wants no answer; in its text stand the meter and what
was given, and nothing of the customer but the number of the account.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from signaling_server.contract.cases import READINGS_TOPIC, AnswerWay, CaseFiled, CaseForm, CaseKind
from terminal_app.core.tasks.readings_sheet import as_on_counter
from terminal_app.core.tasks.task import (
    Chosen,
    Context,
    Event,
    KeepCase,
    Photographed,
    Silence,
    Step,
    Stored,
    TakePhoto,
    Told,
)
from terminal_app.ipc.pages import NOTHING, Choice, Page, PageKind, Part, Phrase

if TYPE_CHECKING:
    from terminal_app.core.tasks.readings_given import Given


@dataclass(frozen=True, slots=True)
class MeterPhoto:
    """The meter before the camera: a customer brings its picture on his phone, or the meter itself stands here."""

    given: Given
    failed: bool = False

    def page(self, context: Context) -> Page:
        sentence = Phrase("readings.photo.failed") if self.failed else NOTHING
        return Page("readings.photo", PageKind.PHOTO, sentence=sentence, choices=[Choice("take"), Choice("without")])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="take"):
                return replace(self, failed=False), [TakePhoto()]
            case Chosen(key="without"):
                return self.given, []
            case Photographed():
                return MeterShot(self.given, event, context.fresh_id), []
            case Silence():
                return replace(self, failed=True), []
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class MeterShot:
    """Are the digits seen?"""

    given: Given
    photo: Photographed
    submission_id: str

    def page(self, context: Context) -> Page:
        picture = [Part(picture=self.photo.preview)] if self.photo.preview else []
        return Page("readings.shot", PageKind.TEXT, parts=picture, choices=[Choice("keep"), Choice("retake")])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="keep"):
                return self, [KeepCase(self.form(context))]
            case Chosen(key="retake"):
                return MeterPhoto(self.given), []
            case Stored() | Told(answer=CaseFiled()):
                return replace(self.given, photo="sent"), []
            case Told() | Silence():
                return replace(self.given, photo="not_sent"), []
            case _:
                return self, []

    def form(self, context: Context) -> CaseForm:
        sheet, accepted = self.given.sheet, self.given.accepted
        values = ", ".join(f"{zone} {as_on_counter(value, sheet.meter)}" for zone, value in accepted.readings.items())
        what = f"лицевой счёт {sheet.account}, счётчик {sheet.meter.meter_id}, {context.today.strftime('%d.%m.%Y')}"
        return CaseForm(
            self.submission_id,
            context.now_ms,
            context.segment,
            CaseKind.REQUEST,
            READINGS_TOPIC,
            f"Фото счётчика к показаниям: {what}: {values}",
            AnswerWay.NONE,
            attachments=[self.photo.attachment()],
        )
