"""How long the desk waits for people and for connections."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeskLimits:
    """Seconds, but for `_max` of a count. The standard's own are named with their clause; the rest are ours."""

    ring_s: float = 12.0  # clause 9.4.2: answer not later than the 4th signal
    ring_out_s_min: float = 20.0  # clause 9.4.2: outgoing, 5-6 signals; the agent cannot cut it sooner
    ring_out_s_max: float = 30.0
    rings_out_max: int = 3  # of one call: then the customer is left in peace
    decline_rest_s: float = 30.0  # the same call is not offered again to who declined it
    wait_s_max: float = 1_800.0  # clause 5.3.2, a VIP's is shorter; past it a call is before all within theirs
    wait_vip_s_max: float = 600.0
    preferred_s: float = 20.0  # a call waits so long for the agent it belongs to, where he is on duty
    skilled_s: float = 12.0  # clause 9.6.12: then for one without the mark, the segment or the language
    topic_s: float = 12.0  # then for anyone
    deserted_s: float = 60.0  # calls wait this long with nobody on duty, then the customer is told
    page_silence_s: float = 10.0  # a page pings every 5 s
    page_return_s: float = 10.0  # from a closed page to "not ready", or to the end of its call
    terminal_return_s: float = 180.0  # media goes on peer to peer meanwhile, or the network of a building is down
    restart_return_s: float = 30.0  # after our own restart, for the agent's page; terminals have their longer time
    invitation_s: float = 60.0  # a colleague is asked into a call so long
    wrap_up_s: float = 60.0  # then the customer gets number and date without the topic
