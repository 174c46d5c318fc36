"""A paper bill of the sandbox: its words and the bytes of its code."""

from __future__ import annotations

from datetime import date

from payment.codes.bill_picture import BillText
from payment.codes.gost_qr import BillEncoding, compose
from payment.sandbox.accounts_api import billed_period, last_billed_month
from payment.sandbox.masking import CITY
from payment.sandbox.seed import ACCOUNTS, FOREIGN_PAYEE, PAYEE

TECH_CODE_UTILITIES = "02"


def make_bill(account: str, sum_minor: int, today: date, *, foreign: bool = False) -> tuple[BillText, bytes]:
    """A bill for the last billed month. An account that the sandbox does not know gets a bill without a name."""
    payee = FOREIGN_PAYEE if foreign else PAYEE
    seed = ACCOUNTS.get(account)
    text = BillText(
        title="Счёт за содержание дома" if foreign else "Счёт за электроэнергию",
        payee=payee.name,
        requisites=f"ИНН\u00a0{payee.inn}, р/с\u00a0{payee.personal_account}",
        bank=f"{payee.bank_name}, БИК\u00a0{payee.bic}",
        account=account,
        customer=f"{seed.last_name} {seed.first_name} {seed.patronymic}" if seed else "—",
        address=f"{CITY}, {seed.street}, д.\u00a0{seed.house}, кв.\u00a0{seed.flat}" if seed else "—",
        period=billed_period(today),
        sum_minor=sum_minor,
    )
    fields = {
        "Name": payee.name,
        "PersonalAcc": payee.personal_account,
        "BankName": payee.bank_name,
        "BIC": payee.bic,
        "CorrespAcc": payee.correspondent_account,
        "Sum": str(sum_minor),
        "PayeeINN": payee.inn,
        "KPP": payee.kpp,
        "persAcc": account,
        "paymPeriod": last_billed_month(today).strftime("%m%Y"),
        "TechCode": TECH_CODE_UTILITIES,
    }
    return text, compose(fields, encoding=BillEncoding.UTF_8)
