"""The coin session against an acceptor that lies: each coin is credited once with its counter, or its loss is told."""

from __future__ import annotations

import random

import pytest

from device_drivers.catalog import make_coin_acceptor
from device_drivers.contract.cash import CashItem, RejectReason
from device_drivers.contract.coin_acceptor import (
    CoinAccepted,
    CoinCounterReset,
    CoinEventsLost,
    CoinItemsKnown,
    CoinRejected,
    CoinsRemembered,
)
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.simulators.cctalk_coins import CctalkCoinSimulator
from device_drivers.simulators.cctalk_wire import CctalkForm
from device_drivers.simulators.virtual_time import VirtualWire

COINS = frozenset(CashItem(rubles * 100) for rubles in (1, 2, 5, 10))
ONLINE = StatusChanged(DeviceState.ONLINE)
FORMS = {
    "plain": ("cctalk", CctalkForm(), False),
    "with echo": ("cctalk", CctalkForm(), True),
    "with crc": ("cctalk?variant=crc16", CctalkForm("crc16"), False),
    "enciphered": ("cctalk?key=123456", CctalkForm("crc16", "123456"), True),
}
FAULTS = ("bad_crc", "lost_answer", "late_answer", "doubled_answer", "junk", "cut_frame", "pause_inside", "nak", "busy")


class Stand:
    def __init__(self, form="plain", *, chunk_size=512, resume=None):
        self.url, wire_form, echo = FORMS[form]
        self.session = make_coin_acceptor(self.url)
        if resume is not None:
            self.session.resume(resume)
        self.session.enable(COINS)
        simulator = CctalkCoinSimulator(form=wire_form, echo=echo)
        self.wire = VirtualWire(self.session, simulator, chunk_size=chunk_size)

    def until_online(self):
        self.wire.run_until(lambda: self.status() == ONLINE and self.device()["state"] == "idling", 60.0)
        assert self.status() == ONLINE
        assert self.device()["state"] == "idling"

    def insert(self, value_minor=500):
        self.wire.hand(do="insert", value_minor=value_minor)

    def device(self):
        return self.wire.hand(do="state")

    def told(self, kind):
        return [event for event in self.wire.events if isinstance(event, kind)]

    def status(self):
        return next((event for event in reversed(self.wire.events) if isinstance(event, StatusChanged)), None)

    def fresh_session(self, resume=None):
        self.session = self.wire.session = make_coin_acceptor(self.url)
        self.session.enable(COINS)
        if resume is not None:
            self.session.resume(resume)

    def assert_each_coin_is_told_once(self):
        told = self.told(CoinAccepted)
        assert sum(event.cash_item.value_minor for event in told) == self.device()["box"]["total_minor"]
        assert len(told) == self.device()["box"]["count"]


@pytest.fixture(params=["plain", "enciphered"])
def stand(request):
    stand = Stand(request.param)
    stand.until_online()
    return stand


@pytest.mark.parametrize("form", FORMS)
def test_coins_are_credited_with_the_counter_of_their_event(form):
    stand = Stand(form)
    stand.until_online()
    for value in (100, 200, 500, 1000):
        stand.insert(value)
        stand.wire.run(0.3)
    assert stand.told(CoinAccepted) == [
        CoinAccepted(CashItem(100), 1),
        CoinAccepted(CashItem(200), 2),
        CoinAccepted(CashItem(500), 3),
        CoinAccepted(CashItem(1000), 4),
    ]
    assert stand.told(CoinItemsKnown) == [CoinItemsKnown(tuple(sorted(COINS)))]


def test_the_counter_goes_from_255_to_1_and_no_coin_is_lost_or_doubled(stand):
    for _ in range(260):
        stand.insert(100)
        stand.wire.run(0.12)
    stand.wire.run(1.0)
    counters = [event.counter for event in stand.told(CoinAccepted)]
    assert counters == [at % 255 + 1 for at in range(260)]
    stand.assert_each_coin_is_told_once()


@pytest.mark.parametrize("count", [1, 3, 10])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_on_the_wire_costs_no_coin_and_doubles_none(fault, count):
    stand = Stand(chunk_size=3)
    stand.wire.hand(do="fault", name=fault, count=count)
    stand.until_online()
    for _ in range(4):
        stand.wire.hand(do="fault", name=fault, count=count, to="poll")
        stand.insert()
        stand.wire.run(0.5)
    stand.wire.run(20.0)
    stand.until_online()
    stand.assert_each_coin_is_told_once()
    assert len(stand.told(CoinAccepted)) >= 1
    assert not stand.told(CoinEventsLost)


