"""The key lies in the system's keyring where there is one that keeps secrets, else in a file."""

from __future__ import annotations

import sys
import time
import types
from pathlib import Path

import pytest

from photoguard.errors import Failed, ProblemCode
from photoguard.personas.seal import KEY_NAME, Keeper, Seal, destroy_key, kept_key, new_key


class Ring:
    """A keyring in memory."""

    def __init__(self, priority: float = 5) -> None:
        self.priority = priority
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


class Locked(Ring):
    def get_password(self, service: str, name: str) -> str | None:
        raise RuntimeError

    set_password = get_password  # type: ignore[assignment]


class Asking(Ring):
    """Shows a window and waits."""

    def set_password(self, service: str, name: str, value: str) -> None:
        time.sleep(5)


def with_ring(monkeypatch: pytest.MonkeyPatch, ring: Ring | None) -> None:
    module = types.ModuleType("keyring")
    module.get_keyring = lambda: ring  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module if ring is not None else None)


def test_the_keyring_keeps_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ring = Ring()
    with_ring(monkeypatch, ring)
    key, keeper = new_key(tmp_path)
    assert keeper is Keeper.KEYRING
    assert kept_key(tmp_path, keeper) == key
    assert list(tmp_path.iterdir()) == []
    ((_, name),) = ring.kept
    assert tmp_path.name not in name
    destroy_key(tmp_path)
    assert ring.kept == {}
    with pytest.raises(Failed) as failed:
        kept_key(tmp_path, keeper)
    assert failed.value.problem.code is ProblemCode.PERSONAS_LOCKED


@pytest.mark.parametrize(
    "ring", [None, Ring(priority=0.5), Locked(), Asking()], ids=["none", "plain", "locked", "asks"]
)
def test_else_a_file_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ring: Ring | None) -> None:
    monkeypatch.setattr("photoguard.personas.seal._PATIENCE_S", 0.2)
    with_ring(monkeypatch, ring)
    key, keeper = new_key(tmp_path)
    assert keeper is Keeper.FILE
    assert kept_key(tmp_path, keeper) == key
    destroy_key(tmp_path)
    assert not (tmp_path / KEY_NAME).exists()


def test_a_keyring_that_is_locked_later_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_ring(monkeypatch, Ring())
    _, keeper = new_key(tmp_path)
    with_ring(monkeypatch, Locked())
    with pytest.raises(Failed):
        kept_key(tmp_path, keeper)


def test_sealed_content_opens_in_its_place_only() -> None:
    seal = Seal(bytes(range(32)))
    closed = seal.closed(b"secret", "here")
    assert seal.opened(closed, "here") == b"secret"
    assert b"secret" not in closed
    assert seal.closed(b"secret", "here") != closed
    for sealed, place, other in (
        (closed, "there", seal),
        (closed[:-1], "here", seal),
        (closed, "here", Seal(bytes(32))),
    ):
        with pytest.raises(Failed):
            other.opened(sealed, place)
