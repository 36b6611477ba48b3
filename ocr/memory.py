"""Memory of a reading process is kept from one picture to the next.

Looking for text takes tens of large arrays that live for milliseconds. By default each is asked of the kernel, which
clears it first, and given back: a twelfth of the processor time of a reading. Kept, it is bounded by the engine, which
looks at no more than so many pixels at once. GNU libc only; anywhere else nothing is changed.
"""

from __future__ import annotations

import contextlib
import ctypes

# Numbers of malloc.h, glibc 2.36; mallopt(3).
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
LARGEST = 128 << 20  # bytes; what is larger still comes from the kernel and goes back to it
KEPT = 1 << 30  # bytes at the top of the heap that are not given back: all


def keep() -> None:
    """From now on this process keeps what it frees. Raises nothing."""
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, LARGEST)
        mallopt(M_TRIM_THRESHOLD, KEPT)
