"""How a source was coded, read from its bytes, so that the copy can match it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from photoguard.domain import Encoding, ImageFormat, Subsampling
from photoguard.pixels.vp8 import is_lossless, quality_of

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

Tables = tuple[tuple[int, ...], ...]

# ITU-T T.81, tables K.1 and K.2, in natural order: what IJG's quality scales.
_LUMA = (
    16, 11, 10, 16, 24, 40, 51, 61,
    12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77,
    24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip

_LOSSLESS = frozenset({ImageFormat.PNG, ImageFormat.GIF, ImageFormat.TIFF, ImageFormat.BMP})


def encoding_of(data: bytes, kind: ImageFormat, image: ImageFile, *, is_turned: bool) -> Encoding:
    """Read the coding of an opened and loaded photo; ``is_turned`` when its axes change places."""
    if kind is ImageFormat.JPEG:
        return _jpeg_encoding(image, is_turned=is_turned)
    if kind is ImageFormat.WEBP:
        lossless = is_lossless(data)
        return Encoding(kind, quality=100 if lossless else quality_of(data), is_lossless=lossless)
    return Encoding(kind, subsampling=Subsampling.S444, is_lossless=kind in _LOSSLESS)


def ijg_quality(luma: tuple[int, ...]) -> int:
    """Find the IJG quality 1..100 whose luma table comes nearest to this one (natural order)."""
    base = np.asarray(_LUMA, dtype=np.int64)
    table = np.asarray(luma, dtype=np.int64)
    quality = np.arange(1, 101)
    scale = np.where(quality < 50, 5000 // quality, 200 - 2 * quality)
    scaled = np.clip((base * scale[:, None] + 50) // 100, 1, 255)
    return int(quality[np.abs(scaled - table).sum(axis=1).argmin()])


def _jpeg_encoding(image: ImageFile, *, is_turned: bool) -> Encoding:
    # Pillow keeps (id, horizontal, vertical, table) per component in ``layer``.
    layers: list[tuple[int, int, int, int]] = getattr(image, "layer")  # noqa: B009 - not in the stubs
    by_id: dict[int, list[int]] = getattr(image, "quantization")  # noqa: B009
    # CMYK and YCCK become RGB: the ink of the fourth component goes nowhere.
    # Steps beyond 255 need an extended JPEG that not every decoder reads; a step of 0 is a broken table.
    tables = [tuple(min(255, max(1, step)) for step in by_id[layer[3]]) for layer in layers[:3]]
    across, down = layers[0][1], layers[0][2]
    if len(layers) >= 3:
        across, down = across // max(1, layers[1][1]), down // max(1, layers[1][2])
    else:
        across = down = 1
    if is_turned:
        # A turned picture has its horizontal and vertical frequencies exchanged, too.
        tables = [_transposed(table) for table in tables]
        across, down = down, across
    return Encoding(
        ImageFormat.JPEG,
        quantisation=_without_repeats(tables),
        subsampling=_subsampling(across, down),
        is_progressive=bool(image.info.get("progressive")),
        quality=ijg_quality(tables[0]),
    )


def _without_repeats(tables: list[tuple[int, ...]]) -> Tables:
    """One table per component; those at the end that repeat the one before are left out."""
    while len(tables) > 1 and tables[-1] == tables[-2]:
        tables = tables[:-1]
    return tuple(tables)


def _transposed(table: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(table[8 * column + row] for row in range(8) for column in range(8))


def _subsampling(across: int, down: int) -> Subsampling:
    """Choose the nearest of the three that can be written which loses no chroma detail."""
    if across < 2:
        return Subsampling.S444
    return Subsampling.S420 if down >= 2 else Subsampling.S422
