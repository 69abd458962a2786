"""Where the way leads, when one can be there, and what is looked at first."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.follow import LEAST_FIT, Broken, Found, Step, fit, order, steps
from camtool.core.link import Link, Travel
from camtool.core.model import Camera, Span

S = 1_000_000
SEEN = Span(100 * S, 120 * S)


def site(*links: tuple[int, Link]) -> dict[int, Camera]:
    numbers = {number for start, link in links for number in (start, link.to)}
    return {
        number: Camera(number, f"c{number}", "", "x", links=tuple(link for start, link in links if start == number))
        for number in numbers
    }


def test_a_window_reaches_from_the_first_possible_arrival_to_the_last():
    found, broken = steps(site((3, Link(5, (40, 180)))), 3, SEEN, 1)
    assert [(step.camera.number, step.via, step.hop, step.window) for step in found] == [
        (5, 3, 1, Span(140 * S, 300 * S))
    ]
    assert broken == []


def test_hops_go_on_from_the_windows_and_each_camera_comes_once():
    cameras = site(
        (3, Link(5, (10, 20))),
        (5, Link(3, (10, 20))),
        (5, Link(9, (30, 60))),
        (3, Link(6, (5, 5))),
        (6, Link(9, (1, 2))),
    )
    found, _ = steps(cameras, 3, SEEN, 3)
    assert [(step.camera.number, step.via, step.hop) for step in found] == [(5, 3, 1), (6, 3, 1), (9, 5, 2)]
    assert found[2].left == found[0].window == Span(110 * S, 140 * S)
    assert found[2].window == Span(140 * S, 200 * S)
    assert len(steps(cameras, 3, SEEN, 1)[0]) == 2


def test_links_that_cannot_be_followed_are_named():
    cameras = site((3, Link(5)), (3, Link(6, (1, 2))))
    cameras[3] = replace(cameras[3], links=(*cameras[3].links, Link(77, (1, 2))))
    found, broken = steps(cameras, 3, SEEN, 1)
    assert [step.camera.number for step in found] == [6]
    assert broken == [Broken(3, 5, known=True), Broken(3, 77, known=False)]


def step(number: int = 5, hop: int = 1, least_s: int = 40, most_s: int = 160) -> Step:
    window = Span(SEEN.start_us + least_s * S, SEEN.end_us + most_s * S)
    return Step(Camera(number, "", "", "x"), 3, hop, Link(number), Travel(least_s * S, most_s * S, None), SEEN, window)


@pytest.mark.parametrize(
    ("start_s", "end_s", "fits"),
    [
        (180, 185, 1.0),  # 80 s is the usual time, between 40 and 160; it left from 100 to 120
        (160, 170, 0.806),  # at most 70 s after it left: ln(80/70) of ln 2 away
        (280, 290, LEAST_FIT),  # at the last instant
        (60, 300, 1.0),  # something that moved all the time
        (130, 141, LEAST_FIT),  # the first instant
        (20, 90, LEAST_FIT),  # before it left
    ],
)
def test_an_event_fits_by_how_usual_its_travel_time_is(start_s, end_s, fits):
    assert fit(step(), Span(start_s * S, end_s * S)) == pytest.approx(fits, abs=0.002)


@given(st.integers(0, 600), st.integers(1, 600), st.integers(0, 900), st.integers(0, 900))
def test_a_fit_is_a_share(start_s, length_s, least_s, more_s):
    assert (
        LEAST_FIT
        <= fit(step(least_s=least_s, most_s=least_s + more_s), Span(start_s * S, (start_s + length_s) * S))
        <= 1
    )


def test_the_order():
    near = [
        (step(1), Found((9.0,), 0, 0)),
        (step(2), Found((4.0, 3.0), 0, 0)),
        (step(3), Found((4.0,), 0, 0)),
        (step(4), Found((), 5, 0)),
        (step(5), Found((), 0, 5)),
        (step(6, least_s=10), Found((), 0, 0)),
        (step(7, least_s=20), Found((), 0, 0)),
        (step(8, hop=2), Found((50.0,), 0, 0)),
    ]
    turned = list(reversed(near))
    ranked = sorted(turned, key=lambda each: order(*each))
    assert [each.camera.number for each, _ in ranked] == list(range(1, 9))
