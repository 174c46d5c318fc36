"""Whether a device URL of a settings file makes sense, found out before anything is opened."""

from __future__ import annotations

from device_drivers.catalog import DEVICE_CLASSES, split_device_url
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.own_ports import OWN_PORTS, has_own_port
from device_drivers.transport.open import check_line_url, options_of


def check_device_url(device_class: str, url: str) -> None:
    """`device_class` is a key of `catalog.DEVICE_CLASSES` or of `own_ports.OWN_PORTS`.

    Raises:
        DeviceUrlError: no such protocol for this class, or an option of it or of its line makes no sense.
    """
    if has_own_port(device_class, url):
        OWN_PORTS[device_class][url.partition("://")[0]](url)
        return
    makers = DEVICE_CLASSES.get(device_class)
    if makers is None:
        known = ", ".join(f"{scheme}://" for scheme in OWN_PORTS[device_class])
        raise DeviceUrlError(f"{url}: a {device_class} begins with {known}")
    protocol, line_url = split_device_url(url)
    name, _, query = protocol.partition("?")
    if name not in makers:
        raise DeviceUrlError(f"{url}: no {device_class} speaks {name}; known: {', '.join(sorted(makers))}")
    makers[name](options_of(query))
    check_line_url(line_url)
