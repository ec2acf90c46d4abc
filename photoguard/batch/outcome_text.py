"""Outcomes as text and back, without the photo's names."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from photoguard.domain import Outcome
from photoguard.errors import Problem, ProblemCode

_NAMES = ("source", "output")


def text_of(outcome: Outcome) -> str:
    """Everything about ``outcome`` but the names of its files."""
    plain = _plain(outcome)
    for name in _NAMES:
        del plain[name]
    return json.dumps(plain, separators=(",", ":"), allow_nan=False)


def outcome_of(text: str, source: Path, output: Path | None) -> Outcome:
    """The outcome that :func:`text_of` wrote, for files of these names.

    Fields that did not exist then have their defaults. Raises ``ValueError`` for text that is no outcome.
    """
    try:
        plain = json.loads(text)
        plain |= {"source": str(source), "output": None if output is None else str(output)}
        outcome = _valued(plain, Outcome)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError from error
    assert isinstance(outcome, Outcome)
    return outcome


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of the domain
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, Path):
        return str(value)
    return value


def _valued(plain: Any, kind: Any) -> Any:  # noqa: ANN401 - any value of the domain
    """``plain`` as a value of the type ``kind``."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        if plain is None:
            return None
        return _valued(plain, next(one for one in arguments if one is not type(None)))
    if origin is tuple:
        return tuple(_valued(one, arguments[0]) for one in plain)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _valued(one, arguments[1]) for key, one in plain.items()}
    if kind is Problem:  # its facts may be numbers or words
        return Problem(ProblemCode(plain["code"]), dict(plain["facts"]))
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        given = {
            field.name: _valued(plain[field.name], hints[field.name]) for field in fields(kind) if field.name in plain
        }
        missing = [
            field.name
            for field in fields(kind)
            if field.default is MISSING and field.default_factory is MISSING and field.name not in given
        ]
        if missing:
            raise KeyError(missing[0])
        return kind(**given)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(plain)
    if kind is Path:
        return Path(plain)
    return plain
