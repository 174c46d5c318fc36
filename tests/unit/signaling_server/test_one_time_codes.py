"""Codes by SMS: who may ask, how often, how long, and what a right one does."""

import pytest
from service_scene import PHONE, service_scene

from signaling_server.contract.services import CodeAsked, CodeEntered, CodePurpose, ConsentRead, InformingAsked
from signaling_server.messaging import codes as c
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage.service_tables import CONSENTS_READ, INFORMING, ONE_TIME_CODES


@pytest.fixture
async def scene(tmp_path):
    async with service_scene(tmp_path) as scene:
        yield scene


def asked(purpose=CodePurpose.IDENTIFY, phone="8 921 123-45-67", account="", consent="", request_id="r1"):
    return CodeAsked(request_id, phone, purpose, account, consent)


def entered(sent, code, phone=PHONE):
    return CodeEntered("r2", sent.code_id, phone, code)


async def refused(awaited):
    with pytest.raises(ServiceRefusedError) as refusal:
        await awaited
    return refusal.value.reason


async def test_a_right_code_proves_the_phone_and_the_same_again(scene):
    sent = await scene.codes.ask("t1", asked())
    assert sent.phone_masked == "+7 921 ***-**-67"
    code = await scene.code_in_sms()
    proved = await scene.codes.enter("t1", entered(sent, code))
    assert (proved.purpose, proved.accounts) == (CodePurpose.IDENTIFY, [])
    assert await scene.codes.enter("t1", entered(sent, code)) == proved, "the answer may have been lost"
    async with scene.database.begin() as tx:
        assert await scene.codes.proves(tx, "t1", sent.code_id, PHONE)
        assert not await scene.codes.proves(tx, "t1", sent.code_id, "+79990000000")
        assert not await scene.codes.proves(tx, "t2", sent.code_id, PHONE)


async def test_neither_code_nor_phone_can_be_read_in_the_table(scene):
    sent = await scene.codes.ask("t1", asked())
    code = await scene.code_in_sms()
    async with scene.database.begin() as tx:
        row = (await tx.execute(ONE_TIME_CODES.select())).mappings().one()
    kept = " ".join(str(value) for name, value in row.items() if not name.endswith("_ms"))
    assert PHONE not in kept
    assert code not in kept.replace(row["code_hash"], "").replace(row["phone_hash"], "").replace(sent.code_id, "")
    assert len(row["code_hash"]) == len(row["phone_hash"]) == 64


async def test_three_wrong_codes_spend_it_even_for_the_right_one(scene):
    sent = await scene.codes.ask("t1", asked())
    code = await scene.code_in_sms()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert [await refused(scene.codes.enter("t1", entered(sent, wrong))) for _ in range(3)] == ["wrong_code"] * 3
    assert await refused(scene.codes.enter("t1", entered(sent, code))) == "no_tries"


async def spoil(scene, terminal, phone, times=c.TRIES):
    """Wrong codes for one SMS; the right one is told."""
    sent = await scene.codes.ask(terminal, asked(phone=phone))
    code = await scene.code_in_sms()
    for _ in range(times):
        wrong = entered(sent, f"{(int(code) + 1) % 1_000_000:06d}", phone)
        assert await refused(scene.codes.enter(terminal, wrong)) == "wrong_code"
    return sent, code


async def test_a_phone_with_too_many_wrong_codes_is_locked_for_a_day(scene):
    for terminal in ("t1", "t2"):
        await spoil(scene, terminal, PHONE)
        scene.clock.s += c.AGAIN_AFTER_S
    assert await refused(scene.codes.ask("t3", asked())) == "locked"
    await scene.codes.ask("t3", asked(phone="+79990000000"))
    scene.clock.s += 86_400
    await scene.codes.ask("t3", asked())


async def test_a_right_code_is_no_wrong_one(scene):
    for _ in range(c.PHONE_CODES_A_DAY - 1):
        sent, code = await spoil(scene, "t1", PHONE, times=1)
        await scene.codes.enter("t1", entered(sent, code))
        scene.clock.s += c.AGAIN_AFTER_S
    await scene.codes.ask("t1", asked())


