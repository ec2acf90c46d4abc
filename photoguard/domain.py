"""The values that flow between the rooms: frozen, no I/O, no torch, no Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from photoguard.errors import Problem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class ImageFormat(StrEnum):
    """Container formats that can be told apart by their first bytes."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    TIFF = "tiff"
    HEIC = "heic"
    AVIF = "avif"
    JXL = "jxl"
    JP2 = "jpeg2000"
    BMP = "bmp"


class FindingKind(StrEnum):
    """What a hidden piece of a file tells about people (docs/threat-model.md)."""

    LOCATION = "location"
    DEVICE = "device"
    TIME = "time"
    AUTHOR = "author"
    PEOPLE = "people"
    HIDDEN_PICTURE = "hidden_picture"
    HIDDEN_VIDEO = "hidden_video"
    PROVENANCE = "provenance"
    TEXT = "text"
    COLOUR = "colour"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """One thing a file carries besides the picture.

    Holds no value (no coordinate, no name): only where it is, what it is and how big.
    """

    kind: FindingKind
    place: str
    """Path of segments, chunks or boxes, e.g. ``APP1/Exif/GPS``, ``mpvd``, ``trailer``."""
    size_bytes: int
    width: int | None = None
    """Of a hidden picture, when known."""
    height: int | None = None
    detail: str = ""
    """A fixed word that narrows the kind, e.g. ``thumbnail``, ``gain_map``, ``c2pa``; never a value."""


class Strength(StrEnum):
    GENTLE = "gentle"
    STANDARD = "standard"
    STRONG = "strong"


class Platform(StrEnum):
    ANY = "any"
    INSTAGRAM = "instagram"
    KAKAOTALK = "kakaotalk"
    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"
    FACEBOOK = "facebook"
    X = "x"


class FaceChoice(StrEnum):
    ALL = "all"
    LARGEST = "largest"
    THOROUGH = "thorough"
    """All faces, and the slower, more searching detector on every photo."""


class OutputFormat(StrEnum):
    KEEP = "keep"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


@dataclass(frozen=True)
class Options:
    """What the user asked for; the same from the command line and the window."""

    strength: Strength = Strength.STANDARD
    platform: Platform = Platform.ANY
    shield_edits: bool = False
    models: tuple[str, ...] = ()
    """Names of surrogate encoders; empty: the best installed set."""
    detector: str = ""
    """Name of the detector; empty: the best installed one."""
    faces: FaceChoice = FaceChoice.ALL
    persona: str | None = None
    output_format: OutputFormat = OutputFormat.KEEP
    seed: int = 0


