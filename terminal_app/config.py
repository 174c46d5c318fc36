"""Settings of one terminal: a TOML file, checked whole when it is read. Defaults suit the demo."""

from __future__ import annotations

import math
import re
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct, field

from device_drivers.camera.address import parse_camera_url
from device_drivers.catalog import DEVICE_CLASSES
from device_drivers.own_ports import OWN_PORTS
from device_drivers.url_check import check_device_url
from payment.billing.osmp_dialects import DIALECTS
from payment.billing.sbp_dialects import ACQUIRERS
from payment.codes.check_digits import inn_is_good, is_digits
from payment.codes.gost_qr import PayeeAllowList
from payment.contract import CashSettings
from payment.fiscal.values import TaxSystem
from payment.local_time import TIME_ZONE, zone_of
from payment.money_rules import DatedRules, MoneyRules
from payment.shipped_rules import shipped_rules
from terminal_app.contacts import Contacts
from terminal_app.layout import Layout
from terminal_app.schedule import Schedule
from terminal_app.sound_url import parse_sound_url

WINDOW_PATTERN = re.compile(r"([1-9][0-9]{2,4})x([1-9][0-9]{2,4})")
PPI_MIN, PPI_MAX = 20.0, 1000.0
BOTTOM_MM_MAX = 2000.0
ACCOUNT_DIGITS = 20
JOURNAL_FILE = "journal.sqlite"  # in `data_dir`


class ConfigError(ValueError):
    """The settings file cannot be used; the text says which line of it and why."""


def window_size(text: str) -> tuple[int, int]:
    """`540x960` as pixels.

    Raises:
        ValueError: anything else.
    """
    match = WINDOW_PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f"window is WIDTHxHEIGHT in pixels, for example 540x960, not {text!r}")
    return int(match[1]), int(match[2])


def _check_http(name: str, url: str) -> None:
    """An address is empty (there is none) or one that can be asked."""
    parts = urlsplit(url)
    if url and not (parts.scheme in ("http", "https") and parts.hostname and parts.port != 0):
        raise ValueError(f"{name} is written https://host.example:8443, not {url!r}")


class Devices(Struct, frozen=True, forbid_unknown_fields=True):
    """Device URLs (`device_drivers list` explains them). Empty: the terminal has none, by its project."""

    bill_validator: str = ""
    receipt_printer: str = ""
    coin_acceptor: str = ""
    payment_card_reader: str = ""  # the bank's terminal
    fiscal_printer: str = ""  # with one, money is taken only when a fiscal document can be made
    barcode_reader: str = ""  # a scanner of codes beside the camera
    auxiliaries: str = ""  # door, presence, SOS button
    lights: str = ""
    ups: str = ""
    watchdog: str = ""
    card_reader: str = ""  # of passes and meters' cards; no payments
    document_printer: str = ""
    camera: str = "camera:///dev/video0"
    document_camera: str = ""  # over a shelf for papers; without one, they are held before the camera
    sound: str = "sound://default"

    def __post_init__(self) -> None:
        for device_class in {*DEVICE_CLASSES, *OWN_PORTS}:
            if url := getattr(self, device_class, ""):
                check_device_url(device_class, url)
        for camera in filter(None, (self.camera, self.document_camera)):
            parse_camera_url(camera)
        parse_sound_url(self.sound)


