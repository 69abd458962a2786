"""Links between cameras in site.toml: what is written reads back, and not a word of a person is lost or moved."""

from pathlib import Path

import pytest

from camtool.core.link import Link
from camtool.core.model import Camera
from camtool.errors import BadSiteFile, LinkToItself, NoLink, UnfitForSite, UnknownCamera
from camtool.store.links import link_cameras, unlink_cameras
from camtool.store.site import add_camera, load_site

WRITTEN = """\
# đầu trang
[site]
name = "Xã"
timezone = "Asia/Ho_Chi_Minh"

# chợ
[[camera]]
number = 3
name = "Chợ"  # tên cũ: Chợ Mới
footage = "cam3"
# đĩa ở phòng trực

[[camera.zone]]
name = "cổng"
corners = [[0, 0], [1, 0], [1, 1]]

# cầu
[[camera]]
number = 5
name = "Cầu"
footage = "cam5"

# cổng
[[camera]]
number = 6
name = "Cổng"
footage = "cam6"

# hết
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site.toml").write_text(WRITTEN, encoding="utf-8")
    return tmp_path


def links(folder: Path) -> dict[int, tuple[Link, ...]]:
    return {camera.number: camera.links for camera in load_site(folder).cameras}


def text(folder: Path) -> str:
    return (folder / "site.toml").read_text(encoding="utf-8")


def test_a_link_is_written_below_its_camera_and_comments_stay_above_theirs(folder):
    link_cameras(folder, 3, Link(5, (40, 180)))
    link_cameras(folder, 3, Link(6, None, (5, 60.5)))
    link_cameras(folder, 6, Link(3))
    assert links(folder) == {3: (Link(5, (40, 180)), Link(6, None, (5, 60.5))), 5: (), 6: (Link(3),)}
    kept = text(folder)
    assert kept.replace("\n\n", "\n").startswith(WRITTEN.split("# cầu")[0].replace("\n\n", "\n"))
    assert "[[camera.link]]\nto = 5\nseconds = [40, 180]\n" in kept
    assert "kmh = [5, 60.5]\n\n# cầu\n[[camera]]\nnumber = 5\n" in kept
    assert kept.index("# cổng\n[[camera]]\nnumber = 6") < kept.index("to = 3") < kept.index("# hết")


def test_a_link_taken_out_takes_nothing_else_with_it(folder):
    for number in (5, 6):
        link_cameras(folder, 3, Link(number, (1, 2)))
    unlink_cameras(folder, 3, 6)
    assert links(folder)[3] == (Link(5, (1, 2)),)
    assert "# cầu\n[[camera]]\nnumber = 5" in text(folder)
    unlink_cameras(folder, 3, 5)
    assert links(folder)[3] == ()
    assert text(folder) == WRITTEN
    with pytest.raises(NoLink):
        unlink_cameras(folder, 3, 5)


def test_said_again_it_is_said_anew(folder):
    link_cameras(folder, 5, Link(6, (40, 180)))
    link_cameras(folder, 5, Link(6, None, (10, 20)))
    assert links(folder)[5] == (Link(6, None, (10, 20)),)


def test_links_written_on_one_line_are_read_and_added_to(folder):
    inline = WRITTEN.replace('footage = "cam6"', 'footage = "cam6"\nlink = [{ to = 5, seconds = [1, 2] }]')
    (folder / "site.toml").write_text(inline, encoding="utf-8")
    link_cameras(folder, 6, Link(3, (3, 4)))
    assert links(folder)[6] == (Link(5, (1, 2)), Link(3, (3, 4)))
    unlink_cameras(folder, 6, 5)
    assert links(folder)[6] == (Link(3, (3, 4)),)


def test_a_camera_written_on_one_line(tmp_path):
    (tmp_path / "site.toml").write_text(
        'camera = [{ number = 1, name = "a", footage = "a" }, { number = 2, name = "b", footage = "b" }]\n'
        '[site]\nname = "x"\ntimezone = "UTC"\n',
        encoding="utf-8",
    )
    link_cameras(tmp_path, 1, Link(2, (3, 4)))
    assert links(tmp_path)[1] == (Link(2, (3, 4)),)
    unlink_cameras(tmp_path, 1, 2)
    assert links(tmp_path)[1] == ()


def test_a_camera_added_after_links(folder):
    link_cameras(folder, 6, Link(3, (40, 180)))
    add_camera(folder, Camera(7, "Trạm", "", "cam7"))
    link_cameras(folder, 7, Link(6))
    assert (links(folder)[6], links(folder)[7]) == ((Link(3, (40, 180)),), (Link(6),))


def test_links_that_cannot_be(folder):
    before = text(folder)
    with pytest.raises(LinkToItself):
        link_cameras(folder, 3, Link(3))
    with pytest.raises(UnknownCamera):
        link_cameras(folder, 3, Link(9))
    with pytest.raises(UnknownCamera):
        link_cameras(folder, 9, Link(3))
    with pytest.raises(UnfitForSite):
        link_cameras(folder, 3, Link(5, (180, 40)))
    assert text(folder) == before


@pytest.mark.parametrize(
    "link",
    [
        "to = 6",
        'to = "3"',
        "seconds = [1, 2]",
        "to = 3\nseconds = [2, 1]",
        "to = 3\nseconds = [0, 0]",
        "to = 3\nseconds = [-1, 1]",
        "to = 3\nseconds = [1, inf]",
        "to = 3\nseconds = [nan, 1]",
        "to = 3\nseconds = [1]",
        "to = 3\nseconds = 40",
        "to = 3\nseconds = [true, 2]",
        "to = 3\nkmh = [0, 60]",
        'to = 3\nkmh = ["5", 60]',
        "to = 3\nkmh = [5, 60]\nseconds = [1, 2]",
        "to = 3\n[[camera.link]]\nto = 3",
    ],
)
def test_what_a_person_wrote_wrong_is_named(folder, link):
    (folder / "site.toml").write_text(f"{WRITTEN}\n[[camera.link]]\n{link}\n", encoding="utf-8")
    with pytest.raises(BadSiteFile) as caught:
        load_site(folder)
    assert "camera 6" in str(caught.value) or '"3"' in str(caught.value) or "'3'" in str(caught.value)
