"""piicatcher's name patterns on JSON lines of {id, name, text}; prints {id, kinds}."""

import json
import sys

from _patterns import installed, patterns

RULES = patterns(installed("piicatcher/scanner.py"), "regex")
for line in sys.stdin:
    field = json.loads(line)
    kinds = [kind for kind, found in RULES.items() if any(one.match(field["name"]) for one in found)]
    print(json.dumps({"id": field["id"], "kinds": kinds}))
