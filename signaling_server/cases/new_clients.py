"""Who is no customer yet and wants a contract (clause 6.3.6b): what has to be there, and the case as it is read. Pure.

The papers come as the case's photos; the consent is kept by version, hash, terminal, time (storage/consents_read.py).
"""

from __future__ import annotations

from signaling_server.contract.cases import CONTRACT_TOPIC, CaseForm, CaseKind, NewClient
from signaling_server.refusal import ServiceRefusedError

ADDRESS_LENGTH_MIN = 10


def check_client(form: CaseForm) -> None:
    """Raises ServiceRefusedError: bad_client, bad_phone, no_consent."""
    client = form.new_client
    if client is None:
        return
    if form.topic_id != CONTRACT_TOPIC or form.kind is not CaseKind.REQUEST:
        raise ServiceRefusedError("bad_client", "Заявка нового клиента подаётся на заключение договора")
    if len(client.supply_address.strip()) < ADDRESS_LENGTH_MIN or not form.customer_name.strip():
        raise ServiceRefusedError("bad_client", "Укажите имя и адрес, где нужна электроэнергия")
    if not form.phone:
        raise ServiceRefusedError("bad_phone", "Укажите телефон: по нему мы договоримся о подписании")
    if form.consent_read is None:
        raise ServiceRefusedError("no_consent", "Согласие нужно прочитать или прослушать до конца")


def text_of(client: NewClient, papers: int) -> str:
    """The case as the one who draws the contract up reads it."""
    lines = ["Новый клиент: заключить договор", f"Адрес: {client.supply_address.strip()}"]
    return "\n".join([*lines, f"Документов приложено: {papers}" if papers else "Документы клиент принесёт позже"])
