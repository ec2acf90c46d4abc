"""The sheet stands alone, names no file, and has the original inside only when asked."""

from __future__ import annotations

import base64
import html.parser
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from stand_ins import Blocks, FixedDetector, SmallEncoder, drawn, face_at

from photoguard.checking import Checked, check
from photoguard.cli.check_editors import editor_sections
from photoguard.cli.check_pictures import face_pictures
from photoguard.cli.check_sheet import check_sheet_target, composed, write_sheet
from photoguard.errors import UsageMistake
from photoguard.i18n import Language, check_words
from photoguard.latents import Latents
from photoguard.proof.pairing import Relation
from photoguard.toolbox import Toolbox

FACE = face_at(170, 120, 150)


def changed(photo: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(2).normal(0, 9, photo.shape)
    return np.clip(photo + noise, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = tmp_path_factory.mktemp("pair")
    photo = drawn(520, 480, (FACE,))
    Image.fromarray(photo).save(folder / "minji-secret.png")
    Image.fromarray(changed(photo)).save(folder / "copy-secret.png")
    tools = Toolbox(FixedDetector((FACE,)), (SmallEncoder("inside"),), (SmallEncoder("outside", seed=3),))
    return check(folder / "minji-secret.png", folder / "copy-secret.png", tools)


class Page(html.parser.HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("tongue", [*Language])
@pytest.mark.parametrize("with_original", [False, True])
def test_the_page_stands_alone(checked: Checked, tmp_path: Path, tongue: Language, with_original: bool) -> None:
    target = tmp_path / "sheet.html"
    write_sheet(str(target), checked, tongue, with_original=with_original)
    text = target.read_text(encoding="utf-8")
    page = Page(text)
    assert not {"script", "link", "iframe"} & {tag for tag, _ in page.tags}
    assert "secret" not in text, "names of files tell things"
    assert "http" not in re.sub(r"http-equiv", "", text)
    pictures = [attrs["src"] or "" for tag, attrs in page.tags if tag == "img"]
    assert len(pictures) == (3 if with_original else 2)
    assert all(source.startswith("data:image/jpeg;base64,") for source in pictures)
    assert check_words("limits", tongue) in text
    assert check_words("view_instagram", tongue) in text
    assert (check_words("original_left_out", tongue) in text) is not with_original
    assert dict(next(attrs for tag, attrs in page.tags if tag == "html"))["lang"] == tongue.value


def test_nothing_on_a_sheet_without_the_original_lets_one_turn_the_copy_back(checked: Checked) -> None:
    """Undoing by the picture of the change must not come nearer to the original than the copy is."""
    (with_it,) = face_pictures(checked, with_original=True)
    (without,) = face_pictures(checked, with_original=False)
    assert without.before is None
    assert with_it.before is not None
    assert without.change is not None
    assert with_it.change is not None

    def off(guess: np.ndarray) -> float:
        return float(np.square(guess - np.asarray(with_it.before, np.float64)).mean())

    after = np.asarray(without.after, np.float64)
    undone = off(after - (np.asarray(with_it.change, np.float64) - 128) / 8)
    assert undone < 0.2 * off(after), "with the original inside it could be undone, so this can tell"
    for sign in (-1, 1):
        assert off(after + sign * np.asarray(without.change, np.float64) / 8) >= 0.98 * off(after)


def test_a_face_found_a_little_elsewhere_in_the_copy_is_no_change(checked: Checked, tmp_path: Path) -> None:
    (face,) = checked.faces
    elsewhere = replace(face.copy, box=replace(face.copy.box, x=face.copy.box.x + 9, width=face.copy.box.width + 7))
    moved = replace(checked, copy=checked.original, faces=(replace(face, copy=elsewhere),))
    (pictures,) = face_pictures(moved, with_original=True)
    assert np.asarray(pictures.change).std() == 0
    near_border = replace(face.original, box=replace(face.original.box, x=-40.0, y=-30.0))
    (pictures,) = face_pictures(replace(moved, faces=(replace(face, original=near_border),)), with_original=True)
    assert np.asarray(pictures.after).min() > 5, "nothing black is added beyond the border"


def test_the_picture_sheet_shows_the_same_and_holds_nothing_else(checked: Checked, tmp_path: Path) -> None:
    heights = []
    for tongue in Language:
        target = tmp_path / f"{tongue}.png"
        write_sheet(str(target), checked, tongue, with_original=False)
        with Image.open(target) as image:
            assert image.info == {"photoguard": "check"}
            assert image.width == 1060
            heights.append(image.height)
            pixels = np.asarray(image.convert("RGB"))
        assert (pixels[-20:] == 255).all(), "ends in white"
        (shown,) = face_pictures(checked, with_original=False)
        places = [
            row
            for row in range(pixels.shape[0] - 300)
            if np.array_equal(pixels[row, 40:340], np.asarray(shown.after)[0])
        ]
        assert len(places) == 1
    assert min(heights) > 900


def test_a_refused_pair_has_a_sheet_too(tmp_path: Path) -> None:
    tools = Toolbox(FixedDetector(()), (SmallEncoder("inside"),))
    Image.fromarray(drawn(200, 200, ())).save(tmp_path / "a.png")
    refused = check(tmp_path / "a.png", tmp_path / "a.png", tools)
    sheet = composed(refused, Language.ENGLISH, with_original=False)
    assert sheet.sections == ()
    assert "No face was found" in sheet.lines[0]
    for name in ("s.html", "s.png"):
        write_sheet(str(tmp_path / name), refused, Language.KOREAN, with_original=False)


def test_only_a_sheet_is_ever_replaced(checked: Checked, tmp_path: Path) -> None:
    for name in ("s.html", "s.png"):
        target = tmp_path / name
        write_sheet(str(target), checked, Language.ENGLISH, with_original=False)
        check_sheet_target(str(target))
        target.write_bytes(b"<html>mine" if name.endswith("html") else png())
        with pytest.raises(UsageMistake):
            check_sheet_target(str(target))
    with pytest.raises(UsageMistake):
        check_sheet_target(str(tmp_path / "nowhere" / "s.html"))


def png() -> bytes:
    coded = io.BytesIO()
    Image.new("RGB", (4, 4)).save(coded, "PNG")
    return coded.getvalue()


def test_pictures_in_the_page_decode(checked: Checked, tmp_path: Path) -> None:
    target = tmp_path / "s.html"
    write_sheet(str(target), checked, Language.ENGLISH, with_original=False)
    sources = re.findall(r"base64,([A-Za-z0-9+/=]+)", target.read_text(encoding="utf-8"))
    sizes = {Image.open(io.BytesIO(base64.b64decode(source))).size for source in sources}
    assert sizes == {(300, 300)}


LATENTS = Latents((Blocks(),), (Blocks("other", "other"),), {"blocks": Blocks()})


@pytest.mark.parametrize("with_original", [False, True])
def test_what_an_editor_sees_is_shown_where_an_encoder_is_there(
    checked: Checked, tmp_path: Path, with_original: bool
) -> None:
    target = tmp_path / "sheet.html"
    write_sheet(str(target), checked, Language.ENGLISH, with_original=with_original, latents=LATENTS)
    text = target.read_text(encoding="utf-8")
    assert "What an AI editor sees (blocks)" in text
    assert "(other)" not in text
    assert check_words("no_figures", Language.ENGLISH) not in text
    assert (check_words("editors_before", Language.ENGLISH) in text) is with_original
    pictures = [attrs for tag, attrs in Page(text).tags if tag == "img"]
    assert len(pictures) == (5 if with_original else 3)
    write_sheet(str(tmp_path / "sheet.png"), checked, Language.KOREAN, with_original=with_original, latents=LATENTS)
    assert Image.open(tmp_path / "sheet.png").height > 900


def test_of_another_frame_nothing_is_said_about_editors(checked: Checked) -> None:
    cropped = replace(checked, relation=Relation.CROPPED)
    assert editor_sections(cropped, LATENTS, Language.ENGLISH, with_original=True) == ()
