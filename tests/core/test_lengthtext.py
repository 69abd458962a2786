import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.lengthtext import read_length


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10", 600), ("10m", 600), ("10 phút", 600), ("10p", 600), ("90s", 90), ("90 giây", 90), ("1h", 3600),
        ("1h30m", 5400), ("1h30", 5400), ("1 giờ 30 phút", 5400), ("2m30", 150), ("24h", 86400), ("1 hour", 3600),
    ],
)  # fmt: skip
def test_lengths_in_both_languages(text, seconds):
    assert read_length(text) == seconds * 1_000_000


@pytest.mark.parametrize(
    "text", ["", "0", "m", "-5", "1.5h", "30m1h", "1h1h", "10 x", "25h", "99999h", "5s5", "một giờ"]
)
def test_what_cannot_be_read_for_sure_is_none(text):
    assert read_length(text) is None


@given(st.integers(0, 23), st.integers(0, 59), st.integers(1, 59))
def test_a_written_length_reads_back(hours, minutes, seconds):
    assert read_length(f"{hours}h{minutes}m{seconds}s") == ((hours * 60 + minutes) * 60 + seconds) * 1_000_000
