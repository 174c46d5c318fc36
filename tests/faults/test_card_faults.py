"""Bank terminals in trouble: one answer within its limit, never a second sale, and the bank's books agree with it."""

from __future__ import annotations

import pytest
from card_stand import AMOUNT_MINOR, BENCHES, ONLINE, CardStand

from device_drivers.contract.modem import ModemCloseAsked, ModemDataSent, ModemOpenAsked
from device_drivers.contract.payment_card_reader import CardAnswered, CardOutcome, OperationNamed, StepOutcome
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.simulators.inpas_wire import inpas_frame, inpas_tlv
from device_drivers.simulators.sberbank_wire import sber_wires
from device_drivers.simulators.vendotek_wire import vtk_frame, vtk_tlv

NAMES = tuple(BENCHES)
SCRIPTS = [(name, fault) for name in NAMES for fault in BENCHES[name].faults]
MODEMS = ("vendotek", "inpas", "sberbank")


@pytest.fixture(params=NAMES)
def stand(request):
    return CardStand(request.param).start()


def test_a_sale_is_approved_made_final_and_told_with_no_more_than_a_mask(stand):
    told = stand.sell("op-1")
    assert (told.outcome, told.amount_minor) == (CardOutcome.APPROVED, AMOUNT_MINOR)
    assert stand.capture("op-1") is StepOutcome.DONE
    assert stand.terminal.bank.approved_minor() == AMOUNT_MINOR
    everything = repr(stand.wire.events)
    assert "2202201234561234" not in everything
    assert "220220******1234" in everything
    assert "ОПЛАТА" in told.slip


def test_a_declined_card_takes_nothing(stand):
    stand.wire.hand(do="card", next="decline")
    assert stand.sell("op-1").outcome is CardOutcome.DECLINED
    assert stand.terminal.bank.approved_minor() == 0


def test_nobody_puts_a_card_and_the_sale_ends_by_itself(stand):
    stand.wire.hand(do="card", next="none")
    assert stand.sell("op-1").outcome is CardOutcome.DECLINED
    assert stand.status() == ONLINE


def test_nothing_leaves_before_the_name_is_stored(stand):
    stand.wire.react = lambda event: None
    stand.session.authorize("op-1", AMOUNT_MINOR)
    stand.wire.run(30.0)
    assert [type(event) for event in stand.wire.events[-1:]] == [OperationNamed]
    assert stand.terminal.bank.sales == []
    stand.session.proceed("op-2")  # another one's word
    stand.wire.run(30.0)
    assert stand.terminal.bank.sales == []


def test_a_customer_does_not_wait_for_the_answer_to_a_question_of_ours(stand):
    question = {"inpas": "26", "sberbank": "c0"}.get(stand.name, "IDL")
    stand.fault("lost_answer", to=question, count=5)
    stand.session._next_idle_s = stand.wire.now_s
    stand.wire.run(0.5)
    began_s = stand.wire.now_s
    stand.session.authorize("op-1", AMOUNT_MINOR)
    stand.wire.run_until(lambda: stand.terminal.bank.sales, 60.0)
    assert stand.wire.now_s - began_s < 3


def approval_of_another(name, number):
    """What a terminal says late of an operation of yesterday."""
    if name == "inpas":
        tags = {0x00: b"500", 0x19: b"1", 0x1A: str(number).zfill(10).encode(), 0x27: b"1"}
        return [inpas_frame(inpas_tlv(tags))]
    if name == "sberbank":
        return sber_wires(0, number | 0x80000000, bytes(188))
    values = {1: b"VRP", 3: str(number).encode(), 4: b"500"}
    return [vtk_frame(vtk_tlv(values), serial=name == "vendotek")]


def test_an_answer_to_another_operation_ends_no_sale(stand):
    stand.wire.hand(do="card", next="none")
    stand.session.authorize("op-1", AMOUNT_MINOR)
    stand.wire.run(2.0)
    for wire in approval_of_another(stand.name, int(stand.names["op-1"]) + 7):
        stand.session.receive(wire, stand.wire.now_s)
        stand.wire.run(0.2)
    assert stand.events(CardAnswered) == []
    assert stand.answer(CardAnswered).outcome is CardOutcome.DECLINED


