"""The try-out tells recognisers from files that only look like them."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_models import recogniser

from photoguard.errors import Failed, ProblemCode
from photoguard.fitness import try_out
from photoguard.packs import manifest
from photoguard.packs.description import Licence, Model, Purpose
from photoguard.packs.tensors import written

FREE = Licence("MIT", "MIT License")


def model(purpose: Purpose = Purpose.SURROGATE, **changes: str) -> Model:
    fields = {"file": "m.onnx", "template": "arcface112", "input": "RGB, 0..1"} | changes
    return Model("m", purpose, fields.pop("file"), "0" * 64, 1, FREE, **fields)


def code(one: Model, data: bytes) -> ProblemCode:
    with pytest.raises(Failed) as caught:
        try_out(one, data)
    return caught.value.problem.code


def test_a_recogniser_passes() -> None:
    try_out(model(), recogniser())
    try_out(model(Purpose.EVALUATOR), recogniser())


def test_a_network_that_sees_nobody_does_not_pass() -> None:
    assert code(model(), recogniser(is_blind=True)) is ProblemCode.MODEL_UNSOUND


def test_a_description_must_be_understood() -> None:
    assert code(model(template="unheard"), recogniser()) is ProblemCode.MODEL_LIST_BROKEN
    assert code(model(input="loud"), recogniser()) is ProblemCode.MODEL_LIST_BROKEN
    assert code(model(template="omz128"), recogniser()) is ProblemCode.MODEL_UNFIT


@pytest.mark.parametrize("data", [b"", b"<html>", b"\x08\x07"])
def test_what_is_no_model_does_not_pass(data: bytes) -> None:
    assert code(model(), data) is ProblemCode.MODEL_MALFORMED
    assert code(model(Purpose.LATENT_ENCODER), data) is ProblemCode.MODEL_MALFORMED
    assert code(model(Purpose.LATENT_ENCODER, file="m.safetensors"), data) is ProblemCode.MODEL_MALFORMED


def test_a_latent_encoder_must_make_a_map_of_a_picture() -> None:
    assert code(model(Purpose.LATENT_ENCODER, file="m.safetensors"), written({})) is ProblemCode.MODEL_UNFIT
    assert code(model(Purpose.LATENT_DECODER, file="m.safetensors"), written({})) is ProblemCode.MODEL_UNFIT
    assert code(model(Purpose.LATENT_ENCODER), recogniser()) is ProblemCode.MODEL_UNFIT


@pytest.mark.corpus
def test_every_local_recogniser_passes_as_its_list_describes_it(model_files: Path) -> None:
    for table in manifest.read(model_files)["model"]:
        if "template" in table:
            path = manifest.path_of(table, model_files, table["name"])
            try_out(model(template=table["template"], input=table["input"]), path.read_bytes())


@pytest.mark.corpus
def test_a_range_of_pixels_that_blinds_a_recogniser_is_noticed(model_files: Path) -> None:
    """Not every wrong range does: most networks still tell drawn faces apart then."""
    data = (model_files / "surrogates" / "openvino_0095.onnx").read_bytes()
    assert code(model(template="omz128", input="BGR, 0..1"), data) is ProblemCode.MODEL_UNSOUND
