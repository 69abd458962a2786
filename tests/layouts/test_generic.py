"""Templates: what each code reads, what is refused, and every template read back."""

import contextlib
import datetime as dt
import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from camtool.core.claim import Claim
from camtool.errors import BadTemplate
from camtool.layouts.generic import template_layout

NOON = dt.datetime(2026, 11, 24, 12, 30, 5)


def read(template: str, path: str) -> Claim | None:
    return template_layout(template).claim(path)


@pytest.mark.parametrize(
    ("template", "path", "expected"),
    [
        ("%Y%m%d_%H%M%S.mp4", "20261124_123005.mp4", Claim("template", start_local=NOON)),
        ("%Y%m%d_%H%M.mp4", "20261124_1230.mp4", Claim("template", start_local=NOON.replace(second=0))),
        ("%d-%m-%y %H.%M.%S.avi", "24-11-26 12.30.05.AVI", Claim("template", start_local=NOON)),
        (
            "%c - %m-%d-%Y, %I.%M.%S%p.mp4",
            "Front Door - 11-24-2026, 12.30.05pm.mp4",
            Claim("template", start_local=NOON, channel="Front Door"),
        ),
        ("%Y%m%d%I%M%S%p.mp4", "20261124123005AM.mp4", Claim("template", start_local=NOON.replace(hour=0))),
        ("%Y%m%d%I%M%S%p.mp4", "2026112413005PM.mp4", Claim("template", start_local=NOON.replace(hour=13))),
        (
            "%Y%m%d_%H%M%S%f.mp4",
            "20261124_123005120.mp4",
            Claim("template", start_local=NOON.replace(microsecond=120_000)),
        ),
        (
            "ch%c/%Y-%m-%d/%H.%M.%S-%EH.%EM.%ES.mp4",
            "x/ch3/2026-11-24/12.30.05-12.35.00.mp4",
            Claim(
                "template",
                start_local=NOON,
                end_local=dt.datetime(2026, 11, 24, 12, 35),
                channel="3",
                tail=3,
                end_clock_only=True,
            ),
        ),
        (
            "%Y-%m-%d/%H%M%S-%EH%EM.ts",
            "2026-11-24/235900-0001.ts",
            Claim(
                "template",
                start_local=dt.datetime(2026, 11, 24, 23, 59),
                end_local=dt.datetime(2026, 11, 25, 0, 1),
                tail=2,
                end_clock_only=True,
            ),
        ),
        (
            "%Y%m%d%H%M%S_%EY%Em%Ed%EH%EM%ES.mp4",
            "20261124123005_20261124123500.mp4",
            Claim("template", start_local=NOON, end_local=dt.datetime(2026, 11, 24, 12, 35)),
        ),
        (
            "%s-%Es.mp4",
            "1706108297-1706108310.mp4",
            Claim(
                "template",
                start_utc=dt.datetime(2024, 1, 24, 14, 58, 17, tzinfo=dt.UTC),
                end_utc=dt.datetime(2024, 1, 24, 14, 58, 30, tzinfo=dt.UTC),
            ),
        ),
        (
            "%c_%*_%Q.mkv",
            "Cổng_0_1597425468956.mkv",
            Claim("template", start_utc=dt.datetime(2020, 8, 14, 17, 17, 48, 956_000, tzinfo=dt.UTC), channel="Cổng"),
        ),
        (
            "%Y%m%d%H/%MM%SS_%s.mp4",
            "2025051223/52M00S_1747065120.mp4",
            Claim(
                "template",
                start_local=dt.datetime(2025, 5, 12, 23, 52),
                start_utc=dt.datetime(2025, 5, 12, 15, 52, tzinfo=dt.UTC),
                tail=2,
            ),
        ),
        (
            "utc:%YY%mM%dD%HH/%*%MM%SS%*.mp4",
            "record/2016Y10M24D15H/E123M45S67.mp4",
            Claim("template", start_utc=dt.datetime(2016, 10, 24, 15, 23, 45, tzinfo=dt.UTC), tail=2),
        ),
        (
            "utc:%Y-%m-%d %H.%M.%S-%EH.%EM.%ES.mp4",
            "2026-11-24 23.59.00-00.01.00.mp4",
            Claim(
                "template",
                start_utc=dt.datetime(2026, 11, 24, 23, 59, tzinfo=dt.UTC),
                end_utc=dt.datetime(2026, 11, 25, 0, 1, tzinfo=dt.UTC),
            ),
        ),
        (
            "%s to %EY%Em%Ed%EH%EM.mp4",
            "1706108297 to 202401242200.mp4",
            Claim(
                "template",
                start_utc=dt.datetime(2024, 1, 24, 14, 58, 17, tzinfo=dt.UTC),
                end_local=dt.datetime(2024, 1, 24, 22, 0),
            ),
        ),
        ("100%%/%Y%m%d%H%M.%S", "100%/202611241230.05", Claim("template", start_local=NOON, tail=2)),
        ("(a+)[%Y]%m%d.%H%M%S.mp4", "(a+)[2026]1124.123005.mp4", Claim("template", start_local=NOON)),
        (
            "%Y-%m-%d/%c/%Y%m%d%H%M%S.mp4",
            "2026-11-24/Ngã ba/20261124123005.mp4",
            Claim("template", start_local=NOON, channel="Ngã ba", tail=3),
        ),
    ],
)
def test_what_is_read(template: str, path: str, expected: Claim) -> None:
    assert read(template, path) == expected
    assert read(template, f"/media/disk/{path}") == expected


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("%Y%m%d_%H%M%S.mp4", "20260230_123005.mp4"),
        ("%Y%m%d_%H%M%S.mp4", "20261124_253005.mp4"),
        ("%Y%m%d_%H%M%S.mp4", "20261124_12300.mp4"),
        ("%Y%m%d_%H%M%S.mp4", "20261124_123005.avi"),
        ("%Y%m%d_%H%M%S.mp4", "x20261124_123005.mp4"),
        ("%Y%m%d_%H%M%S.mp4", "20261124_123005.mp4.part"),
        ("A%Y%m%d_%H%M%S.mp4", "a20261124_123005.mp4"),
        ("ch%c/%Y%m%d_%H%M%S.mp4", "20261124_123005.mp4"),
        ("ch%c/%Y%m%d_%H%M%S.mp4", "ch/20261124_123005.mp4"),
        ("%Y-%m-%d/%Y%m%d%H%M%S.mp4", "2026-11-23/20261124123005.mp4"),
        ("%Y%m%d%I%M%S%p.mp4", "20261124133005pm.mp4"),
        ("%Y%m%d%I%M%S%p.mp4", "20261124003005pm.mp4"),
        ("%Y%m%d%H%M-%EH%EM.mp4", "202611241230-2460.mp4"),
        ("%Y%m%d%H%M-%EH%EM.mp4", "999912312359-0001.mp4"),
        ("%Y%m%d%H%M_%EY%Em%Ed%EH%EM.mp4", "202611241230_202602301230.mp4"),
        ("%s.mp4", "170610829.5.mp4"),
    ],
)
def test_what_is_foreign(template: str, path: str) -> None:
    assert read(template, path) is None


