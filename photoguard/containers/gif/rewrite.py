"""Rewrites a GIF from an allow-list of blocks; the compressed frames stay as they are (GIF89a)."""

from __future__ import annotations

from photoguard.containers.values import NeedsReencode, Rewritten
from photoguard.domain import ImageFormat
from photoguard.errors import ProblemCode, Refused

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_GRAPHIC_CONTROL, _COMMENT, _PLAIN_TEXT, _APPLICATION = 0xF9, 0xFE, 0x01, 0xFF
_LOOPS = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})
_NAMES = {_COMMENT: "comment", _PLAIN_TEXT: "plain_text", _APPLICATION: "application"}


def rewrite(data: bytes) -> Rewritten | NeedsReencode:
    """Rewrite a GIF losslessly: screen, colour tables, frames, their timing, and the loop count.

    Raises ``Refused`` with TRUNCATED or MALFORMED.
    """
    walker = _Walker(data)
    walker.walk()
    kept = ("animation",) if walker.frames > 1 else ()
    return Rewritten(b"".join(walker.kept), ImageFormat.GIF, 1, kept, tuple(walker.dropped))


class _Walker:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 13
        self._control = b""
        self._has_loop = False
        self.kept: list[bytes] = []
        self.dropped: dict[str, None] = {}
        self.frames = 0

    def walk(self) -> None:
        header = self._data[:13]
        if len(header) < 13:
            raise Refused(ProblemCode.TRUNCATED)
        # The aspect ratio that no viewer follows becomes 0, "not given".
        self.kept.append(b"GIF89a" + header[6:12] + b"\x00")
        self.kept.append(self._colour_table(header[10]))
        while True:
            if self._at >= len(self._data):
                # Many writers forget the last byte; a frame cut in its middle is found elsewhere.
                if not self.frames:
                    raise Refused(ProblemCode.TRUNCATED)
                break
            introducer = self._data[self._at]
            self._at += 1
            if introducer == _TRAILER:
                break
            if introducer == _IMAGE:
                self._image()
            elif introducer == _EXTENSION:
                self._extension()
            elif self.frames:
                # Decoders stop at bytes that are no block: all behind is not part of the picture.
                self._at -= 1
                break
            else:
                raise Refused(ProblemCode.MALFORMED, place="blocks")
        if not self.frames:
            raise Refused(ProblemCode.MALFORMED, place="frames")
        if self._at < len(self._data):
            self.dropped["trailer"] = None
        self.kept.append(b"\x3b")

    def _image(self) -> None:
        descriptor = self._take(9)
        flags = descriptor[8] & 0xE7  # two bits are reserved
        table = self._colour_table(flags)
        code_size = self._take(1)
        start = self._at
        self._skip_sub_blocks()
        coded = self._data[start : self._at]
        self.kept.append(b"".join((self._control, b"\x2c", descriptor[:8], bytes((flags,)), table, code_size, coded)))
        self._control = b""
        self.frames += 1

    def _extension(self) -> None:
        label = self._take(1)[0]
        start = self._at
        self._skip_sub_blocks()
        body = self._data[start : self._at]
        if label == _GRAPHIC_CONTROL and len(body) >= 6 and body[0] == 4:
            # Of several before one frame the last one counts.
            self._control = b"\x21\xf9\x04" + bytes((body[1] & 0x1F,)) + body[2:5] + b"\x00"
            if len(body) > 6:
                self.dropped["graphic_control"] = None
            return
        loop = self._loop(body) if label == _APPLICATION else b""
        if loop and not self._has_loop:
            self._has_loop = True
            self.kept.append(loop)
            return
        if label == _PLAIN_TEXT:
            self._control = b""  # it was meant for the text
        self.dropped[_NAMES.get(label, "unknown")] = None

    def _loop(self, body: bytes) -> bytes:
        """Return a loop extension with only its count, or nothing for other applications."""
        if body[0] != 11 or body[1:12] not in _LOOPS or body[12:14] != b"\x03\x01" or len(body) < 17:
            return b""
        if len(body) > 17:
            self.dropped["application"] = None
        return b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + body[14:16] + b"\x00"

    def _colour_table(self, flags: int) -> bytes:
        return self._take(3 << ((flags & 7) + 1)) if flags & 0x80 else b""

    def _take(self, size: int) -> bytes:
        part = self._data[self._at : self._at + size]
        if len(part) < size:
            raise Refused(ProblemCode.TRUNCATED)
        self._at += size
        return part

    def _skip_sub_blocks(self) -> None:
        data, at, size = self._data, self._at, len(self._data)
        while at < size and data[at]:
            at += 1 + data[at]
        if at >= size:
            raise Refused(ProblemCode.TRUNCATED)
        self._at = at + 1
