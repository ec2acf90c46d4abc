"""Cleans a file whose container cannot be rewritten safely, by decoding and encoding it afresh."""

from __future__ import annotations

from dataclasses import dataclass

from photoguard.domain import Encoding, OutputFormat, Photo
from photoguard.pixels.decoding import decode
from photoguard.pixels.encoding import encode, encoding_for, suited
from photoguard.pixels.opening import DEFAULT_LIMIT_MEGAPIXELS


@dataclass(frozen=True)
class Reencoded:
    """A fresh file of the same picture."""

    data: bytes
    encoding: Encoding
    """Its ``format`` may differ from the source's: the file needs that format's suffix."""
    picture: Photo
    """What a decoder must find in ``data``, but for the losses of its coding; of an animation the first frame."""
    notes: tuple[str, ...]
    """What decoding and encoding had to change; the words of :class:`photoguard.domain.Photo`."""


def reencode(
    data: bytes,
    output_format: OutputFormat = OutputFormat.KEEP,
    *,
    limit_megapixels: float = DEFAULT_LIMIT_MEGAPIXELS,
) -> Reencoded:
    """Decode a photo and write its pixels as a fresh file: upright, sRGB, no metadata.

    Used where a lossless rewrite is unsafe or would shift the colours. With ``KEEP``:

    ========================= ==========================================================
    HEIC, AVIF, JXL, JP2      JPEG, quality 92, 4:4:4; PNG when it has transparency
    TIFF, BMP, GIF (1 frame)  PNG, which holds the same 8-bit pixels without loss
    JPEG, PNG, WebP           the same format, coded as the source was
    ========================= ==========================================================

    TIFF is not written as TIFF: sub-directories and text tags make its cleanness hard to prove, and
    nearly every place that takes photos takes PNG. Pages behind the first are dropped and noted.

    Raises what :func:`photoguard.pixels.decode` and :func:`photoguard.pixels.encode` raise.
    """
    photo = decode(data, limit_megapixels=limit_megapixels)
    encoding = encoding_for(photo, output_format)
    picture = suited(photo, encoding)
    return Reencoded(encode(picture, encoding), encoding, picture, picture.notes)
