"""Read a peer's own patterns out of its source file, so that it need not run with all it depends on."""

import ast
import re
import sys
from pathlib import Path


def installed(relative):
    """Return the path of a file of an installed package."""
    for folder in sys.path:
        path = Path(folder) / relative
        if path.is_file():
            return path
    sys.exit(f"{relative} is not installed")


def patterns(path, *names):
    """Return {KIND: [compiled pattern]} from assignments of dicts to any of ``names`` in a source file."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if not isinstance(value, ast.Dict) or not any(
            getattr(target, "id", "") in names for target in targets
        ):
            continue
        for key, pattern in zip(value.keys, value.values, strict=True):
            kind = key.value if isinstance(key, ast.Constant) else key.attr
            texts = [
                each.value
                for each in ast.walk(pattern)
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            found.setdefault(kind, []).extend(re.compile(text, re.IGNORECASE) for text in texts)
    return found
