"""One page that can be shown to somebody: what became of each face, as HTML or as a picture.

It holds no script, loads nothing, names no file, and has the original inside only where that was asked for.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from photoguard import __version__
from photoguard.checking import Checked
from photoguard.cli.check_pictures import TIMES, FacePictures, face_pictures
from photoguard.cli.check_section import Section
from photoguard.cli.check_table import grouped, hidden_words
from photoguard.domain import Verdict
from photoguard.errors import Failed, ProblemCode, UsageMistake
from photoguard.i18n import Language, check_words, sentence, verdict_words, whose_words
from photoguard.output import replace_own

if TYPE_CHECKING:
    from photoguard.latents import Latents

PAGE_SIGNATURE = "<!doctype html><!-- photoguard check -->"
"""How every page begins; only such a file is ever replaced."""
PNG_MARK = ("photoguard", "check")
"""Key and value of the one text in every PNG sheet; only such a file is ever replaced."""
SUFFIXES = (".html", ".png")
_MOST_FACES = 6


@dataclass(frozen=True)
class Sheet:
    """Everything on the page, in its language."""

    tongue: Language
    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    small: tuple[str, ...]
    """What the figures mean and what they cannot tell."""


def check_sheet_target(target: str) -> None:
    """Raise ``UsageMistake``: OUTPUT_EXISTS where another file lies there, REPORT_NOT_WRITABLE without a folder."""
    path = Path(target)
    if path.exists() and not _is_sheet(path):
        raise UsageMistake(ProblemCode.OUTPUT_EXISTS)
    if not path.parent.is_dir():
        raise UsageMistake(ProblemCode.REPORT_NOT_WRITABLE)


def write_sheet(
    target: str, checked: Checked, tongue: Language, *, with_original: bool, latents: Latents | None = None
) -> None:
    """Write the page or, for a name that ends in ``.png``, the picture. Raises ``Failed(REPORT_NOT_WRITABLE)``.

    With ``latents`` it also shows what AI editors make of the copy.
    """
    check_sheet_target(target)
    sheet = composed(checked, tongue, with_original=with_original)
    if latents is not None:
        from photoguard.cli.check_editors import editor_sections

        editors = editor_sections(checked, latents, tongue, with_original=with_original)
        sheet = replace(sheet, sections=(*sheet.sections, *editors))
    if Path(target).suffix.lower() == ".png":
        from photoguard.cli.check_drawing import drawn

        data = drawn(sheet)
    else:
        data = page(sheet).encode()
    try:
        replace_own(Path(target), data)
    except OSError as error:
        raise Failed(ProblemCode.REPORT_NOT_WRITABLE) from error


def composed(checked: Checked, tongue: Language, *, with_original: bool) -> Sheet:
    """What the sheet says and shows."""

    def say(name: str, **facts: object) -> str:
        return check_words(name, tongue, **facts)

    lines = [] if checked.problem is None else [sentence(checked.problem, tongue)]
    if checked.relation is not None:
        lines.append(say(f"relation_{checked.relation}"))
    lines += [say("missing", count=checked.missing)] if checked.missing else []
    lines += hidden_words(checked, tongue)
    sections = []
    if checked.faces:
        pictures = list(face_pictures(checked, with_original=with_original))
        for number, (face, shown) in enumerate(zip(checked.faces, pictures, strict=True), start=1):
            judgement = face.judgement
            notes = [whose_words(judgement, tongue)]
            if face.visibility:
                notes.append(say("visible", ssimulacra2=f"{face.visibility['ssimulacra2']:.0f}"))
            views = grouped(face, face.likeness)
            bars = tuple(
                (say(title), tuple((say(f"view_{view}"), value) for view, value in of.items()))
                for title, of in views.items()
                if of
            )
            sections.append(
                Section(
                    say("face", number=number, width=round(face.copy.box.width)),
                    verdict_words(judgement, tongue),
                    judgement.verdict in {Verdict.UNLIKE, Verdict.HARDER},
                    tuple(notes),
                    _captioned(shown, tongue, with_original=with_original),
                    bars,
                )
            )
    has_figures = any(section.bars for section in sections)
    small = [say("scale"), say("margin")] if has_figures else []
    small += [say("limits")] if sections else []
    small += [] if with_original or not sections else [say("original_left_out")]
    small.append(f"photoguard {__version__}")
    return Sheet(tongue, say("title"), tuple(lines), tuple(sections[:_MOST_FACES]), tuple(small))


def _captioned(shown: FacePictures, tongue: Language, *, with_original: bool) -> tuple[tuple[str, Image.Image], ...]:
    pictures = [] if shown.before is None else [(check_words("before", tongue), shown.before)]
    pictures.append((check_words("after", tongue), shown.after))
    if shown.change is not None:
        name = "difference" if with_original else "where"
        pictures.append((check_words(name, tongue, times=TIMES), shown.change))
    return tuple(pictures)


_STYLE = """
:root{color-scheme:light dark;--line:#8885;--soft:#8881;--good:#1b7f4b;--rest:#8a6100;--bar:#5b6b8c}
@media(prefers-color-scheme:dark){:root{--good:#5fc994;--rest:#e0b04a;--bar:#8fa3cc}}
body{font:16px/1.5 system-ui,"Noto Sans KR","Apple SD Gothic Neo","Malgun Gothic",sans-serif;margin:2rem auto;
max-width:60rem;padding:0 1rem;word-break:keep-all;overflow-wrap:break-word}
h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.1rem;margin:0}h3{font-size:1rem;margin:0 0 .4rem}
section{border:1px solid var(--line);border-radius:.75rem;padding:1rem 1.25rem;margin:1rem 0}
.verdict{font-size:1.15rem;font-weight:600;margin:.25rem 0}.good{color:var(--good)}.rest{color:var(--rest)}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(13rem,100%),1fr));gap:1rem;margin:1rem 0;max-width:57rem}
figure{margin:0}figcaption{font-size:.875rem;opacity:.85}img{display:block;border-radius:.4rem;max-width:100%;height:auto}
.groups{display:grid;grid-template-columns:repeat(auto-fit,minmax(19rem,1fr));gap:1.25rem}
dl{display:grid;grid-template-columns:max-content 1fr 2rem;gap:.2rem .6rem;align-items:center;margin:0;font-size:.9rem}
dt{margin:0}dd{margin:0;text-align:right;font-variant-numeric:tabular-nums}
.bar{position:relative;height:.7rem;border-radius:.35rem;background:var(--soft);overflow:hidden}
.bar i{display:block;height:100%;background:var(--bar)}
.bar::after{content:"";position:absolute;left:50%;top:0;bottom:0;border-left:2px dashed currentColor;opacity:.6}
p{margin:.3rem 0}.small{font-size:.875rem;opacity:.85}
@media print{section{break-inside:avoid}}
"""


def page(sheet: Sheet) -> str:
    """The sheet as HTML that stands alone."""
    parts = [
        f'{PAGE_SIGNATURE}\n<html lang="{sheet.tongue.value}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">",
        f"<title>{escape(sheet.title)}</title><style>{_STYLE}</style></head><body><h1>{escape(sheet.title)}</h1>",
    ]
    parts += [f"<p>{escape(line)}</p>" for line in sheet.lines]
    parts += [_section(section, sheet.tongue) for section in sheet.sections]
    parts += [f'<p class="small">{escape(line)}</p>' for line in sheet.small]
    return "\n".join([*parts, "</body></html>", ""])


def _section(section: Section, tongue: Language) -> str:
    tone = "good" if section.is_good else "rest"
    parts = [f'<section><h2>{escape(section.heading)}</h2><p class="verdict {tone}">{escape(section.verdict)}</p>']
    parts += [f'<p class="small">{escape(note)}</p>' for note in section.notes]
    figures = "".join(
        f'<figure><img alt="{escape(caption)}" width="{picture.width}" height="{picture.height}" src="{_data(picture)}">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
        for caption, picture in section.pictures
    )
    parts.append(f'<div class="pictures">{figures}</div>')
    if section.bars:
        groups = "".join(
            f"<div><h3>{escape(title)}</h3><dl>"
            + "".join(
                f'<dt>{escape(view)}</dt><div class="bar"><i style="width:{value:.0f}%"></i></div><dd>{value:.0f}</dd>'
                for view, value in bars
            )
            + "</dl></div>"
            for title, bars in section.bars
        )
        parts.append(f'<div class="groups">{groups}</div>')
    elif section.bars is not None:
        parts.append(f'<p class="small">{escape(check_words("no_figures", tongue))}</p>')
    return "".join([*parts, "</section>"])


def _data(picture: Image.Image) -> str:
    coded = io.BytesIO()
    picture.save(coded, "JPEG", quality=88)
    return f"data:image/jpeg;base64,{base64.b64encode(coded.getvalue()).decode()}"


def _is_sheet(path: Path) -> bool:
    try:
        start = path.read_bytes()[:4096]
    except OSError:
        return False
    mark = f"{PNG_MARK[0]}\0{PNG_MARK[1]}".encode("latin-1")
    return not start or start.startswith(PAGE_SIGNATURE.encode()) or (start.startswith(b"\x89PNG") and mark in start)
