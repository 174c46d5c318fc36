"""Reports of a day and of a collection as values: titles, facts, tables. Pure; the paper is payment/reports/pdf.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from payment.contract import Means
from payment.encashment.collections import Collection, Recount, everything
from payment.local_time import moment_words
from payment.money import NBSP, rubles, rubles_bare
from payment.reconciliation.compare import Comparison, Difference, Found, Owner, Source
from payment.reconciliation.daily_totals import ChannelTotal
from payment.reconciliation.registers import form_of_day

ROWS_MAX = 1_000  # differences on paper; the rest is in the machine-readable list

CHANNEL_WORDS: Mapping[Means, str] = {Means.CASH: "Наличные", Means.CARD: "Карта", Means.QR: "СБП"}
SOURCE_WORDS: Mapping[Source, str] = {
    Source.BILLING: "Биллинг",
    Source.FISCAL: "Фискальный накопитель",
    Source.DEVICE: "Счётчики устройств",
    Source.BANK: "Банк",
}
DIFFERENCE_WORDS: Mapping[Difference, str] = {
    Difference.MISSING_HERE: "нет в журнале",
    Difference.MISSING_THERE: "нет у другой стороны",
    Difference.AMOUNT_DIFFERS: "другая сумма",
    Difference.WRONG_ACCOUNT: "другой лицевой счёт",
    Difference.DUPLICATED: "дважды",
    Difference.LATE: "другой день",
    Difference.UNKNOWN: "исход неизвестен",
}
OWNER_WORDS: Mapping[Owner, str] = {
    Owner.BILLING: "биллинг",
    Owner.ACCOUNTING: "бухгалтерия",
    Owner.OPERATIONS: "эксплуатация",
    Owner.BANK: "банк",
}


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are shares of the page's width; columns named in `right` are figures."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    right: frozenset[int] = frozenset()
    total: bool = False  # the last row is a sum
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    facts: tuple[tuple[str, str], ...]
    verdict: str
    agrees: bool
    tables: tuple[Table, ...]
    signatures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose report it is, and when it was made (local words)."""

    organisation: str
    terminal: str
    made_at: str


# --- the day ----------------------------------------------------------------------------------------------------------


def day_report(
    head: Letterhead, day: str, totals: Mapping[Means, ChannelTotal], comparisons: Sequence[Comparison]
) -> Report:
    """Payments by channel, then the journal against each other source. `day` is YYYYMMDD."""
    found = [each for comparison in comparisons for each in comparison.found]
    verdict = "Расхождений нет" if not found else f"Расхождений: {len(found)}"
    if not comparisons:
        verdict = "Сверка не проводилась"
    tables = [_channels(totals), *([_compared(comparisons)] if comparisons else [])]
    if found:
        tables.append(_differences(found))
    return Report(
        title="Отчёт терминала за день",
        facts=(*_head_facts(head), ("День", form_of_day(day[:4], day[4:6], day[6:], "DD.MM.YYYY"))),
        verdict=verdict,
        agrees=bool(comparisons) and not found,
        tables=tuple(tables),
        signatures=("Бухгалтер",),
    )


def _channels(totals: Mapping[Means, ChannelTotal]) -> Table:
    shown = [(CHANNEL_WORDS[means], totals[means]) for means in Means if means in totals]
    rows = [_channel_row(name, total) for name, total in shown]
    whole = ChannelTotal(*(sum(getattr(total, name) for _, total in shown) for name in ChannelTotal.__slots__))
    return Table(
        title="Платежи по способам оплаты",
        header=("Способ", "Число", "Принято", "Комиссия", "Зачислено", "Отказано", "Ждут ответа"),
        rows=(*rows, _channel_row("Всего", whole)),
        widths=(20, 10, 16, 12, 16, 13, 13),
        right=frozenset(range(1, 7)),
        total=True,
        note="Суммы в рублях. Отказанное хранится как невыясненное до решения бухгалтерии.",
    )


def _channel_row(name: str, total: ChannelTotal) -> tuple[str, ...]:
    amounts = (
        total.taken_minor,
        total.fee_minor,
        total.credited_minor,
        total.refused_minor,
        total.unknown_minor,
    )
    return (name, str(total.count), *(rubles_bare(amount) for amount in amounts))


def _compared(comparisons: Sequence[Comparison]) -> Table:
    rows = tuple(
        (
            SOURCE_WORDS[each.source],
            str(each.here_count),
            rubles_bare(each.here_minor),
            str(each.there_count),
            rubles_bare(each.there_minor),
            rubles_bare(each.there_minor - each.here_minor),
            "сходится" if each.agrees else f"расхождений: {len(each.found)}",
        )
        for each in comparisons
    )
    return Table(
        title="Журнал терминала против других источников",
        header=("Источник", "В журнале", "Сумма", "У источника", "Сумма", "Разница", "Итог"),
        rows=rows,
        widths=(21, 11, 14, 12, 14, 12, 16),
        right=frozenset({1, 2, 3, 4, 5}),
    )


