"""The sandbox itself: what a tester types, sees and switches."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
from billing_sandbox import SandboxProcess

from payment.sandbox.seed import ACCOUNTS, DEMO_ACCOUNT

_numbers = itertools.count(9100)
PAY = {"command": "pay", "txn_id": "1", "txn_date": "20261123141200", "account": DEMO_ACCOUNT, "sum": "10.00"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    running = SandboxProcess(tmp_path_factory.mktemp("sandbox") / "sandbox.sqlite").start()
    yield running
    assert running.stop() == 0


def get(url: str, **parameters: object) -> str:
    with urllib.request.urlopen(f"{url}?{urllib.parse.urlencode(parameters, doseq=True)}", timeout=10) as answer:
        return str(answer.read().decode())


def test_check_credits_nothing_and_tells_the_debt(sandbox):
    said = get(f"{sandbox.url}/osmp", command="check", txn_id="9001", account=DEMO_ACCOUNT, sum="1.00")
    assert "<result>0</result>" in said
    assert '<field2 name="debt">1543.21</field2>' in said
    assert "<prv_txn>" not in said
    assert sandbox.credits("9001") == []


@pytest.mark.parametrize(
    ("changed", "result"),
    [
        ({"command": "refund"}, 300),
        ({"txn_id": "12a"}, 300),
        ({"txn_id": "1" * 21}, 300),
        ({"txn_id": ["1", "2"]}, 300),
        ({"sum": ["10.00", "99.00"]}, 300),
        ({"sum": "10"}, 300),
        ({"sum": "10.5"}, 300),
        ({"sum": "-10.00"}, 300),
        ({"sum": "0.00"}, 241),
        ({"txn_date": "20261332999999"}, 300),
        ({"txn_date": ""}, 300),
        ({"account": "１００００００１７"}, 4),
    ],
)
def test_a_malformed_payment_is_answered_with_an_error_and_no_credit(sandbox, changed, result):
    txn_id = str(next(_numbers))
    parameters = PAY | {"txn_id": txn_id} | changed
    assert f"<result>{result}</result>" in get(f"{sandbox.url}/osmp", **parameters)
    assert sandbox.credits(txn_id) == []


def test_a_refused_payment_stays_refused_when_the_account_is_right_at_last(sandbox):
    wrong = PAY | {"txn_id": "9200", "account": "100000041"}
    assert "<result>79</result>" in get(f"{sandbox.url}/osmp", **wrong)
    assert "<result>79</result>" in get(f"{sandbox.url}/osmp", **(PAY | {"txn_id": "9200"}))
    assert sandbox.credits("9200") == []


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"mode":"explode"}', b'{"mode":"late","count":0}', b"\xff", b'{"mod":"late"}']
)
def test_a_malformed_fault_is_refused_in_words(sandbox, body):
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(f"{sandbox.url}/faults", body), timeout=10)
    assert caught.value.code == 400
    caught.value.close()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/sbp/rubles/qrs", b"[]"),
        ("POST", "/sbp/rubles/qrs", b"[" * 100_000),
        ("POST", "/sbp/rubles/qrs", b'{"order":"1","amount":1.005,"currency":"RUB","qrType":"QRDynamic"}'),
        ("POST", "/sbp/orders/creation", b'{"order_number":7,"order_sum":1,"currency":"643","description":"1"}'),
        ("POST", "/sbp/orders/creation", b'{"order_number":"7","order_sum":-1,"currency":"643","description":"1"}'),
        (
            "POST",
            "/sbp/orders/creation",
            b'{"order_number":"7","order_sum":1,"currency":"643","description":"\\ud800"}',
        ),
        ("POST", "/sbp/iso/creation", b"\xff"),
        ("POST", "/accounts/100000017/readings", b"{}"),
        ("POST", "/accounts/100000017/verify", b"null"),
        ("GET", "/accounts/100000017/charges", None),
        ("GET", "/accounts/100000017/charges?month=2026-99", None),
        ("GET", "/accounts/100000017/history?months=many", None),
        ("GET", "/accounts/100000017/tariff?on=today", None),
        ("PUT", "/registers/20261123", b"txn_id;txn_date"),
        ("GET", "/registers/20260231", b""),
        ("PUT", "/registers/20261123", b"\xff\xfe"),
        ("POST", "/osmp/older", b"\xff"),
    ],
)
def test_whatever_is_sent_wrong_is_answered_in_words_and_not_by_a_fall(sandbox, method, path, body):
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(sandbox.url + path, body, method=method), timeout=10)
    assert caught.value.code == 400
    assert b"bad_request" in caught.value.read()
    caught.value.close()


def test_the_page_of_qrs_says_what_to_do_and_takes_no_code_from_a_terminal(sandbox):
    assert "Пока нет ни одного кода" in get(f"{sandbox.url}/qrs")
    order = b'{"order_number":"x-1","order_sum":154321,"currency":"643","description":"<b>1</b>"}'
    urllib.request.urlopen(urllib.request.Request(f"{sandbox.url}/sbp/orders/creation", order), timeout=10).close()
    page = get(f"{sandbox.url}/qrs")
    assert "1\u00a0543,21" in page
    assert "Оплатить" in page
    assert "<b>1</b>" not in page


def test_the_page_lists_every_account_in_russian(sandbox):
    page = get(f"{sandbox.url}/")
    assert all(seed.account in page and seed.phone_tail in page for seed in ACCOUNTS.values())
    assert "Второй признак" in page
    assert {state for state in ("долг ", "переплата ", "долга нет", "счёт закрыт") if state in page} == {
        "долг ",
        "переплата ",
        "долга нет",
        "счёт закрыт",
    }


def test_credits_outlive_a_restart(tmp_path):
    first = SandboxProcess(tmp_path / "kept.sqlite").start()
    get(f"{first.url}/osmp", **PAY)
    credits_before = first.credits()
    assert first.stop() == 0
    second = SandboxProcess(tmp_path / "kept.sqlite").start()
    assert second.credits() == credits_before != []
    assert second.stop() == 0


def test_a_waiting_late_answer_does_not_delay_the_end(tmp_path):
    running = SandboxProcess(tmp_path / "late.sqlite").start()
    running.fault("late", delay_s=60)
    with socket.create_connection(("127.0.0.1", int(running.url.rpartition(":")[2]))) as waiting:
        waiting.sendall(f"GET /osmp?{urllib.parse.urlencode(PAY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        deadline_s = time.monotonic() + 10
        while not running.credits("1") and time.monotonic() < deadline_s:
            time.sleep(0.02)
        began_s = time.monotonic()
        assert running.stop() == 0
        assert time.monotonic() - began_s < 4


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "payment", *words], capture_output=True, text=True, timeout=30)


def test_what_cannot_be_started_says_so_in_one_sentence(tmp_path):
    (tmp_path / "text.sqlite").write_text("not a database at all, only words of a person" * 10)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        tries = (
            ("--port", str(taken.getsockname()[1]), "--database", str(tmp_path / "a.sqlite")),
            ("--port", "70000", "--database", str(tmp_path / "a.sqlite")),
            ("--port", "0", "--database", str(tmp_path / "absent" / "a.sqlite")),
            ("--port", "0", "--database", str(tmp_path / "text.sqlite")),
        )
        for words in tries:
            ended = run("sandbox", *words)
            assert ended.returncode == 2
            assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
            assert ended.stdout == ""


def test_a_second_sandbox_over_a_running_ones_database_is_refused_in_one_sentence(sandbox):
    ended = run("sandbox", "--port", "0", "--database", str(sandbox.database))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"payment sandbox: another sandbox runs over {sandbox.database}\n"
