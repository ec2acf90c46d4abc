"""The one line every photo walks: inventory, pixels, faces, cloak, bytes, proof, file."""

from __future__ import annotations

import errno
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from photoguard.containers import Inventory, NeedsReencode, Rewritten, inventory, rewrite, sniff
from photoguard.domain import (
    Cast,
    Encoding,
    Face,
    FaceReport,
    Finding,
    ImageFormat,
    Looks,
    Options,
    Outcome,
    OutcomeKind,
    OutputFormat,
    Part,
    Photo,
    Platform,
    Progress,
    ProgressListener,
    Proof,
    Sighting,
    Stage,
    silent,
)
from photoguard.errors import Cancelled, Failed, PhotoguardError, Problem, ProblemCode, Refused
from photoguard.output import Candidate
from photoguard.platforms import HANDLINGS
from photoguard.proof.residue import residue
from photoguard.proof.same_picture import same_picture

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from photoguard.latents import Latents
    from photoguard.toolbox import Toolbox

LIMIT_BYTES = 512 * 1024 * 1024
"""Larger files are refused unread."""

_WEAKEST_CLOAK = 0.97
"""A cloak after which encoders still see more than this share of the likeness did not do its work."""
_ROUNDING = 0.02
"""Share by which the proof's figures may pass the budget: the rehearsal codes crops, the proof the whole photo."""

SHIELD_LEFT_OUT = "shield_left_out"
"""Note of a copy whose photo left no room for a shield."""
_TOO_MUCH_AT_ONCE = frozenset({ProblemCode.CLOAK_TOO_VISIBLE, ProblemCode.CLOAK_TOO_WEAK})
"""What a shield over the cloaks can bring about; without it the cloaks have the whole budget."""
REENCODED = "reencoded"
"""Note of a copy whose picture had to be coded anew."""
_UNFOLLOWED = frozenset({ImageFormat.GIF, ImageFormat.WEBP})
"""Formats whose coded data the walks do not follow to their end; a decoder does."""
_CODING_LOSS = 12.0
"""Mean difference in levels of 8 bits that no coding of ours comes near."""


def protect(
    source: Path,
    destination: Path,
    options: Options,
    toolbox: Toolbox,
    listener: ProgressListener = silent,
    *,
    keep_times: bool = False,
    cast: Cast | None = None,
) -> Outcome:
    """Write a copy of ``source`` at ``destination`` that carries only its picture, with its faces cloaked.

    ``cast``: whom the faces are to be taken for; None: for anybody else. Never raises for a bad photo: the outcome says
    ``refused`` or ``failed`` and why, and nothing is written. Without a face the copy is written and the outcome is
    ``no_face``. Raises only ``Cancelled``, after cleaning up.
    """
    cloaking_since = 0.0

    def work(found: _Found) -> Outcome:
        from photoguard.cloak import LEAST_FACE_PX, PRESETS, ViewRange, cloak, fine_enough
        from photoguard.pixels import decode, encode, encoding_for, suited

        photo = _decoded(found.data, options, listener)
        encoding = encoding_for(photo, options.output_format)
        base = suited(photo, encoding)
        parts: tuple[Part | None, ...] = ()
        if cast is not None and cast.sighting.sha256 == hashlib.sha256(found.data).hexdigest():
            faces, parts = cast.sighting.faces, cast.parts
        else:
            faces = _found_faces(photo, options, toolbox, listener)
        if not faces:
            listener(Progress(Stage.WRITING))
            if options.output_format is OutputFormat.KEEP:
                outcome = _clean_copy(found, destination, keep_times=keep_times)
            else:
                written = _clean(encode(base, encoding))
                outcome = replace(
                    _published(found, destination, lambda: written, keep_times=keep_times), notes=base.notes
                )
            return replace(outcome, kind=OutcomeKind.NO_FACE, problem=Problem(ProblemCode.NO_FACE))
        latents = toolbox.latents if options.shield_edits else None
        preset = PRESETS[options.strength]
        large_enough = [face for face in faces if face.box.width >= LEAST_FACE_PX]
        encoding = fine_enough(base, large_enough, encoding, preset.budget)
        cloaked = cloak(
            base,
            faces,
            toolbox.encoders,
            preset,
            encoding=encoding,
            ways=ViewRange.after(options.platform, photo.size),
            parts=parts,
            seed=options.seed,
            listener=listener if latents is None else before_shield,
        )
        shielded = (
            None if latents is None else _shielded(base, cloaked.pixels, faces, encoding, options, latents, listener)
        )
        reports: list[FaceReport] = []
        readings: dict[str, dict[str, float | bool]] = {}
        data = b""

        def published(pixels: npt.NDArray[np.uint8], readers: Latents | None) -> Outcome:
            nonlocal data
            data = _clean(encode(replace(base, pixels=pixels), encoding))

            def prove(data: bytes) -> None:
                listener(Progress(Stage.CHECKING))
                seen = decode(data)
                if seen.size != photo.size:
                    raise Failed(ProblemCode.PIXELS_DIFFER)
                problems = [one.problem for one in cloaked.faces]
                reports[:] = _judged_faces(base, seen, faces, problems, options, toolbox)
                if readers is not None:
                    readings.update(_read_by_editors(base, seen, faces, options, readers))

            return _published(found, destination, lambda: data, prove=prove, keep_times=keep_times)

        listener(Progress(Stage.WRITING))
        result: Outcome | None = None
        notes = base.notes
        if shielded is not None:
            try:
                result = published(shielded, latents)
            except Failed as error:
                if error.problem.code not in _TOO_MUCH_AT_ONCE:
                    raise
        if result is None:
            # what the faces need goes before the shield
            result = published(cloaked.pixels, None)
            notes = notes if latents is None else (*notes, SHIELD_LEFT_OUT)
        all_small = all(one.problem for one in cloaked.faces)
        for place, part in enumerate(parts):
            if part is not None and reports[place].is_cloaked:
                reports[place] = replace(reports[place], persona=part.persona.name)
        return replace(
            result,
            kind=OutcomeKind.NO_FACE if all_small else OutcomeKind.PROTECTED,
            problem=cloaked.faces[0].problem if all_small else None,
            faces=tuple(reports),
            quality={**result.quality, **_quality_outside(base, decode(data), faces)},
            shield=readings,
            notes=notes,
        )

    def before_shield(progress: Progress) -> None:
        nonlocal cloaking_since
        cloaking_since = cloaking_since or time.monotonic()
        left = progress.seconds_left
        if left is not None:
            # it takes about as long as the cloak of one face
            left += (time.monotonic() - cloaking_since + left) / progress.faces
        told(replace(progress, before_shield=True, seconds_left=left))

    def again(progress: Progress) -> None:
        # it was read and looked at before; progress never goes back
        told(Progress(Stage.FINDING_FACES) if progress.stage is Stage.READING else progress)

    told = listener
    if cast is not None:
        listener = again
    return _told(source, work, listener)


