"""DataProfiler's labeler on values: cell by cell in batches, and of whole columns by its profile."""

import json

import values_common

values_common.quiet()

import dataprofiler as dp  # noqa: E402 - after silencing
import pandas as pd  # noqa: E402

NOTHING = {"BACKGROUND", "UNKNOWN", "PAD"}
AT_ONCE = 40


def main():
    """Answer."""
    options = values_common.asked()
    if options.question == "columns":
        columns(options)
        return
    labeler = dp.DataLabeler(labeler_type="structured")
    labeler.predict(pd.Series(["warm up"]))
    if options.question == "texts":
        texts(labeler, options)
    else:
        cells(labeler, options)


def cells(labeler, options):
    """Label cells, some rows at a time."""
    _, table = values_common.rows()
    said, size, done, clock = [], 0, 0, values_common.Clock(options.seconds)
    while done < len(table) and not clock.is_over():
        some = [
            (number, column, text)
            for number, row in enumerate(table[done : done + AT_ONCE], start=done)
            for column, text in enumerate(row)
            if text is not None
        ]
        kinds = labeler.predict(pd.Series([text for _, _, text in some]))["pred"]
        said += [
            (*one[:2], str(kind)) for one, kind in zip(some, kinds, strict=True) if str(kind) not in NOTHING
        ]
        size += sum(len(text.encode()) for _, _, text in some)
        done += AT_ONCE
    spent = clock.spent()
    for number, column, kind in said:
        print(json.dumps({"cell": [number, column], "kinds": [kind]}))
    values_common.finish(min(done, len(table)), size, spent)


def texts(labeler, options):
    """Label texts, each a cell."""
    import sys

    asked = [json.loads(line) for line in sys.stdin]
    size, done, clock = 0, 0, values_common.Clock(options.seconds)
    while done < len(asked) and not clock.is_over():
        some = asked[done : done + 200]
        for one, kind in zip(
            some, labeler.predict(pd.Series([one["text"] for one in some]))["pred"], strict=True
        ):
            kinds = [] if str(kind) in NOTHING else [str(kind)]
            print(
                json.dumps(
                    {
                        "id": one["id"],
                        "kinds": kinds,
                        "spans": [[0, len(one["text"]), each] for each in kinds],
                    }
                )
            )
            size += len(one["text"].encode())
        done += len(some)
    values_common.finish(done, size, clock.spent())


def columns(options):
    """Profile the table and say each column's label."""
    names, table = values_common.rows()
    if options.hidden:
        names = [f"c{number}" for number in range(1, len(names) + 1)]
    table = table[:1000]
    choices = dp.ProfilerOptions()
    choices.structured_options.multiprocess.is_enabled = False
    clock = values_common.Clock(options.seconds)
    profile = dp.Profiler(pd.DataFrame(table, columns=names), options=choices, profiler_type="structured")
    report = profile.report(report_options={"output_format": "serializable"})
    spent = clock.spent()
    for number, column in enumerate(report["data_stats"]):
        kinds = [
            kind for kind in str(column.get("data_label") or "").split("|") if kind and kind not in NOTHING
        ]
        print(json.dumps({"column": number, "kinds": kinds}))
    size = sum(len(text.encode()) for row in table for text in row if text is not None)
    values_common.finish(len(table), size, spent)


if __name__ == "__main__":
    main()
