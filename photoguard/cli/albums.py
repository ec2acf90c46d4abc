"""`photoguard compare-albums`: whether it worked on the mean of a person's photos."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from photoguard.batch import photos_in
from photoguard.cli.checking import SHOWN_TO_HELP
from photoguard.cli.stopping import StopWish, run_stoppably
from photoguard.cli.terminal import shown
from photoguard.domain import Options, Progress
from photoguard.errors import ProblemCode, UsageMistake
from photoguard.i18n import Language, check_words, phrase, sentence, verdict_words, whose_words


def run_compare_albums(asked: Namespace, tongue: Language) -> int:
    """Print the answer; 0 when the mean was independently found harder to recognise, else 1.

    Raises ``UsageMistake`` for folders without photos and models that are not there.
    """
    pairs = paired(Path(asked.original), Path(asked.protected))

    def work(wish: StopWish) -> int:
        from photoguard.albums import compare_albums
        from photoguard.toolbox import toolbox_for

        def listen(_progress: Progress) -> None:
            wish.check()

        names = tuple(name.strip() for name in asked.models.split(",") if name.strip())
        album = compare_albums(pairs, toolbox_for(Options(models=names, detector=asked.detector)), listen)
        for path, problem in album.passed_over:
            print(f"{shown(path.name)}: {sentence(problem, tongue)}")
        if album.judgement is None:
            print(check_words("album_empty", tongue))
            return 1
        print(check_words("album", tongue, count=album.photos, verdict=verdict_words(album.judgement, tongue)))
        print(whose_words(album.judgement, tongue))
        if album.judgement.judges:
            print(check_words("scale", tongue))
        print(check_words("limits", tongue))
        return 0 if album.judgement.verdict in SHOWN_TO_HELP else 1

    return run_stoppably(work, lambda: print(phrase("looking_stopped", tongue), file=sys.stderr))


def paired(originals: Path, copies: Path) -> list[tuple[Path, Path]]:
    """Every photo of ``originals`` with the one of ``copies`` that has its name and place below the folder, but perhaps
    another ending. Raises ``UsageMistake(NO_PHOTOS)`` where one of them is no folder.
    """
    for folder in (originals, copies):
        if not folder.is_dir():
            raise UsageMistake(ProblemCode.NO_PHOTOS)
    found = {
        path.relative_to(copies).with_suffix(""): path for path, obstacle in photos_in([copies]) if obstacle is None
    }
    pairs = []
    for path, obstacle in photos_in([originals]):
        place = path.relative_to(originals).with_suffix("")
        if obstacle is None and place in found:
            pairs.append((path, found[place]))
    return pairs
