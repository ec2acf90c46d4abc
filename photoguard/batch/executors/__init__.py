"""Where photos are worked on: in this process, in processes beside it, or on a cluster."""

from photoguard.batch.executors.executor import Ended, Errand, Executor, Glance, Glanced
from photoguard.batch.executors.in_process import InProcess

__all__ = ["Ended", "Errand", "Executor", "Glance", "Glanced", "InProcess"]
