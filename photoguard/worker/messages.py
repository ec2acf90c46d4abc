"""What the window and its engine processes say to each other: frozen values, picklable, no Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from photoguard.domain import Box, FaceChoice, Finding, Options, Outcome, Platform, Progress
from photoguard.errors import Problem


@dataclass(frozen=True)
class Picture:
    """Upright sRGB pixels, three bytes each, rows without padding."""

    width: int
    height: int
    rgb: bytes = field(repr=False)


@dataclass(frozen=True)
class Region:
    """A rectangle in shares (0..1) of the upright photo's width and height; the same at every size of the photo."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def of(cls, box: Box, size: tuple[int, int]) -> Region:
        """``box`` in pixels of a photo of ``size`` (width, height)."""
        return cls(box.x / size[0], box.y / size[1], box.width / size[0], box.height / size[1])

    def box(self, size: tuple[int, int]) -> Box:
        """The rectangle in pixels of a photo of ``size``."""
        return Box(self.x * size[0], self.y * size[1], self.width * size[0], self.height * size[1])


@dataclass(frozen=True)
class Look:
    """Ask what a file carries, and what it looks like."""

    ticket: int
    source: Path
    side: int = 320
    """Longer side of the wanted thumbnail in pixels."""


@dataclass(frozen=True)
class FindFaces:
    """Ask where the faces are."""

    ticket: int
    source: Path
    choice: FaceChoice = FaceChoice.ALL


@dataclass(frozen=True)
class ShowPair:
    """The photo and its copy, for comparing."""

    ticket: int
    source: Path
    output: Path
    platform: Platform = Platform.ANY


@dataclass(frozen=True)
class WarmUp:
    """Load the models that ``options`` need."""

    ticket: int
    options: Options


@dataclass(frozen=True)
class Protect:
    """Write a protected copy."""

    ticket: int
    source: Path
    destination: Path
    options: Options
    left_out: tuple[Region, ...] = ()
    """Faces that stay as they are."""
    added: tuple[Region, ...] = ()
    """Faces that a person pointed out."""
    press: int = 0
    """Number of the press of the button it belongs to: what lies in the folders is looked up once for each."""
    is_named: bool = True
    """The user gave this very file, rather than a folder it lies in."""
    is_again: bool = False
    """One more copy is wanted, whatever is there."""


@dataclass(frozen=True)
class MeetPeople:
    """Look who is in a photo that is to be protected later: before any photo of a run is changed, all of them are met."""

    ticket: int
    photo: Protect


@dataclass(frozen=True)
class Scrub:
    """Write a copy without metadata."""

    ticket: int
    source: Path
    destination: Path
    press: int = 0
    """Number of the press of the button it belongs to: what lies in the folders is looked up once for each."""
    is_named: bool = True
    """The user gave this very file, rather than a folder it lies in."""
    is_again: bool = False
    """One more copy is wanted, whatever is there."""


@dataclass(frozen=True)
class ShowEditorViews:
    """Ask what AI editors make of a photo and of its copy."""

    ticket: int
    source: Path
    output: Path
    faces: tuple[Box, ...] = ()
    """As in the copy's report; the largest one's surroundings are shown."""
    platform: Platform = Platform.ANY


@dataclass(frozen=True)
class ListModels:
    """Ask which models there are on this machine."""

    ticket: int


@dataclass(frozen=True)
class GetModels:
    """Fetch models from where their authors publish them; the answer is ``ModelsListed``."""

    ticket: int
    names: tuple[str, ...]
    """Also ``core``."""


@dataclass(frozen=True)
class TakeModel:
    """Install a model file or a pack; the answer is ``ModelsListed``."""

    ticket: int
    path: Path


Request = (
    Look
    | FindFaces
    | ShowPair
    | ShowEditorViews
    | ListModels
    | WarmUp
    | MeetPeople
    | Protect
    | Scrub
    | GetModels
    | TakeModel
)


@dataclass(frozen=True)
class Looked:
    """Answer to :class:`Look`."""

    ticket: int
    findings: tuple[Finding, ...]
    size: tuple[int, int] | None
    """(width, height) upright; None where the pixels could not be read."""
    frames: int
    thumbnail: Picture | None
    problem: Problem | None = None
    """Why it cannot be worked on, where that is already plain."""


@dataclass(frozen=True)
class FacesFound:
    """Answer to :class:`FindFaces`, the largest first."""

    ticket: int
    faces: tuple[Region, ...]


@dataclass(frozen=True)
class PairShown:
    """Answer to :class:`ShowPair`: both of equal size, as the proof compared them."""

    ticket: int
    before: Picture
    after: Picture
    small: tuple[Picture, Picture] | None = None
    """Both reduced, where they are large: the whole photo is drawn faster and finer from these."""
    full_size: tuple[int, int] = (0, 0)
    """(width, height) in which faces were measured; more than is shown where the photo was too large to show whole."""

    @property
    def is_reduced(self) -> bool:
        return self.before.width < self.full_size[0]


@dataclass(frozen=True)
class EditorView:
    """What editors of one family read, decoded again."""

    family: str
    """Of their encoders."""
    before: Picture
    after: Picture


@dataclass(frozen=True)
class EditorViewsShown:
    """Answer to :class:`ShowEditorViews`; empty where no decoder is installed."""

    ticket: int
    views: tuple[EditorView, ...]


@dataclass(frozen=True)
class Warm:
    """Answer to :class:`WarmUp`: names of the encoders that take part."""

    ticket: int
    models: tuple[str, ...]


@dataclass(frozen=True)
class PeopleMet:
    """Answer to :class:`MeetPeople`, also where nobody could be seen."""

    ticket: int


@dataclass(frozen=True)
class Finished:
    """Answer to :class:`Protect` and :class:`Scrub`."""

    ticket: int
    outcome: Outcome


@dataclass(frozen=True)
class Unable:
    """A request could not be answered: its problem, or ENGINE_DIED where the process ended under it."""

    ticket: int
    problem: Problem


@dataclass(frozen=True)
class Stopped:
    """A request ended because the user asked for it; nothing was written."""

    ticket: int


@dataclass(frozen=True)
class Progressed:
    """A request is under way."""

    ticket: int
    progress: Progress


@dataclass(frozen=True)
class ModelLine:
    """One model as a user sees it."""

    name: str
    purpose: str
    """``surrogate``: photos are protected against it; ``evaluator``: it only judges."""
    licence: str
    """Empty where it is not known."""
    is_built_in: bool
    size_bytes: int = 0


@dataclass(frozen=True)
class ModelsListed:
    """Answer to :class:`ListModels`, :class:`GetModels` and :class:`TakeModel`."""

    ticket: int
    models: tuple[ModelLine, ...]
    can_shield: bool = False
    """Whether a latent encoder is there against which a shield can be worked out."""


Answer = (
    ModelsListed | Looked | FacesFound | PairShown | EditorViewsShown | Warm | PeopleMet | Finished | Unable | Stopped
)
Event = Answer | Progressed


@dataclass(frozen=True)
class Stop:
    """End this request at its next step."""

    ticket: int


@dataclass(frozen=True)
class Pause:
    """Rest at the next step, or go on."""

    is_wanted: bool


Order = Stop | Pause
