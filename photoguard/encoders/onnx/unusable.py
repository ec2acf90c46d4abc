"""Why a file cannot become a network, before anybody knows what the user calls it."""

from __future__ import annotations

from photoguard.errors import Failed, ProblemCode


class Unusable(Exception):
    """Raised inside this package; :func:`photoguard.encoders.onnx.network.load` adds the model's name."""

    def __init__(self, code: ProblemCode, **facts: float | str) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts = facts

    def named(self, model: str) -> Failed:
        """The same as a problem for the user."""
        return Failed(self.code, model=model, **self.facts)


def malformed(place: str) -> Unusable:
    """The bytes contradict the format or themselves; ``place`` is a word for where."""
    return Unusable(ProblemCode.MODEL_MALFORMED, place=place)


def unfit(reason: str) -> Unusable:
    """A sound file that is no face encoder we can run; ``reason`` is a word for why."""
    return Unusable(ProblemCode.MODEL_UNFIT, reason=reason)


def too_large(what: str, count: int, limit: int) -> Unusable:
    """More than anything we would run; ``what`` is counted in bytes, nodes, values or multiplications."""
    return Unusable(ProblemCode.MODEL_TOO_LARGE, what=what, count=count, limit=limit)


def unknown_operator(operator: str) -> Unusable:
    """``operator`` (or one of its options, as ``Conv.name``) is not in our table."""
    return Unusable(ProblemCode.UNSUPPORTED_OPERATOR, operator=operator[:80])
