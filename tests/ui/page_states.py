"""Pages of the services as their own tasks make them, for the robot's walk. Each service adds its pages here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from msgspec import structs
from service_answers import ANSWERED, BOOKED, FILED, NO_CONTACT, PHONES, SENT, SLOTS, answers, places_told, survey_told

from payment.billing.account_values import (
    AccountDetails,
    AccountSummary,
    BilledReading,
    History,
    HistoryMonth,
    Meter,
    Meters,
)
from payment.local_time import zone_of
from signaling_server.cases.classifier import load_topics
from signaling_server.contract import knowledge as texts
from signaling_server.contract.cases import CONTRACT_TOPIC, AnswerWay, CaseKind, ComplaintSubject, Segment, VisitTime
from signaling_server.contract.notes import Drawing
from signaling_server.contract.services import CodePurpose
from terminal_app.core.drawn import pictures_of
from terminal_app.core.tasks import (
    articles,
    booked,
    booking,
    by_card,
    by_phone,
    case_status,
    check_in,
    consent,
    history,
    informing,
    knowledge,
    naming,
    not_credited,
    parts,
    phone_code,
    places,
    readings,
    readings_photo,
    readings_sheet,
    receipt_contact,
    registry,
    standard,
    survey,
    written,
    written_draft,
    written_end,
)
from terminal_app.core.tasks.asked import Stopped
from terminal_app.core.tasks.task import Chosen, Context, Facts, Photographed, Stored
from terminal_app.core.visit_tasks import PAGE_SCREENS
from terminal_app.ipc.messages import AccountView, Availability, BalanceView, Screen
from terminal_app.ipc.orders import DueView
from terminal_app.ipc.pages import Choice, Entry, EntryKind, Page, PageKind, Part, Phrase
from terminal_app.layout import Layout, PartPlace

CONTEXT = Context(
    availability=Availability(
        cash=True, printer=True, camera=True, sound=True, billing=True, server=True, agents_on_duty=2
    ),
    account=AccountView(
        account="040123456",
        name_masked="К•••••••••••••• А. В.",
        address_masked="г. Санкт-Петербург, пр. Б•••••••••••, д. 1••, корп. •, кв. •••",
    ),
    balance=BalanceView(
        due_minor=3_214_56,
        period="ноябрь 2026",
        charges=[],
        as_of_date="23.11.2026",
        dues=[
            DueView("electricity", "Электроэнергия", 1_303_16),
            DueView("reconnection", "Повторное подключение после ограничения", 1_850_00, "other"),
            DueView("penalty", "Пени", 61_40, "other"),
        ],
    ),
    facts=Facts(
        topics=load_topics(),
        sms=True,
        email=True,
        sealed=True,
    ),
    today=date(2026, 11, 23),
    now_ms=1_795_420_800_000,
    fresh_id="3f1c7e52-8f3c-4a7e-9c53-0d9a4f6f8b11",
    support_phone="8 800 000-00-00",
    support_hours="ежедневно с 8:00 до 22:00",
    account_site_url="https://lk.example.ru/terminal",
    zone=zone_of("Europe/Moscow"),
    surveys=frozenset({"visit"}),
)

HISTORY = History(
    "040123456",
    tuple(
        HistoryMonth(f"{2026 if month < 12 else 2025}-{month:02d}", 12_345_67, 12_345_67, owed_minor, 1_234)
        for month, owed_minor in zip([*range(11, 0, -1), 12], [3_214_56, -1_214_56] * 6, strict=True)
    ),
)

ACCOUNTS = (
    AccountSummary(
        "040123456", "К•••••••••••••• А. В.", "г. Санкт-Петербург, пр. Б•••••••••••, д. 1••, корп. •, кв. •••"
    ),
    AccountSummary("040123464", "К•••••••••••••• А. В.", "г. Санкт-Петербург, ул. К••••••••••••••••, д. 2•, кв. •"),
)
DETAILS = AccountDetails(
    "040123456", 3_214_56, 3_214_56, 0, 0, "ноябрь 2026", "2026-11", charges=(), as_of="23.11.2026"
)
LAST_BILLED = date(2026, 10, 25)


def meter(meter_id: str, *values: int, **changes: object) -> Meter:
    """Of six digits; one value a zone, none of a new one."""
    zones = ("T1", "T2", "T3")[: len(values) or 1]
    billed = tuple(BilledReading(zone, value, LAST_BILLED) for zone, value in zip(zones, values, strict=False))
    known = {"average_kwh_month": 300, "verification_until": date(2034, 5, 14), "installed_on": LAST_BILLED}
    return Meter(meter_id, "Меркурий 206 RN", zones, 6, billed, 15, **(known | changes))


ONE_METER = Meters("040123456", (meter("37204816", 123_400),))
METERS = Meters("040123456", (meter("55120034", 14_310, 13_118, 16_905), meter("21880473", 21_456), meter("60034129")))
SHEET = readings_sheet.Sheet("040123456", METERS.meters[0], several=True)
READ = replace(SHEET, values=(("T1", "014406"), ("T2", "013185"), ("T3", "017053")))
OLD = meter("21880702", 14_310, 13_118, 16_905, verification_until=date(2025, 12, 31))


def after(sheet: readings_sheet.Sheet, *events: object) -> object:
    """The task of a sheet that is full, and what comes of it by events."""
    task = readings.judged(sheet, CONTEXT)
    for event in events:
        task = task.step(event, CONTEXT)[0]
    return task


LONG = (
    "Фамилия, имя и отчество, номер лицевого счёта, адрес и телефон. Они нужны, чтобы рассмотреть обращение и ответить "
    "на него. Данные хранятся пять лет и никому не передаются, кроме тех, кто готовит ответ. Отозвать согласие можно "
    "в любом офисе, по почте или у консультанта. Без согласия обращение принимается только безымянным: на него нельзя "
    "будет прислать ответ."
)


def first_of(service: str) -> Page:
    """What a service begins with."""
    return registry.SERVICES[service].begin(CONTEXT)[0].page(CONTEXT)


def told(request):
    """The office's first answer."""
    return answers(request)[0]


