"""A billing that loses, repeats, delays and garbles whatever it can, and the count of its credits.

The terminal's side is the production client's: `osmp_answers` makes each request and reads each answer, by any dialect,
and UNKNOWN is repeated as the cashier does. The far side is written apart, with its own words. What a provider owes by
the contract it keeps: one credit a txn_id, and a final refusal stays one; everything on the way may break.
"""

from __future__ import annotations

import enum
import random
from collections import Counter, deque
from dataclasses import dataclass, field

from payment.billing.osmp_answers import confirmed_cancel, encoded, parameters, read_cancel, read_pay, read_status
from payment.billing.osmp_dialects import DIALECTS, CancelOutcome, Command, Dialect
from payment.contract import PayOutcome, PayRequest
from payment.sandbox.faults import ENTITY_BOMB, HTML

TRIES_MAX = 200  # more is no chaos but a mistake
SHARD_PAYS = 10_000  # payments of one billing
FAULTY_OF_16 = 7  # so many of sixteen requests meet a fault
CLOSED_OF_64 = 4
CANCELLED_OF_64 = 3
LATE_REQUESTS_MAX = 32
AMOUNT_MAX_MINOR = 15_000_00
NOTE_MINOR = 500_00


class Fault(enum.Enum):
    """What happens to one request or its answer."""

    LOST_REQUEST = "lost_request"
    LATE_REQUEST = "late_request"  # comes after the terminal has asked again, or was told
    REPEATED_REQUEST = "repeated_request"  # a proxy sends it twice
    LOST_ANSWER = "lost_answer"  # the commit is done: late, dropped, reset
    TWO_ANSWERS = "two_answers"
    CUT_ANSWER = "cut_answer"
    HTTP_500 = "http_500"
    HTML = "html"
    ENTITY_BOMB = "entity_bomb"
    SWAPPED = "swapped"  # a true answer of another payment, though this one is done
    STALE_ANSWER = "stale_answer"  # the same, and this one never arrived
    OTHER_SUM = "other_sum"
    TEMPORARY = "temporary"  # code 1, nothing is done
    UNFINISHED = "unfinished"  # code 90, though it is done
    FORBIDDEN = "forbidden"  # a final refusal, if nothing was credited before


FAULTS = tuple(Fault)
# Words of the two kinds of gateways: command, number, account, sum, the provider's number; then of their answers.
WORDS = {
    "osmp": ("command", "txn_id", "account", "sum", "prv_txn", "osmp_txn_id", "prv_txn", "sum", "result"),
    "osmp-reverse": ("action", "txn_id", "account", "amount", "authcode", "txn_id", "authcode", "amount", "code"),
}


@dataclass(slots=True)
class Billing:
    """The far end. `posted` counts what really moved: credits less those taken back, by account."""

    words: tuple[str, ...]
    forgets_refusals: bool = False
    credits: dict[str, tuple[str, int, int]] = field(default_factory=dict)  # account, kopecks, the provider's number
    refused: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    posted: Counter[str] = field(default_factory=Counter)
    posted_minor: Counter[str] = field(default_factory=Counter)

    def hear(self, wire: str, fault: Fault | None) -> bytes:
        """Does what is asked in one go and answers."""
        asked = dict(pair.split("=", 1) for pair in wire.split("&"))
        command, number, account, amount, provider, *_ = self.words
        txn_id = asked[number]
        if fault is Fault.TEMPORARY:
            return self._answer(txn_id, 1)
        match asked[command]:
            case "pay":
                code = self._pay(txn_id, asked[account], _kopecks(asked[amount]), fault)
            case "cancel" | "reverse":
                code = self._cancel(txn_id, asked[provider])
            case _:
                code = 210 if txn_id not in self.credits else 160 if txn_id in self.cancelled else 0
        return self._answer(txn_id, 90 if fault is Fault.UNFINISHED else code, other=fault is Fault.OTHER_SUM)

    def _pay(self, txn_id: str, account: str, amount_minor: int, fault: Fault | None) -> int:
        if txn_id in self.credits:
            return 0 if self.credits[txn_id][:2] == (account, amount_minor) else 300
        if txn_id in self.refused:
            return 7
        if fault is Fault.FORBIDDEN or account.startswith("9"):  # such an account is closed
            if not self.forgets_refusals:
                self.refused.add(txn_id)
            return 79 if account.startswith("9") else 7
        self.credits[txn_id] = (account, amount_minor, len(self.credits) + 1)
        self.posted[account] += 1
        self.posted_minor[account] += amount_minor
        return 0

    def _cancel(self, txn_id: str, provider: str) -> int:
        if txn_id not in self.credits or str(self.credits[txn_id][2]) != provider:
            return 210
        if txn_id not in self.cancelled:
            account, amount_minor, _ = self.credits[txn_id]
            self.cancelled.add(txn_id)
            self.posted[account] -= 1
            self.posted_minor[account] -= amount_minor
        return 0

    def _answer(self, txn_id: str, code: int, *, other: bool = False) -> bytes:
        number, provider, amount, result = self.words[5:]
        paid = ""
        if code == 0 and txn_id in self.credits:
            _, amount_minor, provider_txn = self.credits[txn_id]
            whole, kopecks = divmod(amount_minor + other, 100)
            paid = f"<{provider}>{provider_txn}</{provider}><{amount}>{whole}.{kopecks:02d}</{amount}>"
        return (
            f"<response><{number}>{txn_id}</{number}>{paid}<{result}>{code}</{result}><comment>OK</comment></response>"
        ).encode()


