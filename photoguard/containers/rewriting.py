"""Chooses the rewriter of a format."""

from __future__ import annotations

from photoguard.containers.gif.rewrite import rewrite as rewrite_gif
from photoguard.containers.jpeg.rewrite import rewrite as rewrite_jpeg
from photoguard.containers.png.rewrite import rewrite as rewrite_png
from photoguard.containers.sniffing import known_format
from photoguard.containers.values import NeedsReencode, ReencodeReason, Rewritten
from photoguard.containers.webp.rewrite import rewrite as rewrite_webp
from photoguard.domain import ImageFormat

_REWRITERS = {
    ImageFormat.JPEG: rewrite_jpeg,
    ImageFormat.PNG: rewrite_png,
    ImageFormat.WEBP: rewrite_webp,
    ImageFormat.GIF: rewrite_gif,
}


def rewrite(data: bytes) -> Rewritten | NeedsReencode:
    """Rewrite a file from an allow-list so that only the picture is left, bit-identical as coded.

    JPEG, PNG, WebP and GIF give ``Rewritten``, animations included. ``NeedsReencode`` is the answer
    for every other format, and where a profile or a broken structure leaves no lossless way.
    Raises ``Refused``: EMPTY_FILE, NOT_A_PHOTO, UNSUPPORTED_FORMAT, TRUNCATED, MALFORMED.
    """
    kind = known_format(data)
    rewriter = _REWRITERS.get(kind)
    if rewriter is None:
        return NeedsReencode(kind, ReencodeReason.FORMAT)
    return rewriter(data)