LINES = tuple(told(texts.KnowledgeAsked("-", Segment.B2C)).articles)
TARIFFS = tuple(line for line in LINES if line.topic_id == "charges.tariff")
ARTICLE = told(texts.ArticleAsked("-", "bill_explained")).article
PICTURE = ("bill_account", told(texts.PictureAsked("-", "bill_account")).content)
STANDARD = told(texts.StandardAsked("-", 0))
CONSENT = told(texts.ConsentsAsked("-")).consents[0]
PLACE = next(place for place in places_told().places if place.address)
WISH = booking.Wish(PLACE, load_topics()[0], SLOTS.days[1].slots[0].starts_at_ms, "+79210000067")
PHONE = replace(informing.phone_of(CodePurpose.INFORMING_ON, CONTEXT), phone="+79210000067")
HAND_SHEET = Photographed("sheet-1", "0" * 64, 9_000, pictures_of(Drawing(400, [[100, 100, 300, 300, 700, 120]]))[1])
PAPER = Photographed("photo-1", "0" * 64, 400_000, PICTURE[1])
READINGS_GIVEN = after(replace(READ, meter=OLD), Chosen("give"), Stored())
COMPLAINT = written_draft.Draft(
    CaseKind.COMPLAINT,
    ComplaintSubject.SERVICE,
    load_topics()[-1].group_title,
    load_topics()[-1],
    "В офисе на Михайловской улице мне не помогли с перерасчётом: сказали прийти ещё раз, хотя бумаги были со мной. "
    "Прошу сделать перерасчёт и ответить, почему мне отказали.",
    AnswerWay.SMS,
    "+79210000067",
    "ivanova@mail.ru",
    "197000, г. Санкт-Петербург, Большой проспект, д. 100, кв. 1",
    "Иванова Анна Константиновна",
    "040123456",
    CONSENT.version,
    papers_done=True,
)
AGREEMENT = written.agreement(replace(COMPLAINT, consent_version=""), CONSENT)
LAYOUT = Layout(
    camera=PartPlace.ABOVE,
    bill_validator=PartPlace.BELOW_LEFT,
    payment_card_reader=PartPlace.RIGHT,
    barcode_reader=PartPlace.BELOW,
    receipt_printer=PartPlace.BELOW_RIGHT,
    keypad=PartPlace.BELOW,
)
VISIT = replace(
    COMPLAINT,
    kind=CaseKind.REQUEST,
    subject=None,
    topic=next(topic for topic in CONTEXT.facts.topics if topic.topic_id == "visit.documents"),
    text="",
    site_visit=True,
    place="Ленинградская область, деревня Верхние Осельки, дом 4",
    time=VisitTime.AFTERNOON,
    note="Муж на коляске, второй этаж",
)
CLIENT = replace(
    VISIT,
    topic=next(topic for topic in CONTEXT.facts.topics if topic.topic_id == CONTRACT_TOPIC),
    site_visit=False,
    new_client=True,
)
CHECK = written_end.Check(COMPLAINT, "s1", written.mend)
FORM = written_draft.form_of(COMPLAINT, "s1", CONTEXT)
TASKS = {
    "office": registry.menu.Menu("office", registry.menu.OFFICE),
    "knowledge": knowledge.Groups(LINES),
    "knowledge_frequent": knowledge.Frequent(LINES, LINES[:10]),
    "knowledge_ask": naming.Naming(LINES),
    "knowledge_topic": naming.Naming(LINES, "Счета и начисления"),
    "knowledge_answer": articles.Reading(ARTICLE, (PICTURE,), first=True),
    "knowledge_answers": articles.Articles("knowledge.answers", Phrase(text="Тарифы и нормативы"), TARIFFS, first=True),
    "knowledge_group": articles.Articles("knowledge.group", Phrase(text="Счета и начисления"), LINES[:5]),
    "knowledge_article": articles.Reading(ARTICLE, (PICTURE,)),
    "knowledge_search": knowledge.Search(LINES),
    "knowledge_nothing": knowledge.NothingFound("тёплый пол в бане"),
    "standard": standard.Chapters(STANDARD),
    "standard_text": standard.StandardPage(STANDARD),
    "places": places.PlaceList(tuple(places_told().places)),
    "places_kept": places.PlaceList(tuple(places_told().places), kept_ms=CONTEXT.now_ms),
    "place": places.OnePlace(PLACE),
    "ways": places.OtherWays(),
    "ways_link": places.LinkCode("ВКонтакте", "https://vk.example/energosbyt"),
    "booking": booking.PlaceChoice(tuple(places_told().places)),
    "booking_group": booking.TopicChoice(WISH, load_topics()),
    "booking_hour": booking.HourChoice(
        WISH, Phrase(text="Вторник, 24.11"), tuple(s.starts_at_ms for s in SLOTS.days[1].slots)
    ),
    "booking_time": booking.TimeChoice(
        WISH, Phrase(text="Вторник, 24.11"), tuple(s.starts_at_ms for s in SLOTS.days[0].slots)
    ),
    "booking_phone": booking.PhoneEntry(WISH),
    "booking_check": booking.Check(WISH),
    "booking_done": booked.Booked(BOOKED, sms=True),
    "check_in": check_in.TicketTyped(Phrase(text="Такой записи нет. Проверьте код")),
    "check_in_done": check_in.CheckedIn(BOOKED),
    "check_in_video": check_in.CheckedIn(structs.replace(BOOKED, video=True)),
    "not_credited": not_credited.NotCredited(),
    "by_card": by_card.ByCard(Phrase(text="Эта карта не связана со счётом. Введите номер счёта")),
    "by_phone": by_phone.begin(CONTEXT)[0],
    "by_phone_accounts": by_phone.Which("+79210000067", ACCOUNTS),
    "by_phone_stopped": by_phone.Stopped(by_phone.STOPPED, Phrase("by_phone.none"), by_phone.WAYS),
    "history": history.Months(HISTORY),
    "history_earlier": history.Months(HISTORY, first=history.MONTHS_SHOWN, printed=False),
    "history_month": history.OneMonth(HISTORY.months[1]),
    "informing": informing.InformingState(tuple(PHONES)),
    "informing_consent": informing.agreement(CONSENT),
    "informing_code": phone_code.Code(PHONE, SENT, CONTEXT.now_ms, Phrase(text="Код не подошёл. Осталось попыток: 2")),
    "receipt_contact": receipt_contact.Way(),
    "receipt_phone": receipt_contact.Address("phone", Phrase("receipt_contact.phone.wrong")),
    "receipt_email": receipt_contact.Address("email", Phrase("receipt_contact.email.wrong")),
    "parts": parts.Parts(),
    "readings": readings.MeterChoice(
        tuple(readings_sheet.Sheet("040123456", meter, n, several=True) for n, meter in enumerate(METERS.meters))
    ),
    "readings_photo": readings_photo.MeterPhoto(READINGS_GIVEN),
    "readings_shot": readings_photo.MeterShot(READINGS_GIVEN, PAPER, "s1"),
    "readings_photo_sent": replace(READINGS_GIVEN, photo="sent"),
    "readings_zone": after(SHEET),
    "readings_new_meter": after(replace(SHEET, meter=METERS.meters[2])),
    "readings_less": after(replace(READ, values=(*READ.values[:2], ("T3", "16904")))),
    "readings_too_much": after(replace(READ, values=(*READ.values[:2], ("T3", "117053")))),
    "readings_unusual": after(replace(READ, values=(*READ.values[:2], ("T3", "018953")))),
    "readings_check": after(READ),
    "readings_given": READINGS_GIVEN,
    "readings_unheard": readings.Unheard("040123456"),
    "readings_not_kept": readings.NotKept(after(READ)),
    "new_client_place": written.Writing(replace(CLIENT, place="")),
    "new_client_email": written.Writing(replace(CLIENT, email=None)),
    "new_client_name": written.Writing(replace(CLIENT, email="", name=None)),
    "new_client_papers": written.Writing(replace(CLIENT, email="", papers_done=False)),
    "new_client_check": written_end.Check(replace(CLIENT, email="ivanova@mail.ru"), "s1", written.mend),
    "written": written.Writing(written_draft.Draft()),
    "written_subject": written.Writing(replace(COMPLAINT, subject=None)),
    "written_topic": written.Writing(replace(COMPLAINT, topic=None)),
    "written_text": written.Writing(replace(COMPLAINT, text="")),
    "written_way": written.Writing(replace(COMPLAINT, way=None)),
    "written_email": written.Writing(
        replace(COMPLAINT, way=AnswerWay.EMAIL, email=None), error=Phrase("written.email.wrong")
    ),
    "written_address": written.Writing(replace(COMPLAINT, way=AnswerWay.POST, address=None)),
    "written_name": written.Writing(replace(COMPLAINT, name=None)),
    "written_account": written.Writing(replace(COMPLAINT, account=None)),
    "written_papers": written.Writing(replace(COMPLAINT, papers=(PAPER,), papers_done=False)),
    "written_sheet": written.Sheet(replace(COMPLAINT, text="")),
    "written_looked": written.Looked(replace(COMPLAINT, text=""), HAND_SHEET),
    "written_check_by_hand": written_end.Check(replace(COMPLAINT, text="", sheets=(HAND_SHEET,)), "s1", written.mend),
    "written_photo": written.Shooting(COMPLAINT, failed=True),
    "written_shot": written.Shot(COMPLAINT, PAPER),
    "written_large": written.Writing(replace(COMPLAINT, papers=(replace(PAPER, size_bytes=4_000_000),))),
    "written_check": CHECK,
    "visit_topic": written.Writing(replace(VISIT, topic=None, group="Выезд специалиста")),
    "visit_place": written.Writing(replace(VISIT, place="")),
    "visit_time": written.Writing(replace(VISIT, time=None)),
    "visit_note": written.Writing(replace(VISIT, note=None)),
    "visit_check": written_end.Check(VISIT, "s1", written.mend),
    "visit_which": written_end.Which(written_end.Check(VISIT, "s1", written.mend)),
    "written_which": written_end.Which(CHECK),
    "written_refused": written_end.NotTaken(CHECK, NO_CONTACT),
    "written_not_kept": written_end.NotKept(CHECK),
    "written_filed": written_end.Filed(FORM, "Качество обслуживания", FILED),
    "written_kept": written_end.Filed(FORM, "Качество обслуживания"),
    "written_no_consent": Stopped("written.no_consent", Phrase("written.no_consent.sentence")),
    "case_status": case_status.Number(error=Phrase("case_status.no_sms")),
    "case_status_told": case_status.CaseShown(ANSWERED, case_status.Owner(account="040123456")),
    "case_status_reason": case_status.Reason(case_status.CaseShown(ANSWERED, case_status.Owner(account="040123456"))),
    "survey": survey.Score(survey_told()),
    "survey_reason": survey.Reason(survey.Score(survey_told()), 1),
}


