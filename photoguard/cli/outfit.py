"""What a run works with, from what was asked for: executor, memory, journal."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from photoguard.batch.capacity import capacity_for
from photoguard.batch.casting import Caster
from photoguard.batch.executors import Executor, InProcess
from photoguard.batch.executors.manners import Manners, give_way, wait_quietly
from photoguard.batch.journal import Journal
from photoguard.batch.treatment import Readiness, Treatment
from photoguard.domain import Options
from photoguard.errors import Failed, ProblemCode
from photoguard.i18n import Language, phrase
from photoguard.places import user_state


@dataclass
class Outfit:
    """An executor and the memory that its photos may take."""

    executor: Executor
    room_bytes: int | None
    readiness: Readiness = field(default_factory=Readiness)

    def begin(self, check: Callable[[], None]) -> tuple[str, ...]:
        """Load the models; their names."""
        self.readiness = self.executor.start(check)
        return self.readiness.models


def executor_for(treatment: Treatment, photos: int, asked: Namespace) -> Outfit:
    """The executor that was asked for, or that fits this computer and so many photos; not started."""
    gives_way = asked.priority == "low"
    if asked.cluster is not None:
        from photoguard.batch.executors.cluster import Cluster

        return Outfit(Cluster(treatment, asked.cluster, shared_paths=asked.shared_paths), None)
    capacity = capacity_for(
        max(1, photos), is_scrub=treatment.options is None, jobs=asked.jobs, limit_bytes=asked.max_memory
    )
    if capacity.processes == 1:
        wait_quietly()
        if gives_way:
            give_way()
        return Outfit(InProcess(treatment), None)
    from photoguard.batch.executors.local import LocalProcesses

    manners = Manners(capacity.threads, gives_way)
    return Outfit(LocalProcesses(treatment, capacity.processes, manners), capacity.room_bytes)


@contextmanager
def journal_here(tongue: Language) -> Iterator[Journal]:
    """The user's journal; where there can be none, that is said, and notes last as long as the run."""
    try:
        journal = Journal(user_state())
    except Failed as error:
        if error.problem.code is not ProblemCode.JOURNAL_UNAVAILABLE:
            raise
        print(phrase("no_journal", tongue), file=sys.stderr)
        journal = Journal(None)
    with journal:
        yield journal


@contextmanager
def personas_here(options: Options | None, tongue: Language) -> Iterator[Caster | None]:
    """Who gives faces their personas; None where nothing is cloaked.

    Where those of earlier runs cannot be opened, that is said, and new ones last as long as the run. Raises ``Failed``
    PERSONAS_LOCKED where one of them was named: another identity is not what was asked for.
    """
    if options is None:
        yield None
        return
    from photoguard.casting import kept_personas

    with kept_personas(options) as personas:
        if not personas.is_kept:
            print(phrase("no_personas", tongue), file=sys.stderr)
        yield partial(personas.cast, name=options.persona)
