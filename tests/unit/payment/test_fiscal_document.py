"""A receipt says what was sold, its sums agree, and its tax is that of the period of the supply."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.contract import FiscalKind, FiscalSale, Means, Purpose, SaleLine
from payment.fiscal.check import FiscalDocumentError, check_document
from payment.fiscal.sale import FEE_NAME, correction_of_missing, corrections_of_wrong, fiscal_document
from payment.fiscal.tags import Tag, document_tags, item_tags, quantity_text
from payment.fiscal.values import (
    BEFORE_SUPPLY,
    Agent,
    AgentKind,
    Correction,
    CorrectionCause,
    DocumentKind,
    FiscalPayments,
    FiscalSettings,
    Method,
    Subject,
    TaxSystem,
)
from payment.fiscal.vat import Vat, VatError

SETTINGS = FiscalSettings("17", "190000, Санкт-Петербург, Невский пр., 174", "Терминал у окна 3")
AGENT = Agent(AgentKind.PAYMENT_AGENT, "АО «Энергосбыт»", "7707083893", "+78120000000", "+78120000001")
LINE = SaleLine(
    "26112314120000170012",
    "100000017",
    "electricity",
    "Электроэнергия",
    Purpose.SUPPLY,
    1_543_21,
    0,
    1_543_21,
    "2026-10",
)
SALE = FiscalSale("F26112314120017", FiscalKind.INCOME, Means.CASH, (LINE,), "20261123141200")


def sale(*changes: dict[str, object], **fields: object) -> FiscalSale:
    lines = tuple(msgspec.structs.replace(LINE, **change) for change in changes) or SALE.lines
    return msgspec.structs.replace(SALE, lines=lines, **fields)


def test_a_paid_bill_is_a_full_settlement_at_the_rate_of_its_period():
    document = fiscal_document(SALE, SETTINGS)
    (item,) = document.items
    assert (item.name, item.amount_minor) == ("Электроснабжение, 10.2026", 1_543_21)
    assert (item.method, item.subject, item.vat) == (Method.FULL_SETTLEMENT, Subject.SERVICE, Vat.VAT_22)
    assert item.vat_minor == 278_28  # 1543.21 * 22 / 122 = 278.2837...
    assert document.payments == FiscalPayments(cash_minor=1_543_21)
    assert document.kind is DocumentKind.INCOME


@pytest.mark.parametrize(
    ("period", "vat"),
    [
        ("2026-10", Vat.VAT_22),
        ("2026-01", Vat.VAT_22),
        ("2025-12", Vat.VAT_20),
        ("2019-01", Vat.VAT_20),
        ("", Vat.VAT_22),
    ],
)
def test_a_supply_of_an_earlier_year_keeps_its_rate(period, vat):
    assert fiscal_document(sale({"period": period}), SETTINGS).items[0].vat is vat


def test_the_rate_that_the_charge_names_goes_before_that_of_its_period():
    assert fiscal_document(sale({"vat_code": 6}), SETTINGS).items[0].vat is Vat.NONE


@pytest.mark.parametrize("change", [{"period": "2018-12"}, {"period": "10.2026"}, {"vat_code": 99}])
def test_a_charge_whose_rate_nobody_knows_is_not_guessed(change):
    with pytest.raises(VatError):
        fiscal_document(sale(change), SETTINGS)


def test_money_above_the_bill_is_an_advance_at_the_calculated_rate_of_the_day():
    document = fiscal_document(sale({"amount_minor": 2_000_00, "period": "2025-12"}), SETTINGS)
    bill, advance = document.items
    assert (bill.amount_minor, bill.vat) == (1_543_21, Vat.VAT_20)
    assert advance.amount_minor == 456_79
    assert (advance.method, advance.subject, advance.vat) == (Method.ADVANCE, Subject.PAYMENT, Vat.VAT_22_122)
    assert advance.vat_minor == 82_37  # 456.79 * 22 / 122 = 82.3719...


def test_money_for_the_supply_without_a_charge_is_an_advance_whole():
    (item,) = fiscal_document(sale({"owed_minor": 0, "period": ""}), SETTINGS).items
    assert (item.method, item.amount_minor) == (Method.ADVANCE, 1_543_21)


def test_less_than_the_bill_is_one_item_of_what_was_paid():
    (item,) = fiscal_document(sale({"amount_minor": 500_00}), SETTINGS).items
    assert (item.method, item.amount_minor) == (Method.FULL_SETTLEMENT, 500_00)


@pytest.mark.clause("8.1.4b")
def test_three_purposes_make_three_different_items():
    document = fiscal_document(
        sale(
            {"purpose": Purpose.SUPPLY, "amount_minor": 100_00},
            {"purpose": Purpose.COMMERCIAL, "amount_minor": 100_00, "service_title": "Замена счётчика", "period": ""},
            {"purpose": Purpose.OTHER, "amount_minor": 100_00, "service_title": "Копия договора", "period": ""},
        ),
        SETTINGS,
    )
    assert [item.name for item in document.items] == [
        "Электроснабжение, 10.2026",
        "Коммерческая услуга: Замена счётчика",
        "Иная услуга: Копия договора",
    ]
    assert len({(item.method, item.subject) for item in document.items}) == 3
    assert document.total_minor == 300_00


def test_a_fee_is_an_item_of_its_own():
    document = fiscal_document(sale({"fee_minor": 23_15}), SETTINGS)
    fee = document.items[-1]
    assert (fee.name, fee.amount_minor, fee.subject, fee.vat) == (FEE_NAME, 23_15, Subject.SERVICE, Vat.VAT_22)
    assert document.payments.total_minor == 1_543_21 + 23_15


def test_an_agent_names_the_supplier_on_its_items_and_takes_a_fee_of_an_agent():
    document = fiscal_document(sale({"fee_minor": 23_15}), replace(SETTINGS, agent=AGENT))
    assert [item.agent for item in document.items] == [AGENT, None]
    assert document.items[-1].subject is Subject.AGENT_FEE
    tags = {tag.number: tag.value for tag in item_tags(document.items[0])}
    assert (tags[1222], tags[1226], tags[1223]) == (4, "7707083893", (Tag(1073, "+78120000001"),))
    assert tags[1224] == (Tag(1171, "+78120000000"), Tag(1225, "АО «Энергосбыт»"))


def test_who_pays_no_tax_writes_none():
    settings = replace(SETTINGS, tax_system=TaxSystem.SIMPLIFIED_INCOME, vat_payer=False)
    document = fiscal_document(sale({"amount_minor": 2_000_00, "fee_minor": 1_00, "period": "2016-01"}), settings)
    assert {(item.vat, item.vat_minor) for item in document.items} == {(Vat.NONE, 0)}


@pytest.mark.parametrize("means", [Means.CARD, Means.QR])
def test_what_is_not_cash_is_electronic(means):
    payments = fiscal_document(sale(means=means), SETTINGS).payments
    assert (payments.cash_minor, payments.electronic_minor) == (0, 1_543_21)


def test_a_return_has_the_same_items_and_another_kind():
    returned = fiscal_document(sale(kind=FiscalKind.INCOME_RETURN), SETTINGS)
    assert returned.kind is DocumentKind.INCOME_RETURN
    assert returned.items == fiscal_document(SALE, SETTINGS).items


def test_a_long_name_is_cut_to_what_the_tag_holds():
    (item,) = fiscal_document(
        sale({"purpose": Purpose.COMMERCIAL, "service_title": "Щ" * 200, "period": ""}), SETTINGS
    ).items
    assert len(item.name) == 128
    assert item.name.endswith("…")


def test_tags_say_the_automat_its_place_the_account_and_no_cashier():
    tags = {tag.number: tag.value for tag in document_tags(fiscal_document(sale(contact="+79211234567"), SETTINGS))}
    assert tags[1209] == 4
    assert tags[1036] == "17"
    assert tags[1009] == SETTINGS.address
    assert tags[1187] == SETTINGS.place
    assert tags[1008] == "+79211234567"
    assert tags[1084] == (Tag(1085, "Лицевой счёт"), Tag(1086, "100000017"))
    assert tags[1192] == SALE.fiscal_id
    assert (tags[1054], tags[1055], tags[1020], tags[1031], tags[1081]) == (1, 1, 1_543_21, 1_543_21, 0)
    assert {1021, 1203}.isdisjoint(tags)
    item = {tag.number: tag.value for tag in tags[1059]}
    assert item == {
        1030: "Электроснабжение, 10.2026",
        1079: 1_543_21,
        1023: "1",
        2108: 255,
        1043: 1_543_21,
        1199: 11,
        1200: 278_28,
        1214: 4,
        1212: 4,
    }


@pytest.mark.parametrize(
    ("millionths", "text"), [(1_000_000, "1"), (1_500_000, "1.5"), (1, "0.000001"), (10_000_000, "10")]
)
def test_a_quantity_is_written_as_a_decimal(millionths, text):
    assert quantity_text(millionths) == text


def test_a_charge_named_with_the_rate_of_advances_is_settled_at_its_whole_rate():
    assert fiscal_document(sale({"vat_code": 12}), SETTINGS).items[0].vat is Vat.VAT_22


# --- corrections -----------------------------------------------------------------------------------------------------

OWN = Correction(CorrectionCause.OWN, "20261123")


def test_a_missing_receipt_is_made_up_for_with_its_items():
    document = fiscal_document(SALE, SETTINGS)
    corrected = correction_of_missing(document, OWN)
    assert corrected.items == document.items
    tags = {tag.number: tag.value for tag in document_tags(corrected)}
    assert (tags[1173], tags[1174]) == (0, (Tag(1178, "20261123"),))


def test_a_wrong_receipt_is_undone_and_made_again():
    wrong = fiscal_document(sale(means=Means.CARD), SETTINGS)
    right = fiscal_document(SALE, SETTINGS)
    undone, remade = corrections_of_wrong(wrong, right, OWN, ("F1", "F2"))
    assert (undone.kind, undone.payments) == (DocumentKind.INCOME_RETURN, wrong.payments)
    assert (remade.kind, remade.payments) == (DocumentKind.INCOME, right.payments)
    assert {undone.fiscal_id, remade.fiscal_id} == {"F1", "F2"}
    assert undone.correction == remade.correction == OWN


@pytest.mark.parametrize(
    "correction",
    [
        Correction(CorrectionCause.BY_ORDER, "20261123"),
        Correction(CorrectionCause.OWN, "20261323"),
        Correction(CorrectionCause.OWN, "2026112"),
        Correction(CorrectionCause.OWN, ""),
        Correction(CorrectionCause.OWN, "٢٠٢٦١١٢٣"),
    ],
)
def test_a_correction_needs_a_day_and_the_number_of_an_order(correction):
    with pytest.raises(FiscalDocumentError):
        correction_of_missing(fiscal_document(SALE, SETTINGS), correction)


# --- sums ------------------------------------------------------------------------------------------------------------

LINES = st.builds(
    lambda purpose, amount, fee, owed, period, vat: msgspec.structs.replace(
        LINE, purpose=purpose, amount_minor=amount, fee_minor=fee, owed_minor=owed, period=period, vat_code=vat
    ),
    st.sampled_from(Purpose),
    st.integers(1, 15_000_00),
    st.integers(0, 500_00),
    st.integers(0, 20_000_00),
    st.sampled_from(["", "2019-05", "2025-12", "2026-01", "2027-03"]),
    st.sampled_from([0, *Vat]),
)


@given(
    lines=st.lists(LINES, min_size=1, max_size=5),
    means=st.sampled_from(Means),
    kind=st.sampled_from(FiscalKind),
    settings=st.sampled_from([SETTINGS, replace(SETTINGS, agent=AGENT), replace(SETTINGS, vat_payer=False)]),
)
def test_items_make_up_the_payments_and_each_tax_is_its_part_of_the_sum(lines, means, kind, settings):
    calculated_only = {Vat.VAT_20_120, Vat.VAT_10_110, Vat.VAT_5_105, Vat.VAT_7_107, Vat.VAT_22_122}
    told = msgspec.structs.replace(SALE, lines=tuple(lines), means=means, kind=kind)
    document = fiscal_document(told, settings)
    assert sum(item.amount_minor for item in document.items) == document.payments.total_minor == told.total_minor
    parts = {1: (20, 120), 2: (10, 110), 3: (20, 120), 4: (10, 110), 7: (5, 105), 8: (7, 107)}
    parts |= {9: (5, 105), 10: (7, 107), 11: (22, 122), 12: (22, 122)}
    for item in document.items:
        percent, whole = parts.get(item.vat, (0, 100))
        # Half up: at most half a kopeck away, and never half a kopeck below.
        assert -whole < 2 * (item.amount_minor * percent - item.vat_minor * whole) < whole or (
            2 * (item.vat_minor * whole - item.amount_minor * percent) == whole
        )
        assert (item.vat in calculated_only) <= (item.method in BEFORE_SUPPLY)


GOOD = fiscal_document(sale({"amount_minor": 2_000_00}), SETTINGS)


def spoiled(**changes: object) -> tuple[object, ...]:
    return (replace(GOOD.items[0], **changes), *GOOD.items[1:])


@pytest.mark.parametrize(
    "changes",
    [
        {"fiscal_id": ""},
        {"fiscal_id": "F" * 17},
        {"fiscal_id": "Ф1"},
        {"items": ()},
        {"items": GOOD.items * 51},
        {"payments": FiscalPayments(cash_minor=1_999_99)},
        {"payments": FiscalPayments(cash_minor=2_000_01, other_minor=-1)},
        {"automat_number": ""},
        {"automat_number": "1" * 21},
        {"address": " "},
        {"place": "у окна\n3"},
        {"contact": "8 921 123-45-67"},
        {"contact": "nobody"},
        {"items": spoiled(name="")},
        {"items": spoiled(amount_minor=0, price_minor=0, vat_minor=0)},
        {"items": spoiled(price_minor=1_543_20)},
        {"items": spoiled(quantity_millionths=2_000_000)},
        {"items": spoiled(vat_minor=GOOD.items[0].vat_minor + 1)},
        {"items": spoiled(vat=Vat.VAT_22_122)},
        {"items": spoiled(method=Method.FULL_PREPAYMENT)},
        {"items": (GOOD.items[0], replace(GOOD.items[1], subject=Subject.SERVICE))},
        {"items": spoiled(agent=replace(AGENT, supplier_inn="7707083890"))},
        {"items": spoiled(agent=replace(AGENT, supplier_phone="8120000000"))},
        {"items": spoiled(agent=replace(AGENT, supplier_name=""))},
    ],
    ids=str,
)
def test_a_document_that_no_register_would_close_is_refused_before_it_is_sent(changes):
    check_document(GOOD)
    with pytest.raises(FiscalDocumentError):
        check_document(replace(GOOD, **changes))


def test_a_sale_of_nothing_makes_no_document():
    with pytest.raises(FiscalDocumentError):
        fiscal_document(sale({"amount_minor": 0}), SETTINGS)
