"""Slips of a collection: the words of "before" and "after", as lines for any paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from payment.encashment.collections import Collection, Recount
from payment.local_time import moment_words
from payment.money import rubles
from payment.receipt import Heading, Issuer, Pair, ReceiptLine, Rule, Words
from payment.reconciliation.compare import Found

_NOBODY = "Без входа инкассатора"
_SIGNED = "________________"  # room for a hand, or a name where none is known


def before_slip(collection: Collection, issuer: Issuer, zone: tzinfo, *, copy: bool = False) -> tuple[ReceiptLine, ...]:
    """What lies in the cassette, printed before it is touched; goes into the bag."""
    lay = collection.lay
    doubt: list[ReceiptLine] = []
    if lay.in_doubt_minor:
        doubt = [
            Pair("Под вопросом", rubles(lay.in_doubt_minor), bold=True),
            Words("Сумма под вопросом в итог не входит: деньги могут лежать в кассете или в купюроприёмнике."),
            Rule(),
        ]
    return (
        *_head("Инкассация: до изъятия", collection, issuer, zone, copy=copy),
        *_counts("Купюры", lay.notes),
        *_counts("Монеты", lay.coins),
        Pair("Всего купюр и монет", str(lay.notes_number + sum(lay.coins.values()))),
        Pair("ИТОГО", rubles(lay.total_minor + lay.coins_total_minor), bold=True),
        Rule(),
        *doubt,
        Pair("Подпись инкассатора", _SIGNED),
    )


def after_slip(collection: Collection, issuer: Issuer, zone: tzinfo, *, copy: bool = False) -> tuple[ReceiptLine, ...]:
    """That the cassette was changed and the counters begin at zero; stays with the collector."""
    lay = collection.lay
    moments = [
        ("Кассета вынута", collection.out_ms),
        ("Кассета вставлена", collection.in_ms),
        ("Счётчики обнулены", collection.reset_ms),
    ]
    return (
        *_head("Инкассация: завершена", collection, issuer, zone, copy=copy),
        *(Pair(name, moment_words(at_ms, zone) if at_ms else "нет") for name, at_ms in moments),
        Rule(),
        Pair("Изъято", rubles(lay.total_minor + lay.coins_total_minor), bold=True),
        *([Pair("Под вопросом", rubles(lay.in_doubt_minor))] if lay.in_doubt_minor else []),
        Pair("Осталось в терминале", rubles(0) if collection.reset_ms else "не обнулено"),
        Rule(),
        Pair("Подпись инкассатора", _SIGNED),
    )


def recount_slip(counted: Recount, issuer: Issuer, zone: tzinfo, *, counted_by: str = "") -> tuple[ReceiptLine, ...]:
    """What the cash office found against the terminal's journal, and who signs for it."""
    comparison = counted.comparison
    result: list[ReceiptLine] = [Heading("Сходится", large=True)]
    if not comparison.agrees:
        result = [
            Pair("Недостача", rubles(counted.shortage_minor), bold=True),
            Pair("Излишек", rubles(counted.surplus_minor), bold=True),
            *(_differing(each) for each in reversed(comparison.found)),
        ]
    if counted.explained_minor:
        result.append(Words(f"Из излишка {rubles(counted.explained_minor)} объясняются купюрой под вопросом."))
    return (
        *_head("Пересчёт", counted.collection, issuer, zone, copy=False),
        Pair("По журналу", rubles(comparison.here_minor)),
        Pair("Пересчитано", rubles(comparison.there_minor)),
        Rule(),
        *result,
        Rule(),
        Pair("Пересчитал", counted_by.strip() or _SIGNED),
        Pair("Подпись", _SIGNED),
    )


def _differing(each: Found) -> Pair:
    value_minor = int(each.key)
    here, there = each.here_minor // value_minor, each.there_minor // value_minor
    return Pair(f"{value_minor // 100} ₽", f"по журналу {here} шт., на деле {there} шт.")


def _head(title: str, collection: Collection, issuer: Issuer, zone: tzinfo, *, copy: bool) -> tuple[ReceiptLine, ...]:
    marked = (Heading("КОПИЯ", large=True),) if copy else ()
    who = collection.collector if collection.authorised else _NOBODY
    return (
        Heading(issuer.organisation),
        Heading(title),
        *marked,
        Rule(),
        Pair("Терминал", issuer.terminal_title),
        Pair("Инкассация №", str(collection.number)),
        Pair("Дата и время", moment_words(collection.opened_ms, zone)),
        Pair("Инкассатор", who or "не назван"),
        Pair("Номер сумки", collection.seal or "не указан"),
        Rule(),
    )


def _counts(title: str, counts: Mapping[int, int]) -> list[ReceiptLine]:
    """Largest value first, as people count."""
    if not counts:
        return []
    rows = [
        Pair(f"{value_minor // 100} ₽ × {number}", rubles(value_minor * number))
        for value_minor, number in sorted(counts.items(), reverse=True)
    ]
    return [Words(title), *rows, Rule()]
