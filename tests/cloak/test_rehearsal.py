"""How strong a finished layer may be."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from photoguard.cloak.presets import Budget
from photoguard.cloak.rehearsal import Rehearsal
from photoguard.cloak.visibility import Visibility

BUDGET = Budget(65.0, 2.2)


@dataclass
class Seen(Rehearsal):
    """A rehearsal whose loss of SSIMULACRA2 grows with a ``power`` of the strength."""

    loss: float
    power: float
    looked_at: list[float] = field(default_factory=list)

    def seen(self, layer: object, strength: float = 1.0) -> Visibility:
        self.looked_at.append(strength)
        return Visibility(100 - self.loss * strength**self.power, 2.0 * strength)


@pytest.mark.parametrize("power", [0.4, 0.6, 0.85, 1.0])
@pytest.mark.parametrize("loss", [20.0, 35.5, 45.0, 70.0])
def test_a_layer_ends_on_the_budget_however_what_is_seen_grows(loss: float, power: float) -> None:
    rehearsal = Seen(loss, power)
    strength = rehearsal.settled(None, BUDGET)  # type: ignore[arg-type]  # what is seen of it is given
    bound = min(1.15, (35 / loss) ** (1 / power), 2.2 / 2.0)
    assert 0.85 * bound < strength <= bound
    assert len(rehearsal.looked_at) <= 20


def test_where_nothing_may_be_seen_there_is_no_layer() -> None:
    assert Seen(1000.0, 0.1).settled(None, BUDGET) == 0.0  # type: ignore[arg-type]


@pytest.mark.parametrize("start", [1.9, 2.0, 2.1, 2.14])
def test_no_strength_is_given_away(start: float) -> None:
    """Where what is seen is in proportion to the strength, what is left of the budget is the headroom and no more."""

    class Straight(Seen):
        def seen(self, layer: object, strength: float = 1.0) -> Visibility:
            return Visibility(90.0, start * strength)

    strength = Straight(0.0, 1.0).settled(None, BUDGET)  # type: ignore[arg-type]
    assert 0.98 * min(1.15, 2.2 / start) <= strength <= min(1.15, 2.2 / start)