@pytest.mark.parametrize(
    ("template", "detail"),
    [
        ("", "it has an empty part, or one that is only dots"),
        ("utc:", "it has an empty part, or one that is only dots"),
        ("/%Y%m%d%H%M.mp4", "it has an empty part, or one that is only dots"),
        ("a//%Y%m%d%H%M.mp4", "it has an empty part, or one that is only dots"),
        ("../%Y%m%d%H%M.mp4", "it has an empty part, or one that is only dots"),
        ("a\\%Y%m%d%H%M.mp4", "folders are separated by / and not by \\"),
        ("%Y%m%d%H%M%K.mp4", "there is no code %K"),
        ("%Y%m%d%H%M%.mp4", "there is no code %"),
        ("%Y%m%d%H%M%", "there is no code %"),
        ("%Y%m%d%H%M%E.mp4", "there is no code %E"),
        ("%Y%m%d%H%M%Ec.mp4", "there is no code %Ec"),
        ("%Y%m%d%H%M%*%c.mp4", "two of %c and %* stand side by side"),
        ("%*a%*b%c-%*%Y%m%d%H%M.mp4", "more than three of %c and %* in one part"),
        ("%c.mp4", "it needs %Y %m %d %H %M, or %s or %Q"),
        ("%Es.mp4", "it needs %Y %m %d %H %M, or %s or %Q"),
        ("%Y%m%d.mp4", "it needs an hour and a minute"),
        ("%Y%m%d%H.mp4", "it needs an hour and a minute"),
        ("%H%M%S.mp4", "it needs year, month and day"),
        ("%Y%m%H%M%S.mp4", "it needs year, month and day"),
        ("%Y%y%m%d%H%M.mp4", "%Y and %y, %H and %I, %s and %Q exclude each other"),
        ("%s%Q.mp4", "%Y and %y, %H and %I, %s and %Q exclude each other"),
        ("%Y%m%d%I%M.mp4", "%I and %p belong together"),
        ("%Y%m%d%H%M%p.mp4", "%I and %p belong together"),
        ("%Y%m%d%H%M%f.mp4", "%f needs %S"),
        ("%Y%m%d%H%M-%EH.mp4", "it needs an hour and a minute (%E)"),
        ("%Y%m%d%H%M-%Ed%EH%EM.mp4", "it needs year, month and day (%E)"),
        ("%s-%EH%EM.mp4", "an end without a date needs a start with one, beside %s or %Q"),
    ],
)
def test_what_is_refused(template: str, detail: str) -> None:
    with pytest.raises(BadTemplate) as caught:
        template_layout(template)
    assert caught.value.facts == {"template": template, "detail": detail}
    assert detail in str(caught.value)