PAGES: dict[str, Page] = {
    "page_menu": first_of("menu"),
    "page_organisations": first_of("organisations"),
    "page_text": Page(
        "account_site",
        PageKind.TEXT,
        title=Phrase(text="Согласие на обработку персональных данных"),
        parts=[
            Part(heading=Phrase(text="Что мы обрабатываем"), text=Phrase(text=LONG)),
            Part(
                heading=Phrase(text="Тарифы с 1 июля"),
                rows=[["Зона", "Цена за кВт·ч"], ["День (T1)", "6,84 ₽"], ["Ночь (T2)", "3,71 ₽"]],
            ),
            Part(text=Phrase(text=LONG)),
        ],
        choices=[Choice("agree", title=Phrase(text="Прочитано, согласен"))],
    ),
    "page_photo": Page(
        "account_site",
        PageKind.PHOTO,
        title=Phrase(text="Фото документа"),
        sentence=Phrase(text="Положите документ перед камерой так, чтобы он был виден целиком"),
        choices=[Choice("take", title=Phrase(text="Снять")), Choice("skip", title=Phrase(text="Без фото"))],
    ),
    "page_pad": Page(
        "account_site",
        PageKind.PAD,
        title=Phrase(text="Напишите, что случилось"),
        sentence=Phrase(text="Пишите крупно, пальцем или стилусом"),
        choices=[Choice("keep", title=Phrase(text="Дальше")), Choice("type", title=Phrase(text="Напечатать"))],
    ),
    "page_entry": Page(
        "account_site",
        PageKind.ENTRY,
        title=Phrase(text="Показание: ночь (T2)"),
        sentence=Phrase(text="Прошлое показание 012345. Цифры после запятой не нужны"),
        entry=Entry(EntryKind.DIGITS, draft="012401", length_max=6),
    ),
    "page_entry_wrong": Page(
        "account_site",
        PageKind.ENTRY,
        title=Phrase(text="Показание: ночь (T2)"),
        sentence=Phrase(text="Прошлое показание 012345. Цифры после запятой не нужны"),
        entry=Entry(
            EntryKind.DIGITS,
            draft="012301",
            length_max=6,
            error=Phrase(
                text="Показание меньше прошлого: 012345 от 25.10.2026. Исправьте показание или позовите консультанта."
            ),
        ),
    ),
    "page_layout": registry.SERVICES["layout"].begin(CONTEXT)[0].page(replace(CONTEXT, layout=LAYOUT.parts())),
    "page_account_site": first_of("account_site"),
    "page_consent_aloud": informing.agreement(CONSENT).page(replace(CONTEXT, voice=True)),
    "page_consent_questions": consent.Questions(AGREEMENT).page(replace(CONTEXT, voice=True)),
    **{f"page_{name}": task.page(CONTEXT) for name, task in TASKS.items()},
}


def screen_of(page: Page) -> Screen:
    return PAGE_SCREENS[page.kind]
