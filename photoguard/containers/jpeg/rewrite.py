"""Rewrites a JPEG from an allow-list: tables, frame, scans, and nothing else of the source's bytes.

ITU-T T.81 for the segments, T.871 for JFIF, T.872 for the Adobe segment.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

from photoguard.containers import icc
from photoguard.containers.jpeg.scan_script import ScanScript
from photoguard.containers.jpeg.tables import DAC, DHT, DNL, DQT, DRI, SOF_CODES, SOS, is_exact
from photoguard.containers.orientation import orientation_only, read_orientation
from photoguard.containers.values import NeedsReencode, ReencodeReason, Rewritten
from photoguard.domain import ImageFormat
from photoguard.errors import ProblemCode, Refused

_KEPT = frozenset({DHT, DAC, DQT, DRI, DNL}) | SOF_CODES
_APP0, _APP1, _APP2, _APP14, _COM, _EOI = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE, 0xD9
_DCT = frozenset({0xC0, 0xC1, 0xC2, 0xC9, 0xCA})

_EXIF = b"Exif\x00"
_ICC = b"ICC_PROFILE\x00"
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_MOST_PROFILE_BYTES = 16 * 2**20
_MOST_SEGMENTS = 100_000

# The literal first byte lets the search run at the speed of memchr; stuffed zeros and restart markers
# belong to the coded data.
_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7]")
_FILL = re.compile(rb"\xff+")


@dataclass
class _Source:
    """What one walk over the file brings to light."""

    kept: list[bytes | memoryview] = field(default_factory=list)
    dropped: dict[str, None] = field(default_factory=dict)
    exif: bytes | None = None
    profile_parts: dict[int, bytes] = field(default_factory=dict)
    profile_count: int = 0
    has_jfif: bool = False
    adobe_transform: int | None = None
    frame_code: int = 0
    component_ids: bytes = b""
    seen_scan: bool = False


class _BrokenRulesError(Exception):
    def __init__(self, reason: ReencodeReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def rewrite(data: bytes) -> Rewritten | NeedsReencode:
    """Rewrite a JPEG losslessly; its tables and entropy-coded data are the source's, bit for bit.

    Everything after the end of the first picture is dropped. Raises ``Refused`` with TRUNCATED or
    MALFORMED where there is no picture to speak of.
    """
    source = _Source()
    try:
        _walk(data, source)
    except _BrokenRulesError as error:
        return NeedsReencode(ImageFormat.JPEG, error.reason)
    profile = _joined_profile(source)
    substitute = icc.canonical(profile, len(source.component_ids))
    if substitute.verdict is icc.Verdict.CONVERT:
        return NeedsReencode(ImageFormat.JPEG, ReencodeReason.PROFILE)

    head: list[bytes | memoryview] = [b"\xff\xd8", *_colour_markers(source)]
    kept = []
    orientation = read_orientation(source.exif) if source.exif else 1
    if orientation != 1:
        head.append(_segment(_APP1, b"Exif\x00\x00" + orientation_only(orientation)))
        kept.append("orientation")
    if substitute.verdict is icc.Verdict.REPLACE:
        head.append(_segment(_APP2, _ICC + b"\x01\x01" + substitute.profile))
        kept.append("colour_profile")
    rewritten = b"".join([*head, *source.kept, b"\xff\xd9"])
    return Rewritten(rewritten, ImageFormat.JPEG, orientation, tuple(kept), tuple(source.dropped))


def _walk(data: bytes, source: _Source) -> None:
    view = memoryview(data)
    script: ScanScript | None = None
    at = 2
    for _ in range(_MOST_SEGMENTS):
        code, after = _next_marker(data, at, source)
        if code == _EOI:
            if not source.seen_scan:
                raise Refused(ProblemCode.MALFORMED, place="header")
            if script is None or not script.is_complete:
                raise _BrokenRulesError(ReencodeReason.MALFORMED)
            if after < len(data):
                source.dropped["trailer"] = None
            return
        end = _segment_end(data, after, source)
        payload = view[after + 2 : end]
        if code == SOS:
            if script is None or not script.add(bytes(payload)):
                raise _BrokenRulesError(ReencodeReason.MALFORMED)
            source.seen_scan = True
            found = _MARKER_IN_SCAN.search(data, end)
            if found is None:
                raise _BrokenRulesError(ReencodeReason.NO_END)
            at = found.start()
            source.kept.append(_MARK[SOS])
            source.kept.append(view[after:at])
            continue
        at = end
        if code in _KEPT:
            if not is_exact(code, bytes(payload)):
                raise _BrokenRulesError(ReencodeReason.MALFORMED)
            if code in SOF_CODES:
                if script is not None:
                    raise _BrokenRulesError(ReencodeReason.MALFORMED)
                if not any(payload[1:3]):
                    # The height comes behind the scan (DNL): few decoders read such files.
                    raise _BrokenRulesError(ReencodeReason.MALFORMED)
                source.frame_code, source.component_ids = code, bytes(payload[6::3])
                script = ScanScript(code, source.component_ids)
            source.kept.append(_MARK[code])
            source.kept.append(view[after:end])
        elif _APP0 <= code <= 0xEF or code == _COM:
            _take_note(code, bytes(payload[:32]), payload, source)
        else:
            # Hierarchical frames, JPEG extensions, reserved codes: no decoder of ours knows them.
            raise _BrokenRulesError(ReencodeReason.MALFORMED)
    raise Refused(ProblemCode.MALFORMED, place="segments")


_PLAIN = frozenset(range(0x02, 0xFF)) - frozenset(range(0xD0, 0xD9))
"""Codes of markers that need no second look."""
_MARK = {code: bytes((0xFF, code)) for code in (*_KEPT, SOS)}


def _next_marker(data: bytes, at: int, source: _Source) -> tuple[int, int]:
    """Return the next marker's code and where its length begins; fill bytes before it are legal."""
    pair = data[at : at + 2]
    if len(pair) == 2 and pair[0] == 0xFF and pair[1] in _PLAIN:
        return pair[1], at + 2
    fill = _FILL.match(data, at)
    if fill is None:
        if at >= len(data):
            raise _cut_off(source)
        raise _BrokenRulesError(ReencodeReason.MALFORMED)
    if fill.end() >= len(data):
        raise _cut_off(source)
    code = data[fill.end()]
    if code in {0x00, 0x01} or 0xD0 <= code <= 0xD8:
        raise _BrokenRulesError(ReencodeReason.MALFORMED)
    return code, fill.end() + 1


