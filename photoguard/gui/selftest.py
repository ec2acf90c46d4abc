"""`photoguard gui --selftest`: opens every view in every language without a screen and says what is wrong with it."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from photoguard.domain import Outcome
    from photoguard.gui.application import Opened
    from photoguard.worker.messages import EditorView

_LOADED_AT = time.monotonic()
_TEXT_SIZES = (100, 150, 200)
_PATIENCE_S = 600.0
_SIZE = (900, 700)
_MADE_UP = "selftest"
"""Name of the encoder in the made-up report that fills the view of results."""


def run_selftest() -> int:
    """Print one JSON object by the contract; 0 when there is nothing to complain of."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    report = examined()
    print(json.dumps(report, ensure_ascii=False))  # noqa: T201 - its only output
    return 1 if report["unnamed_widgets"] or report["clipped"] or report["torch_loaded"] else 0


def examined() -> dict[str, object]:
    """What was found, at three sizes of text and in both themes."""
    from photoguard.gui.application import application, open_window
    from photoguard.gui.examine import clipped, unnamed_widgets
    from photoguard.gui.memory import resident_mb
    from photoguard.i18n import Language

    app = application()
    complaints: dict[str, list[str]] = {"unnamed_widgets": [], "clipped": []}
    views: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        opened = open_window(app, Path(name) / "settings.json")
        opened.window.show()
        _until(app, lambda: opened.window.isVisible() and not opened.window.grab().isNull())
        first_paint = _seconds_since_start()
        for view in _views(app, opened, Path(name)):
            views.append(view)
            for percent in _TEXT_SIZES:
                for tongue in Language:
                    opened.preferences.change(language=tongue.value, text_percent=percent)
                    _settle(app)
                    for kind, found in (
                        ("unnamed_widgets", unnamed_widgets(opened.window)),
                        ("clipped", clipped(opened.window)),
                    ):
                        complaints[kind] += [f"{view}, {tongue}, {percent} %: {one}" for one in found]
            opened.preferences.change(text_percent=100)
        memory = resident_mb()
        opened.window.close()
        _settle(app)
    return {
        "first_paint_seconds": round(first_paint, 3),
        "memory_mb": round(memory, 1),
        "torch_loaded": "torch" in sys.modules,
        "unnamed_widgets": complaints["unnamed_widgets"],
        "clipped": complaints["clipped"],
        "languages": [str(tongue) for tongue in Language],
        "views": views,
    }


def _views(app: QApplication, opened: Opened, folder: Path) -> Iterator[str]:
    """Bring one view after the other to the front, and give its name."""
    from photoguard.gui.compare.canvas import Mode
    from photoguard.gui.queue_model import State
    from photoguard.gui.window import VIEWS
    from photoguard.settings import Theme
    from photoguard.worker.messages import Region

    window, session = opened.window, opened.session
    for view in (*VIEWS[1:], VIEWS[0]):
        window.go(view)
        _settle(app)
        yield view
    (folder / "album").mkdir()
    (folder / "album" / "notes.txt").touch()
    before, after = _painted(folder / "album" / "before.png", 0), _painted(folder / "after.png", 6)
    window.add([folder / "album"])
    _until(app, lambda: len(session.queue) > 0 and session.queue.at(0).faces is not None)
    ticket = session.queue.at(0).ticket
    session.queue.change(
        ticket, faces=(Region(0.2, 0.2, 0.2, 0.3), Region(0.6, 0.3, 0.2, 0.3)), left_out=frozenset({1})
    )
    opened.preferences.change(theme=Theme.DARK)
    yield "photo"
    session.models.can_shield = not session.models.can_shield
    yield "photo_other_shield"
    window.photos.passed_over.button.setChecked(True)
    yield "passed_over"
    window.photos.passed_over.button.setChecked(False)
    session.queue.change(ticket, outcome=_made_up_outcome(before, after), state=State.DONE)
    _until(app, lambda: window.photos.result.compare.canvas.pair is not None)
    for mode in Mode:
        window.photos.result.compare.set_mode(mode)
        _settle(app)
        yield f"compare_{mode}"
    window.photos.result.show_editors()
    window.photos.result.editors.show_views(_made_up_views())
    yield "editors"
    window.photos.result.show_tab(is_report=True)
    opened.preferences.change(theme=Theme.LIGHT)
    yield "report"


def _painted(file: Path, shift: int) -> Path:
    """A picture made here, so that the test needs no photo."""
    from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

    image = QImage(*_SIZE, QImage.Format.Format_RGB32)
    gradient = QLinearGradient(0, 0, *_SIZE)
    gradient.setColorAt(0, QColor(90 + shift, 120, 150))
    gradient.setColorAt(1, QColor(220, 200 - shift, 170))
    painter = QPainter(image)
    painter.fillRect(image.rect(), gradient)
    painter.end()
    image.save(str(file))
    return file


def _made_up_views() -> tuple[EditorView, ...]:
    from photoguard.worker.messages import EditorView, Picture

    side = 384
    pictures = [Picture(side, side, bytes([grey]) * (3 * side * side)) for grey in (120, 160)]
    return (EditorView("flux2", *pictures),)


def _made_up_outcome(before: Path, after: Path) -> Outcome:
    from photoguard.domain import Box, FaceReport, Finding, FindingKind, Judgement, Outcome, OutcomeKind, Proof, Verdict

    judgement = Judgement(Verdict.UNCHECKED, None, (), (_MADE_UP,))
    similarity = {_MADE_UP: {"file": 0.3, "after_any": 0.45}}
    face = FaceReport(Box(180, 140, 180, 210), similarity, {"ssimulacra2": 70.0}, judgement=judgement)
    proof = Proof(is_clean=True, same_size=True, sha256="0" * 64, size_bytes=1)
    findings = tuple(Finding(kind, "", 1) for kind in FindingKind)
    made = Outcome(before, after, OutcomeKind.PROTECTED, None, findings, (face,), proof=proof, notes=("rotated",))
    figures = {"took_part": True, "shift": 0.75, "shift_unprotected": 0.22, "decode_psnr": 25.8}
    return replace(made, shield={_MADE_UP: figures})


def _until(app: QApplication, is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not is_so():
        app.processEvents()
        time.sleep(0.002)
        if time.monotonic() > until:
            raise TimeoutError


def _settle(app: QApplication) -> None:
    """Let layouts come to rest."""
    from PySide6.QtCore import QEvent

    for _ in range(6):
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app.processEvents()


def _seconds_since_start() -> float:
    """Since this process began, where the system tells; else since this module was loaded."""
    try:
        ticks = float(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError, ValueError, IndexError):
        return time.monotonic() - _LOADED_AT
