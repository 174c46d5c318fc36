"""The real sandbox as a process, for tests of those who pay into it."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any


class SandboxProcess:
    """`python -m payment sandbox` on a free port."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.process: subprocess.Popen[str] | None = None
        self.url = ""

    def start(self) -> SandboxProcess:
        argv = [sys.executable, "-m", "payment", "sandbox", "--port", "0", "--database", str(self.database), "--json"]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        said = json.loads(self.process.stdout.readline())
        assert said["ready"] is True
        self.url = f"http://127.0.0.1:{said['port']}"
        return self

    def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        assert self.process is not None
        self.process.terminate()
        return self._ended()

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self._ended()

    def credits(self, txn_id: str | None = None) -> list[dict[str, Any]]:
        """The oracle."""
        return [credit for credit in self._get("/credits") if txn_id in (None, credit["txn_id"])]

    def qrs(self, order: str) -> list[dict[str, Any]]:
        """The acquirer's oracle: the QRs of one order."""
        asked = urllib.request.Request(f"{self.url}/qrs", headers={"Accept": "application/json"})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return [qr for qr in json.load(answer) if qr["order_id"] == order]

    def press_qr(self, order: str, button: str) -> None:
        """A person's button on the page of QRs."""
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/qrs/{order}/{button}", b""), timeout=10):
            pass

    def readings(self, key: str | None = None) -> list[dict[str, Any]]:
        """The oracle of readings that came, under a key or under any."""
        return [sent for sent in self._get("/readings") if key in (None, sent["key"])]

    def fault(self, mode: str, **more: int | str) -> None:
        body = json.dumps({"mode": mode, **more}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/faults", body), timeout=10):
            pass

    def fault_now(self) -> dict[str, Any]:
        return dict(self._get("/faults"))

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return json.load(answer)

    def _ended(self) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        status = self.process.wait(timeout=10)
        self.process.stdout.close()
        return status
