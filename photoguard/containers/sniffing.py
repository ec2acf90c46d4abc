"""Tells formats apart by their first bytes, never by a file name."""

from __future__ import annotations

from photoguard.domain import ImageFormat
from photoguard.errors import ProblemCode, Refused

_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"mif2"}
)
_AVIF_BRANDS = frozenset({b"avif", b"avis", b"avio"})
_TIFF_STARTS = (b"II*\x00", b"MM\x00*", b"II+\x00\x08\x00", b"MM\x00+\x00\x08")
_JXL_BOX = b"\x00\x00\x00\x0cJXL \x0d\x0a\x87\x0a"
_JP2_STARTS = (b"\x00\x00\x00\x0cjP  \x0d\x0a\x87\x0a", b"\xff\x4f\xff\x51")
_BMP_HEADER_SIZES = frozenset({12, 16, 40, 52, 56, 64, 108, 124})

# Names for what people drop in by mistake, so that the refusal can say what it is.
_OTHER_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"8BPS", "psd"),
    (b"FUJIFILMCCD-RAW", "raw"),
    (b"IIRO", "raw"),
    (b"IIRS", "raw"),
    (b"IIU\x00", "raw"),
    (b"II\x1a\x00\x00\x00HEAPCCDR", "raw"),
    (b"\x1a\x45\xdf\xa3", "video"),
    (b"\x00\x00\x01\x00", "ico"),
)
_MOST_BRANDS = 64


def sniff(data: bytes) -> ImageFormat | None:
    """Name the format that the first bytes belong to; None for everything else. Never fails."""
    if data[:3] == b"\xff\xd8\xff":
        return ImageFormat.JPEG
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return ImageFormat.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ImageFormat.WEBP
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return ImageFormat.GIF
    if data.startswith(_TIFF_STARTS):
        return ImageFormat.TIFF
    if data[:2] == b"\xff\x0a" or data[:12] == _JXL_BOX:
        return ImageFormat.JXL
    if data.startswith(_JP2_STARTS):
        return ImageFormat.JP2
    if data[4:8] == b"ftyp":
        return _brand(data)
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADER_SIZES:
        return ImageFormat.BMP
    return None


def known_format(data: bytes) -> ImageFormat:
    """Name the format.

    Raises ``Refused``: EMPTY_FILE, UNSUPPORTED_FORMAT (fact ``format``), NOT_A_PHOTO.
    """
    if not data:
        raise Refused(ProblemCode.EMPTY_FILE)
    found = sniff(data)
    if found is not None:
        return found
    for start, name in _OTHER_STARTS:
        if data.startswith(start):
            raise Refused(ProblemCode.UNSUPPORTED_FORMAT, format=name)
    if data[4:8] == b"ftyp":
        raise Refused(ProblemCode.UNSUPPORTED_FORMAT, format="raw" if data[8:12] == b"crx " else "video")
    if b"<svg" in data[:2048]:
        raise Refused(ProblemCode.UNSUPPORTED_FORMAT, format="svg")
    raise Refused(ProblemCode.NOT_A_PHOTO)


def _brand(data: bytes) -> ImageFormat | None:
    size = min(int.from_bytes(data[:4], "big"), 16 + 4 * _MOST_BRANDS, len(data))
    major = data[8:12]
    compatible = {data[at : at + 4] for at in range(16, size - 3, 4)}
    if major in _AVIF_BRANDS:
        return ImageFormat.AVIF
    # "mif1" only says that there are images; the compatible brands say which.
    if major in _HEIC_BRANDS or (major in {b"MiHE", b"miaf", b"MiHB"} and compatible & _HEIC_BRANDS):
        is_avif = bool(compatible & _AVIF_BRANDS) and major in {b"mif1", b"msf1", b"mif2"}
        return ImageFormat.AVIF if is_avif else ImageFormat.HEIC
    if major in {b"MiHA", b"miaf"} and compatible & _AVIF_BRANDS:
        return ImageFormat.AVIF
    return None
