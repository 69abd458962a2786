"""The outside: exit codes through main(), `error:` and `hint:`, clean stdout, two languages, bad input."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from camtool import errors
from camtool.cli import i18n
from camtool.store.version import CATALOG_VERSION
from tests.signals import listening

WINDOW = ("--from", "23/11/2026 18:00", "--to", "23/11/2026 18:05")
PROGRAM = [sys.executable, "-m", "camtool"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("fnd",), 2, ('there is no command "fnd"', "find?")),
        (("find", "--camra", "3", *WINDOW), 2, ("`camtool find` has no option --camra",)),
        (("find", "--camera", "3", "--from", "18:00"), 2, ("`camtool find` needs --to",)),
        (("find", *WINDOW), 2, ("no camera was named", "--all")),
        (("find", "-c", "ba", *WINDOW), 2, ('cannot read "ba" as camera numbers',)),
        (("find", "-c", "3-1", *WINDOW), 2, ('cannot read "3-1" as camera numbers',)),
        (("find", "-c", "9", *WINDOW), 2, ("there is no camera 9", "3, 5")),
        (("find", "-c", "3", "--from", "30/02/2026 18:00", "--to", "18:00"), 2, ('cannot read "30/02/2026 18:00"',)),
        (("find", "-c", "3", "--from", "24/11/2026", "--to", "23/11/2026"), 2, ("ends (23/11/2026 00:00:00)",)),
        (("find", "-c", "3", "--from", "11/24/2026", "--to", "18:00"), 2, ("11/24/2026",)),
        (("index", "--hash", "some"), 2, ("--hash",)),
        (("index", "--jobs", "0"), 2, ("--jobs",)),
        (("camera", "add", "3", "--name", "x", "--footage", "."), 10, ("camera 3 exists already",)),
        (("camera", "add", "4", "--name", "x", "--footage", "/nowhere"), 10, ("/nowhere is not a folder",)),
        (("camera", "add", "4", "--name", "x", "--footage", ".", "--layout", "sony"), 2, ('"sony"', "hikvision")),
        (("camera", "add", "4", "--name", "x", "--footage", ".", "--template", "%q"), 10, ("%q",)),
        (("camera", "discover", "/nowhere"), 10, ("/nowhere is not a folder",)),
        (("clock", "show", "9"), 2, ("there is no camera 9",)),
        (("clock", "show", "x"), 2, ('N cannot be "x"',)),
        (("index", "--hash", "some"), 2, ('--hash cannot be "some": it takes none, new, all',)),
        (("index", "--jobs", "0"), 2, ('--jobs cannot be "0"',)),
        (("cut", "-c", "3,4", *WINDOW, "-o", "x.mp4"), 2, ('--camera cannot be "3,4"',)),
        (("cut", "-c", "3", *WINDOW), 2, ("`camtool cut` needs --output",)),
        (("cut", "-c", "3", "-c", "5", *WINDOW, "-o", "x.mp4"), 2, ("--camera was given twice",)),
        (("find", "-c", "3", *WINDOW, "--to", "19:00"), 2, ("--to was given twice",)),
        (("find", "-c", "3", *WINDOW, "và", "5"), 2, ('`camtool find` has no use for "và 5"',)),
        (("find", "-c", "3", "--from"), 2, ("--from needs a value",)),
        (("camera",), 2, ("`camtool camera` needs a command: add, list, show, link, unlink, zones, discover",)),
        (("find", "-c", "3", *WINDOW, "--lang"), 2, ("--lang needs a value",)),
        (("find", "-c", "3", *WINDOW, "--site"), 2, ("--site needs a value",)),
        (("--json",), 2, ("`camtool` needs a command: ",)),
        (
            ("--json", "cut", "-c", "3", "--from", "1/1/2020", "--to", "2/1/2020", "-o", "x.mp4"),
            10,
            ('at "01/01/2020 00:00:00"`',),
        ),
        (("still", "-c", "3", "--at", "1/1/2020", "-o", "x.png"), 10, ('at "01/01/2020 00:00:00"`',)),
        (("verify", "."), 10, (". is neither a package nor a case", "DOC_TRUOC.txt")),
    ],
)
def test_what_cannot_be_done_says_why_and_what_to_do(camtool, site, arguments, code, told):
    answer = camtool("--site", site, *arguments)
    assert answer.code == code, answer
    assert answer.out == ""
    assert answer.err.startswith("error: ")
    assert "\nhint: " in answer.err
    assert "Traceback" not in answer.err
    for text in told:
        assert text in answer.err


def test_an_error_in_vietnamese(camtool, site):
    answer = camtool("--site", site, "--lang", "vi", "find", "-c", "9", *WINDOW)
    assert answer.err.splitlines() == [
        "error: không có camera 9 ở cơ sở này",
        "hint: ở đây có: 3, 5; xem bằng `camtool camera list`",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("find", "-c", "3", *WINDOW, "và", "5"),
        ("find", "--from"),
        ("index", "--jobs", "0"),
        ("index", "--hash", "some"),
        ("clock", "show", "x"),
        ("clock",),
        ("cut", "-c", "3", "-c", "5"),
        ("cut", "-c"),
        ("--site",),
    ],
)
def test_what_was_typed_wrong_is_told_without_a_word_of_english(camtool, site, arguments):
    answer = camtool("--site", site, "--lang", "vi", *arguments)
    assert answer.code == 2
    english = (" not ", "valid", "argument", "requires", "Missing", "range", "one of", "extra", "takes", "needs")
    assert [word for word in english if word in answer.err] == []


def test_a_phrase_that_begins_with_a_dash(camtool, site):
    """`-2h` is a time, not an option; NOW is 10:00."""
    assert camtool("--site", site, "--json", "at", "-2h").json["at"] == "2026-11-24T08:00:00+07:00"
    assert camtool("--site", site, "--json", "at", "-c", "3", "-2h").json["at"] == "2026-11-24T08:00:00+07:00"
    found = camtool("--site", site, "--json", "find", "-c", "3", "--from", "-16h", "--to", "-30m").json
    assert found["window"] == {"from": "2026-11-23T18:00:00+07:00", "to": "2026-11-24T09:30:00+07:00"}


def test_the_version_as_json(camtool):
    from camtool import __version__

    assert camtool("--json", "--version").json == {"version": __version__}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--name", ""), 2, "name is missing"),
        (("--name", "x\udcff"), 2, "cannot be written into site.toml"),
        (("--name", "x", "--lat", "nan"), 2, "lat = nan"),
        (("--name", "x", "--lat", "91"), 2, "--lat"),
    ],
)
def test_a_camera_that_would_lock_the_site_is_not_written(camtool, site, arguments, code, told):
    before = (site / "site.toml").read_bytes()
    answer = camtool("--site", site, "camera", "add", 8, "--footage", site.parent / "footage", *arguments)
    assert answer.code == code
    assert told in answer.err
    assert (site / "site.toml").read_bytes() == before
    assert sorted(entry.name for entry in site.iterdir() if "toml" in entry.name) == ["site.toml"]


def test_camera_numbers_have_an_end(camtool, site):
    answer = camtool("--site", site, "camera", "add", "1" + 20 * "0", "--name", "x", "--footage", site.parent)
    assert answer.code == 2


def test_a_site_without_a_name_or_on_a_file_is_not_made(camtool, tmp_path):
    assert camtool("init", tmp_path / "new", "--name", "").code == 2
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").write_text("x")
    for place in ("file", "file/below"):
        answer = camtool("init", tmp_path / place, "--name", "x")
        assert (answer.code, "is not a folder" in answer.err) == (10, True)
    assert (tmp_path / "file").read_text() == "x"


def test_what_a_file_turned_out_to_be_is_told_in_vietnamese(camtool, site):
    footage = site.parent / "footage" / "cam3"
    (footage / "ch03_20261122000000.mp4").write_text("hello\n" * 100)
    (footage / "ch03_20261122000100.mp4").mkdir()
    (footage / "ch03_20261122000200.mp4").symlink_to("nowhere")
    told = camtool("--site", site, "--lang", "vi", "index").err
    assert "nội dung không phải video (văn bản)" in told
    assert "lại là: thư mục" in told
    assert "không có tệp hay thư mục này" in told


def test_no_site_here(camtool, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = camtool("find", "-c", "3", *WINDOW)
    assert answer.code == 10
    assert "no site here" in answer.err
    assert "camtool init" in answer.err


def test_a_site_is_found_from_below_and_from_the_environment(camtool, site, monkeypatch):
    (site / "below").mkdir()
    monkeypatch.chdir(site / "below")
    assert camtool("find", "-c", "3", *WINDOW).code == 0
    monkeypatch.chdir("/")
    monkeypatch.setenv("CAMTOOL_SITE", str(site))
    assert camtool("find", "-c", "3", *WINDOW).code == 0


def test_nothing_indexed_yet(camtool, tmp_path):
    camtool("init", tmp_path / "new", "--name", "x")
    (tmp_path / "footage").mkdir()
    camtool("--site", tmp_path / "new", "camera", "add", 1, "--name", "x", "--footage", tmp_path / "footage")
    answer = camtool("--site", tmp_path / "new", "find", "-c", "1", *WINDOW)
    assert (answer.code, answer.out.count("\n")) == (30, 1)
    assert "camtool index" in answer.err


def test_a_catalog_from_a_newer_version(camtool, site):
    with sqlite3.connect(site / "catalog.db") as connection:
        connection.execute("UPDATE schema_version SET version = ?", (CATALOG_VERSION + 7,))
    connection.close()
    for command in (
        ("find", "-c", "3", *WINDOW),
        ("index",),
        ("clock", "observe", 3, "--shows", "9:00", "--true", "9:01"),
    ):
        answer = camtool("--site", site, *command)
        assert answer.code == 30
        assert "written by a newer camtool" in answer.err
    with sqlite3.connect(site / "catalog.db") as connection:
        assert connection.execute("SELECT count(*) FROM recording").fetchone() == (4,)
    connection.close()


def test_a_damaged_catalog(camtool, site):
    (site / "catalog.db").write_bytes(b"\0" * 5000)
    answer = camtool("--site", site, "find", "-c", "3", *WINDOW)
    assert answer.code == 30
    assert "Traceback" not in answer.err


def test_a_broken_site_file(camtool, site):
    (site / "site.toml").write_text("[site\n")
    answer = camtool("--site", site, "camera", "list")
    assert answer.code == 10
    assert "line 1" in answer.err


def test_index_tells_what_it_did(camtool, site):
    again = camtool("--site", site, "--json", "index")
    assert again.code == 0
    assert (again.json["files"], again.json["fates"], again.json["problems"]) == (4, {"same": 4}, [])
    (site.parent / "footage" / "cam3" / "ch03_20261123190000.mp4").write_bytes(b"")
    (site.parent / "footage" / "cam5").rmdir()
    third = camtool("--site", site, "--json", "index", "--hash", "new")
    assert third.code == 3
    kinds = [(problem["kind"], problem["camera"]) for problem in third.json["problems"]]
    assert kinds == [("empty", 3), ("folder_missing", 5)]
    assert third.json["problems_total"] == 2
    assert third.json["fates"] == {"same": 5, "new": 1, "hashed": 5}
    found = camtool("--site", site, "--json", "find", "-c", "3", *WINDOW).json["cameras"][0]["recordings"]
    assert all(len(each["sha256"]) == 64 for each in found)


def test_problems_are_listed_for_a_person(camtool, site):
    (site.parent / "footage" / "cam3" / "ch03_2026112319\n0000.mp4").write_bytes(b"x" * 100)
    answer = camtool("--site", site, "index")
    assert answer.code == 3
    (line,) = [
        line for line in answer.err.splitlines() if "unknown" not in line and "cam3" not in line and "content" in line
    ]
    assert "ch03_2026112319\\n0000.mp4" in line
    assert "new: 1" in answer.out


def test_camera_list_show_and_discover(camtool, site):
    listed = camtool("--site", site, "--json", "camera", "list").json["cameras"]
    assert [(each["camera"], each["name"], each["layout"]) for each in listed] == [
        (3, "Chợ", "auto"),
        (5, "Cầu", "auto"),
    ]
    shown = camtool("--site", site, "--json", "camera", "show", "3").json
    assert {state: each["files"] for state, each in shown["states"].items()} == {"ok": 3, "foreign": 1}
    assert [problem["kind"] for problem in shown["problems"]] == ["foreign"]
    assert (shown["camera_start"], shown["camera_end"]) == ("2026-11-23T18:00:00+07:00", "2026-11-23T18:04:00+07:00")
    found = camtool("--site", site, "--json", "camera", "discover", site.parent / "footage").json
    assert [(each["camera"], each["layout"], each["files"]) for each in found["cameras"]] == [(1, "dahua", 3)]
    assert found["cameras"][0]["footage"] == str(site.parent / "footage" / "cam3")
    assert found["foreign"] == {"cam3": 1}
    text = camtool("--site", site, "camera", "discover", site.parent / "footage").out
    assert "camtool camera add 1 " in text


def test_init_writes_what_it_is_told(camtool, tmp_path):
    answer = camtool("--lang", "vi", "--json", "init", tmp_path / "xa", "--name", "Xã", "--timezone", "Asia/Bangkok")
    assert answer.json == {
        "site": str(tmp_path / "xa"),
        "name": "Xã",
        "timezone": "Asia/Bangkok",
        "language": "vi",
    }
    assert camtool("init", tmp_path / "xa", "--name", "Xã").code == 10
    assert camtool("init", tmp_path / "y", "--name", "Xã", "--timezone", "Hanoi").code == 2
    assert not (tmp_path / "y").exists()


def test_a_site_speaks_its_own_language(camtool, site, monkeypatch):
    monkeypatch.delenv("CAMTOOL_LANG")
    assert "có bản ghi" in camtool("--site", site, "find", "-c", "3", *WINDOW).out
    assert "recorded" in camtool("--site", site, "--lang", "en", "find", "-c", "3", *WINDOW).out
    assert camtool("--lang", "fr", "find").code == 2


def test_a_bug_is_no_traceback(camtool, site, monkeypatch):
    def broken(*_args: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("camtool.cli.find.search", broken)
    answer = camtool("--site", site, "find", "-c", "3", *WINDOW)
    assert answer.code == 70
    assert "ZeroDivisionError: oh" in answer.err
    assert "Traceback" not in answer.err
    answer = camtool("--debug", "--site", site, "find", "-c", "3", *WINDOW)
    assert answer.code == 70
    assert answer.err.startswith("Traceback")
    assert "error: camtool itself failed: ZeroDivisionError: oh" in answer.err


def test_every_error_has_words_a_hint_and_a_code_of_its_group():
    def leaves(kind: type[errors.CamtoolError]) -> list[type[errors.CamtoolError]]:
        below = kind.__subclasses__()
        return [leaf for each in below for leaf in leaves(each)] if below else [kind]

    found = leaves(errors.CamtoolError)
    assert len(found) > 30
    for each in found:
        assert each.message, each
        assert each.hint, each
        assert each.exit_code in (2, 10, 20, 30, 40, 50, 70), each
        assert each.__doc__, each


def test_a_reader_that_leaves_is_no_error(site):
    command = (
        f"{sys.executable} -m camtool --site {site} --json find --all --from 2026-11-01 --to 2026-12-01 | head -c 10"
    )
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ('{"window":', "")


def test_interrupted_index_ends_with_130_and_is_resumed(site, clip):
    """A real process, a real SIGINT, while it hashes what takes many seconds (sparse: no disk is filled)."""
    big = site.parent / "footage" / "cam3" / "ch03_20261122000000.mp4"
    shutil.copyfile(clip, big)
    os.truncate(big, 60 << 30)

    def known() -> list[tuple[str, str | None]]:
        with closing(sqlite3.connect(site / "catalog.db")) as connection:
            return connection.execute("SELECT path, sha256 FROM recording WHERE path = ?", (big.name,)).fetchall()

    child = subprocess.Popen(
        [*PROGRAM, "--site", str(site), "--lang", "en", "index", "--hash", "all"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=listening,
    )
    while known() != [(big.name, None)]:
        assert child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    _out, err = child.communicate(timeout=120)
    assert (child.returncode, err.decode().splitlines()[-1:]) == (
        130,
        ["interrupted: what was finished is kept, nothing is left half written"],
    ), err
    assert known() == [(big.name, None)]
    assert not (site / "catalog.owner").exists()
    done = subprocess.run([*PROGRAM, "--site", str(site), "--json", "index"], capture_output=True, check=False)
    assert json.loads(done.stdout)["fates"] == {"same": 5}


def test_killed_at_any_moment_the_index_resumes(site, clip):
    footage = site.parent / "footage" / "cam3"
    for number in range(600):
        os.link(clip, footage / f"ch03_20261122{number // 60:02d}{number % 60:02d}00.mp4")
    for wait_s in (0.3, 0.4, 0.5, 0.6):
        child = subprocess.Popen(
            [*PROGRAM, "--site", str(site), "index"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        time.sleep(wait_s)
        child.kill()
        child.wait()
    done = subprocess.run([*PROGRAM, "--site", str(site), "--json", "index"], capture_output=True, check=False)
    assert done.returncode in (0, 3), done.stderr
    with sqlite3.connect(site / "catalog.db") as connection:
        assert connection.execute("SELECT count(*), count(DISTINCT path) FROM recording").fetchone() == (604, 604)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_a_second_index_beside_a_first_leaves_politely(camtool, site):
    from camtool.store.lock import only_writer
    from camtool.store.site import load_site

    with only_writer(load_site(site), "index"):
        done = subprocess.run(
            [*PROGRAM, "--site", str(site), "--lang", "en", "index"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 30
        assert done.stderr == (
            f"error: another `camtool index` is at work on this site (process {os.getpid()})\n"
            "hint: let it finish; nothing was changed by this run\n"
        )
        assert camtool("--site", site, "find", "-c", "3", *WINDOW).code == 0, "searching goes on beside it"
    assert camtool("--site", site, "index").code == 0


def test_light_commands_load_nothing_heavy(site):
    heavy = ("cv2", "skimage", "av", "dask", "distributed", "numpy", "PIL", "sqlalchemy", "tomlkit")
    for arguments in (["--help"], ["find", "--help"], ["--site", str(site), "find", "-c", "3", *WINDOW], ["--version"]):
        program = (
            "import sys; from camtool.cli.main import run; code = run(sys.argv[1:]); "
            f"print(code, [name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
        assert done.stderr.splitlines()[-1] == "0 []", arguments


def test_a_timeline_and_a_trail_load_nothing_that_reads_video(site, tmp_path):
    heavy = ("cv2", "skimage", "av", "numpy", "PIL")
    program = (
        "import sys; from camtool.cli.main import run; code = run(sys.argv[1:]); "
        f"print(code, [name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    page = tmp_path / "t.html"
    for arguments, code in ((["timeline", *WINDOW, "-o", str(page)], 0), (["follow", "--event", "1"], 10)):
        done = subprocess.run(
            [sys.executable, "-c", program, "--site", str(site), *arguments], capture_output=True, text=True, check=True
        )
        assert done.stderr.splitlines()[-1] == f"{code} []", arguments
    assert page.is_file()


def test_help_is_there_in_both_languages_for_every_command(site):
    from camtool.cli.app import MODULES

    for language, usage in (("en", "Usage"), ("vi", "Cách dùng")):
        for command in ([], *([name] for name in MODULES), ["camera", "add"], ["clock", "observe"]):
            done = subprocess.run(
                [*PROGRAM, "--lang", language, *command, "--help"], capture_output=True, text=True, check=True
            )
            assert usage in done.stdout, command
            assert "--help" in done.stdout or command in (["camera"], ["clock"])


def test_nothing_is_left_untranslated():
    """Every text of ours has its Vietnamese, and the catalog that is loaded is the one that is kept."""
    from babel.messages.pofile import read_po

    path = Path(i18n.__file__).parent.parent / "locale" / "vi" / "LC_MESSAGES" / "camtool.po"
    with path.open("rb") as source:
        catalog = read_po(source, locale="vi")
    texts = [message for message in catalog if message.id]
    assert len(texts) > 200
    assert [message.id for message in texts if not message.string or not all(message.string) or message.fuzzy] == []
    i18n.use("vi")
    try:
        for message in texts:
            one = message.id if isinstance(message.id, str) else message.id[0]
            wanted = message.string if isinstance(message.string, str) else (message.string or ("",))[0]
            if isinstance(message.id, str):
                assert i18n._(one) == wanted, "run `make messages`"
            else:
                assert i18n.ngettext(message.id[0], message.id[1], 2) == wanted, "run `make messages`"
    finally:
        i18n.use("en")


def test_every_text_in_the_code_is_in_the_catalog(tmp_path):
    from babel.messages.extract import extract_from_dir
    from babel.messages.pofile import read_po

    root = Path(i18n.__file__).parent.parent
    with (root / "locale" / "vi" / "LC_MESSAGES" / "camtool.po").open("rb") as source:
        known = {
            message.id if isinstance(message.id, str) else message.id[0] for message in read_po(source) if message.id
        }
    keywords = {"_": None, "mark": None, "ngettext": (1, 2)}
    used = {
        message if isinstance(message, str) else message[0]
        for _file, _line, message, _comments, _context in extract_from_dir(root, keywords=keywords)
    }
    assert used - known == set(), "run `make messages` and translate"
    assert known - used == set(), "run `make messages`"


def test_translations_keep_their_fields():
    import string

    from babel.messages.pofile import read_po

    path = Path(i18n.__file__).parent.parent / "locale" / "vi" / "LC_MESSAGES" / "camtool.po"
    with path.open("rb") as source:
        catalog = read_po(source, locale="vi")

    def fields(text: str) -> set[str]:
        return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}

    for message in catalog:
        if message.id:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
            for translated in strings:
                assert fields(translated) == set().union(*map(fields, ids)), message.id