@pytest.mark.parametrize(
    ("name", "wire"), [("inpas", inpas_frame(b"\x19\x02\x0026")), ("sberbank", sber_wires(0, 1, b"12345")[0])]
)
def test_a_damaged_frame_is_answered_with_nak_and_a_good_one_is_not(name, wire):
    session = CardStand(name).start().session
    session.bytes_to_send(5000.0)
    damaged = bytearray(wire)
    damaged[6] ^= 0x01
    session.receive(bytes(damaged), 5000.0)
    session.receive(b"", 5010.0)
    assert b"\x15" in session.bytes_to_send(5010.0)
    session.receive(wire, 5010.0)
    assert session.bytes_to_send(5010.0)[:1] in (b"\x06", b"\x04")


def test_a_second_operation_is_declined_while_one_is_outstanding(stand):
    stand.session.authorize("op-1", AMOUNT_MINOR)
    stand.session.authorize("op-2", AMOUNT_MINOR)
    told = stand.answer(CardAnswered)
    assert (told.operation_id, told.outcome) == ("op-2", CardOutcome.DECLINED)
    assert stand.answer(CardAnswered).outcome is CardOutcome.APPROVED
    assert len(stand.terminal.bank.sales) == 1


@pytest.mark.parametrize("amount_minor", [0, -1, 10**9])
def test_an_amount_no_sale_can_have_is_declined(stand, amount_minor):
    assert stand.sell("op-1", amount_minor).outcome is CardOutcome.DECLINED
    assert stand.terminal.bank.sales == []


def test_a_customer_who_gives_up_is_let_go_before_the_card(stand):
    stand.wire.hand(do="card", next="none")
    stand.session.authorize("op-1", AMOUNT_MINOR)
    stand.wire.run(3.0)
    stand.session.cancel()
    began_s = stand.wire.now_s
    assert stand.answer(CardAnswered).outcome is CardOutcome.DECLINED
    assert stand.wire.now_s - began_s < 15
    assert stand.terminal.bank.approved_minor() == 0


def test_a_sale_that_was_only_named_is_forgotten_when_it_is_cancelled(stand):
    stand.wire.react = lambda event: None
    stand.session.authorize("op-1", AMOUNT_MINOR)
    stand.session.cancel()
    assert stand.answer(CardAnswered).outcome is CardOutcome.DECLINED
    stand.session.proceed("op-1")
    stand.wire.run(10.0)
    assert stand.terminal.bank.sales == []


@pytest.mark.parametrize(("name", "fault"), SCRIPTS)
def test_every_fault_ends_in_one_answer_that_the_banks_books_confirm(name, fault):
    stand = CardStand(name).start()
    stand.fault(fault, to=stand.bench.sale)
    told = stand.sell("op-1")
    taken = stand.settled(told)
    assert len(stand.terminal.bank.sales) <= 1, "a second sale"
    if taken is not None:
        assert stand.terminal.bank.approved_minor() == taken
    else:
        assert not stand.bench.remembers
        assert stand.terminal.bank.approved_minor() == 0  # the reversal found nothing to reverse
    stand.wire.run(60.0)
    assert stand.status() == ONLINE
    again = stand.sell("op-2")
    assert again.outcome is CardOutcome.APPROVED
    assert len({sale.number for sale in stand.terminal.bank.sales}) == len(stand.terminal.bank.sales)


@pytest.mark.parametrize("after_s", [0.0, 0.1, 0.5, 1.0, 1.9, 2.05, 2.2, 5.0])
@pytest.mark.parametrize("name", NAMES)
def test_a_port_pulled_at_any_moment_leaves_one_answer_and_no_second_sale(name, after_s):
    stand = CardStand(name).start()
    stand.session.authorize("op-1", AMOUNT_MINOR)
    stand.wire.run(after_s)
    stand.wire.cut()
    assert stand.status() == StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)
    stand.wire.run(5.0)
    stand.wire.mend()
    stand.wire.run(20.0)
    answers = stand.events(CardAnswered)
    assert len(answers) <= 1
    if "op-1" not in stand.names:
        assert stand.terminal.bank.sales == []
        return
    taken = stand.settled(answers[0] if answers else stand.ask("op-1"))
    assert len(stand.terminal.bank.sales) <= 1
    assert taken is None or stand.terminal.bank.approved_minor() == taken
    assert stand.status() == ONLINE


@pytest.mark.parametrize("after_s", [0.05, 0.3, 1.0, 1.9, 2.01, 2.1, 2.5, 4.0])
@pytest.mark.parametrize("name", NAMES)
def test_a_host_killed_at_any_moment_finds_out_by_the_stored_name(name, after_s):
    stand = CardStand(name).start()
    stand.session.authorize("op-1", AMOUNT_MINOR)
    stand.wire.run(after_s)
    stand.restart_host()
    stand.wire.run(10.0)
    taken = stand.settled(stand.ask("op-1"))
    assert len(stand.terminal.bank.sales) <= 1
    assert taken is None or stand.terminal.bank.approved_minor() == taken
    if stand.bench.remembers:
        assert taken is not None


