"""A copy that carries nothing but the picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from photoguard.containers import NeedsReencode, inventory, rewrite, sniff
from photoguard.domain import ImageFormat, Outcome, Progress, ProgressListener, Stage, silent
from photoguard.errors import Failed, ProblemCode, Refused
from photoguard.pipeline.reading import Found, outcome_of
from photoguard.pipeline.writing import clean, put_in_place
from photoguard.proof.same_picture import same_picture

REENCODED = "reencoded"
"""Note of a copy whose picture had to be coded anew."""
_UNFOLLOWED = frozenset({ImageFormat.GIF, ImageFormat.WEBP})
"""Formats whose coded data the walks do not follow to their end; a decoder does."""
_CODING_LOSS = 12.0
"""Mean difference in levels of 8 bits that no coding of ours comes near."""


def scrub(source: Path, destination: Path, listener: ProgressListener = silent, *, keep_times: bool = False) -> Outcome:
    """Write a copy of ``source`` at ``destination`` without its metadata.

    JPEG, PNG, WebP and GIF keep their coded pixels bit for bit; other formats, and files whose colours or structure leave
    no such way, are decoded and encoded afresh. Failures as for :func:`protect`.
    """

    def work(found: Found) -> Outcome:
        listener(Progress(Stage.WRITING))
        return clean_copy(found, destination, keep_times=keep_times)

    return outcome_of(source, work, listener)


def clean_copy(found: Found, destination: Path, *, keep_times: bool) -> Outcome:
    """Write the picture alone, bit for bit where its format allows, else decoded and encoded afresh."""

    def prove(data: bytes) -> None:
        if not same_picture(found.data, data):
            raise Failed(ProblemCode.PIXELS_DIFFER)
        if inventory(data).orientation != found.orientation:
            raise Failed(ProblemCode.DECODER_DISAGREES)
        if sniff(data) in _UNFOLLOWED:
            from photoguard.pixels import try_decoding

            try_decoding(data)

    try:
        return put_in_place(found, destination, lambda: _rewritten(found.data), prove=prove, keep_times=keep_times)
    except _NeedsFreshError:
        return _fresh_copy(found, destination, keep_times=keep_times)


class _NeedsFreshError(Exception):
    """The container cannot be rewritten."""


def _rewritten(data: bytes) -> bytes:
    rewritten = rewrite(data)
    if isinstance(rewritten, NeedsReencode):
        raise _NeedsFreshError
    return rewritten.data


def _fresh_copy(found: Found, destination: Path, *, keep_times: bool) -> Outcome:
    """Write the picture, or all frames of an animation, decoded and encoded afresh."""
    from photoguard.pixels import reencode, reencode_moving

    try:
        fresh = reencode(found.data)
    except Refused as error:
        if error.problem.code is not ProblemCode.ANIMATED:
            raise
        fresh = reencode_moving(found.data)

    def prove(data: bytes) -> None:
        from photoguard.pixels import decode

        seen, wanted = decode(data, first_frame=True), fresh.picture
        if seen.size != wanted.size or seen.is_grey != wanted.is_grey:
            raise Failed(ProblemCode.PIXELS_DIFFER)
        if abs(seen.pixels.astype("int16") - wanted.pixels).mean() > _CODING_LOSS:
            raise Failed(ProblemCode.DECODER_DISAGREES)

    outcome = put_in_place(found, destination, lambda: clean(fresh.data), prove=prove, keep_times=keep_times)
    return replace(outcome, notes=(REENCODED, *fresh.notes))
