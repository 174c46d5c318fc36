"""The end of a written обращение: read over, sent, its number or a promise of one (clauses 3, 7.1.11, 9.5.4). Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from signaling_server.contract.cases import AnswerWay, CaseFiled, CaseForm
from signaling_server.contract.knowledge import Consent
from signaling_server.contract.services import ServiceRefused
from terminal_app.core.tasks import survey
from terminal_app.core.tasks.asked import AGAIN, CONSULTANT, MENU, led_on
from terminal_app.core.tasks.task import (
    Chosen,
    Context,
    Event,
    KeepCase,
    Printed,
    PrintPairs,
    Silence,
    Step,
    Stored,
    Told,
)
from terminal_app.core.tasks.written_draft import Draft, Stage, form_of
from terminal_app.core.tasks.written_pages import MENDABLE, OF_CONTRACT, OF_VISIT, parts_of
from terminal_app.ipc.pages import NOTHING, Choice, Page, PageKind, Pair, Phrase, Tone

SLIP_TITLES = {
    "question": "Вопрос",
    "request": "Заявка",
    "complaint": "Жалоба",
    "suggestion": "Предложение",
    "gratitude": "Благодарность",
}
# What the customer can mend himself, and by which question.
MENDED_BY = {
    "bad_phone": Stage.PHONE,
    "bad_email": Stage.EMAIL,
    "no_contact": Stage.WAY,
    "no_consent": Stage.CONSENT,
    "bad_visit": Stage.PLACE,
    "bad_client": Stage.PLACE,
    "no_text": Stage.TEXT,
    "unknown_topic": Stage.TOPIC,
    "complaint_subject": Stage.SUBJECT,
    "too_large": Stage.PAPERS,
    "same_attachment": Stage.PAPERS,
    "confirm_size": Stage.PAPERS,
}

Mend = Callable[[Draft, Stage, Context], Step]


@dataclass(frozen=True, slots=True)
class Check:
    """Everything that is sent. Sent again it is filed once all the same."""

    draft: Draft
    submission_id: str
    mend: Mend

    def page(self, context: Context) -> Page:
        choices = [Choice("send"), Choice("correct")]
        return Page("written.check", PageKind.TEXT, parts=parts_of(self.draft), choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="send"):
                form = form_of(self.draft, self.submission_id, context)
                return self, [KeepCase(form, self.draft.replaces)]
            case Chosen(key="correct"):
                return Which(self), []
            case Told(answer=CaseFiled() as filed):
                return self._filed(context, filed), []
            case Told(answer=ServiceRefused() as refused):
                return NotTaken(self, refused), []
            case Stored():
                return self._filed(context), []
            case Told() | Silence():
                return NotKept(self), []
            case _:
                return self, []

    def _filed(self, context: Context, filed: CaseFiled | None = None) -> Filed:
        assert self.draft.topic is not None
        form = form_of(self.draft, self.submission_id, context)
        return Filed(form, self.draft.topic.title, filed, consent=self.draft.consent)


@dataclass(frozen=True, slots=True)
class Which:
    """Which answer is to be another one? The others stay."""

    check: Check

    def page(self, context: Context) -> Page:
        stages = [stage for stage in MENDABLE if self._asked(stage, context)]
        return Page("written.which", PageKind.LIST, choices=[Choice(stage.value) for stage in stages])

    def step(self, event: Event, context: Context) -> Step:
        if isinstance(event, Chosen):
            return self.check.mend(self.check.draft, Stage(event.key), context)
        return self, []

    def _asked(self, stage: Stage, context: Context) -> bool:
        draft = self.check.draft
        if draft.new_client:
            return stage in OF_CONTRACT and (stage is not Stage.PAPERS or context.availability.camera)
        if stage in (Stage.PHONE, Stage.EMAIL):
            return False  # with the way of the answer
        if stage in OF_VISIT or (draft.site_visit and stage in (Stage.KIND, Stage.TEXT, Stage.PAPERS)):
            return draft.site_visit and stage in OF_VISIT
        if stage is Stage.KIND:
            return not draft.appeal_of
        if stage in (Stage.NAME, Stage.ACCOUNT):
            return draft.personal and not (draft.appeal_of and stage is Stage.ACCOUNT)
        return stage is not Stage.PAPERS or (draft.personal and context.availability.camera)


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The office says what is wrong with it while he is here; it is kept, and the mended one takes its place."""

    check: Check
    refused: ServiceRefused

    def page(self, context: Context) -> Page:
        may_mend = self.refused.reason in MENDED_BY
        sentence = Phrase(text=self.refused.sentence)
        choices = [Choice("mend"), CONSULTANT] if may_mend else [CONSULTANT, MENU]
        return Page("written.refused", PageKind.SUMMARY, sentence=sentence, tone=Tone.WARN, choices=choices, back=False)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="mend"):
                draft = replace(self.check.draft, replaces=self.check.submission_id)
                return self.check.mend(draft, MENDED_BY[self.refused.reason], context)
            case _:
                return led_on(self, event)


