"""The queue of messages against a real SMTP server and a real HTTP gateway."""

import logging

import pytest
from service_scene import PHONE, service_scene

from signaling_server.messaging.post import CLAIM_S
from signaling_server.messaging.rules import GIVE_UP_S, KEEP_S, Channel, OutgoingMessage
from signaling_server.messaging.senders import SenderError, SmsGateway, SmtpSender
from signaling_server.storage import messages as rows
from signaling_server.storage.service_tables import OUTGOING

EMAIL = "ivanova@mail.ru"
NIGHT_S = 12 * 3_600.0  # after noon


@pytest.fixture
async def scene(tmp_path):
    async with service_scene(tmp_path) as scene:
        yield scene


def message(key="k1", channel=Channel.SMS, **fields):
    address = PHONE if channel is Channel.SMS else EMAIL
    told = {"body": "Обращение зарегистрировано", "template": "case_registered", "owner": "back_office"} | fields
    return OutgoingMessage(key, channel, address, subject="" if channel is Channel.SMS else "Обращение", **told)


async def put(scene, *messages):
    async with scene.database.begin() as tx:
        return [await scene.post.put(tx, one) for one in messages]


async def stored(scene):
    async with scene.database.begin() as tx:
        return (await tx.execute(OUTGOING.select().order_by(OUTGOING.c.created_at_ms))).mappings().all()


async def test_an_sms_and_an_e_mail_arrive_whole(scene):
    await put(scene, message(), message("k2", Channel.EMAIL, body="Строка\n.точка в начале\nконец"))
    await scene.arrived()
    by_channel = {one.channel: one for one in scene.far_end.arrived}
    assert (by_channel["sms"].address, by_channel["sms"].body) == (PHONE, "Обращение зарегистрировано")
    assert (by_channel["email"].address, by_channel["email"].subject) == (EMAIL, "Обращение")
    assert by_channel["email"].body.splitlines() == ["Строка", ".точка в начале", "конец"]
    rows_now = await stored(scene)
    assert {row["state"] for row in rows_now} == {"sent"}
    sms = next(row for row in rows_now if row["channel"] == "sms")
    assert sms["gateway_id"] == f"far-{sms['message_id']}"


async def test_the_same_key_is_queued_once(scene):
    assert await put(scene, message(), message(body="другой текст")) == [True, False]
    assert await scene.arrived() == ["Обращение зарегистрировано"]


async def test_a_message_of_a_transaction_that_fails_does_not_exist(scene):
    async def put_and_fail():
        async with scene.database.begin() as tx:
            await scene.post.put(tx, message())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await put_and_fail()
    assert await scene.arrived() == []


@pytest.mark.parametrize("channel", Channel)
async def test_a_far_end_that_fails_for_a_while_gets_it_later(scene, channel):
    await put(scene, message(channel=channel))
    scene.far_end.refuse_next = 2
    assert await scene.arrived() == []
    scene.clock.s += 30
    assert await scene.arrived() == []
    scene.clock.s += 119
    assert await scene.arrived() == [], "not before its time"
    scene.clock.s += 1
    assert len(await scene.arrived()) == 1
    assert scene.far_end.tries == 3


async def test_a_far_end_that_is_not_there_is_tried_for_three_days_and_then_a_person_has_it(scene, caplog):
    caplog.set_level(logging.INFO)
    await put(scene, message())
    await scene.far_end.stop()
    for _ in range(100):
        await scene.arrived()
        scene.clock.s += 3 * 3_600
    (dead,) = await scene.post.dead()
    assert (dead.message.owner, dead.last_error[:4]) == ("back_office", "SMS:")
    assert dead.ended_at_ms - dead.created_at_ms >= GIVE_UP_S * 1_000
    assert PHONE not in caplog.text
    assert "back_office" in caplog.text


@pytest.mark.parametrize("channel", Channel)
async def test_what_the_far_end_will_never_take_is_dead_at_once_and_may_be_revived(scene, channel):
    await put(scene, message(channel=channel))
    scene.far_end.refuse_next, scene.far_end.refuse_forever = 1, True
    assert await scene.arrived() == []
    (dead,) = await scene.post.dead()
    assert await scene.post.revive(dead.message_id)
    assert not await scene.post.revive(dead.message_id)
    assert len(await scene.arrived()) == 1
    assert await scene.post.dead() == []


async def test_an_office_that_died_while_sending_sends_again_under_the_same_id(scene):
    await put(scene, message())
    now_ms = round(scene.clock.s * 1_000)
    async with scene.database.begin() as tx:
        (queued,) = await rows.due_messages(tx, now_ms=now_ms, count_max=1)
        assert await rows.claim_message(tx, queued, until_ms=now_ms + round(CLAIM_S * 1_000))
        assert not await rows.claim_message(tx, queued, until_ms=now_ms + 1), "one office sends it, not two"
    assert await scene.arrived() == []
    scene.clock.s += CLAIM_S
    assert len(await scene.arrived()) == 1
    assert scene.far_end.arrived[0].message_id == queued.message_id


async def test_an_sms_of_the_night_arrives_in_the_morning(scene):
    scene.clock.s += NIGHT_S
    await put(scene, message(), message("k2", Channel.EMAIL))
    await scene.arrived()
    assert [one.channel for one in scene.far_end.arrived] == ["email"]
    scene.clock.s += 9 * 3_600
    await scene.arrived()
    assert [one.channel for one in scene.far_end.arrived] == ["email", "sms"]


async def test_a_code_is_not_kept_after_it_has_left_nor_after_it_is_useless(scene):
    await put(scene, message(body="123456 — код", code_valid_s=600))
    await scene.arrived()
    scene.far_end.refuse_next = 100
    await put(scene, message("k2", body="654321 — код", code_valid_s=600))
    for _ in range(30):
        await scene.arrived()
        scene.clock.s += 60
    assert [(row["state"], row["body"]) for row in await stored(scene)] == [("sent", ""), ("expired", "")]
    assert await scene.post.dead() == [], "nobody needs to look at an old code"


async def test_what_left_long_ago_is_forgotten(scene):
    await put(scene, message())
    await scene.arrived()
    async with scene.database.begin() as tx:
        await rows.forget_sent(tx, before_ms=round((scene.clock.s + 1) * 1_000 - KEEP_S * 1_000))
    assert (await stored(scene))[0]["address"] == PHONE
    async with scene.database.begin() as tx:
        await rows.forget_sent(tx, before_ms=round((scene.clock.s + 1) * 1_000))
    assert (await stored(scene))[0]["address"] == (await stored(scene))[0]["body"] == ""


async def test_without_a_way_out_nothing_is_queued(scene):
    scene.post._senders = {}
    assert await put(scene, message()) == [False]
    assert await stored(scene) == []


@pytest.mark.parametrize("url", ["http://x", "smtp://", "mail.example.org:25"])
def test_a_wrong_smtp_address_is_one_error(url):
    with pytest.raises(SenderError, match="smtp_url"):
        SmtpSender(url, sender_email="a@b.ru", sender_name="х")


def test_a_wrong_gateway_address_is_one_error():
    with pytest.raises(SenderError, match="sms_url"):
        SmsGateway("ftp://x", token="", sender="")
