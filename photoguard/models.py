"""Gets, imports, checks and removes models: what the command line and the window call.

Every way into the store ends in :func:`_put_in`: known purpose, accepted licence, tried out, then installed whole or not
at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from photoguard.encoders import usable
from photoguard.errors import Failed, Problem, ProblemCode
from photoguard.fitness import try_out
from photoguard.output import replace_own
from photoguard.packs import archive, conversion, store, unpacking
from photoguard.packs.description import Model, Purpose
from photoguard.packs.download import Transfer, download
from photoguard.packs.importing import Claim, identified
from photoguard.packs.reading import hashed, read_checked
from photoguard.packs.registry import Offer, Registry, registry
from photoguard.packs.store import Damaged, Installed
from photoguard.packs.whereabouts import models_folder
from photoguard.places import machine_config, user_config
from photoguard.policy import FILE, parsed, policy

Check = Callable[[], None]
"""Called now and then; may raise ``Cancelled``."""


def unchecked() -> None:
    """A check that never stops anything."""


def untold(_offer: Offer, _transfer: Transfer) -> None:
    """A listener that hears nothing."""


@dataclass(frozen=True)
class Overview:
    """What is there, and what could be."""

    installed: tuple[Installed, ...]
    damaged: tuple[Damaged, ...]
    offered: tuple[Offer, ...]
    """Without those that are installed."""
    by_name: frozenset[str]
    """Installed surrogates that take part only when they are named: their terms bind, or nobody knows them."""


def overview() -> Overview:
    """All models of this computer; reads descriptions only. Raises ``Failed(POLICY_BROKEN)``."""
    known, folder = registry(), models_folder()
    here = store.installed(folder, known)
    hashes = {one.model.sha256 for one in here} | {one.model.made_from for one in here}
    offered = tuple(offer for offer in known.offers if offer.model.sha256 not in hashes)
    usual = usable()
    by_name = frozenset(
        one.model.name for one in here if one.model.purpose is Purpose.SURROGATE and one.model.name not in usual
    )
    return Overview(here, store.damaged(folder, known), offered, by_name)


def chosen(names: Sequence[str]) -> tuple[Offer, ...]:
    """The offers that ``names`` mean; ``core`` stands for what anybody may use on any computer, ``all`` for everything.

    Raises ``Failed(NOT_OFFERED)``.
    """
    known = registry()
    found: dict[str, Offer] = {}
    for name in names:
        if name in {"core", "all"}:
            found |= {offer.model.name: offer for offer in known.offers if offer.is_core or name == "all"}
            continue
        offer = known.named(name)
        if offer is None:
            raise Failed(ProblemCode.NOT_OFFERED, model=name)
        found[name] = offer
    return tuple(found.values())


def take_in(path: Path, claim: Claim, accepted: Collection[str] = (), check: Check = unchecked) -> Model:
    """Install a copy of the model file at ``path``; what was installed.

    ``accepted`` names research-only licences that the user accepts. Raises ``Failed`` for everything that speaks against
    it, and leaves nothing behind then.
    """
    known, folder = registry(), models_folder()
    if policy().pack_key:
        # whoever fixed a key wants nothing that it does not vouch for
        raise Failed(ProblemCode.PACK_UNSIGNED)
    called = claim.name or path.stem
    with store.incoming(folder) as staging:
        copy = staging / "model"
        with store.named_errors():
            try:
                source = path.open("rb")
            except OSError as error:
                raise Failed(ProblemCode.MODEL_UNREADABLE, model=called) from error
            with source, copy.open("xb") as target:
                while block := source.read(1 << 20):
                    check()
                    target.write(block)
        # what was copied is what is judged, whatever happens to the original meanwhile
        sha256, size = hashed(copy, called, check)
        model = identified(path, sha256, size, claim, known)
        return _put_in(model, copy, folder, known, accepted)


def get(
    offers: Sequence[Offer], accepted: Collection[str] = (), listener: Callable[[Offer, Transfer], None] = untold
) -> Iterator[Model]:
    """Fetch and install ``offers``, one after the other; each model as soon as it is installed.

    ``listener`` hears where each download stands and may raise ``Cancelled``. Raises ``Failed`` for everything that speaks
    against a model; those before it stay installed, and what has arrived of it is kept for the next try.
    """
    known, folder = registry(), models_folder()
    for offer in offers:
        check_terms(offer.model, accepted)
    with store.incoming(folder) as staging:
        parts = folder / _PARTS
        _sweep(parts, known)
        archives = {offer.archive.sha256 for offer in offers if offer.archive is not None}
        for offer in offers:
            model = _installed_already(offer.model, folder, known)
            yield model or _put_in(offer.model, _fetched(offer, parts, staging, listener), folder, known, accepted)
        # of an archive only its models are kept
        for sha256 in archives:
            (parts / f"{sha256}.part").unlink(missing_ok=True)


_PARTS = ".partial"


def _fetched(offer: Offer, parts: Path, staging: Path, listener: Callable[[Offer, Transfer], None]) -> Path:
    """The offer's file, in the incoming folder."""
    model, box_offer, target = offer.model, offer.archive, staging / offer.model.name

    def tell(transfer: Transfer) -> None:
        listener(offer, transfer)

    if box_offer is None:
        path = download(offer.origins, model.sha256, model.bytes, parts, tell)
        with store.named_errors():
            return path.replace(target)
    path = download(box_offer.origins, box_offer.sha256, box_offer.bytes, parts, tell)
    with store.named_errors(), unpacking.opened(path) as box:
        name = next((name for name in box.namelist() if name.rpartition("/")[2] == model.file), model.file)
        unpacking.take(box, name, model.sha256, model.bytes, target)
    return target


