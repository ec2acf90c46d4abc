"""Teaches one student: its blocks one by one, then the whole."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from photoguard.encoders.students import Layout
from photoguard.encoders.students.network import Network
from photoguard.encoders.train import drawing
from photoguard.encoders.train.crops import Crops
from photoguard.encoders.train.descent import Seeing, uphill
from photoguard.encoders.train.learning import Learning, start_at
from photoguard.encoders.train.teacher import Teacher

_WARM_UP = 0.03
"""Share of the steps in which the step size grows."""
_LAST_RATE = 0.02
_FIRST_BATCH = 32
"""Of the chips that the blocks' first means and spreads are taken from."""
_EMBEDDING_WEIGHT, _BLOCKS_WEIGHT = 4.0, 2.0
_MOVED = (0.004, 0.05)
"""How far chips are moved along a gradient: root mean square, of values in 0..1."""
_START = 0.01
"""Of the noise that gives the gradient at a face itself a direction."""


@dataclass(frozen=True)
class Course:
    """How long a student is taught, and how."""

    block_steps: int = 600
    whole_steps: int = 3000
    batch: int = 16
    block_rate: float = 4e-3
    whole_rate: float = 1.5e-3
    seed: int = 0
    keep_every: int = 50
    """Steps after which all is written down, to go on from there."""


def fit(
    layout: Layout, teacher: Teacher, crops: Crops, course: Course, notes: Path, tell: Callable[[str, int, float], None]
) -> Network:
    """The student of ``layout`` after the whole course; learning parts, ready to run.

    ``notes``: where the state is kept; a course that was stopped goes on from it, to the same end. ``tell`` hears of the
    part ("blocks" or "whole"), the step and the loss now and then.
    """
    torch.manual_seed(course.seed)
    lesson = _Lesson(Network(layout, Learning()), layout, teacher, crops, course)
    lesson.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    lesson.resume(notes)
    for part, steps, loss_of in (
        ("blocks", course.block_steps, lesson.block_loss),
        ("whole", course.whole_steps, lesson.whole_loss),
    ):
        while lesson.part == part and lesson.step < steps:
            loss = lesson.take(loss_of, steps)
            if lesson.step % course.keep_every == 0 or lesson.step == steps:
                tell(part, lesson.step, loss)
                lesson.keep(notes)
        if lesson.part == part == "blocks":
            lesson.begin("whole", course.whole_rate)
    return lesson.network.eval()


class _Lesson:
    """A student, and where it stands."""

    def __init__(self, network: Network, layout: Layout, teacher: Teacher, crops: Crops, course: Course) -> None:
        self.network = network
        self._chip, self._teacher, self._crops, self._course = layout.chip, teacher, crops, course
        self._chance = np.random.default_rng(course.seed)
        self.begin("blocks", course.block_rate)

    def begin(self, part: str, rate: float) -> None:
        self.part, self.step, self._rate = part, 0, rate
        self._adam = torch.optim.Adam(self.network.parameters(), rate, betas=(0.9, 0.99))

    def take(self, loss_of: Callable[[], torch.Tensor], steps: int) -> float:
        """One step of Adam (Kingma & Ba 2015), whose size falls along a cosine."""
        progress = self.step / steps
        warm = min(1.0, 0.05 + progress / _WARM_UP)
        fall = _LAST_RATE + (1 - _LAST_RATE) * 0.5 * (1 + math.cos(math.pi * progress))
        for group in self._adam.param_groups:
            group["lr"] = self._rate * warm * fall
        self.network.train()
        loss = loss_of()
        self._adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._adam.step()
        self.step += 1
        return float(loss.detach())

    def block_loss(self) -> torch.Tensor:
        """How far each block is from its teacher's, given the same."""
        given, wanted = self._between(self._drawn(self._course.batch))
        branches = [block.branch(x) for block, x in zip(self.network.blocks, given, strict=True)]  # type: ignore[operator]
        return torch.stack([_distance(*pair) for pair in zip(branches, wanted, strict=True)]).mean()

    def whole_loss(self) -> torch.Tensor:
        """How far the student is from its teacher, block after block and in the end; every second time a quarter of the
        faces is moved to where the student, as it is now, would see somebody else, and a quarter to where the teacher does.
        """
        chips = self._drawn(self._course.batch)
        if self.step % 2:
            quarter = len(chips) // 4
            self.network.eval().requires_grad_(False)
            moved = [
                self._moved(chips[:quarter], self.network),
                self._moved(chips[quarter : 2 * quarter], self._teacher.embed),
            ]
            self.network.train().requires_grad_(True)
            chips = torch.cat([*moved, chips[2 * quarter :]]).contiguous(memory_format=torch.channels_last)
        wanted = self._teacher.values(chips)
        made = self.network.values(chips)
        cosine = F.cosine_similarity(made[-1], wanted[-1])
        distances = torch.stack([_distance(*pair) for pair in zip(made, wanted, strict=True)])
        return _EMBEDDING_WEIGHT * (1 - cosine).mean() + _BLOCKS_WEIGHT * distances.mean()

    def resume(self, notes: Path) -> None:
        if not notes.is_file():
            start_at(self.network, *self._between(self._drawn(_FIRST_BATCH)))
            return
        kept: dict[str, Any] = torch.load(notes, weights_only=True)
        self.begin(kept["part"], self._course.block_rate if kept["part"] == "blocks" else self._course.whole_rate)
        self.step = kept["step"]
        self.network.load_state_dict(kept["network"])
        self._adam.load_state_dict(kept["adam"])
        self._chance.bit_generator.state = kept["chance"]

    def keep(self, notes: Path) -> None:
        part = notes.with_suffix(".part")
        kept = {
            "part": self.part,
            "step": self.step,
            "network": self.network.state_dict(),
            "adam": self._adam.state_dict(),
            "chance": self._chance.bit_generator.state,
        }
        torch.save(kept, part)
        part.replace(notes)

    def _drawn(self, count: int) -> torch.Tensor:
        chosen = np.sort(self._chance.choice(len(self._crops), min(count, len(self._crops)), replace=False))
        return drawing.varied(self._crops[chosen], self._chip, self._chance)

    def _between(self, chips: torch.Tensor) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        """What each of the teacher's blocks gets, and what it works out of that."""
        handed_on = self._teacher.values(chips)
        given = [chips, *handed_on[:-1]]
        wanted = [
            out - x if block.is_residual else out
            for block, x, out in zip(self.network.blocks, given, handed_on, strict=True)
        ]
        return given, wanted

    def _moved(self, chips: torch.Tensor, seen_by: Seeing) -> torch.Tensor:
        """``chips`` a random way down the gradient of the likeness that ``seen_by`` sees."""
        with torch.no_grad():
            own = seen_by(chips)
        noise = self._chance.standard_normal(tuple(chips.shape)).astype(np.float32)
        away = uphill(seen_by, chips + _START * torch.from_numpy(noise), own)
        far = torch.from_numpy(self._chance.uniform(*_MOVED, (len(chips), 1, 1, 1)).astype(np.float32))
        return (chips - far * away).clamp(0, 1)


def _distance(made: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Mean squared error over the variance of what is wanted: 1 where the student only knows the mean."""
    axes = (0, 2, 3) if wanted.ndim > 2 else (0,)
    return F.mse_loss(made, wanted) / wanted.sub(wanted.mean(axes, keepdim=True)).square().mean()
