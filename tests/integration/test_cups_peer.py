"""The document printer against a real, private cupsd whose printer is a script: paper out, broken, restarted."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from device_drivers.__main__ import main
from device_drivers.contract.document_printer import PagesFailed, PagesPrinted
from device_drivers.contract.receipt_printer import PrintFailure
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.document_printer.port import CupsPort, PrinterAddress
from device_drivers.document_printer.session import CupsPrinterSession
from device_drivers.tools.a4_page import a4_page

CUPSD, SERVER_BIN = Path("/usr/sbin/cupsd"), Path("/usr/lib/cups")
WAIT_S = 20.0
PDF = b"%PDF-1.4\n% an act of acceptance\n%%EOF\n"
PRINTER = """#!/bin/sh
[ $# = 0 ] && exit 0
tray=${DEVICE_URI#tray:}
tries=0
while [ -e "$tray/no-paper" ] && [ $tries -lt 150 ]; do
    echo "STATE: +media-empty-error" >&2; sleep 0.2; tries=$((tries + 1))
done
echo "STATE: -media-empty-error" >&2
[ -e "$tray/broken" ] && exit 1
cat ${6:+"$6"} > "$tray/$3"
"""

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a cupsd of our own needs root to drop its rights")


class Service:
    """A cupsd of our own in one folder; it dies with this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.tray = folder / "tray"
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        for name in ("root/ppd", "spool/tmp", "cache", "run", "tray", "bin/backend"):
            (folder / name).mkdir(parents=True)
        for part in SERVER_BIN.iterdir():
            if part.name != "backend":
                (folder / "bin" / part.name).symlink_to(part)
        self._write("bin/backend/tray", PRINTER)
        self._write("root/cups-files.conf", self._files())
        listen = f"Listen 127.0.0.1:{self.port}\nBrowsing No\nWebInterface No\n"
        self._write("root/cupsd.conf", f"{listen}<Location />\nAllow all\n</Location>\n")
        queue = f"MakeModel Script A4\nDeviceURI tray:{self.tray}\nState Idle\nAccepting Yes\nErrorPolicy abort-job\n"
        self._write("root/printers.conf", f"<Printer a4>\n{queue}</Printer>\n")
        for place in (folder, *folder.rglob("*")):
            if not place.is_symlink():
                shutil.chown(place, "lp", "lp")
                place.chmod(0o755)
        for place in ("bin", "bin/backend", "bin/backend/tray"):
            shutil.chown(folder / place, "root", "root")  # cupsd runs no backend that others may change

    def _files(self) -> str:
        places = {"ServerRoot": "root", "RequestRoot": "spool", "TempDir": "spool/tmp", "CacheDir": "cache"}
        places |= {"StateDir": "run", "ServerBin": "bin", "AccessLog": "access", "ErrorLog": "error", "PageLog": "page"}
        lines = [f"{name} {self._folder / place}" for name, place in places.items()]
        return "\n".join([*lines, "User lp", "Group lp", "SystemGroup root", ""])

    def _write(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text)

    def start(self) -> None:
        root = self._folder / "root"
        self._process = subprocess.Popen(
            [
                "setpriv",
                "--pdeathsig",
                "TERM",
                str(CUPSD),
                "-f",
                "-c",
                root / "cupsd.conf",
                "-s",
                root / "cups-files.conf",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(WAIT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


@pytest.fixture
def service() -> Iterator[Service]:
    # Not pytest's folder: cupsd's own user must be able to walk to it.
    with tempfile.TemporaryDirectory(prefix="cups-peer-") as folder:
        service = Service(Path(folder))
        service.start()
        yield service
        service.stop()


class Printer:
    """The session stepped in this thread, by a clock that runs four times as fast: it need not wait for its periods."""

    def __init__(self, port: int) -> None:
        address = PrinterAddress("127.0.0.1", port, "a4")
        self.session = CupsPrinterSession(CupsPort(address), address.uri)

    def step(self) -> list[object]:
        time.sleep(0.05)
        return list(self.session.step(time.monotonic() * 4))

    def expect(self, wanted: object) -> list[object]:
        events: list[object] = []
        deadline_s = time.monotonic() + WAIT_S
        while wanted not in events:
            assert time.monotonic() < deadline_s, (wanted, events)
            events += self.step()
        return events


def test_a_technician_probes_and_tests_a_printer_of_the_print_service(service, capsys, monkeypatch):
    url = f"cups://127.0.0.1:{service.port}/a4"
    Printer(service.port).expect(StatusChanged(DeviceState.ONLINE))
    assert main(["probe", url, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["found"] is True
    assert {"name": "IDENTIFICATION", "fields": {"model": "Local Raw Printer", "serial": ""}} in told["answers"]
    assert list(service.tray.iterdir()) == []  # nothing is printed by a probe
    out, into = os.pipe()
    monkeypatch.setattr(sys, "stdin", os.fdopen(out))
    answered = threading.Thread(target=lambda: (_wait_for(service.tray / "test-1"), os.write(into, b"\n" * 20)))
    answered.start()
    assert main(["test", url]) == 0
    answered.join()
    assert (service.tray / "test-1").read_bytes() == a4_page()
    assert "лист вышел" in capsys.readouterr().err
    service.stop()
    assert main(["probe", url]) == 1
    assert "the device is not there" in capsys.readouterr().out


def _wait_for(path: Path) -> None:
    deadline_s = time.monotonic() + WAIT_S
    while not path.exists():
        assert time.monotonic() < deadline_s
        time.sleep(0.05)
    time.sleep(2.0)  # the print service tells the end of a job when it is asked next


@pytest.mark.clause("6.1.1", "9.3.5c", "9.6.10b", "9.6.11h", owner="device_drivers")
def test_a_real_print_service_prints_waits_for_paper_breaks_and_is_restarted(service):
    printer = Printer(service.port)
    printer.expect(StatusChanged(DeviceState.ONLINE))
    printer.session.print_pages("act-1", PDF)
    printer.expect(PagesPrinted("act-1"))
    assert (service.tray / "act-1").read_bytes() == PDF

    (service.tray / "no-paper").touch()
    printer.session.print_pages("act-2", PDF)
    printer.expect(StatusChanged(DeviceState.USER_ERROR, Fault.PAPER_OUT, "media-empty-error"))
    (service.tray / "no-paper").unlink()
    printer.expect(PagesPrinted("act-2"))
    printer.expect(StatusChanged(DeviceState.ONLINE))

    (service.tray / "broken").touch()
    printer.session.print_pages("act-3", PDF)
    deadline_s = time.monotonic() + WAIT_S
    failed: list[object] = []
    while not failed:
        assert time.monotonic() < deadline_s
        failed = [event for event in printer.step() if isinstance(event, PagesFailed)]
    assert failed[0].job_id == "act-3"
    assert failed[0].failure in PrintFailure
    assert not (service.tray / "act-3").exists()
    (service.tray / "broken").unlink()

    service.stop()
    printer.expect(StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST))
    service.start()
    printer.expect(StatusChanged(DeviceState.ONLINE))
    printer.session.print_pages("act-4", PDF)
    printer.expect(PagesPrinted("act-4"))
    assert sorted(place.name for place in service.tray.iterdir()) == ["act-1", "act-2", "act-4"]
