"""Settings of one terminal: a TOML file, checked whole when it is read. Defaults suit the demo."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct, field

from payment.billing.osmp_dialects import DIALECTS
from payment.billing.sbp_dialects import ACQUIRERS
from payment.contract import CashSettings
from payment.fiscal_values import TaxSystem


class ConfigError(ValueError):
    """The settings file cannot be used; the text says which line of it and why."""


class Devices(Struct, frozen=True, forbid_unknown_fields=True):
    """Device URLs (`device_drivers list` explains them). Empty: the terminal has none."""

    bill_validator: str = ""
    receipt_printer: str = ""
    coin_acceptor: str = ""
    payment_card_reader: str = ""  # the bank's terminal
    fiscal_printer: str = ""  # with one, money is taken only when a fiscal document can be made
    camera: str = "camera:///dev/video0"
    sound: str = "sound://default"


class Office(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the office listens; empty: self-service only."""

    url: str = ""  # https://office.example:8443
    identity_dir: str = "identity"


class Billing(Struct, frozen=True, forbid_unknown_fields=True):
    osmp_url: str = ""
    osmp_dialect: str = "osmp"  # a name of payment/billing/osmp_dialects.py
    accounts_url: str = ""
    registers_url: str = ""  # where registers of the day are told; empty: nowhere
    account_pattern: str = r"[0-9]{9}"

    def __post_init__(self) -> None:
        if self.osmp_dialect not in DIALECTS:
            raise ValueError(f"osmp_dialect is one of {', '.join(DIALECTS)}")


class Acquirer(Struct, frozen=True, forbid_unknown_fields=True):
    """The bank that takes payments by QR of СБП; without a url there are none."""

    url: str = ""
    dialect: str = "rubles"  # a name of payment/billing/sbp_dialects.py
    token: str = ""  # sent as a bearer; the settings file is for the terminal's user only

    def __post_init__(self) -> None:
        if self.dialect not in ACQUIRERS:
            raise ValueError(f"dialect is one of {', '.join(ACQUIRERS)}")


class Fiscal(Struct, frozen=True, forbid_unknown_fields=True):
    """What the fiscal register is registered with, and the accountant's choices."""

    automat_number: str = ""
    address: str = ""
    place: str = ""
    tax_system: TaxSystem = TaxSystem.GENERAL
    vat_payer: bool = True
    sender_email: str = ""


class Payee(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose bills are ours (GOST R 56042 fields PayeeINN and PersonalAcc)."""

    inns: list[str] = []
    personal_accounts: list[str] = []


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """What only the customer of the project can decide; defaults are the notes' ones."""

    amount_min_minor: int = 10_00
    amount_max_minor: int = 15_000_00  # 115-ФЗ, cash without identification
    attribute_attempts_max: int = 3
    bill_counts_as_both_attributes: bool = True
    idle_ask_s: int = 60
    idle_ask_personal_s: int = 90
    idle_leave_s: int = 30


class Contacts(Struct, frozen=True, forbid_unknown_fields=True):
    support_phone: str = "8 800 000-00-00"
    support_hours: str = "ежедневно с 8:00 до 22:00"
    organisation: str = "АО «Энергосбыт»"


class Panel(Struct, frozen=True, forbid_unknown_fields=True):
    """The screen. `ppi` decides every size on it (millimetres, not pixels)."""

    ppi: float = 0.0  # 0: taken from the display
    window: str = ""  # WIDTHxHEIGHT; empty: the whole display


class TerminalConfig(Struct, frozen=True, forbid_unknown_fields=True):
    data_dir: str = "."
    devices: Devices = field(default_factory=Devices)
    office: Office = field(default_factory=Office)
    billing: Billing = field(default_factory=Billing)
    acquirer: Acquirer = field(default_factory=Acquirer)
    bank_hosts: list[str] = []  # HOST:PORT: where a bank's terminal may be connected to through this one
    fiscal: Fiscal = field(default_factory=Fiscal)
    payee: Payee = field(default_factory=Payee)
    rules: Rules = field(default_factory=Rules)
    contacts: Contacts = field(default_factory=Contacts)
    panel: Panel = field(default_factory=Panel)

    def __post_init__(self) -> None:
        for place in self.bank_hosts:
            host, _, port = place.rpartition(":")
            if not (host and port.isascii() and port.isdigit()):
                raise ValueError(f"bank_hosts are HOST:PORT, not {place!r}")

    def cash_settings(self, terminal_id: str) -> CashSettings:
        return CashSettings(
            terminal_id=terminal_id,
            amount_min_minor=self.rules.amount_min_minor,
            amount_max_minor=self.rules.amount_max_minor,
            fiscal_required=bool(self.devices.fiscal_printer),
        )


def load_config(path: Path) -> TerminalConfig:
    """Reads and checks a settings file; relative folders in it are relative to the file.

    Raises:
        ConfigError: missing, unreadable, unknown field, wrong type.
    """
    try:
        config = msgspec.toml.decode(path.read_bytes(), type=TerminalConfig)
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    base = path.parent.resolve()
    office = msgspec.structs.replace(config.office, identity_dir=str(base / config.office.identity_dir))
    return msgspec.structs.replace(config, data_dir=str(base / config.data_dir), office=office)
