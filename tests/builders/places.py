"""Every hiding place: how a file with a secret in it is built, and what the inventory must say of it."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from builders import bmff, gif, jpeg, png, tiff, webp
from builders.blocks import (
    box,
    exif,
    exif_inside,
    exif_thumbnail,
    exif_value,
    full_box,
    iptc,
    jumbf,
    mp4,
    photoshop_thumbnail,
    profile,
    resource,
    xmp,
    xmp_picture,
)
from builders.secrets import secret_for
from photoguard.domain import FindingKind as Kind


@dataclass(frozen=True)
class Place:
    """One place in one format where something can hide."""

    format: str
    name: str
    kind: Kind
    build: Callable[[bytes], bytes]
    """From the secret to a whole file that holds it in this place alone."""

    @property
    def secret(self) -> bytes:
        return secret_for(f"{self.format} {self.name}")

    @property
    def dirty(self) -> bytes:
        return self.build(self.secret)

    def __str__(self) -> str:
        return f"{self.format}: {self.name}"


_EXIF, _XMP_HEAD = b"Exif\x00\x00", b"http://ns.adobe.com/xap/1.0/\x00"
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\x00"


def _app(number: int, *parts: bytes) -> bytes:
    return jpeg.segment(0xE0 + number, b"".join(parts))


def _extended(packet: bytes) -> bytes:
    """Extended XMP in two pieces, the second one first."""
    half = len(packet) // 2
    pieces = [(half, packet[half:]), (0, packet[:half])]
    return b"".join(
        _app(1, _EXTENDED, b"0123456789ABCDEF" * 2, struct.pack(">II", len(packet), offset), piece)
        for offset, piece in pieces
    )


def _credentials(number: int, secret: bytes) -> bytes:
    """C2PA in two APP11 segments, each of which repeats the box's header."""
    superbox = jumbf(secret)
    half = len(superbox) // 2
    head = b"JP" + struct.pack(">H", number)
    return _app(11, head, struct.pack(">I", 1), superbox[:half]) + _app(
        11, head, struct.pack(">I", 2), superbox[:8], superbox[half:]
    )


def _jpeg(name: str, kind: Kind, *parts: Callable[[bytes], bytes], where: str = "before") -> Place:
    def build(secret: bytes) -> bytes:
        made = [part(secret) for part in parts]
        return jpeg.jpeg(*made) if where == "before" else jpeg.jpeg(**{where: b"".join(made)})

    return Place("jpeg", name, kind, build)


def _utf16(secret: bytes, codec: str = "utf-16-le") -> bytes:
    return secret.decode().encode(codec)


def _vendor(number: int) -> Place:
    return _jpeg(f"APP{number} of a vendor", Kind.UNKNOWN, lambda s: _app(number, b"VENDOR\x00", s))


