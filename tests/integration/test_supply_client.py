"""Charges, history, tariff, meters and readings: billing's client against the sandbox and against peers that lie."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Iterator
from datetime import date

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from billing_sandbox import SandboxProcess

from payment.billing.account_values import Meter, Readings, ReadingsRefused, ReadingsTaken, ZoneReading
from payment.billing.accounts import AccountsClient, AccountsUnavailableError
from payment.billing.meter_readings import meter_for_rules, readings_for_billing
from payment.readings.rules import judge
from payment.readings.values import Accepted, Notice, Question
from payment.sandbox.accounts_api import last_billed_month
from payment.sandbox.clock import today
from payment.sandbox.seed import ACCOUNTS, DEMO_ACCOUNT

NO_ACCOUNT = "100000018"
DEBTOR, THREE_ZONES, EXPIRED, ROLLING = "100000058", "100000090", "100000108", "100000066"
NEW_METER = "100000124"
MONTH = "2026-10"
_keys = itertools.count(1)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    running = SandboxProcess(tmp_path_factory.mktemp("supply") / "sandbox.sqlite").start()
    yield running
    assert running.stop() == 0


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


@pytest.fixture
def client(sandbox, session) -> AccountsClient:
    return AccountsClient(sandbox.url, session)


def billed() -> str:
    return last_billed_month(today()).strftime("%Y-%m")


async def test_what_is_owed_is_debt_and_penalty_less_advance(client):
    debtor = await client.details_by_bill(DEBTOR)
    assert (debtor.debt_minor, debtor.penalty_minor, debtor.advance_minor) == (10_689_71, 61_40, 0)
    overpaid = await client.details_by_bill("100000025")
    assert (overpaid.debt_minor, overpaid.advance_minor, overpaid.due_minor) == (0, 339_48, -339_48)
    assert debtor.month == billed()
    services = {charge.service: charge.purpose for charge in debtor.charges if charge.service}
    assert services == {"reconnection": "other", "meter_replacement": "commercial"}


async def test_the_rate_of_tax_is_that_of_the_month_of_supply(client):
    old, new = await client.charges(DEMO_ACCOUNT, "2025-12"), await client.charges(DEMO_ACCOUNT, "2026-01")
    assert {charge.vat_code for charge in old.charges} == {1}
    assert {charge.vat_code for charge in new.charges} == {11}
    assert {charge.month for charge in old.charges} == {"2025-12"}
    details = await client.details_by_bill(DEBTOR)
    assert [charge.vat_code for charge in details.charges if charge.title in ("Пени", "Входящий остаток")] == [None] * 2


async def test_the_lines_of_every_month_make_its_total_and_its_history(client):
    for account in ACCOUNTS:
        history = await client.history(account, 12)
        assert history.months[0].month == billed()
        assert len(history.months) == 12
        for month in history.months:
            charges = await client.charges(account, month.month)
            assert charges.total_minor == month.charged_minor == sum(line.amount_minor for line in charges.charges)


async def test_the_last_month_of_the_history_ends_with_what_is_owed(client):
    for account in ACCOUNTS:
        history, details = await client.history(account, 1), await client.details_by_bill(account)
        assert history.months[0].balance_minor == details.due_minor


async def test_a_month_without_a_bill_is_none(client):
    assert await client.charges(DEMO_ACCOUNT, "2001-01") is None
    assert await client.charges(DEMO_ACCOUNT, "2099-01") is None


async def test_prices_belong_to_their_dates(client):
    before, after = await client.tariff(DEMO_ACCOUNT, date(2026, 6, 30)), await client.tariff(DEMO_ACCOUNT, today())
    assert (before.valid_until, after.valid_from, after.valid_until) == (date(2026, 6, 30), date(2026, 7, 1), None)
    assert [(price.zone, price.price_minor) for price in after.prices] == [("T1", 714), ("T2", 402)]
    assert [price.price_minor for price in before.prices] == [637, 359]
    ranges = (await client.tariff(ROLLING, today())).prices
    assert [(price.zone, price.up_to_kwh) for price in ranges] == [("T1", 3_900), ("T1", None)]
    assert await client.tariff(DEMO_ACCOUNT, date(1999, 1, 1)) is None


async def test_meters_tell_what_the_rules_of_readings_need(client):
    for account in ACCOUNTS:
        for meter in (await client.meters(account)).meters:
            billed_on = date.fromisoformat(f"{billed()}-25")
            assert meter.digits in (5, 6)
            if account == NEW_METER:
                assert (meter.last_billed, meter.installed_on, meter.average_kwh_month) == ((), billed_on, None)
                continue
            assert [(reading.zone, reading.day) for reading in meter.last_billed] == [
                (zone, billed_on) for zone in meter.zones
            ]
    three, one = (await client.meters(THREE_ZONES)).meters
    assert (three.zones, one.zones) == (("T1", "T2", "T3"), ("T1",))


@pytest.mark.parametrize("ask", ["charges", "history", "tariff", "meters"])
async def test_an_account_that_does_not_exist_has_nothing(client, ask):
    asked = {"charges": [MONTH], "history": [3], "tariff": [today()], "meters": []}[ask]
    assert await getattr(client, ask)(NO_ACCOUNT, *asked) is None


# --- readings --------------------------------------------------------------------------------------------------------


async def readings_of(client, known: str, more: int = 50, **changed: object) -> Readings:
    """Readings `more` kWh above what was billed, in each zone of the first meter."""
    meter: Meter = (await client.meters(known)).meters[0]
    values = tuple(ZoneReading(reading.zone, reading.value + more) for reading in meter.last_billed)
    made: dict[str, object] = {
        "key": f"reading-{next(_keys):04d}",
        "account": known,
        "meter_id": meter.meter_id,
        "taken_on": today(),
        "values": values,
    }
    return Readings(**(made | changed))  # type: ignore[arg-type]


async def test_readings_are_taken_once_however_often_they_are_sent(client, sandbox):
    readings = await readings_of(client, DEMO_ACCOUNT)
    first = await client.post_readings(readings)
    assert isinstance(first, ReadingsTaken)
    assert first.used_for_charging
    assert [await client.post_readings(readings) for _ in range(3)] == [first] * 3
    (kept,) = sandbox.readings(readings.key)
    assert (kept["account"], kept["accepted"]) == (DEMO_ACCOUNT, True)


async def test_a_key_is_never_used_for_other_readings(client, sandbox):
    readings = await readings_of(client, DEMO_ACCOUNT)
    await client.post_readings(readings)
    other = await readings_of(client, DEMO_ACCOUNT, more=60, key=readings.key)
    assert await client.post_readings(other) == ReadingsRefused("key_reused")
    assert len(sandbox.readings(readings.key)) == 1


@pytest.mark.parametrize(("day", "month"), [(25, "2026-11"), (26, "2026-12")])
async def test_readings_after_the_deadline_count_for_the_next_month(client, day, month):
    said = await client.post_readings(await readings_of(client, DEMO_ACCOUNT, more=5, taken_on=date(2026, 11, day)))
    assert isinstance(said, ReadingsTaken)
    assert said.month == month


async def test_readings_of_an_expired_meter_are_taken_but_not_charged(client):
    said = await client.post_readings(await readings_of(client, EXPIRED))
    assert isinstance(said, ReadingsTaken)
    assert not said.used_for_charging


async def test_a_counter_past_its_end_needs_a_word_of_the_customer(client):
    values = (ZoneReading("T1", 120),)
    refused = await client.post_readings(await readings_of(client, ROLLING, values=values))
    assert refused == ReadingsRefused("less_than_previous")
    taken = await client.post_readings(await readings_of(client, ROLLING, values=values, rollover=True))
    assert isinstance(taken, ReadingsTaken)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"meter_id": "0"}, "meter_not_found"),
        ({"account": NO_ACCOUNT}, "account_not_found"),
        ({"values": (ZoneReading("T1", 13_000),)}, "wrong_zones"),
        ({"values": (ZoneReading("T2", 6_000), ZoneReading("T1", 13_000))}, "wrong_zones"),
        ({"values": (ZoneReading("T1", 1_000_000), ZoneReading("T2", 6_000))}, "too_many_digits"),
        ({"values": (ZoneReading("T1", 900_000), ZoneReading("T2", 6_000))}, "too_much"),
        ({"values": (ZoneReading("T1", 1), ZoneReading("T2", 6_000))}, "less_than_previous"),
    ],
)
async def test_readings_that_cannot_be_are_refused_with_their_reason(client, changed, reason):
    assert await client.post_readings(await readings_of(client, DEMO_ACCOUNT, **changed)) == ReadingsRefused(reason)


@pytest.mark.parametrize("mode", ["late", "commit_then_drop", "cut_body", "http_500", "html", "entity_bomb", "swapped"])
async def test_after_any_fault_a_repeat_finds_the_readings_taken_once(client, sandbox, session, mode):
    hasty = AccountsClient(sandbox.url, session, deadline_s=0.3 if mode == "late" else 5)
    readings = await readings_of(client, DEMO_ACCOUNT)
    sandbox.fault(mode, api="readings", delay_s=2)
    with pytest.raises(AccountsUnavailableError):
        await hasty.post_readings(readings)
    assert len(sandbox.readings(readings.key)) == 1
    assert isinstance(await client.post_readings(readings), ReadingsTaken)
    assert len(sandbox.readings(readings.key)) == 1


@pytest.mark.parametrize("mode", ["late", "commit_then_drop", "cut_body", "http_500", "html", "entity_bomb", "swapped"])
async def test_no_fault_gives_somebody_elses_charges(client, sandbox, session, mode):
    hasty = AccountsClient(sandbox.url, session, deadline_s=0.3 if mode == "late" else 5)
    sandbox.fault(mode, api="accounts", delay_s=2)
    with pytest.raises(AccountsUnavailableError):
        await hasty.meters(DEMO_ACCOUNT)
    assert (await client.meters(DEMO_ACCOUNT)).account == DEMO_ACCOUNT


def typed(meter: Meter, more: int) -> dict[str, str]:
    """What the customer types: so many kWh above what was billed in each zone."""
    capacity = 10**meter.digits
    known = {reading.zone: reading.value for reading in meter.last_billed} or dict.fromkeys(meter.zones, 100)
    return {zone: str((value + more) % capacity) for zone, value in known.items()}


async def test_what_the_rules_accept_billing_takes_and_says_the_same_of_it(client):
    """Our nine rules and billing's own are written apart, and agree on every meter."""
    for account in ACCOUNTS:
        for meter in (await client.meters(account)).meters:
            asked = frozenset(Question)  # the customer says yes to whatever he is asked
            said = judge(typed(meter, 40), meter_for_rules(meter), today(), asked)
            assert isinstance(said, Accepted)
            key = f"reading-{next(_keys):04d}"
            sent = readings_for_billing(said, meter, account=account, taken_on=today(), key=key)
            taken = await client.post_readings(sent)
            assert isinstance(taken, ReadingsTaken), (account, taken)
            assert (taken.month, taken.used_for_charging) == (said.period, Notice.NOT_CHARGED not in said.notices)


