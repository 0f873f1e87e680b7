"""DataProfiler's labeler on JSON lines, each field's words as one cell; prints {id, kinds}."""

import json
import logging
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
logging.disable(logging.CRITICAL)

import dataprofiler as dp  # noqa: E402 - after silencing
import pandas as pd  # noqa: E402

fields = [json.loads(line) for line in sys.stdin]
labeler = dp.DataLabeler(labeler_type="structured")
said = labeler.predict(pd.Series([f"{field['name']} {field['text']}" for field in fields]))["pred"]
for field, kind in zip(fields, said, strict=True):
    kinds = [] if kind in {"BACKGROUND", "UNKNOWN", "PAD"} else [str(kind)]
    print(json.dumps({"id": field["id"], "kinds": kinds}))
