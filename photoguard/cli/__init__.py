"""The command line. Nothing heavy is imported before the arguments are understood."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from photoguard.cli.parser import parse
from photoguard.errors import PhotoguardError
from photoguard.i18n import Language, language, sentence

WRONG_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 0 every file has its wanted outcome, 1 not so, 2 wrong usage, 130 cancelled."""
    for stream in (sys.stdout, sys.stderr):
        # a file name in a script this terminal cannot show must not end the run
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        asked = parse(list(sys.argv[1:] if arguments is None else arguments))
        tongue = Language(asked.lang) if asked.lang else language()
        try:
            return _run(asked.command, asked, tongue)
        except PhotoguardError as error:
            print(sentence(error.problem, tongue), file=sys.stderr)
            return WRONG_USAGE
    except BrokenPipeError:  # the reader of our output went away, e.g. `| head`: there is nobody to tell
        return 1
    finally:
        _say_the_rest()


def _say_the_rest() -> None:
    """Flush what is held back; Python itself would complain at its very end that nobody reads it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def window() -> int:
    """Open the window; the entry point of the graphical program."""
    return main(["gui", *sys.argv[1:]])


def _run(command: str, asked: object, tongue: Language) -> int:
    from argparse import Namespace

    assert isinstance(asked, Namespace)
    if command in {"protect", "scrub"}:
        from photoguard.cli.many import run_many

        return run_many(asked, tongue)
    if command == "inspect":
        from photoguard.cli.inspecting import run_inspect

        return run_inspect(asked, tongue)
    if command == "check":
        from photoguard.cli.checking import run_check

        return run_check(asked, tongue)
    if command == "compare-albums":
        from photoguard.cli.albums import run_compare_albums

        return run_compare_albums(asked, tongue)
    if command == "bench" and asked.bench == "scrub":
        from photoguard.cli.benchmarking_scrub import run_bench_scrub

        return run_bench_scrub(asked, tongue)
    if command == "bench":
        if asked.bench == "outcomes":
            from photoguard.cli.bench_outcomes import run_bench_outcomes

            return run_bench_outcomes(asked)
        if asked.bench == "cluster":
            from photoguard.cli.bench_cluster import run_bench_cluster

            return run_bench_cluster(asked, tongue)
        if asked.bench == "shield":
            from photoguard.cli.bench_shield import run_bench_shield

            return run_bench_shield(asked, tongue)
        from photoguard.cli.benchmarking import run_bench

        return run_bench(asked, tongue)
    if command == "watch":
        from photoguard.cli.watching import run_watch

        return run_watch(asked, tongue)
    if command == "forget":
        from photoguard.cli.forgetting import run_forget

        return run_forget(tongue)
    if command == "install-menu":
        from photoguard.cli.menu import run_install_menu

        return run_install_menu(tongue, is_removal=asked.remove)
    if command == "demo":
        from photoguard.cli.demo import run_demo

        return run_demo(Path(asked.out), tongue)
    if command == "gui":
        from photoguard.gui import main as run_gui

        return run_gui(asked.paths, is_selftest=asked.selftest)
    if command == "models":
        from photoguard.cli.models import run_models

        return run_models(asked, tongue)
    from photoguard.errors import ProblemCode, UsageMistake

    raise UsageMistake(ProblemCode.COMMAND_NOT_AVAILABLE_YET, command=command)
