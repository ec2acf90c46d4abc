"""Each hiding place: the inventory names it, the copy is free of it in every spelling, and the picture is the same."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from builders.places import ALL, BMP, LOSSLESS, TIFF, Place
from builders.secrets import traces
from PIL import Image

from photoguard.containers import NeedsReencode, Rewritten, inventory, rewrite
from photoguard.pixels import reencode
from photoguard.proof.residue import residue
from photoguard.proof.same_picture import same_picture

_UNREADABLE = {"second picture", "behind the extended header"}
"""What hides there makes libwebp refuse the source."""


def cleaned(data: bytes) -> bytes:
    """The copy's bytes as the pipeline makes them."""
    first = rewrite(data)
    if isinstance(first, NeedsReencode):
        first = rewrite(reencode(data).data)
    assert isinstance(first, Rewritten)
    return first.data


def frames(data: bytes) -> list[np.ndarray]:
    image = Image.open(BytesIO(data))
    shown = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        shown.append(np.asarray(image.convert("RGBA")))
    return shown


def test_places_have_names_of_their_own() -> None:
    assert len({str(place) for place in ALL}) == len(ALL)


@pytest.mark.parametrize("place", ALL, ids=str)
def test_the_inventory_names_it(place: Place) -> None:
    assert traces(place.dirty, place.secret), "the fixture itself holds its secret"
    found = inventory(place.dirty).findings
    assert place.kind in {finding.kind for finding in found}
    assert sum(finding.size_bytes for finding in found) >= len(place.secret)
    assert all(place.secret.decode() not in f"{finding.place} {finding.detail}" for finding in found)


@pytest.mark.parametrize("place", [*LOSSLESS, *TIFF, *BMP], ids=str)
def test_the_copy_is_free_of_it(place: Place) -> None:
    clean = cleaned(place.dirty)
    assert traces(clean, place.secret) == []
    assert residue(clean, allow_orientation=True) == ()
    assert inventory(clean).findings == ()


@pytest.mark.parametrize("place", LOSSLESS, ids=str)
def test_the_judge_rejects_the_dirty_file(place: Place) -> None:
    assert residue(place.dirty, allow_orientation=True) != ()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF", "ignore:Image appears to be a malformed MPO")
@pytest.mark.parametrize("place", LOSSLESS, ids=str)
def test_the_picture_is_the_same(place: Place) -> None:
    rewritten = rewrite(place.dirty)
    if isinstance(rewritten, NeedsReencode):
        assert place.name in {"bytes between segments", "in a chunk of pixels of its own"}
        return
    assert same_picture(place.dirty, rewritten.data)
    after = frames(rewritten.data)
    if place.name in _UNREADABLE:
        return
    before = frames(place.dirty)
    assert len(before) == len(after)
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize("place", LOSSLESS, ids=str)
def test_rewriting_twice_changes_nothing_more(place: Place) -> None:
    once = cleaned(place.dirty)
    assert cleaned(once) == once
