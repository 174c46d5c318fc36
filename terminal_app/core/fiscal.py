"""The bridge between payment's fiscal port and the fiscal register's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from device_drivers.contract import fiscal_printer as device
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from payment.contract import FiscalChanged, FiscalDone, FiscalRefused, FiscalSale, FiscalUnknown
from payment.fiscal.check import FiscalDocumentError
from payment.fiscal.contact import ContactError
from payment.fiscal.sale import fiscal_document
from payment.fiscal.shift import MEMORY_PERCENT_WARN
from payment.fiscal.tags import Tag, agent_tags, extra_tags
from payment.fiscal.values import FiscalDocument, FiscalItem, FiscalSettings
from payment.fiscal.vat import VatError

UNSENT_DAYS_MAX = 29  # the drive itself refuses after 30
FISCAL_ID_TAG = 1192  # the driver writes it by itself

FiscalPortEvent = FiscalDone | FiscalRefused | FiscalUnknown | FiscalChanged


@dataclass(frozen=True, slots=True)
class _Known:
    """What the register last said of itself."""

    status: StatusChanged | None = None
    drive: device.FiscalStateChanged | None = None


class RegisterFiscalPort:
    """payment's FiscalPort over a fiscal register. Without one every document is refused, not for good."""

    def __init__(
        self,
        printer: device.FiscalPrinter | None,
        settings: FiscalSettings,
        tell: Callable[[FiscalPortEvent], None],
    ) -> None:
        self._printer = printer
        self._settings = settings
        self._tell = tell
        self._known = _Known()
        self._told: FiscalChanged | None = None

    def fiscalise(self, document: FiscalSale) -> None:
        """Make the document of a sale."""
        if self._printer is None:
            self._tell(FiscalRefused(document.fiscal_id, "no fiscal register", final=False))
            return
        try:
            made = device_document(fiscal_document(document, self._settings))
        except (FiscalDocumentError, ContactError, VatError) as error:
            self._tell(FiscalRefused(document.fiscal_id, str(error), final=True))
            return
        self._printer.print_document(made)

    def ask(self, fiscal_id: str) -> None:
        """Is it in the drive?"""
        if self._printer is None:
            self._tell(FiscalUnknown(fiscal_id))
        else:
            self._printer.ask_document(fiscal_id)

    @property
    def drive(self) -> device.FiscalStateChanged | None:
        """What the drive last said of itself."""
        return self._known.drive

    def open_shift(self) -> None:
        """Answered by FiscalChanged."""
        if self._printer is None:
            self._tell(self._changed())
        else:
            self._printer.open_shift()

    def close_shift(self) -> None:
        """Answered by FiscalChanged."""
        if self._printer is None:
            self._tell(self._changed())
        else:
            self._printer.close_shift()

    def on_event(self, event: device.FiscalPrinterEvent) -> None:
        """What the register says, in payment's words."""
        match event:
            case device.DocumentClosed():
                self._tell(_done(event))
            case device.DocumentRefused(fiscal_id=fiscal_id, reason=reason, final=final):
                self._tell(FiscalRefused(fiscal_id, reason, final))
            case device.DocumentAbsent(fiscal_id=fiscal_id):
                self._tell(FiscalRefused(fiscal_id, "not in the drive", final=False))
            case device.DocumentUnknown(fiscal_id=fiscal_id):
                self._tell(FiscalUnknown(fiscal_id))
            case StatusChanged():
                self._know(_Known(event, self._known.drive))
            case device.FiscalStateChanged():
                self._know(_Known(self._known.status, event))
            case device.ShiftOpened() | device.ShiftClosed():
                self._told = None  # the drive is asked next; its state answers the verb
            case device.ShiftRefused(reason=reason):
                self._tell(self._changed(reason))

    def _know(self, known: _Known) -> None:
        self._known = known
        changed = self._changed()
        if changed != self._told and (known.drive is not None or not changed.ready):
            self._told = changed
            self._tell(changed)

    def _changed(self, refusal: str = "") -> FiscalChanged:
        status, drive = self._known.status, self._known.drive
        if status is None or drive is None:
            fault = Fault.STARTING.value if status is None else status.fault.value
            return FiscalChanged(ready=False, fault=refusal or fault)
        days_left = days_between(drive.today, drive.drive_expires)
        unsent_days = days_between(drive.first_unsent, drive.today) or 0
        fault = refusal or _drive_fault(days_left, unsent_days) or status.fault.value
        usable = status.state is DeviceState.ONLINE and not _drive_fault(days_left, unsent_days)
        return FiscalChanged(
            ready=usable,
            fault=fault,
            shift_open=drive.shift is not device.ShiftState.CLOSED,
            shift_hours=drive.shift_hours,
            drive_days_left=days_left,
            unsent_days=unsent_days,
            memory_percent=MEMORY_PERCENT_WARN if drive.memory_nearly_full else 0,
        )


def device_document(document: FiscalDocument) -> device.FiscalDocument:
    """payment's document in the words of the register's contract.

    Raises:
        FiscalDocumentError: a correction receipt: a person makes those at the register.
    """
    if document.correction is not None:
        raise FiscalDocumentError("a correction receipt is made by a person")
    payments = document.payments
    return device.FiscalDocument(
        fiscal_id=document.fiscal_id,
        items=tuple(_item(item) for item in document.items),
        payments=device.FiscalPayments(
            cash_minor=payments.cash_minor,
            electronic_minor=payments.electronic_minor,
            advance_minor=payments.advance_minor,
            credit_minor=payments.credit_minor,
            other_minor=payments.other_minor,
        ),
        kind=device.DocumentKind(document.kind.value),
        tax_system=document.tax_system.value,
        tags=tuple(_tag(tag) for tag in extra_tags(document) if tag.number != FISCAL_ID_TAG),
    )


def days_between(first: str, second: str) -> int | None:
    """Days from one YYYYMMDD to another; None when a device tells no date."""
    try:
        days = [datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC) for day in (first, second)]
    except ValueError:
        return None
    return (days[1] - days[0]).days


def _item(item: FiscalItem) -> device.FiscalItem:
    return device.FiscalItem(
        name=item.name,
        price_minor=item.price_minor,
        amount_minor=item.amount_minor,
        vat=item.vat.value,
        method=item.method.value,
        subject=item.subject.value,
        quantity_millionths=item.quantity_millionths,
        measure=item.measure.value,
        vat_minor=item.vat_minor,
        tags=() if item.agent is None else tuple(_tag(tag) for tag in agent_tags(item.agent)),
    )


def _tag(tag: Tag) -> device.FiscalTag:
    value = tuple(_tag(inner) for inner in tag.value) if isinstance(tag.value, tuple) else tag.value
    return device.FiscalTag(tag.number, value)


def _done(event: device.DocumentClosed) -> FiscalDone:
    return FiscalDone(
        fiscal_id=event.fiscal_id,
        fn=event.fn,
        fd=event.fd,
        fpd=event.fpd,
        at=event.at.replace("T", ""),
        shift=event.shift,
        number_in_shift=event.number_in_shift,
    )


def _drive_fault(days_left: int | None, unsent_days: int) -> str:
    """Why the drive will not make a document, "" when it will."""
    if days_left is not None and days_left <= 0:
        return "drive_expired"
    return "unsent_too_long" if unsent_days >= UNSENT_DAYS_MAX else ""
