"""The sandbox's page: which accounts there are to try."""

from __future__ import annotations

from html import escape

from payment.money import rubles
from payment.sandbox.masking import CITY
from payment.sandbox.seed import ACCOUNTS, SeedAccount
from payment.sandbox.store import CreditStore
from payment.sandbox.tariffs import METERS, ZONE_TITLES, SeedMeter

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2.5rem auto; max-width: 64rem; padding: 0 1.5rem; color: #1a2733 }
h1 { font-size: 1.6rem; margin-bottom: .25rem } p { color: #50606e; margin-top: 0 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .55rem .75rem }
th { color: #50606e; font-weight: 500 } tr + tr td { border-top: 1px solid #dde3e8 }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap } .closed { color: #8a96a0 }
a { color: #0b62a8 } small { color: #50606e } form { margin: 0 }
div.buttons { display: flex; gap: .5rem; flex-wrap: wrap }
button { font: inherit; padding: .35rem .9rem; border: 1px solid #b6c2cc; border-radius: .4rem; background: #fff }
button.main { background: #0b62a8; border-color: #0b62a8; color: #fff } button:hover { filter: brightness(.95) }
"""


def render(store: CreditStore) -> str:
    rows = "".join(_row(seed, seed.due_minor - store.credited_minor(seed.account)) for seed in ACCOUNTS.values())
    return f"""<!DOCTYPE html>
<html lang="ru"><head><meta charset="utf-8"><title>Учебный биллинг</title><style>{STYLE}</style></head><body>
<h1>Учебный биллинг</h1>
<p>Люди и адреса вымышлены. Второй признак — последние четыре цифры телефона +7 999 000-XX-XX.
<a href="/qrs">Оплата по QR-коду</a></p>
<table><thead><tr><th>Лицевой счёт</th><th>Второй признак</th><th>Плательщик</th><th>Адрес</th><th>Состояние</th></tr>
</thead><tbody>{rows}</tbody></table>
</body></html>"""


def _row(seed: SeedAccount, due_minor: int) -> str:
    person = f"{seed.last_name} {seed.first_name} {seed.patronymic}"
    address = f"{CITY}, {seed.street}, д.\u00a0{seed.house}, кв.\u00a0{seed.flat}"
    mark = "" if seed.active else ' class="closed"'
    return (
        f'<tr{mark}><td class="number">{seed.account}</td><td class="number">{seed.phone_tail}</td>'
        f"<td>{escape(person)}</td><td>{escape(address)}{_meters(seed)}</td>"
        f'<td class="number">{_state(seed, due_minor)}</td></tr>'
    )


def _meters(seed: SeedAccount) -> str:
    """What to begin from when one tries to give readings."""
    lines = "".join(f"<br>{escape(_meter(meter))}" for meter in METERS[seed.account] if seed.active)
    return f"<small>{lines}</small>"


def _meter(meter: SeedMeter) -> str:
    if meter.is_new:
        return f"Счётчик {meter.meter_id}, новый, ещё без начислений"
    titles = ZONE_TITLES[meter.zones]
    shown = [f"{title} {value}".strip() for title, value in zip(titles, meter.counters, strict=True)]
    return f"Счётчик {meter.meter_id}, начислено по показаниям: {', '.join(shown)}"


def _state(seed: SeedAccount, due_minor: int) -> str:
    if not seed.active:
        return "счёт закрыт"
    if due_minor > 0:
        return f"долг {rubles(due_minor)}"
    return f"переплата {rubles(-due_minor)}" if due_minor < 0 else "долга нет"
