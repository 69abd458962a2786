from tests.benchmark.rows_skim import _timecodes
from tests.benchmark.skim_score import score


def test_found_missed_false_and_seconds() -> None:
    one = score([(9, 12), (13, 15), (50, 52)], [(10, 14), (30, 32)])
    assert (one.found, one.true, one.false) == (1, 2, 1)
    assert (one.starts_s, one.ends_s) == ((1,), (1,))
    assert (one.watched_s, one.real_s) == (7, 6)


def test_brief_events_can_be_left_out_of_recall_and_are_not_false() -> None:
    one = score([(1, 2)], [(1, 2), (10, 20)], least_s=3)
    assert (one.found, one.true, one.false) == (0, 1, 0)


def test_dvr_scans_line_of_times() -> None:
    assert _timecodes("00:01:58.500,00:02:08.000\n") == [(118.5, 128.0)]
    assert _timecodes("\n") == []
    two = _timecodes("01:00:00.000,01:00:01.000,02:00:00.000,02:00:02.000")
    assert two == [(3600, 3601), (7200, 7202)]
