"""Tiny autoencoders are built from the shapes of their weights, or refused; with real weights a photo survives the way back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from photoguard import models
from photoguard.errors import Failed, ProblemCode
from photoguard.latents import load, tiny
from photoguard.packs.importing import Claim

_WIDTH = 64


def weights(kind: str, channels: int = 4, *, has_pool: bool = False) -> dict[str, np.ndarray]:
    """Random weights in the shapes of the published files, written down from their description."""
    chance = np.random.default_rng(0)
    found: dict[str, np.ndarray] = {}

    def conv(name: str, before: int, after: int, *, bias: bool = True) -> None:
        found[f"{name}.weight"] = chance.normal(0, 0.03, (after, before, 3, 3)).astype(np.float16)
        if bias:
            found[f"{name}.bias"] = np.zeros(after, np.float16)

    def block(number: int) -> None:
        for layer in (0, 2, 4):
            conv(f"{number}.conv.{layer}", _WIDTH, _WIDTH)

    def pool(number: int) -> None:
        found[f"{number}.pool.0.weight"] = chance.normal(0, 0.1, (256, 64, 1, 1)).astype(np.float16)
        found[f"{number}.pool.1.weight"] = np.ones(256, np.float16)
        found[f"{number}.pool.1.bias"] = np.zeros(256, np.float16)
        found[f"{number}.pool.3.weight"] = chance.normal(0, 0.1, (64, 256, 1, 1)).astype(np.float16)

    plans = {
        "encoder": ({0: 3}, (1, 3, 4, 5, 7, 8, 9, 11, 12, 13), (2, 6, 10), (11, 12, 13), 14),
        "decoder": ({1: channels}, (3, 4, 5, 8, 9, 10, 13, 14, 15, 18), (7, 12, 17), (3, 4, 5), 19),
    }
    first, blocks, plain, middle, last = plans[kind]
    for number, before in first.items():
        conv(str(number), before, _WIDTH)
    for number in blocks:
        block(number)
    for number in plain:
        conv(str(number), _WIDTH, _WIDTH, bias=False)
    for number in middle if has_pool else ():
        pool(number)
    conv(str(last), _WIDTH, channels if kind == "encoder" else 3)
    return found


@pytest.mark.parametrize(("channels", "has_pool"), [(4, False), (16, False), (32, True)])
def test_an_encoder_halves_three_times_and_a_decoder_leads_back(channels: int, has_pool: bool) -> None:
    encoder = tiny.encoder(weights("encoder", channels, has_pool=has_pool), "e", "f")
    decoder = tiny.decoder(weights("decoder", channels, has_pool=has_pool), "d", "f")
    picture = torch.rand(2, 3, 32, 48)
    latent = encoder.encode(picture)
    assert latent.shape == (2, channels, 4, 6)
    assert encoder.reduction == 8
    assert decoder.channels == channels
    assert decoder.decode(latent).shape == picture.shape


def test_an_encoder_passes_gradients_and_has_none_of_its_own() -> None:
    encoder = tiny.encoder(weights("encoder"), "e", "f")
    picture = torch.rand(1, 3, 16, 16, requires_grad=True)
    encoder.encode(picture).square().sum().backward()
    assert picture.grad is not None
    assert picture.grad.abs().sum() > 0
    assert not any(part.requires_grad for part in encoder.parameters())


@pytest.mark.parametrize("change", ["one missing", "one too many", "another shape", "nothing", "no number"])
def test_weights_of_anything_else_are_refused_by_name(change: str) -> None:
    for kind, build in (("encoder", tiny.encoder), ("decoder", tiny.decoder)):
        found = weights(kind)
        if change == "one missing":
            del found["4.conv.2.bias"]
        elif change == "one too many":
            found["spare"] = np.zeros(3, np.float32)
        elif change == "another shape":
            found["4.conv.2.weight"] = found["4.conv.2.weight"][:32]
        elif change == "nothing":
            found = {}
        else:
            found["4.conv.2.bias"] = np.full(64, np.nan, np.float16)
        with pytest.raises(Failed) as refusal:
            build(found, "mine", "f")
        wanted = ProblemCode.MODEL_UNSOUND if change == "no number" else ProblemCode.MODEL_UNFIT
        assert refusal.value.problem.code is wanted
        assert refusal.value.problem.facts["model"] == "mine"


@pytest.mark.corpus
def test_a_real_photo_looks_like_itself_after_encoding_and_decoding(model_files: Path, portrait: Path) -> None:
    """Only four groups in the normalisation give this: with two the picture comes back at 26 dB, with eight at 30."""
    for name in ("taef2_encoder", "taef2_decoder"):
        models.take_in(model_files / "latent" / f"{name}.pth", Claim())
    latents = load()
    pixels = np.asarray(Image.open(portrait).convert("RGB"))[:256, 128:384]
    picture = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255
    (encoder,) = latents.taking_part
    with torch.no_grad():
        back = latents.decoders[encoder.family].decode(encoder.encode(picture)).clamp(0, 1)
    assert -10 * float(torch.log10((back - picture).square().mean())) > 29
