"""One photo by itself gets the persona that its people have on this computer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_practice import FACELESS, equipped, photo

from photoguard import casting
from photoguard.domain import Options, Outcome, OutcomeKind, Progress, Stage
from photoguard.errors import Failed, ProblemCode
from photoguard.personas.forgetting import forget
from photoguard.personas.seal import KEY_NAME
from photoguard.places import user_state

Protect = Callable[..., Outcome]


@pytest.fixture
def protect(tmp_path: Path) -> Protect:
    tools = equipped(Options())
    count = iter(range(100))

    def do(source: Path, options: Options | None = None, heard: list[Progress] | None = None) -> Outcome:
        listener = (lambda _: None) if heard is None else heard.append
        return casting.protect(source, tmp_path / "out" / f"{next(count)}.jpg", options or Options(), tools, listener)

    return do


def personas(outcome: Outcome) -> list[str]:
    return [face.persona for face in outcome.faces]


def test_a_person_keeps_their_persona(tmp_path: Path, protect: Protect) -> None:
    one, other = photo(tmp_path / "a.jpg"), photo(tmp_path / "b.jpg", shade=90)
    assert [personas(protect(source)) for source in (one, other)] == [["person-1"], ["person-1"]]
    assert personas(protect(one, Options(persona="holiday"))) == ["holiday"]


def test_the_same_photo_gives_the_same_bytes_until_all_is_forgotten(tmp_path: Path, protect: Protect) -> None:
    source = photo(tmp_path / "a.jpg")
    shas = []
    for _ in range(2):
        outcome = protect(source)
        assert outcome.proof is not None
        shas.append(outcome.proof.sha256)
        protect(photo(tmp_path / "b.jpg", shade=90))
    assert shas[0] == shas[1]
    assert forget(user_state())
    outcome = protect(source)
    assert outcome.proof is not None
    assert outcome.proof.sha256 != shas[0]


def test_progress_never_goes_back(tmp_path: Path, protect: Protect) -> None:
    heard: list[Progress] = []
    protect(photo(tmp_path / "a.jpg"), heard=heard)
    stages = [one.stage for one in heard]
    order = [Stage.READING, Stage.FINDING_FACES, Stage.CLOAKING, Stage.WRITING, Stage.CHECKING]
    assert stages == sorted(stages, key=order.index)


def test_a_bad_photo_is_told_in_its_outcome(tmp_path: Path, protect: Protect) -> None:
    (tmp_path / "a.jpg").write_text("no photo")
    assert protect(tmp_path / "a.jpg").kind is OutcomeKind.REFUSED
    assert protect(photo(tmp_path / "b.jpg", width=FACELESS)).kind is OutcomeKind.NO_FACE


def test_where_they_cannot_be_opened_only_a_named_one_is_refused(tmp_path: Path, protect: Protect) -> None:
    source = photo(tmp_path / "a.jpg")
    assert personas(protect(source)) == ["person-1"]
    (user_state() / KEY_NAME).write_bytes(bytes(32))
    assert protect(source).kind is OutcomeKind.PROTECTED
    with pytest.raises(Failed) as failed:
        protect(source, Options(persona="holiday"))
    assert failed.value.problem.code is ProblemCode.PERSONAS_LOCKED
