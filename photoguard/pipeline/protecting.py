"""A copy whose faces are cloaked."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from photoguard.domain import (
    Cast,
    Encoding,
    Face,
    FaceReport,
    Options,
    Outcome,
    OutcomeKind,
    OutputFormat,
    Part,
    Photo,
    Progress,
    ProgressListener,
    Stage,
    silent,
)
from photoguard.errors import Failed, Problem, ProblemCode
from photoguard.pipeline.proving import judged_faces, quality_outside, read_by_editors
from photoguard.pipeline.reading import Found, outcome_of
from photoguard.pipeline.scrubbing import clean_copy
from photoguard.pipeline.seeing import decoded, found_faces
from photoguard.pipeline.writing import clean, put_in_place
from photoguard.platforms import HANDLINGS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from photoguard.latents import Latents
    from photoguard.toolbox import Toolbox


SHIELD_LEFT_OUT = "shield_left_out"
"""Note of a copy whose photo left no room for a shield."""
_TOO_MUCH_AT_ONCE = frozenset({ProblemCode.CLOAK_TOO_VISIBLE, ProblemCode.CLOAK_TOO_WEAK})
"""What a shield over the cloaks can bring about; without it the cloaks have the whole budget."""


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

    def work(found: Found) -> Outcome:
        from photoguard.cloak import LEAST_FACE_PX, PRESETS, ViewRange, cloak, fine_enough
        from photoguard.pixels import decode, encode, encoding_for, suited

        photo = decoded(found.data, options, listener)
        encoding = encoding_for(photo, options.output_format)
        base = suited(photo, encoding)
        parts: tuple[Part | None, ...] = ()
        if cast is not None and cast.sighting.sha256 == hashlib.sha256(found.data).hexdigest():
            faces, parts = cast.sighting.faces, cast.parts
        else:
            faces = found_faces(photo, options, toolbox, listener)
        if not faces:
            listener(Progress(Stage.WRITING))
            if options.output_format is OutputFormat.KEEP:
                outcome = clean_copy(found, destination, keep_times=keep_times)
            else:
                written = clean(encode(base, encoding))
                outcome = replace(
                    put_in_place(found, destination, lambda: written, keep_times=keep_times), notes=base.notes
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
            data = clean(encode(replace(base, pixels=pixels), encoding))

            def prove(data: bytes) -> None:
                listener(Progress(Stage.CHECKING))
                seen = decode(data)
                if seen.size != photo.size:
                    raise Failed(ProblemCode.PIXELS_DIFFER)
                problems = [one.problem for one in cloaked.faces]
                reports[:] = judged_faces(base, seen, faces, problems, options, toolbox)
                if readers is not None:
                    readings.update(read_by_editors(base, seen, faces, options, readers))

            return put_in_place(found, destination, lambda: data, prove=prove, keep_times=keep_times)

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
            quality={**result.quality, **quality_outside(base, decode(data), faces)},
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
    return outcome_of(source, work, listener)


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
