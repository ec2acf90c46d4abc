"""Hides a secret in every place, lets each remover clean the file, and prints what is left as a Markdown table.

    python tests/hiding_places.py > docs/hiding-places.md

A remover that is not installed is left out. What ExifCleaner does follows from its documentation: it calls
exiftool with the arguments of the column "as ExifCleaner does", which are run here as they are.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from builders.blocks import box, exif, mp4, xmp
from builders.places import BMP, GIF, JPEG, PNG, TIFF, WEBP, Place
from builders.secrets import traces

from photoguard.domain import FindingKind, OutcomeKind

_SUFFIXES = {"jpeg": "jpg", "tiff": "tif"}
_GONE, _STAYS, _NOT_DONE = "gone", "**stays**", "refuses"
_MAT2 = """
import json, sys, os
from libmat2 import parser_factory
done = {}
for path in json.load(sys.stdin):
    try:
        parser, _ = parser_factory.get_parser(path)
        if parser is not None and parser.remove_all():
            done[path] = parser.output_filename
    except Exception:
        pass
print(json.dumps(done))
"""
_PYEXIV2 = """
import json, sys, shutil
import pyexiv2
done = {}
for path in json.load(sys.stdin):
    try:
        copy = path + ".cleared"
        shutil.copy(path, copy)
        image = pyexiv2.Image(copy)
        for clear in (image.clear_exif, image.clear_iptc, image.clear_xmp, image.clear_comment, image.clear_icc):
            clear()
        image.close()
        done[path] = copy
    except Exception:
        pass
print(json.dumps(done))
"""


def modern_places() -> list[Place]:
    """Places in real HEIC and AVIF files, where their encoders are installed."""
    from PIL import Image

    places = []
    for name, options in (("heic", {"format": "HEIF"}), ("avif", {"format": "AVIF"})):
        try:
            if name == "heic":
                import pillow_heif

                pillow_heif.register_heif_opener()

            def coded(options: dict[str, str] = options, **metadata: bytes) -> bytes:
                out = BytesIO()
                Image.new("RGB", (64, 48), (90, 120, 60)).save(out, **options, **metadata)
                return out.getvalue()

            coded()
        except (ImportError, KeyError, OSError):
            continue
        places += [
            Place(name, "Exif", FindingKind.AUTHOR, lambda s, c=coded: c(exif=b"Exif\x00\x00" + exif(s))),
            Place(name, "XMP", FindingKind.AUTHOR, lambda s, c=coded: c(xmp=xmp(b'dc:creator="' + s + b'"'))),
            Place(name, "motion video", FindingKind.HIDDEN_VIDEO, lambda s, c=coded: c() + box(b"mpvd", mp4(s))),
            Place(name, "box of no one", FindingKind.UNKNOWN, lambda s, c=coded: c() + box(b"sefd", s)),
            Place(name, "free space that is not free", FindingKind.UNKNOWN, lambda s, c=coded: c() + box(b"free", s)),
        ]
    return places


def exiftool(files: list[Path], *arguments: str) -> dict[Path, Path]:
    done = {}
    folder = files[0].parent.parent / f"exiftool{len(arguments)}"
    folder.mkdir()
    subprocess.run(
        ["exiftool", "-q", "-q", *arguments, "-o", str(folder), *map(str, files)], capture_output=True, check=False
    )
    for file in files:
        if (folder / file.name).exists():
            done[file] = folder / file.name
    return done


def by_script(script: str, python: str, files: list[Path]) -> dict[Path, Path]:
    asked = subprocess.run(
        [python, "-c", script],
        input=json.dumps([str(file) for file in files]),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = asked.stdout.strip().splitlines()
    done = json.loads(lines[-1]) if lines else {}
    return {Path(source): Path(copy) for source, copy in done.items()}


def piexif(files: list[Path]) -> dict[Path, Path]:
    import piexif as remover

    done = {}
    for file in files:
        copy = file.with_suffix(".piexif" + file.suffix)
        try:
            remover.remove(file.read_bytes(), str(copy))
        except Exception:  # noqa: BLE001 - that is what its user sees
            continue
        if copy.exists():
            done[file] = copy
    return done


def pillow(files: list[Path]) -> dict[Path, Path]:
    from PIL import Image

    done = {}
    for file in files:
        copy = file.with_name("pillow-" + file.name)
        try:
            with Image.open(file) as image:
                image.save(copy, save_all=getattr(image, "is_animated", False))
        except Exception:  # noqa: BLE001
            continue
        done[file] = copy
    return done


def photoguard(files: list[Path]) -> dict[Path, Path]:
    from photoguard.pipeline import scrub

    done = {}
    for file in files:
        outcome = scrub(file, file.parent / "photoguard" / file.name)
        if outcome.kind is OutcomeKind.SCRUBBED and outcome.output is not None:
            done[file] = outcome.output
    return done


def removers() -> dict[str, Callable[[list[Path]], dict[Path, Path]]]:
    found: dict[str, Callable[[list[Path]], dict[Path, Path]]] = {}
    if shutil.which("exiftool"):
        found["exiftool -all="] = lambda files: exiftool(files, "-all=")
        found["as ExifCleaner does"] = lambda files: exiftool(
            files, "-all=", "-TagsFromFile", "@", "-Orientation", "-ICC_Profile"
        )
    system = "/usr/bin/python3"
    if (
        Path(system).exists()
        and not subprocess.run([system, "-c", "import libmat2"], capture_output=True, check=False).returncode
    ):
        found["mat2"] = lambda files: by_script(_MAT2, system, files)
    if not subprocess.run([sys.executable, "-c", "import pyexiv2"], capture_output=True, check=False).returncode:
        found["pyexiv2"] = lambda files: by_script(_PYEXIV2, sys.executable, files)
    return found | {"piexif": piexif, "Pillow": pillow, "photoguard": photoguard}


def main() -> None:
    places = [*JPEG, *PNG, *WEBP, *GIF, *TIFF, *BMP, *modern_places()]
    tools = removers()
    cells: dict[str, list[str]] = {}
    for tool, clean in tools.items():
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for number, place in enumerate(places):
                file = Path(folder, "dirty", f"{number:03}.{_SUFFIXES.get(place.format, place.format)}")
                file.parent.mkdir(exist_ok=True)
                file.write_bytes(place.dirty)
                files.append(file)
            done = clean(files)
            cells[tool] = [
                _NOT_DONE if file not in done else _STAYS if traces(done[file].read_bytes(), place.secret) else _GONE
                for file, place in zip(files, places, strict=True)
            ]
    print("# Where things hide, and what removers leave\n")
    print(
        "Made by `python tests/hiding_places.py`: each row is a file built from scratch with one secret in one place,"
    )
    print("each column a remover that was run on it; the secret is searched for in eleven spellings and in everything")
    print('that inflates. "refuses": no cleaned file came out. The column "as ExifCleaner does" is exiftool with the')
    print("arguments that ExifCleaner's documentation names; the program itself was not run.\n")
    print("| of " + str(len(places)) + " places | " + " | ".join(tools) + " |\n|---|" + "---|" * len(tools))
    for word, meaning in ((_GONE, "emptied"), (_STAYS, "not emptied"), (_NOT_DONE, "file refused")):
        print(f"| {meaning} | " + " | ".join(str(column.count(word)) for column in cells.values()) + " |")
    print("\n| format: place | " + " | ".join(tools) + " |\n|---|" + "---|" * len(tools))
    for number, place in enumerate(places):
        print(f"| {place} | " + " | ".join(column[number] for column in cells.values()) + " |")


if __name__ == "__main__":
    main()