def test_coins_that_fell_while_the_port_was_gone_are_credited_when_it_is_back(stand):
    stand.insert()
    stand.wire.cut()
    assert stand.status() == StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)
    stand.wire.run(5.0)
    stand.wire.mend()
    stand.until_online()
    stand.assert_each_coin_is_told_once()
    assert len(stand.told(CoinAccepted)) == 1


def test_more_than_five_unread_events_are_an_alert_and_the_five_newest_are_credited(stand):
    for _ in range(8):
        stand.insert()
    stand.wire.cut()
    stand.wire.run(2.0)
    stand.wire.mend()
    stand.until_online()
    assert [event.counter for event in stand.told(CoinAccepted)] == [4, 5, 6, 7, 8]
    assert stand.told(CoinEventsLost) == [CoinEventsLost(3)]


def test_a_session_that_resumes_at_a_counter_credits_what_came_after_it(stand):
    for _ in range(3):
        stand.insert()
        stand.wire.run(0.3)
    stand.wire.events.clear()
    stand.fresh_session(resume=2)
    stand.until_online()
    assert stand.told(CoinAccepted) == [CoinAccepted(CashItem(500), 3)]
    assert not stand.told(CoinsRemembered)


def test_the_past_is_told_before_a_rejection_that_came_while_the_ids_were_read(stand):
    """Told in another order the counter would be set back, and the next coin would look like a loss."""
    stand.wire.events.clear()
    stand.fresh_session()
    while not any(kind is Identified for kind in map(type, stand.wire.events)):
        stand.insert(0)  # a token, again and again until the start is over
        stand.wire.run(0.05)
    stand.until_online()
    numbered = [event for event in stand.wire.events if isinstance(event, CoinsRemembered | CoinRejected)]
    assert isinstance(numbered[0], CoinsRemembered)
    assert [event.counter for event in numbered[1:]] == list(
        range(numbered[0].counter + 1, len(numbered) + numbered[0].counter)
    )
    assert len(numbered) > 2


def test_without_a_counter_the_past_is_remembered_and_nothing_of_it_is_credited(stand):
    stand.insert(1000)
    stand.wire.run(0.3)
    stand.insert(500)
    stand.wire.run(0.3)
    stand.wire.events.clear()
    stand.fresh_session()
    stand.until_online()
    assert not stand.told(CoinAccepted)
    assert stand.told(CoinsRemembered) == [CoinsRemembered((CashItem(500), CashItem(1000)), 2)]
    stand.insert(100)
    stand.wire.run(0.5)
    assert stand.told(CoinAccepted) == [CoinAccepted(CashItem(100), 3)]


def test_another_acceptor_at_this_port_is_credited_nothing_of_its_own_past():
    stand = Stand()
    stand.until_online()
    stand.insert()
    stand.wire.run(0.5)
    stand.wire.cut()
    other = CctalkCoinSimulator(serial=777)
    other._ring.add(5, 1)
    other._ring.add(5, 1)
    stand.wire.simulator = other
    stand.wire.run(2.0)
    stand.wire.mend()
    stand.until_online()
    assert stand.told(CoinAccepted) == [CoinAccepted(CashItem(500), 1)]
    assert stand.told(CoinsRemembered)[-1] == CoinsRemembered((CashItem(500), CashItem(500)), 2)


@pytest.mark.parametrize(("serial", "credited"), [("513", 1), ("", 1), ("777", 0)])
def test_a_counter_on_record_is_believed_of_the_device_that_counted_it(serial, credited):
    stand = Stand()
    stand.until_online()
    stand.insert()
    stand.wire.run(0.5)
    stand.wire.events.clear()
    stand.session = stand.wire.session = make_coin_acceptor("cctalk")
    stand.session.enable(COINS)
    stand.session.resume(0, serial)
    stand.until_online()
    assert len(stand.told(CoinAccepted)) == credited


