"""Every mistake a user can meet: a code and facts, no prose.

The sentences for each code, in English and Korean, live in ``photoguard.i18n``;
a test walks every code and asserts that both texts exist and use only known facts.
Facts hold numbers and enum words, never paths, names, coordinates or pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class ProblemCode(StrEnum):
    """Why a photo did not get its wanted outcome, or what it got only in part."""

    # the file itself
    NOT_A_PHOTO = "not_a_photo"
    EMPTY_FILE = "empty_file"
    UNSUPPORTED_FORMAT = "unsupported_format"  # facts: format
    TRUNCATED = "truncated"
    MALFORMED = "malformed"  # facts: place
    TOO_LARGE = "too_large"  # facts: width, height, limit_megapixels
    FILE_TOO_BIG = "file_too_big"  # facts: size_bytes, limit_bytes
    ANIMATED = "animated"  # facts: frames
    UNSUPPORTED_PIXELS = "unsupported_pixels"  # facts: mode
    NEEDS_EXTRA = "needs_extra"  # facts: format, extra

    # reading and writing
    VANISHED = "vanished"
    UNREADABLE = "unreadable"
    OUTPUT_NOT_WRITABLE = "output_not_writable"
    DISK_FULL = "disk_full"
    OUTPUT_EXISTS = "output_exists"
    OUTPUT_IS_SOURCE = "output_is_source"
    NO_PHOTOS = "no_photos"
    OWN_COPY = "own_copy"
    JOURNAL_UNAVAILABLE = "journal_unavailable"
    WATCH_OVERLAPS = "watch_overlaps"
    CLUSTER_UNREACHABLE = "cluster_unreachable"
    CLUSTER_UNEVEN = "cluster_uneven"
    MENU_UNAVAILABLE = "menu_unavailable"
    PERSONAS_LOCKED = "personas_locked"

    # faces
    NO_FACE = "no_face"
    FACE_TOO_SMALL = "face_too_small"  # facts: width_px, least_px

    # proof
    RESIDUE_LEFT = "residue_left"  # facts: count
    PIXELS_DIFFER = "pixels_differ"
    CLOAK_TOO_WEAK = "cloak_too_weak"  # facts: similarity_percent
    CLOAK_TOO_VISIBLE = "cloak_too_visible"  # facts: ssimulacra2
    DECODER_DISAGREES = "decoder_disagrees"

    # checking a pair
    PAIR_DIFFERS = "pair_differs"
    NO_FACE_TO_CHECK = "no_face_to_check"

    # asking
    REPORT_NOT_WRITABLE = "report_not_writable"
    NEEDS_CLUSTER = "needs_cluster"
    COMMAND_NOT_AVAILABLE_YET = "command_not_available_yet"  # facts: command
    NEEDS_DEMO = "needs_demo"
    NOT_A_REPORT = "not_a_report"
    UNKNOWN_METHOD = "unknown_method"  # facts: method, known
    NO_JUDGES = "no_judges"
    NEEDS_WINDOW = "needs_window"
    UNKNOWN_MODEL = "unknown_model"  # facts: model
    MODEL_BROKEN = "model_broken"  # facts: model
    NO_ENCODER = "no_encoder"
    NO_LATENT_ENCODER = "no_latent_encoder"
    NO_DETECTOR = "no_detector"
    UNSUPPORTED_OPERATOR = "unsupported_operator"  # facts: model, operator
    MODEL_MALFORMED = "model_malformed"  # facts: model, place
    MODEL_UNFIT = "model_unfit"  # facts: model, reason
    MODEL_TOO_LARGE = "model_too_large"  # facts: model, what, count, limit
    MODEL_CHANGED = "model_changed"  # facts: model
    MODEL_UNREADABLE = "model_unreadable"  # facts: model
    EVALUATOR_ONLY = "evaluator_only"  # facts: model
    MODEL_LIST_BROKEN = "model_list_broken"  # facts: place

    # installing models
    NOT_OFFERED = "not_offered"  # facts: model
    NOT_INSTALLED = "not_installed"  # facts: model
    MODEL_TAKEN = "model_taken"  # facts: model
    MODEL_UNDESCRIBED = "model_undescribed"  # facts: model
    MODEL_UNSOUND = "model_unsound"  # facts: model, reason
    MODEL_RESERVED = "model_reserved"  # facts: model
    PICKLE_REFUSED = "pickle_refused"  # facts: model
    LICENCE_UNACCEPTED = "licence_unaccepted"  # facts: model, licence, title
    MODELS_BUSY = "models_busy"
    MODELS_FOLDER_UNWRITABLE = "models_folder_unwritable"
    NEEDS_DETECTORS = "needs_detectors"
    NO_ROOM = "no_room"  # facts: needed_mb, free_mb
    NETWORK_FORBIDDEN = "network_forbidden"
    OFFLINE = "offline"  # facts: origin
    PROXY_REFUSED = "proxy_refused"  # facts: origin
    CERTIFICATE_REFUSED = "certificate_refused"  # facts: origin
    DOWNLOAD_REFUSED = "download_refused"  # facts: origin, status
    DOWNLOAD_IS_PAGE = "download_is_page"  # facts: origin
    DOWNLOAD_WRONG = "download_wrong"  # facts: origin
    DOWNLOAD_CUT = "download_cut"  # facts: origin
    DOWNLOAD_SLOW = "download_slow"  # facts: origin
    PACK_BROKEN = "pack_broken"  # facts: place
    PACK_UNSIGNED = "pack_unsigned"
    PACK_FORGED = "pack_forged"
    KEY_BROKEN = "key_broken"

    # what an administrator fixed
    POLICY_BROKEN = "policy_broken"  # facts: place
    POLICY_UNWRITABLE = "policy_unwritable"
    POLICY_LOCKS = "policy_locks"  # facts: setting

    OUT_OF_MEMORY = "out_of_memory"
    ENGINE_DIED = "engine_died"
    INTERNAL = "internal"  # facts: kind (the exception's class name)


@dataclass(frozen=True)
class Problem:
    """What went wrong with one photo, without words."""

    code: ProblemCode
    facts: Mapping[str, int | float | str] = field(default_factory=lambda: MappingProxyType({}))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the facts as a plain dict: read-only views cannot travel between processes."""
        return Problem, (self.code, dict(self.facts))


class PhotoguardError(Exception):
    """Base of the errors that carry a :class:`Problem`."""

    def __init__(self, code: ProblemCode, **facts: float | str) -> None:
        super().__init__(code.value)
        self.problem = Problem(code, MappingProxyType(dict(facts)))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by code and facts, so that worker processes can hand errors over."""
        return _rebuild, (type(self), self.problem.code, dict(self.problem.facts))


def _rebuild(kind: type[PhotoguardError], code: ProblemCode, facts: dict[str, float | str]) -> PhotoguardError:
    return kind(code, **facts)


class Refused(PhotoguardError):
    """The input is nothing we can or should work on; nothing was written."""


class Failed(PhotoguardError):
    """We tried and could not, or could not prove it; nothing was written."""


class UsageMistake(PhotoguardError):
    """The request itself is wrong (unknown model, option without an engine)."""


class Cancelled(Exception):
    """The user asked to stop; raised at the next safe point."""
