"""What all scripts that ask a peer about values share: reading cells, the clock, writing what was said.

Three questions, by the first argument:

``cells``    rows as JSON lines, the first line the names of the columns; said: {"cell": [row, column], "kinds": [...]}
``columns``  the same rows; said: {"column": number, "kinds": [...]}
``texts``    {"id", "text"} as JSON lines; said: {"id", "kinds": [...], "spans": [[start, end, kind], ...]}

The last line is {"rows", "bytes", "seconds", "memory"}: what was done within the time that was given, in
seconds of the processor, with start-up left out. ``--custom`` adds the rules of ``values_custom``; ``--hidden`` withholds names.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path


def asked():
    """Return the arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("question", choices=("cells", "columns", "texts"))
    parser.add_argument("--custom", action="store_true")
    parser.add_argument("--hidden", action="store_true")
    parser.add_argument("--seconds", type=float, default=60)
    return parser.parse_args()


class Clock:
    """Begins when it is made: ends after so many seconds of the clock, and tells those of the processor."""

    def __init__(self, seconds):
        self.begun, self.cpu, self.seconds = time.perf_counter(), time.process_time(), seconds

    def is_over(self):
        """Return whether the time that was given is over."""
        return time.perf_counter() - self.begun > self.seconds

    def spent(self):
        """Return seconds of the processor: others may use this machine too."""
        return time.process_time() - self.cpu


def rows():
    """Return the names of the columns and the rows."""
    lines = iter(sys.stdin)
    return json.loads(next(lines)), [json.loads(line) for line in lines]


def answer_texts(find, seconds):
    """Ask about each text; ``find(text, name)`` yields (start, end, kind)."""
    texts = [json.loads(line) for line in sys.stdin]
    clock, size, done = Clock(seconds), 0, 0
    for one in texts:
        spans = list(find(one["text"], ""))
        size += len(one["text"].encode())
        done += 1
        print(json.dumps({"id": one["id"], "kinds": sorted({kind for _, _, kind in spans}), "spans": spans}))
        if clock.is_over():
            break
    finish(done, size, clock.spent())


def answer_cells(find, seconds):
    """Ask about each cell, row by row; ``find(text, name)`` yields (start, end, kind)."""
    names, table = rows()
    said = []
    clock, size, done = Clock(seconds), 0, 0
    for number, row in enumerate(table):
        for column, text in enumerate(row):
            if text is None:
                continue
            size += len(text.encode())
            kinds = {kind for _, _, kind in find(text, names[column])}
            if kinds:
                said.append((number, column, sorted(kinds)))
        done += 1
        if clock.is_over():
            break
    spent = clock.spent()
    for number, column, kinds in said:
        print(json.dumps({"cell": [number, column], "kinds": kinds}))
    finish(done, size, spent)


def finish(done, size, seconds):
    """Say how much was done."""
    print(json.dumps({"rows": done, "bytes": size, "seconds": seconds, "memory": most_memory()}))


def most_memory():
    """Return the most bytes that this process held; not what the process held that it was forked from."""
    try:
        with Path("/proc/self/status").open(encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def quiet():
    """Let nothing else print."""
    import logging
    import os
    import warnings

    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
