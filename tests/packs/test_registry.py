"""The registry holds complete rows only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from photoguard.encoders.model_folder import described
from photoguard.packs import registry
from photoguard.packs.description import Purpose

ROW = """
[[licence]]
id = "MIT"
title = "MIT License"
is_research_only = false
[[licence]]
id = "R"
title = "Research"
is_research_only = true
[[archive]]
name = "box"
sha256 = "{z}"
bytes = 9
origins = ["https://example.org/box.zip"]
[[model]]
name = "one"
purpose = "surrogate"
file = "one.onnx"
sha256 = "{a}"
bytes = 5
licence = "MIT"
is_core = true
origins = ["https://example.org/one.onnx"]
adds = {{ en = "a", ko = "b" }}
""".format(z="e" * 64, a="a" * 64)


def test_every_row_is_complete_and_understood() -> None:
    known = registry.registry()
    assert len(known.offers) >= 10
    for offer in known.offers:
        model = offer.model
        assert set(offer.adds) == {"en", "ko"}
        if model.purpose in {Purpose.SURROGATE, Purpose.EVALUATOR}:
            described({"name": model.name, "template": model.template, "input": model.input})
        assert not (offer.is_core and model.licence.is_research_only)
        assert model.sha256 not in known.reserved or model.purpose is Purpose.EVALUATOR


def test_a_whole_row_is_read() -> None:
    (offer,) = registry.read(ROW).offers
    assert (offer.model.name, offer.model.bytes, offer.origins) == ("one", 5, ("https://example.org/one.onnx",))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a" * 64, "a" * 63),
        ("a" * 64, "A" * 64),
        ("bytes = 5", "bytes = 0"),
        ("bytes = 5", ""),
        ('licence = "MIT"', 'licence = "unheard of"'),
        ('licence = "MIT"', 'licence = "R"'),
        ("https://example.org/one.onnx", "http://example.org/one.onnx"),
        ('origins = ["https://example.org/one.onnx"]', ""),
        ('file = "one.onnx"', 'file = "../one.onnx"'),
        ('purpose = "surrogate"', 'purpose = "swapper"'),
        ("is_core = true", "is_core = true\ncolour = 1"),
        ('name = "one"', 'name = "one"\narchive = "box"'),
        ("[[model]]", f'[[reserved]]\nname = "j"\nsha256 = "{"a" * 64}"\n[[model]]'),
    ],
)
def test_a_row_with_a_slip_is_refused(old: str, new: str) -> None:
    assert old in ROW
    with pytest.raises((ValueError, KeyError)):
        registry.read(ROW.replace(old, new, 1) if old != ROW else ROW)


def test_two_rows_of_one_name_or_one_file_are_refused() -> None:
    row = ROW[ROW.index("[[model]]") :]
    for twin in (row.replace("a" * 64, "b" * 64), row.replace('"one"', '"two"')):
        with pytest.raises(ValueError, match="double"):
            registry.read(ROW + twin)


def test_terms_that_nobody_has_read_count_as_research_only() -> None:
    known = registry.registry()
    assert not known.licence("MIT (somebody/something)").is_research_only
    assert known.licence("InsightFace-research").is_research_only
    for text in ("", "free for all", "MITx", "none stated (x)"):
        assert known.licence(text).is_research_only


@pytest.mark.corpus
def test_hashes_of_the_registry_are_those_of_the_local_files(model_files: Path) -> None:
    text = (model_files / "MANIFEST.toml").read_text(encoding="utf-8")
    listed = dict(zip(re.findall(r'sha256 = "(\w+)"', text), map(int, re.findall(r"bytes = (\d+)", text)), strict=True))
    both = [offer.model for offer in registry.registry().offers if offer.model.sha256 in listed]
    assert {model.name for model in both} >= {"yunet", "foamliu", "taef2_encoder", "taesana_encoder", "scrfd_500m"}
    assert all(model.bytes == listed[model.sha256] for model in both)
