"""Booked video consultations as the desk needs them: who is here by booking, and for when."""

from __future__ import annotations

from typing import Protocol


class Appointments(Protocol):
    """What the desk asks of the bookings."""

    async def video_due_at_s(self, ticket: str) -> float | None:
        """The booked time of who has marked himself and was not served yet; None: no such booking."""

    async def video_begun(self, ticket: str) -> None:
        """He is served: the booking gives no place a second time."""


class NoAppointments:
    """An office that books nothing."""

    async def video_due_at_s(self, ticket: str) -> float | None:
        return None

    async def video_begun(self, ticket: str) -> None:
        pass


NO_APPOINTMENTS = NoAppointments()
