"""One office: storage, desk, fleet, authority and both sites, started and stopped as a whole."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import ssl
from dataclasses import dataclass
from pathlib import Path

from aiohttp import WSCloseCode, web
from sqlalchemy.ext.asyncio import AsyncEngine

from provisioning.office.authority import Authority, AuthorityError, open_authority
from provisioning.office.enrolment import Enrolment
from signaling_server.cases.classifier import ClassifierError, load_topics
from signaling_server.clock import SteadyClock
from signaling_server.config import Settings, SettingsError, load_settings
from signaling_server.desk.card_sending import OfficeMessages
from signaling_server.desk.desk import Desk
from signaling_server.desk.ice import IceServers
from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.recording import RecordingRules
from signaling_server.desk.turns import TurnsError, categories_of
from signaling_server.fleet.twin import Fleet
from signaling_server.media_server.server import MediaServer
from signaling_server.money.collectors import CollectorsOffice
from signaling_server.money.journals import Journals
from signaling_server.money.money_desk import MoneyDesk
from signaling_server.money.night_round import NightRound
from signaling_server.money.orders import Orders
from signaling_server.recordings.room import RecordingRoom
from signaling_server.self_service.rooms import ServicesError, open_services
from signaling_server.storage.engine import StorageError, open_database, sqlite_url
from signaling_server.storage.terminals import OrderStore
from signaling_server.web.app import Rooms, desk_app, terminal_app
from signaling_server.web.login import SignIns
from signaling_server.web.websocket import CONNECTIONS

STOP_S_MAX = 1.0  # requests that still run get this long
BACKLOG = 2_048  # terminals reconnect all at once
BUILT_PAGE = Path(__file__).parents[1] / "agent_web" / "dist"
LOCAL_HOSTS = ("0.0.0.0", "::")  # noqa: S104 - not bound here, only recognised


class OfficeError(Exception):
    """The office cannot start; the text is for the person who starts it."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where an office keeps its data and listens; port 0 is any free one."""

    data_dir: Path
    host: str = "127.0.0.1"
    desk_port: int = 8080
    terminal_port: int = 8443
    web_dir: Path = BUILT_PAGE


