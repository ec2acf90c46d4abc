"""One person, one persona: in a run, over later runs, after a kill, whoever finishes first; and nothing readable is kept."""

from __future__ import annotations

import os
import random
import sqlite3
import stat
from pathlib import Path

import numpy as np
import pytest

from photoguard.domain import Box, Face, LandmarkKind, Looks, Part, Sighting
from photoguard.errors import Failed, ProblemCode
from photoguard.personas.forgetting import NAME, forget
from photoguard.personas.seal import KEY_NAME
from photoguard.personas.store import Personas

FACE = Face(Box(0, 0, 90, 120), ((0.0, 0.0),) * 5, LandmarkKind.FIVE, 1.0, "drawn")


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photoguard.personas.seal._answered", lambda ask: None)


def look(person: int, shot: int, *, encoders: tuple[str, ...] = ("dlib", "other")) -> Looks:
    """Shots of one person lie close together, people far apart."""
    found = {}
    for encoder in encoders:
        draw = np.random.default_rng([person, len(encoder)])
        seen = draw.normal(size=16) + 0.1 * np.random.default_rng([person, shot, len(encoder)]).normal(size=16)
        found[encoder] = tuple((seen / np.linalg.norm(seen)).tolist())
    return found


def photo(*looks: Looks) -> Sighting:
    return Sighting("00", (FACE,) * len(looks), looks)


def names(parts: tuple[Part | None, ...]) -> list[str | None]:
    return [None if part is None else part.persona.name for part in parts]


def test_one_person_has_one_persona_and_another_has_another(tmp_path: Path) -> None:
    with Personas(tmp_path) as personas:
        first = personas.cast(photo(look(1, 1), look(2, 1)))
        second = personas.cast(photo(look(2, 2), look(1, 2)))
    assert names(first) == ["person-1", "person-2"]
    assert names(second) == ["person-2", "person-1"]
    assert first[0] is not None
    assert second[1] is not None
    assert first[0].persona.seed == second[1].persona.seed
    assert len({part.persona.seed for part in first if part is not None}) == 2


def test_later_runs_know_them(tmp_path: Path) -> None:
    with Personas(tmp_path) as personas:
        (before,) = personas.cast(photo(look(1, 1)))
    with Personas(tmp_path) as personas:
        assert names(personas.cast(photo(look(2, 1)))) == ["person-2"]
        (after,) = personas.cast(photo(look(1, 3)))
    assert before is not None
    assert after is not None
    assert after.persona == before.persona


def test_two_processes_at_once_learn_of_each_other(tmp_path: Path) -> None:
    with Personas(tmp_path) as one, Personas(tmp_path) as other:
        assert names(one.cast(photo(look(1, 1)))) == ["person-1"]
        assert names(other.cast(photo(look(2, 1)))) == ["person-2"]
        assert names(one.cast(photo(look(2, 2), look(3, 1)))) == ["person-2", "person-3"]


def test_a_face_that_is_too_small_has_no_part(tmp_path: Path) -> None:
    with Personas(tmp_path) as personas:
        parts = personas.cast(photo({}, look(1, 1)))
        assert names(parts) == [None, "person-1"]
        assert personas.cast(Sighting("00", (FACE,), ())) == ()


def test_a_name_gives_everybody_that_persona_and_keeps_people_apart(tmp_path: Path) -> None:
    with Personas(tmp_path) as personas:
        personas.cast(photo(look(1, 2), look(2, 2)), "holiday")
        one, other = personas.cast(photo(look(1, 1), look(2, 1)), "holiday")
        assert one is not None
        assert other is not None
        assert one.persona == other.persona
        assert one.person != other.person
        (unnamed,) = personas.cast(photo(look(1, 1)))
        assert unnamed is not None
        assert unnamed.persona.seed != one.persona.seed
    with Personas(tmp_path) as personas:
        (again,) = personas.cast(photo(look(5, 1)), "holiday")
        assert again is not None
        assert again.persona == one.persona


