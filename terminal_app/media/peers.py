"""The connections of one call: of each media epoch the one that sends, and in a room one for every feed that comes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from terminal_app.media import memory
from terminal_app.media.peer import Peer

LINGER_S = 1.0  # in a room the way back to us may still be building while the new one shows already


class Peers:
    def __init__(self) -> None:
        self._peers: dict[tuple[int, str], Peer] = {}
        self._leaving: list[tuple[float, Peer]] = []

    def __iter__(self) -> Iterator[Peer]:
        return iter(list(self._peers.values()))

    def __contains__(self, peer: Peer) -> bool:
        return self._peers.get((peer.media_epoch, peer.feed)) is peer

    def get(self, media_epoch: int, feed: str = "") -> Peer | None:
        return self._peers.get((media_epoch, feed))

    def of_epoch(self, media_epoch: int) -> list[Peer]:
        return [peer for peer in self if peer.media_epoch == media_epoch]

    def add(self, peer: Peer) -> None:
        self._peers[peer.media_epoch, peer.feed] = peer

    def drop(self, peer: Peer) -> None:
        del self._peers[peer.media_epoch, peer.feed]

    def replace(self, media_epoch: int, now_s: float) -> list[Peer]:
        """The epoch is over. Gives what is to be closed now: into a room and out of it the old one goes on a little."""
        of_room = any(peer.feed for peer in self)
        gone = self.of_epoch(media_epoch)
        for peer in gone:
            self.drop(peer)
        if not of_room:
            return gone
        self._leaving += [(now_s + LINGER_S, peer) for peer in gone]
        return []

    def take_due(self, now_s: float) -> list[Peer]:
        """Those whose little while is over."""
        due = [peer for until_s, peer in self._leaving if until_s <= now_s]
        self._leaving = [(until_s, peer) for until_s, peer in self._leaving if until_s > now_s]
        return due

    def take_all(self) -> list[Peer]:
        every = [*self, *(peer for _, peer in self._leaving)]
        self._peers.clear()
        self._leaving.clear()
        return every


async def close_all(peers: list[Peer]) -> None:
    """Their encoders' and decoders' memory goes back at once, for the next move may come in this very call."""
    await asyncio.gather(*(peer.close() for peer in peers))
    peers.clear()  # what is still named is not freed
    memory.give_back()
