"""One torch thread for each job, behind the threads that answer a learner."""

import os
import sys
from contextlib import suppress
from threading import get_native_id

import torch

BEHIND = 3  # steps of Unix niceness: half the time of a thread that wants the same core, all of an idle one


def one_thread() -> None:
    """Let torch compute on the calling thread alone.

    Layers this small gain nothing from two threads, and two of them on busy cores run at a fiftieth of the speed. The
    setting belongs to the calling thread, so whoever computes calls this first.
    """
    if torch.get_num_threads() != 1:
        torch.set_num_threads(1)


def step_back() -> None:
    """Let the threads that answer a learner go before the calling one, for good.

    On Linux alone: there a thread has a priority of its own.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            main = os.getpriority(os.PRIO_PROCESS, os.getpid())
            os.setpriority(os.PRIO_PROCESS, get_native_id(), main + BEHIND)
