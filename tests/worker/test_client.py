"""The client against a real process of a fake engine: order, stopping, pausing, death."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engines import fake_engine

from photoguard.domain import Options, OutcomeKind
from photoguard.errors import ProblemCode
from photoguard.worker.client import PATIENCE_S, EngineClient
from photoguard.worker.messages import Event, Finished, Progressed, Protect, Stopped, Unable, Warm, WarmUp

_LONG_S = 60


class Desk:
    """A client whose events are kept in order."""

    def __init__(self, folder: Path, *, patience_s: float = PATIENCE_S) -> None:
        self.folder = folder
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.client = EngineClient(fake_engine, self.events.put, patience_s=patience_s)

    def protect(self, ticket: int, name: str) -> None:
        source = self.folder / f"{name}.jpg"
        source.write_bytes(b"photo")
        self.client.submit(Protect(ticket, source, self.folder / "out" / source.name, Options()))

    def answer(self) -> Event:
        while isinstance(event := self.events.get(timeout=_LONG_S), Progressed):
            pass
        return event

    def progress(self) -> Progressed:
        event = self.events.get(timeout=_LONG_S)
        assert isinstance(event, Progressed)
        return event


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.client.close()


def test_answers_each_request_once_and_in_order(desk: Desk) -> None:
    for ticket, name in enumerate(("one", "faceless", "refused")):
        desk.protect(ticket, name)
    answers = [desk.answer() for _ in range(3)]
    assert [answer.ticket for answer in answers] == [0, 1, 2]
    kinds = [answer.outcome.kind for answer in answers if isinstance(answer, Finished)]
    assert kinds == [OutcomeKind.PROTECTED, OutcomeKind.NO_FACE, OutcomeKind.REFUSED]


def test_an_urgent_request_goes_before_waiting_ones(desk: Desk) -> None:
    desk.protect(1, "slow")
    desk.progress()
    desk.protect(2, "one")
    desk.client.submit(WarmUp(3, Options()), is_urgent=True)
    desk.client.stop(1)
    assert isinstance(desk.answer(), Stopped)
    assert isinstance(desk.answer(), Warm)
    assert desk.answer().ticket == 2


def test_a_surprise_in_one_request_leaves_the_process_and_the_others_alone(desk: Desk) -> None:
    desk.protect(1, "one")
    desk.answer()
    before = desk.client.process_id
    desk.protect(2, "broken")
    desk.protect(3, "two")
    surprise = desk.answer()
    assert isinstance(surprise, Unable)
    assert surprise.problem.code is ProblemCode.INTERNAL
    assert surprise.problem.facts == {"kind": "ZeroDivisionError"}
    assert isinstance(desk.answer(), Finished)
    assert desk.client.process_id == before


def test_a_process_that_dies_fails_its_photo_only(desk: Desk) -> None:
    desk.protect(1, "deadly")
    desk.protect(2, "one")
    lost = desk.answer()
    assert isinstance(lost, Unable)
    assert (lost.ticket, lost.problem.code) == (1, ProblemCode.ENGINE_DIED)
    assert isinstance(desk.answer(), Finished)


def test_a_kill_from_outside_in_mid_photo_is_survived(desk: Desk) -> None:
    desk.protect(1, "slow")
    desk.protect(2, "one")
    desk.progress()
    first = desk.client.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    lost = desk.answer()
    assert isinstance(lost, Unable)
    assert lost.problem.code is ProblemCode.ENGINE_DIED
    assert isinstance(desk.answer(), Finished)
    assert desk.client.process_id not in {None, first}


def test_an_idle_process_that_dies_is_replaced_without_a_word(desk: Desk) -> None:
    desk.protect(1, "one")
    desk.answer()
    assert desk.client.process_id is not None
    os.kill(desk.client.process_id, signal.SIGKILL)
    desk.protect(2, "two")
    desk.answer()
    desk.protect(3, "three")
    assert isinstance(desk.answer(), Finished)


def test_users_are_promised_two_seconds_and_the_patience_lies_well_below() -> None:
    assert PATIENCE_S < 1.5


@pytest.mark.parametrize("name", ["slow", "deaf"])
def test_stops_whether_the_work_listens_or_not(desk: Desk, name: str) -> None:
    desk.protect(1, name)
    desk.progress()
    desk.client.stop()
    assert isinstance(desk.answer(), Stopped)
    assert not (desk.folder / "out" / f"{name}.jpg").exists()


def test_work_that_listens_ends_by_itself_and_keeps_its_process_and_its_models(tmp_path: Path) -> None:
    desk = Desk(tmp_path, patience_s=_LONG_S * 100)
    desk.protect(1, "slow")
    desk.progress()
    process = desk.client.process_id
    desk.client.stop(1)
    assert isinstance(desk.answer(), Stopped)
    assert desk.client.process_id == process
    desk.client.close()


def test_when_the_patience_is_over_the_process_is_killed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, patience_s=0)
    desk.protect(1, "deaf")
    desk.progress()
    process = desk.client.process_id
    assert process is not None
    desk.client.stop(1)
    assert isinstance(desk.answer(), Stopped)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    desk.client.close()


def test_stopping_everything_answers_the_waiting_ones_too(desk: Desk) -> None:
    for ticket in range(4):
        desk.protect(ticket, "slow")
    desk.progress()
    desk.client.stop()
    assert {desk.answer().ticket for _ in range(4)} == {0, 1, 2, 3}


def test_a_killed_process_leaves_nothing_half_written(desk: Desk) -> None:
    out = desk.folder / "out"
    out.mkdir()
    desk.protect(1, "deaf")
    desk.progress()
    from photoguard.output import _machine

    half = out / f".photoguard-{_machine()}-{desk.client.process_id}-0a1b2c3d.tmp"
    half.write_bytes(b"half a photo")
    desk.client.stop()
    desk.answer()
    assert list(out.iterdir()) == []


def test_pause_rests_in_mid_photo_and_goes_on(desk: Desk) -> None:
    desk.protect(1, "slow")
    desk.progress()
    desk.client.pause(is_wanted=True)
    last = -1
    while True:
        try:
            event = desk.events.get(timeout=1.0)
        except queue.Empty:
            break
        assert isinstance(event, Progressed)
        last = event.progress.step
    desk.client.pause(is_wanted=False)
    assert desk.progress().progress.step > last


def test_stopping_a_paused_photo_works(desk: Desk) -> None:
    desk.protect(1, "slow")
    desk.progress()
    desk.client.pause(is_wanted=True)
    desk.client.stop(1)
    assert isinstance(desk.answer(), Stopped)


def test_closing_ends_process_and_thread(desk: Desk) -> None:
    desk.protect(1, "deaf")
    desk.progress()
    process = desk.client.process_id
    assert process is not None
    desk.client.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert not [thread for thread in threading.enumerate() if thread.name == "engine client"]
