"""The point of view: nothing drifts, nothing is lost, whatever one does to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoguard.gui.compare.viewport import LARGEST, Viewport, feed_zoom

sides = st.integers(1, 9000).map(float)
sizes = st.tuples(sides, sides)
views = st.tuples(st.integers(20, 4000).map(float), st.integers(20, 4000).map(float))


@given(sizes, views)
def test_fitted_shows_the_whole_photo_in_the_middle(photo: tuple[float, float], view: tuple[float, float]) -> None:
    left, top, width, height = Viewport.fitted(photo, view).photo_rect(photo, view)
    spare = 1 + 1e-3 * max(photo)  # a zoom has a floor, for photos of a pixel's height
    assert left >= -spare
    assert top >= -spare
    assert left + width <= view[0] + spare
    assert top + height <= view[1] + spare
    assert left + width / 2 == pytest.approx(view[0] / 2, abs=0.01)
    assert top + height / 2 == pytest.approx(view[1] / 2, abs=0.01)


@given(sizes, views, st.floats(0.1, 8), st.tuples(st.floats(0, 1), st.floats(0, 1)), st.floats(-5000, 5000))
def test_no_way_of_moving_leaves_an_empty_edge_that_the_photo_could_fill(
    photo: tuple[float, float], view: tuple[float, float], factor: float, at: tuple[float, float], shift: float
) -> None:
    seen = Viewport.fitted(photo, view).zoomed(factor, (at[0] * view[0], at[1] * view[1]), photo, view)
    left, top, width, height = seen.moved(shift, -shift, photo, view).photo_rect(photo, view)
    for start, length, room in ((left, width, view[0]), (top, height, view[1])):
        if length >= room:
            assert start <= 0.01
            assert start + length >= room - 0.01
        else:
            assert start == pytest.approx((room - length) / 2, abs=0.01)


def test_zooming_keeps_what_lies_under_the_mouse_there() -> None:
    photo, view, at = (4000.0, 3000.0), (800.0, 600.0), (500.0, 200.0)
    before = Viewport(0.5, (2000.0, 1500.0))
    after = before.zoomed(1.5, at, photo, view)
    assert after.zoom == pytest.approx(0.75)
    assert after.photo_point(at, view) == pytest.approx(before.photo_point(at, view))


def test_zooming_has_an_end_on_both_sides() -> None:
    photo, view = (400.0, 300.0), (800.0, 600.0)
    seen = Viewport.fitted(photo, view)
    assert seen.zoomed(1e6, (0, 0), photo, view).zoom == LARGEST
    assert seen.zoomed(1e-6, (0, 0), photo, view).zoom == 1.0
    big = (8000.0, 6000.0)
    assert Viewport.fitted(big, view).zoomed(1e-6, (0, 0), big, view).zoom == pytest.approx(0.1)


def test_looking_at_a_face_puts_it_in_the_middle_at_half_the_view() -> None:
    photo, view = (4000.0, 3000.0), (800.0, 600.0)
    seen = Viewport.fitted(photo, view).on((1900.0, 1400.0, 200.0, 200.0), photo, view)
    assert seen.centre == (2000.0, 1500.0)
    assert seen.zoom == pytest.approx(1.5)


@pytest.mark.parametrize(("width", "zoom"), [(1080.0, 1.0), (2160.0, 0.5), (500.0, 1.0)])
def test_feed_size_is_1080_pixels_wide_and_never_larger_than_the_photo(width: float, zoom: float) -> None:
    assert feed_zoom((width, 300.0)) == pytest.approx(zoom)
