"""The best installed detector is taken; a named one; dlib's where there is no other."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from photoguard import models
from photoguard.errors import Failed, ProblemCode, UsageMistake
from photoguard.faces import best_detector
from photoguard.packs import store
from photoguard.packs.description import Licence, Model, Purpose
from photoguard.packs.importing import Claim
from photoguard.packs.whereabouts import models_folder

FREE, BOUND = Licence("MIT", "MIT License"), Licence("R", "Research", is_research_only=True)


def put(name: str, licence: Licence = FREE, data: bytes = b"no network") -> None:
    """Install a file without the try-out, as if the store had been tampered with."""
    model = Model(name, Purpose.DETECTOR, "d.onnx", hashlib.sha256(data).hexdigest(), len(data), licence)
    with store.incoming(models_folder()) as staging:
        (staging / "file").write_bytes(data)
        store.install(model, staging / "file", models_folder(), licence="")


def test_without_models_it_is_dlibs() -> None:
    assert best_detector().name == best_detector("dlib").name == "dlib"
    with pytest.raises(UsageMistake) as caught:
        best_detector("yunet")
    assert caught.value.problem.code is ProblemCode.UNKNOWN_MODEL


def test_a_research_only_detector_is_used_only_by_name() -> None:
    pytest.importorskip("onnxruntime")
    put("bound", BOUND)
    assert best_detector().name == "dlib"
    with pytest.raises(Failed) as caught:
        best_detector("bound")
    assert caught.value.problem.code is ProblemCode.MODEL_UNFIT


def test_a_detector_that_was_changed_on_the_disk_is_not_loaded() -> None:
    pytest.importorskip("onnxruntime")
    put("mine")
    (models_folder() / "mine" / "d.onnx").write_bytes(b"another")
    with pytest.raises(Failed) as caught:
        best_detector()
    assert caught.value.problem.code is ProblemCode.MODEL_CHANGED
    assert best_detector("dlib").name == "dlib"


@pytest.mark.corpus
def test_an_installed_yunet_goes_before_dlib_and_scrfd_needs_its_terms(model_files: Path) -> None:
    pytest.importorskip("onnxruntime")
    scrfd = model_files / "detectors" / "det_500m.onnx"
    with pytest.raises(Failed) as caught:
        models.take_in(scrfd, Claim())
    assert caught.value.problem.code is ProblemCode.LICENCE_UNACCEPTED
    assert models.take_in(scrfd, Claim(), ["InsightFace-research"]).name == "scrfd_500m"
    assert best_detector().name == "dlib"
    assert models.take_in(model_files / "detectors" / "yunet_n_dynamic.onnx", Claim()).name == "yunet"
    assert best_detector().name == "yunet"
    assert best_detector("scrfd_500m").name == "scrfd_500m"


@pytest.mark.corpus
def test_a_recogniser_is_no_detector(model_files: Path, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    path = tmp_path / "net.onnx"
    path.write_bytes((model_files / "surrogates" / "espdl_mfn.onnx").read_bytes())
    with pytest.raises(Failed) as caught:
        models.take_in(path, Claim("mine", Purpose.DETECTOR))
    assert caught.value.problem.code is ProblemCode.MODEL_UNFIT
