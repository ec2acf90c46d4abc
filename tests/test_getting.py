"""Models are fetched from their origins, checked, and installed as if somebody had brought them."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from small_models import recogniser

pytest.importorskip("pytest_httpserver")
from pytest_httpserver import HTTPServer

from photoguard import models
from photoguard.cli import main
from photoguard.encoders import BUILT_IN, default_set, installed
from photoguard.errors import Cancelled, Failed, ProblemCode
from photoguard.packs.description import Licence, Model, Purpose
from photoguard.packs.registry import Archive, Offer, Registry, registry
from photoguard.packs.whereabouts import models_folder

FREE, BOUND = Licence("MIT", "MIT License"), Licence("R", "Research", is_research_only=True)
ADDS = MappingProxyType({"en": "more", "ko": "더"})


@pytest.fixture(autouse=True)
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("PHOTOGUARD_LANG", "en")


@pytest.fixture
def server(httpserver: HTTPServer) -> HTTPServer:
    return httpserver


def model_of(name: str, data: bytes, licence: Licence = FREE) -> Model:
    digest = hashlib.sha256(data).hexdigest()
    return Model(
        name,
        Purpose.SURROGATE,
        f"{name}.onnx",
        digest,
        len(data),
        licence,
        template="arcface112",
        input="RGB, 0..1",
    )


def offer(server: HTTPServer, name: str, data: bytes, *, licence: Licence = FREE, is_core: bool = False) -> Offer:
    server.expect_request(f"/{name}").respond_with_data(data, content_type="application/octet-stream")
    return Offer(model_of(name, data, licence), is_core, (server.url_for(f"/{name}"),), None, ADDS)


def offering(monkeypatch: pytest.MonkeyPatch, *offers: Offer) -> None:
    licences = {licence.id: licence for licence in (FREE, BOUND)}
    known = Registry(tuple(offers), MappingProxyType(licences), frozenset())
    for place in ("models", "packs.registry"):
        monkeypatch.setattr(f"photoguard.{place}.registry", lambda: known)


def code(attempt: Callable[[], object]) -> ProblemCode:
    with pytest.raises(Failed) as caught:
        attempt()
    return caught.value.problem.code


def get(*names: str, accepted: tuple[str, ...] = ()) -> list[str]:
    return [model.name for model in models.get(models.chosen(names), accepted)]


def test_core_is_what_anybody_may_use(server: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    one = offer(server, "one", recogniser(1), is_core=True)
    offering(monkeypatch, one, offer(server, "two", recogniser(2)))
    assert get("core") == ["one"]
    assert default_set() == (*BUILT_IN, "one")
    assert get("two", "core") == ["two", "one"]
    # what is there is not fetched again
    assert [path for path, _ in server.log if path.path == "/one"] == [server.log[0][0]]
    assert code(lambda: models.chosen(["three"])) is ProblemCode.NOT_OFFERED
    assert [bad for _, bad in models.verify() if bad] == []
    assert not list((models_folder() / ".partial").iterdir())


def test_research_only_models_are_asked_for_by_licence(server: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    offering(monkeypatch, offer(server, "bound", recogniser(1), licence=BOUND))
    assert code(lambda: get("bound")) is ProblemCode.LICENCE_UNACCEPTED
    assert server.log == []
    assert get("bound", accepted=("R",)) == ["bound"]
    assert installed() == (*BUILT_IN, "bound")
    assert default_set() == BUILT_IN


def test_an_administrator_can_accept_for_everybody(server: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    from photoguard.policy import Policy

    offering(monkeypatch, offer(server, "bound", recogniser(1), licence=BOUND))
    monkeypatch.setattr("photoguard.models.policy", lambda: Policy(accepted_licences=("R",)))
    assert get("bound") == ["bound"]


def boxed(server: HTTPServer, tmp_path: Path, name: str, **entries: bytes) -> Archive:
    path = tmp_path / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box:
        for entry, data in entries.items():
            box.writestr(f"folder/{entry}.onnx", data)
    data = path.read_bytes()
    server.expect_request(f"/{name}.zip").respond_with_data(data, content_type="application/zip")
    url = server.url_for(f"/{name}.zip")
    return Archive(name, hashlib.sha256(data).hexdigest(), len(data), (url,))


def test_two_models_of_one_archive_fetch_it_once_and_keep_nothing_else(
    server: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    archive = boxed(server, tmp_path, "box", a=recogniser(1), b=recogniser(2), c=b"unasked for")
    offering(
        monkeypatch, *(Offer(model_of(n, recogniser(s)), False, (), archive, ADDS) for n, s in (("a", 1), ("b", 2)))
    )
    assert get("all") == ["a", "b"]
    assert len(server.log) == 1
    stored = [path for path in models_folder().rglob("*") if path.is_file() and path.suffix not in {".toml", ".txt"}]
    assert sorted(path.name for path in stored) == [".lock", "a.onnx", "b.onnx"]


@pytest.mark.parametrize("way", ["missing", "other", "longer", "shorter"])
def test_an_archives_member_must_be_the_very_file(
    server: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str
) -> None:
    data = recogniser(1)
    inside = {"other": data[:-1] + b"\x7f", "longer": data + b"\0" * 10_000_000, "shorter": data[:-1]}.get(way, data)
    archive = boxed(server, tmp_path, "box", **{"b" if way == "missing" else "a": inside})
    offering(monkeypatch, Offer(model_of("a", data), False, (), archive, ADDS))
    assert code(lambda: get("a")) is ProblemCode.PACK_BROKEN
    assert installed() == BUILT_IN


def test_a_rotten_model_is_made_whole_by_getting_it_again(server: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    offering(monkeypatch, offer(server, "one", recogniser(1)))
    get("one")
    path = models_folder() / "one" / "one.onnx"
    path.write_bytes(b"rotten")
    get("one")
    assert path.read_bytes() == recogniser(1)


def test_those_before_a_failure_stay(server: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    blind = offer(server, "blind", recogniser(2, is_blind=True))
    offering(monkeypatch, offer(server, "one", recogniser(1)), blind)
    assert code(lambda: get("one", "blind")) is ProblemCode.MODEL_UNSOUND
    assert installed() == (*BUILT_IN, "one")


def test_stopping_in_the_middle(server: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    offering(monkeypatch, offer(server, "one", recogniser(1)))

    def stop(*_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        list(models.get(models.chosen(["one"]), (), stop))
    assert installed() == BUILT_IN
    assert get("one") == ["one"]


def test_the_command_tells_what_it_did_and_why_not(
    server: HTTPServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bound = offer(server, "bound", recogniser(2), licence=BOUND)
    offering(monkeypatch, offer(server, "one", recogniser(1), is_core=True), bound)
    assert main(["models", "get", "all"]) == 0
    said = capsys.readouterr().out
    assert "one is installed" in said
    assert "bound was left out" in said
    assert main(["models", "get", "bound"]) == 1
    assert '--accept-licence "R"' in capsys.readouterr().err
    assert main(["models", "get", "bound", "--accept-licence", "R"]) == 0
    assert main(["models", "get", "nothing"]) == 1


@pytest.mark.corpus
def test_published_files_are_fetched_under_their_real_hashes(
    server: HTTPServer, monkeypatch: pytest.MonkeyPatch, model_files: Path
) -> None:
    """The registry as it is, but for the origins, which lie on the loopback here."""
    files = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in model_files.glob("*/*.*")}
    real = registry()
    served = []
    for one in real.offers:
        if path := files.get(one.model.sha256):
            server.expect_request(f"/{one.model.file}").respond_with_data(
                path.read_bytes(), content_type="application/x"
            )
            served.append(replace(one, origins=(server.url_for(f"/{one.model.file}"),), archive=None))
    monkeypatch.setattr("photoguard.models.registry", lambda: replace(real, offers=tuple(served)))
    wanted = ["foamliu", "taef2_encoder", "taesana_encoder"]
    assert get(*wanted) == wanted
    assert default_set() == ("dlib", "student_mfn", "foamliu"), "a student stays out where its teacher is"
    assert [bad for _, bad in models.verify(wanted) if bad] == []