@pytest.mark.parametrize("off_s", [0.3, 3.0, 30.0])
def test_a_power_cut_is_told_as_a_counter_that_began_anew_and_no_coin_is_doubled(stand, off_s):
    stand.insert()
    stand.wire.run(0.5)
    stand.wire.hand(do="power_cut", off_s=off_s)
    stand.wire.run(off_s + 1.0)
    stand.until_online()
    assert stand.told(CoinCounterReset) == [CoinCounterReset()]
    stand.insert()
    stand.wire.run(1.0)
    assert stand.told(CoinAccepted) == [CoinAccepted(CashItem(500), 1)] * 2  # two coins: the reset stands between
    stand.assert_each_coin_is_told_once()


def test_a_power_cut_before_the_first_coin_is_noticed_by_the_mask_that_is_gone(stand):
    stand.wire.hand(do="power_cut", off_s=0.4)
    stand.wire.run(3.0)
    stand.until_online()
    assert stand.told(CoinCounterReset) == [CoinCounterReset()]


def test_a_strange_coin_and_a_disabled_one_are_rejected_with_their_reasons(stand):
    stand.session.enable(COINS - {CashItem(100)})
    stand.wire.run(2.0)
    stand.insert(0)
    stand.wire.run(0.3)
    stand.insert(100)
    stand.wire.run(0.3)
    assert [(event.reason, event.counter) for event in stand.told(CoinRejected)] == [
        (RejectReason.NOT_RECOGNISED, 1),
        (RejectReason.INHIBITED, 2),
    ]
    assert not stand.told(CoinAccepted)


def test_disable_stops_the_coins(stand):
    stand.session.disable()
    stand.wire.run(1.0)
    assert stand.device()["enabled_minor"] == []


def test_a_coin_on_a_string_is_told_as_fraud_and_service_goes_on(stand):
    stand.wire.hand(do="cheat")
    stand.wire.run(1.0)
    assert (stand.status().state, stand.status().fault) == (DeviceState.FRAUD_ATTEMPT, Fault.CHEATED)
    stand.until_online()


def test_a_jam_is_told_and_ends_with_a_self_check_without_a_fault(stand):
    stand.wire.hand(do="jam")
    stand.wire.run(20.0)
    assert (stand.status().state, stand.status().fault) == (DeviceState.HARDWARE_ERROR, Fault.JAMMED)
    assert stand.device()["enabled_minor"] == []
    stand.wire.hand(do="clear")
    stand.wire.run(6.0)
    stand.until_online()


def test_reset_lets_the_counter_begin_anew_and_loses_no_coin(stand):
    stand.insert()
    stand.wire.run(0.5)
    stand.session.reset()
    stand.wire.run(2.0)
    stand.until_online()
    stand.insert()
    stand.wire.run(1.0)
    stand.assert_each_coin_is_told_once()


def test_a_silent_acceptor_is_offline_and_heals(stand):
    stand.wire.hand(do="fault", name="lost_answer", count=40)
    stand.wire.run(9.0)
    assert stand.status() == StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER)
    stand.wire.run(40.0)
    stand.until_online()


def test_a_storm_of_coins_faults_and_pulled_ports_doubles_none_and_tells_of_each_loss():
    dice = random.Random(5)
    stand = Stand(chunk_size=2)
    stand.until_online()
    for _ in range(120):
        if dice.random() < 0.3:
            stand.wire.hand(do="fault", name=dice.choice(FAULTS), count=dice.randint(1, 4))
        if stand.device()["state"] == "idling":
            stand.insert(dice.choice([0, 100, 500, 1000]))
        stand.wire.run(dice.uniform(0.3, 2.0))
        if dice.random() < 0.05:
            stand.wire.cut()
            stand.wire.run(dice.uniform(0.1, 8.0))
            stand.wire.mend()
    stand.wire.run(30.0)
    stand.until_online()
    told, lost = len(stand.told(CoinAccepted)), sum(event.count for event in stand.told(CoinEventsLost))
    assert told > 40
    assert told <= stand.device()["box"]["count"] <= told + lost  # what a busy device could not tell is an alert
    counters = [event.counter for event in stand.told(CoinAccepted)]
    assert counters == sorted(set(counters))


@pytest.mark.parametrize(
    "query", ["variant=crc8", "key=12345", "key=12345x", "key=123456&variant=checksum8", "address=1", "wide=1"]
)
def test_an_option_that_makes_no_sense_is_refused(query):
    with pytest.raises(DeviceUrlError):
        make_coin_acceptor(f"cctalk?{query}")
