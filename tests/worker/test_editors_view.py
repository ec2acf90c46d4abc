"""The engine shows what editors make of a photo and its copy, cut where the report measured."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from stand_ins import Blocks, drawn, face_at

from photoguard.domain import Platform
from photoguard.latents import Latents
from photoguard.worker.editors_view import editor_views
from photoguard.worker.messages import ShowEditorViews

FACE = face_at(60, 50, 60)


def request(folder: Path, size: tuple[int, int], platform: Platform, *, grey: bool = False) -> ShowEditorViews:
    pixels = drawn(*size, (FACE,), grey=grey)
    Image.fromarray(pixels).save(folder / "in.png")
    Image.fromarray(255 - pixels).save(folder / "out.png")
    return ShowEditorViews(5, folder / "in.png", folder / "out.png", (FACE.box,), platform)


def test_a_pair_for_each_family_that_took_part_and_has_a_decoder(tmp_path: Path) -> None:
    latents = Latents((Blocks(), Blocks("blind", "blind")), (Blocks("other"),), {"blocks": Blocks()})
    answer = editor_views(request(tmp_path, (240, 220), Platform.ANY), latents, lambda _: None)
    assert answer.ticket == 5
    (view,) = answer.views
    assert view.family == "blocks"
    assert (view.before.width, view.before.height) == (224, 192)
    assert len(view.before.rgb) == len(view.after.rgb) == 3 * 224 * 192
    sums = [a + b for a, b in zip(view.before.rgb, view.after.rgb, strict=True)]
    assert 250 < sum(sums) / len(sums) < 260


def test_a_grey_photo_made_for_a_platform_is_shown_at_the_size_it_is_posted(tmp_path: Path) -> None:
    latents = Latents((Blocks(),), (), {"blocks": Blocks()})
    asked = request(tmp_path, (1600, 300), Platform.INSTAGRAM, grey=True)
    Image.open(asked.output).resize((1080, 202)).save(asked.output)
    (view,) = editor_views(asked, latents, lambda _: None).views
    assert (view.after.width, view.after.height) == (320, 192)
