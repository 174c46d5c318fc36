"""The terminal's own network addresses."""

from __future__ import annotations

import ifaddr


def local_addresses() -> frozenset[str]:
    """Of all interfaces but the loopback and those that nothing is connected to."""
    found = {str(ip.ip if ip.is_IPv4 else ip.ip[0]) for adapter in ifaddr.get_adapters() for ip in adapter.ips}
    return frozenset(each for each in found if not each.startswith(("127.", "::1", "fe80:")))
