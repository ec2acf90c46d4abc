"""What a school or company fixes on its computers: policy.toml, the machine's first, then the user's.

Whatever the machine's file says stands; the user's own file can only add to it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from photoguard.domain import FaceChoice, Options, OutputFormat, Platform, Strength
from photoguard.errors import Failed, ProblemCode
from photoguard.places import machine_config, user_config

FILE = "policy.toml"
_MOST_BYTES = 1 << 20
_NAMINGS = ("keep", "counter", "random")
_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "strength": tuple(Strength),
    "platform": tuple(Platform),
    "faces": tuple(FaceChoice),
    "format": tuple(OutputFormat),
}
"""Settings that can be fixed, and to what; they are called as on the command line."""


@dataclass(frozen=True)
class HelpContact:
    """Somebody nearby whom users can turn to, such as the school's counsellor."""

    name: str
    phone: str = ""
    mail: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Policy:
    """Every value stands for "not fixed" by default."""

    network: bool = True
    """Whether photoguard may fetch something when it is asked to."""
    models: Path | None = None
    """Where the installed models lie; several users can share one folder that only administrators write to."""
    pack_key: str = ""
    """Public key, as ``ed25519:...``, with which every imported pack must be signed."""
    least_strength: Strength | None = None
    """Weaker strengths cannot be chosen."""
    naming: str = ""
    """How copies are named: ``keep``, ``counter`` or ``random``."""
    accepted_licences: tuple[str, ...] = ()
    """Research-only licences that the administrator accepted for these computers."""
    help_extra: tuple[HelpContact, ...] = ()
    settings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Settings that are fixed, by name."""

    @property
    def locked(self) -> frozenset[str]:
        """Names of the settings that a user cannot change; front ends show these disabled, with the reason."""
        named = {"network": not self.network, "models": self.models is not None, "naming": bool(self.naming)}
        return frozenset(self.settings) | {name for name, is_fixed in named.items() if is_fixed}

    def strength(self, wanted: Strength) -> Strength:
        """The strength that counts when a user wants ``wanted``."""
        if "strength" in self.settings:
            wanted = Strength(self.settings["strength"])
        order = list(Strength)
        least = self.least_strength
        return wanted if least is None or order.index(wanted) >= order.index(least) else least

    def options(self, wanted: Options) -> Options:
        """What counts when a user wants ``wanted``."""
        fixed = self.settings
        return replace(
            wanted,
            strength=self.strength(wanted.strength),
            platform=Platform(fixed.get("platform", wanted.platform)),
            faces=FaceChoice(fixed.get("faces", wanted.faces)),
            output_format=OutputFormat(fixed.get("format", wanted.output_format)),
        )


def policy() -> Policy:
    """What is fixed on this computer for this user. Raises ``Failed(POLICY_BROKEN)``: rules that nobody can read are
    not passed over.
    """
    return merged(read(machine_config() / FILE), read(user_config() / FILE))


def read(path: Path) -> Policy:
    """The rules in ``path``; none where there is no such file. Raises ``Failed(POLICY_BROKEN)``."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _broken("size")
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Policy()
    except OSError as error:
        raise _broken("unreadable") from error
    return parsed(data)


def parsed(data: bytes) -> Policy:
    """The rules in the bytes of a policy.toml. Raises ``Failed(POLICY_BROKEN)`` for a word that is not understood:
    a rule with a slip of the pen must not be silently none.
    """
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _broken("not TOML") from error
    content.pop("version", None)
    for key in content:
        if key not in _READERS:
            raise _broken(key)
    return Policy(**{key: _READERS[key](key, value) for key, value in content.items()})


def merged(machine: Policy, user: Policy) -> Policy:
    """Both together; where both fix the same thing, the machine's counts."""
    nothing = Policy()
    values = {
        each.name: getattr(machine, each.name) if getattr(machine, each.name) != getattr(nothing, each.name) else own
        for each in fields(Policy)
        for own in [getattr(user, each.name)]
    }
    values["settings"] = MappingProxyType({**user.settings, **machine.settings})
    values["help_extra"] = machine.help_extra + user.help_extra
    values["accepted_licences"] = tuple(dict.fromkeys(machine.accepted_licences + user.accepted_licences))
    values["least_strength"] = max(
        (one.least_strength for one in (machine, user) if one.least_strength is not None),
        key=list(Strength).index,
        default=None,
    )
    return Policy(**values)


def _broken(place: str) -> Failed:
    return Failed(ProblemCode.POLICY_BROKEN, place=place[:40])


def _flag(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _broken(key)
    return value


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value or len(value) > 1000:
        raise _broken(key)
    return value


def _folder(key: str, value: object) -> Path:
    path = Path(_text(key, value)).expanduser()
    if not path.is_absolute():
        raise _broken(key)
    return path


def _strength(key: str, value: object) -> Strength:
    if value not in {*Strength}:
        raise _broken(key)
    return Strength(str(value))


def _naming(key: str, value: object) -> str:
    if value not in _NAMINGS:
        raise _broken(key)
    return str(value)


def _texts(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _broken(key)
    return tuple(_text(key, one) for one in value)


def _contacts(key: str, value: object) -> tuple[HelpContact, ...]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise _broken(key)
    known = {each.name for each in fields(HelpContact)}
    for one in value:
        if "name" not in one or set(one) - known:
            raise _broken(key)
    return tuple(HelpContact(**{name: _text(key, text) for name, text in one.items()}) for one in value)


def _settings(key: str, value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise _broken(key)
    for name, choice in value.items():
        if name not in _SETTINGS or choice not in _SETTINGS[name]:
            raise _broken(f"{key}.{name}")
    return MappingProxyType({name: str(choice) for name, choice in value.items()})


_READERS: Mapping[str, Any] = {
    "network": _flag,
    "models": _folder,
    "pack_key": _text,
    "least_strength": _strength,
    "naming": _naming,
    "accepted_licences": _texts,
    "help_extra": _contacts,
    "settings": _settings,
}