async def test_a_terminal_at_which_codes_are_guessed_is_locked_for_an_hour(scene):
    for number in range(c.TERMINAL_WRONG_AN_HOUR // c.TRIES + 1):
        await spoil(scene, "t1", f"+7921000{number:04d}")
    assert await refused(scene.codes.ask("t1", asked())) == "locked"
    await scene.codes.ask("t2", asked())
    scene.clock.s += 3_600
    await scene.codes.ask("t1", asked(phone="+79990000000"))


async def test_a_code_is_good_for_ten_minutes_at_its_own_terminal_and_phone(scene):
    sent = await scene.codes.ask("t1", asked())
    code = await scene.code_in_sms()
    assert await refused(scene.codes.enter("t2", entered(sent, code))) == "unknown_code"
    assert await refused(scene.codes.enter("t1", entered(sent, code, "+79990000000"))) == "wrong_code"
    scene.clock.s += c.VALID_S
    assert await refused(scene.codes.enter("t1", entered(sent, code))) == "code_expired"


async def test_a_phone_is_not_flooded(scene):
    await scene.codes.ask("t1", asked())
    assert await refused(scene.codes.ask("t2", asked())) == "too_soon"
    for _ in range(c.PHONE_CODES_A_DAY - 1):
        scene.clock.s += c.AGAIN_AFTER_S
        await scene.codes.ask("t1", asked())
    scene.clock.s += c.AGAIN_AFTER_S
    assert await refused(scene.codes.ask("t1", asked())) == "too_many"
    scene.clock.s += 86_400
    await scene.codes.ask("t1", asked())


async def test_a_terminal_cannot_send_codes_to_everybody(scene):
    for number in range(c.TERMINAL_CODES_AN_HOUR):
        await scene.codes.ask("t1", asked(phone=f"+7921000{number:04d}"))
    assert await refused(scene.codes.ask("t1", asked(phone="+79219999999"))) == "too_many"
    await scene.codes.ask("t2", asked(phone="+79219999999"))
    scene.clock.s += 3_600
    await scene.codes.ask("t1", asked(phone="+79218888888"))


@pytest.mark.clause("8.1.4b", owner="signaling_server/cases")
async def test_informing_is_turned_on_and_off_by_a_code_with_consent_kept(scene):
    on = asked(CodePurpose.INFORMING_ON, account="100000017", consent="sms-informing-1")
    sent = await scene.codes.ask("t1", on)
    told = await scene.codes.informing(InformingAsked("r", "100000017"))
    assert told.phones_masked == [], "not before the code"
    proved = await scene.codes.enter("t1", entered(sent, await scene.code_in_sms()))
    assert proved.accounts == ["100000017"]
    assert (await scene.codes.informing(InformingAsked("r", "100000017"))).phones_masked == ["+7 921 ***-**-67"]
    assert "подключено" in (await scene.arrived())[-1]
    scene.clock.s += c.AGAIN_AFTER_S
    sent = await scene.codes.ask("t1", asked(CodePurpose.INFORMING_OFF, account="100000017"))
    proved = await scene.codes.enter("t1", entered(sent, await scene.code_in_sms()))
    assert proved.accounts == []
    assert "отключено" in (await scene.arrived())[-1]
    async with scene.database.begin() as tx:
        row = (await tx.execute(INFORMING.select())).mappings().one()
    assert (row["active"], row["consent_version"], row["terminal_id"]) == (False, "sms-informing-1", "t1")
    assert 0 < row["consented_at_ms"] < row["withdrawn_at_ms"]


async def test_how_the_consent_was_read_is_kept_with_its_code(scene):
    read = ConsentRead("a" * 64, 100)
    sent = await scene.codes.ask(
        "t1", CodeAsked("r1", "8 921 123-45-67", CodePurpose.INFORMING_ON, "100000017", "sms-informing-1", read)
    )
    async with scene.database.begin() as tx:
        row = (await tx.execute(CONSENTS_READ.select())).mappings().one()
    assert (row["subject"], row["version"]) == (sent.code_id, "sms-informing-1")
    assert (row["sha256"], row["coverage_percent"], row["terminal_id"]) == ("a" * 64, 100, "t1")


async def test_no_sms_names_the_whole_account(scene):
    await scene.codes.ask("t1", asked(CodePurpose.INFORMING_ON, account="100000017", consent="sms-informing-1"))
    assert all("100000017" not in body and "…0017" in body for body in await scene.arrived())


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (asked(phone="12345"), "bad_phone"),
        (asked(CodePurpose.INFORMING_ON, consent="sms-informing-1"), "no_account"),
        (asked(CodePurpose.INFORMING_ON, account="1"), "no_consent"),
        (asked(CodePurpose.INFORMING_ON, account="1", consent="nobody-wrote-this"), "no_consent"),
    ],
)
async def test_a_request_that_cannot_be_served_is_one_refusal(scene, request_, reason):
    assert await refused(scene.codes.ask("t1", request_)) == reason
    assert await scene.arrived() == []


async def test_an_office_without_a_gateway_says_so(scene):
    scene.post._senders = {}
    assert await refused(scene.codes.ask("t1", asked())) == "no_sms"
