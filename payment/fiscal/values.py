"""A fiscal document of FFD 1.2 as a value; numbers of tags stand beside the fields. Amounts are whole kopecks."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from payment.contract import Purpose
from payment.fiscal.vat import Vat

QUANTITY_ONE = 1_000_000  # quantities are whole millionths


class DocumentKind(enum.IntEnum):
    """Tag 1054."""

    INCOME = 1
    INCOME_RETURN = 2
    OUTCOME = 3
    OUTCOME_RETURN = 4


class TaxSystem(enum.IntEnum):
    """Tag 1055, one bit of it."""

    GENERAL = 1
    SIMPLIFIED_INCOME = 2
    SIMPLIFIED_PROFIT = 4
    AGRICULTURAL = 16
    PATENT = 32


class Method(enum.IntEnum):
    """Tag 1214: what the money is to the goods."""

    FULL_PREPAYMENT = 1
    PARTIAL_PREPAYMENT = 2
    ADVANCE = 3
    FULL_SETTLEMENT = 4
    PARTIAL_AND_CREDIT = 5
    CREDIT = 6
    CREDIT_REPAYMENT = 7


BEFORE_SUPPLY = frozenset({Method.FULL_PREPAYMENT, Method.PARTIAL_PREPAYMENT, Method.ADVANCE})


class Subject(enum.IntEnum):
    """Tag 1212."""

    GOODS = 1
    WORK = 3
    SERVICE = 4
    PAYMENT = 10
    AGENT_FEE = 11
    OTHER = 16


class Measure(enum.IntEnum):
    """Tag 2108."""

    PIECE = 0
    KILOWATT_HOUR = 50
    GIGACALORIE = 51
    OTHER = 255


class AgentKind(enum.IntEnum):
    """Tag 1222: only for a register that is registered as an agent's."""

    BANK_AGENT = 1
    BANK_SUBAGENT = 2
    PAYMENT_AGENT = 4
    PAYMENT_SUBAGENT = 8
    ATTORNEY = 16
    COMMISSION = 32
    OTHER = 64


@dataclass(frozen=True, slots=True)
class Agent:
    """For whom an agent takes the money: tags 1222, 1224 {1171, 1225}, 1226; 1223 {1073} is the agent's own phone."""

    kind: AgentKind
    supplier_name: str
    supplier_inn: str
    supplier_phone: str
    agent_phone: str


@dataclass(frozen=True, slots=True)
class FiscalItem:
    """Tag 1059."""

    name: str  # 1030
    price_minor: int  # 1079
    amount_minor: int  # 1043
    vat: Vat  # 1199
    vat_minor: int  # 1200
    method: Method  # 1214
    subject: Subject  # 1212
    quantity_millionths: int = QUANTITY_ONE  # 1023
    measure: Measure = Measure.PIECE  # 2108
    agent: Agent | None = None


@dataclass(frozen=True, slots=True)
class FiscalPayments:
    """How it was paid; together they make up the document's sum."""

    cash_minor: int = 0  # 1031
    electronic_minor: int = 0  # 1081
    advance_minor: int = 0  # 1215
    credit_minor: int = 0  # 1216
    other_minor: int = 0  # 1217

    @property
    def total_minor(self) -> int:
        return self.cash_minor + self.electronic_minor + self.advance_minor + self.credit_minor + self.other_minor


class CorrectionCause(enum.IntEnum):
    """Tag 1173."""

    OWN = 0
    BY_ORDER = 1


@dataclass(frozen=True, slots=True)
class Correction:
    """Why a document corrects: tags 1173, 1174 {1178, 1179}."""

    cause: CorrectionCause
    corrected_on: str  # 1178, the day of the corrected payment, YYYYMMDD
    order_number: str = ""  # 1179, of the tax authority's order


@dataclass(frozen=True, slots=True)
class FiscalDocument:
    """A receipt (or a correction receipt) to be made once."""

    fiscal_id: str  # ours; travels in 1192, by which the document is found again
    kind: DocumentKind  # 1054
    tax_system: TaxSystem  # 1055
    items: tuple[FiscalItem, ...]
    payments: FiscalPayments
    automat_number: str  # 1036
    address: str  # 1009
    place: str  # 1187
    site: str = ""  # 1060
    sender_email: str = ""  # 1117
    contact: str = ""  # 1008, the customer's phone or e-mail
    accounts: str = ""  # 1084 {1085 «Лицевой счёт», 1086}
    correction: Correction | None = None

    @property
    def total_minor(self) -> int:
        """Tag 1020."""
        return sum(item.amount_minor for item in self.items)


@dataclass(frozen=True, slots=True)
class ItemRule:
    """How money of one purpose is called on a receipt; the accountant's to decide.

    `asked` is what was charged or ordered, `above` is money above it. Names may hold `{service}`. With `needs_charge`
    money without a charge is `above` too; what is ordered at the terminal itself needs none.
    """

    asked_name: str
    above_name: str
    asked: tuple[Method, Subject]
    above: tuple[Method, Subject] = (Method.ADVANCE, Subject.PAYMENT)
    needs_charge: bool = False
    measure: Measure = Measure.PIECE


ITEM_RULES: Mapping[Purpose, ItemRule] = {
    Purpose.SUPPLY: ItemRule(
        asked_name="Электроснабжение",
        above_name="Аванс по договору энергоснабжения",
        asked=(Method.FULL_SETTLEMENT, Subject.SERVICE),
        needs_charge=True,
        measure=Measure.OTHER,  # a payment is seldom a whole number of kilowatt-hours
    ),
    Purpose.COMMERCIAL: ItemRule(
        asked_name="Коммерческая услуга: {service}",
        above_name="Аванс за коммерческие услуги",
        asked=(Method.FULL_PREPAYMENT, Subject.SERVICE),  # paid before it is done
    ),
    Purpose.OTHER: ItemRule(
        asked_name="Иная услуга: {service}",
        above_name="Аванс за иные услуги",
        asked=(Method.FULL_SETTLEMENT, Subject.OTHER),
    ),
}


@dataclass(frozen=True, slots=True)
class FiscalSettings:
    """What the register is registered with, and the accountant's choices."""

    automat_number: str
    address: str
    place: str
    tax_system: TaxSystem = TaxSystem.GENERAL
    vat_payer: bool = True
    site: str = "nalog.gov.ru"
    sender_email: str = ""
    item_rules: Mapping[Purpose, ItemRule] = field(default_factory=lambda: ITEM_RULES)
    agent: Agent | None = None  # the supplier at its own terminals is nobody's agent
