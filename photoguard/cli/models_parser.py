"""What may be asked of `photoguard models`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from photoguard.i18n import Language

PURPOSES = ("surrogate", "evaluator", "detector", "latent")
TEMPLATES = ("arcface112", "omz128")


def add_models(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Add the sub-commands, with ``action`` naming the one that was asked for."""
    shared = argparse.ArgumentParser(add_help=False)
    # without a default of its own, which would undo one given before the action
    shared.add_argument("--lang", choices=[*Language], default=argparse.SUPPRESS, help=say("lang"))
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def add(name: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=say(f"models_{name}"), description=say(f"models_{name}"), parents=[shared])

    add("list").add_argument("--json", metavar="FILE|-", help=say("json"))

    get = add("get")
    get.add_argument("names", nargs="+", metavar="NAME|core|all", help=say("models_names"))
    _add_terms(get, say)

    take = add("import")
    take.add_argument("file", metavar="FILE", help=say("models_file"))
    take.add_argument("--purpose", choices=PURPOSES, help=say("purpose"))
    take.add_argument("--template", choices=TEMPLATES, default="", help=say("template"))
    take.add_argument("--input", metavar="CONVENTION", default="", help=say("input"))
    take.add_argument("--name", default="", help=say("called"))
    take.add_argument("--licence", default="", help=say("licence"))
    _add_terms(take, say)

    verify = add("verify")
    verify.add_argument("names", nargs="*", metavar="NAME", help=say("models_name"))

    remove = add("remove")
    remove.add_argument("names", nargs="+", metavar="NAME", help=say("models_name"))


def _add_terms(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    parser.add_argument("--accept-licence", metavar="NAME", action="append", default=[], help=say("accept_licence"))