class CutAtByte:
    """A terminal that loses power when this many bytes, of either side, have passed."""

    def __init__(self, device, count):
        self._device, self._left = device, count
        self.wakes_at_s, self.control = device.wakes_at_s, device.control

    def feed(self, chunk, now_s):
        said = self._device.feed(self._passed(chunk), now_s)
        if self._left == 0:
            self._cut(now_s)
            return b""
        said = self._passed(said)
        if self._left == 0:
            self._cut(now_s)
        return said

    def _passed(self, data):
        if self._left is None:
            return data
        data = data[: self._left]
        self._left -= len(data)
        return data

    def _cut(self, now_s):
        self._left = None
        self._device.control({"do": "power_cut", "off_s": 3.0}, now_s)


@pytest.mark.parametrize("name", NAMES)
def test_power_lost_at_any_byte_of_the_dialogue_is_no_second_sale(name):
    stand = CardStand(name).start()
    dry = len(b"".join(data for _, _, data in stand.wire.wire_log))
    stand.settled(stand.sell("op-1"))
    whole = len(b"".join(data for _, _, data in stand.wire.wire_log)) - dry
    for count in range(1, whole, 5 if stand.bench.remembers else 19):
        fresh = CardStand(name).start()
        fresh.wire.simulator = CutAtByte(fresh.terminal, count)
        taken = fresh.settled(fresh.sell("op-1"))
        assert len(fresh.terminal.bank.sales) <= 1, count
        assert fresh.terminal.bank.approved_minor() == (taken or 0), count
        if fresh.bench.remembers:
            assert taken is not None, count


def test_an_operation_that_was_never_sent_is_declined_and_reversed_without_a_word(stand):
    wire = len(stand.wire.wire_log)
    stand.session.last_result("op-9", "", AMOUNT_MINOR)
    assert stand.answer(CardAnswered).outcome is CardOutcome.DECLINED
    assert stand.reverse("op-9") is StepOutcome.DONE
    assert not any(b"VRP" in data for _, side, data in stand.wire.wire_log[wire:] if side == "host")


def test_a_dead_terminal_is_told_so_and_declines(stand):
    stand.wire.hand(do="power_cut", off_s=900)
    stand.wire.run(800.0)
    assert stand.status() == StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER)
    assert stand.sell("op-1").outcome is CardOutcome.DECLINED
    stand.wire.run(300.0)
    assert stand.status() == ONLINE
    assert stand.sell("op-2").outcome is CardOutcome.APPROVED


def test_noise_on_the_line_begins_no_sale_and_stops_nothing(stand):
    for noise in (b"\x00\xff\x80", b"\x02\xf0\x06\x15\x05", bytes(range(256)), b"\x1f\x00\x40\x97\xfb", b"\x02#AAAA"):
        stand.session.receive(noise, stand.wire.now_s)
        stand.wire.run(10.0)
    stand.wire.run(30.0)
    assert stand.terminal.bank.sales == []
    assert stand.sell("op-1").outcome is CardOutcome.APPROVED


# --- Vendotek alone: held approvals -----------------------------------------------------------------------------------


@pytest.fixture
def vendotek():
    return CardStand("vendotek").start()


@pytest.mark.parametrize("fault", ["lost_message", "power_cut_before"])
def test_a_sale_that_never_reached_the_terminal_is_declined_and_not_begun_by_the_question(vendotek, fault):
    vendotek.fault(fault, to="VRP")
    assert vendotek.sell("op-1").outcome is CardOutcome.DECLINED
    assert vendotek.terminal.bank.sales == []


def test_an_approval_is_reversed_before_it_is_final_and_refused_after(vendotek):
    vendotek.sell("op-1")
    assert vendotek.reverse("op-1") is StepOutcome.DONE
    assert vendotek.terminal.bank.approved_minor() == 0
    vendotek.sell("op-2")
    assert vendotek.capture("op-2") is StepOutcome.DONE
    assert vendotek.reverse("op-2") is StepOutcome.REFUSED
    assert vendotek.terminal.bank.approved_minor() == AMOUNT_MINOR


def test_an_approval_the_terminal_gave_back_by_itself_cannot_be_captured(vendotek):
    vendotek.sell("op-1")
    vendotek.wire.run(120.0)
    assert vendotek.capture("op-1") is StepOutcome.REFUSED
    assert vendotek.terminal.bank.approved_minor() == 0


