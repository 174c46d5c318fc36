"""`make demo`: every program of the house on one machine, each started as a command, with simulated devices."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from payment import lock_file
from terminal_app.demo import people
from terminal_app.demo.display import DisplayError, virtual_display
from terminal_app.demo.hand import STAND_FILE
from terminal_app.demo.ports import NoPortError, free_port
from terminal_app.demo.rehearsal import (
    DemoPlaces,
    Surroundings,
    write_bills,
    write_office_settings,
    write_terminal_config,
)
from terminal_app.demo.sound import usual_sound
from terminal_app.demo.stand_page import serve_stand_page
from terminal_app.supervisor import Child, ChildError, Family, Program
from terminal_app.ui.touch_rules import SECRET_S

READY_S_MAX = 90.0  # the first start on a slow machine compiles every module
SAY_PREFIX = "  "
LOCK_FILE = "demo.lock"
USUAL_DATA = Path("build/demo")

_PYTHON = sys.executable


class StandError(Exception):
    """The demo cannot run; the text says what to do."""


@dataclass(frozen=True, slots=True)
class _Ports:
    desk: int
    terminal: int
    sandbox: int
    smtp: int
    messages: int
    stand: int
    vnc: int
    novnc: int


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the demo's user may choose."""

    display: str = ""  # empty: a virtual one, shown in the browser
    camera_url: str = ""  # empty: a test picture
    sound_url: str = ""  # empty: a sound card if there is one, else a tone
    once_ready: str | None = None  # run this command, then end


async def run_demo(data: Path, wishes: Wishes) -> int:
    """Starts all, prints where everything is, waits for Ctrl-C (or for `once_ready` to end), leaves nothing behind."""
    with alone(data):
        return await _run_demo(data, wishes)


