"""What AI editors make of a photo and of its copy, as small pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from photoguard.domain import Platform, Progress, ProgressListener, Stage
from photoguard.pixels import decode, reduced
from photoguard.platforms import HANDLINGS
from photoguard.worker.files import read
from photoguard.worker.messages import EditorView, EditorViewsShown, Picture, ShowEditorViews

if TYPE_CHECKING:
    import numpy.typing as npt

    from photoguard.latents import Latents


def editor_views(request: ShowEditorViews, latents: Latents, listener: ProgressListener) -> EditorViewsShown:
    """One view for each family of encoders that took part and whose decoder is installed.

    Both pictures show the part that the report's figures were measured on. Raises ``Refused`` where a file cannot be read.
    """
    from photoguard.proof.editors import as_editors_see

    listener(Progress(Stage.CHECKING))
    original, written = (decode(read(path), first_frame=True) for path in (request.source, request.output))
    if request.platform is not Platform.ANY:
        # the copy was made from the photo at that size
        original = reduced(original, HANDLINGS[request.platform].zoom(original.size))
    seen = as_editors_see(original.pixels, written.pixels, request.faces, latents, request.platform)
    views = (EditorView(family, _picture(before), _picture(after)) for family, (before, after) in seen.items())
    return EditorViewsShown(request.ticket, tuple(views))


def _picture(pixels: npt.NDArray[np.uint8]) -> Picture:
    return Picture(pixels.shape[1], pixels.shape[0], pixels.tobytes())
