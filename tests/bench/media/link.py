"""A bad network in user space: two network namespaces, a TUN device in each, and this program between them.

`python -m tests.bench.media.link NAME_A NAME_B` makes both, says `ready`, obeys lines of JSON on its standard input
(`{"delay_ms": 20, "loss": 0.05, "rate_kbps": 500, "burst": 4, "cut": false}`, what is not named stays) and takes both
down at its end. The kernel's own netem may be absent; this needs root and /dev/net/tun alone.
"""

from __future__ import annotations

import ctypes
import fcntl
import heapq
import json
import os
import random
import select
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field, replace

ADDRESSES = ("10.77.0.1", "10.77.0.2")
MTU = 1_500
QUEUE_S_MAX = 0.25  # of a narrow link; what comes then is dropped, as routers do
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_CLONE_NEWNET = 0x40000000


@dataclass(frozen=True, slots=True)
class Shape:
    """Of each direction alike. `burst`: so many packets are lost one after another, at the same share."""

    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    loss: float = 0.0
    burst: int = 1
    rate_kbps: float = 0.0  # 0: no limit
    cut: bool = False


@dataclass(slots=True)
class Way:
    """One direction: what is under way, and when the line is free again. Pure: told the time."""

    chance: random.Random
    shape: Shape = Shape()
    under_way: list[tuple[float, int, bytes]] = field(default_factory=list)
    free_at_s: float = 0.0
    losing: int = 0
    numbered: int = 0

    def take(self, packet: bytes, now_s: float) -> None:
        shape = self.shape
        if shape.cut or self._lost():
            return
        leaves_s = now_s
        if shape.rate_kbps:
            if self.free_at_s - now_s > QUEUE_S_MAX:
                return
            leaves_s = self.free_at_s = max(now_s, self.free_at_s) + len(packet) * 8 / (shape.rate_kbps * 1_000)
        arrives_s = leaves_s + (shape.delay_ms + self.chance.random() * shape.jitter_ms) / 1_000
        self.numbered += 1
        heapq.heappush(self.under_way, (arrives_s, self.numbered, packet))

    def arrived(self, now_s: float) -> list[bytes]:
        packets = []
        while self.under_way and self.under_way[0][0] <= now_s:
            packets.append(heapq.heappop(self.under_way)[2])
        return packets

    def _lost(self) -> bool:
        if self.losing:
            self.losing -= 1
            return True
        if self.chance.random() >= self.shape.loss / self.shape.burst:
            return False
        self.losing = self.shape.burst - 1
        return True


def open_tun(namespace: str, name: str) -> int:
    """A TUN device inside the namespace; its descriptor works from here."""
    found: list[int] = []

    def inside() -> None:  # a thread may live in another namespace than its process
        with open(f"/run/netns/{namespace}", "rb") as place:
            if ctypes.CDLL(None, use_errno=True).setns(place.fileno(), _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), f"no way into the namespace {namespace}")
        tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH", name.encode(), _IFF_TUN | _IFF_NO_PI))
        found.append(tun)

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    if not found:
        raise OSError(f"no TUN device in {namespace}")
    return found[0]


def run_ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def make_ends(names: tuple[str, str]) -> tuple[int, int]:
    tuns = []
    for at, name in enumerate(names):
        run_ip("netns", "add", name)
        tuns.append(open_tun(name, "line"))
        run_ip("-n", name, "addr", "add", ADDRESSES[at], "peer", ADDRESSES[1 - at], "dev", "line")
        run_ip("-n", name, "link", "set", "line", "up", "mtu", str(MTU))
        run_ip("-n", name, "link", "set", "lo", "up")
        run_ip("-n", name, "route", "add", "default", "dev", "line")
    return tuns[0], tuns[1]


def carry(tuns: tuple[int, int], ways: tuple[Way, Way]) -> None:
    """Until the standard input ends."""
    poll = select.epoll()
    for descriptor in (*tuns, sys.stdin.fileno()):
        poll.register(descriptor, select.EPOLLIN)
    while True:
        next_s = min((way.under_way[0][0] for way in ways if way.under_way), default=time.monotonic() + 1)
        for descriptor, _ in poll.poll(max(0.0, next_s - time.monotonic())):
            if descriptor == sys.stdin.fileno():
                line = sys.stdin.readline()
                if not line:
                    return
                for way in ways:
                    way.shape = replace(way.shape, **json.loads(line))
                print("shaped", flush=True)
            else:
                _read(descriptor, ways[tuns.index(descriptor)])
        now_s = time.monotonic()
        for at, way in enumerate(ways):
            for packet in way.arrived(now_s):
                os.write(tuns[1 - at], packet)


def _read(tun: int, way: Way) -> None:
    while True:
        try:
            packet = os.read(tun, MTU + 100)
        except BlockingIOError:
            return
        way.take(packet, time.monotonic())


def main(names: list[str]) -> int:
    ends = (names[0], names[1])
    try:
        tuns = make_ends(ends)
        print("ready", flush=True)
        carry(tuns, (Way(random.Random(1)), Way(random.Random(2))))
    finally:
        for name in ends:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
