"""How loud the agent is heard, and that a customer served by the voice is told who speaks before he is heard."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
from test_terminal_call import ACCEPTED, QUEUED, TO_LIVE, TO_WAITING, live, tell

from signaling_server.contract import messages as office
from signaling_server.contract.flow import Flow
from signaling_server.contract.messages import CallEndReason
from signaling_server.contract.notes import CallNote, NoteAuthor
from terminal_app.core.call import Call, CallTick, Effect, MediaChanged, Press, ToMedia, ToOffice
from terminal_app.core.call_sound import INTRODUCTION_S_MAX
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import VOLUME_MAX, VOLUME_MIN, VOLUME_USUAL, SoundQuality
from terminal_app.ipc.messages import Liveness
from terminal_app.ui.presenters.call_live import CallLivePresenter

VOICE = CallTick(voice=True)
LOUDER, QUIETER = Press(ipc.ChangeVolume(1)), Press(ipc.ChangeVolume(-1))
AT_CALL = (*TO_WAITING, VOICE, QUEUED, ACCEPTED)


def volumes(effects: list[Effect]) -> list[int]:
    told = (effect.message for effect in effects if isinstance(effect, ToMedia))
    return [message.volume for message in told if isinstance(message, media.SetVolume)]


@pytest.mark.clause("9.6.9a", owner="terminal_app")
def test_the_agent_is_not_heard_before_the_voice_has_said_who_he_is():
    call, effects = tell(*AT_CALL)
    assert effects == [ToMedia(media.SetVolume(0)), ToMedia(media.MakeSdpOffer("c1", 1, []))], "shut before any sound"
    assert call.view().introducing
    call, effects = tell(live(Liveness.LIVE), VOICE, call=call, now_s=3.0)
    assert volumes(effects) == []
    call, effects = tell(Press(ipc.Introduced()), call=call, now_s=4.0)
    assert effects == [ToMedia(media.SetVolume(VOLUME_USUAL))]
    assert not call.view().introducing
    assert tell(Press(ipc.Introduced()), VOICE, call=call, now_s=5.0)[1] == []


def test_a_voice_that_says_nothing_keeps_the_agent_shut_for_a_while_only():
    call, _ = tell(*AT_CALL)
    assert volumes(tell(VOICE, call=call, now_s=INTRODUCTION_S_MAX - 0.1)[1]) == []
    assert volumes(tell(VOICE, call=call, now_s=INTRODUCTION_S_MAX)[1]) == [VOLUME_USUAL]
    assert volumes(tell(CallTick(), call=call, now_s=1.0)[1]) == [VOLUME_USUAL], "the voice was switched off"


def test_without_the_voice_nobody_waits_for_it():
    call, effects = tell(*TO_LIVE)
    assert (volumes(effects), call.view().introducing) == ([VOLUME_USUAL], False)


def test_a_media_process_that_comes_anew_does_not_open_the_sound_before_the_introduction():
    call, _ = tell(*AT_CALL, MediaChanged(up=False))
    assert volumes(tell(MediaChanged(up=True), call=call)[1]) == [0]


@pytest.mark.clause("9.4.5", owner="terminal_app")
def test_the_volume_goes_step_by_step_to_its_ends_and_no_further():
    call, effects = tell(*TO_LIVE, LOUDER)
    assert (call.view().volume, volumes(effects)) == (VOLUME_USUAL + 1, [VOLUME_USUAL + 1])
    call, effects = tell(LOUDER, LOUDER, Press(ipc.ChangeVolume(100)), call=call)
    assert (call.view().volume, effects) == (VOLUME_MAX, [])
    call, effects = tell(*[QUIETER] * 9, call=call)
    assert (call.view().volume, effects) == (VOLUME_MIN, [])


def after_a_loud_call() -> Call:
    call, _ = tell(*TO_LIVE, LOUDER, office.CallEnded("c1", CallEndReason.AGENT_ENDED), Press(ipc.Dismiss()))
    assert call.screen is None
    return call


def test_the_volume_is_remembered_for_the_visit_and_not_for_the_next_customer():
    again = (Press(ipc.StartCall()), *TO_WAITING[3:], QUEUED, ACCEPTED)
    call, effects = tell(CallTick(visited=True), *again, call=after_a_loud_call())
    assert (call.view().volume, volumes(effects)) == (VOLUME_USUAL + 1, [VOLUME_USUAL + 1])
    call, effects = tell(CallTick(visited=False), *again, call=after_a_loud_call())
    assert (call.view().volume, volumes(effects)) == (VOLUME_USUAL, [VOLUME_USUAL])


def test_a_call_from_the_first_screen_keeps_its_volume_while_it_lasts():
    call, _ = tell(*TO_LIVE, LOUDER, CallTick(visited=False))
    assert call.view().volume == VOLUME_USUAL + 1


HEARD, WHISPERED, NOTHING_SAID = -20.0, -40.0, -120.0


@pytest.mark.parametrize(
    ("level_db", "bitrate_kbps", "quality"),
    [
        (HEARD, 900, SoundQuality.GOOD),
        (NOTHING_SAID, 900, SoundQuality.GOOD),
        (WHISPERED, 900, SoundQuality.QUIET),
        (HEARD, 60, SoundQuality.WEAK),
    ],
)
def test_what_media_measures_becomes_a_word_for_the_customer(level_db, bitrate_kbps, quality):
    stats = media.MediaStats("c1", 1, 40, 40, level_db, bitrate_kbps)
    call, effects = tell(*TO_LIVE, live(Liveness.LIVE), stats)
    assert call.view().quality is quality
    assert effects == [ToOffice(office.CallQuality("c1", 40, level_db, bitrate_kbps))], "the office hears of it still"


def test_a_pause_does_not_make_a_quiet_voice_good():
    quiet, pause = (media.MediaStats("c1", 1, 40, 40, level_db, 900) for level_db in (WHISPERED, NOTHING_SAID))
    call, _ = tell(*TO_LIVE, live(Liveness.LIVE), quiet, pause)
    assert call.view().quality is SoundQuality.QUIET


@pytest.mark.clause("9.4.6", owner="terminal_app")
def test_one_touch_says_in_writing_that_the_agent_is_hard_to_hear_and_a_bar_says_why():
    """From what media measures, over the screen's bar and button, to the note on its way to the agent."""
    call, _ = tell(*TO_LIVE, live(Liveness.LIVE), media.MediaStats("c1", 1, 40, 40, WHISPERED, 900))
    state = ipc.TerminalState(1, ipc.Screen.CALL_LIVE, ipc.Availability(), call=call.view())
    talk = CallLivePresenter(state)
    assert (talk.view(state).quality, talk.view(state).quality_words) == (2, "Голос тихий")
    _, effects = tell(Press(talk.press("hear_badly", state), request_id="w1"), call=call)
    words = "Вас плохо слышно, повторите, пожалуйста"
    assert effects == [ToOffice(CallNote("c1", "w1", NoteAuthor.CUSTOMER, words))]


def test_a_voice_with_words_missing_for_some_seconds_is_told_so_that_the_customer_writes():
    def heard(hidden_percent: float) -> media.MediaStats:
        return media.MediaStats("c1", 1, 100, 100, HEARD, 900, Flow(hidden_percent=hidden_percent))

    call, _ = tell(*TO_LIVE, live(Liveness.LIVE), heard(40.0))
    assert call.view().quality is SoundQuality.GOOD, "one bad moment is none"
    call, _ = tell(heard(30.0), call=call)
    assert call.view().quality is SoundQuality.BROKEN
    call, _ = tell(heard(2.0), call=call)
    assert call.view().quality is SoundQuality.GOOD