def _installed_already(model: Model, folder: Path, known: Registry) -> Model | None:
    for one in store.installed(folder, known):
        if model.sha256 in {one.model.sha256, one.model.made_from} and store.verified(one) is None:
            return one.model
    return None


def _sweep(parts: Path, known: Registry) -> None:
    """Remove beginnings of files that are no longer offered."""
    wanted = {offer.model.sha256 for offer in known.offers}
    wanted |= {offer.archive.sha256 for offer in known.offers if offer.archive is not None}
    for left in parts.glob("*"):
        if left.stem not in wanted:
            with suppress(OSError):
                left.unlink()


def take_in_pack(
    path: Path,
    accepted: Collection[str] = (),
    *,
    key: str = "",
    check: Check = unchecked,
) -> tuple[tuple[Model, ...], bytes | None]:
    """Install all models of the pack at ``path``, or none; them, and the rules in it, which are not installed.

    It must be signed by the holder of ``key``, and of the key that the administrator fixed. Raises ``Failed`` for
    everything that speaks against any of it.
    """
    known, folder = registry(), models_folder()
    keys = [one for one in (key, policy().pack_key) if one]
    with store.incoming(folder) as staging:
        unpacked = archive.unpack(path, staging, keys, known, check)
        purposes = {(model.sha256, model.purpose) for model, _ in unpacked.models}
        if len(purposes) != len({sha256 for sha256, _ in purposes}):
            raise unpacking.broken("purpose")
        # a pack may say anything of a file; where we know better, that counts
        ready = [_judged(_as_known(model, known), file, folder, known, accepted) for model, file in unpacked.models]
        return tuple(_placed(model, file, folder, known) for model, file in ready), unpacked.policy


def put_out(
    destination: Path,
    names: Collection[str] = (),
    *,
    rules: bytes | None = None,
    key: Path | None = None,
    check: Check = unchecked,
) -> int:
    """Write a pack of the installed models called ``names`` (all without one); its size in bytes.

    ``rules`` is a policy.toml to go with them, ``key`` the file of a secret key. Raises ``Failed``: NOT_INSTALLED,
    POLICY_BROKEN, and as :func:`photoguard.packs.archive.write`.
    """
    here = {one.model.name: one for one in store.installed(models_folder(), registry())}
    for name in names:
        if name not in here:
            raise Failed(ProblemCode.NOT_INSTALLED, model=name)
    if rules is not None:
        parsed(rules)
    chosen_ones = [one for name, one in sorted(here.items()) if not names or name in names]
    return archive.write(destination, chosen_ones, rules, key, check)


def put_rules(rules: bytes, *, is_for_machine: bool) -> Path:
    """Install a policy.toml for this user or for the whole machine; where it lies now.

    Raises ``Failed``: POLICY_BROKEN, POLICY_UNWRITABLE.
    """
    parsed(rules)
    target = (machine_config() if is_for_machine else user_config()) / FILE
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_own(target, rules)
    except OSError as error:
        raise Failed(ProblemCode.POLICY_UNWRITABLE) from error
    return target


def _as_known(model: Model, known: Registry) -> Model:
    offer = known.by_hash(model.sha256) or known.by_hash(model.made_from)
    return model if offer is None else replace(model, licence=offer.model.licence, author=offer.model.author)


