"""Notes last, tell no names, and a journal that cannot be read costs nothing but itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoguard.batch.journal import NAME, Journal, forget
from photoguard.batch.outcome_text import outcome_of, text_of
from photoguard.domain import Box, FaceReport, Finding, FindingKind, Outcome, OutcomeKind, Proof
from photoguard.errors import Failed, Problem, ProblemCode

SHA = "ab" * 32


def outcome(
    kind: OutcomeKind = OutcomeKind.PROTECTED, code: ProblemCode | None = None, *, copy: bool = True
) -> Outcome:
    return Outcome(
        Path("/home/minji/secret.jpg"),
        Path("/out/secret.jpg") if copy else None,
        kind,
        None if code is None else Problem(code, {"width_px": 7, "place": "APP1"}),
        (Finding(FindingKind.HIDDEN_PICTURE, "APP1", 60, 160, 120, "thumbnail"),),
        (
            FaceReport(
                Box(1.5, 2, 3, 4),
                {"dlib": {"file": 0.25, "after_any": 0.5}},
                {"psnr": 38.5},
                is_cloaked=False,
                problem=Problem(ProblemCode.FACE_TOO_SMALL),
            ),
        ),
        {"size_ratio": 1.25},
        Proof(is_clean=True, same_size=True, sha256=SHA, size_bytes=1234) if copy else None,
        {"taesd": {"moved": True, "by": 0.5}},
        ("rotated",),
        2.5,
    )


@pytest.mark.parametrize("kind", [*OutcomeKind])
@pytest.mark.parametrize("code", [None, ProblemCode.NO_FACE])
def test_an_outcome_survives_as_text(kind: OutcomeKind, code: ProblemCode | None) -> None:
    one = outcome(kind, code)
    assert outcome_of(text_of(one), one.source, one.output) == one


@given(st.text(max_size=40))
def test_other_text_is_no_outcome(text: str) -> None:
    with pytest.raises(ValueError):
        outcome_of(text, Path(), None)


def test_a_note_outlives_the_process_and_holds_no_name(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.add(b"c", b"t", outcome())
        raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())  # the log beside the base too
    raw += b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert SHA.encode() in raw
    assert b"minji" not in raw
    assert b"secret" not in raw
    with Journal(tmp_path) as journal:
        note = journal.find(b"c", b"t")
        assert note is not None
        assert note.outcome(Path("a"), Path("b")).faces == outcome().faces
        assert (note.copy_sha256, note.copy_bytes) == (SHA, 1234)
        assert journal.find(b"c", b"u") is None
        assert journal.find(b"d", b"t") is None
        assert journal.made(SHA)
        assert journal.made(SHA, kind=OutcomeKind.PROTECTED)
        assert not journal.made(SHA, kind=OutcomeKind.SCRUBBED)
        assert not journal.made("cd" * 32)


@pytest.mark.parametrize(
    ("code", "lasts"),
    [(ProblemCode.TRUNCATED, True), (ProblemCode.CLOAK_TOO_WEAK, True), (ProblemCode.DISK_FULL, False)]
    + [(code, False) for code in (ProblemCode.ENGINE_DIED, ProblemCode.OUT_OF_MEMORY, ProblemCode.VANISHED)],
)
def test_only_what_would_end_the_same_is_noted(tmp_path: Path, code: ProblemCode, *, lasts: bool) -> None:
    with Journal(tmp_path) as journal:
        journal.add(b"c", b"t", outcome(OutcomeKind.FAILED, code, copy=False))
        assert (journal.find(b"c", b"t") is not None) is lasts


def test_a_newer_program_tries_again_what_an_older_one_could_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal(tmp_path) as journal:
        journal.add(b"c", b"t", outcome(OutcomeKind.FAILED, ProblemCode.CLOAK_TOO_WEAK, copy=False))
        journal.add(b"d", b"t", outcome())
        monkeypatch.setattr("photoguard.batch.journal.__version__", "999")
        assert journal.find(b"c", b"t") is None
        assert journal.find(b"d", b"t") is not None  # a good copy stays good


def test_two_runs_may_write_at_once(tmp_path: Path) -> None:
    with Journal(tmp_path) as one, Journal(tmp_path) as other:
        one.add(b"c", b"t", outcome())
        other.add(b"d", b"t", outcome())
        assert one.find(b"d", b"t") is not None
        assert other.find(b"c", b"t") is not None


@pytest.mark.parametrize("content", [b"this is no database at all" * 50, b"SQLite format 3\0" + b"\xff" * 5000])
def test_an_unreadable_journal_is_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with Journal(tmp_path) as journal:
        journal.add(b"c", b"t", outcome())
        assert journal.find(b"c", b"t") is not None
    assert (tmp_path / "journal-unreadable.sqlite").read_bytes() == content


def test_a_journal_of_another_layout_is_set_aside(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.add(b"c", b"t", outcome())
    base = sqlite3.connect(tmp_path / NAME)
    base.execute("PRAGMA user_version = 77")
    base.close()
    with Journal(tmp_path) as journal:
        assert journal.find(b"c", b"t") is None


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Failed) as error:
        Journal(tmp_path / "file" / "state")
    assert error.value.problem.code is ProblemCode.JOURNAL_UNAVAILABLE


def test_forgetting_erases_the_notes(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.add(b"c", b"t", outcome())
    assert forget(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not forget(tmp_path)
