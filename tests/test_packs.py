"""A pack made on one computer installs on another, whole and unchanged, or not at all."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from small_models import recogniser

from photoguard import models
from photoguard.encoders import BUILT_IN, default_set, installed
from photoguard.errors import Failed, PhotoguardError, ProblemCode
from photoguard.packs import registry
from photoguard.packs.archive import is_pack
from photoguard.packs.description import Purpose
from photoguard.packs.importing import Claim
from photoguard.packs.signing import is_signed, make_key, sign
from photoguard.packs.whereabouts import models_folder
from photoguard.policy import Policy

RULES = b'network = false\nleast_strength = "standard"\n'


def code(attempt: Callable[[], object]) -> ProblemCode:
    with pytest.raises(PhotoguardError) as caught:
        attempt()
    return caught.value.problem.code


def bring(tmp_path: Path, name: str, seed: int = 0, licence: str = "MIT") -> None:
    path = tmp_path / f"{name}.onnx"
    path.write_bytes(recogniser(seed))
    models.take_in(path, Claim(name, Purpose.SURROGATE, "arcface112", "RGB, 0..1", licence), [licence])


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Go to another computer, where nothing is installed."""

    def go() -> None:
        monkeypatch.setenv("PHOTOGUARD_DATA", str(tmp_path / "another home" / os.urandom(4).hex()))

    return go


@pytest.fixture
def pack(tmp_path: Path, elsewhere: Callable[[], None]) -> Path:
    """An unsigned pack of two models with rules, and nothing installed here any more."""
    bring(tmp_path, "one", 1)
    bring(tmp_path, "two", 2)
    models.put_out(tmp_path / "pack.zip", rules=RULES)
    elsewhere()
    return tmp_path / "pack.zip"


def repacked(pack: Path, change: Callable[[dict[str, bytes]], object], **options: object) -> Path:
    """The pack with its content changed, the list of hashes left as it is."""
    with zipfile.ZipFile(pack) as box:
        content = {name: box.read(name) for name in box.namelist()}
    change(content)
    with zipfile.ZipFile(pack, "w", **options) as box:
        for name, data in content.items():
            box.writestr(name, data)
    return pack


def relisted(content: dict[str, bytes], changes: Mapping[str, bytes]) -> None:
    """Change files and their lines in the list: what somebody does who has no key."""
    for name, data in changes.items():
        old = content.get(name)
        content[name] = data
        line = f'sha256 = "{hashlib.sha256(data).hexdigest()}"\nbytes = {len(data)}'.encode()
        if old is None:
            content["PACK.toml"] += f'\n[[file]]\npath = "{name}"\n'.encode() + line + b"\n"
        else:
            before = f'sha256 = "{hashlib.sha256(old).hexdigest()}"\nbytes = {len(old)}'.encode()
            content["PACK.toml"] = content["PACK.toml"].replace(before, line)


def test_models_come_out_as_they_went_in(pack: Path) -> None:
    assert installed() == BUILT_IN
    taken, rules = models.take_in_pack(pack)
    assert [model.name for model in taken] == ["one", "two"]
    assert rules == RULES
    assert installed() == (*BUILT_IN, "one", "two")
    assert default_set() == (*BUILT_IN, "one"), "one recogniser is kept out, to check what the others made"
    assert [problem for _, problem in models.verify()] == [None, None]
    assert (models_folder() / "one" / "LICENCE.txt").read_text(encoding="utf-8").startswith("MIT License")
    # once more is no mistake
    assert models.take_in_pack(pack)[0] == taken


