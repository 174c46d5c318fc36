"""From billing's meter to the rules of `payment/readings/rules.py`, and from what they accept to billing. Pure."""

from __future__ import annotations

from datetime import date

from payment.billing import account_values as billing
from payment.readings.values import Accepted, Meter


def meter_for_rules(meter: billing.Meter) -> Meter:
    """What `payment.readings.rules.judge` wants to know of a meter."""
    days = [reading.day for reading in meter.last_billed]
    since = max(days, default=meter.installed_on)
    assert since is not None  # a meter without both is refused as it is read
    return Meter(
        meter_id=meter.meter_id,
        zones=meter.zones,
        digits=meter.digits,
        power_kw=meter.allowed_kw,
        billed={reading.zone: reading.value for reading in meter.last_billed} or None,
        billed_on=since,
        month_average_kwh=meter.average_kwh_month,
        verified_until=meter.verification_until,
    )


def readings_for_billing(
    accepted: Accepted, meter: billing.Meter, *, account: str, taken_on: date, key: str, unusual: bool = False
) -> billing.Readings:
    """What is put into the outbox. `key` is chosen once, before the first try; a counter past its end, and a
    use that its customer confirmed, are named so.
    """
    values = tuple(billing.ZoneReading(zone, accepted.readings[zone]) for zone in meter.zones)
    rollover = any(accepted.readings[reading.zone] < reading.value for reading in meter.last_billed)
    return billing.Readings(key, account, meter.meter_id, taken_on, values, rollover, unusual)