@dataclass(frozen=True)
class Persona:
    """A false identity that nobody has; equal seeds are the same one, on every computer and for every encoder."""

    name: str
    """As reports tell it."""
    seed: bytes = field(repr=False)


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of the upright photo; may reach over the border."""

    x: float
    y: float
    width: float
    height: float


class LandmarkKind(StrEnum):
    """Which five points a detector gives; order in both: as named, image left first."""

    DLIB5 = "dlib5"
    """dlib's five-point model in its own order: right eye outer, right eye inner, left eye
    outer, left eye inner ("right" is the image's right), nose base."""
    FIVE = "five"
    """Eye centres, nose tip, mouth corners, image left first (ArcFace, SCRFD, YuNet)."""


@dataclass(frozen=True)
class Face:
    """One detected face in the upright photo."""

    box: Box
    """Hairline to chin, ear to ear: the convention of WIDER-FACE detectors."""
    landmarks: tuple[tuple[float, float], ...]
    """Five (x, y) points, see ``landmark_kind``; pixel centres at integers."""
    landmark_kind: LandmarkKind
    score: float
    detector: str


Looks = Mapping[str, tuple[float, ...]]
"""What one face looks like: encoder -> unit vector."""


@dataclass(frozen=True)
class Sighting:
    """The faces of a photo, found before its turn came."""

    sha256: str
    """Of the file they were found in."""
    faces: tuple[Face, ...]
    looks: tuple[Looks, ...] = field(default=(), repr=False)
    """What each looks like to the encoders and to the one that tells the people of a folder apart; nothing for faces that
    are too small to be cloaked."""


@dataclass(frozen=True)
class Part:
    """Whom a face is to be taken for, and for whom it is not."""

    persona: Persona
    person: Looks = field(default_factory=dict, repr=False)
    """What its owner looks like, over several photos where there are several. Pushed away from that, photos of one person
    all change in one direction; each pushed away from itself alone, they do not, and the mean of many shows the person."""


@dataclass(frozen=True)
class Cast:
    """Whom the faces of a photo are to be taken for."""

    sighting: Sighting
    parts: tuple[Part | None, ...]
    """Of the sighting's faces, in their order."""


class Subsampling(StrEnum):
    """Chroma sampling of a JPEG."""

    S444 = "4:4:4"
    S422 = "4:2:2"
    S420 = "4:2:0"


@dataclass(frozen=True)
class Encoding:
    """How the source was coded, so that the copy can match it."""

    format: ImageFormat
    quantisation: tuple[tuple[int, ...], ...] = ()
    """JPEG: the source's tables in natural (row) order, for Pillow's ``qtables``."""
    subsampling: Subsampling = Subsampling.S420
    is_progressive: bool = False
    quality: int = 90
    """Estimated quality 1-100, for lossy formats."""
    is_lossless: bool = False
    """WebP: VP8L; PNG is always lossless."""


@dataclass(frozen=True, eq=False)
class Photo:
    """Upright sRGB (or grey) pixels of the first frame, freed from their container."""

    pixels: npt.NDArray[np.uint8]
    """(height, width, 3) RGB, or (height, width) for grey; 0..255."""
    alpha: npt.NDArray[np.uint8] | None
    """(height, width), or None for an opaque photo."""
    encoding: Encoding
    notes: tuple[str, ...] = ()
    """Fixed words on what decoding had to change: ``rotated``, ``converted_to_srgb``,
    ``treated_as_srgb`` (unusable profile), ``reduced_to_8_bit``, ``converted_from_cmyk``,
    ``first_frame_only``, ``cleared_under_transparency``, ``flattened_on_white``, ``resized_for_platform``;
    ``finished_picture width=1024 height=683 full_width=2048 full_height=1365``: of a raw photo (upright)."""

    @property
    def is_grey(self) -> bool:
        return self.pixels.ndim == 2

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])


class OutcomeKind(StrEnum):
    """How a photo ended; the JSON contract's words."""

    PROTECTED = "protected"
    SCRUBBED = "scrubbed"
    NO_FACE = "no_face"
    REFUSED = "refused"
    FAILED = "failed"
    SKIPPED = "skipped"


class Verdict(StrEnum):
    """What may be said of a face in a written file, the best first; in words only what was measured bears out."""

    UNLIKE = "unlike"
    """Whoever checked it takes it for a stranger, with a margin."""
    HARDER = "harder"
    """Below the usual border, but near it."""
    HINDERED = "hindered"
    """Above the usual border; less alike than two usual photos of one person."""
    RECOGNISABLE = "recognisable"
    """As alike as two usual photos of one person, or nearly."""
    UNCHECKED = "unchecked"
    """Nobody looked who had no part in the change; those who had would flatter it."""


@dataclass(frozen=True)
class Judgement:
    """How recognisable a face still is, and by whose measure."""

    verdict: Verdict
    likeness: float | None
    """0: a stranger, 50: where recognisers usually draw the line, 100: like another photo of the person. The highest
    of all cells; None where nobody independent looked and those who took part have nothing to warn of."""
    judges: tuple[str, ...] = ()
    """Recognisers that looked and had no part in the change."""
    took_part: tuple[str, ...] = ()
    worst: str = ""
    """The view in which it is most recognisable."""
    is_assumed: bool = False
    """Whether a recogniser spoke whose cosines were not calibrated; cautious borders stood in."""


