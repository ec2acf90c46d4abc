"""What may be asked for on the command line."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence

from photoguard.cli.models_parser import add_models
from photoguard.cli.version import version_text
from photoguard.domain import FaceChoice, OutputFormat, Platform, Strength
from photoguard.i18n import Language, help_text, language

Say = Callable[[str], str]


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments as a namespace with ``command``; leaves with code 2 on wrong usage, 0 after help or version."""
    tongue = _tongue(arguments)
    arguments = list(arguments)
    if "--version" in arguments[:2] and set(arguments) <= {"--version", "--verbose"}:
        print(version_text(is_verbose="--verbose" in arguments))
        raise SystemExit(0)
    return parser_for(tongue).parse_args(arguments or ["gui"])


def _tongue(arguments: Sequence[str]) -> Language:
    """The language for the help, which is printed while the arguments are still being read."""
    first = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    first.add_argument("--lang", choices=[*Language])
    try:
        known, _ = first.parse_known_args(list(arguments))
    except argparse.ArgumentError:
        return language()
    return Language(known.lang) if known.lang else language()


def parser_for(tongue: Language) -> argparse.ArgumentParser:
    """Every command and option, with help in ``tongue``; manual pages are made from it too."""

    def say(name: str) -> str:
        return help_text(name, tongue)

    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--lang", choices=[*Language], help=say("lang"))
    parser = argparse.ArgumentParser(
        prog="photoguard", description=say("photoguard"), epilog=say("exit_codes"), parents=[shared]
    )
    # answered before the arguments are read; here for the help
    parser.add_argument("--version", action="store_true", help=say("version"))
    parser.add_argument("--verbose", action="store_true", help=say("verbose"))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    protect = commands.add_parser("protect", help=say("protect"), description=say("protect"), parents=[shared])
    _add_many(protect, say)
    _add_protecting(protect, say)

    scrub = commands.add_parser("scrub", help=say("scrub"), description=say("scrub"), parents=[shared])
    _add_many(scrub, say)

    inspect = commands.add_parser("inspect", help=say("inspect"), description=say("inspect"), parents=[shared])
    inspect.add_argument("paths", nargs="+", metavar="PATH", help=say("paths"))
    inspect.add_argument("--json", metavar="FILE|-", help=say("json"))

    check = commands.add_parser("check", help=say("check"), description=say("check"), parents=[shared])
    check.add_argument("original", metavar="ORIGINAL", help=say("check_original"))
    check.add_argument("protected", metavar="PROTECTED", help=say("check_protected"))
    check.add_argument("--json", metavar="FILE|-", help=say("json"))
    check.add_argument("--sheet", metavar="FILE", type=_sheet, action="append", default=[], help=say("check_sheet"))
    check.add_argument("--with-original", action="store_true", help=say("with_original"))
    check.add_argument("--models", metavar="NAME[,NAME]", default="", help=say("check_models"))
    check.add_argument("--detector", metavar="NAME", default="", help=say("detector"))

    albums = commands.add_parser("compare-albums", help=say("albums"), description=say("albums"), parents=[shared])
    albums.add_argument("original", metavar="DIR", help=say("albums_original"))
    albums.add_argument("protected", metavar="DIR", help=say("albums_protected"))
    albums.add_argument("--models", metavar="NAME[,NAME]", default="", help=say("check_models"))
    albums.add_argument("--detector", metavar="NAME", default="", help=say("detector"))

    watch = commands.add_parser("watch", help=say("watch"), description=say("watch"), parents=[shared])
    watch.add_argument("folder", metavar="IN", help=say("watch_in"))
    watch.add_argument("--out", metavar="DIR", required=True, help=say("out"))
    _add_protecting(watch, say)
    _add_running(watch, say)

    commands.add_parser("forget", help=say("forget"), description=say("forget"), parents=[shared])
    menu = commands.add_parser(
        "install-menu", help=say("install_menu"), description=say("install_menu"), parents=[shared]
    )
    menu.add_argument("--remove", action="store_true", help=say("remove"))

    demo = commands.add_parser("demo", help=say("demo"), description=say("demo"), parents=[shared])
    demo.add_argument("--out", metavar="DIR", default="photoguard-demo", help=say("out"))

    gui = commands.add_parser("gui", help=say("gui"), description=say("gui"), parents=[shared])
    gui.add_argument("paths", nargs="*", metavar="PATH", help=say("paths"))
    gui.add_argument("--selftest", action="store_true", help=say("selftest"))
    add_models(
        commands.add_parser("models", help=say("models_command"), description=say("models_command"), parents=[shared]),
        say,
    )

    _add_bench(commands, say, shared)

    return parser