class Office:
    """Call `start`, wait for what ends it, call `stop`."""

    def __init__(self, where: Where, limits: DeskLimits | None = None) -> None:
        self.desk_url = self.terminal_url = self.authority_sha256 = ""
        self._where = where
        self._limits = limits or DeskLimits()
        self._database: AsyncEngine | None = None
        self._fleet: Fleet | None = None
        self._desk: Desk | None = None
        self.media_server: MediaServer | None = None
        self._runners: list[web.AppRunner] = []
        self._jobs: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Listens on both ports when it returns. Raises OfficeError, and leaves nothing open then."""
        try:
            await self._start()
        except (SettingsError, StorageError, AuthorityError, ClassifierError, TurnsError, ServicesError) as error:
            await self.stop()
            raise OfficeError(str(error)) from error
        except BaseException:
            await self.stop()
            raise

    async def _start(self) -> None:
        settings = load_settings(self._where.data_dir)
        topics = load_topics()
        categories = categories_of(self._where.data_dir)
        self._database = await open_office_database(self._where.data_dir, settings)
        authority = open_office_authority(self._where.data_dir)
        self.authority_sha256 = authority.public_key_sha256
        clock = SteadyClock()
        services = open_services(self._where.data_dir, self._database, clock, settings, topics, categories)
        self.media_server = MediaServer(settings.media_server)
        desk = Desk(
            self._database,
            clock,
            company=settings.company,
            topics=topics,
            categories=categories,
            ice_servers=IceServers(
                tuple(settings.ice_servers), tuple(settings.relay.urls), settings.relay.secret.encode()
            ),
            limits=self._limits,
            appointments=services.bookings,
            guard_phones=settings.guard_phones,
            recording=RecordingRules(
                {queue: rules.policy for queue, rules in settings.recording.items()},
                services.seal.key_id,
                services.seal.public_key.hex(),
            ),
            media_server=self.media_server,
            messages=OfficeMessages(services.post, services.zones),
        )
        self._desk = desk
        self._fleet = Fleet(self._database, clock)
        rooms = Rooms(
            database=self._database,
            clock=clock,
            desk=desk,
            fleet=self._fleet,
            sign_ins=SignIns(self._database, clock, settings.company),
            enrolment=Enrolment(OrderStore(self._database), authority, clock.now_s),
            journals=Journals(self._database, clock),
            collectors=CollectorsOffice(self._database, desk.send_to_all_terminals),
            money=MoneyDesk(self._database, clock),
            services=services,
            recordings=RecordingRoom(
                self._database,
                clock,
                self._where.data_dir,
                services.seal,
                {queue: rules.keep_days for queue, rules in settings.recording.items()},
            ),
            limits=self._limits,
        )
        await desk.restore()
        await self._listen(rooms, settings, authority)
        orders = Orders(self._database, clock, desk.send_to_terminal, desk.terminal_is_here)
        night = NightRound(self._database, clock, self._where.data_dir, tuple(settings.registers_expected))
        self._jobs = [
            asyncio.create_task(job)
            for job in (
                desk.run(),
                desk.broken_off(),
                self._fleet.run(),
                rooms.services.post.run(),
                orders.run(),
                night.run(),
                rooms.collectors.run(),
                rooms.recordings.run(),
            )
        ]
        gc.collect()
        gc.freeze()  # a full collection would walk every connection's objects again and again

    async def _listen(self, rooms: Rooms, settings: Settings, authority: Authority) -> None:
        where = self._where
        desk = desk_app(rooms, where.web_dir, settings.desk_origins)
        self.desk_url = f"http://{where.host}:{await self._open(desk, where.desk_port, None)}"
        hosts = [*settings.terminal_hosts, *([] if where.host in LOCAL_HOSTS else [where.host])]
        tls = authority.server_context(hosts)
        self.terminal_url = f"https://{where.host}:{await self._open(terminal_app(rooms), where.terminal_port, tls)}"

    async def _open(self, app: web.Application, port: int, tls: ssl.SSLContext | None) -> int:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_S_MAX)
        self._runners.append(runner)
        await runner.setup()
        site = web.TCPSite(runner, self._where.host, port, ssl_context=tls, backlog=BACKLOG)
        try:
            await site.start()
        except OSError as error:
            raise OfficeError(_why_not_listening(error, self._where.host, port)) from error
        return int(runner.addresses[0][1])

    async def ended(self) -> str:
        """Waits until the office cannot go on by itself; gives the reason."""
        done, _ = await asyncio.wait(self._jobs, return_when=asyncio.FIRST_COMPLETED)
        failure = next((job.exception() for job in done if job.exception()), None)
        return str(failure or "база данных перестала писать")

    async def stop(self) -> None:
        """Tells everybody to come back soon, saves, closes. Safe to call twice."""
        for runner in self._runners:
            runner.app[CONNECTIONS].close_all(WSCloseCode.SERVICE_RESTART, "the office restarts")
        for runner in self._runners:
            await runner.cleanup()
        self._runners = []
        for job in self._jobs:
            job.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)
        self._jobs = []
        if self._desk is not None:
            await self._desk.rooms.close()
        if self._fleet is not None:
            with contextlib.suppress(Exception):  # presence is only a convenience
                await self._fleet.flush()
        if self._database is not None:
            await self._database.dispose()


async def open_office_database(data_dir: Path, settings: Settings) -> AsyncEngine:
    """The office's database, brought up to date. Raises StorageError."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"Каталог {data_dir} недоступен: {error.strerror}") from error
    return await open_database(settings.database_url or sqlite_url(data_dir))


def open_office_authority(data_dir: Path) -> Authority:
    """The authority in the office's data directory. Raises AuthorityError."""
    return open_authority(data_dir / "authority")


def _why_not_listening(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Порт {port} уже занят: остановите другую программу или задайте другой порт"
    return f"Адрес {host}:{port} открыть нельзя: {error.strerror}"
