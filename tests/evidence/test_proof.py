import hashlib
import json
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.ledger import Compared, PacketRow
from camtool.errors import BadProof, NoProof
from camtool.evidence.proof import ProofSource, ProofStream, ProofWriter, Stretch, proof_path, read_proof, stretch_facts

A, B = "a" * 64, "b" * 64
ROWS = [
    PacketRow(0, 0, 30, 4711, 900, 38400, True, A, 900, A),
    PacketRow(1, 0, 12, None, 200, -1024, True, B, 207, B),
    PacketRow(0, 0, 31, None, 800, 38912, False, B, 803, A),
]


def facts(**more: object) -> dict[str, Any]:
    stretch = stretch_facts(Stretch(0, 30, 2, 38400, 38912, Fraction(1, 12800), ((30, -38400),)))
    return {
        "clip": {"name": "lấy xe.mp4", "container": "mp4", "size_bytes": 5, "sha256": A},
        "camera": {"number": 3, "name": "Chợ", "place": ""},
        "streams": [
            {"kind": "video", "codec": "h264", "packets": 2, "compared": "nal_units", "retimed": 0},
            {"kind": "audio", "codec": "aac", "packets": 1, "compared": "adts_payload", "retimed": 0},
        ],
        "sources": [
            {"path": "a.dav", "folder": "/f", "size_bytes": 9, "sha256": B, "state": "ok", "streams": [stretch]},
        ],
        **more,
    }


def written(folder: Path, rows: list[PacketRow], told: dict[str, Any] | None = None) -> Path:
    clip = folder / "c.mp4"
    with ProofWriter() as writer:
        for row in rows:
            writer.add([row])
        writer.add([])
        writer.write(proof_path(clip), facts() if told is None else told)
    return clip


def test_what_is_written_is_read(tmp_path):
    clip = written(tmp_path, ROWS)
    proof = read_proof(clip)
    assert proof.path == tmp_path / "c.mp4.proof.json"
    assert proof.sealed
    assert (proof.clip_name, proof.clip_size_bytes, proof.clip_sha256) == ("lấy xe.mp4", 5, A)
    assert proof.streams == (
        ProofStream("video", "h264", 2, Compared.NAL_UNITS, 0),
        ProofStream("audio", "aac", 1, Compared.ADTS_PAYLOAD, 0),
    )
    (source,) = proof.sources
    assert isinstance(source, ProofSource)
    assert (source.camera, source.path, source.folder, source.size_bytes, source.state) == (3, "a.dav", "/f", 9, "ok")
    assert source.stretches[0].runs == ((30, -38400),)
    assert list(proof.rows()) == ROWS
    assert list(proof.rows()) == ROWS  # again: it is read anew each time


def test_it_is_one_json_document_with_a_line_for_each_packet(tmp_path):
    text = proof_path(written(tmp_path, ROWS)).read_text(encoding="utf-8")
    document = json.loads(text)
    assert document["format"] == "camtool-proof"
    assert document["version"] == 1
    assert len(document["packets"]) == 3
    assert document["packets"][0] == [0, 0, 30, 4711, 900, 38400, 1, A]
    assert document["packets"][2] == [0, 0, 31, None, 800, 38912, 0, B, 803, A]
    assert len(document["columns"]) == 10
    assert f'[1,0,12,null,200,-1024,1,"{B}",207,"{B}"],\n' in text


def test_the_seal_is_what_head_and_sha256sum_say(tmp_path):
    proof = proof_path(written(tmp_path, ROWS))
    done = subprocess.run(f"head -n -1 '{proof}' | sha256sum", shell=True, capture_output=True, check=True, text=True)
    assert json.loads(proof.read_text(encoding="utf-8"))["sha256_above"] == done.stdout.split()[0]


def test_without_rows(tmp_path):
    proof = read_proof(written(tmp_path, []))
    assert proof.sealed
    assert list(proof.rows()) == []


