import hashlib
import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from camtool.core.model import State
from camtool.media import hash as hashing
from camtool.media.hash import BLOCK_BYTES, Remembered, Stopped, sha256_of
from camtool.media.probe import probe
from tests.makers.video import write_mp4


@pytest.mark.parametrize(
    ("size_bytes", "block_bytes"),
    [(0, 16), (1, 16), (16, 16), (17, 16), (100_000, 4096), (BLOCK_BYTES, BLOCK_BYTES), (BLOCK_BYTES + 1, BLOCK_BYTES)],
)
def test_is_the_hash_of_the_content(tmp_path: Path, size_bytes: int, block_bytes: int) -> None:
    content = bytes(i * 7 % 251 for i in range(min(size_bytes, 5000))) * (size_bytes // 5000 + 1)
    content = content[:size_bytes]
    (tmp_path / "a").write_bytes(content)
    assert sha256_of(tmp_path / "a", block_bytes=block_bytes) == hashlib.sha256(content).hexdigest()
    assert sha256_of(str(tmp_path / "a")) == hashlib.sha256(content).hexdigest()


def test_drops_what_it_has_read_and_still_hashes_all(tmp_path: Path) -> None:
    block = os.urandom(1 << 20)
    with (tmp_path / "a").open("wb") as file:
        for _ in range(40):  # more than is kept
            file.write(block)
    assert sha256_of(tmp_path / "a") == hashlib.sha256(block * 40).hexdigest()


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum, the judge, is not installed")
def test_as_sha256sum_has_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"c\xe1\xbb\x95ng" * 1000)
    said = subprocess.run(["sha256sum", str(tmp_path / "a")], capture_output=True, text=True, check=True).stdout
    assert said.split()[0] == sha256_of(tmp_path / "a")


@pytest.mark.skipif(not hasattr(os, "O_NOATIME"), reason="only Linux can read without a trace")
def test_reading_leaves_no_trace(tmp_path: Path) -> None:
    """An original's access time, older than its last change: the case in which Linux would move it on (relatime)."""
    path = write_mp4(tmp_path / "a.mp4", seconds=2)
    os.utime(path, ns=(10**18, 10**18 + 5))
    before = path.stat()
    assert probe(path).state is State.OK
    sha256_of(path)
    sha256_of(path, keep_cached=True)
    after = path.stat()
    assert (after.st_atime_ns, after.st_mtime_ns, after.st_ctime_ns) == (10**18, 10**18 + 5, before.st_ctime_ns)


def test_a_file_of_somebody_else_is_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its owner may read a file without a trace; the system says so by refusing."""
    real, asked = os.open, []

    def refusing(path: Path, flags: int, *more: int) -> int:
        asked.append(flags)
        if flags & getattr(os, "O_NOATIME", 0):
            raise PermissionError(1, "Operation not permitted")
        return real(path, flags, *more)

    (tmp_path / "a").write_bytes(b"abc")
    monkeypatch.setattr("camtool.media.reading.os.open", refusing)
    assert sha256_of(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()
    assert len(asked) == (2 if hasattr(os, "O_NOATIME") else 1)


def test_threads_hash_side_by_side(tmp_path: Path) -> None:
    found: dict[int, str] = {}
    for number in range(4):
        (tmp_path / str(number)).write_bytes(bytes([number]) * 3_000_000)

    def work(number: int) -> None:
        found[number] = sha256_of(tmp_path / str(number))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: hashlib.sha256(bytes([n]) * 3_000_000).hexdigest() for n in range(4)}


def test_errors_are_the_systems(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sha256_of(tmp_path / "missing")
    with pytest.raises(OSError, match=r"directory|denied"):
        sha256_of(tmp_path)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that Remembered really had read."""
    paths: list[Path] = []

    def noting(path: Path, **more: object) -> str:
        paths.append(path)
        return sha256_of(path, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(hashing, "sha256_of", noting)
    return paths


def test_a_remembered_file_is_read_once_and_again_once_it_changed(tmp_path: Path, read: list[Path]) -> None:
    file, known = tmp_path / "a", Remembered()
    file.write_bytes(b"abcd")
    assert {known(file) for _ in range(3)} == {hashlib.sha256(b"abcd").hexdigest()}
    assert known(file, upto_bytes=2) == hashlib.sha256(b"ab").hexdigest()
    assert read == [file, file], "the first two bytes are another hash than the whole"
    before = file.stat()
    file.write_bytes(b"efgh")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert known(file) == hashlib.sha256(b"efgh").hexdigest(), "size and mtime are as they were"
    assert len(read) == 3


def test_what_changed_while_it_was_read_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, known, contents = tmp_path / "a", Remembered(), [b"abcdef", b"abcd"]
    file.write_bytes(b"ab")

    def growing(path: Path, **more: object) -> str:
        sha256 = sha256_of(path)
        if contents:
            path.write_bytes(contents.pop())
        return sha256

    monkeypatch.setattr(hashing, "sha256_of", growing)
    found = [known(file) for _ in range(4)]
    assert found == [hashlib.sha256(each).hexdigest() for each in (b"ab", b"abcd", b"abcdef", b"abcdef")]


def test_a_hash_that_is_called_off(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        Remembered()(tmp_path / "a", stop=stop)
