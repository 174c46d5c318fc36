"""Starts the customer's screen. Kivy reads its settings at import, so they are set here before it is imported."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from datetime import UTC, tzinfo
from pathlib import Path

from device_drivers.transport.socket_place import clear_socket_place
from terminal_app.config import window_size
from terminal_app.content import Package
from terminal_app.ui import theme
from terminal_app.ui.theme import PANEL_BOTTOM_MM, PanelTooSmallError


def main(
    run_dir: Path,
    *,
    panel_ppi: float | None = None,
    bottom_mm: float = PANEL_BOTTOM_MM,
    window: str | None = None,
    sound: str = "",
    package: Package | None = None,
    zone: tzinfo = UTC,
    robot_socket: Path | None = None,
) -> None:
    """Shows the terminal until the process is ended. `window` is WIDTHxHEIGHT; without it, the whole display.

    `panel_ppi` is the panel's real density. Without it a window stands for a 22 inch panel, whatever its size.
    `bottom_mm` is how high its lower edge is above the floor, `sound` the URL of the voice's loudspeaker.

    Raises:
        SystemExit: with one sentence, when there is no display or the window is not usable.
        SocketPlaceError: something else is where the robot's socket is to be.
    """
    if robot_socket is not None:
        clear_socket_place(robot_socket)
    try:
        size = None if window is None else window_size(window)
    except ValueError as error:
        sys.exit(str(error))
    _configure(run_dir, size)
    logging.disable(logging.CRITICAL)  # Kivy would show its search for a window as tracebacks; one sentence will do
    from kivy.core.window import Window

    logging.disable(logging.NOTSET)
    if Window is None:
        sys.exit("no display: start an X server or set DISPLAY")
    if package is not None:
        theme.show_package(package, zone)
    from terminal_app.ui.kiosk import KioskApp, measure_window
    from terminal_app.ui.voice.output import voice_at

    try:
        app = KioskApp(run_dir, measure_window(panel_ppi, bottom_mm), voice_at(sound), robot_socket)
    except PanelTooSmallError as error:
        sys.exit(str(error))
    with contextlib.suppress(KeyboardInterrupt):
        app.run()


def _configure(run_dir: Path, size: tuple[int, int] | None) -> None:
    os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_CONFIG="1", KIVY_NO_FILELOG="1", KIVY_HOME=str(run_dir / "kivy"))
    # Without a display SDL would draw into an off-screen picture nobody sees, and seem to work.
    os.environ.setdefault("SDL_VIDEODRIVER", "x11,wayland")
    os.environ["KIVY_WINDOW"] = "sdl2"
    os.environ["KIVY_LOG_MODE"] = "PYTHON"  # else Kivy takes stderr for itself
    (run_dir / "kivy").mkdir(parents=True, exist_ok=True)
    from kivy.config import Config

    Config.set("kivy", "log_level", "warning")
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("kivy", "keyboard_mode", "")
    Config.set("graphics", "allow_screensaver", "0")
    Config.set("graphics", "multisamples", "0")  # shapes smooth their own edges; software GL pays for samples
    Config.remove_section("input")
    Config.add_section("input")
    Config.set("input", "mouse", "mouse,disable_multitouch")  # one provider: two would press twice
    Config.remove_section("modules")
    Config.add_section("modules")
    if size is None:
        Config.set("graphics", "fullscreen", "auto")
        Config.set("graphics", "borderless", "1")
        Config.set("graphics", "show_cursor", "0")
        return
    for key, value in {"width": size[0], "height": size[1], "left": 0, "top": 0, "resizable": 0}.items():
        Config.set("graphics", key, str(value))
    Config.set("graphics", "position", "custom")
    Config.set("graphics", "fullscreen", "0")
