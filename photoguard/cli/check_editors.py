"""The part of a check's sheet about AI editors: what their encoders make of the copy, as pictures."""

from __future__ import annotations

import numpy as np
from PIL import Image

from photoguard.checking import Checked, in_colour
from photoguard.cli.check_pictures import SIDE
from photoguard.cli.check_section import Section
from photoguard.domain import Platform
from photoguard.i18n import Language, check_words
from photoguard.latents import Latents
from photoguard.pipeline import read
from photoguard.pixels import decode
from photoguard.proof.pairing import Relation


def editor_sections(
    checked: Checked, latents: Latents, tongue: Language, *, with_original: bool
) -> tuple[Section, ...]:
    """One section for each family whose encoder and decoder are there; none where original and copy differ in frame.

    What an editor reads of the original shows the original: it is inside only where that was asked for.
    """
    if checked.relation is not Relation.SAME:
        return ()
    from photoguard.proof.editors import as_editors_see

    original, copy = (in_colour(decode(read(path), first_frame=True)) for path in (checked.original, checked.copy))
    boxes = [face.original.box for face in checked.faces]
    seen = as_editors_see(original.pixels, copy.pixels, boxes, latents, Platform.ANY)
    return tuple(_section(family, *pair, tongue, with_original=with_original) for family, pair in seen.items())


def _section(
    family: str,
    before: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
    after: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
    tongue: Language,
    *,
    with_original: bool,
) -> Section:
    error = np.square(before.astype(np.float64) - after).mean()
    psnr = 99.0 if error == 0 else min(99.0, 10 * float(np.log10(255**2 / error)))
    pictures = [(check_words("editors_before", tongue), _small(before))] if with_original else []
    pictures.append((check_words("editors_after", tongue), _small(after)))
    return Section(
        check_words("editors", tongue, family=family),
        check_words("editors_psnr", tongue, psnr=round(psnr)),
        is_good=False,
        notes=(check_words("editors_note", tongue),),
        pictures=tuple(pictures),
        bars=None,
    )


def _small(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Image.Image:
    image = Image.fromarray(pixels)
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return image
