from pathlib import Path

import pytest

from camtool.core.model import Camera
from camtool.errors import BadSiteFile, CameraExists, NoSite, SiteExists, UnknownCamera, UnknownZone
from camtool.store.site import add_camera, camera_of, create_site, load_site
from camtool.store.where import find_site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_site(tmp_path / "xa", 'Công an xã "Tân Hòa"', "Asia/Ho_Chi_Minh", "vi")
    return tmp_path / "xa"


def test_a_new_site_reads_back(folder):
    site = load_site(folder)
    assert (site.name, site.timezone, site.language) == ('Công an xã "Tân Hòa"', "Asia/Ho_Chi_Minh", "vi")
    assert site.cameras == ()
    assert site.folder == str(folder)


def test_a_site_is_found_from_below(folder):
    (folder / "a" / "b").mkdir(parents=True)
    assert find_site(folder / "a" / "b") == folder
    with pytest.raises(NoSite):
        find_site(folder.parent)


def test_a_second_init_is_refused_and_changes_nothing(folder):
    before = (folder / "site.toml").read_bytes()
    with pytest.raises(SiteExists):
        create_site(folder, "other", "UTC", "en")
    assert (folder / "site.toml").read_bytes() == before


def test_an_unknown_zone_makes_no_site(tmp_path):
    with pytest.raises(UnknownZone):
        create_site(tmp_path / "new", "x", "Asia/Saigonn", "vi")
    assert not (tmp_path / "new").exists()


def test_cameras_are_added_and_comments_stay(folder):
    path = folder / "site.toml"
    path.write_text(path.read_text() + "\n# ghi chú của đồng chí trực\n")
    add_camera(folder, Camera(3, "Chợ", "Cổng sau chợ", "/mnt/cam3", "dahua", "3", None, 10.5, 106.25))
    add_camera(folder, Camera(1, "Cổng chào", "", "cam1"))
    text = path.read_text()
    assert "# ghi chú của đồng chí trực" in text
    assert "# camtool: one office and its cameras" in text
    first, third = load_site(folder).cameras
    assert third == Camera(3, "Chợ", "Cổng sau chợ", "/mnt/cam3", "dahua", "3", None, 10.5, 106.25)
    assert first == Camera(1, "Cổng chào", "", str(folder / "cam1"))
    assert not list(folder.glob(".*"))


def test_a_number_is_given_once(folder):
    add_camera(folder, Camera(3, "Chợ", "", "/mnt/cam3"))
    with pytest.raises(CameraExists) as caught:
        add_camera(folder, Camera(3, "Cầu", "", "/mnt/cam4"))
    assert caught.value.facts == {"camera": 3, "name": "Chợ"}


def test_an_unknown_camera_says_which_there_are(folder):
    site = add_camera(folder, Camera(3, "Chợ", "", "/mnt/cam3"))
    with pytest.raises(UnknownCamera) as caught:
        camera_of(site, 4)
    assert caught.value.facts["known"] == "3"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("[site\n", "line 1"),
        ("name = 'x'\n", "[site] is missing"),
        ("[site]\nname='x'\n", "timezone is missing"),
        ("[site]\nname='x'\ntimezone='Mars/Olympus'\n", "Mars/Olympus"),
        ("[site]\nname='x'\ntimezone='UTC'\nlanguage='fr'\n", 'language = "fr"'),
        ("[site]\nname=3\ntimezone='UTC'\n", "name = 3"),
        ("[site]\nname='x'\ntimezone='UTC'\n[camera]\nnumber=1\n", "[[camera]]"),
        ("[site]\nname='x'\ntimezone='UTC'\n[[camera]]\nname='y'\nfootage='z'\n", "without a number"),
        ("[site]\nname='x'\ntimezone='UTC'\n[[camera]]\nnumber=1\nname='y'\n", "footage is missing"),
        (
            "[site]\nname='x'\ntimezone='UTC'\n" + "[[camera]]\nnumber=1\nname='y'\nfootage='z'\n" * 2,
            "camera 1 is there twice",
        ),
    ],
)
def test_a_broken_site_file_says_where(tmp_path, text, detail):
    (tmp_path / "site.toml").write_text(text)
    with pytest.raises(BadSiteFile) as caught:
        load_site(tmp_path)
    assert detail in str(caught.value)


def test_a_site_file_that_is_not_text(tmp_path):
    (tmp_path / "site.toml").write_bytes(b"\xff\xfe[site]")
    with pytest.raises(BadSiteFile):
        load_site(tmp_path)
