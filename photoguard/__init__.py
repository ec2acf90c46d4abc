"""Protect a photo before it is posted: metadata off, faces cloaked, and proof of both.

    from pathlib import Path
    import photoguard

    outcome = photoguard.protect(Path("me.jpg"), Path("out/me.jpg"))
    print(outcome.kind, outcome.problem)

``photoguard.domain`` holds the values that go in and come out, ``photoguard.i18n.sentence`` the words for a problem.
Importing this package loads nothing heavy; the first call does.
"""

from __future__ import annotations

# not from typing: until __main__ listens to Ctrl-C every millisecond of imports can end in a traceback
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from photoguard.checking import Checked
    from photoguard.containers import Inventory
    from photoguard.domain import Options, Outcome, ProgressListener

__all__ = ["__version__", "check", "inspect", "protect", "scrub"]

__version__ = "0.1.0"


def protect(
    source: Path,
    destination: Path,
    options: Options | None = None,
    listener: ProgressListener | None = None,
    *,
    keep_times: bool = False,
) -> Outcome:
    """Write a copy of ``source`` at ``destination`` that carries only its picture, with its faces cloaked.

    ``options`` are those of the command line, its defaults where None; what they need is loaded at the first call and kept
    while they stay the same. ``listener`` hears the progress and may raise ``errors.Cancelled``, which nothing but that
    raises here for a photo: a bad one is told in the outcome (``refused``, ``failed``, ``no_face``), and an existing file
    is never overwritten. The copy's extension may be corrected to its true format: see ``outcome.output``.

    People are told apart and keep their false identities from photo to photo, as docs/folders.md describes.

    Raises ``errors.UsageMistake`` for options that cannot be had, ``errors.Failed`` where a model file is missing or
    broken, or a named persona cannot be had.
    """
    from photoguard import casting
    from photoguard.domain import Options, silent
    from photoguard.toolbox import kept_toolbox

    wanted = options or Options()
    return casting.protect(source, destination, wanted, kept_toolbox(wanted), listener or silent, keep_times=keep_times)


def scrub(
    source: Path, destination: Path, listener: ProgressListener | None = None, *, keep_times: bool = False
) -> Outcome:
    """Write a copy of ``source`` at ``destination`` without its metadata; the picture stays as it is.

    A bad photo is told in the outcome, as by :func:`protect`.
    """
    from photoguard import pipeline
    from photoguard.domain import silent

    return pipeline.scrub(source, destination, listener or silent, keep_times=keep_times)


def check(
    original: Path, copy: Path, options: Options | None = None, listener: ProgressListener | None = None
) -> Checked:
    """How recognisable each face of ``copy`` still is beside ``original``, and what is still hidden in it.

    The recognisers of ``options`` are taken to have had part in the change; others judge. A pair that does not fit is told
    in ``problem``. Raises as :func:`protect`.
    """
    from photoguard import checking
    from photoguard.domain import Options, silent
    from photoguard.toolbox import kept_toolbox

    return checking.check(original, copy, kept_toolbox(options or Options()), listener or silent)


def inspect(source: Path) -> Inventory:
    """What ``source`` carries besides its picture: kinds, places and sizes, never values.

    Raises ``errors.Refused`` where it is no photo or cannot be read.
    """
    from photoguard import pipeline

    return pipeline.inspect(source)