@contextlib.contextmanager
def alone(data: Path) -> Iterator[None]:
    """One demo on a folder; the kernel lets the lock go however its process ends. Raises StandError."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = lock_file.hold(data / LOCK_FILE)
    except BlockingIOError:
        raise StandError(
            f"на {data} демо уже идёт: завершите его (Ctrl-C) или дайте этому свой каталог (--data)"
        ) from None
    except OSError as error:
        raise StandError(f"данные демо не сохранить в {data}: {error.strerror}") from error
    with lock:
        yield


async def _run_demo(data: Path, wishes: Wishes) -> int:
    run_dir = Path(tempfile.mkdtemp(prefix="terminal-demo-", dir=os.environ.get("XDG_RUNTIME_DIR")))
    stand = _Stand(data, run_dir, wishes)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(name, stopped.set)
    starting = asyncio.create_task(stand.start())
    waiting = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            return 130
        await starting
        if wishes.once_ready is None:
            await waiting
            return 0
        return await _run_once(wishes.once_ready, waiting)
    except (ChildError, NoPortError, DisplayError) as error:
        raise StandError(str(error)) from error
    finally:
        starting.cancel()
        waiting.cancel()
        await asyncio.gather(starting, waiting, return_exceptions=True)
        await stand.stop()
        shutil.rmtree(run_dir, ignore_errors=True)


async def _run_once(command: str, interrupted: asyncio.Task[Any]) -> int:
    process = await asyncio.create_subprocess_shell(command)
    ended = asyncio.create_task(process.wait())
    await asyncio.wait({ended, interrupted}, return_when=asyncio.FIRST_COMPLETED)
    if not ended.done():
        process.terminate()
    return await ended


class _Stand:
    """The running demo."""

    def __init__(self, data: Path, run_dir: Path, wishes: Wishes) -> None:
        self._wishes = wishes
        self._data = data
        self._run_dir = run_dir
        self._heard: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._family = Family(self._on_line)
        self._page_stop: Any = None
        self._began_s = time.monotonic()

    async def start(self) -> None:
        ports = self._choose_ports()
        logs = self._data / "logs"
        logs.mkdir(exist_ok=True)
        places = DemoPlaces(self._data, self._run_dir)
        _say("Starting the office, the billing sandbox and the simulated devices …")
        screen, _, _, known, _, sound = await asyncio.gather(
            virtual_display(self._family, self._wishes.display, ports.vnc, ports.novnc, logs),
            self._start_sandbox(ports, logs),
            self._start_devices(places, logs),
            self._start_office(ports, logs, places),
            self._start_messages(ports, logs),
            usual_sound(),
        )
        write_terminal_config(
            places,
            Surroundings(
                sandbox_port=ports.sandbox,
                terminal_port=ports.terminal,
                window=screen.window,
                camera_url=self._wishes.camera_url or f"camera://pattern?held={places.held}",
                sound_url=self._wishes.sound_url or sound,
            ),
        )
        write_bills(places)
        _say("Starting the terminal …")
        await self._start_terminal(places, logs, screen.environment)
        self._write_stand_file(places, ports, known.password, screen.environment["DISPLAY"])
        self._page_stop = await serve_stand_page(self._data, ports.stand, ports.novnc if screen.in_browser else None)
        self._print_ready(ports, known, in_browser=screen.in_browser)

    async def stop(self) -> None:
        (self._data / STAND_FILE).unlink(missing_ok=True)
        if self._page_stop is not None:
            await self._page_stop()
        await self._family.stop()

    # --- the programs -----------------------------------------------------------------------------------------------

    def _choose_ports(self) -> _Ports:
        taken: set[int] = set()
        desk = free_port(8080, _say, "the consultant's desk", taken)
        terminal = free_port(8443, _say, "the terminals' entrance", taken)
        sandbox = free_port(8090, _say, "the billing sandbox", taken)
        smtp = free_port(2525, _say, "the mail of the customers", taken)
        messages = free_port(8095, _say, "the messages to customers", taken)
        stand = free_port(8070, _say, "the demo's page", taken)
        vnc = free_port(5970, _say, "the screen's VNC", taken)
        novnc = free_port(8071, _say, "the screen in the browser", taken)
        return _Ports(desk, terminal, sandbox, smtp, messages, stand, vnc, novnc)

    async def _start_sandbox(self, ports: _Ports, logs: Path) -> None:
        database = str(self._data / "sandbox.sqlite")
        argv = ["payment", "sandbox", "--port", str(ports.sandbox), "--database", database, "--json"]
        await self._start_ready("sandbox", argv, logs)

    async def _start_messages(self, ports: _Ports, logs: Path) -> None:
        words = ["signaling_server", "messages-far-end", "--smtp-port", str(ports.smtp)]
        await self._start_ready("messages", [*words, "--http-port", str(ports.messages)], logs)

    async def _start_devices(self, places: DemoPlaces, logs: Path) -> None:
        paper = ["--paper", str(places.paper)]
        memory = ["--memory", str(places.validator_memory)]
        validator = ["ccnet", "--link", str(places.validator_link), "--control", str(places.validator_control), *memory]
        printer = ["escpos", "--link", str(places.printer_link), "--control", str(places.printer_control), *paper]
        for name, words in (("validator", validator), ("printer", printer)):
            await self._family.add(
                Program(
                    name, [_PYTHON, "-m", "device_drivers", "simulate", *words], restart=True, log=logs / f"{name}.log"
                )
            )

    async def _start_office(self, ports: _Ports, logs: Path, places: DemoPlaces) -> people.Secrets:
        office = str(places.office)
        write_office_settings(places, smtp_port=ports.smtp, messages_port=ports.messages)
        known = await people.settle(self._data, places.office)
        serve = ["signaling_server", "serve", "--data", office, "--json"]
        serve += ["--desk-port", str(ports.desk), "--terminal-port", str(ports.terminal)]
        await self._start_ready("office", serve, logs)
        if not (places.identity / "identity.json").exists():
            await self._enrol(ports, office, places)
        return known

    async def _enrol(self, ports: _Ports, office: str, places: DemoPlaces) -> None:
        """The terminal gets its certificate the way a technician does it: an order, its code, setup."""
        title, site = "Терминал 1", "МФЦ Центрального района, Невский пр., 174"
        words = ["signaling_server", "order", "--data", office, "--title", title, "--site", site, "--json"]
        order = json.loads(await people.command(words))
        setup = ["provisioning", "setup", "--server", f"https://localhost:{ports.terminal}", "--json"]
        setup += ["--order", order["order_id"], "--code", order["code"]]
        setup += ["--authority-sha256", order["authority_sha256"], "--identity", str(places.identity)]
        await people.command(setup)

    async def _start_terminal(self, places: DemoPlaces, logs: Path, environment: dict[str, str]) -> None:
        words = ["terminal_app", "run", "--config", str(places.config), "--run-dir", str(self._run_dir)]
        robot = ["--robot-socket", str(self._run_dir / "robot.sock")]
        waits = [self._expect(f"terminal:{name}") for name in ("core", "ui", "media", "link")]
        program = Program(
            "terminal", [_PYTHON, "-m", *words, *robot], environment, restart=True, log=logs / "terminal.log"
        )
        child = await self._family.add(program)
        await self._wait_ready("the terminal", child, *waits)

    async def _start_ready(self, name: str, words: Sequence[str], logs: Path) -> dict[str, Any]:
        """Starts a program that says {"ready": true} and waits for it."""
        wait = self._expect(name)
        child = await self._family.add(Program(name, [_PYTHON, "-m", *words], log=logs / f"{name}.log"))
        said = (await self._wait_ready(name, child, wait))[0]
        child.keep_alive()
        return said

    def _expect(self, name: str) -> asyncio.Future[dict[str, Any]]:
        return self._heard.setdefault(name, asyncio.get_running_loop().create_future())

    async def _wait_ready(
        self, name: str, child: Child, *waits: asyncio.Future[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        ended = asyncio.create_task(child.ended())
        all_heard = asyncio.gather(*waits)
        either: set[asyncio.Future[Any]] = {ended, all_heard}
        done, _ = await asyncio.wait(either, timeout=READY_S_MAX, return_when=asyncio.FIRST_COMPLETED)
        if all_heard in done:
            ended.cancel()
            return all_heard.result()
        all_heard.cancel()
        ended.cancel()
        await asyncio.gather(ended, all_heard, return_exceptions=True)
        log = child.program.log
        why = "ended" if ended in done else f"was not ready within {READY_S_MAX:.0f} s"
        raise ChildError(f"{name} {why}. Its last words:\n{_tail(log)}\n(the whole log: {log})")

    def _on_line(self, name: str, line: dict[str, Any]) -> None:
        if name == "terminal":
            key = f"terminal:{line.get('ready')}"
        elif line.get("ready") is True:
            key = name
        else:
            return
        heard = self._heard.get(key)
        if heard is not None and not heard.done():
            heard.set_result(line)

    # --- what is said -----------------------------------------------------------------------------------------------

    def _write_stand_file(self, places: DemoPlaces, ports: _Ports, password: str, display: str) -> None:
        stand = {
            "display": display,
            "validator": str(places.validator_control),
            "printer": str(places.printer_control),
            "held": str(places.held),
            "paper": str(places.paper),
            "robot": str(self._run_dir / "robot.sock"),
            "run_dir": str(self._run_dir),
            "config": str(places.config),
            "journal": str(places.terminal_data / "journal.sqlite"),
            "sandbox_url": f"http://localhost:{ports.sandbox}",
            "desk_url": f"http://localhost:{ports.desk}/",
            "login": "anna",
            "password": password,
        }
        (self._data / STAND_FILE).write_text(json.dumps(stand, ensure_ascii=False, indent=1))

    def _print_ready(self, ports: _Ports, known: people.Secrets, *, in_browser: bool) -> None:
        took_s = time.monotonic() - self._began_s
        terminal = f"http://localhost:{ports.stand}/" if in_browser else "its own window"
        hand = f"{_shown(Path(sys.executable))} -m terminal_app hand"
        if self._data != USUAL_DATA.resolve():
            hand += f" --data {_shown(self._data)}"
        bill = _shown(self._data / "bills" / "bill.png")
        print(
            f"""
ready in {took_s:.1f} s

  Terminal              {terminal}
  Demo's hand           http://localhost:{ports.stand}/   (notes, jam, paper, a bill before the camera)
  Consultant's desk     http://localhost:{ports.desk}/
                        login anna (or pavel), password {known.password}
  Operations            http://localhost:{ports.desk}/operations
  Customers' messages   http://localhost:{ports.messages}/   (SMS and e-mail that the office sends)

  Service mode          hold the logo on the first screen for {SECRET_S:.0f} seconds; PIN {known.pin},
                        card {people.TECHNICIAN_CARD} (technician) or {people.COLLECTOR_CARD} (collector)
  An account to try     100000017, second attribute 4321 (all: http://localhost:{ports.sandbox}/)
  In another shell      {hand} insert 500
                        {hand} show-bill {bill}

Ctrl-C ends everything.""",
            flush=True,
        )


def _say(sentence: str) -> None:
    print(SAY_PREFIX + sentence, file=sys.stderr, flush=True)


def _shown(path: Path) -> str:
    """As short as it can be typed from here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _tail(log: Path | None, lines: int = 12) -> str:
    if log is None or not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
