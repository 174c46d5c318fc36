"""Service mode: who is let in, where he is, what is asked for. Pure: state and event in, state and effects out.

A card and a PIN open it; three vain tries shut it for a while, and each card has its own lock besides
(payment/encashment/collector.py). It leaves by itself. Nothing here can take, credit or give out money: the collector's
steps are payment's, led by core/service.py.
"""

from __future__ import annotations

from dataclasses import replace

from terminal_app.core.collectors import Role
from terminal_app.core.service_mode.values import (
    Acted,
    Answered,
    Ask,
    Back,
    CallDesk,
    CardShown,
    CardTyped,
    Checked,
    CheckPin,
    DeskTold,
    Effect,
    Event,
    FindCard,
    Leave,
    LogoHeld,
    Mode,
    Place,
    Result,
    SetCamera,
    SetTraining,
    TakeDesk,
    Test,
    Tick,
    ToDesk,
    TrainingTold,
    TryDevice,
    Wanted,
)
from terminal_app.ipc import service_messages as desk
from terminal_app.ipc.messages import EndTraining
from terminal_app.ipc.pages import NOTHING, Choose, Enter, Phrase
from terminal_app.ipc.service_messages import EncashmentStage

IDLE_S = 120.0
IDLE_DOOR_S = 45.0  # before the sign-in
IDLE_HANDS_S = 900.0  # the collector's hands are inside
IDLE_TRAINING_S = 180.0
ASK_S = 30.0  # «Вы ещё здесь?» before it leaves
WRONG_MAX = 3
SHUT_S = 120.0
SHEETS = 4  # of the paper guide

PARENTS = {
    Place.READINESS: Place.MENU,
    Place.DEVICES: Place.MENU,
    Place.DEVICE: Place.DEVICES,
    Place.CAMERA: Place.DEVICE,
    Place.SOUND: Place.DEVICE,
    Place.PAPER: Place.MENU,
    Place.REPORT: Place.MENU,
    Place.NETWORK: Place.MENU,
    Place.SHIFT: Place.MENU,
    Place.BUNDLE: Place.MENU,
    Place.SLIP: Place.ENCASHMENT,
    Place.TRAINING: Place.MENU,
}
_TESTS = {
    "receipt_printer": Test.SLIP,
    "lights": Test.LAMPS,
    "camera": Test.CAMERA,
    "audio": Test.SOUND,
}
_OPEN_STAGES = frozenset(
    {EncashmentStage.BEFORE, EncashmentStage.REMOVE, EncashmentStage.INSERT, EncashmentStage.AFTER}
)
_DOOR = (Place.CARD, Place.CARD_TYPED, Place.PIN)
_AT_ENCASHMENT = (Place.SEAL, Place.ENCASHMENT, Place.SLIP)
_AT_ONCE = {"report": Wanted.REPORT, "network": Wanted.NETWORK, "bundle": Wanted.BUNDLE}
Step = tuple[Mode, list[Effect]]


def step(mode: Mode, event: Event, now_s: float) -> Step:
    """One event. An event that means nothing at the present place changes nothing."""
    if mode.place is Place.OFF:
        after, effects = _at_the_door(mode, event, now_s)
    elif isinstance(event, Tick):
        after, effects = _time_passed(mode, now_s)
    else:
        if not isinstance(event, (Answered, Checked, DeskTold, TrainingTold)):
            mode = replace(mode, active_at_s=now_s, left_s=0)
        after, effects = _dispatch(mode, event, now_s)
    if after.place is not mode.place:
        after = replace(after, active_at_s=now_s, left_s=0)
    if Place.CAMERA in (after.place, mode.place) and after.place is not mode.place:
        effects = [*effects, SetCamera(after.place is Place.CAMERA)]
    if mode.place is Place.TRAINING and after.place is not Place.TRAINING:
        effects = [*effects, Acted(mode.who, mode.role, "training_end"), SetTraining(False)]
    return after, effects


def test_of(device: str) -> Test:
    return _TESTS.get(device, Test.LINK)


# --- the door -------------------------------------------------------------------------------------------------------


def _at_the_door(mode: Mode, event: Event, now_s: float) -> Step:
    if now_s < mode.shut_until_s:
        return mode, []
    match event:
        case LogoHeld(reader=reader):
            return replace(mode, place=Place.CARD if reader else Place.CARD_TYPED), []
        case CardShown(card_id=card_id, role=role):
            return replace(mode, place=Place.PIN, card_id=card_id, role=role), []
        case _:
            return mode, []


