"""A latent encoder or decoder from the bytes of a model file, whatever its format."""

from __future__ import annotations

from photoguard.errors import Failed, ProblemCode
from photoguard.latents import onnx_encoder, tiny
from photoguard.latents.protocol import LatentDecoder, LatentEncoder
from photoguard.packs.description import Model
from photoguard.packs.tensors import tensors

_SAFETENSORS = ".safetensors"


def encoder(data: bytes, model: Model) -> LatentEncoder:
    """The encoder in ``data``, which ``model`` describes: safetensors of a tiny one, or ONNX.

    Raises ``Failed``: MODEL_UNFIT, MODEL_MALFORMED, MODEL_UNSOUND, MODEL_TOO_LARGE, UNSUPPORTED_OPERATOR.
    """
    family = model.family or model.name
    if model.file.endswith(_SAFETENSORS):
        return tiny.encoder(tensors(data, model.name), model.name, family)
    return onnx_encoder.read(data, model.name, family)


def decoder(data: bytes, model: Model) -> LatentDecoder:
    """As :func:`encoder`, for the way back; safetensors of a tiny one only."""
    if not model.file.endswith(_SAFETENSORS):
        raise Failed(ProblemCode.MODEL_UNFIT, model=model.name, reason="format")
    return tiny.decoder(tensors(data, model.name), model.name, model.family or model.name)
