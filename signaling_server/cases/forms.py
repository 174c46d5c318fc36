"""Whether a customer's form can be filed; the first thing that is wrong is said in one sentence. Pure."""

from __future__ import annotations

from collections.abc import Collection

from signaling_server.cases import new_clients, site_visits
from signaling_server.cases.deadlines import WITHOUT_ANSWER
from signaling_server.consents import check_read
from signaling_server.contract.cases import READINGS_TOPIC, AnswerWay, CaseForm, CaseKind
from signaling_server.messaging.rules import AddressError, checked_email, checked_phone
from signaling_server.refusal import ServiceRefusedError

SIZE_UNCONFIRMED_MAX = 5_000_000  # bytes of all papers together; the terminal already asks above 3 MB (9.5.11)
SIZE_MAX = 15_000_000
POSTAL_ADDRESS_LENGTH_MIN = 10


def check_form(form: CaseForm, topic_ids: Collection[str], consent_versions: Collection[str]) -> None:
    """Raises ServiceRefusedError: unknown_topic, no_text, complaint_subject, no_contact, bad_phone, bad_email,
    no_consent, bad_appeal, bad_visit, bad_client, same_attachment, confirm_size, too_large.
    """
    if form.topic_id not in topic_ids:
        raise ServiceRefusedError("unknown_topic", "Выберите тему обращения из списка")
    if not form.text.strip():
        raise ServiceRefusedError("no_text", "Напишите, о чём ваше обращение")
    if (form.complaint_subject is not None) is not (form.kind is CaseKind.COMPLAINT):
        raise ServiceRefusedError("complaint_subject", "Укажите, на что вы жалуетесь")
    if form.appeal_of and form.kind is not CaseKind.COMPLAINT:
        raise ServiceRefusedError("bad_appeal", "Обжаловать решение можно только жалобой")
    if not site_visits.is_whole(form):
        raise ServiceRefusedError("bad_visit", "Укажите адрес, куда приехать специалисту")
    _check_addresses(form)
    _check_contact(form)
    if _is_personal(form) and form.consent_version not in consent_versions:
        raise ServiceRefusedError("no_consent", "Нужно согласие на обработку персональных данных")
    check_read(form.consent_read)
    new_clients.check_client(form)
    _check_attachments(form)


def _check_addresses(form: CaseForm) -> None:
    try:
        if form.phone:
            checked_phone(form.phone)
    except AddressError as error:
        raise ServiceRefusedError("bad_phone", str(error)) from None
    try:
        if form.email:
            checked_email(form.email)
    except AddressError as error:
        raise ServiceRefusedError("bad_email", str(error)) from None


def _check_contact(form: CaseForm) -> None:
    """Clause 9.5.4: without contact data for the answer a written request is not considered."""
    needed = {
        AnswerWay.SMS: (form.phone, "Укажите телефон: на него придёт ответ"),
        AnswerWay.EMAIL: (form.email, "Укажите электронную почту: на неё придёт ответ"),
        AnswerWay.POST: (
            form.customer_name and len(form.postal_address.strip()) >= POSTAL_ADDRESS_LENGTH_MIN,
            "Укажите имя и почтовый адрес с индексом: на него придёт ответ",
        ),
        AnswerWay.ACCOUNT: (form.account, "Укажите лицевой счёт: ответ появится в его личном кабинете"),
        AnswerWay.OFFICE: (form.phone or form.email, "Укажите телефон или почту: мы сообщим, когда прийти за ответом"),
        AnswerWay.NONE: (
            form.kind in WITHOUT_ANSWER or (form.topic_id == READINGS_TOPIC and form.attachments),
            "Укажите, куда прислать ответ: без этого мы не сможем рассмотреть обращение",
        ),
    }
    there, sentence = needed[form.answer_way]
    if not there:
        raise ServiceRefusedError("no_contact", sentence)
    if form.number_by_sms and not form.phone:
        raise ServiceRefusedError("no_contact", "Укажите телефон: на него придёт номер обращения")


def _is_personal(form: CaseForm) -> bool:
    return bool(form.customer_name or form.phone or form.email or form.postal_address or form.account)


def _check_attachments(form: CaseForm) -> None:
    ids = [slip.attachment_id for slip in form.attachments]
    if len(set(ids)) < len(ids):
        raise ServiceRefusedError("same_attachment", "Один и тот же документ приложен дважды")
    size = sum(slip.size_bytes for slip in form.attachments)
    if size > SIZE_MAX:
        raise ServiceRefusedError("too_large", "Документы слишком большие. Приложите их в личном кабинете")
    if size > SIZE_UNCONFIRMED_MAX and not form.large_confirmed:
        raise ServiceRefusedError("confirm_size", "Документы больше 5 МБ. Подтвердите, что их нужно отправить")
