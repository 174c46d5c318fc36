"""A new client's application: whole, with a consent whose version, time and terminal are kept, and a copy by e-mail."""

from __future__ import annotations

import pytest
from service_scene import AGREEMENT, EMAIL, NOON_MS, PERSONAL_DATA, case_form, service_scene
from sqlalchemy import select

from signaling_server.contract.cases import CONTRACT_TOPIC, AnswerWay, CaseKind, NewClient
from signaling_server.contract.services import ConsentRead
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage.service_tables import CONSENTS_READ, OUTGOING

CLIENT = NewClient("Токсово, улица Озёрная, дом 9")
READ = ConsentRead("a" * 64, 100)


def client_form(submission_id="s1", **changes):
    form = {
        "kind": CaseKind.REQUEST,
        "topic_id": CONTRACT_TOPIC,
        "answer_way": AnswerWay.SMS,
        "customer_name": "Иванова Анна",
        "phone": "+79210000067",
        "account": "",
        "consent_read": READ,
        "new_client": CLIENT,
    }
    return case_form(submission_id, **{**form, **changes})


@pytest.fixture
async def scene(tmp_path):
    async with service_scene(tmp_path) as scene:
        yield scene


@pytest.mark.clause("6.3.6b", owner="signaling_server/cases")
async def test_the_application_is_a_case_and_its_consent_is_kept_with_version_time_and_terminal(scene):
    filed = await scene.file(client_form())
    card = await scene.case_desk.card(filed.case_number)
    assert card.text == (
        "Новый клиент: заключить договор\nАдрес: Токсово, улица Озёрная, дом 9\nДокументы клиент принесёт позже"
    )
    async with scene.database.begin() as tx:
        (kept,) = (await tx.execute(select(CONSENTS_READ))).all()
        copies = (await tx.execute(select(OUTGOING).where(OUTGOING.c.template == "consent_copy"))).all()
    assert (kept.subject, kept.version, kept.sha256) == (filed.case_number, PERSONAL_DATA, READ.sha256)
    assert kept.terminal_id
    assert kept.agreed_at_ms >= NOON_MS
    assert [(copy.address, AGREEMENT.text in copy.body, PERSONAL_DATA in copy.body) for copy in copies] == [
        (EMAIL, True, True)
    ]


@pytest.mark.clause("6.3.6b", owner="signaling_server/cases")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"consent_read": None}, "no_consent"),
        ({"consent_version": ""}, "no_consent"),
        ({"consent_read": ConsentRead("a" * 64, 99)}, "no_consent"),
        ({"phone": "", "answer_way": AnswerWay.EMAIL}, "bad_phone"),
        ({"customer_name": " "}, "bad_client"),
        ({"new_client": NewClient("дома")}, "bad_client"),
        ({"topic_id": "charges.explain"}, "bad_client"),
        ({"kind": CaseKind.QUESTION}, "bad_client"),
    ],
)
async def test_without_a_stored_consent_name_phone_or_address_nothing_is_filed(scene, changes, reason):
    with pytest.raises(ServiceRefusedError) as refusal:
        await scene.file(client_form(**changes))
    assert refusal.value.reason == reason
    async with scene.database.begin() as tx:
        assert (await tx.execute(select(CONSENTS_READ))).all() == []


async def test_who_left_no_mail_gets_no_copy_by_it(scene):
    await scene.file(client_form(email=""))
    async with scene.database.begin() as tx:
        assert (await tx.execute(select(OUTGOING).where(OUTGOING.c.template == "consent_copy"))).all() == []
