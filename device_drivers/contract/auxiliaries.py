"""What a board of buttons and sensors tells (XFS4IoT Auxiliaries): one board often carries several of them."""

from __future__ import annotations

from device_drivers.contract.door import DoorChanged
from device_drivers.contract.presence import PresenceChanged
from device_drivers.contract.sos import SosPressed
from device_drivers.contract.status import StatusChanged

AuxiliariesEvent = DoorChanged | PresenceChanged | SosPressed | StatusChanged
