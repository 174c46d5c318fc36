"""Who is at the end of a wire: listening first, then only questions that change nothing in a device. Pure.

No question here moves a note or a coin, takes a sale, prints, feeds, resets, or answers for an event that somebody else
waits for: no POLL of a protocol whose poll accepts or confirms, no RESET, no ENABLE. A question stands once in a table;
`tests/unit/device_drivers/test_tool_probe.py` holds the table against the simulators.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from device_drivers.catalog import split_device_url
from device_drivers.cctalk.frames import BILL_VALIDATOR, COIN_ACCEPTOR
from device_drivers.escpos.commands import REAL_TIME_STATUS
from device_drivers.escpos.status import EVERY_STATUS, PRINTER, is_status
from device_drivers.sberbank.messages import POLL_STATE
from device_drivers.tools.cutting import Dialogue, Piece
from device_drivers.tools.protocols import DEVICE_TO_HOST, HOST_TO_DEVICE, TOOLS, Asked
from device_drivers.tools.trace import shown
from device_drivers.transport.open import options_of

LISTEN_S = 0.4
HAND_S = 10.0  # a person shows a code or presses a button
ANSWER_S = 1.0
GAP_S = 0.2  # silence inside a message that ends it
TRIES_MAX = 2
BANK_ANSWER_S = 4.0  # a bank terminal confirms at once and answers later
PRINTER_ANSWER_S = 0.3
ATOL_TASK = "222"  # a number no driver of ours gives out first


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, which answers let the asking go on (`answers`), and which end it (`ends`): the device is there,
    but busy with something that a further question would touch."""

    wire: bytes
    answers: tuple[str, ...]
    ends: tuple[str, ...] = ()
    acknowledge: bytes = b""
    answer_s: float = ANSWER_S
    proofs: tuple[str, ...] = ()  # heard, the device is there, though the answer itself is still to come


@dataclass(frozen=True, slots=True)
class Plan:
    """How one kind of device is asked."""

    protocol: str  # as the tools call it
    questions: tuple[Question, ...]
    variant: str = ""
    key: str = ""
    may_hurt_printers: bool = False  # binary questions: a printer at this port would print them
    listen_s: float = LISTEN_S
    hears: tuple[str, ...] = ()  # what proves a device that is never asked: it only speaks
    line_proves: bool = False  # an open line of its kind is the device


@dataclass(frozen=True, slots=True)
class Told:
    """One answer of the device, in words; of a customer's own data only what `trace.shown` lets through."""

    name: str
    fields: Mapping[str, object]


class _Phase(enum.Enum):
    LISTENING = enum.auto()
    PRINTER = enum.auto()  # does a printer answer? then nothing more is said
    ASKING = enum.auto()