@dataclass(frozen=True, slots=True)
class NotKept:
    """The disk refuses: nothing was sent, and he is told so."""

    check: Check

    def page(self, context: Context) -> Page:
        return Page("written.not_kept", PageKind.SUMMARY, tone=Tone.WARN, choices=[AGAIN, CONSULTANT])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="again"):
                return self, self.check.step(Chosen("send"), context)[1]
            case Told() | Stored():
                return self.check.step(event, context)
            case _:
                return led_on(self, event)


@dataclass(frozen=True, slots=True)
class Filed:
    """The number, large, or, without a line, that it lies safe and how he gets the number."""

    form: CaseForm
    topic: str
    filed: CaseFiled | None = None
    printed: bool | None = None
    consent: Consent | None = None  # that he agreed to

    def page(self, context: Context) -> Page:
        filed = self.filed
        may_print = context.availability.printer and not self.printed
        return Page(
            "written.filed" if filed is not None else "written.kept",
            PageKind.SUMMARY,
            sentence=self._sentence(),
            tone=Tone.GOOD,
            number=filed.case_number if filed is not None else "",
            pairs=self._pairs(),
            choices=[*([Choice("print")] if may_print else []), MENU, *survey.offered(context)],
            back=False,
        )

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="print"):
                return self, [self._slip(context)]
            case Printed(done=done):
                return replace(self, printed=done), []
            case _:
                return led_on(self, event)

    def _sentence(self) -> Phrase:
        if self.printed is not None:
            return Phrase("page.slip_printed" if self.printed else "written.not_printed")
        if self.form.number_by_sms:
            return Phrase("written.filed.by_sms" if self.filed is not None else "written.kept.by_sms")
        if self.form.answer_way is AnswerWay.NONE:
            return Phrase("written.filed.thanks" if self.filed is not None else "written.kept.thanks")
        return Phrase("written.filed.write_down" if self.filed is not None else "written.kept.later")

    def _pairs(self) -> list[Pair]:
        filed = self.filed
        if filed is None:
            return []
        pairs = [("received", Phrase(text=filed.received_date)), ("due", Phrase(text=filed.due_date))]
        if self.form.answer_way is not AnswerWay.NONE:
            pairs.append(("answer", Phrase(f"written.way.{self.form.answer_way.value}")))
        return [Pair(Phrase(f"written.filed.{name}"), words) for name, words in pairs if words != NOTHING]

    def _slip(self, context: Context) -> PrintPairs:
        """Nothing personal stands on it: a slip is left lying about."""
        filed, kind = self.filed, SLIP_TITLES[self.form.kind.value]
        if self.form.new_client is not None and self.consent is not None:
            return self._copy(self.consent, context)
        if filed is None:
            written = context.local(self.form.written_at_ms).strftime("%d.%m.%Y %H:%M")
            pairs = [("Обращение", kind), ("Тема", self.topic), ("Написано", written)]
            return PrintPairs("Обращение сохранено", tuple(pairs), "Оно уйдёт в офис, как только появится связь.")
        pairs = [("Номер", filed.case_number), ("От", filed.received_date)]
        pairs += [("Ответим до", filed.due_date)] if filed.due_date else []
        pairs += [("Обращение", kind), ("Тема", self.topic)]
        words = f"Узнать об обращении можно на терминале по номеру, вопросы: {context.support_phone}."
        return PrintPairs("Обращение принято", tuple(pairs), words)

    def _copy(self, consent: Consent, context: Context) -> PrintPairs:
        """His copy of the consent: the text that he agreed to, its version, when; the name is not on it."""
        agreed = context.local(self.form.written_at_ms).strftime("%d.%m.%Y %H:%M")
        number = [("Заявка", self.filed.case_number)] if self.filed is not None else []
        pairs = [*number, ("Тема", self.topic), ("Редакция", consent.version), ("Дано", agreed)]
        return PrintPairs(consent.title, tuple(pairs), consent.text)
