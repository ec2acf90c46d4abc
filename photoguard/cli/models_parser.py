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

    take.add_argument("--key", default="", help=say("pack_key"))
    take.add_argument("--policy", choices=("user", "machine"), help=say("take_policy"))

    export = add("export")
    export.add_argument("names", nargs="*", metavar="NAME", help=say("models_name"))
    export.add_argument("--out", metavar="PACK.zip", required=True, help=say("pack_out"))
    export.add_argument("--policy", metavar="FILE", help=say("with_policy"))
    export.add_argument("--sign", metavar="KEY", help=say("sign"))

    key = add("key")
    key.add_argument("--out", metavar="FILE", required=True, help=say("key_out"))

    verify = add("verify")
    verify.add_argument("names", nargs="*", metavar="NAME", help=say("models_name"))

    remove = add("remove")
    remove.add_argument("names", nargs="+", metavar="NAME", help=say("models_name"))


def _add_terms(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    parser.add_argument("--accept-licence", metavar="NAME", action="append", default=[], help=say("accept_licence"))