def test_the_same_models_make_the_same_pack(tmp_path: Path) -> None:
    bring(tmp_path, "one", 1)
    for name in ("a.zip", "b.zip"):
        models.put_out(tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert code(lambda: models.put_out(tmp_path / "a.zip")) is ProblemCode.OUTPUT_EXISTS
    assert sorted(path.name for path in tmp_path.glob("*zip*")) == ["a.zip", "b.zip"]


def test_only_what_is_named_and_sound_goes_out(tmp_path: Path) -> None:
    bring(tmp_path, "one", 1)
    bring(tmp_path, "two", 2)
    models.put_out(tmp_path / "one.zip", ["one"])
    with zipfile.ZipFile(tmp_path / "one.zip") as box:
        assert not [name for name in box.namelist() if "two" in name]
    assert code(lambda: models.put_out(tmp_path / "x.zip", ["three"])) is ProblemCode.NOT_INSTALLED
    (models_folder() / "two" / "two.onnx").write_bytes(b"rotten")
    assert code(lambda: models.put_out(tmp_path / "x.zip")) is ProblemCode.MODEL_CHANGED
    assert code(lambda: models.put_out(tmp_path / "x.zip", ["one"], rules=b"typo = 1")) is ProblemCode.POLICY_BROKEN
    assert not list(tmp_path.glob("*x.zip*"))


def _outside(content: dict[str, bytes]) -> None:
    relisted(content, {"models/../../escaped": b"x"})


def _absolute(content: dict[str, bytes]) -> None:
    relisted(content, {"/tmp/escaped": b"x"})


def _bare(content: dict[str, bytes]) -> None:
    content["models/one/more.txt"] = b"not listed"


def _missing(content: dict[str, bytes]) -> None:
    del content["models/two/two.onnx"]


def _changed(content: dict[str, bytes]) -> None:
    data = content["models/two/two.onnx"]
    content["models/two/two.onnx"] = data[:-1] + bytes([data[-1] ^ 1])


def _longer(content: dict[str, bytes]) -> None:
    content["models/two/two.onnx"] += b"\0" * 50_000_000


def _described_otherwise(content: dict[str, bytes]) -> None:
    name = "models/two/MANIFEST.toml"
    content[name] = content[name].replace(b"surrogate", b"evaluator")


def _no_list(content: dict[str, bytes]) -> None:
    del content["PACK.toml"]


def _another_version(content: dict[str, bytes]) -> None:
    content["PACK.toml"] = content["PACK.toml"].replace(b"version = 1", b"version = 2")


def _boasting(content: dict[str, bytes]) -> None:
    size = len(content["models/two/two.onnx"])
    content["PACK.toml"] = content["PACK.toml"].replace(f"bytes = {size}".encode(), b"bytes = 99999999999")


def _no_description(content: dict[str, bytes]) -> None:
    del content["models/two/MANIFEST.toml"]
    parts = content["PACK.toml"].split(b"[[file]]")
    content["PACK.toml"] = b"[[file]]".join(part for part in parts if b"two/MANIFEST" not in part)


def _two_files(content: dict[str, bytes]) -> None:
    relisted(content, {"models/two/three.onnx": b"more"})


@pytest.mark.parametrize(
    "change",
    [
        _outside,
        _absolute,
        _bare,
        _missing,
        _changed,
        _longer,
        _described_otherwise,
        _no_list,
        _another_version,
        _boasting,
        _no_description,
        _two_files,
    ],
)
def test_a_pack_that_is_not_what_it_lists_installs_nothing(pack: Path, tmp_path: Path, change: Callable) -> None:
    changed = repacked(pack, change, compression=zipfile.ZIP_DEFLATED)
    assert code(lambda: models.take_in_pack(changed)) is ProblemCode.PACK_BROKEN
    assert installed() == BUILT_IN
    assert [path.name for path in models_folder().iterdir()] == [".lock"]
    assert not list(tmp_path.rglob("escaped"))


def test_a_pack_that_was_cut_or_damaged_anywhere_installs_nothing(pack: Path) -> None:
    data = pack.read_bytes()
    chance = random.Random(0)
    for number in range(40):
        if number % 2:
            bad = data[: chance.randrange(len(data))]
        else:
            place = chance.randrange(len(data))
            bad = data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
        pack.write_bytes(bad)
        try:
            models.take_in_pack(pack)
        except Failed:
            assert installed() == BUILT_IN
        else:  # the bit lay in a time stamp or another field that nothing depends on
            assert all(problem is None for _, problem in models.verify())
            for name in ("one", "two"):
                models.remove(name)


def test_a_model_that_does_not_pass_keeps_the_others_out_too(pack: Path) -> None:
    def blind(content: dict[str, bytes]) -> None:
        old = content["models/two/two.onnx"]
        new = recogniser(2, is_blind=True)
        text = content["models/two/MANIFEST.toml"].decode()
        for before, after in ((old, new),):
            text = text.replace(hashlib.sha256(before).hexdigest(), hashlib.sha256(after).hexdigest())
            text = text.replace(f"bytes = {len(before)}", f"bytes = {len(after)}")
        relisted(content, {"models/two/two.onnx": new, "models/two/MANIFEST.toml": text.encode()})

    assert code(lambda: models.take_in_pack(repacked(pack, blind))) is ProblemCode.MODEL_UNSOUND
    assert installed() == BUILT_IN


def test_a_pack_cannot_make_a_surrogate_of_a_judge(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reserved = frozenset({hashlib.sha256(recogniser(2)).hexdigest()})
    known = replace(registry.registry(), reserved=reserved)
    monkeypatch.setattr("photoguard.models.registry", lambda: known)
    assert code(lambda: models.take_in_pack(pack)) is ProblemCode.MODEL_RESERVED
    assert installed() == BUILT_IN


def test_terms_are_accepted_on_every_computer_or_by_its_administrator(
    tmp_path: Path, elsewhere: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(tmp_path, "bound", licence="for friends")
    models.put_out(tmp_path / "pack.zip")
    elsewhere()
    assert code(lambda: models.take_in_pack(tmp_path / "pack.zip")) is ProblemCode.LICENCE_UNACCEPTED
    models.take_in_pack(tmp_path / "pack.zip", ["for friends"])
    elsewhere()
    monkeypatch.setattr("photoguard.models.policy", lambda: Policy(accepted_licences=("for friends",)))
    models.take_in_pack(tmp_path / "pack.zip")
    assert installed() == (*BUILT_IN, "bound")


def test_signatures_fit_one_key_and_one_text(tmp_path: Path) -> None:
    public, other = make_key(tmp_path / "a.pem"), make_key(tmp_path / "b.pem")
    signature = sign(b"text", tmp_path / "a.pem")
    assert is_signed(b"text", signature, public)
    assert not is_signed(b"texts", signature, public)
    assert not is_signed(b"text", signature, other)
    for bad in ("", "ed25519:", "ed25519:AAAA", signature[:-4], signature.replace("ed25519", "rsa")):
        assert not is_signed(b"text", bad, public)
    for bad in ("", public[:-4], "ed25519:!", public.removeprefix("ed25519:")):
        assert code(lambda bad=bad: is_signed(b"text", signature, bad)) is ProblemCode.KEY_BROKEN
    assert code(lambda: make_key(tmp_path / "a.pem")) is ProblemCode.OUTPUT_EXISTS
    assert code(lambda: sign(b"", tmp_path / "none.pem")) is ProblemCode.KEY_BROKEN
    if os.name == "posix":
        assert (tmp_path / "a.pem").stat().st_mode & 0o077 == 0


def test_a_fixed_key_lets_only_its_packs_in(
    tmp_path: Path, elsewhere: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    public, _ = make_key(tmp_path / "school.pem"), make_key(tmp_path / "other.pem")
    bring(tmp_path, "one", 1)
    models.put_out(tmp_path / "unsigned.zip")
    models.put_out(tmp_path / "signed.zip", key=tmp_path / "school.pem")
    models.put_out(tmp_path / "foreign.zip", key=tmp_path / "other.pem")
    elsewhere()
    monkeypatch.setattr("photoguard.models.policy", lambda: Policy(pack_key=public))
    assert code(lambda: models.take_in_pack(tmp_path / "unsigned.zip")) is ProblemCode.PACK_UNSIGNED
    assert code(lambda: models.take_in_pack(tmp_path / "foreign.zip")) is ProblemCode.PACK_FORGED
    assert code(lambda: models.take_in(tmp_path / "one.onnx", Claim())) is ProblemCode.PACK_UNSIGNED
    copy = tmp_path / "copy.zip"
    copy.write_bytes((tmp_path / "signed.zip").read_bytes())
    forged = repacked(copy, lambda content: relisted(content, {"policy.toml": b"network = true\n"}))
    assert code(lambda: models.take_in_pack(forged)) is ProblemCode.PACK_FORGED
    assert installed() == BUILT_IN
    models.take_in_pack(tmp_path / "signed.zip")
    assert installed() == (*BUILT_IN, "one")
    # another key on top, asked for by the user, must fit as well
    third = make_key(tmp_path / "third.pem")
    assert code(lambda: models.take_in_pack(tmp_path / "signed.zip", key=third)) is ProblemCode.PACK_FORGED


def test_rules_are_installed_only_on_demand(pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photoguard.models.user_config", lambda: tmp_path / "config")
    _, rules = models.take_in_pack(pack)
    assert not (tmp_path / "config").exists()
    assert rules is not None
    path = models.put_rules(rules, is_for_machine=False)
    assert path.read_bytes() == RULES
    assert code(lambda: models.put_rules(b"typo = 1", is_for_machine=False)) is ProblemCode.POLICY_BROKEN
    assert path.read_bytes() == RULES
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr("photoguard.models.machine_config", lambda: tmp_path / "file" / "under")
    assert code(lambda: models.put_rules(rules, is_for_machine=True)) is ProblemCode.POLICY_UNWRITABLE


def test_files_of_pytorch_are_no_packs(tmp_path: Path) -> None:
    import torch

    torch.save({"a": torch.zeros(1)}, tmp_path / "a.pth")
    assert not is_pack(tmp_path / "a.pth")
    assert not is_pack(tmp_path / "none.zip")


def test_another_computer_takes_a_pack_from_the_command_line_without_a_network(tmp_path: Path) -> None:
    """Another process with another home, where every attempt to connect fails at once."""
    bring(tmp_path, "one", 1)
    key = tmp_path / "school.pem"
    models.put_out(tmp_path / "pack.zip", rules=RULES, key=key if make_key(key) else None)
    home = tmp_path / "second home"
    home.mkdir()
    block = "import socket, sys\ndef no(*a, **k): raise OSError('no network')\nsocket.socket.connect = no\n"
    run = "from photoguard.cli import main\nsys.exit(main(sys.argv[1:]))"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PHOTOGUARD", "XDG"))}
    folders = {"HOME": str(home), "APPDATA": str(home), "LOCALAPPDATA": str(home), "USERPROFILE": str(home)}

    def photoguard(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", block + run, "models", *arguments, "--lang", "en"],
            env=kept | folders,
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(models.__file__).parents[1],
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "one is installed" in photoguard("import", str(tmp_path / "pack.zip"), "--policy", "user")
    assert "one: as installed" in photoguard("verify")
    assert list(home.rglob("policy.toml"))
