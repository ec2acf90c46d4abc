"""The three strengths: how visible a cloak may be, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass

from photoguard.domain import Strength

_LIBJXL_SEES = 1.002
"""libjxl's butteraugli_main printed up to .004 more at 2.2 than our own measure (100 photos of LFW)."""


@dataclass(frozen=True)
class Budget:
    """What people may see of the change on the face crop (at most 512 px) of the written file."""

    least_ssimulacra2: float
    most_butteraugli: float
    """3-norm, as libjxl's butteraugli_main prints it."""

    def holds(self, ssimulacra2: float, butteraugli: float) -> bool:
        """Whether a change that our own measures see so is within the budget, by libjxl's measure too."""
        return ssimulacra2 >= self.least_ssimulacra2 and butteraugli * _LIBJXL_SEES <= self.most_butteraugli


_STEPS_PER_ENCODER, _LEAST_STEPS = 14.4, 36
_FARTHER = 0.35
"""How much longer the first step gets where fewer are taken: a power of how many times fewer."""
_LARGE_PX, _SMALL_PX = 340, 150


@dataclass(frozen=True)
class Preset:
    budget: Budget
    most_steps: int
    """However many encoders take part."""
    step_size: float
    """The optimiser's first step in grey levels of 255, where all steps are taken; falls along a cosine."""
    leeway: float = 1.0
    """By what the limits at each place are multiplied."""
    share_on_large: float = 0.65
    """Share of the steps that a large face gets, where a step takes several times as long and the limits bind before the steps
    do."""

    def steps(self, encoders: int, displayed_px: float) -> int:
        """How many steps to take against so many ``encoders`` on a face that is displayed so large.

        Each encoder must have its turn often enough.
        """
        wanted = min(self.most_steps, max(_LEAST_STEPS, round(_STEPS_PER_ENCODER * encoders)))
        if displayed_px > _LARGE_PX:
            return max(min(wanted, _LEAST_STEPS), round(self.share_on_large * wanted))
        return wanted

    def encoders_per_step(self, displayed_px: float) -> int:
        """How many encoders look at the face in each step; they are drawn in turn.

        On a small face the encoders are what a step's time goes into, and a third more steps with one of them gain more than
        two in each step; on others measuring takes as long.
        """
        return 1 if displayed_px <= _SMALL_PX else 2

    def first_step(self, steps: int) -> float:
        """The optimiser's first step in grey levels of 255 where only so many are taken: fewer have to go farther."""
        return float(self.step_size * (self.most_steps / steps) ** _FARTHER)


# a strong cloak of a large face has far to go: own .48, with its standard share of the steps, to .41 (8 faces, 108 steps)
PRESETS = {
    Strength.GENTLE: Preset(Budget(75.0, 1.4), most_steps=64, step_size=1.5, leeway=0.7),
    Strength.STANDARD: Preset(Budget(65.0, 2.2), most_steps=72, step_size=1.7),
    Strength.STRONG: Preset(Budget(50.0, 3.8), most_steps=72, step_size=2.5, leeway=2.0, share_on_large=1.5),
}
