"""Photos get their casts in the order in which they came, whoever looks faster; what was done costs no look."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_practice import FACE, protecting

from photoguard.batch import Journal, Position, Terms, discover, run
from photoguard.batch.casting import Casting
from photoguard.batch.executors import Ended, Errand, Glance, Glanced
from photoguard.batch.executors.executor import Report, Task, Tell
from photoguard.batch.running import _AHEAD
from photoguard.batch.treatment import Practice, Readiness
from photoguard.domain import Cast, Outcome, OutcomeKind, Part, Persona, Proof, Sighting
from photoguard.output import Candidate


def seen(content: bytes) -> Sighting:
    return Sighting(content.hex(), (FACE,), ({"dlib": (1.0, 0.0)},))


@given(st.permutations(range(7)), st.sets(st.integers(0, 6)))
def test_casts_come_in_the_order_of_the_line(order: Sequence[int], unseen: set[int]) -> None:
    asked: list[str] = []

    def caster(sighting: Sighting) -> tuple[Part | None, ...]:
        asked.append(sighting.sha256)
        return (Part(Persona(f"{len(asked)}", b"")),)

    casting = Casting(caster)
    contents = [bytes([number]) for number in range(7)]
    for content in contents:
        casting.expect(content)
        assert casting.is_unseen(content)
    for number in order:
        content = contents[number]
        casting.take(content, None if number in unseen else seen(content))
        assert not casting.is_unseen(content)
    assert asked == [one.hex() for number, one in enumerate(contents) if number not in unseen]
    for number, content in enumerate(contents):
        cast = casting.cast_of(content)
        assert casting.is_cast(content)
        assert (cast is None) == (number in unseen)
        assert cast is None or cast.sighting.looks == ()


def test_without_a_caster_nobody_is_looked_at() -> None:
    casting = Casting(None)
    casting.expect(b"a")
    assert not casting.is_unseen(b"a")
    assert casting.is_cast(b"a")
    assert casting.cast_of(b"a") is None


class Hands:
    """Several hands that finish in a drawn order; their copies tell the cast."""

    def __init__(self, capacity: int, seed: int) -> None:
        self.capacity = capacity
        self.did: list[Task] = []
        self.together = 0
        self._draw = random.Random(seed)
        self._tasks: list[Task] = []

    def start(self, check: Callable[[], None]) -> Readiness:
        return Readiness()

    def submit(self, task: Task) -> None:
        self._tasks.append(task)
        self.did.append(task)
        self.together = max(self.together, len(self._tasks))

    def wait(self, tell: Tell, patience_s: float) -> Sequence[Report]:
        if not self._tasks:
            return ()
        task = self._tasks.pop(self._draw.randrange(len(self._tasks)))
        if isinstance(task, Glance):
            data = task.source.read_bytes()
            return (Glanced(task.ticket, None if data == b"blind" else seen(data)),)
        return (Ended(task.ticket, made(task)),)

    def close(self) -> None:
        self._tasks.clear()


def made(errand: Errand) -> Outcome:
    names = "nobody" if errand.cast is None else ",".join(str(part and part.persona.name) for part in errand.cast.parts)
    data = names.encode()
    with Candidate(errand.destination) as candidate:
        candidate.write(data)
        output = candidate.commit()
    import hashlib

    proof = Proof(is_clean=True, same_size=True, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
    return Outcome(errand.source, output, OutcomeKind.PROTECTED, proof=proof)


def folder(tmp_path: Path, count: int = 9) -> Path:
    for number in range(count):
        path = tmp_path / "in" / f"{number}.jpg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"blind" if number == 4 else b"%d" % number)
    return tmp_path / "in"


def counting() -> Callable[[Sighting], tuple[Part | None, ...]]:
    numbers: Iterator[int] = iter(range(100))
    return lambda _: (Part(Persona(f"p{next(numbers)}", b"")),)


@pytest.mark.parametrize("capacity", [1, 2, 4])
@pytest.mark.parametrize("seed", range(4))
def test_personas_do_not_depend_on_who_is_faster(tmp_path: Path, capacity: int, seed: int) -> None:
    hands = Hands(capacity, seed)
    jobs = discover([folder(tmp_path)], tmp_path / "out")
    with Journal(None) as journal:
        outcomes = list(run(jobs, hands, journal, Terms(b"t"), lambda _: None, caster=counting()))
    assert len(outcomes) == 9
    found = {path.stem: path.read_text() for path in (tmp_path / "out").iterdir()}
    expected = ["p0", "p1", "p2", "p3", "nobody", "p4", "p5", "p6", "p7"]
    assert [found[str(number)] for number in range(9)] == expected
    glances = [task for task in hands.did if isinstance(task, Glance)]
    assert len(glances) == 9
    assert hands.together == capacity


def test_only_a_few_photos_are_looked_at_ahead(tmp_path: Path) -> None:
    hands = Hands(2, 0)
    jobs = discover([folder(tmp_path, 30)], tmp_path / "out")
    with Journal(None) as journal:
        list(run(jobs, hands, journal, Terms(b"t"), lambda _: None, caster=counting()))
    ahead = 0
    most = 0
    for task in hands.did:
        ahead += 1 if isinstance(task, Glance) else -1
        most = max(most, ahead)
    assert most <= _AHEAD


def test_what_is_done_already_is_not_looked_at(tmp_path: Path) -> None:
    jobs = discover([folder(tmp_path)], tmp_path / "out")
    with Journal(None) as journal:
        list(run(jobs, Hands(2, 1), journal, Terms(b"t"), lambda _: None, caster=counting()))
        again = Hands(2, 2)
        list(run(jobs, again, journal, Terms(b"t"), lambda _: None, caster=counting()))
    assert again.did == []


def test_photos_with_the_same_content_are_looked_at_once(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.jpg").write_bytes(b"same")
    hands = Hands(2, 0)
    jobs = discover([tmp_path], tmp_path / "out")
    with Journal(None) as journal:
        outcomes = list(run(jobs, hands, journal, Terms(b"t"), lambda _: None, caster=counting()))
    assert [type(task) for task in hands.did] == [Glance, Errand]
    assert {one.output.read_text() for one in outcomes if one.output} == {"p0"}


def test_big_photos_are_looked_at_when_there_is_room(tmp_path: Path) -> None:
    hands = Hands(3, 0)
    jobs = discover([folder(tmp_path)], tmp_path / "out")
    with Journal(None) as journal:
        terms = Terms(b"t", room_bytes=1)
        outcomes = list(run(jobs, hands, journal, terms, lambda _: None, caster=counting()))
    assert len(outcomes) == 9
    assert hands.together == 1


def test_a_run_can_be_stopped_while_it_looks(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    class Telling(Hands):
        def wait(self, tell: Tell, patience_s: float) -> Sequence[Report]:
            from photoguard.domain import Progress, Stage

            tell(self._tasks[0].ticket, Progress(Stage.FINDING_FACES))
            return super().wait(tell, patience_s)

    told: list[Position] = []

    def check() -> None:
        if told:
            raise StopError

    jobs = discover([folder(tmp_path)], tmp_path / "out")
    with Journal(None) as journal, pytest.raises(StopError):
        list(run(jobs, Telling(1, 0), journal, Terms(), told.append, check=check, caster=counting()))
    assert told[0].number == 1  # the first photo is shown from its first look on
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


def test_a_real_practice_sees_whom_it_later_treats(tmp_path: Path) -> None:
    from small_practice import photo

    source = photo(tmp_path / "a.jpg")
    practice = Practice(protecting())
    sighting = practice.sight(source, lambda _: None)
    assert sighting is not None
    assert sighting.faces == (FACE,)
    assert [set(look) for look in sighting.looks] == [{"small", "dlib"}]
    cast = Cast(replace(sighting, looks=()), (Part(Persona("holiday", b"s" * 32), sighting.looks[0]),))
    outcome = practice.treat(source, tmp_path / "out" / "a.jpg", lambda _: None, cast)
    assert [face.persona for face in outcome.faces] == ["holiday"]
    plain = practice.treat(source, tmp_path / "out" / "b.jpg", lambda _: None)
    assert [face.persona for face in plain.faces] == [""]
    assert outcome.proof is not None
    assert plain.proof is not None
    assert outcome.proof.sha256 != plain.proof.sha256
    assert practice.sight(tmp_path / "missing.jpg", lambda _: None) is None
