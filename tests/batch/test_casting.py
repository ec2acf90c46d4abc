"""Everybody is met in the order of the photos, whoever looks faster, before anybody is changed; what was done costs no look."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_practice import FACE, protecting

from photoguard.batch import Journal, Position, Terms, discover, run
from photoguard.batch.casting import Casting
from photoguard.batch.content import Content, content_of
from photoguard.batch.executors import Ended, Errand, Glance, Glanced
from photoguard.batch.executors.executor import Report, Task, Tell
from photoguard.batch.treatment import Practice, Readiness
from photoguard.domain import Cast, Outcome, OutcomeKind, Part, Persona, Progress, Proof, Sighting, Stage
from photoguard.output import Candidate
from photoguard.personas.store import Personas


def seen(content: bytes) -> Sighting:
    return Sighting(content.hex(), (FACE,), ({"dlib": (1.0, 0.0)},))


@given(st.permutations(range(7)), st.sets(st.integers(0, 6)))
def test_people_are_met_in_the_order_of_the_line(order: Sequence[int], unseen: set[int]) -> None:
    asked: list[str] = []

    def caster(sighting: Sighting) -> tuple[Part | None, ...]:
        asked.append(sighting.sha256)
        return (Part(Persona(f"{len(asked)}", b"")),)

    casting = Casting(caster)
    assert casting.is_needed
    contents = [bytes([number]) for number in range(7)]
    for content in contents:
        casting.expect(content)
        casting.expect(content)
        assert casting.is_unseen(content)
    for number in order:
        assert not casting.has_met_all
        content = contents[number]
        casting.take(content, None if number in unseen else seen(content))
        assert not casting.is_unseen(content)
        if number % 2:
            casting.meet()
    casting.meet()
    assert casting.has_met_all
    expected = [one.hex() for number, one in enumerate(contents) if number not in unseen]
    assert asked == expected
    for number in order:
        cast = casting.cast_of(contents[number])
        assert (cast is None) == (number in unseen)
        assert cast is None or (cast.sighting.looks == () and cast.parts == (Part(Persona(f"{len(asked)}", b"")),))
    assert asked == expected + [contents[number].hex() for number in order if number not in unseen]
    casting.forget(contents[0])
    assert casting.cast_of(contents[0]) is None


def test_without_a_caster_nobody_is_looked_at() -> None:
    casting = Casting(None)
    casting.expect(b"a")
    assert not casting.is_needed
    assert not casting.is_unseen(b"a")
    assert casting.has_met_all
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


class Telling(Hands):
    """Hands that tell of their work."""

    def wait(self, tell: Tell, patience_s: float) -> Sequence[Report]:
        for task in self._tasks:
            tell(task.ticket, Progress(Stage.FINDING_FACES))
        return super().wait(tell, patience_s)


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


def counting(is_telling_all: bool = False) -> Callable[[Sighting], tuple[Part | None, ...]]:
    """Everybody is somebody else; or how many were met is told as well."""
    met: dict[str, int] = {}

    def caster(sighting: Sighting) -> tuple[Part | None, ...]:
        place = met.setdefault(sighting.sha256, len(met))
        return (Part(Persona(f"p{place} of {len(met)}" if is_telling_all else f"p{place}", b"")),)

    return caster


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


@pytest.mark.parametrize("capacity", [1, 2, 3])
def test_everybody_in_a_round_is_met_before_anybody_in_it_is_changed(
    tmp_path: Path, capacity: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoguard.batch.running.ROUND", 5)
    hands = Hands(capacity, capacity)
    jobs = discover([folder(tmp_path, 12)], tmp_path / "out")
    with Journal(None) as journal:
        list(run(jobs, hands, journal, Terms(b"t"), lambda _: None, caster=counting(is_telling_all=True)))
    places = {job.source: place for place, job in enumerate(jobs)}
    kinds = [(type(task), places[task.source]) for task in hands.did]
    for start, end in ((0, 5), (5, 10), (10, 12)):
        numbers = range(start, end)
        a_round = kinds[2 * start : 2 * end]
        assert a_round[: len(numbers)] == [(Glance, number) for number in numbers]
        assert a_round[len(numbers) :] == [(Errand, number) for number in numbers]
    found = [path.read_text() for path in sorted((tmp_path / "out").iterdir(), key=lambda path: int(path.stem))]
    names = [job.source.stem for job in jobs]
    told = dict(zip(sorted(names, key=int), found, strict=True))
    met = 0
    for start, end in ((0, 5), (5, 10), (10, 12)):
        in_all = met + sum(name != "4" for name in names[start:end])
        for name in names[start:end]:
            assert told[name] == ("nobody" if name == "4" else f"p{met} of {in_all}")
            met += name != "4"


def test_where_a_run_meets_people_it_tells_of_how_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photoguard.batch.running.ROUND", 10)
    told: list[Position] = []
    jobs = discover([folder(tmp_path, 12)], tmp_path / "out")
    with Journal(None) as journal:
        list(run(jobs, Telling(1, 0), journal, Terms(), told.append, caster=counting()))
    met = [one.met for one in told]
    assert met == [(seen, 10) for seen in range(10)] + [None] * 10 + [(0, 2), (1, 2)] + [None] * 2
    assert [one.number for one in told] == [*range(1, 11)] * 2 + [11, 12] * 2


def test_a_photo_that_cannot_be_done_lets_nobody_begin_early(tmp_path: Path) -> None:
    class AtOnce(Hands):
        def wait(self, tell: Tell, patience_s: float) -> Sequence[Report]:
            return tuple(
                report for _ in range(len(self._tasks)) for report in super(AtOnce, self).wait(tell, patience_s)
            )

    hands = AtOnce(2, 0)
    jobs = discover([folder(tmp_path)], tmp_path / "out")
    for number in (2, 3, 5, 6):
        jobs[number].source.unlink()
    with Journal(None) as journal:
        list(run(jobs, hands, journal, Terms(), lambda _: None, caster=counting()))
    assert [type(task) for task in hands.did] == [Glance] * 5 + [Errand] * 5


def test_the_next_round_is_looked_at_while_the_last_photos_of_one_are_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoguard.batch.running.ROUND", 4)
    together: list[set[type[Task]]] = []

    class Watched(Hands):
        def submit(self, task: Task) -> None:
            super().submit(task)
            together.append({type(one) for one in self._tasks})

    jobs = discover([folder(tmp_path)], tmp_path / "out")
    with Journal(None) as journal:
        list(run(jobs, Watched(2, 0), journal, Terms(), lambda _: None, caster=counting()))
    assert {Glance, Errand} in together


def test_work_begins_before_all_photos_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    known: list[int] = []

    def noted(source: Path) -> Content:
        read.append(source)
        return content_of(source)

    class Counting(Hands):
        def wait(self, tell: Tell, patience_s: float) -> Sequence[Report]:
            known.append(len(read))
            return super().wait(tell, patience_s)

    monkeypatch.setattr("photoguard.batch.running.content_of", noted)
    jobs = discover([folder(tmp_path, 30)], tmp_path / "out")
    with Journal(None) as journal:
        list(run(jobs, Counting(1, 0), journal, Terms(), lambda _: None, caster=counting()))
    assert known[0] < 10


def test_the_time_left_knows_what_looking_has_taken_already(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look takes a second and the rest nine; nobody is quicker or slower, so the span has no width."""
    now = [0.0]
    monkeypatch.setattr("photoguard.batch.running.time.monotonic", lambda: now[0])

    class Working(Telling):
        def wait(self, tell: Tell, patience_s: float) -> Sequence[Report]:
            took = 1.0 if isinstance(self._tasks[0], Glance) else 9.0
            reports = super().wait(tell, patience_s)
            now[0] += took
            return reports

    told: list[Position] = []
    jobs = discover([folder(tmp_path)], tmp_path / "out")
    with Journal(None) as journal:
        list(run(jobs, Working(1, 0), journal, Terms(), told.append, caster=counting()))
    left = [(one.done, one.left.low, one.left.high) for one in told if one.left is not None]
    assert left == [(done, pytest.approx(9.0 * (9 - done)), pytest.approx(9.0 * (9 - done))) for done in range(4, 9)]


