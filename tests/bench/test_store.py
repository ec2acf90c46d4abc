"""Measurements survive being interrupted."""

from __future__ import annotations

from pathlib import Path

from photoguard.bench.store import Store


def test_what_was_added_is_found_by_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "out" / "records.jsonl"
    Store(path).add(("clean", "a.jpg"), {"value": 0.25})
    again = Store(path)
    assert again.find(("clean", "a.jpg")) == {"key": ["clean", "a.jpg"], "value": 0.25}
    assert again.find(("clean", "b.jpg")) is None


def test_a_line_that_was_cut_short_loses_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    store = Store(path)
    store.add(("a",), {"value": 1})
    store.add(("b",), {"value": 2})
    whole = path.read_bytes()
    path.write_bytes(whole[:-7])
    store = Store(path)
    assert store.find(("b",)) is None
    store.add(("c",), {"value": 3})
    assert [record["value"] for record in Store(path)] == [1, 3]


def test_a_later_record_replaces_an_earlier_one(tmp_path: Path) -> None:
    store = Store(tmp_path / "records.jsonl")
    store.add(("a",), {"value": 1})
    store.add(("a",), {"value": 2})
    assert [record["value"] for record in Store(tmp_path / "records.jsonl")] == [2]