class ProbeSession:
    """Implements `Session[Told]`: asks the questions of a plan one after another."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._wire = Dialogue(plan.protocol, variant=plan.variant, key=plan.key)
        self._left = list(plan.questions)
        self._events: list[Told] = []
        self._out = b""
        self._phase: _Phase | None = None
        self._tries = 0
        self._deadline_s = 0.0
        self._last_byte_s = 0.0
        self.found = plan.line_proves
        self.done = False
        self.heard = False  # it said something that was understood
        self.is_printer = False  # a printer answered where something else was looked for

    def bytes_to_send(self, now_s: float) -> bytes:
        """Listens, then asks."""
        if self._phase is None:
            self._phase, self._deadline_s = _Phase.LISTENING, now_s + self.plan.listen_s
        out, self._out = self._out, b""
        return out

    def receive(self, chunk: bytes, now_s: float) -> None:
        """Takes answers in, and time."""
        if chunk:
            self._last_byte_s = now_s
            if self._phase is _Phase.PRINTER and any(is_status(byte) for byte in chunk):
                self.is_printer = self.done = True
                return
        pieces = self._wire.feed(DEVICE_TO_HOST, chunk) if chunk else []
        if not chunk and now_s >= self._last_byte_s + GAP_S:
            pieces = self._wire.give_up_waiting(DEVICE_TO_HOST)
        for piece in pieces:
            self._judge(piece, now_s)
        if not self.done and self._phase is not None and now_s >= self._deadline_s:
            self._in_time(now_s)

    def take_events(self) -> list[Told]:
        """Answers since the last call."""
        events, self._events = self._events, []
        return events

    def wakes_at_s(self) -> float:
        """When the next question is due."""
        return 0.0 if self._out or self._phase is None else min(self._deadline_s, self._last_byte_s + GAP_S + ANSWER_S)

    def line_lost(self, now_s: float) -> None:
        """The port is gone: what was heard by now is all."""
        self.done = True

    def _judge(self, piece: Piece, now_s: float) -> None:
        if piece.name in self.plan.hears and not self.done:
            self.found = self.done = True
            self._tell(piece)
        if piece.error or not self._tries or not self._left or piece.raw == self._left[0].wire:
            return  # unasked for, damaged, or our own echo
        question = self._left[0]
        if piece.name not in question.answers + question.ends + question.proofs:
            return
        self.found = True
        if piece.name in question.proofs:
            return
        self._tell(piece)
        if piece.name in question.answers:
            self._out += question.acknowledge
        self._left = [] if piece.name in question.ends else self._left[1:]
        self._tries = 0
        self._deadline_s = now_s

    def _tell(self, piece: Piece) -> None:
        self.heard = True
        self._events.append(Told(piece.name, shown(self.plan.protocol, piece.fields)))

    def _in_time(self, now_s: float) -> None:
        if self._phase is _Phase.LISTENING and self.plan.may_hurt_printers:
            self._phase = _Phase.PRINTER
            self._out, self._deadline_s = REAL_TIME_STATUS + bytes((PRINTER,)), now_s + PRINTER_ANSWER_S
            return
        self._phase = _Phase.ASKING
        if self._tries >= TRIES_MAX:
            self._left, self._tries = ([] if self.found else self._left[1:]), 0
        if not self._left:
            self.done = True
            return
        question = self._left[0]
        self._wire.feed(HOST_TO_DEVICE, question.wire)
        self._out += question.wire
        self._tries, self._deadline_s = self._tries + 1, now_s + question.answer_s


# --- the questions ------------------------------------------------------------------------------------------------


def plan_for(url: str) -> Plan:
    """What may be asked of the device a URL names.

    Raises:
        DeviceUrlError: the URL makes no sense, or names no protocol: at a port nobody knows nothing is said.
    """
    protocol, line_url = split_device_url(url)
    name, _, query = protocol.partition("?")
    plan = _PLANS[name](options_of(query))
    return replace(plan, line_proves=bool(plan.hears) and line_url.startswith("input:"))


def _asked(protocol: str, message: str, options: Mapping[str, str] | None = None, /, **values: str) -> bytes:
    encode = TOOLS[protocol].encode
    assert encode is not None
    return encode(
        message, values, Asked(variant=(options or {}).get("variant", ""), key=(options or {}).get("key", ""))
    )


def _ccnet(options: Mapping[str, str]) -> Plan:
    acknowledge = _asked("ccnet", "ACK")
    identify = Question(
        _asked("ccnet", "IDENTIFICATION"), ("IDENTIFICATION",), ends=("ILLEGAL COMMAND",), acknowledge=acknowledge
    )
    return Plan("ccnet", (identify,), may_hurt_printers=True)


def _id003(options: Mapping[str, str]) -> Plan:
    wire = _asked("id003", "VERSION REQUEST")
    return Plan("id003", (Question(wire, ("VERSION",), ends=("INVALID COMMAND",)),), may_hurt_printers=True)


def _cctalk(options: Mapping[str, str]) -> Plan:
    """A bus has addresses: the one of the URL, else the two usual ones."""
    addresses = [options["address"]] if "address" in options else [str(BILL_VALIDATOR), str(COIN_ACCEPTOR)]
    variant = "crc16" if options.get("key") else options.get("variant", "checksum8")
    form = {"variant": variant, "key": options.get("key", "")}
    names = ("SIMPLE POLL", "EQUIPMENT CATEGORY", "PRODUCT CODE", "SERIAL NUMBER")
    questions = tuple(
        Question(_asked("cctalk", name, form, destination=address), ("ACK", "ANSWER"))
        for address in addresses
        for name in names
    )
    return Plan("cctalk", questions, variant, form["key"], may_hurt_printers=True)


def _essp(options: Mapping[str, str]) -> Plan:
    """SYNC with either bit, since one of them is new to any slave; a poll would accept a note in escrow."""
    address = options.get("address", "0")
    names = (("SYNC", "0"), ("SYNC", "1"), ("SETUP REQUEST", "0"), ("GET SERIAL NUMBER", "1"))
    questions = tuple(
        Question(_asked("essp", name, sequence=bit, address=address), ("OK", "SETUP", "SERIAL NUMBER"))
        for name, bit in names
    )
    return Plan("essp", questions, may_hurt_printers=True)


def _escpos(options: Mapping[str, str]) -> Plan:
    questions = (Question(REAL_TIME_STATUS + bytes((n,)), (f"STATUS {n}",)) for n in EVERY_STATUS)
    return Plan("escpos", tuple(questions))


def _shtrih_m(options: Mapping[str, str]) -> Plan:
    status = _asked("shtrih-m", "FULL STATUS", password=options.get("password", "30"))
    return Plan(
        "shtrih-m",
        (
            Question(_asked("shtrih-m", "ENQ"), ("NAK",), ends=("ACK",)),
            Question(status, ("FULL STATUS ANSWER",), acknowledge=_asked("shtrih-m", "ACK"), proofs=("ACK",)),
        ),
    )


def _atol3(options: Mapping[str, str]) -> Plan:
    """Asking for a task adds none; the type of the register is then asked under the number that was free."""
    password = options.get("password", "0")
    add = _asked("atol3", "ADD TASK", id="2", task=ATOL_TASK, flags="1", password=password, command="a5")
    ask = _asked("atol3", "ASK TASK", id="1", task=ATOL_TASK)
    under_way = ("PENDING", "IN PROGRESS", "WAITING", "TASK EXISTS", "RESULT")
    done = _asked("atol3", "ACKNOWLEDGE TASK", id="3", task=ATOL_TASK)
    return Plan(
        "atol3",
        (
            Question(ask, ("NOT FOUND",), ends=(*under_way, "ERROR", "STOPPED", "BUFFER FULL")),
            Question(add, under_way, ends=("ASYNC RESULT", "ERROR", "BUFFER FULL")),
            Question(ask, ("RESULT",), ends=("ASYNC RESULT", "ERROR", "NOT FOUND"), acknowledge=done),
        ),
    )


def _osmp_watchdog(options: Mapping[str, str]) -> Plan:
    """Who is there, from the newest generation to the oldest; the first that answers is asked no more."""
    newest = Question(_asked("osmp-watchdog", "VERSION"), (), ends=("VERSION",))
    bare = (
        Question(_asked("osmp-watchdog", "IDENTIFY", {"variant": variant}), (), ends=("IDENTIFY",))
        for variant in ("1", "stod")
    )
    return Plan("osmp-watchdog", (newest, *bare), may_hurt_printers=True)


def _nut(options: Mapping[str, str]) -> Plan:
    """Which UPSes there are; of the one of the URL its state too. No log-in, no command."""
    questions = [Question(_asked("nut", "LIST UPS"), ("UPS",), ends=("ERR",))]
    if ups := options.get("ups"):
        questions.append(Question(_asked("nut", "GET VAR", ups=ups, name="ups.status"), ("VAR",), ends=("ERR",)))
    return Plan("nut", tuple(questions))


def _listening(protocol: str, *hears: str) -> Callable[[Mapping[str, str]], Plan]:
    """Nothing is ever said to it: a person shows a code or presses a button while we listen."""
    return lambda options: Plan(protocol, (), listen_s=HAND_S, hears=hears)


def _vendotek(options: Mapping[str, str]) -> Plan:
    framing = options.get("framing", "serial")
    question = Question(_asked("vendotek", "IDL", {"variant": framing}), ("IDL",), answer_s=BANK_ANSWER_S)
    return Plan("vendotek", (question,), framing)


def _inpas(options: Mapping[str, str]) -> Plan:
    link_check = _asked("inpas", "LINK CHECK", terminal_id="")
    acknowledge = _asked("inpas", "ACK")
    question = Question(
        link_check, ("LINK CHECK",), acknowledge=acknowledge, answer_s=BANK_ANSWER_S, proofs=("ACK", "WAIT")
    )
    return Plan("inpas", (question,))


def _sberbank(options: Mapping[str, str]) -> Plan:
    poll = _asked(
        "sberbank-frame", "POLL", {"variant": "serial"}, number="1", question=str(POLL_STATE), parameter="0", repeat="1"
    )
    question = Question(poll, ("ANSWER",), acknowledge=b"\x04", answer_s=BANK_ANSWER_S, proofs=("EOT", "ACK"))
    return Plan("sberbank-frame", (question,))


_PLANS: Mapping[str, Callable[[Mapping[str, str]], Plan]] = {
    "atol3": _atol3,
    "ccnet": _ccnet,
    "cctalk": _cctalk,
    "escpos": _escpos,
    "essp": _essp,
    "id003": _id003,
    "inpas": _inpas,
    "keyboard-scanner": _listening("keyboard-scanner", "KEY"),
    "nut": _nut,
    "osmp-watchdog": _osmp_watchdog,
    "sberbank": _sberbank,
    "scanner": _listening("scanner", "CODE"),
    "shtrih-m": _shtrih_m,
    "switches": _listening("switches", "KEY", "SWITCH"),
    "vendotek": _vendotek,
}