JPEG = [
    _jpeg("comment", Kind.TEXT, lambda s: jpeg.segment(0xFE, s)),
    _jpeg("comment between tables and scan", Kind.TEXT, lambda s: jpeg.segment(0xFE, s), where="middle"),
    _jpeg("comment in base64", Kind.TEXT, lambda s: jpeg.segment(0xFE, base64.b64encode(s * 4))),
    _jpeg("comment, deflated", Kind.TEXT, lambda s: jpeg.segment(0xFE, zlib.compress(s))),
    Place("jpeg", "thumbnail in JFIF", Kind.HIDDEN_PICTURE, lambda s: jpeg.jpeg(
        jfif=_app(0, b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x02\x04", s))),
    _jpeg("thumbnail in JFXX", Kind.HIDDEN_PICTURE, lambda s: _app(0, b"JFXX\x00\x10", jpeg.small(s))),
    _jpeg("Exif: artist", Kind.AUTHOR, lambda s: _app(1, _EXIF, exif(s))),
    _jpeg("Exif: camera model", Kind.DEVICE, lambda s: _app(1, _EXIF, exif(s, 272, order="<"))),
    _jpeg("Exif: time", Kind.TIME, lambda s: _app(1, _EXIF, exif(s, 306))),
    _jpeg("Exif: author in UTF-16", Kind.AUTHOR, lambda s: _app(1, _EXIF, exif_value(40093, 1, _utf16(s)))),
    _jpeg("Exif: comment in UTF-16", Kind.TEXT,
          lambda s: _app(1, _EXIF, exif_inside(34665, 37510, 7, b"UNICODE\x00" + _utf16(s, "utf-16-be")))),
    _jpeg("Exif: serial number", Kind.DEVICE, lambda s: _app(1, _EXIF, exif_inside(34665, 42033, 2, s))),
    _jpeg("Exif: place (GPS)", Kind.LOCATION, lambda s: _app(1, _EXIF, exif_inside(34853, 28, 7, s))),
    _jpeg("Exif: maker note", Kind.DEVICE, lambda s: _app(1, _EXIF, exif_inside(34665, 37500, 7, s))),
    _jpeg("Exif: thumbnail", Kind.HIDDEN_PICTURE, lambda s: _app(1, _EXIF, exif_thumbnail(jpeg.small(s)))),
    _jpeg("Exif: preview in the maker note", Kind.HIDDEN_PICTURE,
          lambda s: _app(1, _EXIF, exif_inside(34665, 37500, 7, b"MAKER" + jpeg.small(s)))),
    _jpeg("Exif, broken", Kind.UNKNOWN, lambda s: _app(1, _EXIF, b"MM\x00*\xff\xff\xff\xff", s)),
    _jpeg("second Exif", Kind.AUTHOR, lambda _: _app(1, _EXIF, exif(b"nobody")), lambda s: _app(1, _EXIF, exif(s))),
    _jpeg("Exif behind the tables", Kind.AUTHOR, lambda s: _app(1, _EXIF, exif(s)), where="middle"),
    _jpeg("XMP", Kind.PROVENANCE, lambda s: _app(1, _XMP_HEAD, xmp(b'xmp:CreatorTool="' + s + b'"'))),
    _jpeg("XMP in UTF-16", Kind.PROVENANCE,
          lambda s: _app(1, _XMP_HEAD, xmp(b'dc:creator="' + s + b'"').decode().encode("utf-16"))),
    _jpeg("XMP: name of a face", Kind.PEOPLE, lambda s: _app(1, _XMP_HEAD, xmp(b'mwg-rs:Name="' + s + b'"'))),
    _jpeg("XMP: place", Kind.LOCATION, lambda s: _app(1, _XMP_HEAD, xmp(b'exif:GPSLatitude="' + s + b'"'))),
    _jpeg("extended XMP: original photo", Kind.HIDDEN_PICTURE,
          lambda s: _extended(xmp_picture(b"GImage:Data", jpeg.small(s)))),
    _jpeg("extended XMP: depth map", Kind.HIDDEN_PICTURE,
          lambda s: _extended(xmp_picture(b"GDepth:Data", jpeg.small(s)))),
    _jpeg("IPTC: creator", Kind.AUTHOR, lambda s: _app(13, b"Photoshop 3.0\x00", resource(1028, iptc(80, s)))),
    _jpeg("IPTC: city", Kind.LOCATION, lambda s: _app(13, b"Photoshop 3.0\x00", resource(1028, iptc(90, s)))),
    _jpeg("Photoshop: thumbnail", Kind.HIDDEN_PICTURE,
          lambda s: _app(13, b"Photoshop 3.0\x00", resource(1036, photoshop_thumbnail(jpeg.small(s))))),
    _jpeg("Photoshop: anything else", Kind.PROVENANCE, lambda s: _app(13, b"Photoshop 3.0\x00", resource(1034, s))),
    _jpeg("colour profile: description", Kind.COLOUR,
          lambda s: _app(2, b"ICC_PROFILE\x00\x01\x01", profile(s, b"GRAY"))),
    _jpeg("colour profile of other colours", Kind.COLOUR, lambda s: _app(2, b"ICC_PROFILE\x00\x01\x01", profile(s))),
    _jpeg("index of further pictures (MPF)", Kind.PROVENANCE, lambda s: _app(2, b"MPF\x00", exif(s))),
    _jpeg("FlashPix", Kind.UNKNOWN, lambda s: _app(2, b"FPXR\x00", s)),
    _jpeg("content credentials (C2PA)", Kind.PROVENANCE, lambda s: _credentials(1, s)),
    _jpeg("C2PA: thumbnail", Kind.HIDDEN_PICTURE, lambda s: _credentials(2, s)),
    _jpeg("behind Adobe's colour marker", Kind.UNKNOWN,
          lambda s: _app(14, b"Adobe", struct.pack(">HHHB", 100, 0, 0, 0), s)),
    *(_vendor(number) for number in (3, 4, 5, 6, 7, 8, 9, 10, 12, 15)),
    _jpeg("bytes behind the end", Kind.UNKNOWN, lambda s: s, where="after"),
    _jpeg("second photo behind the end", Kind.HIDDEN_PICTURE, jpeg.small, where="after"),
    _jpeg("video behind the end", Kind.HIDDEN_VIDEO, mp4, where="after"),
    _jpeg("Samsung's block behind the end", Kind.UNKNOWN, lambda s: b"SEFH" + s + b"SEFT", where="after"),
    Place("jpeg", "bytes between segments", Kind.UNKNOWN, jpeg.jpeg),
]  # fmt: skip


def _text(name: bytes, key: bytes, secret: bytes) -> bytes:
    if name == b"tEXt":
        return png.chunk(name, key + b"\x00" + secret)
    if name == b"zTXt":
        return png.chunk(name, key + b"\x00\x00" + zlib.compress(secret))
    return png.chunk(name, key + b"\x00\x00\x00\x00\x00" + secret)


def _png(name: str, kind: Kind, part: Callable[[bytes], bytes], where: str = "before") -> Place:
    def build(secret: bytes) -> bytes:
        return png.png(part(secret)) if where == "before" else png.png(**{where: part(secret)})

    return Place("png", name, kind, build)


PNG = [
    _png("text", Kind.AUTHOR, lambda s: _text(b"tEXt", b"Author", s)),
    _png("text behind the pixels", Kind.TEXT, lambda s: _text(b"tEXt", b"Comment", s), "after"),
    _png("text, deflated", Kind.TEXT, lambda s: _text(b"zTXt", b"Comment", s)),
    _png("international text", Kind.TEXT, lambda s: _text(b"iTXt", b"Comment", s)),
    _png("international text, deflated", Kind.TEXT,
         lambda s: png.chunk(b"iTXt", b"Comment\x00\x01\x00\x00\x00" + zlib.compress(s))),
    _png("settings of an image generator", Kind.PROVENANCE, lambda s: _text(b"tEXt", b"parameters", s)),
    _png("Exif", Kind.AUTHOR, lambda s: png.chunk(b"eXIf", exif(s))),
    _png("Exif: thumbnail", Kind.HIDDEN_PICTURE, lambda s: png.chunk(b"eXIf", exif_thumbnail(jpeg.small(s)))),
    _png("Exif as hexadecimal text", Kind.AUTHOR, lambda s: _text(
        b"zTXt", b"Raw profile type exif", b"\nexif\n%8d\n" % len(exif(s)) + exif(s).hex().encode())),
    _png("XMP", Kind.PEOPLE, lambda s: _text(b"iTXt", b"XML:com.adobe.xmp", xmp(b'mwg-rs:Name="' + s + b'"'))),
    _png("colour profile: description", Kind.COLOUR,
         lambda s: png.chunk(b"iCCP", b"x\x00\x00" + zlib.compress(profile(s)))),
    _png("colour profile: name", Kind.COLOUR,
         lambda s: png.chunk(b"iCCP", s + b"\x00\x00" + zlib.compress(profile(b"x")))),
    _png("content credentials (C2PA)", Kind.HIDDEN_PICTURE, lambda s: png.chunk(b"caBX", jumbf(s))),
    _png("palette suggestion", Kind.COLOUR, lambda s: png.chunk(b"sPLT", s + b"\x00\x08" + bytes(6))),
    _png("chunk of no one", Kind.UNKNOWN, lambda s: png.chunk(b"prVt", s)),
    _png("video in a chunk of no one", Kind.HIDDEN_VIDEO, lambda s: png.chunk(b"viDo", mp4(s + bytes(80)))),
    _png("bytes behind the end", Kind.UNKNOWN, lambda s: s, "tail"),
    _png("photo behind the end", Kind.HIDDEN_PICTURE, jpeg.small, "tail"),
    _png("behind the compressed pixels", Kind.UNKNOWN, lambda s: zlib.compress(png.rows()) + s, "pixels"),
    _png("in a chunk of pixels of its own", Kind.UNKNOWN, lambda s: png.chunk(b"IDAT", s), "after"),
    Place("png", "inside the end chunk", Kind.UNKNOWN,
          lambda s: png.png()[:-12] + png.chunk(b"IEND", s)),
    Place("png", "behind a frame's pixels (APNG)", Kind.UNKNOWN, lambda s: png.apng(extra=s)),
    Place("png", "text in an animation (APNG)", Kind.TEXT, lambda s: png.apng(_text(b"tEXt", b"Comment", s))),
]  # fmt: skip

_ICC_FLAG, _EXIF_FLAG, _XMP_FLAG = 0x20, 0x08, 0x04
WEBP = [
    Place("webp", "Exif", Kind.AUTHOR, lambda s: webp.webp(after=webp.chunk(b"EXIF", exif(s)), flags=_EXIF_FLAG)),
    Place("webp", "Exif: thumbnail", Kind.HIDDEN_PICTURE,
          lambda s: webp.webp(after=webp.chunk(b"EXIF", exif_thumbnail(jpeg.small(s))), flags=_EXIF_FLAG)),
    Place("webp", "XMP", Kind.PROVENANCE,
          lambda s: webp.webp(after=webp.chunk(b"XMP ", xmp(b'dc:creator="' + s + b'"')), flags=_XMP_FLAG)),
    Place("webp", "colour profile", Kind.COLOUR,
          lambda s: webp.webp(webp.chunk(b"ICCP", profile(s)), flags=_ICC_FLAG)),
    Place("webp", "content credentials (C2PA)", Kind.HIDDEN_PICTURE,
          lambda s: webp.webp(after=webp.chunk(b"C2PA", jumbf(s)))),
    Place("webp", "chunk of no one", Kind.UNKNOWN, lambda s: webp.webp(webp.chunk(b"SECR", s))),
    Place("webp", "second picture", Kind.HIDDEN_PICTURE,
          lambda s: webp.webp(after=webp.chunk(b"VP8L", webp.vp8l() + s))),
    Place("webp", "chunk in a frame", Kind.UNKNOWN, lambda s: webp.animation(inside=webp.chunk(b"SECR", s))),
    Place("webp", "chunk between frames", Kind.UNKNOWN, lambda s: webp.animation(between=webp.chunk(b"SECR", s))),
    Place("webp", "bytes behind the end", Kind.UNKNOWN, lambda s: webp.webp(tail=s)),
    Place("webp", "video behind the end", Kind.HIDDEN_VIDEO, lambda s: webp.webp(tail=mp4(s))),
    Place("webp", "behind the extended header", Kind.UNKNOWN, lambda s: webp.riff(
        webp.chunk(b"VP8X", webp.vp8x(0)[8:] + s), webp.chunk(b"VP8L", webp.vp8l()))),
]  # fmt: skip

GIF = [
    Place("gif", "comment", Kind.TEXT, lambda s: gif.gif(gif.extension(0xFE, s))),
    Place("gif", "comment between frames", Kind.TEXT, lambda s: gif.gif(between=gif.extension(0xFE, s))),
    Place("gif", "comment behind the frames", Kind.TEXT, lambda s: gif.gif(after=gif.extension(0xFE, s))),
    Place("gif", "text to be drawn", Kind.TEXT,
          lambda s: gif.gif(b"\x21\x01\x0c" + bytes(12) + gif.sub_blocks(s))),
    Place("gif", "XMP", Kind.PROVENANCE, lambda s: gif.gif(
        b"\x21\xff\x0bXMP DataXMP" + xmp(b'dc:creator="' + s + b'"') + bytes([1, *range(255, -1, -1), 0]))),
    Place("gif", "colour profile", Kind.COLOUR, lambda s: gif.gif(gif.application(b"ICCRGBG1012", profile(s)))),
    Place("gif", "content credentials (C2PA)", Kind.HIDDEN_PICTURE,
          lambda s: gif.gif(gif.application(b"C2PA_GIF\x01\x00\x00", jumbf(s)))),
    Place("gif", "block of an application", Kind.UNKNOWN, lambda s: gif.gif(gif.application(b"VENDOR00001", s))),
    Place("gif", "second loop count", Kind.UNKNOWN,
          lambda s: gif.gif(gif.application(b"NETSCAPE2.0", b"\x02" + s))),
    Place("gif", "behind the timing of a frame", Kind.UNKNOWN,
          lambda s: gif.gif(gif.control()[:-1] + gif.sub_blocks(s))),
    Place("gif", "block of no one", Kind.UNKNOWN, lambda s: gif.gif(gif.extension(0x42, s))),
    Place("gif", "bytes behind the end", Kind.UNKNOWN, lambda s: gif.gif(tail=s)),
    Place("gif", "photo behind the end", Kind.HIDDEN_PICTURE, lambda s: gif.gif(tail=jpeg.small(s))),
]  # fmt: skip

TIFF = [
    Place("tiff", "description", Kind.TEXT, lambda s: tiff.tiff((270, 2, s + b"\x00"))),
    Place("tiff", "artist", Kind.AUTHOR, lambda s: tiff.tiff((315, 2, s + b"\x00"))),
    Place("tiff", "camera model", Kind.DEVICE, lambda s: tiff.tiff((272, 2, s + b"\x00"))),
    Place("tiff", "author in UTF-16", Kind.AUTHOR, lambda s: tiff.tiff((40093, 1, _utf16(s)))),
    Place("tiff", "XMP", Kind.PROVENANCE, lambda s: tiff.tiff((700, 1, xmp(b'dc:creator="' + s + b'"')))),
    Place("tiff", "IPTC", Kind.LOCATION, lambda s: tiff.tiff((33723, 7, iptc(90, s)))),
    Place("tiff", "Photoshop: thumbnail", Kind.HIDDEN_PICTURE,
          lambda s: tiff.tiff((34377, 7, resource(1036, photoshop_thumbnail(jpeg.small(s)))))),
    Place("tiff", "colour profile", Kind.COLOUR, lambda s: tiff.tiff((34675, 7, profile(s)))),
    Place("tiff", "tag of no one", Kind.UNKNOWN, lambda s: tiff.tiff((60000, 7, s))),
    Place("tiff", "second page", Kind.HIDDEN_PICTURE, lambda s: tiff.tiff(second=((270, 2, s + b"\x00"),))),
    Place("tiff", "bytes between the parts", Kind.UNKNOWN, lambda s: tiff.tiff(gap=s)),
    Place("tiff", "bytes behind the end", Kind.UNKNOWN, lambda s: tiff.tiff(tail=s)),
    Place("tiff", "photo between the parts", Kind.HIDDEN_PICTURE, lambda s: tiff.tiff(gap=jpeg.small(s) + b"\x01")),
]  # fmt: skip

BMP = [
    Place("bmp", "bytes before the pixels", Kind.UNKNOWN, lambda s: tiff.bmp(gap=s)),
    Place("bmp", "bytes behind the pixels", Kind.UNKNOWN, lambda s: tiff.bmp(tail=s)),
    Place("bmp", "photo behind the pixels", Kind.HIDDEN_PICTURE, lambda s: tiff.bmp(tail=jpeg.small(s))),
]

_C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def _heif(*items: bmff.Item, links: list[tuple[bytes, int, tuple[int, ...]]] | None = None, **rest: bytes) -> bytes:
    return bmff.heif([bmff.picture(), *items], links or [(b"cdsc", 2, (1,))] * bool(items), **rest)


def _second(body: bytes, *properties: bytes, kind: bytes = b"hvc1") -> bmff.Item:
    return bmff.Item(kind, body, [bmff.ispe(32, 24), *properties])


HEIC = [
    Place("heic", "Exif", Kind.AUTHOR, lambda s: _heif(bmff.Item(b"Exif", bytes(4) + exif(s)))),
    Place("heic", "Exif: place (GPS)", Kind.LOCATION,
          lambda s: _heif(bmff.Item(b"Exif", bytes(4) + exif_inside(34853, 28, 7, s)))),
    Place("heic", "XMP", Kind.PEOPLE, lambda s: _heif(
        bmff.Item(b"mime", xmp(b'mwg-rs:Name="' + s + b'"'), content_type=b"application/rdf+xml"))),
    Place("heic", "thumbnail", Kind.HIDDEN_PICTURE, lambda s: _heif(_second(s), links=[(b"thmb", 2, (1,))])),
    Place("heic", "thumbnail as JPEG", Kind.HIDDEN_PICTURE,
          lambda s: _heif(_second(jpeg.small(s), kind=b"jpeg"), links=[(b"thmb", 2, (1,))])),
    Place("heic", "gain map", Kind.HIDDEN_PICTURE, lambda s: _heif(
        _second(s, bmff.auxiliary(b"urn:com:apple:photo:2020:aux:hdrgainmap")), links=[(b"auxl", 2, (1,))])),
    Place("heic", "depth map", Kind.HIDDEN_PICTURE, lambda s: _heif(
        _second(s, bmff.auxiliary(b"urn:mpeg:hevc:2015:auxid:2")), links=[(b"auxl", 2, (1,))])),
    Place("heic", "portrait matte", Kind.HIDDEN_PICTURE, lambda s: _heif(
        _second(s, bmff.auxiliary(b"urn:com:apple:photo:2018:aux:portraiteffectsmatte")), links=[(b"auxl", 2, (1,))])),
    Place("heic", "second picture", Kind.HIDDEN_PICTURE, lambda s: _heif(_second(s), links=[])),
    Place("heic", "item of no one", Kind.UNKNOWN, lambda s: _heif(bmff.Item(b"mime", s, content_type=b"x/y"))),
    Place("heic", "motion video", Kind.HIDDEN_VIDEO, lambda s: _heif(boxes=box(b"mpvd", mp4(s)))),
    Place("heic", "video track", Kind.HIDDEN_VIDEO, lambda s: _heif(boxes=box(b"moov", box(
        b"trak", box(b"mdia", full_box(b"hdlr", 0, bytes(4), b"vide", bytes(12)), s))))),
    Place("heic", "content credentials (C2PA)", Kind.HIDDEN_PICTURE,
          lambda s: _heif(boxes=box(b"uuid", _C2PA_UUID, bytes(4), b"manifest\x00", bytes(8), jumbf(s)))),
    Place("heic", "XMP in a box of its own", Kind.PROVENANCE,
          lambda s: _heif(boxes=box(b"uuid", _XMP_UUID, xmp(b'dc:creator="' + s + b'"')))),
    Place("heic", "box of no one", Kind.UNKNOWN, lambda s: _heif(boxes=box(b"sefd", s))),
    Place("heic", "free space that is not free", Kind.UNKNOWN, lambda s: _heif(boxes=box(b"free", s))),
    Place("heic", "media data of no item", Kind.UNKNOWN, lambda s: _heif(unclaimed=s)),
    Place("heic", "photo in media data of no item", Kind.HIDDEN_PICTURE, lambda s: _heif(unclaimed=jpeg.small(s))),
    Place("heic", "colour profile", Kind.COLOUR, lambda s: bmff.heif(
        [bmff.Item(b"hvc1", b"coded", [bmff.ispe(64, 48), box(b"colr", b"prof", profile(s))])])),
    Place("heic", "description", Kind.TEXT, lambda s: bmff.heif(
        [bmff.Item(b"hvc1", b"coded", [bmff.ispe(64, 48), full_box(b"udes", 0, b"en\x00", s, b"\x00\x00\x00")])])),
    Place("heic", "name of an item", Kind.TEXT, lambda s: bmff.heif(
        [bmff.Item(b"hvc1", b"coded", [bmff.ispe(64, 48)], name=s)])),
]  # fmt: skip

_JXL_START = b"\x00\x00\x00\x0cJXL \r\n\x87\n" + box(b"ftyp", b"jxl ", bytes(4), b"jxl ")
JXL = [
    Place("jxl", "Exif", Kind.AUTHOR, lambda s: _JXL_START + box(b"Exif", bytes(4), exif(s)) + box(b"jxlc", b"\xff\n")),
    Place("jxl", "XMP", Kind.PROVENANCE,
          lambda s: _JXL_START + box(b"xml ", xmp(b'dc:creator="' + s + b'"')) + box(b"jxlc", b"\xff\n")),
    Place("jxl", "content credentials (C2PA)", Kind.HIDDEN_PICTURE,
          lambda s: _JXL_START + jumbf(s) + box(b"jxlc", b"\xff\n")),
    Place("jxl", "box of no one", Kind.UNKNOWN, lambda s: _JXL_START + box(b"jxlc", b"\xff\n") + box(b"secr", s)),
]  # fmt: skip

_JP2_START = b"\x00\x00\x00\x0cjP  \r\n\x87\n" + box(b"ftyp", b"jp2 ", bytes(4), b"jp2 ")
_IHDR = box(b"ihdr", struct.pack(">IIHBBBB", 4, 8, 3, 7, 7, 0, 0))
_CODESTREAM = b"\xff\x4f\xff\x51\x00\x04\x00\x00"
JP2 = [
    Place("jp2", "Exif", Kind.AUTHOR,
          lambda s: _JP2_START + box(b"jp2h", _IHDR) + box(b"uuid", b"JpgTiffExif->JP2", exif(s))),
    Place("jp2", "XMP", Kind.PROVENANCE,
          lambda s: _JP2_START + box(b"jp2h", _IHDR) + box(b"xml ", xmp(b'dc:creator="' + s + b'"'))),
    Place("jp2", "colour profile", Kind.COLOUR,
          lambda s: _JP2_START + box(b"jp2h", _IHDR, box(b"colr", b"\x02\x00\x00", profile(s)))),
    Place("jp2", "comment in the codestream", Kind.TEXT, lambda s: _JP2_START + box(b"jp2h", _IHDR) + box(
        b"jp2c", _CODESTREAM, b"\xff\x64", struct.pack(">H", 2 + len(s)), s, b"\xff\x90")),
    Place("jp2", "box of no one", Kind.UNKNOWN, lambda s: _JP2_START + box(b"jp2h", _IHDR) + box(b"secr", s)),
]  # fmt: skip

LOSSLESS = [*JPEG, *PNG, *WEBP, *GIF]
"""Places in formats whose copies keep the coded picture bit for bit."""
ALL = [*LOSSLESS, *TIFF, *BMP, *HEIC, *JXL, *JP2]