def _differences(found: Sequence[Found]) -> Table:
    left = len(found) - ROWS_MAX
    rows = tuple(
        (
            SOURCE_WORDS[each.source],
            *_named(each),
            each.account,
            rubles_bare(each.here_minor),
            rubles_bare(each.there_minor),
            OWNER_WORDS[each.owner],
        )
        for each in found[:ROWS_MAX]
    )
    return Table(
        title="Расхождения",
        header=("Источник", "Что", "Номер или номинал", "Лицевой счёт", "В журнале", "У источника", "Чьё"),
        rows=rows,
        widths=(13, 14, 26, 13, 12, 12, 14),
        right=frozenset({4, 5}),
        note=f"Не показано ещё {left}: полный список даёт команда с ключом --json." if left > 0 else "",
    )


def _named(each: Found) -> tuple[str, str]:
    """What differs, and of what: a payment by its number, notes and coins by their value and how many there are."""
    if each.source is not Source.DEVICE:
        return DIFFERENCE_WORDS[each.difference], each.key
    value_minor = int(each.key)
    here, there = each.here_minor // value_minor, each.there_minor // value_minor
    word = "недостача" if each.difference is Difference.MISSING_THERE else "излишек"
    return word, f"{value_minor // 100}{NBSP}₽: по журналу {here}{NBSP}шт., по счётчику {there}{NBSP}шт."


# --- a collection -----------------------------------------------------------------------------------------------------


def collection_report(head: Letterhead, collection: Collection, counted: Recount | None, zone: tzinfo) -> Report:
    """The act of an emptying, with the recount where there was one."""
    lay = collection.lay
    who = collection.collector if collection.authorised else "вход не выполнен"
    facts = [
        *_head_facts(head),
        ("Инкассация №", str(collection.number)),
        ("Начата", moment_words(collection.opened_ms, zone)),
        ("Закончена", moment_words(collection.closed_ms, zone) if collection.closed_ms else "нет"),
        ("Инкассатор", who or "не назван"),
        ("Номер сумки", collection.seal or "не указан"),
        ("По журналу", rubles(lay.total_minor + lay.coins_total_minor)),
    ]
    if lay.in_doubt_minor:
        facts.append(("Под вопросом, отдельно", rubles(lay.in_doubt_minor)))
    if counted is not None:
        facts.append(("Пересчитано", rubles(counted.comparison.there_minor)))
    return Report(
        title="Акт инкассации",
        facts=tuple(facts),
        verdict=_verdict(counted),
        agrees=counted is not None and counted.agrees,
        tables=(_counts(collection, counted),),
        signatures=("Инкассатор", "Кассир") if counted is not None else ("Инкассатор",),
    )


def _verdict(counted: Recount | None) -> str:
    if counted is None:
        return "Пересчёт ещё не записан"
    if counted.comparison.agrees:
        return "Пересчёт сошёлся"
    parts = [
        ("недостача", counted.shortage_minor),
        ("излишек", counted.surplus_minor),
        ("из него объяснено купюрой под вопросом", counted.explained_minor),
    ]
    told = "; ".join(f"{name} {rubles(amount)}" for name, amount in parts if amount)
    return f"Пересчёт не сошёлся: {told}"


def _counts(collection: Collection, counted: Recount | None) -> Table:
    here = everything(collection.lay)
    there = {int(each.key): each.there_minor // int(each.key) for each in counted.comparison.found} if counted else {}
    rows = []
    for value_minor in sorted({*here, *there}, reverse=True):
        number = here.get(value_minor, 0)
        found = there.get(value_minor, number)
        row = (f"{value_minor // 100}{NBSP}₽", str(number), rubles_bare(value_minor * number))
        rows.append((*row, *((str(found), _signed(found - number)) if counted else ())))
    total_minor = sum(value * number for value, number in here.items())
    total: tuple[str, ...] = ("Всего", str(sum(here.values())), rubles_bare(total_minor))
    if counted is not None:
        number = sum(here.values())
        numbers = sum(there.get(value, here.get(value, 0)) for value in {*here, *there})
        total = (*total, str(numbers), _signed(numbers - number))
    return Table(
        title="Купюры и монеты",
        header=("Номинал", "По журналу, шт.", "Сумма", *(("Пересчитано, шт.", "Разница, шт.") if counted else ())),
        rows=(*rows, total),
        widths=(20, 20, 20, 20, 20) if counted else (34, 33, 33),
        right=frozenset({1, 2, 3, 4} if counted else {1, 2}),
        total=True,
    )


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else str(number).replace("-", "\u2212")


def _head_facts(head: Letterhead) -> tuple[tuple[str, str], ...]:
    return (("Организация", head.organisation), ("Терминал", head.terminal), ("Отчёт составлен", head.made_at))
