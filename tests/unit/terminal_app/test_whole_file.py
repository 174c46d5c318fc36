"""A file that is kept is whole: the old one or the new one, whatever the disk says."""

from __future__ import annotations

import os
import stat

import pytest

from terminal_app.core.whole_file import write_whole


def test_a_file_is_replaced_whole_for_its_own_account_only(tmp_path):
    path = tmp_path / "kept.json"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("verb", ["fsync", "replace"])
def test_a_disk_that_fails_leaves_what_was_there(tmp_path, monkeypatch, verb):
    path = tmp_path / "kept.json"
    write_whole(path, b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, verb, full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