@dataclass(frozen=True)
class FaceReport:
    """What was measured on one face of the written file."""

    box: Box
    similarity: Mapping[str, Mapping[str, float]]
    """encoder -> view -> cosine between original and protected; 1.0 is the same person."""
    visibility: Mapping[str, float]
    """``ssimulacra2``, ``butteraugli_3norm``, ``psnr`` on the face crop."""
    is_cloaked: bool = True
    problem: Problem | None = None
    """Why this face was left as it is, e.g. too small."""
    judgement: Judgement | None = None
    """None for faces that were left as they are, and in reports of earlier versions."""
    persona: str = ""
    """Name of the false identity it was given; empty: none."""


@dataclass(frozen=True)
class Proof:
    """What was re-read from the written bytes."""

    is_clean: bool
    """The inventory of the written bytes holds no finding."""
    same_size: bool
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Outcome:
    """The whole story of one photo."""

    source: Path
    output: Path | None
    kind: OutcomeKind
    problem: Problem | None = None
    findings: tuple[Finding, ...] = ()
    """What the source carried; all of it is gone from the output."""
    faces: tuple[FaceReport, ...] = ()
    quality: Mapping[str, float] = field(default_factory=dict)
    """Whole photo: ``psnr_outside_faces``, ``size_ratio``, ..."""
    proof: Proof | None = None
    shield: Mapping[str, Mapping[str, float | bool]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """Fixed words on what else had to change, as in ``Photo``; a word may be followed by ``name=number``."""
    seconds: float = 0.0
    earlier: OutcomeKind | None = None
    """For ``skipped``: how the photo ended in the run that made its copy."""

    @property
    def ended(self) -> OutcomeKind:
        """How the photo ended, in this run or, for ``skipped``, in the one that made its copy."""
        return self.earlier or self.kind

    @property
    def judgement(self) -> Judgement | None:
        """Of the face that is still the most recognisable; None where none was judged."""
        found = [face.judgement for face in self.faces if face.judgement is not None]
        return max(found, key=lambda one: (_WORST_LAST.index(one.verdict), one.likeness or 0), default=None)


_WORST_LAST = (Verdict.UNLIKE, Verdict.HARDER, Verdict.HINDERED, Verdict.UNCHECKED, Verdict.RECOGNISABLE)


class Stage(StrEnum):
    READING = "reading"
    FINDING_FACES = "finding_faces"
    CLOAKING = "cloaking"
    SHIELDING = "shielding"
    WRITING = "writing"
    CHECKING = "checking"
    FETCHING = "fetching"
    """A model, not a photo; steps are kilobytes."""


_SHARES = {
    Stage.READING: 0.0,
    Stage.FINDING_FACES: 0.02,
    Stage.CLOAKING: 0.1,
    Stage.SHIELDING: 0.55,
    Stage.WRITING: 0.92,
    Stage.CHECKING: 0.95,
    Stage.FETCHING: 0.0,
}
"""How much of a photo's work is done when a stage begins; cloaking takes nearly all of it where no shield follows."""


@dataclass(frozen=True)
class Progress:
    """Where the work on one photo stands."""

    stage: Stage
    face: int = 0
    """1-based number of the face being cloaked, 0 outside cloaking."""
    faces: int = 0
    step: int = 0
    steps: int = 0
    seconds_left: float | None = None
    """For this photo, from what was measured so far; None while unknown."""
    before_shield: bool = False
    """Whether a shield comes after the cloaks, which takes about as long as the cloak of a face."""

    @property
    def share(self) -> float:
        """How much of the photo's work is done, 0..1."""
        share = _SHARES[self.stage]
        end = _SHARES[Stage.SHIELDING if self.before_shield else Stage.WRITING]
        if self.stage in {Stage.CLOAKING, Stage.SHIELDING}:
            whole = (max(0, self.face - 1) + self.step / self.steps) / max(1, self.faces) if self.steps else 0.0
            share += (end - share) * min(1.0, whole)
        return share


ProgressListener = Callable[[Progress], None]
"""Called often and cheaply; may raise :class:`photoguard.errors.Cancelled` to stop the work."""


def silent(progress: Progress) -> None:
    """A listener for those who do not listen."""
