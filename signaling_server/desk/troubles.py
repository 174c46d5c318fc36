"""What an agent does when a talk does not go its usual way: the end for misbehaviour, an alarm, ringing back."""

from __future__ import annotations

from signaling_server.contract.incidents import EndForMisconduct, RaiseAlarm
from signaling_server.contract.messages import CallEndReason
from signaling_server.contract.ring_back import RingBack, StopRinging
from signaling_server.desk.floor import Floor
from signaling_server.desk.incidents import IncidentRoom
from signaling_server.desk.ring_back import RingRoom

TroubleCommand = EndForMisconduct | RaiseAlarm | RingBack | StopRinging


class Troubles:
    def __init__(self, floor: Floor, incidents: IncidentRoom) -> None:
        self.rings = RingRoom(floor)
        self._floor = floor
        self._incidents = incidents

    async def obey(self, agent_id: str, command: TroubleCommand, now_s: float) -> None:
        """Raises RefusedError."""
        match command:
            case EndForMisconduct(call_id=call_id):
                call = self._floor.calls.check_on_air(agent_id, call_id)
                await self._incidents.misconduct(call, agent_id, command, now_s)
                await self._floor.end(call_id, CallEndReason.MISCONDUCT, now_s)
            case RaiseAlarm(call_id=call_id):
                call = self._floor.calls.check_on_air(agent_id, call_id)
                await self._incidents.alarm(call, agent_id, command, now_s)
            case RingBack(call_id=call_id):
                self.rings.begin(agent_id, call_id, now_s)
            case StopRinging(call_id=call_id):
                self.rings.check_mine(agent_id, call_id)
                self.rings.close(call_id, now_s)
