"""`photoguard models`: see, bring, check and remove optional models."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from photoguard import __version__, models
from photoguard.cli.report import check_target, write_report
from photoguard.cli.stopping import StopWish, run_stoppably
from photoguard.cli.terminal import shown
from photoguard.errors import Failed, PhotoguardError, ProblemCode
from photoguard.i18n import Language, phrase, sentence
from photoguard.packs.archive import is_pack
from photoguard.packs.description import Model, Purpose
from photoguard.packs.download import Transfer
from photoguard.packs.importing import Claim
from photoguard.packs.registry import Offer

_PURPOSES = {"latent": Purpose.LATENT_ENCODER}


def run_models(asked: Namespace, tongue: Language) -> int:
    """Do one action; 0 when all of it was done, 1 when something speaks against it, 130 when cancelled."""
    if asked.action == "list":
        return _list(asked, tongue)

    def work(wish: StopWish) -> int:
        try:
            return _ACTIONS[asked.action](asked, tongue, wish)
        except PhotoguardError as error:
            print(shown(sentence(error.problem, tongue)), file=sys.stderr)
            return 1

    return run_stoppably(work, lambda: print(phrase("models_stopped", tongue), file=sys.stderr))


def _list(asked: Namespace, tongue: Language) -> int:
    check_target(asked.json)
    view = models.overview()
    if asked.json:
        write_report(_listing(view), asked.json)
    if asked.json == "-":
        return 0
    print(phrase("models_installed", tongue))
    print("  " + phrase("models_built_in", tongue))
    for one in view.installed:
        named = phrase("models_by_name", tongue, model=one.model.name)
        print("  " + _line(one.model, tongue, [named] if one.model.name in view.by_name else None))
    for bad in view.damaged:
        print("  " + phrase("model_not_sound", tongue, model=shown(bad.name), words=sentence(bad.problem, tongue)))
    if not view.installed and not view.damaged:
        print("  " + phrase("models_none", tongue))
    if view.offered:
        print("\n" + phrase("models_offered", tongue))
    for offer in view.offered:
        core = [phrase("models_is_core", tongue)] if offer.is_core else []
        print("  " + _line(offer.model, tongue, [offer.adds[tongue.value], *core]))
    return 0


def _line(model: Model, tongue: Language, more: list[str] | None = None) -> str:
    licence = model.licence
    terms = phrase("models_terms", tongue, title=licence.title) if licence.is_research_only else licence.title
    parts = [phrase(f"purpose_{model.purpose.value}", tongue), *(more or []), _size(model.bytes), terms, model.author]
    return f"{model.name}: " + "; ".join(shown(part) for part in parts if part)


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB"


def _listing(view: models.Overview) -> dict[str, Any]:
    """The machine-readable list."""
    return {
        "version": __version__,
        "installed": [_entry(one.model) for one in view.installed],
        "damaged": [{"name": one.name, "problem": one.problem.code.value} for one in view.damaged],
        "offered": [{**_entry(offer.model), "core": offer.is_core} for offer in view.offered],
    }


def _entry(model: Model) -> Mapping[str, Any]:
    return {
        "name": model.name,
        "purpose": model.purpose.value,
        "sha256": model.sha256,
        "bytes": model.bytes,
        "licence": model.licence.id,
        "research_only": model.licence.is_research_only,
        "family": model.family,
    }


def _get(asked: Namespace, tongue: Language, wish: StopWish) -> int:
    from photoguard.cli.transfer_meter import TransferMeter

    offers = models.chosen(asked.names)
    if "all" in asked.names:
        # everything means everything that may be used; the rest is said, not forced
        for offer in offers:
            if not models.is_accepted(offer.model, asked.accept_licence):
                licence = offer.model.licence.id
                print(phrase("model_left_out", tongue, model=offer.model.name, licence=licence))
        offers = tuple(offer for offer in offers if models.is_accepted(offer.model, asked.accept_licence))
    with TransferMeter(tongue) as meter:

        def listen(offer: Offer, transfer: Transfer) -> None:
            wish.check()
            meter.show(offer.model.name, transfer)

        for model in models.get(offers, asked.accept_licence, listen):
            print(phrase("model_installed", tongue, model=model.name), flush=True)
    return 0


def _import(asked: Namespace, tongue: Language, wish: StopWish) -> int:
    if is_pack(Path(asked.file)):
        return _import_pack(asked, tongue, wish)
    purpose = _PURPOSES.get(asked.purpose) or (Purpose(asked.purpose) if asked.purpose else None)
    claim = Claim(asked.name, purpose, asked.template, asked.input, asked.licence)
    model = models.take_in(Path(asked.file), claim, asked.accept_licence, wish.check)
    print(phrase("model_installed", tongue, model=model.name))
    print(_line(model, tongue))
    return 0


def _import_pack(asked: Namespace, tongue: Language, wish: StopWish) -> int:
    taken, rules = models.take_in_pack(Path(asked.file), asked.accept_licence, key=asked.key, check=wish.check)
    for model in taken:
        print(phrase("model_installed", tongue, model=model.name))
    if rules is not None and asked.policy:
        path = models.put_rules(rules, is_for_machine=asked.policy == "machine")
        print(phrase("policy_installed", tongue, path=shown(path)))
    elif rules is not None:
        print(phrase("pack_has_policy", tongue))
    return 0


def _export(asked: Namespace, tongue: Language, wish: StopWish) -> int:
    rules = None
    if asked.policy:
        try:
            rules = Path(asked.policy).read_bytes()
        except OSError as error:
            raise Failed(ProblemCode.POLICY_BROKEN, place="unreadable") from error
    path, key = Path(asked.out), Path(asked.sign) if asked.sign else None
    size = models.put_out(path, asked.names, rules=rules, key=key, check=wish.check)
    print(phrase("pack_written", tongue, path=shown(path), size=f"{size / 1e6:.1f}"))
    return 0


def _key(asked: Namespace, tongue: Language, wish: StopWish) -> int:
    wish.check()
    from photoguard.packs.signing import make_key

    public = make_key(Path(asked.out))
    print(phrase("key_written", tongue, path=shown(asked.out)))
    print(public)
    return 0


def _verify(asked: Namespace, tongue: Language, wish: StopWish) -> int:
    is_well = True
    for name, problem in models.verify(asked.names, wish.check):
        words = "" if problem is None else sentence(problem, tongue)
        print(phrase("model_sound" if problem is None else "model_not_sound", tongue, model=shown(name), words=words))
        is_well = is_well and problem is None
    return 0 if is_well else 1


def _remove(asked: Namespace, tongue: Language, wish: StopWish) -> int:
    for name in asked.names:
        wish.check()
        models.remove(name)
        print(phrase("model_removed", tongue, model=shown(name)))
    return 0


_ACTIONS: Mapping[str, Callable[[Namespace, Language, StopWish], int]] = {
    "get": _get,
    "import": _import,
    "export": _export,
    "key": _key,
    "verify": _verify,
    "remove": _remove,
}
