"""Clause 9.6.11e at the terminal: what the consultant says is shown in words, and told to be automatic."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

sys.path.append(str(Path(__file__).parent))
from test_terminal_call import ACCEPTED, QUEUED, TO_LIVE, TO_WAITING, UP, tell

from signaling_server.contract.messages import CallEnded, CallEndReason, WayToTalk
from signaling_server.contract.preflight import Part, PartFault, PartState
from signaling_server.contract.recording import RecordingPolicy
from terminal_app.core.call import Call, CallTick, MediaChanged, Press, ToMedia
from terminal_app.core.call_captions import KEPT_LENGTH_MAX
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import RecordingNoticed, SwitchCaptions
from terminal_app.ipc.messages import Availability, Screen, TerminalState
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.call_live import CallLivePresenter
from terminal_app.ui.presenters.call_notes import CAPTIONS_LENGTH_MAX, talk_view

SWITCH = Press(SwitchCaptions())
ON, OFF = ToMedia(media.SetCaptions("c1", on=True)), ToMedia(media.SetCaptions("c1", on=False))


def heard(text: str, *, final: bool = False, call_id: str = "c1") -> media.CaptionHeard:
    return media.CaptionHeard(call_id, text, final)


def by_way(way: WayToTalk) -> tuple:
    return (*UP, Press(ipc.StartCall()), Press(ipc.ChooseWay(way), request_id="r1"), QUEUED, ACCEPTED)


def shown(call: Call, *, able: bool = True) -> TerminalState:
    return TerminalState(1, Screen.CALL_LIVE, Availability(captions=able), call=call.view())


@pytest.mark.clause("9.6.11e", owner="terminal_app")
def test_who_writes_or_types_reads_what_is_said_without_asking_and_reads_that_it_is_automatic():
    for way in (WayToTalk.WRITE, WayToTalk.TYPE):
        call, effects = tell(*by_way(way))
        assert ON in effects
        call, _ = tell(heard("показания за ноябрь примем", final=True), heard("до двадцать"), call=call)
        view = CallLivePresenter(shown(call)).view(shown(call))
        assert view.captions == "Показания за ноябрь примем. До двадцать"
        assert "автоматически" in t("captions.label").lower()  # stands above it: terminal_app/ui/screens/call_live.kv
        assert talk_view(call.view()).caption.startswith("Автоматически: "), "over the pad and the keyboard too"


def test_who_speaks_switches_them_on_and_off_by_a_touch():
    call, effects = tell(*TO_LIVE)
    assert ON not in effects
    assert tell(heard("слова"), call=call)[0].view().captions.text == "", "of a recogniser that was just switched off"
    call, effects = tell(SWITCH, call=call)
    assert effects == [ON]
    call, _ = tell(heard("слова"), call=call)
    assert call.view().captions.text == "Слова"
    call, effects = tell(SWITCH, call=call)
    assert (effects, call.view().captions.text) == ([OFF], "")


def test_a_dead_loudspeaker_switches_them_on():
    good, dead = Part(PartState.GOOD), Part(PartState.BAD, PartFault.NO_DEVICE)
    waits, _ = tell(*TO_WAITING, QUEUED, media.DevicesChecked(good, good, dead))
    assert waits.view().trouble.value == "loudspeaker"
    assert ON in tell(ACCEPTED, call=waits)[1]


def test_the_key_is_there_only_where_a_recogniser_is():
    call, _ = tell(*TO_LIVE)
    presenter = CallLivePresenter(shown(call))
    assert presenter.view(shown(call)).captions_words == "Субтитры"
    assert presenter.view(shown(call, able=False)).captions_words == ""
    assert presenter.press("captions", shown(call)) == SwitchCaptions()


def test_a_recogniser_that_does_not_keep_up_is_told_so_once_and_not_tried_again_in_this_call():
    call, _ = tell(*TO_LIVE, SWITCH, heard("слова"), media.CaptionsEnded("c1", "busy"))
    view = CallLivePresenter(shown(call)).view(shown(call))
    assert (view.captions, view.captions_words) == (t("captions.ended"), "")
    assert tell(SWITCH, call=call) == (call, [])


def test_only_the_end_of_what_was_said_is_kept_and_shown():
    call, _ = tell(*TO_LIVE, SWITCH, *(heard(f"слово номер {number}", final=True) for number in range(99)))
    said = call.view().captions.text
    assert len(said) <= KEPT_LENGTH_MAX
    view = CallLivePresenter(shown(call)).view(shown(call))
    assert view.captions.startswith("…")
    assert view.captions.endswith("Слово номер 98.")
    assert len(view.captions) <= CAPTIONS_LENGTH_MAX + 1


def test_what_may_not_be_heard_yet_is_not_read_either():
    call, _ = tell(*TO_WAITING, QUEUED, replace(ACCEPTED, recording=RecordingPolicy.ON), SWITCH, heard("слова"))
    assert call.view().captions.text == "", "the notice of the recording comes first"
    call, _ = tell(Press(RecordingNoticed(spoken=True)), heard("слова"), call=call)
    assert call.view().captions.text == "Слова"


def test_nothing_of_it_outlives_the_talk():
    for end in (Press(ipc.HangUp()), CallEnded("c1", CallEndReason.AGENT_ENDED)):
        call, _ = tell(*TO_LIVE, SWITCH, heard("тайна", final=True), end)
        assert "айна" not in repr(call)
        assert tell(heard("слова"), CallTick(), call=call)[0].view().captions.text == ""


def test_a_media_process_that_comes_anew_is_told_and_another_calls_words_are_not_shown():
    call, _ = tell(*TO_LIVE, SWITCH, heard("слова", call_id="c0"))
    assert call.view().captions.text == ""
    assert ON in tell(MediaChanged(up=False), MediaChanged(up=True), call=call, now_s=9.0)[1]
