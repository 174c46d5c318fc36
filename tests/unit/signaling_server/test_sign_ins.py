"""How long a sign-in lasts and how often somebody may try. Time is told."""

import pytest
from desk_scene import COMPANY, ToldClock

from signaling_server.contract.messages import Plate
from signaling_server.storage.engine import open_database, sqlite_url
from signaling_server.storage.people import put_agent
from signaling_server.web.attempts import KEYS_MAX, AttemptLimit, TooManyAttemptsError
from signaling_server.web.login import ABSOLUTE_S_MAX, IDLE_S_MAX, SignIns, WrongPasswordError
from signaling_server.web.passwords import hash_password

PASSWORD = "верный пароль"
HASH = hash_password(PASSWORD)


@pytest.fixture
async def desk(tmp_path):
    database = await open_database(sqlite_url(tmp_path))
    plate = Plate("", "Соколова", "Анна", "", "консультант")

    async def put():
        async with database.begin() as tx:
            await put_agent(tx, login="anna", password_hash=HASH, plate=plate, roles=("agent",), replace=True)

    await put()
    clock = ToldClock()
    yield SignIns(database, clock, COMPANY), clock, put
    await database.dispose()


async def test_an_unused_sign_in_ends_after_half_an_hour(desk):
    sign_ins, clock, _ = desk
    token, _ = await sign_ins.sign_in("anna", PASSWORD, "10.0.0.1")
    clock.at_s += IDLE_S_MAX + 1
    assert await sign_ins.agent_of(token) is None


async def test_a_used_sign_in_ends_after_a_long_shift(desk):
    sign_ins, clock, _ = desk
    token, agent = await sign_ins.sign_in("anna", PASSWORD, "10.0.0.1")
    began_s = clock.at_s
    while clock.at_s <= began_s + ABSOLUTE_S_MAX - IDLE_S_MAX:
        clock.at_s += IDLE_S_MAX - 1
        assert await sign_ins.agent_of(token) == agent
    clock.at_s = began_s + ABSOLUTE_S_MAX + 1
    assert await sign_ins.agent_of(token) is None


async def test_a_changed_password_ends_the_sign_ins_made_with_the_old_one(desk):
    sign_ins, _, put = desk
    token, _ = await sign_ins.sign_in("anna", PASSWORD, "10.0.0.1")
    await put()
    assert await sign_ins.agent_of(token) is None


async def test_right_passwords_do_not_use_up_the_attempts_of_a_login(desk):
    sign_ins, _, _ = desk
    for _ in range(7):
        await sign_ins.sign_in("anna", PASSWORD, "10.0.0.1")
    with pytest.raises(WrongPasswordError):
        await sign_ins.sign_in("anna", "wrong", "10.0.0.1")


def test_attempts_come_back_as_the_window_slides():
    limit = AttemptLimit(2, 60.0)
    limit.take("a", 0.0)
    limit.take("a", 30.0)
    with pytest.raises(TooManyAttemptsError) as refusal:
        limit.take("a", 40.0)
    assert refusal.value.retry_after_s == 21
    limit.take("b", 40.0)
    limit.take("a", 60.0)


def test_strangers_cannot_fill_the_memory():
    limit = AttemptLimit(1, 60.0)
    for number in range(KEYS_MAX + 500):
        limit.take(str(number), 0.0)
    assert len(limit._attempts) <= KEYS_MAX + 1
