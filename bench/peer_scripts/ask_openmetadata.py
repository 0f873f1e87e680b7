"""OpenMetadata's name patterns on JSON lines of {id, name, text}; prints {id, kinds}."""

import json
import sys

from _patterns import installed, patterns

RULES = {
    **patterns(installed("metadata/pii/algorithms/column_patterns.py"), "_pii_column_name_regexes"),
    **patterns(
        installed("metadata/pii/scanners/column_name_scanner.py"), "sensitive_regex", "non_sensitive_regex"
    ),
}
for line in sys.stdin:
    field = json.loads(line)
    kinds = [kind for kind, found in RULES.items() if any(one.match(field["name"]) for one in found)]
    print(json.dumps({"id": field["id"], "kinds": kinds}))
