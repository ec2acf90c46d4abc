"""Model files come into the store whole, tried out and for one purpose, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from small_models import listed, recogniser

from photoguard import models
from photoguard.encoders import BUILT_IN, default_set, installed, kept_out, load
from photoguard.errors import Cancelled, Failed, PhotoguardError, ProblemCode
from photoguard.packs.description import Purpose
from photoguard.packs.importing import Claim
from photoguard.packs.whereabouts import models_folder

MINE = Claim("mine", Purpose.SURROGATE, "arcface112", "RGB, 0..1", "MIT")
JUDGE = Claim("judge", Purpose.EVALUATOR, "arcface112", "RGB, 0..1", "MIT")


def code(attempt: Callable[[], object]) -> ProblemCode:
    with pytest.raises(PhotoguardError) as caught:
        attempt()
    return caught.value.problem.code


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net.onnx"
    path.write_bytes(recogniser())
    return path


def table(name: str, role: str, file: str = "net.onnx", **more: object) -> dict[str, object]:
    return {"name": name, "file": file, "role": role, "template": "arcface112", "input": "RGB, 0..1", **more}


def leftovers() -> list[str]:
    return [path.name for path in models_folder().iterdir() if path.name != ".lock"]


def test_a_model_described_by_the_user_is_used_by_name_and_by_default(file: Path) -> None:
    model = models.take_in(file, MINE)
    assert (model.name, model.sha256) == ("mine", hashlib.sha256(recogniser()).hexdigest())
    assert installed() == default_set() == (*BUILT_IN, "mine")
    assert [encoder.name for encoder in load(["mine"])] == ["mine"]
    assert list(models.verify()) == [("mine", None)]


def test_without_clear_terms_a_model_is_used_only_when_it_is_named(file: Path) -> None:
    models.take_in(file, Claim("mine", Purpose.SURROGATE, "arcface112", "RGB, 0..1"))
    assert installed() == (*BUILT_IN, "mine")
    assert default_set() == BUILT_IN
    assert models.overview().by_name == {"mine"}


@pytest.mark.parametrize("place", ["beside", "above"])
def test_a_list_near_the_file_describes_it(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "models" / "sub"
    folder.mkdir(parents=True)
    (folder / "net.onnx").write_bytes(recogniser())
    where, name = (folder, "net.onnx") if place == "beside" else (folder.parent, "sub/net.onnx")
    listed(where, table("other", "surrogate", "else.onnx"), table("told", "surrogate", name, licence="MIT (me)"))
    assert models.take_in(folder / "net.onnx", Claim()).name == "told"
    assert default_set() == (*BUILT_IN, "told")


def test_a_list_that_states_another_hash_is_believed(file: Path) -> None:
    listed(file.parent, table("told", "surrogate", sha256="0" * 64, licence="MIT"))
    assert code(lambda: models.take_in(file, Claim())) is ProblemCode.MODEL_CHANGED
    assert leftovers() == []


def test_terms_must_be_accepted_by_name(file: Path) -> None:
    listed(file.parent, table("told", "surrogate", licence="for friends only"))
    assert code(lambda: models.take_in(file, Claim())) is ProblemCode.LICENCE_UNACCEPTED
    assert code(lambda: models.take_in(file, Claim(), ["MIT"])) is ProblemCode.LICENCE_UNACCEPTED
    models.take_in(file, Claim(), ["for friends only"])
    assert installed() == (*BUILT_IN, "told")
    assert default_set() == BUILT_IN


@pytest.mark.parametrize("way", ["list", "list by hash", "installed", "registry"])
def test_a_judges_file_never_becomes_a_surrogate(
    file: Path, tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = hashlib.sha256(recogniser()).hexdigest()
    if way == "list":
        listed(file.parent, table("judge", "evaluator"), table("same", "surrogate"))
    elif way == "list by hash":
        listed(file.parent, table("same", "surrogate"), table("judge", "evaluator", "else.onnx", sha256=digest))
    elif way == "installed":
        models.take_in(file, JUDGE)
    else:
        from dataclasses import replace

        from photoguard.packs import registry

        changed = replace(registry.registry(), reserved=frozenset({digest}))
        monkeypatch.setattr("photoguard.models.registry", lambda: changed)
    copy = tmp_path / "copy" / "deep" / "renamed.onnx"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(recogniser())
    path = file if way.startswith("list") else copy
    assert code(lambda: models.take_in(path, MINE)) is ProblemCode.MODEL_RESERVED
    assert "mine" not in installed()


def test_a_judge_in_the_folder_of_this_run_cannot_be_an_installed_surrogate(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.take_in(file, MINE)
    digest = hashlib.sha256(recogniser()).hexdigest()
    # under the very name of the surrogate, or another
    for name in ("judge", "mine"):
        listed(file.parent, table(name, "evaluator", sha256=digest))
        monkeypatch.setenv("PHOTOGUARD_MODELS", str(file.parent))
        assert "mine" not in installed()
        assert code(lambda: load(["mine"])) is ProblemCode.EVALUATOR_ONLY


def test_a_surrogate_cannot_also_be_brought_as_a_judge(file: Path) -> None:
    models.take_in(file, MINE)
    assert code(lambda: models.take_in(file, JUDGE)) is ProblemCode.MODEL_TAKEN


def test_two_files_cannot_share_a_name_and_one_file_is_installed_once(file: Path) -> None:
    first = models.take_in(file, MINE)
    assert models.take_in(file, MINE) == first
    file.write_bytes(recogniser(1))
    assert code(lambda: models.take_in(file, MINE)) is ProblemCode.MODEL_TAKEN
    assert models.take_in(file, Claim("more", Purpose.SURROGATE, "arcface112", "RGB, 0..1")).name == "more"


@pytest.mark.parametrize("name", ["dlib", "../mine", ".", "", "...", "/etc"])
def test_names_lead_nowhere_else(file: Path, name: str) -> None:
    claim = Claim(name, Purpose.SURROGATE, "arcface112", "RGB, 0..1", "MIT")
    with suppress(Failed):
        models.take_in(file, claim)
    assert not {path.name for path in models_folder().parent.iterdir()} - {"models"}
    assert all((path / "MANIFEST.toml").is_file() for path in models_folder().iterdir() if path.is_dir())


def test_a_file_that_nobody_describes_is_not_taken(file: Path) -> None:
    assert code(lambda: models.take_in(file, Claim())) is ProblemCode.MODEL_UNDESCRIBED
    half = Claim("mine", Purpose.SURROGATE, "arcface112")
    assert code(lambda: models.take_in(file, half)) is ProblemCode.MODEL_UNDESCRIBED
    assert code(lambda: models.take_in(file.parent / "none.onnx", MINE)) is ProblemCode.MODEL_UNREADABLE


def test_a_file_that_does_not_pass_leaves_nothing(file: Path) -> None:
    file.write_bytes(recogniser(is_blind=True))
    assert code(lambda: models.take_in(file, MINE)) is ProblemCode.MODEL_UNSOUND
    assert leftovers() == []


def test_stopping_leaves_nothing(file: Path) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        models.take_in(file, MINE, check=stop)
    assert leftovers() == []


def test_a_file_changed_on_the_disk_is_not_loaded(file: Path) -> None:
    models.take_in(file, MINE)
    path = models_folder() / "mine" / "mine.onnx"
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert code(lambda: load(["mine"])) is ProblemCode.MODEL_CHANGED
    ((name, problem),) = models.verify()
    assert name == "mine"
    assert problem is not None
    assert problem.code is ProblemCode.MODEL_CHANGED
    path.unlink()
    ((_, problem),) = models.verify(["mine"])
    assert problem is not None
    assert problem.code is ProblemCode.MODEL_UNREADABLE


def test_a_description_changed_on_the_disk_stops_nothing_but_its_model(file: Path) -> None:
    models.take_in(file, MINE)
    (models_folder() / "mine" / "MANIFEST.toml").write_text("[[model", encoding="utf-8")
    assert installed() == BUILT_IN
    assert [bad.name for bad in models.overview().damaged] == ["mine"]
    ((_, problem),) = models.verify()
    assert problem is not None
    models.remove("mine")
    assert leftovers() == []


def test_removing(file: Path) -> None:
    models.take_in(file, MINE)
    models.remove("mine")
    assert installed() == BUILT_IN
    assert code(lambda: models.remove("mine")) is ProblemCode.NOT_INSTALLED
    assert code(lambda: models.remove("..")) is ProblemCode.NOT_INSTALLED
    assert code(lambda: list(models.verify(["mine"]))) is ProblemCode.NOT_INSTALLED


def test_what_a_crash_left_is_swept_and_never_loaded(file: Path) -> None:
    left = models_folder() / ".incoming-0badcafe" / "mine"
    left.mkdir(parents=True)
    (left / "MANIFEST.toml").write_text("", encoding="utf-8")
    assert installed() == BUILT_IN
    models.take_in(file, MINE)
    assert leftovers() == ["mine"]


def test_only_one_at_a_time_changes_the_store(file: Path) -> None:
    from photoguard.packs.lock import locked

    with locked(models_folder()):
        assert code(lambda: models.take_in(file, MINE)) is ProblemCode.MODELS_BUSY
    models.take_in(file, MINE)


@pytest.mark.corpus
def test_local_files_are_known_by_their_hash_or_their_list(model_files: Path) -> None:
    for path, name in (
        ("surrogates/foamliu_mobilefacenet.onnx", "foamliu"),
        ("surrogates/espdl_mfn.onnx", "espdl_mfn"),
        ("latent/taesana_encoder.pth", "taesana_encoder"),
    ):
        assert models.take_in(model_files / path, Claim()).name == name
    assert installed() == (*BUILT_IN, "espdl_mfn", "foamliu")
    assert kept_out() == "foamliu"
    assert default_set() == ("dlib", "espdl_mfn")
    judge = model_files / "evaluators" / "xiaoccer_casia.onnx"
    for claim in (Claim(), Claim(purpose=Purpose.SURROGATE)):
        assert code(lambda claim=claim: models.take_in(judge, claim)) in {
            ProblemCode.LICENCE_UNACCEPTED,
            ProblemCode.MODEL_RESERVED,
        }
    assert all(problem is None for _, problem in models.verify())
