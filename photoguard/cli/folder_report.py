"""Reports over a whole folder: one page for people, one table for a spreadsheet; both work offline."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from photoguard.cli.folder_page import PAGE_SIGNATURE, page
from photoguard.cli.telling import listed, personas_of
from photoguard.cli.terminal import shown
from photoguard.domain import Outcome
from photoguard.errors import Failed, ProblemCode, UsageMistake
from photoguard.i18n import Language, note_words, sentence
from photoguard.output import replace_own

_COLUMNS = "source,output,outcome,earlier,faces,faces_cloaked,verdict,likeness,removed,reason,seconds,personas,notes"
_MARK = b"\xef\xbb\xbf"
"""Without it Excel takes UTF-8 for the system's old code page."""
_FIRST_COLUMNS = "source,output,outcome,earlier,"
"""How every table begins, also of versions with fewer columns; only such a file is ever replaced."""
SUFFIXES = (".html", ".csv")


def check_folder_target(target: str) -> None:
    """Raise ``UsageMistake``: OUTPUT_EXISTS where another file lies there, REPORT_NOT_WRITABLE without a folder."""
    path = Path(target)
    signature = PAGE_SIGNATURE.encode() if path.suffix.lower() == ".html" else _MARK + _FIRST_COLUMNS.encode()
    if path.exists():
        try:
            with path.open("rb") as file:
                is_own = file.read(len(signature)) in {signature, b""}
        except OSError:
            is_own = False
        if not is_own:
            raise UsageMistake(ProblemCode.OUTPUT_EXISTS)
    if not path.parent.is_dir():
        raise UsageMistake(ProblemCode.REPORT_NOT_WRITABLE)


def write_folder_report(target: str, outcomes: Sequence[Outcome], tongue: Language) -> None:
    """Write the page or, for a name that ends in ``.csv``, the table; raises ``Failed`` REPORT_NOT_WRITABLE."""
    path = Path(target)
    text = page(outcomes, tongue).encode() if path.suffix.lower() == ".html" else _table(outcomes, tongue)
    try:
        replace_own(path, text)
    except OSError as error:
        raise Failed(ProblemCode.REPORT_NOT_WRITABLE) from error


def _table(outcomes: Sequence[Outcome], tongue: Language) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS.split(","))
    for outcome in outcomes:
        row: list[object] = [
            shown(outcome.source),
            "" if outcome.output is None else shown(outcome.output),
            outcome.kind.value,
            "" if outcome.earlier is None else outcome.earlier.value,
            len(outcome.faces),
            sum(face.is_cloaked for face in outcome.faces),
            "" if outcome.judgement is None else outcome.judgement.verdict.value,
            "" if outcome.judgement is None or outcome.judgement.likeness is None else outcome.judgement.likeness,
            "; ".join(listed(outcome.findings, tongue)) if outcome.output is not None else "",
            "" if outcome.problem is None else sentence(outcome.problem, tongue),
            outcome.seconds,
            "; ".join(shown(name) for name in personas_of(outcome)),
            "; ".join(note_words(note, tongue) for note in outcome.notes),
        ]
        writer.writerow([_harmless(cell) for cell in row])
    return _MARK + text.getvalue().encode()


def _harmless(cell: object) -> object:
    """A name from a stranger is no formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t")) else cell
