import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camtool.core.problem import ProblemKind
from camtool.errors import NoSuchFolder
from camtool.jobs.walk import Found, Shut, walk


def paths(root: Path) -> list[str]:
    return [found.path for found in walk(root, root / "no-site") if isinstance(found, Found)]


def test_everything_is_there_with_its_size_and_times(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.mp4").write_bytes(b"12345")
    (found,) = walk(tmp_path, tmp_path)
    info = (tmp_path / "a" / "1.mp4").stat()
    assert found == Found("a/1.mp4", 5, info.st_mtime_ns, info.st_ctime_ns)


def test_order_is_that_of_whole_paths(tmp_path):
    for name in ("a/b.mp4", "a-c.mp4", "a.mp4", "b/x", "a/b/c", "Z", "ă"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        if (tmp_path / name).is_dir():
            continue
        (tmp_path / name).write_bytes(b"")
    found = paths(tmp_path)
    assert found == sorted(found, key=str.encode)
    assert len(found) == 7


@settings(max_examples=40)
@given(
    st.sets(
        st.lists(
            st.text("ab-./é0", min_size=1, max_size=3).filter(lambda n: "/" not in n and n not in (".", "..")),
            min_size=1,
            max_size=3,
        ).map(tuple),
        max_size=12,
    )
)
def test_order_holds_for_any_tree(tmp_path_factory, tree):
    root = tmp_path_factory.mktemp("tree")
    for parts in tree:
        path = root.joinpath(*parts)
        if any(parent.is_file() for parent in path.parents) or path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    found = paths(root)
    assert found == sorted(found, key=str.encode)
    assert len(found) == sum(len(files) for _folder, _folders, files in os.walk(root))


def test_odd_names_come_as_text(tmp_path):
    for name in (b"new\nline.mp4", b"\xff\xfe.mp4", "xe máy 🛵.mp4".encode(), b"back\\slash.mp4"):
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))).write_bytes(b"x")
    assert paths(tmp_path) == sorted(
        ["new\nline.mp4", "\\xff\\xfe.mp4", "xe máy 🛵.mp4", "back\\\\slash.mp4"], key=str.encode
    )


def test_a_link_that_leads_back_is_named_and_not_followed(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.mp4").write_bytes(b"x")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to("self")
    found = {each.path: each.problem for each in walk(tmp_path, tmp_path / "s") if isinstance(each, Found)}
    assert set(found) == {"a/1.mp4", "a/loop", "self"}
    assert found["a/loop"] is not None
    assert found["a/loop"].kind is ProblemKind.LINK_LOOP
    assert found["self"] is not None
    assert found["self"].kind is ProblemKind.UNREADABLE


def test_a_link_to_another_disk_is_followed(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "1.mp4").write_bytes(b"x")
    (tmp_path / "footage").mkdir()
    (tmp_path / "footage" / "here").symlink_to(tmp_path / "disk")
    assert paths(tmp_path / "footage") == ["here/1.mp4"]


def test_what_is_no_file_is_named(tmp_path):
    (tmp_path / "x.mp4").mkdir()
    (tmp_path / "x.mp4" / "in.mp4").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "dangling.mp4").symlink_to("nowhere")
    found = {each.path: each.problem for each in walk(tmp_path, tmp_path / "s") if isinstance(each, Found)}
    kinds = {path: problem and (problem.kind, problem.facts.get("found")) for path, problem in found.items()}
    assert kinds == {
        "dangling.mp4": (ProblemKind.UNREADABLE, None),
        "pipe.mp4": (ProblemKind.NOT_A_FILE, "pipe"),
        "x.mp4": (ProblemKind.NOT_A_FILE, "folder"),
        "x.mp4/in.mp4": None,
    }


def test_a_folder_that_vanishes_mid_walk_shuts_its_part_only(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.mp4").write_bytes(b"x")
    seen = []
    for found in walk(tmp_path, tmp_path / "s"):
        seen.append(found)
        if len(seen) == 1:
            (tmp_path / "b" / "1.mp4").unlink()
            (tmp_path / "b").rmdir()
    assert [each.path for each in seen if isinstance(each, Found)] == ["a/1.mp4", "b", "c/1.mp4"]
    assert [each.prefix for each in seen if isinstance(each, Shut)] == ["b/"]
    assert isinstance(seen[1], Found)
    assert seen[1].problem is not None
    assert seen[1].problem.kind is ProblemKind.UNREADABLE


def test_a_root_that_is_not_there(tmp_path):
    with pytest.raises(NoSuchFolder):
        list(walk(tmp_path / "nowhere", tmp_path))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NoSuchFolder):
        list(walk(tmp_path / "file", tmp_path))


def test_the_sites_own_files_are_not_recordings(tmp_path):
    for name in ("site.toml", "catalog.db", "catalog.db-wal", "catalog.lock", "1.mp4"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "site.toml").write_bytes(b"")
    assert [each.path for each in walk(tmp_path, tmp_path) if isinstance(each, Found)] == ["1.mp4", "sub/site.toml"]
