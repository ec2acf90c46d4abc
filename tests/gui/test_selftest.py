"""`photoguard gui --selftest` keeps its contract."""

from __future__ import annotations

import json
import os
import subprocess
import sys

FIELDS = {"first_paint_seconds", "memory_mb", "torch_loaded", "unnamed_widgets", "clipped", "languages", "views"}


def test_it_opens_every_view_and_has_nothing_to_complain_of() -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "photoguard", "gui", "--selftest"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report.keys() == FIELDS
    assert report["unnamed_widgets"] == []
    assert report["clipped"] == []
    assert report["torch_loaded"] is False
    assert report["languages"] == ["en", "ko"]
    assert len(report["views"]) >= 10
    assert report["memory_mb"] < 200
    assert done.returncode == 0
