"""The PNG or APNG that may leave the house: chunks in one order, exact sizes, streams without a tail."""

from __future__ import annotations

import struct
import zlib

from photoguard.proof.verdict import Residue, is_canonical_profile, is_orientation_only

_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_STEPS = ((8, 8, 0, 0), (8, 8, 4, 0), (4, 8, 0, 4), (4, 4, 2, 0), (2, 4, 0, 2), (2, 2, 1, 0), (1, 2, 0, 1))
"""Adam7: step across, step down, first column, first row."""
_PIECE = 1 << 18
_FED = 1 << 16
_MOST_PROFILE_BYTES = 1 << 16


def judge_png(data: bytes, allow_orientation: bool, found: Residue) -> None:
    """Report everything in ``data`` that is not the one picture or animation it must be."""
    _Judge(data, allow_orientation, found).run()


class _Inflated:
    """Counts what a frame's stream unpacks to; keeps nothing."""

    def __init__(self, size_bytes: int) -> None:
        self._engine = zlib.decompressobj()
        self._missing = size_bytes

    def takes(self, body: memoryview) -> bool:
        """Feed one chunk; False when bytes are left over or too many rows come out."""
        return all(self._takes(body[at : at + _FED]) for at in range(0, len(body), _FED))

    def _takes(self, piece: bytes | memoryview) -> bool:
        if self._engine.eof:
            return False
        try:
            while piece:
                self._missing -= len(self._engine.decompress(piece, _PIECE))
                if self._missing < 0 or self._engine.unused_data:
                    return False
                if self._engine.eof:
                    return not self._engine.unconsumed_tail
                piece = self._engine.unconsumed_tail
        except zlib.error:
            return False
        return True

    @property
    def is_done(self) -> bool:
        return self._missing == 0 and self._engine.eof


class _Judge:
    def __init__(self, data: bytes, allow_orientation: bool, found: Residue) -> None:
        self._data = data
        self._found = found
        self._may_turn = allow_orientation
        self._header = b""
        self._once: set[bytes] = set()
        self._entries = 0
        self._stream: _Inflated | None = None
        self._next_size: tuple[int, int] | None = None
        self._sequence = 0
        self._frames_left = 0
        self._last = b""

    def run(self) -> None:
        at, view = 8, memoryview(self._data)
        while not self._found.is_full:
            if at + 12 > len(self._data):
                self._found.add("between_chunks", at, len(self._data))
                return
            length = int.from_bytes(self._data[at : at + 4], "big")
            name = self._data[at + 4 : at + 8]
            end = at + 12 + length
            if end > len(self._data):
                self._found.add("between_chunks", at, len(self._data))
                return
            held = view[at + 8 : end - 4]
            checksum = struct.pack(">I", zlib.crc32(view[at + 4 : end - 4]))
            is_right = checksum == self._data[end - 4 : end] and self._is_allowed(name, held)
            if not is_right:
                self._found.add("chunk_" + _spelled(name), at, end)
            self._last = name
            at = end
            if name == b"IEND":
                if at != len(self._data):
                    self._found.add("trailer", at, len(self._data))
                return

    def _is_allowed(self, name: bytes, held: memoryview) -> bool:
        if self._header and name == b"IDAT":
            return self._takes_first_frame(held)
        if self._header and name == b"fdAT":
            is_next = len(held) >= 4 and int.from_bytes(held[:4], "big") == self._sequence
            self._sequence += 1
            return (
                is_next
                and self._stream is not None
                and self._last in {b"fcTL", b"fdAT"}
                and self._stream.takes(held[4:])
            )
        body = bytes(held)  # all but pixels is small
        if not self._header:
            if name != b"IHDR" or len(body) != 13:
                return False
            self._header = body
            return body[9] in _SAMPLES and body[10:12] == b"\x00\x00" and body[12] <= 1
        if name == b"fcTL":
            return self._takes_control(body)
        if name == b"IEND":
            is_whole = self._stream is not None and self._stream.is_done and not self._frames_left
            return not body and is_whole
        if self._stream is not None or name in self._once:
            return False
        self._once.add(name)
        return self._is_allowed_before_pixels(name, body)

    def _is_allowed_before_pixels(self, name: bytes, body: bytes) -> bool:
        match name:
            case b"acTL":
                self._frames_left = int.from_bytes(body[:4], "big")
                return len(body) == 8 and self._frames_left > 0
            case b"PLTE":
                self._entries = len(body) // 3
                return self._header[9] == 3 and len(body) % 3 == 0 and 1 <= self._entries <= 1 << self._header[8]
            case b"tRNS":
                allowed = {0: (2,), 2: (6,), 3: range(1, self._entries + 1)}.get(self._header[9], ())
                return len(body) in allowed
            case b"sRGB":
                return len(body) == 1 and body[0] < 4
            case b"gAMA":
                return len(body) == 4 and 1000 <= int.from_bytes(body, "big") <= 1_000_000
            case b"cHRM":
                return len(body) == 32 and max(struct.unpack(">8I", body)) <= 100_000
            case b"cICP":
                return len(body) == 4 and body[0] <= 22 and body[1] <= 18 and body[2] == 0 and body[3] <= 1
            case b"iCCP":
                return body[:5] == b"ICC\x00\x00" and _is_profile(body[5:])
            case b"eXIf":
                return self._may_turn and is_orientation_only(body)
        return False

    def _takes_first_frame(self, body: memoryview) -> bool:
        if self._stream is None:
            self._stream = _Inflated(self._size_of(*struct.unpack(">II", self._header[:8])))
        elif self._last != b"IDAT":
            return False
        return bool(body) and self._stream.takes(body)

    def _takes_control(self, body: bytes) -> bool:
        if len(body) != 26 or b"acTL" not in self._once:
            return False
        number, width, height, left, top = struct.unpack_from(">5I", body)
        canvas_width, canvas_height = struct.unpack(">II", self._header[:8])
        is_next = number == self._sequence
        self._sequence += 1
        self._frames_left -= 1
        fits = left + width <= canvas_width and top + height <= canvas_height and body[24] <= 2 and body[25] <= 1
        if self._stream is None:
            # The first control may stand before IDAT, and then speaks of the whole canvas.
            return is_next and fits and self._last != b"fcTL" and (width, height) == (canvas_width, canvas_height)
        is_previous_done = self._stream.is_done
        self._stream = _Inflated(self._size_of(width, height))
        return is_next and fits and is_previous_done and self._frames_left >= 0

    def _size_of(self, width: int, height: int) -> int:
        bits = self._header[8] * _SAMPLES.get(self._header[9], 0)
        total = 0
        for across, down, left, top in _STEPS if self._header[12] else ((1, 1, 0, 0),):
            columns, rows = -((left - width) // across), -((top - height) // down)
            if columns > 0 and rows > 0:
                total += rows * (1 - (-columns * bits // 8))
        return total


def _is_profile(packed: bytes) -> bool:
    engine = zlib.decompressobj()
    try:
        profile = engine.decompress(packed, _MOST_PROFILE_BYTES)
    except zlib.error:
        return False
    return engine.eof and not engine.unused_data and is_canonical_profile(profile)


def _spelled(name: bytes) -> str:
    return name.decode("ascii") if name.isalpha() and name.isascii() else "unknown"