def test_letters_are_compared_in_nfc() -> None:
    name = "Cổng chợ_20261124_123005.mp4"
    for written in ("NFC", "NFD"):
        for stored in ("NFC", "NFD"):
            template = unicodedata.normalize(written, "%c_%Y%m%d_%H%M%S.mp4").replace("%c", "Cổng %c")
            template = unicodedata.normalize(written, template)
            claim = read(template, unicodedata.normalize(stored, name))
            assert claim == Claim("template", start_local=NOON, channel="chợ")


def test_three_free_codes_are_quick_to_fail() -> None:
    """A name made to be slow: every split of 255 letters is tried, and that is still little work."""
    assert read("%*a%*a%*a%Y%m%d%H%M.mp4", "a" * 251 + ".mp4") is None


# ---- there and back ---------------------------------------------------------------------------------------------

LITERALS = st.text(alphabet=st.sampled_from("abc -_.()[]{}+^$?|#&~ổờỡé🎥"), max_size=4)
STARTS = (
    ("%Y", "%m", "%d", "%H", "%M", "%S"),
    ("%y", "%m", "%d", "%H", "%M", "%S", "%f"),
    ("%d", "%m", "%Y", "%I", "%M", "%S", "%p"),
    ("%s",),
    ("%Q",),
    ("%Y", "%m", "%d", "%H", "%M", "%S", "%s"),
)
ENDS = (
    (),
    ("%EH", "%EM", "%ES"),
    ("%EY", "%Em", "%Ed", "%EH", "%EM", "%ES"),
    ("%Es",),
)


def _texts(moment: dt.datetime, prefix: str) -> Mapping[str, str]:
    """The texts that a recorder would write for these codes; epoch numbers as if its clock were UTC."""
    whole_s = int((moment - dt.datetime(1970, 1, 1)) / dt.timedelta(seconds=1))
    hour = {0: 12}.get(moment.hour % 12, moment.hour % 12)
    texts = {
        "Y": f"{moment.year:04}",
        "y": f"{moment.year % 100:02}",
        "m": f"{moment.month:02}",
        "d": f"{moment.day:02}",
        "H": f"{moment.hour:02}",
        "I": f"{hour:02}",
        "p": "pm" if moment.hour > 11 else "AM",
        "M": f"{moment.minute:02}",
        "S": f"{moment.second:02}",
        "f": f"{moment.microsecond:06}",
        "s": str(whole_s),
        "Q": f"{whole_s}000",
    }
    return {f"%{prefix}{code}": text for code, text in texts.items()}


@given(
    start=st.datetimes(min_value=dt.datetime(2001, 9, 10), max_value=dt.datetime(2033, 5, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    seconds=st.integers(1, 86_399),
    start_codes=st.sampled_from(STARTS),
    end_codes=st.sampled_from(ENDS),
    channel=st.text(alphabet=st.sampled_from("Cmổ1"), min_size=1, max_size=5),
    literals=st.lists(LITERALS, min_size=20, max_size=20),
    folder_after=st.integers(0, 12),
)
def test_there_and_back(
    start: dt.datetime,
    seconds: int,
    start_codes: tuple[str, ...],
    end_codes: tuple[str, ...],
    channel: str,
    literals: list[str],
    folder_after: int,
) -> None:
    """Any order of parts, any letters between them, a folder anywhere: what a template writes, it reads."""
    assume("%EH" not in end_codes or "%EY" in end_codes or "%d" in start_codes)
    end = start + dt.timedelta(seconds=seconds)
    texts = {"%c": f"<{channel}>", **_texts(start, ""), **_texts(end, "E")}
    template, path = "", ""
    for at, (code, literal) in enumerate(zip(("<%c>", *start_codes, *end_codes), literals, strict=False)):
        between = literal + ("_/_" if at == folder_after else "")
        template += between.replace("%", "%%") + code
        path += between + texts.get(code, f"<{channel}>")
    claim = read(template + ".MP4", path + ".mp4")
    assert claim is not None
    assert claim.channel == channel
    assert claim.tail == path.count("/") + 1
    utc_start, utc_end = start.replace(tzinfo=dt.UTC), end.replace(tzinfo=dt.UTC)
    assert claim.start_local == (start if "%d" in start_codes else None)
    assert claim.start_utc == (utc_start if {"%s", "%Q"} & {*start_codes} else None)
    assert claim.end_local == (end if "%EH" in end_codes else None)
    assert claim.end_utc == (utc_end if "%Es" in end_codes else None)
    assert claim.end_clock_only == ("%EH" in end_codes and "%Ed" not in end_codes)


@given(st.text(alphabet=st.sampled_from("%EYmdHMSspIQfc*/.\\au:ổ"), max_size=30), st.text(max_size=40))
def test_no_template_and_no_name_make_it_fail(template: str, path: str) -> None:
    with contextlib.suppress(BadTemplate):
        template_layout(template).claim(path)