def _kopecks(rubles: str) -> int:
    whole, _, kopecks = rubles.partition(".")
    return int(whole) * 100 + int(kopecks)


class Channel:
    """The way between: it decides what breaks, and lets late requests arrive at last."""

    def __init__(self, chance: random.Random, billing: Billing) -> None:
        self.chance = chance
        self.billing = billing
        self.requests = 0
        self.met: Counter[Fault] = Counter()
        self._late: deque[str] = deque()
        self._last_answer = b""

    def ask(self, wire: str) -> bytes | None:
        """The bytes that the terminal gets; None: no answer in time."""
        self.requests += 1
        fault = self._draw()
        if len(self._late) > LATE_REQUESTS_MAX:
            self.arrive()
        if fault is Fault.LOST_REQUEST:
            return None
        if fault is Fault.LATE_REQUEST:
            self._late.append(wire)
            return None
        if fault is Fault.STALE_ANSWER:
            return self._last_answer
        if fault is Fault.REPEATED_REQUEST:
            self.billing.hear(wire, None)
        answer = self.billing.hear(wire, fault)
        told = self._garbled(answer, fault)
        self._last_answer = answer
        return told

    def arrive(self) -> None:
        """One late request reaches billing; its answer has nobody to hear it."""
        if self._late:
            self.billing.hear(self._late.popleft(), None)

    def arrive_all(self) -> None:
        while self._late:
            self.arrive()

    def _draw(self) -> Fault | None:
        if self.chance.getrandbits(4) >= FAULTY_OF_16:
            return None
        fault = FAULTS[self.chance.getrandbits(10) % len(FAULTS)]
        self.met[fault] += 1
        return fault

    def _garbled(self, answer: bytes, fault: Fault | None) -> bytes | None:
        match fault:
            case Fault.LOST_ANSWER | Fault.HTTP_500:
                return None
            case Fault.TWO_ANSWERS:
                return answer * 2
            case Fault.CUT_ANSWER:
                return answer[: self.chance.getrandbits(9) % len(answer)]
            case Fault.HTML:
                return HTML.encode()
            case Fault.ENTITY_BOMB:
                return ENTITY_BOMB
            case Fault.SWAPPED:
                return self._last_answer
        return answer


SABOTAGES = ("new-number", "trust-any-answer", "trust-any-cancel", "unknown-is-final", "forgetful-billing")


@dataclass(slots=True)
class Figures:
    """What the count says. All but the first four must be 0."""

    pays: int = 0
    requests: int = 0
    faults: int = 0
    cancels: int = 0
    doubled: int = 0  # an account got its money more than once
    lost: int = 0  # the terminal believes in a credit that is not there
    kept_and_credited: int = 0  # the terminal believes that it is refused, and it is credited
    wrong_sum: int = 0
    open: int = 0  # never ended

    def add(self, other: Figures) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def wrong(self) -> int:
        return self.doubled + self.lost + self.kept_and_credited + self.wrong_sum + self.open


