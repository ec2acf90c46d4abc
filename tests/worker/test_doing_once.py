"""The window's engine and the command line keep one journal: either goes on where the other ended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_practice import FACE, equipped, photo

from photoguard.batch import Journal, Terms, discover, fingerprint, run
from photoguard.batch.executors import InProcess
from photoguard.batch.running import PROTECTED_BEFORE
from photoguard.batch.treatment import Practice, Treatment
from photoguard.cli.many import options_of
from photoguard.cli.parser import parse
from photoguard.domain import Options, Outcome, OutcomeKind, Progress, ProgressListener, Sighting, Stage, Strength
from photoguard.errors import ProblemCode
from photoguard.personas.forgetting import forget as forget_personas
from photoguard.personas.store import Personas
from photoguard.places import user_state
from photoguard.worker.cloaking import CloakingEngine
from photoguard.worker.messages import Finished, MeetPeople, PeopleMet, Protect, Region, Scrub


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> CloakingEngine:
    monkeypatch.setattr("photoguard.worker.cloaking.toolbox_for", equipped)
    return CloakingEngine(1)


def asked(source: Path, *, press: int = 1, options: Options | None = None) -> Protect:
    """As the window asks for a photo of a dropped folder."""
    out = source.parent.parent / "out"
    return Protect(1, source, out / source.name, options or Options(), press=press, is_named=False)


def done(engine: CloakingEngine, request: Protect | Scrub) -> Outcome:
    answer = engine.answer(request, lambda _: None)
    assert isinstance(answer, Finished)
    return answer.outcome


def by_command_line(folder: Path, out: Path) -> list[Outcome]:
    """`photoguard protect FOLDER --out OUT`, with the stand-ins for models."""
    options = options_of(parse(["protect", str(folder), "--out", str(out)]))
    executor = InProcess(Treatment(options, equip=equipped))
    readiness = executor.start(lambda: None)
    with Journal(user_state()) as journal, Personas(user_state()) as personas:
        terms = Terms(fingerprint(options, readiness))
        return list(run(discover([folder], out), executor, journal, terms, lambda _: None, caster=personas.cast))


def copies(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_finished_photo_is_known_in_a_new_process_with_what_was_measured_then(
    engine: CloakingEngine, tmp_path: Path
) -> None:
    source = photo(tmp_path / "in" / "a.jpg")
    first = done(engine, asked(source))
    second = done(CloakingEngine(1), asked(source))
    assert (second.kind, second.earlier) == (OutcomeKind.SKIPPED, OutcomeKind.PROTECTED)
    assert (second.output, second.faces, second.proof) == (first.output, first.faces, first.proof)
    assert copies(tmp_path / "out") == {"a.jpg"}


def test_what_the_command_line_finished_the_window_knows_and_the_other_way_round(
    engine: CloakingEngine, tmp_path: Path
) -> None:
    one, two = (photo(tmp_path / "in" / f"{name}.jpg", shade=30 * n) for n, name in enumerate("ab"))
    assert done(engine, asked(one)).kind is OutcomeKind.PROTECTED
    outcomes = by_command_line(tmp_path / "in", tmp_path / "out")
    assert [one.kind for one in outcomes] == [OutcomeKind.SKIPPED, OutcomeKind.PROTECTED]
    assert done(engine, asked(two, press=2)).kind is OutcomeKind.SKIPPED


def two_of_one_person(folder: Path) -> tuple[Path, Path]:
    one, other = (photo(folder / name) for name in ("a.png", "b.png"))
    with Image.open(one) as picture:
        pixels = np.asarray(picture).astype(int)
    chance = np.random.default_rng(1)
    Image.fromarray((pixels + chance.integers(0, 12, pixels.shape)).clip(0, 255).astype(np.uint8)).save(other)
    return one, other


def test_the_first_photo_of_a_person_knows_of_the_second_as_in_a_folder_run(
    engine: CloakingEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []
    sight = Practice.sight

    def noted(practice: Practice, source: Path, tell: ProgressListener) -> Sighting | None:
        looked.append(source)
        return sight(practice, source, tell)

    monkeypatch.setattr(Practice, "sight", noted)
    sources = two_of_one_person(tmp_path / "in")
    requests = [asked(source) for source in sources]
    for ticket, request in enumerate(requests):
        assert engine.answer(MeetPeople(ticket, request), lambda _: None) == PeopleMet(ticket)
    outcomes = [done(engine, request) for request in requests]
    assert looked == list(sources)  # once each
    assert {face.persona for outcome in outcomes for face in outcome.faces} == {"person-1"}
    by_window = [outcome.output.read_bytes() for outcome in outcomes if outcome.output]
    folder_run = by_command_line(tmp_path / "in", tmp_path / "by command line")
    assert [outcome.output.read_bytes() for outcome in folder_run if outcome.output] == by_window
    forget_personas(user_state())
    alone = done(engine, replace(requests[0], press=2, is_again=True))
    assert alone.output is not None
    assert alone.output.read_bytes() != by_window[0]


def test_of_an_earlier_press_nobody_is_remembered(engine: CloakingEngine, tmp_path: Path) -> None:
    """What was met and then cancelled would stay in memory."""
    source = photo(tmp_path / "in" / "a.jpg")
    stages: list[Stage] = []
    for press in (1, 1, 2):
        stages.clear()
        engine.answer(MeetPeople(1, asked(source, press=press)), lambda progress: stages.append(progress.stage))
        assert Stage.FINDING_FACES in stages
    assert len(engine._doing._sightings) == 1
    engine.answer(Scrub(2, source, tmp_path / "out" / "clean.jpg", press=3), lambda _: None)
    assert engine._doing._sightings == {}


def test_people_are_not_met_on_what_is_done_or_gone(engine: CloakingEngine, tmp_path: Path) -> None:
    request = asked(photo(tmp_path / "in" / "a.jpg"))
    gone = asked(tmp_path / "in" / "gone.jpg")
    assert engine.answer(MeetPeople(7, gone), lambda _: None) == PeopleMet(7)
    done(engine, request)

    def tell(progress: Progress) -> None:
        assert progress.stage is Stage.READING  # said before anything is known

    engine.answer(MeetPeople(8, replace(request, press=2)), tell)


def test_a_photo_that_changed_under_its_name_is_done_again_beside_its_older_copy(
    engine: CloakingEngine, tmp_path: Path
) -> None:
    source = photo(tmp_path / "in" / "a.jpg")
    older = done(engine, asked(source)).output
    assert older is not None
    kept = older.read_bytes()
    photo(source, shade=200)
    outcome = done(engine, asked(source, press=2))
    assert outcome.kind is OutcomeKind.PROTECTED
    assert outcome.output == tmp_path / "out" / "a-2.jpg"
    assert older.read_bytes() == kept


def test_another_strength_or_another_choice_of_faces_is_another_copy(engine: CloakingEngine, tmp_path: Path) -> None:
    source = photo(tmp_path / "in" / "a.jpg")
    done(engine, asked(source))
    strong = done(engine, asked(source, press=2, options=Options(strength=Strength.STRONG)))
    # pointed out by hand where the detector sees it too: the same work, but the person's choice is part of it
    chosen = replace(asked(source, press=3), added=(Region.of(FACE.box, (240, 220)),))
    by_hand = done(engine, chosen)
    assert [strong.kind, by_hand.kind] == [OutcomeKind.PROTECTED, OutcomeKind.PROTECTED]
    assert done(engine, replace(chosen, press=4)).kind is OutcomeKind.SKIPPED
    assert copies(tmp_path / "out") == {"a.jpg", "a-2.jpg", "a-3.jpg"}


@pytest.mark.parametrize("harm", ["damaged", "deleted"])
def test_a_copy_that_is_no_longer_whole_is_made_again(engine: CloakingEngine, tmp_path: Path, harm: str) -> None:
    source = photo(tmp_path / "in" / "a.jpg")
    copy = done(engine, asked(source)).output
    assert copy is not None
    whole = copy.read_bytes()
    copy.unlink() if harm == "deleted" else copy.write_bytes(whole[:-20])
    outcome = done(engine, asked(source, press=2))
    assert outcome.kind is OutcomeKind.PROTECTED
    assert outcome.output is not None
    assert outcome.output.read_bytes() == whole


def test_a_copy_that_was_renamed_is_found(engine: CloakingEngine, tmp_path: Path) -> None:
    source = photo(tmp_path / "in" / "a.jpg")
    copy = done(engine, asked(source)).output
    assert copy is not None
    renamed = copy.rename(copy.with_name("for the club.jpg"))
    assert done(engine, asked(source, press=2)).output == renamed


def test_a_foreign_file_of_that_name_is_left_alone_and_the_copy_lies_beside_it(
    engine: CloakingEngine, tmp_path: Path
) -> None:
    source = photo(tmp_path / "in" / "a.jpg")
    foreign = tmp_path / "out" / "a.jpg"
    foreign.parent.mkdir()
    foreign.write_bytes(b"somebody else's")
    outcome = done(engine, asked(source))
    assert (outcome.kind, outcome.output) == (OutcomeKind.PROTECTED, tmp_path / "out" / "a-2.jpg")
    assert foreign.read_bytes() == b"somebody else's"
    assert done(engine, asked(source, press=2)).kind is OutcomeKind.SKIPPED


def test_one_more_copy_is_made_when_it_is_asked_for(engine: CloakingEngine, tmp_path: Path) -> None:
    source = photo(tmp_path / "in" / "a.jpg")
    done(engine, asked(source))
    again = done(engine, replace(asked(source, press=2), is_again=True))
    assert (again.kind, again.output) == (OutcomeKind.PROTECTED, tmp_path / "out" / "a-2.jpg")


def test_equal_photos_of_one_press_each_get_their_own_copy(engine: CloakingEngine, tmp_path: Path) -> None:
    sources = [photo(tmp_path / "in" / name) for name in ("a.jpg", "b.jpg")]
    outcomes = [done(engine, asked(source)) for source in sources]
    assert [one.kind for one in outcomes] == [OutcomeKind.PROTECTED] * 2
    assert copies(tmp_path / "out") == {"a.jpg", "b.jpg"}


def test_our_own_copies_in_a_dropped_folder_are_not_protected_once_more_but_a_named_one_is(
    engine: CloakingEngine, tmp_path: Path
) -> None:
    copy = done(engine, asked(photo(tmp_path / "in" / "a.jpg"))).output
    assert copy is not None
    found = Protect(1, copy, tmp_path / "second" / "a.jpg", Options(), press=2, is_named=False)
    outcome = done(engine, found)
    assert (outcome.kind, outcome.problem and outcome.problem.code) == (OutcomeKind.SKIPPED, ProblemCode.OWN_COPY)
    again = done(engine, replace(found, press=3, is_named=True))
    assert (again.kind, PROTECTED_BEFORE in again.notes) == (OutcomeKind.PROTECTED, True)  # done, and said


def test_cleaned_photos_are_known_again_too(engine: CloakingEngine, tmp_path: Path) -> None:
    request = Scrub(1, photo(tmp_path / "in" / "a.jpg"), tmp_path / "out" / "a.jpg")
    kinds = [done(engine, replace(request, press=press)) for press in (1, 2)]
    assert [(one.kind, one.ended) for one in kinds] == [
        (OutcomeKind.SCRUBBED, OutcomeKind.SCRUBBED),
        (OutcomeKind.SKIPPED, OutcomeKind.SCRUBBED),
    ]


def test_where_no_notes_can_be_taken_photos_are_done_all_the_same(
    engine: CloakingEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").write_bytes(b"no folder")
    monkeypatch.setenv("PHOTOGUARD_DATA", str(tmp_path / "state"))
    source = photo(tmp_path / "in" / "a.jpg")
    # models are kept below the same folder; their list is not what this is about
    monkeypatch.setattr("photoguard.worker.cloaking.known_models", tuple)
    assert done(engine, asked(source)).kind is OutcomeKind.PROTECTED
