"""Which verb of which port an effect is. A port that this terminal lacks does nothing: its works wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from payment.contract import AcceptorPort, AcquirerPort, BillingPort, CoinPort, FiscalPort, PinpadPort, PrinterPort
from payment.effects import (
    AskCard,
    AskFiscal,
    AskQr,
    Authorize,
    CancelPay,
    CancelQr,
    Effect,
    Fiscalise,
    PrintReceipt,
    RefundQr,
    RegisterQr,
    ReverseCard,
    SendPay,
    Settle,
    Verb,
)


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything outside that the cashier moves. None: this terminal has no such device."""

    acceptor: AcceptorPort
    billing: BillingPort
    printer: PrinterPort
    coins: CoinPort | None = None
    pinpad: PinpadPort | None = None
    acquirer: AcquirerPort | None = None
    fiscal: FiscalPort | None = None


class Hands:
    """Does effects."""

    def __init__(self, ports: Ports) -> None:
        self._verbs = _verbs(ports)
        self._acts: dict[type, Callable[[Any], None]] = {
            Verb: self.do_verb,
            SendPay: lambda effect: ports.billing.pay(effect.request),
            CancelPay: lambda effect: ports.billing.cancel(effect.request, effect.provider_txn),
            PrintReceipt: lambda effect: ports.printer.print_receipt(effect.receipt),
        }
        if (pinpad := ports.pinpad) is not None:
            self._acts |= {
                Authorize: lambda effect: pinpad.authorize(effect.operation_id, effect.amount_minor),
                AskCard: lambda effect: pinpad.last_result(effect.operation_id),
                ReverseCard: lambda effect: pinpad.reverse(effect.operation_id, effect.amount_minor),
                Settle: lambda effect: pinpad.settle(effect.settlement_id),
            }
        if (acquirer := ports.acquirer) is not None:
            self._acts |= {
                RegisterQr: lambda effect: acquirer.register(effect.operation_id, effect.amount_minor, effect.account),
                AskQr: lambda effect: acquirer.ask(effect.operation_id),
                CancelQr: lambda effect: acquirer.cancel(effect.operation_id),
                RefundQr: lambda effect: acquirer.refund(effect.operation_id, effect.amount_minor),
            }
        if (fiscal := ports.fiscal) is not None:
            self._acts |= {
                Fiscalise: lambda effect: fiscal.fiscalise(effect.sale),
                AskFiscal: lambda effect: fiscal.ask(effect.fiscal_id),
            }

    def do(self, effect: Effect) -> None:
        act = self._acts.get(type(effect))
        if act is not None:
            act(effect)

    def do_verb(self, verb: Verb) -> None:
        if (act := self._verbs.get(verb)) is not None:
            act()


def _verbs(ports: Ports) -> dict[Verb, Callable[[], None]]:
    acceptor = ports.acceptor
    verbs: dict[Verb, Callable[[], None]] = {
        Verb.ENABLE: acceptor.enable,
        Verb.DISABLE: acceptor.disable,
        Verb.STACK: acceptor.stack,
        Verb.RETURN_NOTE: acceptor.return_note,
    }
    if ports.coins is not None:
        verbs |= {Verb.ENABLE_COINS: ports.coins.enable, Verb.DISABLE_COINS: ports.coins.disable}
    if ports.fiscal is not None:
        verbs |= {Verb.OPEN_SHIFT: ports.fiscal.open_shift, Verb.CLOSE_SHIFT: ports.fiscal.close_shift}
    return verbs
