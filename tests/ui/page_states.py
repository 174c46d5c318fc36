"""Pages of the services as their own tasks make them, for the robot's walk. Each service adds its pages here."""

from __future__ import annotations

from datetime import date

from signaling_server.contract.cases import Topic
from terminal_app.core.tasks import account_site, menu
from terminal_app.core.tasks.task import Context, Facts
from terminal_app.core.visit_tasks import PAGE_SCREENS
from terminal_app.ipc.messages import AccountView, Availability, BalanceView, Screen
from terminal_app.ipc.pages import Choice, Entry, EntryKind, Page, PageKind, Part, Phrase

CONTEXT = Context(
    availability=Availability(
        cash=True, printer=True, camera=True, sound=True, billing=True, server=True, agents_on_duty=2
    ),
    account=AccountView(
        account="040123456",
        name_masked="К•••••••••••••• А. В.",
        address_masked="г. Санкт-Петербург, пр. Б•••••••••••, д. 1••, корп. •, кв. •••",
    ),
    balance=BalanceView(due_minor=3_214_56, period="ноябрь 2026", charges=[], as_of_date="23.11.2026"),
    facts=Facts(
        topics=(
            Topic("bill.explain", "Начисления и счета", "Разъяснение начислений"),
            Topic("meter.replace", "Приборы учёта", "Замена или поверка прибора учёта"),
        ),
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
)

LONG = (
    "Фамилия, имя и отчество, номер лицевого счёта, адрес и телефон. Они нужны, чтобы рассмотреть обращение и ответить "
    "на него. Данные хранятся пять лет и никому не передаются, кроме тех, кто готовит ответ. Отозвать согласие можно "
    "в любом офисе, по почте или у консультанта. Без согласия обращение принимается только безымянным: на него нельзя "
    "будет прислать ответ."
)

PAGES: dict[str, Page] = {
    "page_menu": menu.begin(CONTEXT)[0].page(CONTEXT),
    "page_organisations": menu.begin_organisations(CONTEXT)[0].page(CONTEXT),
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
    "page_account_site": account_site.begin(CONTEXT)[0].page(CONTEXT),
}


def screen_of(page: Page) -> Screen:
    return PAGE_SCREENS[page.kind]