def _dispatch(mode: Mode, event: Event, now_s: float) -> Step:
    match event:
        case CardShown(card_id=card_id, role=role) | CardTyped(card_id=card_id, role=role):
            at_door = mode.place in _DOOR and not mode.busy
            asked = replace(mode, place=Place.PIN, card_id=card_id, role=role, trouble=NOTHING)
            return (asked, []) if at_door else (mode, [])
        case Checked() if mode.busy and event.asked == mode.asked and mode.place is Place.PIN:
            return _checked(replace(mode, busy=False), event, now_s)
        case Answered(asked=asked, result=result) if mode.busy and asked == mode.asked:
            return replace(mode, busy=False, result=result), []
        case DeskTold(state=state):
            return _desk_told(mode, state, now_s)
        case TrainingTold(ready=ready) if mode.place is Place.TRAINING:
            failed = None if ready else Result(False, Phrase("service_training.failed"))
            return replace(mode, busy=False, result=failed), []
        case EndTraining() if mode.place is Place.TRAINING:
            return _back(mode)
        case Leave():
            return _left(mode, "leave")
        case Back():
            return _back(mode)
        case Choose(page=page, key=key) if page == mode.place and not mode.busy:
            return _chosen(mode, key)
        case Enter(page=page, text=text) if page == mode.place and not mode.busy:
            return _entered(mode, text.strip())
        case _:
            return mode, []


def _entered(mode: Mode, text: str) -> Step:
    match mode.place:
        case Place.CARD_TYPED:
            return mode, [FindCard(text)]
        case Place.PIN:
            waiting = replace(mode, busy=True, asked=mode.asked + 1, trouble=NOTHING)
            if mode.role is Role.COLLECTOR:
                return waiting, [TakeDesk(), ToDesk(desk.SignInAsked(mode.card_id, text))]
            return waiting, [CheckPin(waiting.asked, mode.card_id, text)]
        case Place.SEAL:
            return replace(mode, busy=True), [ToDesk(desk.SealTyped(text))]
        case _:
            return mode, []


def _checked(mode: Mode, told: Checked, now_s: float) -> Step:
    if told.who:
        let_in = replace(mode, place=Place.MENU, who=told.who, wrong=0, trouble=NOTHING)
        return let_in, [Acted(told.who, mode.role, "sign_in")]
    refused = replace(mode, wrong=mode.wrong + 1, trouble=told.trouble)
    acted = Acted("", mode.role, "sign_in_refused")
    if refused.wrong < WRONG_MAX:
        return refused, [acted]
    return Mode(shut_until_s=now_s + SHUT_S), [acted, Acted("", mode.role, "door_shut")]


# --- inside ---------------------------------------------------------------------------------------------------------


def _chosen(mode: Mode, key: str) -> Step:
    match mode.place:
        case Place.MENU if mode.role is Role.TECHNICIAN:
            return _from_menu(mode, key)
        case Place.DEVICES:
            return replace(mode, place=Place.DEVICE, device=key, result=None), []
        case Place.DEVICE if key == "test":
            return _try(mode)
        case Place.CAMERA | Place.SOUND if key in ("works", "fails"):
            told = Result(key == "works", Phrase(f"service.test.{key}"))
            acted = Acted(mode.who, mode.role, "test", f"{mode.device}: {key}")
            return replace(mode, place=Place.DEVICE, result=told), [acted]
        case Place.PAPER if key == "next" and mode.sheet + 1 < SHEETS:
            return replace(mode, sheet=mode.sheet + 1), []
        case Place.PAPER if key == "next":
            return replace(mode, place=Place.DEVICE, device="receipt_printer", result=None), []
        case Place.REPORT if key == "print":
            return _ask(mode, Wanted.REPORT_SLIP)
        case Place.SHIFT if key in (Wanted.SHIFT_OPEN, Wanted.SHIFT_CLOSE):
            return _ask(mode, Wanted(key))
        case Place.ENCASHMENT:
            return _at_encashment(mode, key)
        case _:
            return mode, []