def _add_protecting(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("--strength", choices=[*Strength], default=Strength.STANDARD, help=say("strength"))
    parser.add_argument("--platform", choices=[*Platform], default=Platform.ANY, help=say("platform"))
    parser.add_argument("--faces", choices=[*FaceChoice], default=FaceChoice.ALL, help=say("faces"))
    parser.add_argument("--format", choices=[*OutputFormat], default=OutputFormat.KEEP, help=say("format"))
    parser.add_argument("--models", metavar="NAME[,NAME]", default="", help=say("models"))
    parser.add_argument("--detector", metavar="NAME", default="", help=say("detector"))
    parser.add_argument("--persona", metavar="NAME", help=say("persona"))
    parser.add_argument("--shield-edits", action="store_true", help=say("shield_edits"))
    parser.add_argument("--seed", type=int, default=0, help=say("seed"))


def _add_many(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help=say("paths"))
    parser.add_argument("--out", metavar="DIR", required=True, help=say("out"))
    parser.add_argument("--json", metavar="FILE|-", help=say("json"))
    parser.add_argument("--resume", action=argparse.BooleanOptionalAction, default=True, help=say("resume"))
    parser.add_argument("--report", metavar="FILE", type=_report, action="append", default=[], help=say("report"))
    _add_running(parser, say)


def _add_running(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("--keep-times", action="store_true", help=say("keep_times"))
    parser.add_argument("--rename", choices=["keep", "counter", "random"], default="keep", help=say("rename"))
    parser.add_argument("--progress", choices=["bars", "json", "none"], default="bars", help=say("progress"))
    parser.add_argument("--jobs", type=_count, metavar="N", help=say("jobs"))
    parser.add_argument("--max-memory", type=_bytes, metavar="SIZE", help=say("max_memory"))
    parser.add_argument("--only-on-mains", action="store_true", help=say("only_on_mains"))
    parser.add_argument("--priority", choices=["low", "normal"], default="low", help=say("priority"))
    parser.add_argument("--cluster", metavar="ADDRESS", help=say("cluster"))
    parser.add_argument("--shared-paths", action="store_true", help=say("shared_paths"))


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _report(text: str) -> str:
    if not text.lower().endswith((".html", ".csv")):
        raise ValueError
    return text


def _sheet(text: str) -> str:
    if not text.lower().endswith((".html", ".png")):
        raise ValueError
    return text


def _bytes(text: str) -> int:
    """A size such as 3GB, 800M or 2.5G; powers of ten."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)B?\s*", text.upper())
    if match is None:
        raise ValueError
    return int(float(match[1]) * 1000 ** " KMGT".index(match[2] or " "))


def _add_bench(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], say: Say, shared: argparse.ArgumentParser
) -> None:
    bench = commands.add_parser("bench", help=say("bench"), description=say("bench"), parents=[shared])
    kinds = bench.add_subparsers(dest="bench", metavar="WHAT", required=True)
    scrub = kinds.add_parser("scrub", help=say("bench_scrub"), description=say("bench_scrub"), parents=[shared])
    scrub.add_argument("photos", metavar="DIR", help=say("paths"))
    scrub.add_argument("--limit", type=int, metavar="N", default=500, help=say("bench_scrub_limit"))
    scrub.add_argument("--exiftool", type=int, metavar="N", default=50, help=say("bench_scrub_exiftool"))
    protect = kinds.add_parser("protect", help=say("bench_protect"), description=say("bench_protect"), parents=[shared])
    protect.add_argument("photos", metavar="DIR", help=say("bench_photos"))
    protect.add_argument("--out", metavar="DIR", default="photoguard-bench", help=say("bench_out"))
    protect.add_argument("--methods", metavar="NAME[,NAME]", default="photoguard", help=say("bench_methods"))
    protect.add_argument(
        "--strengths", metavar="NAME[,NAME]", type=_strengths, default=(Strength.STANDARD,), help=say("bench_strengths")
    )
    protect.add_argument("--models", metavar="NAME[,NAME]", default="", help=say("models"))
    protect.add_argument("--judges", metavar="DIR", help=say("bench_judges"))
    protect.add_argument("--platform", choices=[*Platform], default=Platform.ANY, help=say("bench_platform"))
    protect.add_argument("--limit", type=int, metavar="N", help=say("bench_limit"))
    protect.add_argument("--per-person", type=int, metavar="N", default=4, help=say("bench_per_person"))
    shield = kinds.add_parser("shield", help=say("bench_shield"), description=say("bench_shield"), parents=[shared])
    shield.add_argument("photos", metavar="DIR", help=say("paths"))
    shield.add_argument("--out", metavar="DIR", default="photoguard-bench", help=say("bench_shield_out"))
    shield.add_argument(
        "--strengths", metavar="NAME[,NAME]", type=_strengths, default=(Strength.STANDARD,), help=say("bench_strengths")
    )
    shield.add_argument(
        "--platforms", metavar="NAME[,NAME]", type=_platforms, default=(), help=say("bench_shield_platforms")
    )
    shield.add_argument("--limit", type=int, metavar="N", help=say("bench_shield_limit"))
    shield.add_argument("--side", type=_count, metavar="PX", default=640, help=say("bench_shield_side"))
    shield.add_argument("--steps", type=int, metavar="N", default=200, help=say("bench_shield_steps"))
    shield.add_argument("--seed", type=int, default=0, help=say("seed"))
    cluster = kinds.add_parser("cluster", help=say("bench_cluster"), description=say("bench_cluster"), parents=[shared])
    cluster.add_argument("photos", metavar="DIR", help=say("paths"))
    cluster.add_argument("--workers", metavar="N[,N]", type=_counts, default=(1, 2), help=say("bench_cluster_workers"))
    cluster.add_argument("--limit", type=_count, metavar="N", help=say("bench_limit"))
    cluster.add_argument("--strength", choices=[*Strength], default=Strength.STANDARD, help=say("strength"))
    cluster.add_argument("--models", metavar="NAME[,NAME]", default="dlib", help=say("models"))
    outcomes = kinds.add_parser(
        "outcomes", help=say("bench_outcomes"), description=say("bench_outcomes"), parents=[shared]
    )
    outcomes.add_argument("report", metavar="REPORT.json", help=say("bench_report"))
    protect.add_argument("--seed", type=int, default=0, help=say("seed"))


def _counts(text: str) -> tuple[int, ...]:
    return tuple(_count(number) for number in text.split(","))


def _platforms(text: str) -> tuple[Platform, ...]:
    return tuple(dict.fromkeys(Platform(name.strip()) for name in text.split(",")))


def _strengths(text: str) -> tuple[Strength, ...]:
    return tuple(dict.fromkeys(Strength(name.strip()) for name in text.split(",")))
