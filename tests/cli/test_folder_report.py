"""The page and the table over a folder: counts, words in both languages, no original, nothing loaded, no formula."""

from __future__ import annotations

import csv
import html.parser
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from photoguard.cli.folder_report import check_folder_target, write_folder_report
from photoguard.domain import Box, FaceReport, Finding, FindingKind, Judgement, Outcome, OutcomeKind, Verdict
from photoguard.errors import Problem, ProblemCode, UsageMistake
from photoguard.i18n import Language, check_words, note_words


def outcomes(folder: Path) -> list[Outcome]:
    copy = folder / "copy.png"
    Image.new("RGB", (300, 200), (10, 200, 30)).save(copy)
    similarity = {"one": {"file": 0.31, "after_any": 0.44}, "two": {"file": 0.2}}
    judged = Judgement(Verdict.HARDER, 41.3, ("two",), ("one",))
    faces = (
        FaceReport(Box(1, 2, 90, 99), similarity, {}, judgement=judged),
        FaceReport(Box(1, 2, 9, 9), {"one": {"file": 0.99}}, {}, is_cloaked=False),
    )
    finding = (Finding(FindingKind.LOCATION, "APP1/Exif/GPS", 60),)
    notes = ("rotated", "protected_before")
    done = Outcome(folder / "<b>민지.jpg", copy, OutcomeKind.PROTECTED, None, finding, faces, notes=notes)
    unchecked = (replace(faces[0], judgement=Judgement(Verdict.UNCHECKED, None, (), ("one",))),)
    earlier = Outcome(folder / "old.jpg", copy, OutcomeKind.SKIPPED, faces=unchecked, earlier=OutcomeKind.PROTECTED)
    faceless = Outcome(folder / "sea.jpg", copy, OutcomeKind.NO_FACE, Problem(ProblemCode.NO_FACE))
    refused = Outcome(folder / "=cmd.jpg", None, OutcomeKind.REFUSED, Problem(ProblemCode.TRUNCATED), finding)
    return [done, earlier, faceless, refused]


class Page(html.parser.HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())


@pytest.mark.parametrize("tongue", [*Language])
def test_the_page_stands_alone_and_counts(tmp_path: Path, tongue: Language) -> None:
    target = tmp_path / "report.html"
    write_folder_report(str(target), outcomes(tmp_path), tongue)
    page = Page(target.read_text(encoding="utf-8"))
    names = [tag for tag, _ in page.tags]
    assert not {"script", "link", "iframe", "b>"} & set(names)
    pictures = [attrs["src"] or "" for tag, attrs in page.tags if tag == "img"]
    assert len(pictures) == 2  # of the two protected photos only
    assert all(source.startswith("data:image/jpeg;base64,") for source in pictures)
    assert names.count("tr") == 5
    sums = [word for word in page.words if word.isdigit()]
    assert sums[:4] == ["4", "2", "1", "1"]  # photos, protected, no face, refused
    assert "<b>민지.jpg" in page.words  # a name is text, whatever it says
    assert any(f"{check_words('short_harder', tongue)} (41)" in word for word in page.words)
    assert check_words("short_unchecked", tongue) in page.words
    assert any(check_words("limits", tongue) in word for word in page.words)
    assert dict(next(attrs for tag, attrs in page.tags if tag == "html"))["lang"] == tongue.value


def test_the_table_opens_in_a_spreadsheet_and_holds_no_formula(tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    write_folder_report(str(target), outcomes(tmp_path), Language.ENGLISH)
    rows = list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["outcome"] for row in rows] == ["protected", "skipped", "no_face", "refused"]
    assert (rows[0]["verdict"], rows[0]["likeness"]) == ("harder", "41.3")
    assert (rows[1]["verdict"], rows[1]["likeness"]) == ("unchecked", ""), "those who took part give no number"
    assert (rows[0]["faces"], rows[0]["faces_cloaked"]) == ("2", "1")
    notes = [note_words(note, Language.ENGLISH) for note in ("rotated", "protected_before")]
    assert rows[0]["notes"] == "; ".join(notes)
    assert rows[3]["removed"] == ""  # nothing was written, so nothing is gone
    relative = Outcome(Path("=cmd.jpg"), None, OutcomeKind.REFUSED)
    write_folder_report(str(target), [relative], Language.ENGLISH)
    (row,) = csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines())
    assert row["source"] == "'=cmd.jpg"


@pytest.mark.parametrize("name", ["r.html", "r.csv"])
def test_only_a_report_is_replaced(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    check_folder_target(str(target))
    write_folder_report(str(target), [], Language.ENGLISH)
    check_folder_target(str(target))
    if name == "r.csv":
        older = "source,output,outcome,earlier,faces,faces_cloaked,verdict,likeness,removed,reason,seconds,personas"
        target.write_text(older, encoding="utf-8-sig")
        check_folder_target(str(target))
    target.write_text("my diary")
    with pytest.raises(UsageMistake):
        check_folder_target(str(target))
    with pytest.raises(UsageMistake):
        check_folder_target(str(tmp_path / "nowhere" / name))
