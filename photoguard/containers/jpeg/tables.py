"""Checks that the segments a JPEG decoder needs hold exactly what they need, not a byte more."""

from __future__ import annotations

SOF_CODES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
DHT, DAC, SOS, DQT, DNL, DRI = 0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD


def is_exact(code: int, payload: bytes) -> bool:
    """Whether the payload of a frame header or table (after its length) has the length it must have."""
    if code in SOF_CODES:
        return len(payload) >= 9 and 1 <= payload[5] <= 4 and len(payload) == 6 + 3 * payload[5]
    match code:
        case 0xDB:
            return _is_quantisation(payload)
        case 0xC4:
            return _is_huffman(payload)
        case 0xCC:
            return len(payload) > 0 and len(payload) % 2 == 0 and len(payload) <= 64
        case 0xDC | 0xDD:
            return len(payload) == 2
    return False


def _is_quantisation(payload: bytes) -> bool:
    at = 0
    while at < len(payload):
        precision, target = payload[at] >> 4, payload[at] & 15
        if precision > 1 or target > 3:
            return False
        at += 1 + 64 * (1 + precision)
    return at == len(payload) and at > 0


def _is_huffman(payload: bytes) -> bool:
    at = 0
    while at < len(payload):
        if payload[at] & 0xEC or at + 17 > len(payload):
            return False
        symbols = sum(payload[at + 1 : at + 17])
        if symbols > 256:
            return False
        at += 17 + symbols
    return at == len(payload) and at > 0
