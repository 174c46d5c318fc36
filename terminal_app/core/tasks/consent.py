"""A text that is agreed to: read to its end, or heard to its end and then asked about (clauses 6.3.6b, 9.6.9). Pure.

Which text it was, by its hash, and how much of it was read goes with the agreement.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from signaling_server.contract.knowledge import Consent
from signaling_server.contract.services import ConsentRead
from terminal_app.core.tasks.task import Call, Chosen, Context, Event, HeardTo, Step, Task
from terminal_app.ipc.pages import NOTHING, Choice, Page, PageKind, Part, Phrase
from terminal_app.ipc.reading import Aloud, coverage_percent, sentences_of, text_sha256

WHOLE = 100  # percent
REFUSE = Choice("refuse")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Without the voice the button lies on the last page; with it, it unlocks when every sentence was heard."""

    name: str
    consent: Consent
    agreed: Callable[[Consent, ConsentRead, Context], Step]
    refused: Callable[[Task], Step]
    refusal: Choice = REFUSE
    heard: int = 0  # sentences, in their order
    voiceless: bool = False  # nothing can be said here: it is read with the eyes

    def page(self, context: Context) -> Page:
        aloud = self._aloud(context)
        locked = aloud and self.coverage_percent < WHOLE
        agree = Choice("agree", hint=Phrase("reading.locked") if locked else Phrase(), enabled=not locked)
        return Page(
            self.name,
            PageKind.TEXT,
            Phrase(text=self.consent.title),
            self._sentence(context),
            parts=[Part(text=Phrase(text=self.consent.text))],
            choices=[agree, self.refusal],
            to_the_end=True,
            aloud=Aloud(self.heard) if aloud else None,
        )

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case HeardTo(failed=True):
                return replace(self, voiceless=True), []
            case HeardTo(sentences=sentences) if sentences == self.heard + 1:
                return replace(self, heard=min(sentences, len(self._sentences()))), []
            case Chosen(key="agree") if self._aloud(context):
                return Questions(self), []
            case Chosen(key="agree"):
                return self.agree(context)
            case Chosen(key=key) if key == self.refusal.key:
                return self.refused(self)
            case _:
                return self, []

    def _sentence(self, context: Context) -> Phrase:
        """How it goes on; what is read aloud says so itself."""
        if self._aloud(context):
            return NOTHING
        return Phrase("consent.voiceless" if self.voiceless and context.voice else "consent.to_the_end")

    @property
    def coverage_percent(self) -> int:
        return coverage_percent(self._sentences(), self.heard)

    def agree(self, context: Context) -> Step:
        coverage = self.coverage_percent if self._aloud(context) else WHOLE
        return self.agreed(self.consent, ConsentRead(text_sha256(self.consent.text), coverage), context)

    def _aloud(self, context: Context) -> bool:
        return context.voice and not self.voiceless

    def _sentences(self) -> list[str]:
        return sentences_of(self.consent.text)


@dataclass(frozen=True, slots=True)
class Questions:
    """«Остались вопросы?», after a text that was heard and before it is agreed to."""

    agreement: Agreement

    def page(self, context: Context) -> Page:
        choices = [Choice("none"), Choice("again"), Choice("consultant")]
        return Page("consent.questions", PageKind.SUMMARY, choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="none"):
                return self.agreement.agree(context)
            case Chosen(key="again"):
                return replace(self.agreement, heard=0), []
            case Chosen(key="consultant"):
                return self, [Call()]
            case _:
                return self, []