def _from_menu(mode: Mode, key: str) -> Step:
    if key in _AT_ONCE:
        return _ask(replace(mode, place=Place(f"service_{key}")), _AT_ONCE[key])
    match key:
        case "readiness" | "devices" | "shift":
            return replace(mode, place=Place(f"service_{key}"), result=None), []
        case "paper":
            return replace(mode, place=Place.PAPER, sheet=0), []
        case "training":
            begun = replace(mode, place=Place.TRAINING, busy=True, result=None)
            return begun, [Acted(mode.who, mode.role, "training"), SetTraining(True)]
        case "call":
            return mode, [Acted(mode.who, mode.role, "test_call"), CallDesk(mode.who)]
        case _:
            return mode, []


def _try(mode: Mode) -> Step:
    test = test_of(mode.device)
    if test in (Test.CAMERA, Test.SOUND):
        return replace(mode, place=Place(f"service_{test.value}"), result=None), []
    waiting = replace(mode, busy=True, asked=mode.asked + 1, result=None)
    acted = Acted(mode.who, mode.role, "test", mode.device)
    return waiting, [acted, TryDevice(waiting.asked, mode.device, test)]


def _ask(mode: Mode, wanted: Wanted) -> Step:
    waiting = replace(mode, busy=True, asked=mode.asked + 1, result=None)
    return waiting, [Acted(mode.who, mode.role, wanted.value), Ask(waiting.asked, wanted)]


# --- the collector --------------------------------------------------------------------------------------------------


def _desk_told(mode: Mode, state: desk.EncashmentState, now_s: float) -> Step:
    """The conversation of `core/service.py`: its first word of a sign-in, then each change."""
    if mode.role is not Role.COLLECTOR:
        return mode, []
    signed_in = state.stage is not EncashmentStage.SIGN_IN
    if mode.place is Place.PIN and mode.busy and (signed_in or state.trouble):
        answer = Checked(mode.asked, state.collector if signed_in else "", Phrase(text=state.trouble))
        after, effects = _checked(replace(mode, busy=False), answer, now_s)
        return (replace(after, place=_place_of(state), desk=state) if signed_in else after), effects
    if mode.place not in _AT_ENCASHMENT:
        return mode, []
    if not signed_in:
        return _left(replace(mode, desk=None), "leave")
    place = mode.place if mode.place is Place.SLIP else _place_of(state)
    return replace(mode, place=place, desk=state, busy=False), []


def _place_of(state: desk.EncashmentState) -> Place:
    return Place.SEAL if state.stage is EncashmentStage.SEAL else Place.ENCASHMENT


def _at_encashment(mode: Mode, key: str) -> Step:
    if mode.desk is None:
        return mode, []
    match key:
        case "slip" if mode.desk.slip:
            return replace(mode, place=Place.SLIP), []
        case "copy":
            return mode, [ToDesk(desk.SlipCopyAsked())]
        case "finish" if mode.desk.stage not in _OPEN_STAGES:
            return _left(mode, "leave")
        case _:
            return mode, []


# --- leaving --------------------------------------------------------------------------------------------------------


def _back(mode: Mode) -> Step:
    parent = PARENTS.get(mode.place)
    if parent is None:
        return mode, []
    if mode.place is Place.PAPER and mode.sheet > 0:
        return replace(mode, sheet=mode.sheet - 1), []
    return replace(mode, place=parent, busy=False, result=None), []


def _time_passed(mode: Mode, now_s: float) -> Step:
    left_s = mode.active_at_s + _patience_s(mode) - now_s
    if left_s <= 0:
        return _left(mode, "idle")
    return replace(mode, left_s=int(left_s) + 1 if mode.who and left_s <= ASK_S else 0), []


def _patience_s(mode: Mode) -> float:
    if not mode.who:
        return IDLE_DOOR_S
    if mode.place is Place.TRAINING:
        return IDLE_TRAINING_S
    return IDLE_HANDS_S if mode.desk is not None and mode.desk.stage in _OPEN_STAGES else IDLE_S


def _left(mode: Mode, act: str) -> Step:
    """With a cassette out payment's conversation stays where it is: who signs in next goes on with it."""
    acted: list[Effect] = [Acted(mode.who, mode.role, act)] if mode.who else []
    leaves: list[Effect] = [ToDesk(desk.CollectorLeft())] if mode.desk is not None else []
    return Mode(wrong=mode.wrong, shut_until_s=mode.shut_until_s), [*acted, *leaves]