async def test_a_counter_that_went_past_its_end_is_named_so_to_billing(client):
    (meter,) = (await client.meters(ROLLING)).meters
    said = judge(typed(meter, 200), meter_for_rules(meter), today(), frozenset(Question))
    assert isinstance(said, Accepted)
    sent = readings_for_billing(said, meter, account=ROLLING, taken_on=today(), key=f"reading-{next(_keys):04d}")
    assert (sent.rollover, sent.values[0].value) == (True, 70)
    assert isinstance(await client.post_readings(sent), ReadingsTaken)


# --- peers that break the agreement ----------------------------------------------------------------------------------

LINE = {"title": "x", "amount_minor": 5, "month": MONTH, "vat_code": 11}
CHARGES = {"account": "1", "month": MONTH, "total_minor": 5, "charges": [LINE]}
PAST = {"month": MONTH, "charged_minor": 1, "paid_minor": 1, "balance_minor": 0, "consumption_kwh": 1}
HISTORY = {"account": "1", "months": [PAST, PAST | {"month": "2026-09"}]}
PRICE = {"zone": "T1", "price_minor": 714}
TARIFF = {"account": "1", "title": "x", "valid_from": "2026-07-01", "valid_until": None, "prices": [PRICE]}
READING = {"zone": "T1", "value": 5, "day": "2026-10-25"}
METER = {
    "meter_id": "7",
    "title": "x",
    "zones": ["T1"],
    "digits": 5,
    "last_billed": [READING],
    "average_kwh_month": 100,
    "allowed_kw": 15,
    "verification_until": "2030-01-01",
}
METERS = {"account": "1", "meters": [METER]}
ASK = {
    "charges": lambda client: client.charges("1", MONTH),
    "history": lambda client: client.history("1", 2),
    "tariff": lambda client: client.tariff("1", date(2026, 11, 25)),
    "meters": lambda client: client.meters("1"),
}


