"""Reads the table of contacts; each row was confirmed on the day that is shown with it."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from photoguard.i18n import Language


@dataclass(frozen=True)
class Contact:
    """One place to turn to; words by language (``en``, ``ko``)."""

    id: str
    region: str
    """``korea`` or ``world``."""
    name: dict[Language, str]
    purpose: dict[Language, str]
    phone: str = ""
    phone_note: dict[Language, str] | None = None
    url: str = ""
    is_fingerprint: bool = False
    """Whether only a fingerprint (hash) of the picture is sent there."""


def contacts() -> tuple[Contact, ...]:
    """All contacts, the most important first."""
    return tuple(_contact(row) for row in _table()["contact"])


def checked_on() -> dt.date:
    """The day on which the contacts were last checked."""
    day = _table()["checked"]
    assert isinstance(day, dt.date)
    return day


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("contacts.toml").read_text(encoding="utf-8"))


def _contact(row: dict[str, Any]) -> Contact:
    def both(field: str) -> dict[Language, str]:
        return {tongue: row[f"{field}_{tongue}"] for tongue in Language}

    return Contact(
        row["id"],
        row["region"],
        both("name"),
        both("for"),
        row.get("phone", ""),
        both("phone_note") if "phone_note_en" in row else None,
        row.get("url", ""),
        row.get("is_fingerprint", False),
    )
