"""What stands in a call: the plate, what was written, every card, every stage of a hold, sound that does not work."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from signaling_server.contract.messages import Plate, WayToTalk
from signaling_server.contract.notes import CallNote, Card, CardKind, Drawing, NoteAuthor
from signaling_server.contract.rooms import Party, PartyRole, Presence
from terminal_app.core import call_check
from terminal_app.ipc.call_messages import HOLD_SERVICES, CaptionsView, HoldStage, SoundTrouble
from terminal_app.ipc.messages import Availability, CallView, Liveness, Screen, TerminalState

PLATE = Plate(
    company="АО «Энергосбыт»",
    last_name="Константинопольская",
    first_name="Александра",
    patronymic="Вячеславовна",
    position="Главный специалист-консультант",
)
CAPTION = (
    "Счётчик поверен до мая 2034 года. Показания за ноябрь примем до двадцать пятого числа, а квитанция придёт первого "
    "декабря. Если сумма покажется вам неверной, напишите мне здесь же"
)
NOTES = [
    CallNote("call-1", "n1", NoteAuthor.CUSTOMER, drawing=Drawing(500, [[100, 100, 900, 400]])),
    CallNote("call-1", "n2", NoteAuthor.AGENT, CAPTION),
]
CALL = CallView(way=WayToTalk.SPEAK, position=3, wait_min_s=60, wait_max_s=240, plate=PLATE)
LIVE = replace(CALL, liveness=Liveness.LIVE, agent_has_video=True)
WRITTEN = replace(LIVE, notes=NOTES)
PARTIES = [
    Party("a", PartyRole.AGENT, Presence.JOINED, "Константинопольская Александра Вячеславовна", PLATE.position),
    Party("i", PartyRole.INTERPRETER, Presence.JOINED, "Преображенская Маргарита Константиновна", "Сурдопереводчик"),
]
LISTENER = Party("s", PartyRole.SUPERVISOR, Presence.LISTENS, "Петров Пётр Петрович", "старший смены")
CARD_TEXT = "Показания за ноябрь передаёте до двадцать пятого числа. Проверка счётчика бесплатна, дату назовём"
CARDS = {
    "confirm": Card(CardKind.CONFIRM),
    "restate": Card(CardKind.RESTATE),
    "question": Card(CardKind.QUESTION),
    "question_own": Card(
        CardKind.QUESTION, options=["В квартире", "На лестничной площадке", "В подвале дома", "На улице, на столбе"]
    ),
    "step": Card(CardKind.STEP, step=2, steps=4),
    "written": Card(CardKind.WRITTEN, title="Документы для нового договора"),
    "summary": Card(CardKind.SUMMARY),
    "plan": Card(CardKind.PLAN),
    "attention": Card(CardKind.ATTENTION),
    "warning": Card(CardKind.WARNING),
    "pause": Card(CardKind.PAUSE),
    "return": Card(CardKind.RETURN),
    "more": Card(CardKind.MORE),
    "portal": Card(CardKind.PORTAL),
    "payment": Card(CardKind.PAYMENT, amount_minor=1_500_00, account="040123456789"),
}
HOLDS: dict[str, dict[str, object]] = {
    "minute": {"hold": HoldStage.MINUTE},
    "ways": {"hold": HoldStage.WAYS, "ways": list(HOLD_SERVICES)},
    "later": {"hold": HoldStage.WAYS},
}
SAID = "Показания за ноябрь примем до двадцать пятого числа. Квитанция придёт первого декабря, если сумма неверна"
CAPTIONS = {
    "wait": CaptionsView(on=True),
    "said": CaptionsView(on=True, text=SAID),
    "ended": CaptionsView(ended=True),
    "off": CaptionsView(),
}
TROUBLES = [trouble for trouble in SoundTrouble if trouble is not SoundTrouble.NONE]


def captions_states(at: Callable[..., TerminalState], able: Availability) -> dict[str, TerminalState]:
    """The consultant's speech in words, alone and with what he wrote, also while the customer writes."""
    hears = replace(able, captions=True)
    talks = {
        f"captions_{name}": at(Screen.CALL_LIVE, call=replace(LIVE, captions=view), availability=hears)
        for name, view in CAPTIONS.items()
    }
    said = replace(WRITTEN, captions=CAPTIONS["said"])
    places = {"written": Screen.CALL_LIVE, "pad": Screen.CALL_PAD, "typing": Screen.CALL_TYPING}
    return talks | {f"captions_{name}": at(place, call=said, availability=hears) for name, place in places.items()}


def trouble_states(at: Callable[..., TerminalState]) -> dict[str, TerminalState]:
    """Microphone or loudspeaker do not work: the question, and what stands beside the place of who waits on."""
    asked = {
        f"call_trouble_{trouble.value}": at(
            Screen.PAGE_LIST, call=replace(CALL, plate=None, trouble=trouble), page=call_check.page(trouble)
        )
        for trouble in TROUBLES
    }
    waits = {
        f"call_waiting_{trouble.value}": at(Screen.CALL_WAITING, call=replace(CALL, trouble=trouble))
        for trouble in TROUBLES
    }
    return {**asked, **waits}
