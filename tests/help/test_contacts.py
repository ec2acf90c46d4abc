"""The contacts: confirmed ones only, no misprint, both languages, not out of date."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlparse

import pytest

import photoguard
from photoguard.help import Contact, checked_on, contacts
from photoguard.i18n import Language

HOSTS = {
    "d4u.stop.or.kr",
    "ecrm.police.go.kr",
    "takeitdown.ncmec.org",
    "stopncii.org",
    "www.cybertipline.org",
}
CONFIRMED = {"1366", "02-735-8994", "112", "1377", "117", "1600-8787", "1899-9003", "1577-1366"}
MISPRINTS = ["02-735-" + "8894", "13" + "37", "1577-" + "1336", "//d4u." + "or.kr"]
UNCONFIRMED = ["02-815-" + "0382", "13" + "88"]


@pytest.mark.parametrize("contact", contacts(), ids=lambda contact: contact.id)
def test_a_contact_can_be_reached_and_is_told_in_both_languages(contact: Contact) -> None:
    assert contact.phone or contact.url
    for tongue in Language:
        assert contact.name[tongue]
        assert contact.purpose[tongue]
    if contact.phone:
        assert re.fullmatch(r"\d{3,4}|\d{2,4}(-\d{3,4}){1,2}", contact.phone)
    if contact.url:
        assert urlparse(contact.url).scheme == "https"
        assert urlparse(contact.url).netloc in HOSTS


def test_only_numbers_that_were_confirmed_are_given() -> None:
    assert {contact.phone for contact in contacts() if contact.phone} == CONFIRMED


def test_the_one_number_comes_first() -> None:
    assert contacts()[0].phone == "1366"


def test_no_known_misprint_or_unconfirmed_number_is_anywhere_in_the_program() -> None:
    for file in Path(photoguard.__file__).parent.rglob("*"):
        if file.suffix in {".toml", ".py"} and file.parent.name in {"help", "i18n", "gui"}:
            text = file.read_text(encoding="utf-8")
            for wrong in (*MISPRINTS, *UNCONFIRMED):
                assert not re.search(rf"(?<!\d){re.escape(wrong)}(?!\d)", text), (file.name, wrong)


def test_the_day_of_the_check_is_given() -> None:
    assert checked_on().isoformat() >= "2026-11-22"