@pytest.mark.parametrize("fault", ["lost_message", "lost_answer", "bad_crc", "power_cut_before", "power_cut_after"])
def test_a_lost_fin_is_repeated_with_its_number(vendotek, fault):
    vendotek.sell("op-1")
    vendotek.fault(fault, to="FIN")
    assert vendotek.capture("op-1") in (StepOutcome.DONE, StepOutcome.REFUSED)
    (sale,) = vendotek.terminal.bank.sales
    assert vendotek.terminal.bank.approved_minor() == (sale.final_minor or 0)


def test_a_fin_with_another_amount_is_no_end(vendotek):
    vendotek.sell("op-1")
    vendotek.fault("wrong_amount", to="FIN")
    assert vendotek.capture("op-1") is StepOutcome.UNKNOWN


def test_a_part_of_the_amount_is_told_as_it_is(vendotek):
    vendotek.wire.hand(do="card", next="partial")
    told = vendotek.sell("op-1")
    assert (told.outcome, told.amount_minor) == (CardOutcome.APPROVED, AMOUNT_MINOR // 2)


def test_a_terminal_that_went_on_without_us_makes_the_operation_unknown(vendotek):
    vendotek.sell("op-1")
    vendotek.terminal.bank.begin(2, 100, vendotek.wire.now_s)
    vendotek.terminal.bank.end_waiting()
    assert vendotek.ask("op-1").outcome is CardOutcome.UNKNOWN


@pytest.mark.parametrize("name", ["inpas", "sberbank"])
def test_a_settlement_agrees_or_gets_no_answer(name):
    stand = CardStand(name).start()
    assert stand.settle().agreed is True
    stand.wire.hand(do="power_cut", off_s=600)
    assert stand.settle().agreed is None


def test_a_reversal_gives_the_money_back(stand):
    stand.sell("op-1")
    assert stand.reverse("op-1") is StepOutcome.DONE
    assert stand.terminal.bank.approved_minor() == 0


@pytest.mark.parametrize("stand", ["inpas", "sberbank"], indirect=True)
def test_a_refusal_after_a_reversal_nobody_answered_proves_nothing(stand):
    stand.sell("op-1")
    stand.fault("lost_answer", to={"inpas": "53", "sberbank": "reversal"}[stand.name])
    assert stand.reverse("op-1") is StepOutcome.UNKNOWN
    assert stand.terminal.bank.approved_minor() == 0, "the first one was done"
    assert stand.reverse("op-1") is StepOutcome.REFUSED, "a refusal of the only try is told as it is"


# --- our network at the terminal's call -------------------------------------------------------------------------------


def heard_by_terminal(stand):
    return repr(getattr(stand.terminal, "modem_heard", []) or getattr(stand.terminal, "call_answers", []))


@pytest.mark.parametrize("name", MODEMS)
def test_a_terminal_uses_our_network_through_the_owner_of_the_connection(name):
    stand = CardStand(name).start()
    stand.wire.hand(do="connect", port=4433)
    stand.wire.run(1.0)
    assert ModemOpenAsked("127.0.0.1", 4433) in stand.wire.events
    stand.session.modem_opened(True)
    stand.wire.run(1.0)
    stand.wire.hand(do="send", hex=b"to the bank".hex())
    stand.wire.run(1.0)
    assert ModemDataSent(b"to the bank") in stand.wire.events
    stand.session.modem_received(b"from the bank")
    if name != "vendotek":
        stand.wire.hand(do="fetch")
    stand.wire.run(1.0)
    assert "from the bank" in heard_by_terminal(stand)
    if name != "vendotek":
        stand.wire.hand(do="hang_up")
        stand.wire.run(1.0)
        assert ModemCloseAsked() in stand.wire.events
    stand.session.modem_closed()
    stand.wire.run(1.0)
    assert stand.sell("op-1").outcome is CardOutcome.APPROVED


@pytest.mark.parametrize("name", MODEMS)
def test_a_refused_connection_is_answered_and_the_terminal_goes_on(name):
    stand = CardStand(name).start()
    stand.wire.hand(do="connect", port=4433)
    stand.wire.run(1.0)
    stand.session.modem_opened(False)
    stand.wire.run(1.0)
    assert heard_by_terminal(stand) != "[]"
    stand.session.modem_received(b"of no connection")
    stand.session.modem_closed()
    assert stand.sell("op-1").outcome is CardOutcome.APPROVED
