"""The answer of `photoguard check` for the terminal: the verdict first, then the figures behind it."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from photoguard.checking import Checked, CheckedFace
from photoguard.cli.telling import listed
from photoguard.cli.terminal import shown
from photoguard.domain import Finding
from photoguard.i18n import Language, check_words, sentence, verdict_words, whose_words

BAR = 20
"""Characters of a full bar."""


def print_answer(checked: Checked, tongue: Language, console: Console) -> None:
    """Say what became of every face, of what was hidden, and what no figure tells."""

    def say(name: str, **facts: object) -> str:
        return check_words(name, tongue, **facts)

    lines = [say("pair", original=shown(checked.original.name), copy=shown(checked.copy.name))]
    if checked.problem is not None:
        lines.append(sentence(checked.problem, tongue))
    elif checked.relation is not None:
        lines.append(say(f"relation_{checked.relation}"))
    _print(console, lines)
    for number, face in enumerate(checked.faces, start=1):
        _print_face(number, face, tongue, console)
    after = [say("missing", count=checked.missing)] if checked.missing else []
    after += hidden_words(checked, tongue)
    if any(face.judgement.judges for face in checked.faces):
        after += [say("scale"), say("margin")]
    if checked.faces:
        after.append(say("limits"))
    _print(console, after)


def hidden_words(checked: Checked, tongue: Language) -> list[str]:
    """What was removed, and what the copy still carries."""
    lines = []
    if checked.removed:
        lines.append(check_words("removed", tongue, things="; ".join(listed(checked.removed, tongue))))
    if checked.left:
        lines.append(check_words("left", tongue, things="; ".join(_things(checked.left, tongue))))
    elif checked.problem is None or checked.relation is not None:
        lines.append(check_words("clean", tongue))
    return lines


def _things(left: tuple[Finding, ...], tongue: Language) -> list[str]:
    return listed(left, tongue) or [check_words("file_left", tongue)]


def _print_face(number: int, face: CheckedFace, tongue: Language, console: Console) -> None:
    def say(name: str, **facts: object) -> str:
        return check_words(name, tongue, **facts)

    judgement = face.judgement
    lines = ["", f"{say('face', number=number, width=round(face.copy.box.width))}: {verdict_words(judgement, tongue)}"]
    lines.append(whose_words(judgement, tongue))
    if face.visibility:
        lines.append(say("visible", ssimulacra2=f"{face.visibility['ssimulacra2']:.0f}"))
    _print(console, lines)
    figures = face.likeness
    if not figures:
        return
    for title, views in grouped(face, figures).items():
        table = Table(
            title=say(title), title_justify="left", title_style="", box=None, show_header=False, pad_edge=False
        )
        table.add_column(no_wrap=True)
        table.add_column(justify="right")
        table.add_column(no_wrap=True)
        for view, value in views.items():
            filled = round(BAR * value / 100)
            table.add_row(Text(say(f"view_{view}")), f"{value:.0f}", "█" * filled + "░" * (BAR - filled))
        console.print(table)


def grouped(face: CheckedFace, figures: dict[str, float]) -> dict[str, dict[str, float]]:
    """Likeness by view, what is passed on apart from what somebody cleans."""
    cleaned = {cell.view for cell in face.cells.cleaned}
    return {
        "passed_on": {view: value for view, value in figures.items() if view not in cleaned},
        "cleaned": {view: value for view, value in figures.items() if view in cleaned},
    }


def _print(console: Console, lines: list[str]) -> None:
    for line in lines:
        console.print(Text(line))