def test_a_person_is_the_mean_of_the_other_ones_of_the_first_four_looks(tmp_path: Path) -> None:
    shots = [look(1, shot) for shot in range(6)]

    def mean_of(numbers: list[int], encoder: str) -> object:
        mean = np.mean([shots[number][encoder] for number in numbers], axis=0)
        return pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)

    with Personas(tmp_path) as personas:
        at_first = [personas.cast(photo(shot))[0] for shot in shots]
        later = [personas.cast(photo(shot))[0] for shot in shots]
    assert at_first[0] is not None
    assert at_first[0].person == {}
    for encoder in ("dlib", "other"):
        for number in range(1, 6):
            part = at_first[number]
            assert part is not None
            assert part.person[encoder] == mean_of(list(range(min(number, 4))), encoder)
        for number in range(6):  # the first one knows of the others by now
            part = later[number]
            assert part is not None
            assert part.person[encoder] == mean_of([one for one in range(4) if one != number], encoder)


def test_whom_dlib_takes_for_one_another_recogniser_tells_apart(tmp_path: Path) -> None:
    """As with people whom dlib's network has seen few of: one persona for both, but each has looks of their own."""

    def seen(person: int, shot: int) -> Looks:
        """Any two are .94 alike to dlib, two people 0 to the other one."""
        found = {}
        for encoder, place, spread in (("dlib", 0, 0.25), ("other", person, 0.4)):
            vector = np.zeros(64)
            vector[place], vector[10 * person + shot] = 1.0, spread
            found[encoder] = tuple((vector / np.linalg.norm(vector)).tolist())
        return found

    album = [(1, 1), (2, 1), (1, 2), (1, 3), (2, 2), (1, 4), (1, 5), (2, 3)]
    with Personas(tmp_path) as personas:
        for one in album:
            personas.cast(photo(seen(*one)))
        for person, shot in album:
            (part,) = personas.cast(photo(seen(person, shot)))
            assert part is not None
            assert part.persona.name == "person-1"
            others = [seen(*one)["other"] for one in album if one[0] == person and one != (person, shot)]
            kept = others if person == 2 else [one for one in others if one != seen(1, 5)["other"]]
            mean = np.mean(kept, axis=0)
            assert part.person["other"] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)


def test_of_many_alike_the_four_most_alike_count(tmp_path: Path) -> None:
    """Six people whom nobody takes for each other, and a face that is a little like all of them."""
    axes = np.eye(16)

    def seen(vector: np.ndarray, shot: int) -> Looks:
        dlib = axes[0] + 0.1 * axes[shot]  # .99 alike
        return {name: tuple((one / np.linalg.norm(one)).tolist()) for name, one in (("dlib", dlib), ("other", vector))}

    between = np.array([0.75, 0.8, 0.85, 0.9, 0.95, 1.0]) @ axes[:6]
    with Personas(tmp_path) as personas:
        for number in range(6):
            personas.cast(photo(seen(axes[number], number + 1)))
        (part,) = personas.cast(photo(seen(between, 7)))
    assert part is not None
    assert part.person["other"] == pytest.approx(axes[2:6].sum(0) / 2, abs=1e-6)


def test_encoders_that_come_later_do_not_make_another_person(tmp_path: Path) -> None:
    with Personas(tmp_path) as personas:
        personas.cast(photo(look(1, 1, encoders=("dlib",))))
        (alone,) = personas.cast(photo(look(1, 2)))
        assert alone is not None
        assert alone.persona.name == "person-1"
        assert set(alone.person) == {"dlib"}  # nothing is known of the other encoder yet
        (part,) = personas.cast(photo(look(1, 3)))
        assert part is not None
        assert set(part.person) == {"dlib", "other"}


