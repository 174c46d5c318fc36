"""Where a finger was: each press has its own path, whatever lies within one picture."""

from __future__ import annotations

from typing import Any

from terminal_app.ui.widgets.finger_paths import PLACES_MAX, PRESSES_MAX, FingerPaths


class Window:
    """A window 100 high that tells what the test says."""

    height = 100

    def bind(self, **heard: Any) -> None:
        self.down, self.move = heard["on_mouse_down"], heard["on_mouse_move"]


def test_two_taps_of_one_picture_keep_their_own_places():
    window = Window()
    paths = FingerPaths(window)
    window.down(None, 1, 10, "left", [])
    window.move(None, 2, 20, [])
    window.down(None, 50, 60, "left", [])
    paths.begun()
    assert (paths.start, paths.came()) == ((1.0, 90.0), [(1.0, 90.0), (2.0, 80.0)])
    paths.begun()
    window.move(None, 51, 60, [])
    assert paths.came() == [(50.0, 40.0), (51.0, 40.0)]
    assert paths.came() == []


def test_a_touch_without_a_press_has_no_path_and_nothing_grows_for_ever():
    window = Window()
    paths = FingerPaths(window)
    paths.begun()
    assert (paths.start, paths.came()) == (None, [])
    for _ in range(2 * PLACES_MAX):
        window.move(None, 1, 1, [])
    assert len(paths.came()) == PLACES_MAX
    for number in range(2 * PRESSES_MAX):
        window.down(None, number, 0, "left", [])
    paths.begun()
    assert paths.start == (float(PRESSES_MAX), 100.0)
