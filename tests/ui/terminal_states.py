"""States of core as a customer's visit goes through them, with the longest words that really occur."""

from __future__ import annotations

from call_end_states import CARD_TEXTS, RESULTS
from call_states import (
    CALL,
    CARD_TEXT,
    CARDS,
    HOLDS,
    LISTENER,
    LIVE,
    NOTES,
    PARTIES,
    WRITTEN,
    captions_states,
    trouble_states,
)
from document_states import document_states
from help_states import help_states
from msgspec.structs import replace
from page_states import PAGES, screen_of
from pay_states import pay_states
from recording_states import recording_states
from sending_states import sending_states
from still_states import still_states

from signaling_server.contract.messages import WayToTalk
from signaling_server.contract.notes import CallNote, CardAnswer, NoteAuthor
from signaling_server.contract.turns import Turn
from signaling_server.desk.turns import load_categories
from terminal_app.core import call_ring, call_turn
from terminal_app.ipc.call_messages import Printing, SoundQuality
from terminal_app.ipc.messages import (
    AccountView,
    Availability,
    BalanceView,
    CallView,
    CashStop,
    CashView,
    ChargeView,
    Liveness,
    NoteAnswer,
    Notice,
    Screen,
    TerminalState,
)
from terminal_app.ipc.offer import ClosedPlace, ClosedService, Offer, Opening
from terminal_app.ipc.orders import LineView, OrderView, ReceiptPair, ReceiptView
from terminal_app.ipc.pages import Choice, Entry, EntryKind, Page, PageKind, Phrase
from terminal_app.schedule import OFFERED

ALL_WELL = Availability(cash=True, printer=True, camera=True, sound=True, billing=True, server=True, agents_on_duty=2)
ACCOUNT = AccountView(
    account="040123456",
    name_masked="К•••••••••••••• А. В.",
    address_masked="г. Санкт-Петербург, пр. Б•••••••••••, д. 1••, корп. •, кв. •••",
)
BALANCE = BalanceView(
    due_minor=3_214_56,
    period="ноябрь 2026",
    charges=[
        ChargeView("Электроэнергия, день, 214\u00a0кВт·ч", 2_301_12),
        ChargeView("Электроэнергия, ночь, 96\u00a0кВт·ч", 512_44),
        ChargeView("Пени", 1_00),
        ChargeView("Долг за прошлые месяцы", 400_00),
    ],
    as_of_date="23.11.2026",
)
CASH = CashView(
    asked_minor=3_250_00,
    inserted_minor=2_100_00,
    amount_min_minor=10_00,
    amount_max_minor=15_000_00,
    denominations_minor=[10_00, 50_00, 100_00, 200_00, 500_00, 1000_00, 2000_00, 5000_00],
    note_answer=NoteAnswer.STACKED,
    note_answers=3,
    may_pay=True,
    acceptor_ready=True,
)
RECEIPT = ReceiptView(
    txn_id="26112522302597840012",
    paid_minor=3_300_00,
    credited=True,
    printed=True,
    copies_left=3,
    pairs=[
        ReceiptPair("Лицевой счёт", "040123456"),
        ReceiptPair("Внесено", "3 300,00 ₽"),
        ReceiptPair("Зачислено", "3 300,00 ₽"),
        ReceiptPair("Номер операции", "26112 52230 25978 40012"),
    ],
)
SPLIT = [*(ReceiptPair(f"040 555 66{number}", "1 100,00 ₽") for number in range(3)), RECEIPT.pairs[-1]]
SBP_LINK = "https://qr.nspk.ru/AD10006M8KH234K782OQM0L13JI31LQD?type=02&bank=100000000009&sum=1321456&cur=RUB&crc=C63A"
RECONNECTION = "Повторное подключение после ограничения"
ORDER = OrderView(may_gather=True, may_pick=True, may_add=True, receipt_offered=True)
BASKET = OrderView(
    lines=[
        LineView("040123456", "Электроэнергия", 3_213_56),
        LineView("040123456", RECONNECTION, 1_850_00),
        LineView("040123456", "Пени", 61_40),
    ],
    total_minor=5_124_96,
    may_pick=True,
    may_add=True,
    receipt_offered=True,
)
SEVERAL = replace(
    BASKET,
    lines=[*BASKET.lines, *(LineView(f"04055566{number}", "Электроэнергия", 1_000_00) for number in range(3))],
    total_minor=8_124_96,
    may_pick=False,
)
DESK_CLOSED = replace(
    ALL_WELL, agents_on_duty=0, offer=Offer(consultants=ClosedService("consultants", Opening(1, "8:00", "27.11")))
)


