"""Every rule of the rewriters and the judges matters: without it, a secret gets out or a dirty file passes."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from types import ModuleType

import pytest
from builders.places import GIF, JPEG, PNG, WEBP, Place
from builders.secrets import traces

from photoguard.containers import Rewritten
from photoguard.errors import Refused
from photoguard.proof.verdict import Residue

PLACES: dict[str, list[Place]] = {"jpeg": JPEG, "png": PNG, "webp": WEBP, "gif": GIF}

_REENCODED = {"bytes between segments", "in a chunk of pixels of its own"}
"""Too odd for a lossless copy."""

REWRITER_RULES = [
    ("jpeg", "_APP0 <= code <= 0xEF or code == _COM", "_APP0 <= code <= 0xEF"),
    *(("jpeg", "if code in _KEPT:", f"if code in _KEPT or code == {code}:") for code in (*range(0xE0, 0xF0), 0xFE)),
    ("jpeg", '*source.kept, b"\\xff\\xd9"', '*source.kept, b"\\xff\\xd9", data[data.rindex(b"\\xff\\xd9") + 2 :]'),
    ("png", "used = frame.stream.feed(held)\n", "used = frame.stream.feed(held) and len(held)\n"),
    ("png", "used = frame.stream.feed(held[4:])", "used = frame.stream.feed(held[4:]) and len(held) - 4"),
    ("png", "_take_note(name, content, source, before_pixels=frame is None)",
     "(source.pixels.append(_chunk(name, content)), _take_note(name, content, source, before_pixels=frame is None))"),
    ("webp", "_take_note(name, content, source)\n", "source.frames.append(_chunk(name, bytes(content)))\n"),
    ("webp", 'source.dropped["ANMF/" + _spelled(name)] = None', "parts[name] = _chunk(name, payload)"),
    ("gif", 'self.dropped[_NAMES.get(label, "unknown")] = None',
     'self.kept.append(b"\\x21" + bytes((label,)) + body)'),
    ("gif", 'self.kept.append(b"\\x3b")', 'self.kept.append(b"\\x3b" + self._data[self._at :])'),
]  # fmt: skip

JUDGE_RULES = [
    ("jpeg", 'self._found.add(f"segment_{code:02X}", start, end)', "pass"),
    ("jpeg", 'self._found.add("trailer", at + 2, len(self._data))', "pass"),
    ("png", 'self._found.add("chunk_" + _spelled(name), at, end)', "pass"),
    ("png", 'self._found.add("trailer", at, len(self._data))', "pass"),
    ("png", "or self._engine.unused_data", ""),
    ("webp", 'found.add("chunk_" + _spelled(name), start, end)', "pass"),
    ("gif", 'found.add("block", start, at)', "pass"),
    ("gif", 'found.add("trailer", at + 1, len(data))', "pass"),
]


def mutated(module_name: str, old: str, new: str) -> ModuleType:
    """The module with one place of its text changed; the real one stays as it is."""
    spec = importlib.util.find_spec(module_name)
    assert spec is not None
    assert spec.origin is not None
    with open(spec.origin, encoding="utf-8") as file:  # noqa: PTH123
        text = file.read()
    assert old in text, "the rule has been renamed: name it here, too"
    module = ModuleType(module_name + "_mutated")
    sys.modules[module.__name__] = module
    exec(compile(text.replace(old, new), spec.origin, "exec"), module.__dict__)
    return module


def leaks(form: str, rewrite: Callable[[bytes], object]) -> list[str]:
    """Places whose secret is still in the copy, or whose file can no longer be cleaned losslessly."""
    found = []
    for place in PLACES[form]:
        try:
            copy = rewrite(place.dirty)
        except (Refused, TypeError, ValueError, KeyError):
            found.append(str(place))
            continue
        is_lossless = isinstance(copy, Rewritten)
        if traces(copy.data, place.secret) if is_lossless else place.name not in _REENCODED:
            found.append(str(place))
    return found


def passes(form: str, judge: Callable[[bytes, bool, Residue], None]) -> list[str]:
    """Dirty files in which the judge finds nothing."""
    found = []
    for place in PLACES[form]:
        residue = Residue(len(place.dirty))
        judge(place.dirty, True, residue)
        if not residue.findings:
            found.append(str(place))
    return found


@pytest.mark.parametrize("form", PLACES)
def test_as_it_stands_nothing_leaks_and_nothing_passes(form: str) -> None:
    rewriter = importlib.import_module(f"photoguard.containers.{form}.rewrite")
    judge = importlib.import_module(f"photoguard.proof.{form}_grammar")
    assert leaks(form, rewriter.rewrite) == []
    assert passes(form, getattr(judge, f"judge_{form}")) == []


@pytest.mark.parametrize(("form", "old", "new"), REWRITER_RULES)
def test_a_rewriter_without_one_rule_leaks(form: str, old: str, new: str) -> None:
    assert leaks(form, mutated(f"photoguard.containers.{form}.rewrite", old, new).rewrite) != []


@pytest.mark.parametrize(("form", "old", "new"), JUDGE_RULES)
def test_a_judge_without_one_rule_lets_something_pass(form: str, old: str, new: str) -> None:
    module = mutated(f"photoguard.proof.{form}_grammar", old, new)
    assert passes(form, getattr(module, f"judge_{form}")) != []