@pytest.mark.parametrize("seed", range(8))
def test_a_killed_run_casts_as_one_that_was_not(tmp_path: Path, seed: int) -> None:
    """Everybody is met before anybody is changed; a kill forgets which photos were finished, not whom they showed."""
    draw = random.Random(seed)
    album = [[(draw.randint(1, 3), draw.randint(1, 4)) for _ in range(draw.randint(1, 3))] for _ in range(8)]
    sightings = [photo(*(look(*one) for one in people)) for people in album]
    with Personas(tmp_path) as personas:
        for sighting in sightings:
            personas.cast(sighting)
        whole = [personas.cast(sighting) for sighting in sightings]
        personas._base.execute("DELETE FROM look")  # the same secret, met by nobody yet
    again: list[tuple[Part | None, ...]] = [()] * len(sightings)
    finished = 0
    while finished < len(sightings):
        with Personas(tmp_path) as personas:
            for sighting in sightings[finished : draw.randint(finished, len(sightings))]:
                personas.cast(sighting)  # killed while it looks
        with Personas(tmp_path) as personas:
            for sighting in sightings[finished:]:
                personas.cast(sighting)
            end = draw.randint(finished + 1, len(sightings))
            again[finished:end] = [personas.cast(sighting) for sighting in sightings[finished:end]]
        finished = end
    assert again == whole


def test_nothing_readable_is_kept(tmp_path: Path) -> None:
    seen = look(1, 1)
    with Personas(tmp_path) as personas:
        (part,) = personas.cast(photo(seen), "minji")
    assert part is not None
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name != KEY_NAME)
    assert b"minji" not in kept
    assert b"dlib" not in kept
    assert part.persona.seed not in kept
    for kind in ("<f4", "<f8"):
        assert np.array(seen["dlib"][:3], kind).tobytes() not in kept


@pytest.mark.skipif(os.name == "nt", reason="rights are told otherwise there")
def test_the_key_is_for_the_user_alone(tmp_path: Path) -> None:
    with Personas(tmp_path):
        pass
    assert stat.S_IMODE((tmp_path / KEY_NAME).stat().st_mode) == 0o600


def test_without_the_key_nothing_opens(tmp_path: Path) -> None:
    with Personas(tmp_path) as personas:
        personas.cast(photo(look(1, 1)))
    (tmp_path / KEY_NAME).unlink()
    with pytest.raises(Failed) as failed:
        Personas(tmp_path)
    assert failed.value.problem.code is ProblemCode.PERSONAS_LOCKED
    (tmp_path / KEY_NAME).write_bytes(bytes(32))
    with pytest.raises(Failed) as failed:
        Personas(tmp_path)
    assert failed.value.problem.code is ProblemCode.PERSONAS_LOCKED


def test_what_was_sealed_in_one_place_does_not_open_in_another(tmp_path: Path) -> None:
    with Personas(tmp_path) as personas:
        personas.cast(photo(look(1, 1)))
        personas.cast(photo(look(2, 1)))
    with sqlite3.connect(tmp_path / NAME) as base:
        base.execute("UPDATE look SET seen = (SELECT seen FROM look WHERE number = 2) WHERE number = 1")
    base.close()
    with Personas(tmp_path) as personas, pytest.raises(Failed):
        personas.cast(photo(look(1, 1)))


@pytest.mark.parametrize("text", [b"no database at all, only words", b""])
def test_another_file_in_its_place_is_no_store(tmp_path: Path, text: bytes) -> None:
    (tmp_path / NAME).write_bytes(text)
    if text:
        with pytest.raises(Failed):
            Personas(tmp_path)
    else:
        with Personas(tmp_path) as personas:
            assert names(personas.cast(photo(look(1, 1)))) == ["person-1"]


def test_forgetting_leaves_nothing_and_begins_anew(tmp_path: Path) -> None:
    with Personas(tmp_path) as personas:
        (before,) = personas.cast(photo(look(1, 1)))
    assert forget(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not forget(tmp_path)
    with Personas(tmp_path) as personas:
        (after,) = personas.cast(photo(look(1, 1)))
    assert before is not None
    assert after is not None
    assert after.persona.seed != before.persona.seed


def test_in_memory_they_last_as_long_as_the_run(tmp_path: Path) -> None:
    with Personas(None) as personas:
        assert not personas.is_kept
        assert names(personas.cast(photo(look(1, 1), look(1, 2)))) == ["person-1", "person-1"]
    with Personas(tmp_path) as personas:
        assert personas.is_kept
