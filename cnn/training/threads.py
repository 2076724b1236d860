"""One torch thread for each job."""

import torch


def one_thread() -> None:
    """Let torch compute on the calling thread alone.

    Layers this small gain nothing from two threads, and two of them on busy cores run at a fiftieth of the speed. The
    setting belongs to the calling thread, so whoever computes calls this first.
    """
    if torch.get_num_threads() != 1:
        torch.set_num_threads(1)
