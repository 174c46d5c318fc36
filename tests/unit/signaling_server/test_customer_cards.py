"""A card stands for an account: bound by the office, kept as a keyed hash, not tried one after another."""

from __future__ import annotations

import io

import pytest
from service_scene import service_scene

from signaling_server.__main__ import main
from signaling_server.contract.decoding import MessageError, decode_from_terminal
from signaling_server.contract.messages import encode
from signaling_server.contract.services import CardAsked, CardTold
from signaling_server.keys import open_secret
from signaling_server.refusal import ServiceRefusedError
from signaling_server.self_service import cards as c
from signaling_server.storage import customer_cards as rows
from signaling_server.storage.service_tables import CUSTOMER_CARDS

UID, ACCOUNT = "04a2b3c4d5e680", "100000017"
SECRET = b"s" * 32


@pytest.fixture
async def scene(tmp_path):
    async with service_scene(tmp_path) as scene:
        yield scene


@pytest.fixture
async def cards(scene):
    async with scene.database.begin() as tx:
        await rows.bind(tx, c.card_hash(SECRET, UID), ACCOUNT, at_ms=1)
    return c.CustomerCards(scene.database, scene.clock, SECRET)


async def refused(awaited):
    with pytest.raises(ServiceRefusedError) as refusal:
        await awaited
    return refusal.value.reason


async def test_a_bound_card_stands_for_its_account_at_every_terminal(cards):
    assert await cards.find("t1", CardAsked("r1", UID)) == CardTold("r1", ACCOUNT)
    assert await cards.find("t2", CardAsked("r2", UID)) == CardTold("r2", ACCOUNT)
    assert await refused(cards.find("t1", CardAsked("r3", UID[:-2] + "81"))) == "unknown_card"


async def test_the_number_of_a_card_cannot_be_read_in_the_table(cards, scene):
    async with scene.database.begin() as tx:
        row = (await tx.execute(CUSTOMER_CARDS.select())).mappings().one()
    assert UID not in str(dict(row)).lower()
    assert row["card_hash"] != c.card_hash(b"t" * 32, UID), "without the key nobody can try numbers"


async def test_whoever_tries_cards_one_after_another_is_not_answered_for_an_hour(cards, scene):
    for number in range(c.UNKNOWN_AN_HOUR):
        assert await refused(cards.find("t1", CardAsked("r", f"{number:014x}"))) == "unknown_card"
    assert await refused(cards.find("t1", CardAsked("r", UID))) == "too_many"
    assert await cards.find("t2", CardAsked("r", UID)) == CardTold("r", ACCOUNT)
    scene.clock.s += c.HOUR_S
    assert await cards.find("t1", CardAsked("r", UID)) == CardTold("r", ACCOUNT)


@pytest.mark.parametrize("text", ["04:A2:B3:C4:D5:E6:80", "04a2 b3c4 d5e6 80\n", "04-A2-B3-C4-D5-E6-80"])
def test_a_number_is_one_however_it_is_written(text):
    assert c.checked_card(text) == UID


@pytest.mark.parametrize("text", ["", "04a2b3", "04a2b3c", "zz" * 7, "04" * 11, "08a1b2c3", "０４" * 4])
def test_a_number_that_no_card_has_or_that_is_another_each_time_is_refused(text):
    with pytest.raises(c.CardError) as refusal:
        c.checked_card(text)
    assert text.strip() == "" or text not in str(refusal.value)


@pytest.mark.parametrize("card", ["", "04A2B3C4", "04a2b3", "04a2b3c4d", "04" * 11, "' or 1=1"])
def test_what_is_no_card_never_comes_to_the_office(card):
    assert decode_from_terminal(encode(CardAsked("r", UID))) == CardAsked("r", UID)
    with pytest.raises(MessageError):
        decode_from_terminal(encode(CardAsked("r", card)))


def command(monkeypatch, capsys, data, number, *words):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{number}\n"))
    status = main(["customer-card", *words, "--data", str(data)])
    told = capsys.readouterr()
    return status, told.out + told.err


def test_the_office_binds_a_card_to_one_account_and_lets_it_go(tmp_path, monkeypatch, capsys):
    def run(number, *words):
        return command(monkeypatch, capsys, tmp_path, number, *words)

    assert run(UID, "bind", "--account", ACCOUNT) == (0, f"Карта привязана к счёту {ACCOUNT}\n")
    assert run(UID, "bind", "--account", "100000025")[0] == 0
    assert run("", "forget", "--account", ACCOUNT) == (0, "Отвязано карт: 0\n")
    assert run(UID, "unbind")[0] == 0
    assert run(UID, "unbind") == (1, "Эта карта ни к чему не привязана\n")
    assert run("0102", "bind", "--account", ACCOUNT)[0] == 1
    assert run(UID, "bind", "--account", "12x") == (1, "Лицевой счёт — до 20 цифр\n")
    assert len(open_secret(tmp_path / c.KEY_FILE)) == 32
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert UID.encode() not in kept
