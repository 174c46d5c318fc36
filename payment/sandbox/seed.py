"""The sandbox's people and payees. All are invented: no such persons, bank or company; check digits are right."""

from __future__ import annotations

from dataclasses import dataclass

DEMO_ACCOUNT = "100000017"
PHONE_HEAD = "+7999000"  # of invented phones; the account's own four digits follow
FAMILY_PHONE = f"{PHONE_HEAD}6173"  # of a son, who looks after his mother's account too


@dataclass(frozen=True, slots=True)
class Payee:
    """Requisites as a bill prints them."""

    name: str
    inn: str
    kpp: str
    personal_account: str
    bank_name: str
    bic: str
    correspondent_account: str


PAYEE = Payee(
    name="АО «Энергосбыт»",
    inn="7899001549",
    kpp="789901001",
    personal_account="40702810400780000017",
    bank_name="АО «Ладога-Банк» г. Санкт-Петербург",
    bic="044030988",
    correspondent_account="30101810000000000988",
)
FOREIGN_PAYEE = Payee(
    name="ТСЖ «Каменный остров, 12»",
    inn="7899003722",
    kpp="789901001",
    personal_account="40703810700550000034",
    bank_name="ПАО «Свирь Банк» г. Санкт-Петербург",
    bic="044030977",
    correspondent_account="30101810600000000977",
)
PAYEE_INN = PAYEE.inn
PAYEE_PERSONAL_ACCOUNT = PAYEE.personal_account


@dataclass(frozen=True, slots=True)
class SeedAccount:
    """One customer of the invented billing. `lines` add up to what was owed before any payment."""

    account: str
    last_name: str
    first_name: str
    patronymic: str
    street: str
    house: str
    flat: str
    phone_tail: str  # the second attribute: last four digits of the phone
    lines: tuple[tuple[str, int], ...]
    active: bool = True
    more_phones: tuple[str, ...] = ()  # the contract may name the phones of relatives too

    @property
    def phones(self) -> tuple[str, ...]:
        """Every phone that the contract names, the customer's own first."""
        return (f"{PHONE_HEAD}{self.phone_tail}", *self.more_phones)

    @property
    def due_minor(self) -> int:
        return sum(amount_minor for _, amount_minor in self.lines)


def _day_night(
    day_kwh: int, day_minor: int, night_kwh: int, night_minor: int, *more: tuple[str, int]
) -> tuple[tuple[str, int], ...]:
    day = (f"Электроэнергия, день, {day_kwh} кВт·ч", day_minor)
    return (day, (f"Электроэнергия, ночь, {night_kwh} кВт·ч", night_minor), *more)


_ONE_RATE = "Электроэнергия, {} кВт·ч"

ACCOUNTS: dict[str, SeedAccount] = {
    seed.account: seed
    for seed in (
        SeedAccount(
            DEMO_ACCOUNT, "Белозёров", "Илья", "Петрович", "Невский пр.", "174", "38", "4321",
            _day_night(162, 1_156_68, 71, 285_42, ("Электроэнергия на общедомовые нужды", 101_11)),
        ),
        SeedAccount(
            "100000025", "Соловьёва", "Марина", "Андреевна", "ул. Рубинштейна", "23", "7", "7702",
            _day_night(98, 699_72, 40, 160_80, ("Входящий остаток", -1_200_00)),
        ),
        SeedAccount(
            "100000033", "Ким", "Алексей", "Сергеевич", "Каменноостровский пр.", "42", "115", "1958",
            ((_ONE_RATE.format(187), 1_148_18), ("Оплачено ранее", -1_148_18)),
        ),
        SeedAccount(
            "100000041", "Тарасенко", "Ольга", "Викторовна", "пр. Стачек", "67", "204", "3360",
            ((_ONE_RATE.format(0), 0),), active=False,
        ),
        SeedAccount(
            "100000058", "Григорьев", "Павел", "Николаевич", "ул. Савушкина", "118", "56", "8841",
            _day_night(
                243, 1_735_02, 96, 385_92,
                ("Входящий остаток", 4_318_77), ("Повторное подключение", 1_850_00),
                ("Замена счётчика", 2_400_00), ("Пени", 61_40),
            ),
        ),
        SeedAccount(
            "100000066", "Жукова", "Надежда", "Ильинична", "Ленинский пр.", "9", "12", "0615",
            ((_ONE_RATE.format(64), 392_96),),
        ),
        SeedAccount(
            "100000074", "Абдуллаев", "Рустам", "Фархадович", "ул. Димитрова", "31", "88", "5527",
            _day_night(205, 1_463_70, 83, 333_66),
        ),
        SeedAccount(
            "100000082", "Орлова", "Екатерина", "Дмитриевна", "наб. реки Фонтанки", "50", "3", "2904",
            _day_night(134, 956_76, 58, 233_16, ("Электроэнергия на общедомовые нужды", 74_05)),
        ),
        SeedAccount(
            "100000090", "Никифоров", "Георгий", "Львович", "Московский пр.", "196", "141", "6173",
            ((_ONE_RATE.format(311), 1_909_54), ("Входящий остаток", 12_460_46)),
        ),
        SeedAccount(
            "100000108", "Цой", "Виктория", "Олеговна", "ул. Есенина", "14", "320", "9086",
            ((_ONE_RATE.format(52), 319_28), ("Льгота 50 %", -159_64)),
        ),
        SeedAccount(
            "100000116", "Васильева", "Тамара", "Фёдоровна", "8-я линия В. О.", "25", "19", "4478",
            _day_night(77, 549_78, 35, 140_70, ("Льгота 50 %", -345_24)), more_phones=(FAMILY_PHONE,),
        ),
        SeedAccount(
            "100000124", "Мельниченко", "Андрей", "Юрьевич", "Октябрьская наб.", "70", "512", "7315",
            ((_ONE_RATE.format(176), 1_080_64), ("Входящий остаток", -64)),
        ),
    )
}  # fmt: skip