def card_state(name: str, *, text: str = CARD_TEXT, **call: object) -> TerminalState:
    note = CallNote("call-1", f"card-{name}", NoteAuthor.AGENT, text, card=CARDS[name])
    return at(Screen.CALL_CARD, call=replace(WRITTEN, notes=[*NOTES, note], card_id=note.note_id, **call))


BASE = TerminalState(
    revision=0,
    screen=Screen.ATTRACT,
    availability=ALL_WELL,
    support_phone="8 800 000-00-00",
    support_hours="ежедневно с 8:00 до 22:00",
    terminal_title="Терминал 1",
)


def at(screen: Screen, **changes: object) -> TerminalState:
    return replace(BASE, screen=screen, **changes)


NIGHT = Offer(
    ["pay", "organisations"], [], ClosedPlace([("8:00", "13:00"), ("14:00", "22:00")], Opening(1, "8:00", "27.11"))
)

PHONE_KNOWN = Page(
    "written.phone",
    PageKind.ENTRY,
    entry=Entry(EntryKind.PHONE, length_max=16),
    choices=[Choice("known_phone", Phrase("page.known_phone", {"tail": "12-34"}))],
)
HERO = Turn(category_id="hero", title="Герой, полный кавалер Славы")

STATES: dict[str, TerminalState] = {
    "attract": at(Screen.ATTRACT),
    "attract_crippled": at(Screen.ATTRACT, availability=Availability(billing=True)),
    "account_entry_help": at(Screen.ACCOUNT_ENTRY, help_offered=True),
    "account_entry": at(Screen.ACCOUNT_ENTRY, account_typed="040123456"),
    "account_entry_card": at(
        Screen.ACCOUNT_ENTRY, account_typed="040123456", availability=replace(ALL_WELL, card_reader=True)
    ),
    "account_entry_wrong": at(Screen.ACCOUNT_ENTRY, account_typed="040123456", input_error=Notice.ACCOUNT_NOT_FOUND),
    "bill_scan": at(Screen.BILL_SCAN),
    "account_confirm": at(Screen.ACCOUNT_CONFIRM, account=ACCOUNT, may_pay_unseen=True),
    "second_attribute": at(Screen.SECOND_ATTRIBUTE, account=ACCOUNT, attempts_left=3),
    "second_attribute_wrong": at(
        Screen.SECOND_ATTRIBUTE, account=ACCOUNT, attempts_left=2, input_error=Notice.ATTRIBUTE_WRONG
    ),
    "balance": at(Screen.BALANCE, account=ACCOUNT, balance=BALANCE),
    "balance_overpaid": at(
        Screen.BALANCE,
        account=ACCOUNT,
        balance=replace(BALANCE, due_minor=-150_00, charges=BALANCE.charges[:2]),
        availability=replace(ALL_WELL, cash=False),
    ),
    "amount": at(Screen.AMOUNT, account=ACCOUNT, balance=BALANCE, order=ORDER),
    "amount_receipt_sent": at(
        Screen.AMOUNT, account=ACCOUNT, balance=BALANCE, order=replace(ORDER, contact="k***@energia.example.ru")
    ),
    "amount_part": at(
        Screen.AMOUNT,
        account=ACCOUNT,
        balance=BALANCE,
        order=replace(ORDER, part_title=RECONNECTION, part_minor=1_850_00, may_gather=False),
    ),
    "basket": at(Screen.BASKET, account=ACCOUNT, balance=BALANCE, order=BASKET),
    "basket_several": at(Screen.BASKET, order=SEVERAL),
    "basket_full": at(
        Screen.BASKET, account=ACCOUNT, balance=BALANCE, order=replace(SEVERAL, may_pick=True, may_add=False)
    ),
    "means": at(
        Screen.MEANS,
        account=ACCOUNT,
        balance=BALANCE,
        cash=CashView(asked_minor=3_214_56),
        availability=replace(ALL_WELL, card=True),
    ),
    "means_three": at(
        Screen.MEANS, cash=CashView(asked_minor=3_214_56), availability=replace(ALL_WELL, card=True, qr=True)
    ),
    "qr_payment_asking": at(Screen.QR_PAYMENT, account=ACCOUNT, balance=BALANCE, cash=CashView(asked_minor=3_214_56)),
    "qr_payment": at(
        Screen.QR_PAYMENT, account=ACCOUNT, balance=BALANCE, cash=CashView(asked_minor=13_214_56, qr=SBP_LINK)
    ),
    "notice_qr_not_paid": at(Screen.NOTICE, notice=Notice.QR_NOT_PAID),
    "card_payment": at(Screen.CARD_PAYMENT, account=ACCOUNT, balance=BALANCE, cash=CashView(asked_minor=13_214_56)),
    "card_leaving": at(
        Screen.CARD_PAYMENT, account=ACCOUNT, balance=BALANCE, cash=CashView(asked_minor=13_214_56), busy=True
    ),
    "cash_in": at(Screen.CASH_IN, account=ACCOUNT, balance=BALANCE, cash=CASH),
    "cash_in_limited": at(
        Screen.CASH_IN,
        account=ACCOUNT,
        balance=BALANCE,
        cash=replace(
            CASH,
            inserted_minor=0,
            may_pay=False,
            note_answer=NoteAnswer.NONE,
            limit_words="Без паспорта закон разрешает внести сегодня наличными ещё до 12 500,00\u00a0₽.",
        ),
    ),
    "cash_in_empty": at(
        Screen.CASH_IN,
        account=ACCOUNT,
        balance=BALANCE,
        cash=replace(
            CASH,
            asked_minor=13_214_56,
            above_minor=13_250_00,
            advance_minor=35_44,
            inserted_minor=0,
            may_pay=False,
            note_answer=NoteAnswer.NONE,
        ),
    ),
    "cash_in_fee": at(
        Screen.CASH_IN,
        account=ACCOUNT,
        balance=BALANCE,
        cash=replace(CASH, fee_minor=20_00, inserted_minor=0, may_pay=False, note_answer=NoteAnswer.NONE),
    ),
    "cash_in_below_least": at(
        Screen.CASH_IN,
        account=ACCOUNT,
        balance=BALANCE,
        cash=replace(CASH, amount_min_minor=500_00, inserted_minor=100_00, may_pay=False),
    ),
    "pay_less": at(
        Screen.NOTICE,
        account=ACCOUNT,
        balance=BALANCE,
        notice=Notice.PAY_LESS,
        cash=replace(CASH, asked_minor=13_214_56, inserted_minor=12_500_00),
    ),
    "cash_in_refused": at(
        Screen.CASH_IN,
        account=ACCOUNT,
        balance=BALANCE,
        cash=replace(CASH, note_answer=NoteAnswer.NOT_RECOGNISED, inserted_minor=3_300_00),
    ),
    "cash_in_jammed": at(
        Screen.CASH_IN,
        account=ACCOUNT,
        balance=BALANCE,
        cash=replace(CASH, acceptor_ready=False, acceptor_stopped=True, acceptor_fault="jammed"),
    ),
    "paying": at(Screen.PAYING, account=ACCOUNT, cash=CASH),
    "receipt": at(Screen.RECEIPT, account=ACCOUNT, receipt=RECEIPT),
    "receipt_several": at(Screen.RECEIPT, receipt=replace(RECEIPT, contact="k***@energia.example.ru", pairs=SPLIT)),
    "receipt_sent_no_paper": at(
        Screen.RECEIPT, receipt=replace(RECEIPT, printed=False, credited=False, contact="k***@energia.example.ru")
    ),
    "receipt_copy_printing": at(Screen.RECEIPT, account=ACCOUNT, receipt=replace(RECEIPT, copies=1, copies_left=2)),
    "receipt_copy_printed": at(
        Screen.RECEIPT, account=ACCOUNT, receipt=replace(RECEIPT, copies=1, copies_left=2, copy_printed=True)
    ),
    "receipt_copy_failed": at(
        Screen.RECEIPT, account=ACCOUNT, receipt=replace(RECEIPT, copies=2, copies_left=1, copy_printed=False)
    ),
    "receipt_copies_spent": at(
        Screen.RECEIPT, account=ACCOUNT, receipt=replace(RECEIPT, copies=3, copies_left=0, copy_printed=True)
    ),
    "receipt_no_paper": at(Screen.RECEIPT, account=ACCOUNT, receipt=replace(RECEIPT, printed=False, credited=False)),
    "receipt_refused": at(
        Screen.RECEIPT,
        account=ACCOUNT,
        receipt=replace(
            RECEIPT,
            credited=False,
            refused_minor=3_300_00,
            pairs=[
                ReceiptPair("Лицевой счёт", "040123456"),
                ReceiptPair("Внесено", "3 300,00 ₽"),
                ReceiptPair("Не зачислено", "3 300,00 ₽"),
            ],
        ),
    ),
    "receipt_in_doubt": at(
        Screen.RECEIPT,
        account=ACCOUNT,
        receipt=replace(RECEIPT, paid_minor=0, credited=False, in_doubt_minor=5_000_00, pairs=RECEIPT.pairs[:1]),
    ),
    "receipt_card_unknown": at(
        Screen.RECEIPT,
        account=ACCOUNT,
        receipt=replace(RECEIPT, paid_minor=0, credited=False, card_unknown_minor=3_300_00),
    ),
    "attract_closed_pay": at(
        Screen.ATTRACT,
        availability=replace(
            ALL_WELL, offer=Offer(["commercial"], [ClosedService("pay", Opening(3, "9:00", "30.11"))])
        ),
    ),
    "attract_night": at(Screen.ATTRACT, availability=replace(ALL_WELL, offer=NIGHT)),
    "attract_night_alone": at(
        Screen.ATTRACT,
        availability=replace(ALL_WELL, offer=Offer([*OFFERED, "menu", "organisations"], [], ClosedPlace())),
    ),
    "attract_on_battery": at(
        Screen.ATTRACT, availability=replace(ALL_WELL, cash=False, cash_stop=CashStop.POWER, card=True)
    ),
    "balance_full_card": at(
        Screen.BALANCE,
        account=ACCOUNT,
        balance=BALANCE,
        availability=replace(ALL_WELL, cash=False, cash_stop=CashStop.CASSETTE_FULL, card=True),
    ),
    "notice_card_declined": at(Screen.NOTICE, notice=Notice.CARD_DECLINED),
    "notice_recovered": at(Screen.NOTICE, notice=Notice.PAYMENT_RECOVERED, cash=CashView(recovered_minor=12_500_00)),
    "notice_unreadable": at(Screen.NOTICE, notice=Notice.QR_UNREADABLE),
    "notice": at(Screen.NOTICE, notice=Notice.QR_FOREIGN_PAYEE),
    "attract_desk_closed": at(Screen.ATTRACT, availability=DESK_CLOSED),
    "notice_desk_closed": at(Screen.NOTICE, notice=Notice.DESK_CLOSED, availability=DESK_CLOSED),
    "notice_call_broken": at(Screen.NOTICE, notice=Notice.CALL_BROKEN),
    "notice_no_agent": at(Screen.NOTICE, notice=Notice.NO_AGENT_ON_DUTY),
    "notice_waited": at(Screen.NOTICE, notice=Notice.WAITED_TOO_LONG),
    "place_lost": at(Screen.NOTICE, notice=Notice.PLACE_LOST),
    "waited_too_long": at(Screen.NOTICE, notice=Notice.WAITED_TOO_LONG),
    "call_way": at(Screen.CALL_WAY, call=CallView()),
    "call_way_turn": at(Screen.CALL_WAY, call=CallView(turn=HERO)),
    "call_turn": at(Screen.PAGE_LIST, call=CallView(turn=HERO), page=call_turn.page(load_categories(), HERO)),
    "call_ring": at(Screen.PAGE_LIST, call=CallView(), page=call_ring.page()),
    "call_waiting": at(Screen.CALL_WAITING, call=CALL),
    "call_waiting_lost": at(Screen.CALL_WAITING, call=replace(CALL, link_lost=True)),
    "call_waiting_returned": at(Screen.CALL_WAITING, call=replace(CALL, returned=True, position=3)),
    "call_waiting_type": at(Screen.CALL_WAITING, call=replace(CALL, way=WayToTalk.TYPE)),
    **trouble_states(at),
    "call_live_type": at(
        Screen.CALL_LIVE, call=replace(CALL, way=WayToTalk.TYPE, liveness=Liveness.RECONNECTING, agent_has_video=True)
    ),
    "call_live": at(Screen.CALL_LIVE, call=LIVE),
    "call_live_interpreter": at(Screen.CALL_LIVE, call=replace(LIVE, parties=PARTIES, beside_id="i")),
    "call_live_listened": at(Screen.CALL_LIVE, call=replace(LIVE, parties=[PARTIES[0], LISTENER])),
    "call_live_caption": at(Screen.CALL_LIVE, call=WRITTEN),
    "call_live_broken": at(Screen.CALL_LIVE, call=replace(LIVE, quality=SoundQuality.BROKEN)),
    "call_pad": at(Screen.CALL_PAD, call=CALL),
    "call_pad_caption": at(Screen.CALL_PAD, call=WRITTEN),
    "call_typing": at(Screen.CALL_TYPING, call=WRITTEN),
    "call_notes": at(Screen.CALL_NOTES, call=WRITTEN),
    **{f"call_card_{name}": card_state(name, text=CARD_TEXTS.get(name, CARD_TEXT)) for name in CARDS},
    "call_card_portal": card_state("portal", text=CARD_TEXTS["portal"], portal_url="https://lk.energosbyt.example/"),
    "amount_proposed": at(
        Screen.AMOUNT, account=ACCOUNT, balance=BALANCE, order=replace(ORDER, proposed_minor=1_500_00)
    ),
    "call_card_printed": card_state("written", text=CARD_TEXTS["written"], printing=Printing.FAILED),
    **{f"call_hold_{name}": card_state("pause", **held) for name, held in HOLDS.items()},
    "call_notes_answered": at(
        Screen.CALL_NOTES,
        call=replace(
            WRITTEN,
            notes=[
                *NOTES,
                CallNote("call-1", "n3", NoteAuthor.CUSTOMER, answer_to="n2", answer=CardAnswer.SIMPLER),
            ],
        ),
    ),
    **help_states(at, CALL),
    **still_states(at, CALL),
    **sending_states(at, CALL),
    **document_states(at, CALL),
    **recording_states(at, CALL),
    "call_live_no_picture": at(Screen.CALL_LIVE, call=replace(CALL, liveness=Liveness.RECONNECTING)),
    **{name: at(Screen.CALL_RESULT, call=replace(CALL, **call)) for name, call in RESULTS.items()},
    **{name: at(screen_of(page), page=page) for name, page in PAGES.items()},
    "page_phone_known": at(Screen.PAGE_ENTRY, page=PHONE_KNOWN),
    "out_of_service": at(Screen.OUT_OF_SERVICE),
    "idle_dialog": at(Screen.BALANCE, account=ACCOUNT, balance=BALANCE, idle_left_s=21),
}
STATES |= pay_states(STATES, CALL)
STATES |= captions_states(at, ALL_WELL)
