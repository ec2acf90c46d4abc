"""A student learns what its teacher does, and a course that was stopped ends where it would have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from photoguard.encoders.protocol import ChipInput
from photoguard.encoders.students.layout import Layout, Stage
from photoguard.encoders.students.loading import read
from photoguard.encoders.students.network import Network, Running
from photoguard.encoders.train.fitting import Course, fit
from photoguard.encoders.train.learning import constant
from photoguard.packs.tensors import written

LAYOUT = Layout(
    "tiny",
    "nobody",
    "",
    ChipInput("arcface112", 112),
    6,
    (Stage(6, 8, 8, 1), Stage(8, 10, 8, 1), Stage(8, 8, 8, 1)),
    8,
    12,
)
CROPS = np.random.default_rng(0).integers(0, 256, (12, 3, 20, 20), np.uint8).repeat(8, 2).repeat(8, 3)
COURSE = Course(block_steps=30, whole_steps=10, batch=4, keep_every=5)


class Drawn:
    """A teacher with random weights."""

    def __init__(self) -> None:
        torch.manual_seed(7)
        self.network = Network(LAYOUT, Running()).requires_grad_(False)

    def values(self, chips: torch.Tensor) -> list[torch.Tensor]:
        with torch.no_grad():
            return self.network.values(chips)

    def embed(self, chips: torch.Tensor) -> torch.Tensor:
        return F.normalize(self.network(chips), dim=1)


def taught(notes: Path, tell: Callable[[str, int, float], None] = lambda *_: None, course: Course = COURSE) -> Network:
    return fit(LAYOUT, Drawn(), CROPS, course, notes, tell)


def weights(network: Network) -> dict[str, bytes]:
    return {name: values.tobytes() for name, values in constant(network).items()}


def test_it_learns(tmp_path: Path) -> None:
    losses: dict[str, list[float]] = {"blocks": [], "whole": []}
    taught(tmp_path / "notes", lambda part, _step, loss: losses[part].append(loss))
    assert [len(found) for found in losses.values()] == [6, 2]
    assert losses["blocks"][-1] < 0.8 * losses["blocks"][0]


@pytest.mark.parametrize("stops_at", [("blocks", 10), ("whole", 5)])
def test_a_course_that_was_stopped_ends_as_an_undisturbed_one(tmp_path: Path, stops_at: tuple[str, int]) -> None:
    def stop(part: str, step: int, _loss: float) -> None:
        if (part, step) == stops_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        taught(tmp_path / "stopped", stop)
    steps: list[tuple[str, int]] = []
    resumed = taught(tmp_path / "stopped", lambda part, step, _loss: steps.append((part, step)))
    assert steps, "went on"
    assert weights(resumed) == weights(taught(tmp_path / "undisturbed"))


def test_another_seed_makes_another_student(tmp_path: Path) -> None:
    short = replace(COURSE, block_steps=1, whole_steps=1)
    one, again, other = (
        weights(taught(tmp_path / str(number), course=replace(short, seed=seed)))
        for number, seed in enumerate((1, 1, 2))
    )
    assert one == again != other


def test_the_written_student_does_what_the_taught_one_did(tmp_path: Path) -> None:
    network = taught(tmp_path / "notes")
    student = read(written(constant(network)), LAYOUT)
    chips = torch.rand(4, 3, 112, 112)
    with torch.no_grad():
        cosines = F.cosine_similarity(network(chips), student.network(chips))
    assert cosines.min() > 0.9999, "half precision costs next to nothing"
