"""Who is in a photo."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from photoguard.domain import (
    Face,
    Looks,
    Options,
    Photo,
    Platform,
    Progress,
    ProgressListener,
    Sighting,
    Stage,
    silent,
)
from photoguard.pipeline.reading import read
from photoguard.platforms import HANDLINGS

if TYPE_CHECKING:
    from photoguard.toolbox import Toolbox


def sighted(source: Path, options: Options, toolbox: Toolbox, listener: ProgressListener = silent) -> Sighting:
    """The faces of ``source`` as :func:`protect` would find them, and what they look like to its encoders and its reader.

    Raises what is wrong with the photo, and ``Cancelled``.
    """
    import torch

    from photoguard.cloak import LEAST_FACE_PX
    from photoguard.proof.cells import seen_plainly

    data = read(source)
    photo = decoded(data, options, listener)
    faces = found_faces(photo, options, toolbox, listener)
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


def decoded(data: bytes, options: Options, listener: ProgressListener) -> Photo:
    """The photo, of the size at which its copy will be posted."""
    from photoguard.pixels import decode, reduced

    listener(Progress(Stage.READING))
    photo = decode(data)
    if options.platform is Platform.ANY:
        return photo
    return reduced(photo, HANDLINGS[options.platform].zoom(photo.size))


def found_faces(photo: Photo, options: Options, toolbox: Toolbox, listener: ProgressListener) -> tuple[Face, ...]:
    """Those that ``options`` ask for."""
    from photoguard.faces import find_faces

    def check() -> None:
        listener(Progress(Stage.FINDING_FACES))

    check()
    return find_faces(photo, options.faces, toolbox.detector, check)