def test_any_other_byte_breaks_the_seal(tmp_path):
    clip = written(tmp_path, ROWS)
    path = proof_path(clip)
    kept = path.read_bytes()
    for old, new in ((b"nal_units", b"bytes"), (b'"f": 1', b""), (b"4711", b"4712"), (b"Ch\xe1\xbb\xa3", b"Cho")):
        path.write_bytes(kept.replace(old, new))
        assert read_proof(clip).sealed == (kept == path.read_bytes())
    path.write_bytes(kept[:-2] + b" }\n")
    assert not read_proof(clip).sealed


def test_a_tool_that_lays_it_out_anew(tmp_path):
    clip = written(tmp_path, ROWS)
    path = proof_path(clip)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")), indent=2), encoding="utf-8")
    proof = read_proof(clip)
    assert not proof.sealed
    assert list(proof.rows()) == ROWS


def test_none(tmp_path):
    with pytest.raises(NoProof) as raised:
        read_proof(tmp_path / "c.mp4")
    assert raised.value.facts == {"path": tmp_path / "c.mp4", "proof": "c.mp4.proof.json"}
    proof_path(tmp_path / "d.mp4").mkdir()
    with pytest.raises(BadProof):
        read_proof(tmp_path / "d.mp4")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"format": "camtool-proof"}',
        b'{"format": "camtool-proof", "version": 2}',
        b'{"format": "camtool-proof", "version": 1}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_proof(tmp_path, text):
    proof_path(tmp_path / "c.mp4").write_bytes(text)
    with pytest.raises(BadProof):
        read_proof(tmp_path / "c.mp4")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("clip", None),
        ("clip", {"name": "c", "size_bytes": "5", "sha256": A}),
        ("clip", {"name": "c", "size_bytes": 5, "sha256": "A" * 64}),
        ("camera", {"number": True}),
        ("sources", [{}]),
        ("sources", 5),
        ("streams", [{"kind": 1}]),
        ("streams", [{"kind": "video", "codec": "h264", "packets": 2, "compared": "smell", "retimed": 0}]),
    ],
)
def test_facts_of_the_wrong_kind(tmp_path, key, value):
    clip = written(tmp_path, ROWS, facts(**{key: value}))
    with pytest.raises(BadProof):
        read_proof(clip)


@pytest.mark.parametrize(
    "row",
    [
        "{}",
        "[0,0,30,4711,900,38400,1]",
        f'[0,0,30,4711,900,38400,1,"{A}",5]',
        f'[0,0,30,4711,900,38400.5,1,"{A}"]',
        f'[0,0,30,4711,900,38400,true,"{A}"]',
        f'[2,0,30,4711,900,38400,1,"{A}"]',
        f'[0,1,30,4711,900,38400,1,"{A}"]',
        f'[0,0,30,-4711,900,38400,1,"{A}"]',
        f'[0,0,30,4711,900,38400,1,"{A[:-1]}"]',
        "[0,0,",
    ],
)
def test_rows_of_the_wrong_kind(tmp_path, row):
    clip = written(tmp_path, ROWS)
    path = proof_path(clip)
    path.write_text(path.read_text(encoding="utf-8").replace(f'[0,0,30,4711,900,38400,1,"{A}"]', row), encoding="utf-8")
    proof = read_proof(clip)
    assert not proof.sealed
    with pytest.raises(BadProof):
        list(proof.rows())


digests = st.binary(min_size=5, max_size=5).map(lambda data: hashlib.sha256(data).hexdigest())
numbers = st.integers(0, 2**63 - 1)
rows = st.builds(
    PacketRow,
    stream=st.integers(0, 1),
    source=st.just(0),
    packet=numbers,
    pos_bytes=st.none() | numbers,
    size_bytes=numbers,
    pts=st.integers(-(2**63), 2**63 - 1),
    key=st.booleans(),
    sha256=digests,
    source_bytes=numbers,
    common_sha256=digests,
)


@given(st.lists(rows, max_size=20))
def test_any_rows(tmp_path_factory, many):
    proof = read_proof(written(tmp_path_factory.mktemp("proof"), many))
    assert proof.sealed
    assert list(proof.rows()) == many
