"""Input conventions are understood to the last word or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoguard.encoders.input_convention import InputConvention, parse

GREY = (127.5, 127.5, 127.5)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("BGR, 0..255, 128x128", InputConvention(is_bgr=True, top=255.0, size=128)),
        ("RGB, 0..1, 112x112 (normalisation is in the graph)", InputConvention(size=112)),
        (
            "RGB, 0..1, minus (0.485,0.456,0.406), over (0.229,0.224,0.225), 112x112; batch fixed to 1 in the graph",
            InputConvention(mean=(0.485, 0.456, 0.406), spread=(0.229, 0.224, 0.225), size=112),
        ),
        ("RGB, (x-127.5)/128, 112x112", InputConvention(top=255.0, mean=GREY, spread=(128.0,) * 3, size=112)),
        ("RGB, -1..1", InputConvention(mean=(0.5,) * 3, spread=(0.5,) * 3)),
        ("rgb-127.5", InputConvention(top=255.0, mean=GREY, spread=GREY)),
        ("bgr-128", InputConvention(is_bgr=True, top=255.0, mean=(128.0,) * 3, spread=(128.0,) * 3)),
    ],
)
def test_lines_that_lists_hold(line: str, expected: InputConvention) -> None:
    assert parse(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "RGB",
        "GBR, 0..1",
        "RGB, 0..2",
        "RGB, 0..1, 0..255",
        "RGB, 0..1, mirrored",
        "RGB, 0..1, 112x96",
        "RGB, 0..1, 112x112, 128x128",
        "RGB, minus (1,2,3), 0..1",
        "RGB, 0..1, over (1,0,1)",
        "RGB, (x-127.5)/0",
        "rgb-0",
        "RGB, (x-127.5)/128, 640x640 letterboxed",
    ],
)
def test_anything_else_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        parse(line)


@given(st.text(alphabet="RGBrgb 0.1255,()x-/;minusover", max_size=40))
def test_no_line_ends_in_another_error(line: str) -> None:
    try:
        convention = parse(line)
    except ValueError:
        return
    assert min(convention.spread) > 0