class Terminal:
    """Pays and cancels until the answer is final."""

    def __init__(self, channel: Channel, dialect: Dialect, sabotage: str) -> None:
        self._channel = channel
        self._dialect = dialect
        self._sabotage = sabotage

    def pay(self, request: PayRequest) -> tuple[PayOutcome, str]:
        """How it ends, and the provider's number."""
        for tried in range(TRIES_MAX):
            asked = request
            if self._sabotage == "new-number":
                asked = PayRequest(
                    f"{request.txn_id}{tried:03d}", request.txn_date, request.account, request.amount_minor
                )
            body = self._ask(Command.PAY, asked)
            if body is None:
                outcome, provider_txn = PayOutcome.UNKNOWN, ""
            else:
                answer = read_pay(self._believed(body, asked), asked, self._dialect)
                outcome, provider_txn = answer.outcome, answer.provider_txn
            if outcome is not PayOutcome.UNKNOWN:
                return outcome, provider_txn
            if self._sabotage == "unknown-is-final":
                return PayOutcome.REFUSED, ""
        return PayOutcome.UNKNOWN, ""

    def cancel(self, request: PayRequest, provider_txn: str) -> CancelOutcome:
        for _ in range(TRIES_MAX):
            body = self._ask(Command.CANCEL, request, provider_txn)
            if body is None:
                continue
            answer = read_cancel(body, request.txn_id, self._dialect)
            if answer.outcome is CancelOutcome.CANCELLED and self._sabotage != "trust-any-cancel":
                known = self._ask(Command.STATUS, request)
                answer = confirmed_cancel(answer, read_status(known or b"", request, self._dialect))
            if answer.outcome is not CancelOutcome.UNKNOWN:
                return answer.outcome
        return CancelOutcome.UNKNOWN

    def _ask(self, command: Command, request: PayRequest, provider_txn: str = "") -> bytes | None:
        wire = encoded(self._dialect, parameters(self._dialect, command, request, provider_txn))
        return self._channel.ask(wire)

    def _believed(self, body: bytes, request: PayRequest) -> bytes:
        """With `trust-any-answer`, a client that does not look whose answer it is."""
        if self._sabotage != "trust-any-answer":
            return body
        name = self._dialect.answer.txn_id.encode()
        head, mark, rest = body.partition(b"<" + name + b">")
        return head + mark + request.txn_id.encode() + rest[rest.find(b"<") :] if mark else body


def run_shard(seed: int, pays: int, sabotage: str = "") -> Figures:
    """Payments of one billing, in one dialect, and the count of what came of them."""
    chance = random.Random(seed)
    dialect = list(DIALECTS.values())[seed % len(DIALECTS)]
    words = WORDS.get(dialect.name, WORDS["osmp"])
    billing = Billing(words, forgets_refusals=sabotage == "forgetful-billing")
    channel = Channel(chance, billing)
    terminal = Terminal(channel, dialect, sabotage)
    ends: list[tuple[PayRequest, PayOutcome, CancelOutcome | None]] = []
    for number in range(pays):
        request = _request(chance, number)
        outcome, provider_txn = terminal.pay(request)
        undone = None
        wanted = outcome is PayOutcome.CREDITED and chance.getrandbits(6) < CANCELLED_OF_64
        if wanted and Command.CANCEL in dialect.calls:
            undone = terminal.cancel(request, provider_txn)
        ends.append((request, outcome, undone))
    channel.arrive_all()
    figures = Figures(pays, channel.requests, channel.met.total())
    for request, outcome, undone in ends:
        _count(figures, billing, request, outcome, undone)
    return figures


def _request(chance: random.Random, number: int) -> PayRequest:
    """Every payment has an account of its own, so that a second credit is seen whatever its number is."""
    account = f"{9 if chance.getrandbits(6) < CLOSED_OF_64 else 1}{number:08d}"
    # Half are the round sums that notes make, so that somebody else's answer may carry the same sum.
    amount_minor = 1 + chance.getrandbits(24) % AMOUNT_MAX_MINOR if chance.getrandbits(1) else NOTE_MINOR
    return PayRequest(str(70_000_000_000 + number), "20261123141200", account, amount_minor)


def _count(
    figures: Figures, billing: Billing, request: PayRequest, outcome: PayOutcome, undone: CancelOutcome | None
) -> None:
    """The oracle: what really moved against what the terminal believes."""
    posted, posted_minor = billing.posted[request.account], billing.posted_minor[request.account]
    figures.cancels += undone is not None
    figures.open += PayOutcome.UNKNOWN is outcome or undone is CancelOutcome.UNKNOWN
    credited = outcome is PayOutcome.CREDITED and undone is not CancelOutcome.CANCELLED
    figures.doubled += posted > 1 or posted < 0
    figures.lost += credited and posted == 0
    figures.kept_and_credited += outcome is not PayOutcome.UNKNOWN and not credited and posted > 0
    figures.wrong_sum += posted == 1 and posted_minor != request.amount_minor
