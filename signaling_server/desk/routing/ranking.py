"""Who is served before whom. Pure, told the time.

Out of turn is before everybody, by the law (clauses 6.3.3d-e, 9.6.1). The other bands age: a call's place is its band's
head start plus the share of its limit it has waited, so that a newer VIP passes an older call of the general band, but
not one that is near its limit; and past its limit a call is before all that are within theirs (clauses 5.3.2, 6.3.3c).
"""

from __future__ import annotations

from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.turns import Band

HEAD_START = {Band.BOOKED: 0.9, Band.VIP: 0.8, Band.COMMERCIAL: 0.6, Band.GENERAL: 0.0}  # shares of a limit

Rank = tuple[int, float]  # the lower is served first


def limit_s(band: Band, limits: DeskLimits) -> float:
    return limits.wait_vip_s_max if band in (Band.VIP, Band.BOOKED) else limits.wait_s_max


def rank(band: Band, queued_at_s: float, now_s: float, limits: DeskLimits) -> Rank:
    if band is Band.OUT_OF_TURN:
        return 0, queued_at_s
    share = (now_s - queued_at_s) / limit_s(band, limits)
    return (1, -share) if share >= 1 else (2, -share - HEAD_START[band])
