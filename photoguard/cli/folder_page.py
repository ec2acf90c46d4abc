"""One HTML page over a folder: how many photos ended how, and each with what was removed and measured.

It holds no script and loads nothing. Pictures are small and show protected copies only, since pages get passed on.
"""

from __future__ import annotations

import base64
import io
from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path

from photoguard.cli.telling import listed, personas_of
from photoguard.cli.terminal import shown
from photoguard.domain import Judgement, Outcome, OutcomeKind
from photoguard.i18n import Language, check_words, note_words, outcome_words, phrase, sentence, whose_words

PAGE_SIGNATURE = "<!doctype html><!-- photoguard report -->"
"""How every page begins; only such a file is ever replaced."""
_SIDE = 96
_MOST_PICTURES = 3000
"""About 3 kB each; beyond that a browser has trouble with the page."""
_STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--good:#1b7f4b;--rest:#8a6100}
@media(prefers-color-scheme:dark){:root{--good:#5fc994;--rest:#e0b04a}}
body{font:16px/1.5 system-ui,"Noto Sans KR","Apple SD Gothic Neo","Malgun Gothic",sans-serif;margin:2rem auto;
max-width:70rem;padding:0 1rem;word-break:keep-all}
h1{font-size:1.5rem;margin:0 0 1rem}
ul.sums{list-style:none;display:flex;flex-wrap:wrap;gap:.75rem;padding:0;margin:0 0 1rem}
ul.sums li{border:1px solid var(--line);border-radius:.75rem;padding:.6rem 1rem;min-width:8rem}
ul.sums b{display:block;font-size:1.6rem;line-height:1.2}
p.note{background:var(--soft);border-radius:.75rem;padding:.75rem 1rem;margin:0 0 1.5rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.5rem .6rem;border-top:1px solid var(--line)}
thead th{border-top:0;font-weight:600}
td:first-child{width:104px}
img{display:block;border-radius:.4rem;max-width:96px}
.name{overflow-wrap:anywhere}.small{font-size:.875rem;opacity:.85}
.protected,.scrubbed{color:var(--good);font-weight:600}.other{color:var(--rest);font-weight:600}
td.figure{font-variant-numeric:tabular-nums}
"""


def page(outcomes: Sequence[Outcome], tongue: Language) -> str:
    """The whole page as text."""
    title = escape(phrase("folder_title", tongue))
    counts = Counter(_truly(outcome) for outcome in outcomes)
    sums = [(phrase("folder_photos", tongue), len(outcomes))]
    sums += [(outcome_words(kind, tongue), counts[kind]) for kind in OutcomeKind if counts[kind]]
    removed = Counter(
        thing.rsplit(" (", 1)[0] for o in outcomes if o.output for thing in set(listed(o.findings, tongue))
    )
    rows: list[str] = []
    pictures = 0
    for outcome in outcomes:
        picture = ""
        if _truly(outcome) is OutcomeKind.PROTECTED and outcome.output is not None and pictures < _MOST_PICTURES:
            picture = _picture(outcome.output)
            pictures += bool(picture)
        figures = _figures(outcome.judgement, tongue)
        rows.append(_row(outcome, picture, figures, tongue))
    heads = [phrase(name, tongue) for name in ("folder_photo", "folder_outcome", "folder_likeness", "folder_removed")]
    parts = [
        f'{PAGE_SIGNATURE}\n<html lang="{tongue.value}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">",
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>",
        '<ul class="sums">' + "".join(f"<li><b>{n}</b>{escape(words)}</li>" for words, n in sums) + "</ul>",
    ]
    if counts[OutcomeKind.PROTECTED]:
        whose = {whose_words(one.judgement, tongue) for one in outcomes if one.judgement is not None}
        words = [*sorted(whose), check_words("scale", tongue), check_words("limits", tongue)]
        parts.append(f'<p class="note">{escape(" ".join(words))}</p>')
    if removed:
        things = ", ".join(f"{escape(words)} {count}" for words, count in removed.most_common())
        parts.append(f"<p>{escape(phrase('folder_removed_all', tongue))}: {things}</p>")
    parts.append(
        "<table><thead><tr><th></th>" + "".join(f"<th>{escape(head)}</th>" for head in heads) + "</tr></thead>"
    )
    return "\n".join([*parts, "<tbody>", *rows, "</tbody></table></body></html>", ""])


def _figures(judgement: Judgement | None, tongue: Language) -> str:
    """The verdict in two or three words, and its number where there is an honest one."""
    if judgement is None:
        return ""
    words = escape(check_words(f"short_{judgement.verdict}", tongue))
    return words if judgement.likeness is None else f"{words} ({judgement.likeness:.0f})"


def _truly(outcome: Outcome) -> OutcomeKind:
    """How a photo ended, be it in an earlier run."""
    return outcome.earlier or outcome.kind


def _row(outcome: Outcome, picture: str, figures: str, tongue: Language) -> str:
    kind = _truly(outcome)
    is_good = kind in {OutcomeKind.PROTECTED, OutcomeKind.SCRUBBED}
    words = escape(outcome_words(kind, tongue))
    reasons = [] if outcome.problem is None else [sentence(outcome.problem, tongue)]
    reason = escape(" ".join([*reasons, "; ".join(note_words(note, tongue) for note in outcome.notes)]).strip())
    things = listed(outcome.findings, tongue) if outcome.output is not None else []
    names = ", ".join(shown(name) for name in personas_of(outcome))
    taken_for = escape(phrase("personas", tongue, names=names)) if names else ""
    return (
        f"<tr><td>{picture}</td>"
        f'<td class="name">{escape(shown(outcome.source.name))}'
        f'<div class="small">{escape(shown(outcome.source.parent.name))}</div></td>'
        f'<td><span class="{kind.value if is_good else "other"}">{words}</span><div class="small">{reason}</div></td>'
        f'<td class="figure">{figures}<div class="small">{taken_for}</div></td><td class="small">{escape("; ".join(things))}</td></tr>'
    )


def _picture(copy: Path) -> str:
    """A small picture of a protected copy; empty where it cannot be read any more."""
    from PIL import Image

    try:
        with Image.open(copy) as image:
            image.draft("RGB", (2 * _SIDE, 2 * _SIDE))
            small = image.convert("RGB")
            small.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    except (OSError, ValueError):
        return ""
    coded = io.BytesIO()
    small.save(coded, "JPEG", quality=70)
    data = base64.b64encode(coded.getvalue()).decode()
    return f'<img alt="" width="{small.width}" height="{small.height}" src="data:image/jpeg;base64,{data}">'