def verify(names: Collection[str] = (), check: Check = unchecked) -> Iterator[tuple[str, Problem | None]]:
    """Every installed model (or those called ``names``) and what is wrong with it: None for the very file installed.

    Raises ``Failed(NOT_INSTALLED)``.
    """
    known, folder = registry(), models_folder()
    here = {one.model.name: one for one in store.installed(folder, known)}
    bad = {one.name: one.problem for one in store.damaged(folder, known)}
    for name in names:
        if name not in here and name not in bad:
            raise Failed(ProblemCode.NOT_INSTALLED, model=name)
    for name in sorted({*here, *bad}):
        if not names or name in names:
            yield name, bad[name] if name in bad else store.verified(here[name], check)


def remove(name: str) -> None:
    """Take an installed model away. Raises ``Failed``: NOT_INSTALLED, MODELS_BUSY, MODELS_FOLDER_UNWRITABLE."""
    store.remove(name, models_folder())


def is_accepted(model: Model, accepted: Collection[str]) -> bool:
    """Whether the model's terms bind nobody, or were accepted by the user or the administrator."""
    licence = model.licence
    return not licence.is_research_only or licence.id in {*accepted, *policy().accepted_licences}


def check_terms(model: Model, accepted: Collection[str]) -> None:
    """Raise ``Failed(LICENCE_UNACCEPTED)`` where the terms must be accepted first."""
    if not is_accepted(model, accepted):
        licence = model.licence
        raise Failed(ProblemCode.LICENCE_UNACCEPTED, model=model.name, licence=licence.id, title=licence.title)


def _put_in(model: Model, file: Path, folder: Path, known: Registry, accepted: Collection[str]) -> Model:
    """Install ``file``, which lies in the store's incoming folder and is the one that ``model`` describes."""
    return _placed(*_judged(model, file, folder, known, accepted), folder, known)


def _judged(model: Model, file: Path, folder: Path, known: Registry, accepted: Collection[str]) -> tuple[Model, Path]:
    """The model as it can be installed; raises ``Failed`` for whatever speaks against it."""
    check_terms(model, accepted)
    here = store.installed(folder, known)
    _check_roles(model, here, known)
    if model.file.endswith(conversion.SUFFIXES):
        model, file = _converted(model, file)
    store.check_free(model, folder)
    if not any(one.model.sha256 == model.sha256 and one.model.name == model.name for one in here):
        try_out(model, read_checked(file, model.name, model.sha256, model.bytes))
    return model, file


def _placed(model: Model, file: Path, folder: Path, known: Registry) -> Model:
    for one in store.installed(folder, known):
        if one.model.name == model.name and one.model.sha256 == model.sha256:
            if store.verified(one) is None:
                return one.model
            with store.named_errors():
                # it rotted on the disk: swept with the rest of the incoming folder
                one.folder.rename(file.parent / f"rotten-{model.name}")
    terms = "\n".join(line for line in (model.licence.title, model.licence.url, model.author) if line)
    accepted = model.licence.id if model.licence.is_research_only else ""
    store.install(model, file, folder, licence=f"{terms}\n", accepted=accepted)
    return model


def _check_roles(model: Model, here: Sequence[Installed], known: Registry) -> None:
    """No file may both take part in a cloak and judge it."""
    if model.sha256 in known.reserved and model.purpose is not Purpose.EVALUATOR:
        raise Failed(ProblemCode.MODEL_RESERVED, model=model.name)
    for one in here:
        if model.sha256 not in {one.model.sha256, one.model.made_from}:
            continue
        if one.model.purpose is Purpose.EVALUATOR and model.purpose is not Purpose.EVALUATOR:
            raise Failed(ProblemCode.MODEL_RESERVED, model=model.name)
        if one.model.purpose is not model.purpose:
            raise Failed(ProblemCode.MODEL_TAKEN, model=one.model.name)


def _converted(model: Model, file: Path) -> tuple[Model, Path]:
    if model.purpose not in {Purpose.LATENT_ENCODER, Purpose.LATENT_DECODER}:
        # numbers without a network around them; recognisers and detectors come as ONNX
        raise Failed(ProblemCode.MODEL_UNFIT, model=model.name, reason="format")
    target = file.with_name(f"{model.name}.converted")
    conversion.converted(file, target, model.name)
    sha256, size = hashed(target, model.name)
    name = f"{Path(model.file).stem}.safetensors"
    return replace(model, file=name, sha256=sha256, bytes=size, made_from=model.sha256), target
