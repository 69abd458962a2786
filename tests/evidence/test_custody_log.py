"""The log on the disk: many writers, a killed one, a full disk, hands that edited it."""

import hashlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from camtool.core.custody import FaultKind, RemarkKind
from camtool.errors import DiskFull, LogDamaged
from camtool.evidence.custody_log import CustodyLog
from tests.makers.chain import START_US, draft


@pytest.fixture
def log(tmp_path: Path) -> CustodyLog:
    held = CustodyLog(tmp_path / "custody.jsonl", ZoneInfo("Asia/Ho_Chi_Minh"), lambda: START_US)
    held.begin(draft("open"))
    return held


def test_a_row_carries_its_time_in_both_ways_and_the_hash_of_the_line_before(log):
    row = log.append(draft())
    assert (row.time_utc, row.time_local) == ("2026-11-24T08:03:27.123456Z", "2026-11-24T15:03:27.123456+07:00")
    by_hand = subprocess.run(
        ["sh", "-c", f"sed -n 1p '{log.path}' | tr -d '\\n' | sha256sum"], capture_output=True, text=True, check=True
    )
    assert row.prev == by_hand.stdout.split()[0]
    assert log.read().head == hashlib.sha256(log.path.read_bytes().splitlines()[-1]).hexdigest()


def _ten_rows(path: Path, writer: int) -> None:
    for number in range(10):
        CustodyLog(path).append(draft(facts={"text": f"{writer}/{number}"}))


def test_twenty_writers_at_once_make_one_chain(log):
    writers = [multiprocessing.Process(target=_ten_rows, args=(log.path, writer)) for writer in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    chain = log.read()
    assert chain.faults == ()
    assert chain.count == 201
    assert len({entry.facts["text"] for entry in chain.entries[1:]}) == 200


def test_a_killed_writer_leaves_whole_rows_and_the_next_goes_on(log, tmp_path):
    script = (
        "import sys; from pathlib import Path; from camtool.evidence.custody_log import CustodyLog;"
        "from tests.makers.chain import draft\n"
        "while True: print(CustodyLog(Path(sys.argv[1])).append(draft(facts={'text': 'x' * 9000})).n, flush=True)"
    )
    for after_s in (0.05, 0.08, 0.13):
        writer = subprocess.Popen([sys.executable, "-c", script, log.path], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(after_s)
        writer.send_signal(signal.SIGKILL)
        told = writer.stdout.read().split()
        writer.wait()
        writer.stdout.close()
        before = log.read()
        assert not before.damaged
        assert not told or before.count >= int(told[-1]), "what was reported as done is there"
        log.append(draft())
        after = log.read()
        assert after.faults == ()


def test_a_line_left_half_written_is_kept_ended_and_named(log):
    log.append(draft())
    torn = b'{"account":"nam@ban-truc","act":"add","case":"HS-20\0\0\0'
    with log.path.open("ab") as file:
        file.write(torn)
    before = log.path.read_bytes()
    assert [fault.kind for fault in log.read().faults] == [FaultKind.UNFINISHED]
    row = log.append(draft(facts={"text": "sau khi mất điện"}))
    assert log.path.read_bytes().startswith(before + b"\n"), "nothing was taken out"
    chain = log.read()
    assert (chain.faults, row.n, chain.count) == ((), 5, 5)
    resume = chain.entries[-2]
    assert (resume.act, resume.n, resume.who) == ("resume", 4, "Trung úy Nam")
    assert resume.facts == {"line": 3, "sha256": hashlib.sha256(torn).hexdigest()}
    assert [(remark.kind, remark.line) for remark in chain.remarks] == [(RemarkKind.RESUMED, 3)]


def test_a_damaged_chain_is_not_written_to(log):
    log.append(draft())
    log.append(draft())
    text = log.path.read_bytes().replace(b'"n":2', b'"n":7')
    log.path.write_bytes(text)
    with pytest.raises(LogDamaged):
        log.append(draft())
    assert log.path.read_bytes() == text


def test_a_log_that_is_gone_or_empty_is_not_begun_anew(log):
    log.path.write_bytes(b"")
    with pytest.raises(LogDamaged):
        log.append(draft())
    log.path.unlink()
    with pytest.raises(LogDamaged):
        log.append(draft())
    with pytest.raises(LogDamaged):
        log.read()
    assert not log.path.exists()


def test_a_log_is_begun_once(log):
    with pytest.raises(FileExistsError):
        log.begin(draft("open"))


def test_a_full_disk_takes_back_what_did_not_fit(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("cannot mount a small disk here")
    try:
        log = CustodyLog(disk / "custody.jsonl")
        log.begin(draft("open"))
        log.append(draft())
        before = log.path.read_bytes()
        with pytest.raises(DiskFull):
            log.append(draft(facts={"text": "x" * 100_000}))
        assert log.path.read_bytes() == before
        log.append(draft())
        assert log.read().faults == ()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_may_only_be_read(log):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    log.path.parent.chmod(0o500)
    try:
        assert log.read().count == 1
    finally:
        log.path.parent.chmod(0o700)
