"""The terminal's programs: `python -m terminal_app core | ui | media | run | demo | hand | simulate`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
from pathlib import Path

from device_drivers.command_line import WRONG_USE, Parser
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.transport.socket_place import SocketPlaceError
from payment.card_numbers import CardNumberFilter
from terminal_app import service_command
from terminal_app.config import JOURNAL_FILE, ConfigError, Devices, Panel, TerminalConfig, load_config, window_size
from terminal_app.simulation.arguments import add_arguments as add_simulate_arguments


def main() -> int:
    arguments = _parser().parse_args()
    logging.basicConfig(
        level=logging.DEBUG if arguments.verbose else logging.INFO,
        format=f"%(asctime)s {arguments.command:6} %(levelname)-7s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    for handler in logging.getLogger().handlers:
        handler.addFilter(CardNumberFilter())
    try:
        code: int = arguments.run(arguments)
    except KeyboardInterrupt:
        return 130
    except (ConfigError, SocketPlaceError, _StartError) as error:
        print(f"terminal_app {arguments.command}: {error}", file=sys.stderr)
        return WRONG_USE if isinstance(error, (ConfigError, _UseError)) else 1
    return code


class _StartError(Exception):
    """A program cannot start; the text is for a person."""


class _UseError(_StartError):
    """It was asked wrongly."""


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m terminal_app", description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="log everything")
    commands = parser.add_subparsers(dest="command", required=True)
    _command(commands, "core", "devices, money and the link to the office", _core)
    ui = _command(commands, "ui", "the customer's screen", _ui)
    ui.add_argument("--robot-socket", type=Path, help="answer a robot on this unix socket (tests only)")
    _command(commands, "media", "camera, microphone and the call", _media)
    run = _command(commands, "run", "all three, restarted when they fall", _run)
    run.add_argument("--robot-socket", type=Path, help="passed on to ui (tests only)")
    demo = commands.add_parser("demo", help="everything on one machine, with simulated devices")
    demo.add_argument("--data", type=Path, default=Path("build/demo"), help="where the demo keeps its data")
    demo.add_argument("--headless", action="store_true", help="show the terminal in the browser even with a display")
    demo.add_argument("--camera", default="", help="a camera URL, e.g. camera:///dev/video0 (default: a test picture)")
    demo.add_argument(
        "--sound", default="", help="a sound URL (default: the sound card, or a tone where there is none)"
    )
    demo.add_argument("--once-ready", metavar="COMMAND", help="run this command when all is ready, then end")
    demo.set_defaults(run=_demo)
    content = commands.add_parser("content", help="brand and slides of the first screen")
    acts = content.add_subparsers(dest="act", required=True)
    check = acts.add_parser("check", help="whether a package can be used; exit code 1 with each reason if not")
    check.add_argument("package", type=Path, help="a folder or a zip")
    check.set_defaults(run=_content)
    training = commands.add_parser("training", help="the stand of service mode's training (core starts it)")
    training.add_argument("--folder", type=Path, required=True, help="where core has put its settings")
    training.set_defaults(run=_training)
    service = commands.add_parser("service", help="the collector at a running terminal")
    service_command.add_arguments(service)
    service.set_defaults(run=_service)
    hand = commands.add_parser("hand", help="the customer's hand at a demo: notes, paper, a bill before the camera")
    hand.add_argument("--data", type=Path, default=Path("build/demo"), help="the demo's data folder")
    hand.add_argument("act", nargs="+", help="insert 500 | jam | clear | paper out|ok | show-bill FILE | hide-bill ...")
    hand.set_defaults(run=_hand)
    simulate = commands.add_parser("simulate", help="try to lose money with real drivers before simulated devices")
    add_simulate_arguments(simulate)
    simulate.set_defaults(run=_simulate)
    return parser


def _command(
    commands: argparse._SubParsersAction[Parser], name: str, help_text: str, run: object
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help_text)
    parser.add_argument("--config", type=Path, required=True, help="the terminal's settings (TOML)")
    parser.add_argument("--run-dir", type=Path, required=True, help="where sockets and frame rings live (tmpfs)")
    parser.set_defaults(run=run)
    return parser


def _load(arguments: argparse.Namespace) -> TerminalConfig:
    """Settings that were checked whole, and the folders they name."""
    config = load_config(arguments.config)
    for folder in (arguments.run_dir, Path(config.data_dir)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"не создать каталог {folder}: {error.strerror}") from error
    return config


def _check_panel(panel: Panel) -> None:
    """A window whose size is settled is known to be too small before it is opened."""
    from terminal_app.ui.theme import PanelTooSmallError, measure

    if panel.window and panel.ppi:
        try:
            measure(*window_size(panel.window), panel.ppi)
        except PanelTooSmallError as error:
            raise ConfigError(str(error)) from error


def _core(arguments: argparse.Namespace) -> int:
    from terminal_app.core.start import CoreStartError
    from terminal_app.core.start import main as core_main

    try:
        asyncio.run(core_main(_load(arguments), arguments.run_dir))
    except CoreStartError as error:
        raise _StartError(str(error)) from error
    return 0


def _ui(arguments: argparse.Namespace) -> int:
    from terminal_app.content import usable_package
    from terminal_app.ui.app import main as ui_main

    config = _load(arguments)
    package = usable_package(config.content.package, arguments.run_dir / "content")
    ui_main(
        arguments.run_dir,
        panel_ppi=config.panel.ppi or None,
        bottom_mm=config.panel.bottom_mm,
        window=config.panel.window or None,
        sound=config.devices.sound,
        package=package,
        zone=config.office.zone(),
        robot_socket=arguments.robot_socket,
    )
    return 0


def _content(arguments: argparse.Namespace) -> int:
    from terminal_app.content import BrandError, open_package

    with tempfile.TemporaryDirectory() as scratch:
        try:
            found = open_package(arguments.package, Path(scratch) / "package")
        except BrandError as error:
            print(error, file=sys.stderr)
            return 1
    print(f"{arguments.package}: good; {found.brand.name} {found.brand.version}, slides: {len(found.brand.slides)}")
    return 0


def _media(arguments: argparse.Namespace) -> int:
    from terminal_app.media.process import main as media_main

    config = _load(arguments)
    devices, data_dir = config.devices, Path(config.data_dir)
    return media_main(
        arguments.run_dir,
        camera_url=devices.camera,
        document_camera_url=devices.document_camera,
        sound_url=devices.sound,
        data_dir=data_dir,
        captions_model=config.captions.model,
    )


def _run(arguments: argparse.Namespace) -> int:
    from payment.journal.journal import JournalError, check_free
    from terminal_app.run import run_terminal

    config = _load(arguments)
    _check_panel(config.panel)
    try:
        check_free(Path(config.data_dir) / JOURNAL_FILE)  # else core would fall and be started again for ever
    except JournalError as error:
        raise _StartError(str(error)) from error
    return asyncio.run(run_terminal(arguments.config, arguments.run_dir, arguments.robot_socket))


def _demo(arguments: argparse.Namespace) -> int:
    from terminal_app.demo.stand import StandError, Wishes, run_demo

    try:
        Devices(camera=arguments.camera, sound=arguments.sound)
    except DeviceUrlError as error:
        raise ConfigError(str(error)) from error
    wishes = Wishes(
        display="" if arguments.headless else os.environ.get("DISPLAY", ""),
        camera_url=arguments.camera,
        sound_url=arguments.sound,
        once_ready=arguments.once_ready,
    )
    try:
        return asyncio.run(run_demo(arguments.data.resolve(), wishes))
    except StandError as error:
        raise _StartError(str(error)) from error


def _service(arguments: argparse.Namespace) -> int:
    try:
        return service_command.encash(arguments.run_dir)
    except service_command.ServiceError as error:
        raise _StartError(str(error)) from error


def _training(arguments: argparse.Namespace) -> int:
    from terminal_app.training.stand import run_stand

    asyncio.run(run_stand(arguments.folder))
    return 0


def _hand(arguments: argparse.Namespace) -> int:
    from terminal_app.demo.hand import HandError, HandWordError, act

    try:
        print(asyncio.run(act(arguments.data.resolve(), arguments.act)))
    except HandWordError as error:
        raise _UseError(str(error)) from error
    except HandError as error:
        raise _StartError(str(error)) from error
    return 0


def _simulate(arguments: argparse.Namespace) -> int:
    from terminal_app.simulation.command import SimulateError, run

    try:
        return run(arguments)
    except SimulateError as error:
        print(f"terminal_app simulate: {error}", file=sys.stderr)
        return 2  # 1 is money that was lost


if __name__ == "__main__":
    sys.exit(main())
