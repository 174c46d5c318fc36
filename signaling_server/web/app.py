"""The two sites of the office, made of what the office is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from provisioning.office import http as enrolment_http
from provisioning.office.enrolment import Enrolment
from signaling_server.clock import Clock
from signaling_server.contract.messages import MESSAGE_SIZE_MAX
from signaling_server.desk.desk import Desk
from signaling_server.desk.document_sources import DocumentSources
from signaling_server.desk.limits import DeskLimits
from signaling_server.fleet.twin import Fleet
from signaling_server.money.collectors import CollectorsOffice
from signaling_server.money.journals import Journals
from signaling_server.money.money_desk import MoneyDesk
from signaling_server.recordings.room import RecordingRoom
from signaling_server.self_service.rooms import ServiceRooms
from signaling_server.web import (
    case_site,
    desk_site,
    document_site,
    front_site,
    incident_site,
    link_site,
    message_site,
    money_site,
    quality_site,
    recording_site,
    room_site,
    staff_site,
    still_site,
    terminal_site,
    upload_site,
    workplace_site,
)
from signaling_server.web.attempts import AttemptLimit
from signaling_server.web.login import SignIns
from signaling_server.web.middleware import ORIGINS, errors, lock_down, same_origin
from signaling_server.web.websocket import CONNECTIONS, Connections


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the sites hand their requests to."""

    database: AsyncEngine
    clock: Clock
    desk: Desk
    fleet: Fleet
    sign_ins: SignIns
    enrolment: Enrolment
    journals: Journals
    collectors: CollectorsOffice
    money: MoneyDesk
    services: ServiceRooms
    recordings: RecordingRoom
    limits: DeskLimits


def desk_app(rooms: Rooms, web_dir: Path, origins: Sequence[str]) -> web.Application:
    """The agents' site."""
    app = web.Application(middlewares=[errors, same_origin], client_max_size=MESSAGE_SIZE_MAX)
    app[ORIGINS] = frozenset(origins)
    app[desk_site.SIGN_INS] = rooms.sign_ins
    app[desk_site.LIMITS] = rooms.limits
    app[desk_site.WEB_DIR] = web_dir.resolve()
    app.on_response_prepare.append(lock_down)
    app[money_site.MONEY] = rooms.money
    app.add_routes(money_site.routes)
    app[message_site.POST] = rooms.services.post
    app.add_routes(message_site.routes)
    app[front_site.BOOKINGS] = rooms.services.bookings
    app.add_routes(front_site.routes)
    app[case_site.CASE_DESK] = rooms.services.case_desk
    app.add_routes(case_site.routes)
    app[quality_site.USE] = rooms.services.use
    app.add_routes(quality_site.routes)
    app.add_routes(staff_site.routes)
    app.add_routes(room_site.routes)
    app.add_routes(workplace_site.routes)
    app.add_routes(incident_site.routes)
    app[recording_site.ROOM] = rooms.recordings
    app.add_routes(recording_site.desk_routes)
    app.add_routes(still_site.desk_routes)
    app[document_site.SOURCES] = DocumentSources(
        rooms.database, rooms.clock, rooms.desk.documents, rooms.services.knowledge
    )
    app.add_routes(document_site.desk_routes)
    app[quality_site.CLOCK] = rooms.clock
    app.add_routes(desk_site.routes)
    return _shared(app, rooms)


def terminal_app(rooms: Rooms) -> web.Application:
    """The terminals' site."""
    app = web.Application(middlewares=[errors, terminal_site.enrolment_limit], client_max_size=MESSAGE_SIZE_MAX)
    app[terminal_site.CLOCK] = rooms.clock
    app[terminal_site.JOURNALS] = rooms.journals
    app[terminal_site.COLLECTORS] = rooms.collectors
    app[terminal_site.SELF_SERVICE] = rooms.services.self_service
    app[terminal_site.ENROLMENT_LIMIT] = AttemptLimit(
        terminal_site.ENROLMENT_REQUESTS_MAX, terminal_site.ENROLMENT_WINDOW_S
    )
    app[enrolment_http.ENROLMENT] = rooms.enrolment
    app[upload_site.FILING] = rooms.services.filing
    app.add_routes(upload_site.routes)
    app[link_site.LINK_LIMIT] = AttemptLimit(link_site.REQUESTS_MAX, link_site.WINDOW_S)
    app.add_routes(link_site.routes)
    app[recording_site.ROOM] = rooms.recordings
    app.add_routes(recording_site.terminal_routes)
    app.add_routes(still_site.terminal_routes)
    app.add_routes(document_site.terminal_routes)
    app.add_routes(terminal_site.routes)
    app.add_routes(enrolment_http.routes)
    return _shared(app, rooms)


def _shared(app: web.Application, rooms: Rooms) -> web.Application:
    app[CONNECTIONS] = Connections()
    app[desk_site.DATABASE] = rooms.database
    app[desk_site.DESK] = rooms.desk
    app[desk_site.FLEET] = rooms.fleet
    return app
