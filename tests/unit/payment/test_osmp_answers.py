"""Every answer of billing that is not surely an answer leaves the payment unknown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payment.billing.osmp_answers import (
    COMMENT_LENGTH_MAX,
    DETAILS_MAX,
    CommandMissingError,
    confirmed_cancel,
    encoded,
    parameters,
    read_cancel,
    read_check,
    read_pay,
    read_status,
)
from payment.billing.osmp_dialects import (
    DIALECTS,
    OSMP,
    OSMP_CANCEL,
    OSMP_POST,
    OSMP_REVERSE,
    CancelOutcome,
    CheckOutcome,
    Command,
    PaymentStatus,
)
from payment.contract import PayAnswered, PayOutcome, PayRequest
from payment.sandbox.faults import ENTITY_BOMB

TXN_ID, AMOUNT_MINOR = "12345678901234567890", 200_05
REQUEST = PayRequest(TXN_ID, "20261123141200", "001234567", AMOUNT_MINOR)
# The answer as the protocol's description prints it, with a sum whose kopecks begin with a zero.
PUBLISHED = (
    "<?xml version='1.0' encoding='{encoding}'?><response><osmp_txn_id>12345678901234567890</osmp_txn_id>"
    "<prv_txn>2016</prv_txn><sum>200.05</sum><result>0</result><comment>{comment}</comment></response>"
)


def answer(**changed: str) -> bytes:
    fields = {"osmp_txn_id": TXN_ID, "prv_txn": "2016", "sum": "200.05", "result": "0", "comment": "OK"} | changed
    return f"<response>{''.join(f'<{name}>{value}</{name}>' for name, value in fields.items())}</response>".encode()


def outcome(body: bytes) -> PayOutcome:
    return read_pay(body, REQUEST, OSMP).outcome


@pytest.mark.parametrize("encoding", ["UTF-8", "windows-1251", "koi8-r", "UTF-16"])
def test_the_published_answer_is_a_credit_in_any_declared_encoding(encoding):
    body = PUBLISHED.format(encoding=encoding, comment="Платёж принят").encode(encoding)
    credited = PayAnswered(TXN_ID, PayOutcome.CREDITED, "2016", 0, "Платёж принят")
    assert read_pay(body, REQUEST, OSMP) == credited


@pytest.mark.parametrize(
    ("result", "meant"),
    [
        (0, PayOutcome.CREDITED),
        (1, PayOutcome.UNKNOWN),
        (90, PayOutcome.UNKNOWN),
        *((code, PayOutcome.REFUSED) for code in (4, 5, 7, 8, 79, 241, 242, 243, 300)),
    ],
)
def test_every_result_of_the_protocol_means_what_its_table_says(result, meant):
    said = read_pay(answer(result=str(result)), REQUEST, OSMP)
    assert (said.outcome, said.result_code) == (meant, result)
    assert set(OSMP.pay_results) >= {result}


@pytest.mark.parametrize("result", ["2", "-1", "", "0x0", "00000", "٠", "0.0", "999999999999"])
def test_a_result_out_of_the_table_is_unknown(result):
    assert outcome(answer(result=result)) is PayOutcome.UNKNOWN


@pytest.mark.parametrize("txn_id", ["1", "", "012345678901234567890", TXN_ID[:-1]])
@pytest.mark.parametrize("result", ["0", "5"])
def test_the_answer_of_another_transaction_decides_nothing(txn_id, result):
    assert outcome(answer(osmp_txn_id=txn_id, result=result)) is PayOutcome.UNKNOWN


@pytest.mark.parametrize("changed", ["200.5", "200.06", "20005", "200", "", "200.050", "-200.05", "2e2"])
def test_a_credit_of_another_sum_waits_for_a_person(changed):
    credited = outcome(answer(sum=changed))
    assert credited is PayOutcome.UNKNOWN


@pytest.mark.parametrize("prv_txn", ["", "abc", "1" * 21, "٥"])
def test_a_credit_without_the_providers_number_is_unknown(prv_txn):
    assert outcome(answer(prv_txn=prv_txn)) is PayOutcome.UNKNOWN


def test_a_final_refusal_needs_neither_sum_nor_number():
    body = f"<response><osmp_txn_id>{TXN_ID}</osmp_txn_id><result>79</result></response>".encode()
    assert read_pay(body, REQUEST, OSMP) == PayAnswered(TXN_ID, PayOutcome.REFUSED, "", 79, "")


def test_an_answer_cut_anywhere_is_unknown():
    whole = answer()
    assert outcome(whole) is PayOutcome.CREDITED
    assert {outcome(whole[:size]) for size in range(len(whole))} == {PayOutcome.UNKNOWN}


@pytest.mark.parametrize(
    "body",
    [
        answer() * 2,
        answer() + b"\n<!-- --><p>",
        answer().replace(b"<result>0</result>", b"<result>0</result><result>5</result>"),
        answer().replace(b"<result>0</result>", b"<result>0<b>5</b></result>"),
        answer().replace(b"response", b"html"),
        b"<wrap>" + answer() + b"</wrap>",
        b"<response>" + b"<a>" * 9 + b"</a>" * 9 + b"</response>",
        b"<!DOCTYPE html><html><body>works</body></html>",
        b"{}",
        b"\x00" * 100,
        b"<?xml version='1.0' encoding='klingon'?>" + answer(),
        b"<?xml version='1.0' encoding='shift_jis'?>" + answer(),
    ],
    ids=[
        "twice",
        "tail",
        "two results",
        "nested",
        "html root",
        "wrapped",
        "deep",
        "html",
        "json",
        "zeros",
        "klingon",
        "jis",
    ],
)
def test_what_only_looks_like_an_answer_is_unknown(body):
    assert outcome(body) is PayOutcome.UNKNOWN


@pytest.mark.parametrize(
    "head",
    [
        b"<!DOCTYPE response>",
        b'<!DOCTYPE response [<!ENTITY id "12345678901234567890">]>',
        b'<!DOCTYPE response SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE response [<!ENTITY % remote SYSTEM "http://127.0.0.1/x.dtd"> %remote;]>',
    ],
)
def test_no_document_type_is_read(head):
    said = read_pay(head + answer(), REQUEST, OSMP)
    assert (said.outcome, said.comment) == (PayOutcome.UNKNOWN, "a document type, so entities, in the answer")


def test_an_entity_bomb_is_refused_before_it_grows():
    said = read_pay(ENTITY_BOMB, REQUEST, OSMP)
    assert (said.outcome, said.comment) == (PayOutcome.UNKNOWN, "a document type, so entities, in the answer")


def test_what_a_dialect_adds_is_skipped():
    more = (
        b"<balance>1.00</balance><fields><field1 name='fio'>x</field1><result>5</result></fields><balance>2</balance>"
    )
    assert outcome(answer().replace(b"<result>", more + b"<result>", 1)) is PayOutcome.CREDITED


def test_a_deep_nest_is_left_before_it_grows():
    nest = b"<more>" + b"<a>" * 6 + b"</a>" * 6 + b"</more>"
    assert outcome(answer().replace(b"<result>", nest + b"<result>", 1)) is PayOutcome.CREDITED
    deeper = nest.replace(b"<more>", b"<more><b>").replace(b"</more>", b"</b></more>")
    said = read_pay(answer().replace(b"<result>", deeper + b"<result>", 1), REQUEST, OSMP)
    assert (said.outcome, said.comment) == (PayOutcome.UNKNOWN, "the answer is nested too deep")


def test_a_comment_is_short_and_has_no_control_signs():
    said = read_pay(answer(comment="Б\u202e\n\tы" + "а" * 500), REQUEST, OSMP)
    assert said.comment.startswith("Быа")
    assert len(said.comment) == COMMENT_LENGTH_MAX


@settings(deadline=None)
@given(
    body=st.one_of(
        st.binary(max_size=300), st.text(max_size=100).map(lambda text: f"<response>{text}</response>".encode())
    )
)
def test_any_bytes_end_in_an_answer_and_never_in_an_error(body):
    assert outcome(body) is PayOutcome.UNKNOWN


@settings(deadline=None)
@given(at=st.integers(0, len(answer()) - 1), byte=st.integers(0, 255))
def test_a_changed_byte_never_credits_another_payment(at, byte):
    damaged = bytearray(answer())
    damaged[at] = byte
    if outcome(bytes(damaged)) is PayOutcome.CREDITED:
        kept = (TXN_ID.encode(), b"<result>0</result>", b"</sum>")
        assert all(part in damaged for part in kept)


# --- dialects --------------------------------------------------------------------------------------------------------


def test_a_request_speaks_the_names_of_the_protocol():
    request = PayRequest("1234567", "20261123141200", "001234567", 200_00)
    # Published: OSMP/QIWI, "Interface of data exchange with providers".
    assert encoded(OSMP, parameters(OSMP, Command.CHECK, request)) == (
        "command=check&txn_id=1234567&account=001234567&sum=200.00"
    )
    assert encoded(OSMP, parameters(OSMP, Command.PAY, request)) == (
        "command=pay&txn_id=1234567&txn_date=20261123141200&account=001234567&sum=200.00"
    )


def test_a_gateway_with_other_names_is_a_row_of_the_table():
    request = PayRequest("42", "20261123141200", "ЛС 7", 1136_85)
    assert encoded(OSMP_REVERSE, parameters(OSMP_REVERSE, Command.PAY, request)) == (
        "action=pay&txn_id=42&date=20261123141200&account=%CB%D1+7&amount=1136.85"
    )
    assert encoded(OSMP_REVERSE, parameters(OSMP_REVERSE, Command.CANCEL, request, "2016")) == (
        "action=reverse&txn_id=42&authcode=2016&amount=1136.85"
    )
    assert encoded(OSMP_CANCEL, parameters(OSMP_CANCEL, Command.CANCEL, request, "2016")) == (
        "command=cancel&txn_id=42&prv_txn=2016"
    )


@pytest.mark.parametrize("dialect", [OSMP, OSMP_POST], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("command", [Command.CANCEL, Command.STATUS])
def test_a_command_that_the_base_protocol_lacks_is_never_sent(dialect, command):
    with pytest.raises(CommandMissingError):
        parameters(dialect, command, REQUEST)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_every_dialect_has_a_meaning_for_whatever_it_may_ask(dialect):
    assert DIALECTS[dialect.name] is dialect
    tables = {
        Command.CHECK: dialect.check_results,
        Command.PAY: dialect.pay_results,
        Command.CANCEL: dialect.cancel_results,
        Command.STATUS: dialect.status_results,
    }
    assert all((0 in tables[command]) is (command in dialect.calls) for command in Command)
    assert all(parameter in dialect.names for _, carried in dialect.calls.values() for parameter in carried)


@pytest.mark.parametrize("code", [8, 243, 300])
def test_the_same_code_is_final_in_one_contract_and_repeated_in_another(code):
    older = f"<response><txn_id>{TXN_ID}</txn_id><code>{code}</code></response>".encode()
    assert read_pay(older, REQUEST, OSMP_REVERSE).outcome is PayOutcome.UNKNOWN
    assert outcome(answer(result=str(code))) is PayOutcome.REFUSED


def test_the_answer_of_one_dialect_decides_nothing_in_another():
    older = (
        f"<response><txn_id>{TXN_ID}</txn_id><authcode>1</authcode><amount>200.05</amount><code>0</code></response>"
    ).encode()
    assert read_pay(older, REQUEST, OSMP_REVERSE).outcome is PayOutcome.CREDITED
    assert read_pay(older, REQUEST, OSMP).outcome is PayOutcome.UNKNOWN
    assert read_pay(answer(), REQUEST, OSMP_REVERSE).outcome is PayOutcome.UNKNOWN


@pytest.mark.parametrize(
    ("code", "cancel", "status"),
    [
        (0, CancelOutcome.CANCELLED, PaymentStatus.CREDITED),
        (1, CancelOutcome.UNKNOWN, PaymentStatus.UNKNOWN),
        (7, CancelOutcome.REFUSED, PaymentStatus.UNKNOWN),
        (90, CancelOutcome.UNKNOWN, PaymentStatus.IN_PROGRESS),
        (160, CancelOutcome.UNKNOWN, PaymentStatus.CANCELLED),
        (210, CancelOutcome.REFUSED, PaymentStatus.NOT_FOUND),
        (300, CancelOutcome.UNKNOWN, PaymentStatus.UNKNOWN),
    ],
)
def test_cancel_and_status_have_code_tables_of_their_own(code, cancel, status):
    body = answer(result=str(code))
    assert read_cancel(body, TXN_ID, OSMP_CANCEL).outcome is cancel
    assert read_status(body, REQUEST, OSMP_CANCEL).status is status


def test_cancel_and_status_of_another_transaction_decide_nothing():
    body = answer(osmp_txn_id="41")
    assert read_cancel(body, TXN_ID, OSMP_CANCEL).outcome is CancelOutcome.UNKNOWN
    assert read_status(body, REQUEST, OSMP_CANCEL).status is PaymentStatus.UNKNOWN
    assert read_check(body, REQUEST, OSMP).outcome is CheckOutcome.UNKNOWN


def test_a_cancel_is_done_only_when_the_status_bears_it_out():
    done = read_cancel(answer(), TXN_ID, OSMP_CANCEL)  # the bytes of the pay's own answer
    assert done.outcome is CancelOutcome.CANCELLED
    for code, meant in ((160, CancelOutcome.CANCELLED), (0, CancelOutcome.UNKNOWN), (90, CancelOutcome.UNKNOWN)):
        known = read_status(answer(result=str(code)), REQUEST, OSMP_CANCEL)
        assert confirmed_cancel(done, known).outcome is meant


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_who_knows_a_cancel_knows_a_status_too(dialect):
    assert (Command.CANCEL in dialect.calls) is (Command.STATUS in dialect.calls)


def test_a_status_of_another_sum_is_no_credit():
    assert read_status(answer(sum="200.06"), REQUEST, OSMP_CANCEL).status is PaymentStatus.UNKNOWN


def test_a_check_tells_what_the_provider_says_of_the_account():
    body = (
        f"<response><osmp_txn_id>{TXN_ID}</osmp_txn_id><result>0</result><comment/>"
        "<fields><field1 name='fio'>Бел• И. П.</field1><field2 type='disp'>1543.21</field2></fields></response>"
    ).encode()
    said = read_check(body, REQUEST, OSMP)
    assert (said.outcome, said.result_code) == (CheckOutcome.MAY_PAY, 0)
    assert said.details == (("fio", "Бел• И. П."), ("field2", "1543.21"))
    many = answer().replace(b"<comment>", b"<fields>" + b"<a>x</a>" * 99 + b"</fields><comment>")
    assert len(read_check(many, REQUEST, OSMP).details) == DETAILS_MAX
    assert read_check(answer(result="79"), REQUEST, OSMP).outcome is CheckOutcome.REFUSED
    assert read_check(answer(result="1"), REQUEST, OSMP).outcome is CheckOutcome.UNKNOWN