@pytest.mark.parametrize("capacity", [1, 2, 3])
@pytest.mark.parametrize("killed_after", range(1, 14))
def test_a_killed_run_changes_faces_as_one_that_was_not(
    tmp_path: Path, killed_after: int, capacity: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One person on all photos, whose looks the store keeps; a kill after any number of looks and copies."""
    monkeypatch.setattr("photoguard.batch.running.ROUND", 4)
    monkeypatch.setattr("photoguard.personas.seal._answered", lambda ask: None)
    monkeypatch.setattr("photoguard.personas.store._MOST_LOOKS", 6)

    class Alike(Hands):
        """Copies tell what the person looks like by then."""

        def __init__(self, most: int) -> None:
            super().__init__(capacity, 0)
            self.most = most

        def wait(self, tell: Tell, patience_s: float) -> Sequence[Report]:
            if len(self.did) > self.most:
                raise KeyboardInterrupt
            task = self._tasks.pop(self._draw.randrange(len(self._tasks)))
            if isinstance(task, Glance):
                number = int(task.source.stem)
                angle = 0.02 * number
                look = {"dlib": (math.cos(angle), math.sin(angle))}
                return (Glanced(task.ticket, Sighting(task.source.read_bytes().hex(), (FACE,), (look,))),)
            assert task.cast is not None
            (part,) = task.cast.parts
            assert part is not None
            looks = ",".join(f"{one:.6f}" for one in part.person["dlib"])
            return (
                Ended(task.ticket, made(replace(task, cast=Cast(task.cast.sighting, (Part(Persona(looks, b"")),))))),
            )

    def copies(out: Path, *mosts: int) -> dict[str, str]:
        jobs = discover([folder(tmp_path, 7)], out)
        for number, most in enumerate(mosts):
            with (
                Journal(out.parent / f"{out.name} notes") as journal,
                Personas(out.parent / f"{out.name} people") as them,
            ):
                hands = Alike(most)
                outcomes = run(jobs, hands, journal, Terms(b"t"), lambda _: None, caster=them.cast)
                if number < len(mosts) - 1:
                    with pytest.raises(KeyboardInterrupt):
                        list(outcomes)
                else:
                    list(outcomes)
        return {path.name: path.read_text() for path in out.iterdir()}

    whole = copies(tmp_path / "whole", 100)
    assert len(whole) == 7
    assert copies(tmp_path / "killed", killed_after, 100) == whole
    monkeypatch.setattr("photoguard.batch.running.ROUND", 7)
    assert copies(tmp_path / "one round", 100) != whole  # who is met does count


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