def sighted(source: Path, options: Options, toolbox: Toolbox, listener: ProgressListener = silent) -> Sighting:
    """The faces of ``source`` as :func:`protect` would find them, and what they look like to its encoders and its reader.

    Raises what is wrong with the photo, and ``Cancelled``.
    """
    import torch

    from photoguard.cloak import LEAST_FACE_PX
    from photoguard.proof.cells import seen_plainly

    data = read(source)
    photo = _decoded(data, options, listener)
    faces = _found_faces(photo, options, toolbox, listener)
    pixels = photo.pixels[..., None].repeat(3, 2) if photo.is_grey else photo.pixels
    readers = {one.name: one for one in (toolbox.reader, *toolbox.encoders) if one is not None}
    looks: list[Looks] = []
    for face in faces if toolbox.reader is not None else ():
        listener(Progress(Stage.FINDING_FACES))
        seen: dict[str, torch.Tensor] = {}
        if face.box.width >= LEAST_FACE_PX:
            with torch.no_grad():
                seen = seen_plainly(pixels, face, tuple(readers.values()))
        looks.append({name: tuple(vector.flatten().tolist()) for name, vector in seen.items()})
    return Sighting(hashlib.sha256(data).hexdigest(), faces, tuple(looks))


def _decoded(data: bytes, options: Options, listener: ProgressListener) -> Photo:
    """The photo, of the size at which its copy will be posted."""
    from photoguard.pixels import decode, reduced

    listener(Progress(Stage.READING))
    photo = decode(data)
    if options.platform is Platform.ANY:
        return photo
    return reduced(photo, HANDLINGS[options.platform].zoom(photo.size))


def _found_faces(photo: Photo, options: Options, toolbox: Toolbox, listener: ProgressListener) -> tuple[Face, ...]:
    from photoguard.faces import find_faces

    def check() -> None:
        listener(Progress(Stage.FINDING_FACES))

    check()
    return find_faces(photo, options.faces, toolbox.detector, check)


def scrub(source: Path, destination: Path, listener: ProgressListener = silent, *, keep_times: bool = False) -> Outcome:
    """Write a copy of ``source`` at ``destination`` without its metadata.

    JPEG, PNG, WebP and GIF keep their coded pixels bit for bit; other formats, and files whose colours or structure leave
    no such way, are decoded and encoded afresh. Failures as for :func:`protect`.
    """

    def work(found: _Found) -> Outcome:
        listener(Progress(Stage.WRITING))
        return _clean_copy(found, destination, keep_times=keep_times)

    return _told(source, work, listener)


