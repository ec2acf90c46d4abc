"""What hides in files of every format: Exif, XMP, IPTC, profiles, credentials, videos."""

from __future__ import annotations

import base64
import struct

from builders import jpeg


def exif(secret: bytes, tag: int = 315, *, order: str = ">") -> bytes:
    """A TIFF block with one text tag in IFD0."""
    text = secret + b"\x00"
    entry = struct.pack(order + "HHII", tag, 2, len(text), 26)
    return header(order) + struct.pack(order + "H", 1) + entry + bytes(4) + text


def header(order: str = ">") -> bytes:
    return (b"MM" if order == ">" else b"II") + struct.pack(order + "HI", 42, 8)


def exif_value(tag: int, kind: int, value: bytes, count: int | None = None) -> bytes:
    """A TIFF block with one tag of any type."""
    entry = struct.pack(">HHII", tag, kind, len(value) if count is None else count, 26)
    return header() + struct.pack(">H", 1) + entry + bytes(4) + value


def exif_inside(pointer: int, tag: int, kind: int, value: bytes) -> bytes:
    """A TIFF block whose IFD0 points at a directory with one tag: 34665 the Exif one, 34853 the GPS one."""
    first = struct.pack(">H", 1) + struct.pack(">HHII", pointer, 4, 1, 26) + bytes(4)
    inner = struct.pack(">H", 1) + struct.pack(">HHII", tag, kind, len(value), 44) + bytes(4)
    return header() + first + inner + value


def exif_thumbnail(picture: bytes) -> bytes:
    """A TIFF block whose IFD1 holds a JPEG."""
    first = struct.pack(">H", 0) + struct.pack(">I", 14)
    second = struct.pack(">H", 2) + struct.pack(">HHII", 513, 4, 1, 44) + struct.pack(">HHII", 514, 4, 1, len(picture))
    return header() + first + second + bytes(4) + picture


def exif_orientation(orientation: int, order: str = ">") -> bytes:
    entry = struct.pack(order + "HHIHH", 274, 3, 1, orientation, 0)
    return header(order) + struct.pack(order + "H", 1) + entry + bytes(4)


def xmp(body: bytes) -> bytes:
    return (
        b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ' + body + b"/></rdf:RDF>"
        b'</x:xmpmeta><?xpacket end="w"?>'
    )


def xmp_picture(name: bytes, picture: bytes) -> bytes:
    return xmp(name + b'="' + base64.b64encode(picture) + b'"')


def resource(number: int, value: bytes) -> bytes:
    """One image resource of Photoshop's."""
    return b"8BIM" + struct.pack(">HHI", number, 0, len(value)) + value + bytes(len(value) % 2)


def iptc(dataset: int, value: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, 2, dataset, len(value)) + value


def photoshop_thumbnail(picture: bytes) -> bytes:
    return struct.pack(">IIIIIIHH", 1, 16, 8, 48, 384, len(picture), 24, 1) + picture


def profile(text: bytes, space: bytes = b"RGB ") -> bytes:
    """A matrix profile of a wide gamut whose description is ``text``."""
    description = b"desc" + struct.pack(">II", 0, len(text) + 1) + text + bytes(79)
    curve = b"curv" + struct.pack(">IIH", 0, 1, 0x0233) + bytes(2)
    tags = [(b"desc", description)]
    if space == b"RGB ":
        columns = ((b"rXYZ", (0.6, 0.3, 0.02)), (b"gXYZ", (0.2, 0.62, 0.06)), (b"bXYZ", (0.15, 0.06, 0.74)))
        tags += [
            (name, b"XYZ " + bytes(4) + struct.pack(">iii", *(round(65536 * part) for part in numbers)))
            for name, numbers in columns
        ]
        tags += [(name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")]
    else:
        tags.append((b"kTRC", curve))
    start = 132 + 12 * len(tags)
    table, body = b"", b""
    for name, content in tags:
        table += struct.pack(">4sII", name, start + len(body), len(content))
        body += content
    head = struct.pack(">I4sI4s4s4s6H4s", start + len(body), b"test", 0x02100000, b"mntr", space, b"XYZ ",
                       2019, 3, 4, 5, 6, 7, b"acsp")  # fmt: skip
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + body


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def full_box(name: bytes, version: int, *parts: bytes) -> bytes:
    return box(name, bytes((version, 0, 0, 0)), *parts)


def jumbf(secret: bytes) -> bytes:
    """A C2PA superbox with a claim thumbnail and a claim."""
    thumbnail = box(
        b"jumb",
        box(
            b"jumd",
            b"\x40\xcb\x0c\x32\xbb\x8a\x48\x9d\xa7\x0b\x2a\xd6\xf4\x7f\x43\x69\x03c2pa.thumbnail.claim.jpeg\x00",
        ),
        box(b"bfdb", b"\x00image/jpeg\x00"),
        box(b"bidb", jpeg.small(secret)),
    )
    claim = box(b"jumb", box(b"jumd", b"c2cl" + bytes(12) + b"\x03c2pa.claim\x00"), box(b"cbor", b"\xa1" + secret))
    return box(b"jumb", box(b"jumd", b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x008\x9bq\x03c2pa\x00"), thumbnail, claim)


def mp4(secret: bytes) -> bytes:
    """A video file as phones append it: brand, an index with a track of 64 x 48, and the coded frames."""
    track = box(b"tkhd", bytes(76), struct.pack(">II", 64 << 16, 48 << 16))
    return box(b"ftyp", b"mp42", bytes(4), b"isommp42") + box(b"moov", box(b"trak", track)) + box(b"mdat", secret)