def _segment_end(data: bytes, at: int, source: _Source) -> int:
    if at + 2 > len(data):
        raise _cut_off(source)
    length = data[at] << 8 | data[at + 1]
    if length < 2:
        raise _BrokenRulesError(ReencodeReason.MALFORMED)
    if at + length > len(data):
        raise _cut_off(source)
    return at + length


def _cut_off(source: _Source) -> Exception:
    """Without a scan there is nothing to decode; with one, a decoder knows whether it was the last."""
    if source.seen_scan:
        return _BrokenRulesError(ReencodeReason.NO_END)
    return Refused(ProblemCode.TRUNCATED)


def _take_note(code: int, start: bytes, payload: memoryview, source: _Source) -> None:
    """Remember the few facts that a dropped segment says about how to show the pixels."""
    source.dropped["COM" if code == _COM else f"APP{code - _APP0}"] = None
    if source.seen_scan:
        return  # decoders read these facts before the first scan
    if code == _APP0 and start[:5] == b"JFIF\x00" and len(payload) >= 14:
        source.has_jfif = True
    elif code == _APP1 and start[:5] == _EXIF and source.exif is None:
        source.exif = bytes(payload[6:])
    elif code == _APP14 and start[:5] == b"Adobe" and len(payload) >= 12:
        source.adobe_transform = start[11]
    elif code == _APP2 and start[:12] == _ICC and len(payload) > 14:
        number, source.profile_count = start[12], start[13]
        held = sum(len(part) for part in source.profile_parts.values())
        if held + len(payload) <= _MOST_PROFILE_BYTES:
            source.profile_parts.setdefault(number, bytes(payload[14:]))


def _joined_profile(source: _Source) -> bytes:
    numbers = range(1, source.profile_count + 1)
    if not all(number in source.profile_parts for number in numbers):
        return b""
    return b"".join(source.profile_parts[number] for number in numbers)


def _colour_markers(source: _Source) -> list[bytes]:
    """Write the one segment, if any, that makes decoders read the components as they did before.

    The order of belief is libjpeg's (jdapimin.c): JFIF, then Adobe, then the components' names.
    """
    count, transform = len(source.component_ids), source.adobe_transform
    if count == 1:
        return [_JFIF]
    if count == 3:
        is_ycc = source.has_jfif or (transform != 0 if transform is not None else _names_ycc(source))
        if is_ycc and (source.has_jfif or source.frame_code in _DCT):
            return [_JFIF]
        return [] if transform is None else [_adobe(1 if is_ycc else 0)]
    if count == 4 and transform is not None:
        return [_adobe(0 if transform == 0 else 2)]
    return []


def _names_ycc(source: _Source) -> bool:
    return source.component_ids != b"RGB"


def _adobe(transform: int) -> bytes:
    return _segment(_APP14, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, transform))


def _segment(code: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(payload) + 2) + payload
