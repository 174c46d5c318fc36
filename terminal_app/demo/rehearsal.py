"""What the demo prepares before the terminal starts: its folders, its settings and two paper bills."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from payment.sandbox.seed import DEMO_ACCOUNT, PAYEE_INN, PAYEE_PERSONAL_ACCOUNT

PANEL_PPI_FULL = 100.0  # a 22-inch 1080x1920 panel
PANEL_WIDTH_FULL = 1080
BILL_SUM_MINOR = 1_543_21


@dataclass(frozen=True, slots=True)
class DemoPlaces:
    """Where the demo keeps what outlives it (`data`) and what does not (`run`)."""

    data: Path
    run: Path

    @property
    def office(self) -> Path:
        return self.data / "office"

    @property
    def terminal_data(self) -> Path:
        return self.data / "terminal"

    @property
    def identity(self) -> Path:
        return self.data / "identity"

    @property
    def config(self) -> Path:
        return self.data / "terminal.toml"

    @property
    def paper(self) -> Path:
        return self.data / "paper"

    @property
    def validator_memory(self) -> Path:
        return self.data / "validator-memory.json"

    @property
    def validator_link(self) -> Path:
        return self.run / "validator"

    @property
    def validator_control(self) -> Path:
        return self.run / "validator.sock"

    @property
    def printer_link(self) -> Path:
        return self.run / "printer"

    @property
    def printer_control(self) -> Path:
        return self.run / "printer.sock"

    @property
    def held(self) -> Path:
        """The picture that the simulated hand holds before the camera."""
        return self.run / "held.png"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the demo's other programs are, and what stands in for camera and sound."""

    sandbox_port: int
    terminal_port: int
    window: str
    camera_url: str
    sound_url: str


def write_office_settings(places: DemoPlaces, *, smtp_port: int, messages_port: int) -> None:
    """What the office sends to customers goes to the demo's own mailbox and gateway."""
    places.office.mkdir(mode=0o700, parents=True, exist_ok=True)
    (places.office / "office.toml").write_text(
        f"""# Settings of the demo's office; made anew at each start.
[messaging]
smtp_url = "smtp://127.0.0.1:{smtp_port}"
sender_email = "office@example.org"
sms_url = "http://127.0.0.1:{messages_port}/sms"
sms_sender = "Energosbyt"
"""
    )


def write_terminal_config(places: DemoPlaces, around: Surroundings) -> None:
    """Sizes follow the panel's density: the window is a smaller panel of the same millimetres."""
    width = int(around.window.partition("x")[0])
    ppi = PANEL_PPI_FULL * width / PANEL_WIDTH_FULL
    places.terminal_data.mkdir(exist_ok=True)
    places.config.write_text(
        f"""# Settings of the demo's terminal; made anew at each start.
data_dir = "{places.terminal_data}"

[devices]
bill_validator = "ccnet+serial://{places.validator_link}?baud=9600"
receipt_printer = "escpos+serial://{places.printer_link}?baud=115200"
camera = "{around.camera_url}"
sound = "{around.sound_url}"

[office]
url = "https://localhost:{around.terminal_port}"
identity_dir = "{places.identity}"

[billing]
osmp_url = "http://localhost:{around.sandbox_port}/osmp"
accounts_url = "http://localhost:{around.sandbox_port}"
registers_url = "http://localhost:{around.sandbox_port}"

[acquirer]
url = "http://localhost:{around.sandbox_port}/sbp/orders"
dialect = "orders"

[payee]
inns = ["{PAYEE_INN}"]
personal_accounts = ["{PAYEE_PERSONAL_ACCOUNT}"]

[layout]
camera = "above"
bill_validator = "below left"
receipt_printer = "below right"

[panel]
ppi = {ppi:.2f}
window = "{around.window}"
"""
    )


def write_bills(places: DemoPlaces) -> None:
    """A bill of ours and one of a foreign payee, to hold before the camera."""
    folder = places.data / "bills"
    folder.mkdir(exist_ok=True)
    for name, extra in (("bill.png", []), ("bill-foreign.png", ["--foreign"])):
        if not (folder / name).exists():
            words = ["qr", "--account", DEMO_ACCOUNT, "--sum-minor", str(BILL_SUM_MINOR), "--out", str(folder / name)]
            subprocess.run([sys.executable, "-m", "payment", *words, *extra], check=True, stdout=subprocess.DEVNULL)
