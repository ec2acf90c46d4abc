"""Words for what editors make of a photo, shared by the terminal and the window."""

from __future__ import annotations

from collections.abc import Mapping

from photoguard.i18n.wording import Language, phrase


def shield_words(shield: Mapping[str, Mapping[str, float | bool]], tongue: Language) -> list[str]:
    """Sentences on what each encoder reads of a copy, those first that the pattern was made against, and how far to trust it.

    ``shield`` is that of an ``Outcome``; nothing where it is empty.
    """
    lines = []
    for name, seen in sorted(shield.items(), key=lambda item: not item[1]["took_part"]):
        shift, plain = (round(100 * seen[figure]) for figure in ("shift", "shift_unprotected"))
        lines.append(phrase("shield_line", tongue, encoder=name, shift=shift, plain=plain))
        if "decode_psnr" in seen:
            lines.append(phrase("shield_decoded", tongue, psnr=f"{seen['decode_psnr']:.0f}"))
    if lines:
        names = ", ".join(name for name, seen in shield.items() if seen["took_part"])
        lines.append(phrase("shield_limits", tongue, names=names))
    return lines
