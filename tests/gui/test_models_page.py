"""Models are fetched and added from the window, stopped, and told about when they cannot be had."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from photoguard.domain import Progress, ProgressListener, Stage
from photoguard.errors import Failed, ProblemCode
from photoguard.worker.messages import Answer, GetModels, ModelLine, ModelsListed, Request, TakeModel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from window_desk import Desk


class FakeKeeper:
    """Gets ``core`` for as long as it is left to; takes files whose name says no trouble."""

    def answer(self, request: Request, listener: ProgressListener) -> Answer:
        if isinstance(request, TakeModel):
            if "bad" in request.path.name:
                raise Failed(ProblemCode.MODEL_UNDESCRIBED, model="bad")
            line = ModelLine(request.path.stem, "surrogate", "MIT License", is_built_in=False)
            return ModelsListed(request.ticket, (line,))
        assert isinstance(request, GetModels)
        for step in range(100_000):
            listener(Progress(Stage.FETCHING, step=step, steps=48_000, seconds_left=30.0))
            time.sleep(0.005)
        raise AssertionError


def fake_keeper() -> FakeKeeper:
    return FakeKeeper()


@pytest.fixture
def desk(app: QApplication, tmp_path: Path) -> Iterator[Desk]:
    from fake_engines import fake_engine, fake_reader
    from window_desk import Desk

    from photoguard.gui.application import open_window
    from photoguard.gui.bridge import Bridge

    opened = open_window(app, tmp_path / "settings.json", Bridge(fake_engine, fake_reader, fake_keeper))
    opened.preferences.change(language="en", is_welcomed=True)
    opened.window.show()
    desk = Desk(app, tmp_path / "album", opened)
    desk.window.go("models")
    yield desk
    desk.window.close()
    desk.session.close()
    desk.window.deleteLater()
    desk.settle()


def state(desk: Desk) -> str:
    return desk.window.page("models")._state.text()


def test_fetching_tells_how_far_it_is_and_can_be_stopped(desk: Desk) -> None:
    page = desk.window.page("models")
    assert not page.stop.isVisible()
    page.get.click()
    desk.until(lambda: "of 48.0 MB" in state(desk))
    assert not page.get.isEnabled()
    assert not page.add.isEnabled()
    page.stop.click()
    desk.until(page.get.isEnabled)
    desk.until(lambda: "Stopped" in state(desk))
    assert not page.stop.isVisible()


def test_the_first_page_leads_to_the_models_and_fetches_nothing_by_itself(desk: Desk) -> None:
    asked: list[object] = []
    desk.session.models.changing.connect(asked.append)
    desk.window.go("welcome")
    desk.window.page("welcome").models.click()
    assert desk.window.view == "models"
    assert desk.window.page("models").get.isVisible()
    assert desk.window.page("models").add.isVisible()
    desk.settle()
    assert asked == []
    desk.window.page("models").back.click()
    assert desk.window.view == "welcome"


def test_a_file_is_added_and_listed_and_a_bad_one_told(desk: Desk) -> None:
    desk.session.models.take(Path("good.onnx"))
    desk.until(lambda: "Done" in state(desk))
    assert [line.name for line in desk.window.page("models")._models or ()] == ["good"]
    desk.session.models.take(Path("bad.onnx"))
    desk.until(lambda: "does not know this file" in state(desk))
    assert desk.window.page("models").add.isEnabled()


def test_the_engine_installs_real_files(tmp_path: Path) -> None:
    from small_models import listed, recogniser

    from photoguard.encoders import BUILT_IN, default_set
    from photoguard.worker.engines import keeping

    (tmp_path / "net.onnx").write_bytes(recogniser())
    table = {"name": "mine", "file": "net.onnx", "role": "surrogate", "template": "arcface112", "input": "RGB, 0..1"}
    listed(tmp_path, {**table, "licence": "MIT"})
    answer = keeping().answer(TakeModel(1, tmp_path / "net.onnx"), lambda _: None)
    assert isinstance(answer, ModelsListed)
    assert [line.name for line in answer.models] == [*BUILT_IN, "mine"]
    assert default_set() == (*BUILT_IN, "mine")