def inspect(source: Path) -> Inventory:
    """What ``source`` carries besides its picture. Raises ``Refused``: VANISHED, UNREADABLE, NOT_A_PHOTO, ..."""
    return inventory(read(source))


@dataclass(frozen=True)
class _Found:
    source: Path
    data: bytes
    findings: tuple[Finding, ...]
    orientation: int


def _told(source: Path, work: Callable[[_Found], Outcome], listener: ProgressListener) -> Outcome:
    """Run ``work`` on the file; every mistake but a cancel becomes an outcome."""
    started = time.monotonic()
    findings: tuple[Finding, ...] = ()
    try:
        listener(Progress(Stage.READING))
        data = read(source)
        listed = inventory(data)
        findings = listed.findings
        outcome = work(_Found(source, data, findings, listed.orientation))
    except Cancelled:
        raise
    except Refused as error:
        outcome = Outcome(source, None, OutcomeKind.REFUSED, error.problem, findings)
    except PhotoguardError as error:
        outcome = Outcome(source, None, OutcomeKind.FAILED, error.problem, findings)
    except MemoryError:
        outcome = Outcome(source, None, OutcomeKind.FAILED, Problem(ProblemCode.OUT_OF_MEMORY), findings)
    except Exception as error:  # noqa: BLE001 - one photo's surprise must not end the others
        problem = Problem(ProblemCode.INTERNAL, {"kind": type(error).__name__})
        outcome = Outcome(source, None, OutcomeKind.FAILED, problem, findings)
    return replace(outcome, seconds=round(time.monotonic() - started, 3))


def read(source: Path) -> bytes:
    """The bytes of a file of bearable size. Raises ``Refused``: VANISHED, UNREADABLE, EMPTY_FILE, FILE_TOO_BIG."""
    try:
        size = source.stat().st_size
        if size > LIMIT_BYTES:
            raise Refused(ProblemCode.FILE_TOO_BIG, size_bytes=size, limit_bytes=LIMIT_BYTES)
        data = source.read_bytes()
    except FileNotFoundError as error:
        raise Refused(ProblemCode.VANISHED) from error
    except OSError as error:
        code = ProblemCode.VANISHED if error.errno == errno.ESTALE else ProblemCode.UNREADABLE
        raise Refused(code) from error
    if not data:
        raise Refused(ProblemCode.EMPTY_FILE)
    return data


def _clean(data: bytes) -> bytes:
    """Freshly encoded bytes through the allow-list: encoders add things of their own."""
    rewritten = rewrite(data)
    if not isinstance(rewritten, Rewritten):
        raise Failed(ProblemCode.RESIDUE_LEFT, count=1)
    return rewritten.data


def _clean_copy(found: _Found, destination: Path, *, keep_times: bool) -> Outcome:
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
        return _published(found, destination, lambda: _rewritten(found.data), prove=prove, keep_times=keep_times)
    except _NeedsFreshError:
        return _fresh_copy(found, destination, keep_times=keep_times)


class _NeedsFreshError(Exception):
    """The container cannot be rewritten."""


def _rewritten(data: bytes) -> bytes:
    rewritten = rewrite(data)
    if isinstance(rewritten, NeedsReencode):
        raise _NeedsFreshError
    return rewritten.data


def _fresh_copy(found: _Found, destination: Path, *, keep_times: bool) -> Outcome:
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

    outcome = _published(found, destination, lambda: _clean(fresh.data), prove=prove, keep_times=keep_times)
    return replace(outcome, notes=(REENCODED, *fresh.notes))


def _published(
    found: _Found,
    destination: Path,
    make: Callable[[], bytes],
    *,
    prove: Callable[[bytes], None] | None = None,
    keep_times: bool = False,
) -> Outcome:
    """Write, re-read, prove, then name the file; leaves nothing behind on any failure.

    Of a large file no more than two copies are held at a time: the source and what was written.
    """
    data = make()
    size, digest = len(data), hashlib.sha256(data).hexdigest()
    destination = _with_true_suffix(destination, data)
    with Candidate(destination, source=found.source, keep_times=keep_times) as candidate:
        candidate.write(data)
        if not candidate.holds(data):
            raise Failed(ProblemCode.PIXELS_DIFFER)
        # from here on these bytes are those of the file
        if left := residue(data, allow_orientation=True):
            raise Failed(ProblemCode.RESIDUE_LEFT, count=len(left))
        if prove is not None:
            prove(data)
        output = candidate.commit()
    return Outcome(
        found.source,
        output,
        OutcomeKind.SCRUBBED,
        findings=found.findings,
        quality={"size_ratio": round(size / len(found.data), 4)},
        proof=Proof(is_clean=True, same_size=True, sha256=digest, size_bytes=size),
    )


