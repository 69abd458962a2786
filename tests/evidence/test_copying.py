import errno
import hashlib
import os
from io import FileIO
from pathlib import Path

import pytest

from camtool.evidence import copying
from camtool.evidence.copying import Copier, one_to_disk

BLOCK = 2 << 20


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 7 * BLOCK + 5])
def test_the_copy_and_its_hash_are_of_the_same_bytes(tmp_path, size):
    content = os.urandom(size)
    (tmp_path / "a").write_bytes(content)
    seen: list[int] = []
    with Copier(seen.append) as copier:
        assert copier.copy(tmp_path / "a", tmp_path / "b") == (hashlib.sha256(content).hexdigest(), size)
    assert (tmp_path / "b").read_bytes() == content
    assert sum(seen) == size


def test_many_files_in_a_row_and_the_disk_asked_in_between(tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "_SYNC_BYTES", BLOCK)
    synced: list[int] = []
    monkeypatch.setattr(copying, "_sync", synced.append)
    for number in range(20):
        (tmp_path / f"{number}").write_bytes(bytes([number]) * (number * 300_000))
    with Copier() as copier:
        for number in range(20):
            copier.copy(tmp_path / f"{number}", tmp_path / f"{number}.copy")
    for number in range(20):
        assert (tmp_path / f"{number}.copy").read_bytes() == bytes([number]) * (number * 300_000)
    assert synced


def test_nothing_is_overwritten_and_a_missing_source_leaves_no_open_file(tmp_path):
    (tmp_path / "a").write_bytes(b"new")
    (tmp_path / "b").write_bytes(b"kept")
    with Copier() as copier:
        with pytest.raises(FileExistsError):
            copier.copy(tmp_path / "a", tmp_path / "b")
        with pytest.raises(FileNotFoundError):
            copier.copy(tmp_path / "none", tmp_path / "c")
    assert (tmp_path / "b").read_bytes() == b"kept"


def test_a_disk_that_refuses_at_the_end_is_heard(tmp_path, monkeypatch):
    def refuse(_fd: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    (tmp_path / "a").write_bytes(b"x")

    def copy() -> None:
        with Copier() as copier:
            copier.copy(tmp_path / "a", tmp_path / "b")

    with pytest.raises(OSError, match="No space left"):
        copy()


def test_a_share_that_cannot_bring_a_folder_to_the_disk_is_no_failure(tmp_path, monkeypatch):
    def refuse(_fd: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    (tmp_path / "a").write_bytes(b"x")
    monkeypatch.setattr(os, "fsync", refuse)
    one_to_disk(tmp_path)
    with pytest.raises(OSError, match="Invalid argument"):
        one_to_disk(tmp_path / "a")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_in_the_middle(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"x" * (3 * BLOCK))

    def opened(path: Path, mode: str = "r") -> FileIO:
        return FileIO("/dev/full", "w") if mode == "x" else FileIO(path)

    monkeypatch.setattr(copying, "FileIO", opened)
    with Copier() as copier, pytest.raises(OSError, match="No space left"):
        copier.copy(tmp_path / "a", tmp_path / "b")
