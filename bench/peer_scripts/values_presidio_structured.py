"""presidio-structured on a table: one kind a column, the one that most of its cells have."""

import json
import time

import values_common

values_common.quiet()

import pandas as pd  # noqa: E402 - after silencing
from presidio_structured import PandasAnalysisBuilder  # noqa: E402
from values_presidio import engine  # noqa: E402


def main():
    """Answer for as many rows as the time allows: a few to learn the rate, then those."""
    options = values_common.asked()
    names, table = values_common.rows()
    if options.hidden:
        names = [f"c{number}" for number in range(1, len(names) + 1)]
    builder = PandasAnalysisBuilder(analyzer=engine(custom=options.custom))
    begun = time.perf_counter()
    ask(builder, names, table[:20])
    rate = 20 / (time.perf_counter() - begun)
    rows = min(len(table), max(50, int(rate * options.seconds)))
    clock = values_common.Clock(options.seconds)
    said = ask(builder, names, table[:rows])
    spent = clock.spent()
    for name, kind in said.items():
        print(json.dumps({"column": names.index(name), "kinds": [kind]}))
    size = sum(len(text.encode()) for row in table[:rows] for text in row if text is not None)
    values_common.finish(rows, size, spent)


def ask(builder, names, table):
    """Return the kind of each column."""
    frame = pd.DataFrame(table, columns=names).fillna("")
    return builder.generate_analysis(frame, selection_strategy="most_common").entity_mapping


if __name__ == "__main__":
    main()
