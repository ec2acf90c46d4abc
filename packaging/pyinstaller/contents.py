"""What goes into the frozen folder and what is left out; the one place that says so."""  # noqa: INP001

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

EXTRAS = ("gui", "heic", "detectors")
"""Extras of pyproject.toml that are inside. `jxl` is not: its decoder is GPL-3.0."""

EXCLUDED_MODULES = (
    # tools of a build, a test, a notebook or another window
    *(
        "pip",
        "setuptools",
        "pkg_resources",
        "wheel",
        "pytest",
        "_pytest",
        "hypothesis",
        "IPython",
        "tkinter",
        "lib2to3",
    ),
    *("pydoc_data", "readline"),  # readline is GPL-3.0
    # extras that are not inside
    *("matplotlib", "distributed", "dask", "scipy", "skimage", "pandas", "pillow_heif", "pillow_jxl"),
    *("onnx", "safetensors", "ssimulacra2"),
    # model files are found on disk; their package is never imported
    "face_recognition_models",
    # parts of torch that nothing of ours reaches
    *("torch.utils.tensorboard", "torch.utils.benchmark", "torchvision", "torchaudio", "triton"),
    "torch.testing._internal.opinfo",
    # Qt beyond plain windows
    *(f"PySide6.Qt{part}" for part in ("Qml", "Quick", "OpenGL", "OpenGLWidgets", "Sql", "Test", "Designer", "Help")),
    *(f"PySide6.Qt{part}" for part in ("PrintSupport", "Xml", "Network", "Svg", "Concurrent", "UiTools")),
)

DLIB_MODELS = (
    "dlib_face_recognition_resnet_model_v1.dat",
    "mmod_human_face_detector.dat",
    "shape_predictor_5_face_landmarks.dat",
)
"""Without the 68-point landmarks (100 MB), which nothing uses."""

_UNWANTED = re.compile(
    r"""
      PySide6/(Qt/)?translations/(?!qtbase_(ko|en)\.qm)             # Qt's words in other languages
    | PySide6/(Qt/)?plugins/(
          platforms/(lib)?q(vnc|linuxfb|eglfs|minimalegl|vkkhrdisplay|directfb)
        | platforminputcontexts/(lib)?qtvirtualkeyboard
        | platformthemes/libqgtk3                                    # brings all of GTK; the portal's dialogs stay
        | wayland-graphics-integration-client
        | wayland-shell-integration/lib(fullscreen|ivi|qt-shell|wl-shell)
        | xcbglintegrations | iconengines | egldeviceintegrations | generic | networkinformation | tls | sqldrivers
        | qmltooling | printsupport | position | designer
        | imageformats/(?!(lib)?q(jpeg|ico))
      )
    | (^|/)(lib)?Qt6?(Qml|Quick|VirtualKeyboard|OpenGLWidgets|EglF[sS]|Pdf|Svg|Network)\w*([.]|$)
    | opengl32sw\.dll$                                               # software OpenGL, 20 MB; plain windows need none
    | ^(?!.*dist-info).*/(tests?|testing)/.*\.(py|png|json|txt|dat)$
    | \.(pyi|h|hpp|lib|a|cmake)$
    """,
    re.VERBOSE,
)
_SYSTEM_LIBRARY = re.compile(r"lib[^/]*\.so[.\d]*$")

Entry = tuple[str, str, str]
"""As PyInstaller has them: path below ``_internal``, source, kind."""


def is_wanted(target: str) -> bool:
    """Whether a file that PyInstaller found belongs into the folder; ``target`` is its path below ``_internal``."""
    return _UNWANTED.search(target.replace("\\", "/")) is None


def without_orphans(entries: list[Entry]) -> list[Entry]:
    """``entries`` less the system's libraries that only left-out files asked for. Linux; elsewhere nothing changes."""
    if not sys.platform.startswith("linux"):
        return entries
    loose = {target for target, _, _ in entries if _SYSTEM_LIBRARY.fullmatch(target)}
    needed = {target for target in loose if target.startswith("libpython")}
    for target, source, _ in entries:
        if target not in loose:
            needed |= _needed_by(source)
    return [entry for entry in entries if entry[0] not in loose or entry[0] in needed]


def data_files(project: Path) -> list[tuple[str, str]]:
    """Files and their folders below ``_internal``: ours, dlib's models and the portrait for `photoguard demo`."""
    package = project / "photoguard"
    ours = [(path, path.parent.relative_to(project)) for path in package.rglob("*.toml")]
    ours += [(path, Path("photoguard") / path.parent.relative_to(project)) for path in _assets(project)]
    models = _package_folder("face_recognition_models") / "models"
    ours += [(models / name, Path("face_recognition_models", "models")) for name in DLIB_MODELS]
    ours.append((_package_folder("skimage") / "data" / "astronaut.png", Path("skimage", "data")))
    return [(str(source), target.as_posix()) for source, target in ours]


def bundled_distributions(project: Path) -> list[str]:
    """Names of every package inside: what photoguard needs with ``EXTRAS``, and what that needs in turn."""
    from packaging.requirements import Requirement

    table = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = table["dependencies"] + [line for extra in EXTRAS for line in table["optional-dependencies"][extra]]
    found: dict[str, None] = {}
    while lines:
        asked = Requirement(lines.pop())
        if asked.marker is not None and not asked.marker.evaluate({"extra": ""}):
            continue
        name = re.sub(r"[-_.]+", "-", asked.name).lower()
        if name in found or name in {"setuptools", "pip"} or not _is_there(name):
            continue
        found[name] = None
        lines += distribution(name).requires or ()
    return sorted(found)


def _is_there(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _assets(project: Path) -> list[Path]:
    return [path for path in (project / "assets").rglob("*") if path.is_file() and path.name != "README.md"]


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{name} is not installed in the environment that builds")
    return Path(spec.submodule_search_locations[0])


def _needed_by(library: str) -> set[str]:
    """Names of the libraries that ``library`` loads, those of its libraries among them."""
    said = subprocess.run(["ldd", library], capture_output=True, text=True, check=False).stdout  # noqa: S603, S607
    return {line.split()[0].rsplit("/", 1)[-1] for line in said.splitlines() if line.strip()}
