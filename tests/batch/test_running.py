"""A run does each photo once, resumes, and leaves whole copies or nothing; seconds, since photos are only scrubbed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from small_practice import SCRUBBING, photo

from photoguard.batch import Job, Journal, Naming, Position, Terms, discover, run
from photoguard.batch.executors import Ended, Errand, InProcess
from photoguard.batch.executors.executor import Tell
from photoguard.batch.running import PROTECTED_BEFORE
from photoguard.batch.treatment import Readiness
from photoguard.domain import Outcome, OutcomeKind
from photoguard.errors import Cancelled, Failed, Problem, ProblemCode
from photoguard.output import sweep


class Counting(InProcess):
    """Counts what it really worked on."""

    def __init__(self) -> None:
        super().__init__(SCRUBBING)
        self.did: list[str] = []
        self.start(lambda: None)

    def submit(self, errand: Errand) -> None:
        self.did.append(errand.source.name)
        super().submit(errand)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "state") as opened:
        yield opened


def do(
    jobs: Sequence[Job], journal: Journal, executor: InProcess | None = None, terms: Terms | None = None
) -> list[Outcome]:
    return list(run(jobs, executor or Counting(), journal, terms or Terms(b"t"), lambda _: None))


def kinds(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.kind.value for outcome in outcomes]


def folder_of(tmp_path: Path, count: int) -> Path:
    for number in range(count):
        photo(tmp_path / "in" / f"{number}.jpg", shade=number * 20)
    return tmp_path / "in"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestDoingOnce:
    def test_a_second_run_does_nothing_and_remembers_how_it_was(self, tmp_path: Path, journal: Journal) -> None:
        jobs = discover([folder_of(tmp_path, 3)], tmp_path / "out")
        first = do(jobs, journal)
        executor = Counting()
        second = do(jobs, journal, executor)
        assert executor.did == []
        assert kinds(second) == ["skipped"] * 3
        assert [one.earlier for one in second] == [OutcomeKind.SCRUBBED] * 3
        assert [(one.findings, one.output, one.proof) for one in first] == [
            (one.findings, one.output, one.proof) for one in second
        ]

    def test_only_what_changed_is_done_again_and_nothing_is_overwritten(self, tmp_path: Path, journal: Journal) -> None:
        jobs = discover([folder_of(tmp_path, 3)], tmp_path / "out")
        do(jobs, journal)
        before = files(tmp_path / "out")
        photo(tmp_path / "in" / "1.jpg", shade=250)
        executor = Counting()
        outcomes = do(jobs, journal, executor)
        assert executor.did == ["1.jpg"]
        assert kinds(outcomes) == ["skipped", "scrubbed", "skipped"] or sorted(kinds(outcomes)) == [
            "scrubbed",
            "skipped",
            "skipped",
        ]
        after = files(tmp_path / "out")
        assert before.items() < after.items()
        assert set(after) - set(before) == {"1-2.jpg"}
        executor = Counting()
        do(jobs, journal, executor)
        assert executor.did == []

    def test_other_options_are_another_photo(self, tmp_path: Path, journal: Journal) -> None:
        jobs = discover([folder_of(tmp_path, 1)], tmp_path / "out")
        do(jobs, journal)
        executor = Counting()
        (outcome,) = do(jobs, journal, executor, Terms(b"other"))
        assert executor.did == ["0.jpg"]
        assert outcome.output == tmp_path / "out" / "0-2.jpg"

    @pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-7] + b"damaged")])
    def test_a_copy_that_is_gone_or_damaged_is_made_again(
        self, tmp_path: Path, journal: Journal, harm: Callable[[Path], object]
    ) -> None:
        jobs = discover([folder_of(tmp_path, 2)], tmp_path / "out")
        whole = do(jobs, journal)[0].proof
        harm(tmp_path / "out" / "0.jpg")
        executor = Counting()
        outcomes = do(jobs, journal, executor)
        assert executor.did == ["0.jpg"]
        made = next(one for one in outcomes if one.source.name == "0.jpg")
        assert made.output is not None
        assert whole is not None
        assert hashlib.sha256(made.output.read_bytes()).hexdigest() == whole.sha256

    def test_moved_folders_are_recognised(self, tmp_path: Path, journal: Journal) -> None:
        do(discover([folder_of(tmp_path, 2)], tmp_path / "out"), journal)
        (tmp_path / "in").rename(tmp_path / "photos")
        (tmp_path / "out").rename(tmp_path / "copies")
        executor = Counting()
        outcomes = do(discover([tmp_path / "photos"], tmp_path / "copies"), journal, executor)
        assert executor.did == []
        assert kinds(outcomes) == ["skipped", "skipped"]

    @pytest.mark.parametrize("naming", [Naming.RANDOM, Naming.COUNTER])
    def test_neutral_names_resume_too(self, tmp_path: Path, journal: Journal, naming: Naming) -> None:
        folder = folder_of(tmp_path, 3)
        do(discover([folder], tmp_path / "out", naming), journal)
        before = files(tmp_path / "out")
        assert kinds(do(discover([folder], tmp_path / "out", naming), journal)) == ["skipped"] * 3
        assert files(tmp_path / "out") == before

    def test_a_new_photo_that_takes_a_name_moves_no_other(self, tmp_path: Path, journal: Journal) -> None:
        photo(tmp_path / "in" / "a.png", kind="PNG")
        do(discover([tmp_path / "in"], tmp_path / "out"), journal)
        photo(tmp_path / "in" / "a.jpg", shade=9)  # first by name: it is now the one that wants "a"
        executor = Counting()
        do(discover([tmp_path / "in"], tmp_path / "out"), journal, executor)
        assert executor.did == ["a.jpg"]
        assert len(files(tmp_path / "out")) == 2

    def test_what_cannot_be_read_is_remembered_and_what_may_change_is_not(
        self, tmp_path: Path, journal: Journal
    ) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "no.jpg").write_bytes(b"no photo")
        jobs = discover([tmp_path / "in"], tmp_path / "out")
        (first,) = do(jobs, journal)
        executor = Counting()
        (again,) = do(jobs, journal, executor)
        assert executor.did == []
        assert again == replace(first, seconds=again.seconds)
        assert again.problem == Problem(ProblemCode.NOT_A_PHOTO)

    def test_without_resume_an_existing_copy_is_a_refusal(self, tmp_path: Path, journal: Journal) -> None:
        jobs = discover([folder_of(tmp_path, 1)], tmp_path / "out")
        do(jobs, journal)
        (outcome,) = do(jobs, journal, terms=Terms(b"t", resume=False))
        assert (outcome.kind, outcome.problem) == (OutcomeKind.REFUSED, Problem(ProblemCode.OUTPUT_EXISTS))


class TestOthersFiles:
    def test_a_file_of_the_user_is_neither_replaced_nor_vouched_for(self, tmp_path: Path, journal: Journal) -> None:
        jobs = discover([folder_of(tmp_path, 1)], tmp_path / "out")
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "0.jpg").write_bytes(b"mine")
        (outcome,) = do(jobs, journal)
        assert outcome.problem == Problem(ProblemCode.OUTPUT_EXISTS)
        assert files(tmp_path / "out") == {"0.jpg": b"mine"}

    def test_the_folder_itself_as_output(self, tmp_path: Path, journal: Journal) -> None:
        source = photo(tmp_path / "in" / "0.jpg")
        before = files(tmp_path / "in")
        (outcome,) = do(discover([source], tmp_path / "in"), journal)
        assert outcome.problem == Problem(ProblemCode.OUTPUT_IS_SOURCE)
        assert files(tmp_path / "in") == before


class TestTwins:
    def test_the_same_content_is_done_once_and_copied(self, tmp_path: Path, journal: Journal) -> None:
        for name in ("a.jpg", "b.jpg", "deep/c.jpg"):
            photo(tmp_path / "in" / name)
        executor = Counting()
        outcomes = do(discover([tmp_path / "in"], tmp_path / "out"), journal, executor)
        assert executor.did == ["a.jpg"]
        assert kinds(outcomes) == ["scrubbed"] * 3
        made = files(tmp_path / "out")
        assert set(made) == {"a.jpg", "b.jpg", "deep/c.jpg"}
        assert len(set(made.values())) == 1

    def test_a_copy_that_one_of_them_lost_comes_back(self, tmp_path: Path, journal: Journal) -> None:
        for name in ("a.jpg", "b.jpg"):
            photo(tmp_path / "in" / name)
        jobs = discover([tmp_path / "in"], tmp_path / "out")
        do(jobs, journal)
        (tmp_path / "out" / "b.jpg").unlink()
        executor = Counting()
        assert kinds(do(jobs, journal, executor)) == ["skipped", "scrubbed"]
        assert executor.did == []
        assert set(files(tmp_path / "out")) == {"a.jpg", "b.jpg"}

    def test_all_of_them_are_refused_when_one_is(self, tmp_path: Path, journal: Journal) -> None:
        (tmp_path / "in").mkdir()
        for name in ("a.jpg", "b.jpg"):
            (tmp_path / "in" / name).write_bytes(b"no photo")
        executor = Counting()
        assert kinds(do(discover([tmp_path / "in"], tmp_path / "out"), journal, executor)) == ["refused"] * 2
        assert executor.did == ["a.jpg"]


class Scripted(InProcess):
    """Several at once, ended in the order it was told; remembers how much was under way."""

    capacity = 3

    def __init__(self, order: Sequence[int] = ()) -> None:
        super().__init__(SCRUBBING)
        self.start(lambda: None)
        self._order = list(order)
        self.most = 0
        self.together: list[set[int]] = []

    def start(self, check: Callable[[], None]) -> Readiness:
        return super().start(check)

    def wait(self, tell: Tell, patience_s: float = 0.0) -> Sequence[Ended]:
        self.together.append({errand.ticket for errand in self._waiting})
        self.most = max(self.most, len(self._waiting))
        wanted = next((n for n in self._order if any(errand.ticket == n for errand in self._waiting)), None)
        while wanted is not None and self._waiting[0].ticket != wanted:
            self._waiting.rotate(-1)
        return super().wait(tell)


class TestSeveralAtOnce:
    def test_every_photo_ends_once_in_whatever_order(self, tmp_path: Path, journal: Journal) -> None:
        jobs = discover([folder_of(tmp_path, 9)], tmp_path / "out")
        executor = Scripted([3, 1, 9, 2])
        outcomes = do(jobs, journal, executor)
        assert executor.most == 3
        assert sorted(outcome.source.name for outcome in outcomes) == [f"{n}.jpg" for n in range(9)]
        assert len(files(tmp_path / "out")) == 9

    def test_a_big_photo_waits_for_room_and_smaller_ones_pass(
        self, tmp_path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from photoguard.batch import running

        real = running.content_of

        def weighed(source: Path) -> object:
            return replace(real(source), memory_bytes=80 if source.name == "1.jpg" else 30)

        monkeypatch.setattr(running, "content_of", weighed)
        executor = Scripted()
        do(discover([folder_of(tmp_path, 6)], tmp_path / "out"), journal, executor, Terms(b"t", room_bytes=100))
        weights = [sum(80 if n == 2 else 30 for n in together) for together in executor.together]
        assert max(weights) <= 100
        assert {2} in executor.together  # alone at last

    def test_a_photo_beyond_all_room_still_gets_its_turn(self, tmp_path: Path, journal: Journal) -> None:
        jobs = discover([folder_of(tmp_path, 2)], tmp_path / "out")
        assert kinds(do(jobs, journal, Scripted(), Terms(b"t", room_bytes=0))) == ["scrubbed"] * 2


class TestStopping:
    def test_a_cancel_leaves_whole_copies_and_the_next_run_goes_on(self, tmp_path: Path, journal: Journal) -> None:
        jobs = discover([folder_of(tmp_path, 4)], tmp_path / "out")

        def stop(position: Position) -> None:
            if position.number == 3:
                raise Cancelled

        with pytest.raises(Cancelled):
            list(run(jobs, Counting(), journal, Terms(b"t"), stop))
        assert set(files(tmp_path / "out")) == {"0.jpg", "1.jpg"}
        executor = Counting()
        do(jobs, journal, executor)
        assert executor.did == ["2.jpg", "3.jpg"]

    def test_a_run_that_died_between_note_and_name_does_that_photo_again(
        self, tmp_path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from photoguard.batch import running

        jobs = discover([folder_of(tmp_path, 1)], tmp_path / "out")

        class Killed(BaseException):
            pass

        def dying(*_: object) -> None:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(running, "publish", dying)
            patch.setattr(running, "discard", lambda _: None)  # the dead clean nothing up
            with pytest.raises(Killed):
                do(jobs, journal)
            assert len(files(tmp_path / "out")) == 1  # under a hidden name
        monkeypatch.setattr("photoguard.output._is_running", lambda _: False)
        assert kinds(do(jobs, journal)) == ["scrubbed"]
        assert set(files(tmp_path / "out")) == {"0.jpg"}
        assert sweep(tmp_path / "out") == 0

    def test_a_full_disk_ends_the_run_after_saying_so(self, tmp_path: Path, journal: Journal) -> None:
        jobs = discover([folder_of(tmp_path, 4)], tmp_path / "out")

        class Full(Counting):
            def wait(self, tell: Tell, patience_s: float = 0.0) -> Sequence[Ended]:
                if len(self.did) < 2:
                    return super().wait(tell)
                errand = self._waiting.popleft()
                problem = Problem(ProblemCode.DISK_FULL)
                return (Ended(errand.ticket, Outcome(errand.source, None, OutcomeKind.FAILED, problem)),)

        told = []
        with pytest.raises(Failed) as error:
            told.extend(run(jobs, Full(), journal, Terms(b"t"), lambda _: None))
        assert error.value.problem.code is ProblemCode.DISK_FULL
        executor = Counting()
        do(jobs, journal, executor)
        assert executor.did == ["1.jpg", "2.jpg", "3.jpg"]

    def test_on_battery_nothing_is_begun(self, tmp_path: Path, journal: Journal) -> None:
        jobs = discover([folder_of(tmp_path, 2)], tmp_path / "out")
        asked: list[bool] = []

        def may_begin() -> bool:
            asked.append(len(asked) > 3)
            return asked[-1]

        executor = Counting()
        outcomes = list(run(jobs, executor, journal, Terms(b"t"), lambda _: None, may_begin=may_begin))
        assert kinds(outcomes) == ["scrubbed"] * 2
        assert asked[:4] == [False] * 4


class TestChangingFiles:
    def test_a_photo_that_changes_while_it_is_done_is_done_again(self, tmp_path: Path, journal: Journal) -> None:
        jobs = discover([folder_of(tmp_path, 1)], tmp_path / "out")

        class Editing(Counting):
            def wait(self, tell: Tell, patience_s: float = 0.0) -> Sequence[Ended]:
                if len(self.did) == 1:
                    photo(tmp_path / "in" / "0.jpg", shade=99)
                return super().wait(tell)

        executor = Editing()
        do(jobs, journal, executor)
        assert executor.did == ["0.jpg", "0.jpg"]
        assert set(files(tmp_path / "out")) == {"0.jpg"}
        executor = Counting()
        do(jobs, journal, executor)
        assert executor.did == []  # the note belongs to what the photo is now

    def test_own_protected_copies_in_a_folder_are_no_photos_to_protect(self, tmp_path: Path, journal: Journal) -> None:
        class Protecting(Counting):
            def wait(self, tell: Tell, patience_s: float = 0.0) -> Sequence[Ended]:
                return [
                    Ended(one.ticket, replace(one.outcome, kind=OutcomeKind.PROTECTED)) for one in super().wait(tell)
                ]

        folder = folder_of(tmp_path, 1)
        do(discover([folder], folder / "safe"), journal, Protecting())
        executor = Protecting()
        outcomes = do(discover([folder], tmp_path / "elsewhere"), journal, executor)
        assert executor.did == ["0.jpg"]  # the original; its copy in in/safe is passed over
        (copy,) = [one for one in outcomes if one.kind is OutcomeKind.SKIPPED]
        assert copy.problem == Problem(ProblemCode.OWN_COPY)
        executor = Protecting()
        (named,) = do(discover([folder / "safe" / "0.jpg"], tmp_path / "twice"), journal, executor)
        assert executor.did == ["0.jpg"]  # named by the user, it is done, and that is said
        assert PROTECTED_BEFORE in named.notes
        assert all(PROTECTED_BEFORE not in outcome.notes for outcome in outcomes)
