"""The office as a command: `python -m signaling_server serve | agent add | order | what-if | migrate | contract`."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from device_drivers.command_line import WRONG_USE, Parser
from payment.reconciliation.compare import Comparison
from provisioning.office.authority import AuthorityError
from provisioning.office.enrolment import Enrolment
from signaling_server.clock import SteadyClock
from signaling_server.config import SettingsError
from signaling_server.contract import generator
from signaling_server.contract.messages import Plate
from signaling_server.desk import what_if_command
from signaling_server.messaging.far_end import FarEnd
from signaling_server.money import collector_command
from signaling_server.money.night import Night, NightError
from signaling_server.office import BUILT_PAGE, Office, OfficeError, Where, open_office_authority
from signaling_server.office_command import in_one_transaction, with_database
from signaling_server.self_service import card_command
from signaling_server.storage.engine import StorageError
from signaling_server.storage.money_collectors import Role
from signaling_server.storage.people import put_agent
from signaling_server.storage.terminals import OrderStore
from signaling_server.web.passwords import PasswordError, hash_password

ROLES = ("agent", "accountant", "supervisor", "administrator")
NAME_LENGTH_MAX = 200
PORT_MAX = 65_535


class InputError(ValueError):
    """What the person typed will not do."""


WRONG_INPUT = (InputError, SettingsError, PasswordError, collector_command.CollectorError)
OUR_ERRORS = (
    *WRONG_INPUT,
    card_command.CardCommandError,
    what_if_command.WhatIfError,
    OfficeError,
    StorageError,
    AuthorityError,
    NightError,
)


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        result: int = options.run(options)
    except OUR_ERRORS as error:
        print(error, file=sys.stderr)
        return WRONG_USE if isinstance(error, WRONG_INPUT) else 1
    except KeyboardInterrupt:
        return 130
    return result


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m signaling_server", description="The office of the terminals.")
    commands = parser.add_subparsers(required=True, metavar="command")
    serve = _command(commands, "serve", _serve, "serve terminals and agents until SIGTERM")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    serve.add_argument("--desk-port", type=_port, default=8080, help="HTTP of the agents (default %(default)s)")
    serve.add_argument("--terminal-port", type=_port, default=8443, help="TLS of the terminals (default %(default)s)")
    serve.add_argument("--web-dir", type=Path, default=BUILT_PAGE, help="the built page (default agent_web/dist)")
    agents = commands.add_parser("agent", help="the staff directory").add_subparsers(required=True, metavar="action")
    _agent_options(_command(agents, "add", _add_agent, "add an agent; the password is read from standard input"))
    order = _command(commands, "order", _order, "permit one terminal at one site: prints a one-time code")
    order.add_argument("--title", required=True, help="the terminal's name in the fleet")
    order.add_argument("--site", required=True, help="where it stands")
    _card_options(commands, Role.COLLECTOR, "who may empty cassettes")
    _card_options(commands, Role.TECHNICIAN, "who may enter service mode of a terminal; cassettes are not theirs")
    _customer_card_options(commands)
    reconcile = _command(
        commands, "reconcile", _reconcile, "compare the register of a day with the terminals' journals"
    )
    reconcile.add_argument("register", type=Path, help="the file of billing or of the bank")
    reconcile.add_argument("--day", required=True, help="the accounting day, YYYYMMDD")
    reconcile.add_argument("--layout", default="billing-day", help="how it is written (default %(default)s)")
    reconcile.add_argument("--by", default="night", help="who loads it (default %(default)s)")
    _what_if_options(
        _command(commands, "what-if", what_if_command.run, "a day's calls once more, with more agents or other limits")
    )
    far_end = commands.add_parser("messages-far-end", help="an SMTP server and an SMS gateway that show what arrived")
    far_end.add_argument("--smtp-port", type=_port, default=2525, help="default %(default)s")
    far_end.add_argument("--http-port", type=_port, default=8095, help="page and gateway (default %(default)s)")
    far_end.set_defaults(run=_messages_far_end)
    _command(commands, "migrate", _migrate, "bring the database up to date")
    contract = commands.add_parser("contract", help="write schema.json and contract.gen.ts from the message contract")
    contract.add_argument("--check", action="store_true", help="write nothing, fail when a file is stale")
    contract.set_defaults(run=_contract)
    return parser


def _port(text: str) -> int:
    """A TCP port; 0 is any free one."""
    if not (text.isascii() and text.isdigit() and int(text) <= PORT_MAX):
        raise argparse.ArgumentTypeError(f"порт — число от 0 до {PORT_MAX}, а не {text}")
    return int(text)


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--data", required=True, type=Path, help="the office's data directory")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON line")
    parser.set_defaults(run=run)
    return parser


def _agent_options(add: argparse.ArgumentParser) -> None:
    add.add_argument("--login", required=True)
    add.add_argument("--last-name", required=True)
    add.add_argument("--first-name", required=True)
    add.add_argument("--patronymic", default="", help="not everybody has one")
    add.add_argument("--position", required=True, help="as it stands on the plate")
    add.add_argument("--role", action="append", choices=ROLES, help="may be given several times (default agent)")
    add.add_argument("--replace", action="store_true", help="change the agent if the login is taken")


def _card_options(commands: Any, role: Role, text: str) -> None:
    acts = commands.add_parser(role.value, help=text, description=text)
    acts.set_defaults(role=role)
    acts = acts.add_subparsers(required=True, metavar="action")
    add = _command(acts, "add", collector_command.add, "let a card in; the PIN by standard input")
    add.add_argument("--name", required=True, help="as it stands on the slips and in the journal")
    remove = _command(acts, "remove", collector_command.remove, "a card opens nothing any more")
    for act in (add, remove):
        act.add_argument("--card", required=True, help="its number, as the terminal's reader gives it")
    _command(acts, "list", collector_command.show, "cards and names")


def _customer_card_options(commands: Any) -> None:
    text = "which account a service or city card stands for; the card's number by standard input"
    acts = commands.add_parser("customer-card", help=text, description=text)
    acts = acts.add_subparsers(required=True, metavar="action")
    bind = _command(acts, "bind", card_command.bind, "the card stands for this account, and for no other")
    _command(acts, "unbind", card_command.unbind, "the card stands for no account any more")
    forget = _command(acts, "forget", card_command.forget, "every card of an account: lost, or the contract is over")
    for act in (bind, forget):
        act.add_argument("--account", required=True, help="the number of the account")


def _what_if_options(what_if: argparse.ArgumentParser) -> None:
    what_if.add_argument("--day", required=True, type=what_if_command.day, help="that is over, YYYY-MM-DD")
    for name, value, kind, text in (
        (
            "--add",
            "COUNT@FROM-UNTIL",
            what_if_command.added,
            "agents more, as 2@12:00-14:00; may be given several times",
        ),
        ("--rule", "LIMIT=SECONDS", what_if_command.rule, "another limit of the desk, as deserted_s=120; the same"),
    ):
        what_if.add_argument(name, action="append", default=[], metavar=value, type=kind, help=text)


# --- serve -----------------------------------------------------------------------------------------------------------


def _serve(options: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    where = Where(options.data, options.host, options.desk_port, options.terminal_port, options.web_dir)
    return asyncio.run(_serve_until_told(where, as_json=options.json))


async def _serve_until_told(where: Where, *, as_json: bool) -> int:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    office = Office(where)
    await office.start()
    _say(
        as_json,
        {
            "ready": True,
            "desk_url": office.desk_url,
            "terminal_url": office.terminal_url,
            "authority_sha256": office.authority_sha256,
        },
        f"Консультанты: {office.desk_url}\nТерминалы: {office.terminal_url}",
    )
    waits = {asyncio.create_task(told.wait()), (ended := asyncio.create_task(office.ended()))}
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    await office.stop()
    if not ended.done() or ended.cancelled():
        return 0
    print(f"Офис остановлен: {ended.result()}", file=sys.stderr)
    return 1


def _messages_far_end(options: argparse.Namespace) -> int:
    return asyncio.run(_far_end_until_told(options.smtp_port, options.http_port))


async def _far_end_until_told(smtp_port: int, http_port: int) -> int:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    far_end = FarEnd()
    await far_end.start(smtp_port=smtp_port, http_port=http_port)
    ports = {"ready": True, "smtp_port": far_end.smtp_port, "http_port": far_end.http_port}
    _say(True, ports, "")
    await told.wait()
    await far_end.stop()
    return 0


# --- one-shot commands -----------------------------------------------------------------------------------------------


def _add_agent(options: argparse.Namespace) -> int:
    login = options.login.strip().lower()
    texts = {name: getattr(options, name).strip() for name in ("last_name", "first_name", "patronymic", "position")}
    # Clause 9.1.3: without these an agent has no plate, and may not serve.
    if not all((login, texts["last_name"], texts["first_name"], texts["position"])):
        raise InputError("Логин, фамилия, имя и должность не могут быть пустыми")
    if max(map(len, (login, *texts.values()))) > NAME_LENGTH_MAX:
        raise InputError(f"Логин, фамилия, имя и должность не длиннее {NAME_LENGTH_MAX} знаков")
    password_hash = hash_password(sys.stdin.readline().rstrip("\r\n"))
    plate = Plate(company="", **texts)
    roles = tuple(dict.fromkeys(options.role or ["agent"]))

    async def put(tx: AsyncConnection) -> bool:
        return await put_agent(
            tx, login=login, password_hash=password_hash, plate=plate, roles=roles, replace=options.replace
        )

    if not in_one_transaction(options.data, put):
        raise InputError(f"Логин {login} уже занят: добавьте --replace, чтобы изменить запись")
    _say(options.json, {"login": login, "roles": list(roles)}, f"Консультант {login} записан")
    return 0


def _order(options: argparse.Namespace) -> int:
    title, site = options.title.strip(), options.site.strip()
    if not title or not site or max(len(title), len(site)) > NAME_LENGTH_MAX:
        raise InputError(f"Название и место терминала — от 1 до {NAME_LENGTH_MAX} знаков")

    async def place(database: AsyncEngine) -> dict[str, str]:
        enrolment = Enrolment(OrderStore(database), open_office_authority(options.data), SteadyClock().now_s)
        issued = await enrolment.place_order(title=title, site=site, created_by="command line")
        return {"order_id": issued.order_id, "code": issued.code, "authority_sha256": issued.authority_sha256}

    order = with_database(options.data, place)
    plain = f"Заявка {order['order_id']}, код {order['code']}\nУдостоверяющий центр {order['authority_sha256']}"
    _say(options.json, order, plain)
    return 0


def _reconcile(options: argparse.Namespace) -> int:
    """1 when something differs."""

    async def compared(database: AsyncEngine) -> Comparison:
        asked = {"layout_name": options.layout, "day": options.day, "loaded_by": options.by}
        return await Night(database, SteadyClock()).compare_register(options.register, **asked)

    found = with_database(options.data, compared)
    count = len(found.found)
    words = f"{found.there_count} строк, расхождений: {count}" if count else f"{found.there_count} строк, всё сходится"
    _say(options.json, {"lines": found.there_count, "matched": found.matched, "differences": count}, words)
    return 1 if count else 0


def _migrate(options: argparse.Namespace) -> int:
    async def migrated(database: AsyncEngine) -> None:
        """It is up to date as soon as it is open."""

    with_database(options.data, migrated)
    _say(options.json, {"migrated": True}, "База данных приведена к новой версии")
    return 0


def _contract(options: argparse.Namespace) -> int:
    if not options.check:
        for path in generator.write():
            print(path)
        return 0
    for path in (stale := generator.stale()):
        print(f"{path} is stale: run python -m signaling_server contract", file=sys.stderr)
    return 1 if stale else 0


def _say(as_json: bool, result: dict[str, Any], plain: str) -> None:
    print(json.dumps(result, ensure_ascii=False) if as_json else plain, flush=True)


if __name__ == "__main__":
    sys.exit(main())
