"""Which students come with photoguard: whom each learnt from, and how its network is laid out."""

from __future__ import annotations

from dataclasses import dataclass

from photoguard.encoders.protocol import ChipInput


@dataclass(frozen=True)
class Stage:
    """Blocks that work at one size: the first halves the picture, the others add to what they are given."""

    channels: int
    entry_width: int
    """Channels inside the first block."""
    width: int
    """Channels inside each of the others."""
    others: int


@dataclass(frozen=True)
class Layout:
    """A student's network, block by block as its teacher's, so that each block can be taught by itself."""

    name: str
    teacher: str
    """The recogniser it learnt from, by the name in the registry and in ``docs/models.md``."""
    teacher_sha256: str
    chip: ChipInput
    stem: int
    """Channels of the first block."""
    stages: tuple[Stage, ...]
    head_width: int
    outputs: int

    def learnt_from(self, name: str, sha256: str | None) -> bool:
        """Whether the recogniser called ``name``, or the file of that SHA-256, was the teacher."""
        return name == self.teacher or sha256 == self.teacher_sha256

    @property
    def last_side(self) -> int:
        """Side in pixels of the picture that the head gets."""
        return self.chip.size >> (1 + len(self.stages))


_USUAL = (Stage(64, 128, 128, 4), Stage(128, 256, 256, 6), Stage(128, 512, 256, 2))
_ARCFACE = ChipInput("arcface112", 112)

LAYOUTS = (
    Layout(
        "student_mfn",
        "espdl_mfn",
        "fb47dd276ce46cbfdc58a9eb4c33db429f94311a4c002cc1b32c9564bc5e17b5",
        _ARCFACE,
        64,
        _USUAL,
        512,
        512,
    ),
    Layout(
        "student_foamliu",
        "foamliu",
        "b7120c095d60094f28a4a54ba6a8bf51b297a6273fb40ef6350dfec1f63d9507",
        _ARCFACE,
        64,
        _USUAL,
        512,
        128,
    ),
)