class Office(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the office listens; empty: self-service only."""

    url: str = ""  # https://office.example:8443
    identity_dir: str = "identity"
    time_zone: str = TIME_ZONE  # of every date and time a person reads here, whatever this machine is set to

    def __post_init__(self) -> None:
        _check_http("url", self.url)
        zone_of(self.time_zone)

    def zone(self) -> ZoneInfo:
        return zone_of(self.time_zone)


class Billing(Struct, frozen=True, forbid_unknown_fields=True):
    osmp_url: str = ""
    osmp_dialect: str = "osmp"  # a name of payment/billing/osmp_dialects.py
    accounts_url: str = ""
    registers_url: str = ""  # where registers of the day are told; empty: nowhere
    account_pattern: str = r"[0-9]{9}"

    def __post_init__(self) -> None:
        if self.osmp_dialect not in DIALECTS:
            raise ValueError(f"osmp_dialect is one of {', '.join(DIALECTS)}")
        for name in ("osmp_url", "accounts_url", "registers_url"):
            _check_http(name, getattr(self, name))
        try:
            re.compile(self.account_pattern)
        except re.error as error:
            raise ValueError(f"account_pattern is no regular expression: {error}") from error


class Acquirer(Struct, frozen=True, forbid_unknown_fields=True):
    """The bank that takes payments by QR of СБП; without a url there are none."""

    url: str = ""
    dialect: str = "rubles"  # a name of payment/billing/sbp_dialects.py
    token: str = ""  # sent as a bearer; the settings file is for the terminal's user only

    def __post_init__(self) -> None:
        if self.dialect not in ACQUIRERS:
            raise ValueError(f"dialect is one of {', '.join(ACQUIRERS)}")
        _check_http("url", self.url)


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

    def allow_list(self) -> PayeeAllowList:
        return PayeeAllowList(inns=frozenset(self.inns), personal_accounts=frozenset(self.personal_accounts))

    def __post_init__(self) -> None:
        for inn in self.inns:
            if not inn_is_good(inn):
                raise ValueError(f"an INN has 10 or 12 digits and ends in its check digits; {inn!r} does not")
        for account in self.personal_accounts:
            if not is_digits(account, ACCOUNT_DIGITS):
                raise ValueError(f"a personal account has {ACCOUNT_DIGITS} digits, not {account!r}")


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """What only the customer of the project can decide; defaults are the notes' ones."""

    amount_min_minor: int = 10_00
    amount_max_minor: int = 15_000_00  # 115-ФЗ, cash without identification
    attribute_attempts_max: int = 3
    bill_counts_as_both_attributes: bool = True
    cards_identify: bool = False  # customers' service or city cards stand for their account, where that is agreed
    idle_ask_s: int = 60
    idle_ask_personal_s: int = 90
    idle_leave_s: int = 30

    def __post_init__(self) -> None:
        if not 0 < self.amount_min_minor <= self.amount_max_minor:
            raise ValueError("amount_min_minor is above 0 and not above amount_max_minor")
        for name in ("attribute_attempts_max", "idle_ask_s", "idle_ask_personal_s", "idle_leave_s"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is at least 1")


class Power(Struct, frozen=True, forbid_unknown_fields=True):
    """What a UPS leads to."""

    battery_cash_s: int = 120  # who pays when the mains go may go on so long
    shutdown_command: tuple[str, ...] = ("systemctl", "poweroff")  # run when the journal is closed; []: none

    def __post_init__(self) -> None:
        if self.battery_cash_s < 0:
            raise ValueError("battery_cash_s is at least 0")


class CoinBox(Struct, frozen=True, forbid_unknown_fields=True):
    """How many coins the box holds, and from how much on it is nearly full. The cassette's are rules of money."""

    capacity_coins: int = 1_500
    warn_percent: int = 90

    def __post_init__(self) -> None:
        if not (self.capacity_coins > 0 and 0 < self.warn_percent <= 100):
            raise ValueError("capacity_coins is at least 1, warn_percent from 1 to 100")


class Panel(Struct, frozen=True, forbid_unknown_fields=True):
    """The screen. `ppi` decides every size on it (millimetres, not pixels)."""

    ppi: float = 0.0  # 0: taken from the display
    window: str = ""  # WIDTHxHEIGHT; empty: the whole display
    bottom_mm: float = 800.0  # lower edge of the glass above the floor: what is within reach from a wheelchair

    def __post_init__(self) -> None:
        if self.window:
            window_size(self.window)
        if not (math.isfinite(self.bottom_mm) and 0 <= self.bottom_mm <= BOTTOM_MM_MAX):
            raise ValueError(f"bottom_mm is from 0 to {BOTTOM_MM_MAX:g}")
        if self.ppi and not (math.isfinite(self.ppi) and PPI_MIN <= self.ppi <= PPI_MAX):
            raise ValueError(f"ppi is 0 or from {PPI_MIN:g} to {PPI_MAX:g}")


class Content(Struct, frozen=True, forbid_unknown_fields=True):
    """The brand and the slides of the first screen (terminal_app/content.py)."""

    package: str = ""  # a folder or a zip; empty: the neutral package that ships


class Captions(Struct, frozen=True, forbid_unknown_fields=True):
    """What the consultant says, in words on the screen, by a recogniser of this machine."""

    model: str = ""  # a folder: a model of Vosk (docs/real_devices.md); empty: none


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
    power: Power = field(default_factory=Power)
    coin_box: CoinBox = field(default_factory=CoinBox)
    money: list[MoneyRules] = []  # limits and fees by their first day; none: those of payment/money_rules.toml
    contacts: Contacts = field(default_factory=Contacts)
    panel: Panel = field(default_factory=Panel)
    layout: Layout = field(default_factory=Layout)
    schedule: Schedule = field(default_factory=Schedule)
    content: Content = field(default_factory=Content)
    captions: Captions = field(default_factory=Captions)
    training: bool = False  # a stand of simulated devices (terminal_app/training): its slips say that they are none

    def __post_init__(self) -> None:
        self.dated_rules()
        self.layout.check(frozenset(name for name in Devices.__struct_fields__ if getattr(self.devices, name)))
        if self.rules.cards_identify and not self.devices.card_reader:
            raise ValueError("cards_identify needs a card_reader among the devices")
        if self.training and (self.office.url or self.devices.fiscal_printer or self.acquirer.url):
            raise ValueError("a training stand has no office, no fiscal register and no bank")
        for place in self.bank_hosts:
            host, _, port = place.rpartition(":")
            if not (host and port.isascii() and port.isdigit()):
                raise ValueError(f"bank_hosts are HOST:PORT, not {place!r}")

    def dated_rules(self) -> DatedRules:
        """Raises MoneyRulesError, a ValueError, when the tables contradict themselves."""
        return DatedRules(self.money or shipped_rules(self.rules.amount_min_minor, self.rules.amount_max_minor))

    @property
    def sends_receipts(self) -> bool:
        """An electronic receipt can be offered: there is a register that makes it, and an address it comes from."""
        return bool(self.devices.fiscal_printer and self.fiscal.sender_email)

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
        raise ConfigError(f"{path} не читается: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    base = path.parent.resolve()
    office = msgspec.structs.replace(config.office, identity_dir=str(base / config.office.identity_dir))
    content = Content(str(base / config.content.package)) if config.content.package else config.content
    captions = Captions(str(base / config.captions.model)) if config.captions.model else config.captions
    folders = {"data_dir": str(base / config.data_dir), "office": office, "content": content, "captions": captions}
    return msgspec.structs.replace(config, **folders)
