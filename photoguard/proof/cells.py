"""Runs every cell of a check: each way a photo is passed on, read by each kind of tool, seen by each recogniser."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from photoguard.cloak.region import shifted
from photoguard.domain import Face
from photoguard.encoders.protocol import IdentityEncoder
from photoguard.platforms import WAYS
from photoguard.proof.cleaning import COUNTER_MEASURES
from photoguard.proof.pairing import Match, carried_over
from photoguard.proof.posting import posted
from photoguard.proof.readers import Reader, readers, seen_by
from photoguard.proof.scale import Scale, scale_of

Pixels = npt.NDArray[np.uint8]
FILE = "file"
_SURROUNDINGS = 0.6
"""Of a box's size, on every side: chips reach beyond the box."""
_CLEANED_SIDE = 384
"""Longer side in pixels of the part that is cleaned; a recogniser's chip shows less than that."""


@dataclass(frozen=True)
class Cell:
    """One look at one face."""

    view: str
    """``file``, the name of a way in platforms.toml, or of a counter-measure."""
    reader: str
    encoder: str
    cosine: float
    """To the same look at the original; 1 is the same."""


@dataclass(frozen=True)
class Cells:
    """All looks at one face."""

    passed_on: tuple[Cell, ...]
    cleaned: tuple[Cell, ...]

    scales: Mapping[str, Scale]
    """By encoder."""

    def likeness(self, names: Sequence[str]) -> dict[str, float]:
        """View -> the highest likeness that any recogniser called in ``names`` sees, passed on or cleaned.

        As in a judgement: of the mean cosine over readers.
        """
        found: dict[str, float] = {}
        for encoder, views in _means((*self.passed_on, *self.cleaned)).items():
            if encoder in names:
                for view, cosine in views.items():
                    found[view] = max(found.get(view, 0.0), round(self.scales[encoder].likeness(cosine), 1))
        return found

    def similarity(self) -> dict[str, dict[str, float]]:
        """encoder -> view -> mean cosine over readers, of the views that are passed on."""
        return _means(self.passed_on)


def _means(cells: Sequence[Cell]) -> dict[str, dict[str, float]]:
    """encoder -> view -> mean cosine over readers."""
    found: dict[str, dict[str, list[float]]] = {}
    for cell in cells:
        found.setdefault(cell.encoder, {}).setdefault(cell.view, []).append(cell.cosine)
    return {
        encoder: {view: round(sum(values) / len(values), 4) for view, values in views.items()}
        for encoder, views in found.items()
    }


def cells(
    original: Pixels,
    copy: Pixels,
    matches: Sequence[Match],
    encoders: Sequence[IdentityEncoder],
    check: Callable[[], None],
) -> tuple[Cells, ...]:
    """All cells of every matched face; both pictures are (h, w, 3) RGB. ``check`` is called between views."""
    own = [_looks(original, match.original, encoders, readers()) for match in matches]
    passed_on: list[list[Cell]] = [[] for _ in matches]
    for view, seen in _views(copy):
        check()
        size = (seen.shape[1], seen.shape[0])
        for place, match in enumerate(matches):
            there = carried_over(match.copy, (copy.shape[1], copy.shape[0]), size)
            passed_on[place] += _compared(view, _looks(seen, there, encoders, readers()), own[place], encoders)
    found = []
    scales = {encoder.name: scale_of(encoder) for encoder in encoders}
    for place, match in enumerate(matches):
        part, face = _small_part(copy, match.copy)
        cleaned: list[Cell] = []
        for name, clean in COUNTER_MEASURES.items():
            check()
            looks = _looks(clean(part), face, encoders, readers()[:1])
            cleaned += _compared(name, looks, own[place], encoders)
        found.append(Cells(tuple(passed_on[place]), tuple(cleaned), scales))
    return tuple(found)


def seen_plainly(pixels: Pixels, face: Face, encoders: Sequence[IdentityEncoder]) -> dict[str, torch.Tensor]:
    """encoder -> unit vector of ``face`` in ``pixels``, (h, w, 3) RGB, as the first reader of the table sees it."""
    how = readers()[:1]
    return {name: looks[how[0].name] for name, looks in _looks(pixels, face, encoders, how).items()}


def _views(copy: Pixels) -> Iterator[tuple[str, Pixels]]:
    yield FILE, copy
    for way in WAYS:
        # "any" stands for one of the others
        if way.name != "any":
            yield way.name, posted(copy, way)


_Looks = dict[str, dict[str, torch.Tensor]]
"""encoder -> reader -> unit vector."""


def _looks(pixels: Pixels, face: Face, encoders: Sequence[IdentityEncoder], how: Sequence[Reader]) -> _Looks:
    part, here = _surroundings(pixels, face)
    picture = torch.from_numpy(np.ascontiguousarray(part)).float().permute(2, 0, 1)[None] / 255
    longer = max(pixels.shape[:2])
    return {encoder.name: seen_by(encoder, how, picture, here, longer) for encoder in encoders}


def _compared(view: str, looks: _Looks, own: _Looks, encoders: Sequence[IdentityEncoder]) -> list[Cell]:
    found = []
    for encoder in encoders:
        for reader, vector in looks[encoder.name].items():
            cosine = float((vector * own[encoder.name][reader]).sum())
            found.append(Cell(view, reader, encoder.name, round(cosine, 4)))
    return found


def _surroundings(pixels: Pixels, face: Face) -> tuple[Pixels, Face]:
    height, width = pixels.shape[:2]
    box = face.box
    reach = _SURROUNDINGS * max(box.width, box.height)
    left, top = (max(0, int(edge - reach)) for edge in (box.x, box.y))
    right = max(left + 1, min(width, int(box.x + box.width + reach) + 1))
    bottom = max(top + 1, min(height, int(box.y + box.height + reach) + 1))
    return pixels[top:bottom, left:right], shifted(face, -left, -top)


def _small_part(pixels: Pixels, face: Face) -> tuple[Pixels, Face]:
    part, here = _surroundings(pixels, face)
    before = part.shape[1], part.shape[0]
    zoom = min(1.0, _CLEANED_SIDE / max(before))
    after = max(1, round(before[0] * zoom)), max(1, round(before[1] * zoom))
    small = Image.fromarray(np.ascontiguousarray(part)).resize(after, Image.Resampling.BOX)
    return np.array(small), carried_over(here, before, after)