_SUFFIXES = {
    b"\xff\xd8": (".jpg", ".jpeg", ".jpe", ".jfif"),
    b"\x89P": (".png",),
    b"RI": (".webp",),
    b"GI": (".gif",),
}


def _with_true_suffix(destination: Path, data: bytes) -> Path:
    """``destination`` with the extension of what is really in the file."""
    suffixes = _SUFFIXES.get(data[:2], (destination.suffix.lower(),))
    if destination.suffix.lower() in suffixes:
        return destination
    return destination.with_name((destination.stem or destination.name) + suffixes[0])


def _shielded(
    photo: Photo,
    cloaked: npt.NDArray[np.uint8],
    faces: tuple[Face, ...],
    encoding: Encoding,
    options: Options,
    latents: Latents,
    listener: ProgressListener,
) -> npt.NDArray[np.uint8] | None:
    """``cloaked``, the pixels of ``photo``, with a shield against editors; None where none would fit."""
    from photoguard.cloak import PRESETS
    from photoguard.shield import shield

    made = shield(
        photo,
        cloaked,
        faces,
        latents,
        PRESETS[options.strength].budget.least_ssimulacra2,
        encoding=encoding,
        zoom=HANDLINGS[options.platform].zoom(photo.size),
        seed=options.seed,
        listener=listener,
    )
    return made.pixels if made.strength else None


def _read_by_editors(
    original: Photo, written: Photo, faces: tuple[Face, ...], options: Options, latents: Latents
) -> dict[str, dict[str, float | bool]]:
    """What latent encoders make of the written file; raise ``Failed`` where the shield is too visible."""
    from photoguard.cloak import PRESETS
    from photoguard.proof.editors import measured, whole_ssimulacra2

    score = whole_ssimulacra2(original.pixels, written.pixels, options.platform)
    if score < PRESETS[options.strength].budget.least_ssimulacra2 - _ROUNDING * 100:
        raise Failed(ProblemCode.CLOAK_TOO_VISIBLE, ssimulacra2=round(score, 2))
    boxes = [face.box for face in faces]
    return measured(original.pixels, written.pixels, boxes, latents, options.platform)


def _judged_faces(
    original: Photo,
    written: Photo,
    faces: tuple[Face, ...],
    problems: list[Problem | None],
    options: Options,
    toolbox: Toolbox,
) -> list[FaceReport]:
    """Measure every face on the written file; raise ``Failed`` where a cloak is missing or too visible."""
    from photoguard.cloak import PRESETS
    from photoguard.proof.faces import measured
    from photoguard.proof.judging import judged

    budget = PRESETS[options.strength].budget
    reports = []
    for face, problem in zip(faces, problems, strict=True):
        everybody = (*toolbox.encoders, *toolbox.judges)
        report = measured(original.pixels, written.pixels, face, everybody, options.platform)
        if problem is None:
            seen = report.visibility
            is_seen = seen["ssimulacra2"] < budget.least_ssimulacra2 - _ROUNDING * 100
            if is_seen or seen["butteraugli_3norm"] > budget.most_butteraugli * (1 + 2 * _ROUNDING):
                raise Failed(ProblemCode.CLOAK_TOO_VISIBLE, ssimulacra2=seen["ssimulacra2"])
            left = _likeness_left(report, toolbox)
            if left > _WEAKEST_CLOAK:
                raise Failed(ProblemCode.CLOAK_TOO_WEAK, similarity_percent=round(100 * left))
            report = replace(report, judgement=judged(report.similarity, toolbox.encoders, toolbox.judges))
        reports.append(replace(report, is_cloaked=problem is None, problem=problem))
    return reports


def _likeness_left(report: FaceReport, toolbox: Toolbox) -> float:
    """Mean over encoders of the share of likeness that is left in the file; 1: as before, 0: a stranger."""
    shares = [
        (report.similarity[encoder.name]["file"] - encoder.strangers) / (1 - encoder.strangers)
        for encoder in toolbox.encoders
    ]
    return sum(shares) / len(shares)


def _quality_outside(original: Photo, written: Photo, faces: tuple[Face, ...]) -> dict[str, float]:
    from photoguard.proof.faces import psnr_outside

    boxes = [face.box for face in faces]
    return {"psnr_outside_faces": round(psnr_outside(original.pixels, written.pixels, boxes), 2)}
