"""Whether a device URL of a settings file makes sense, found out before anything is opened."""

from __future__ import annotations

from device_drivers.catalog import DEVICE_CLASSES, split_device_url
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.transport.open import check_line_url, options_of


def check_device_url(device_class: str, url: str) -> None:
    """`device_class` is a key of `catalog.DEVICE_CLASSES`.

    Raises:
        DeviceUrlError: no such protocol for this class, or an option of it or of its line makes no sense.
    """
    protocol, line_url = split_device_url(url)
    name, _, query = protocol.partition("?")
    makers = DEVICE_CLASSES[device_class]
    if name not in makers:
        raise DeviceUrlError(f"{url}: no {device_class} speaks {name}; known: {', '.join(sorted(makers))}")
    makers[name](options_of(query))
    check_line_url(line_url)