async def said_by_peer(session: aiohttp.ClientSession, ask: str, body: object) -> object:
    async def handler(_request: web.Request) -> web.Response:
        return web.Response(body=json.dumps(body).encode())

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    async with TestServer(app) as server:
        return await ASK[ask](AccountsClient(str(server.make_url("/")), session, deadline_s=5))


@pytest.mark.parametrize(
    ("ask", "body"), [("charges", CHARGES), ("history", HISTORY), ("tariff", TARIFF), ("meters", METERS)]
)
async def test_an_agreed_answer_is_read(session, ask, body):
    assert await said_by_peer(session, ask, body) is not None


@pytest.mark.parametrize(
    ("ask", "body"),
    [
        ("charges", CHARGES | {"account": "2"}),
        ("charges", CHARGES | {"month": "2026-09"}),
        ("charges", CHARGES | {"month": "2026-13"}),
        ("charges", CHARGES | {"total_minor": 6}),
        ("charges", CHARGES | {"total_minor": 5.0}),
        ("charges", CHARGES | {"charges": [LINE | {"vat_code": 22}]}),
        ("history", HISTORY | {"months": [PAST, PAST]}),
        ("history", HISTORY | {"months": [PAST | {"month": "2026-09"}, PAST]}),
        ("history", HISTORY | {"months": [PAST | {"consumption_kwh": -1}]}),
        ("tariff", TARIFF | {"valid_from": "2026-12-01"}),
        ("tariff", TARIFF | {"valid_until": "2026-11-24"}),
        ("tariff", TARIFF | {"valid_until": "2026-01-01"}),
        ("tariff", TARIFF | {"prices": []}),
        ("tariff", TARIFF | {"prices": [PRICE | {"price_minor": 7.14}]}),
        ("tariff", TARIFF | {"prices": [PRICE | {"zone": "T4"}]}),
        ("meters", METERS | {"meters": [METER | {"zones": ["T1", "T1"], "last_billed": [READING, READING]}]}),
        ("meters", METERS | {"meters": [METER | {"zones": ["T1", "T2"]}]}),
        ("meters", METERS | {"meters": [METER | {"last_billed": [READING | {"value": 100_000}]}]}),
        ("meters", METERS | {"meters": [METER | {"digits": 0}]}),
        ("meters", METERS | {"meters": [METER | {"last_billed": []}]}),
        ("meters", METERS | {"meters": [METER | {"zones": ["T2"], "last_billed": [READING | {"zone": "T2"}]}]}),
        ("meters", METERS | {"meters": [METER | {"verification_until": "31.12.2030"}]}),
    ],
)
async def test_an_answer_that_contradicts_itself_is_not_believed(session, ask, body):
    with pytest.raises(AccountsUnavailableError):
        await said_by_peer(session, ask, body)
