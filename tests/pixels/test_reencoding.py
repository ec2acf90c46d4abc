from __future__ import annotations

import csv
import json
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from photoguard.domain import ImageFormat, OutputFormat
from photoguard.errors import PhotoguardError, ProblemCode, Refused
from photoguard.pixels import decode, reencode

SECRET = "SECRET-canary-0452"


def picture() -> Image.Image:
    y, x = np.mgrid[0:96, 0:128]
    return Image.fromarray(np.stack([x * 2, y * 2, (x + y)], axis=-1).astype(np.uint8))


def test_a_tiff_with_text_and_pages_becomes_a_bare_png() -> None:
    """Text tags, Exif and further pages of a TIFF are gone, the first page's pixels are exact."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    for tag in (270, 271, 272, 305, 315, 33432):
        tags[tag] = SECRET
    out = BytesIO()
    second = Image.new("RGB", (128, 96), (1, 2, 3))
    picture().save(out, "TIFF", tiffinfo=tags, save_all=True, append_images=[second])
    assert SECRET.encode() in out.getvalue()
    result = reencode(out.getvalue())
    assert result.encoding.format is ImageFormat.PNG
    assert "first_frame_only" in result.notes
    assert SECRET.encode() not in result.data
    assert np.array_equal(decode(result.data).pixels, np.asarray(picture()))


def test_an_avif_becomes_a_bare_jpeg() -> None:
    """Exif and XMP of an AVIF are gone, its picture is a JPEG of high quality."""
    pytest.importorskip("PIL._avif")
    exif = Image.Exif()
    exif[0x010E] = SECRET
    out = BytesIO()
    picture().save(out, "AVIF", exif=exif.tobytes(), xmp=SECRET.encode(), quality=90)
    assert SECRET.encode() in out.getvalue()
    result = reencode(out.getvalue())
    assert result.encoding.format is ImageFormat.JPEG
    assert SECRET.encode() not in result.data
    assert np.abs(decode(result.data).pixels.astype(int) - np.asarray(picture())).mean() < 3


def test_notes_of_decoding_and_encoding_are_told() -> None:
    """What was turned and flattened on the way is named in the result."""
    exif = Image.Exif()
    exif[0x0112] = 6
    out = BytesIO()
    four = picture().convert("RGBA")
    four.putalpha(100)
    four.save(out, "PNG", exif=exif.tobytes())
    result = reencode(out.getvalue(), OutputFormat.JPEG)
    assert result.notes == ("rotated", "flattened_on_white")
    assert decode(result.data).size == (96, 128)


def test_an_animation_is_not_cut_down_silently() -> None:
    """An animated file is refused rather than reduced to a frame."""
    out = BytesIO()
    picture().save(out, "GIF", save_all=True, append_images=[picture().rotate(90)])
    with pytest.raises(Refused) as caught:
        reencode(out.getvalue())
    assert caught.value.problem.code is ProblemCode.ANIMATED


STRUCTURE = {
    "SourceFile", "ExifTool", "File", "JFIF:JFIFVersion", "JFIF:ResolutionUnit", "JFIF:XResolution",
    "JFIF:YResolution", "PNG:ImageWidth", "PNG:ImageHeight", "PNG:BitDepth", "PNG:ColorType",
    "PNG:Compression", "PNG:Filter", "PNG:Interlace", "PNG:Palette", "Composite",
}  # fmt: skip


@pytest.mark.corpus
@pytest.mark.oracle
@pytest.mark.slow
def test_dirty_files_come_out_with_structure_only(metadata_corpus: Path, tmp_path: Path) -> None:
    """Of every dirty TIFF, HEIC, AVIF and BMP, exiftool finds nothing but structure in the copy."""
    pytest.importorskip("pi_heif")
    if shutil.which("exiftool") is None:
        pytest.skip("no exiftool")
    with (metadata_corpus / "INDEX.csv").open(encoding="utf-8", newline="") as index:
        rows = [row for row in csv.DictReader(index) if row["format"] in {"tiff", "heic", "avif", "other"}]
    for number, row in enumerate(rows):
        # A small limit keeps the test quick; the large ones differ in nothing but pixels.
        if row["expected"] != "decodes" or int(row["width"]) * int(row["height"]) > 3e6:
            continue
        try:
            result = reencode((metadata_corpus / row["path"]).read_bytes())
        except PhotoguardError:
            continue
        (tmp_path / f"{number}.{result.encoding.format}").write_bytes(result.data)
    listing = subprocess.run(["exiftool", "-json", "-G", "-a", "-u", str(tmp_path)], capture_output=True, check=True)
    found = json.loads(listing.stdout)
    assert len(found) > 40
    extra = {name for file in found for name in file if name not in STRUCTURE and name.split(":")[0] not in STRUCTURE}
    assert extra == set()
