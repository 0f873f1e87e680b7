"""What a source tree itself says is not part of it: ``.gitignore``, read as git documents it.

Pure: given the text of such files, says whether a path is ignored. Patterns are matched segment by
segment, without backtracking across segments, so a hostile pattern costs no more than its length.
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass

_LONGEST_PATTERN = 1000
_MOST_PATTERNS = 5000
_ANY_DEPTH = None

Segment = re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """One line of a ``.gitignore``.

    Attributes:
        segments: One pattern per path segment; None stands for ``**``, any number of segments.
        negated: The line takes back (``!``) what an earlier one ignored.
        folders_only: The line ends with a slash.
    """

    segments: tuple[Segment, ...]
    negated: bool
    folders_only: bool

    def covers(self, parts: tuple[str, ...], *, is_folder: bool) -> bool:
        """Return whether the path ``parts``, relative to the rule's folder, is meant."""
        if self.folders_only and not is_folder:
            return False
        if len(self.segments) == 2 and self.segments[0] is _ANY_DEPTH and self.segments[1] is not None:
            return bool(parts) and self.segments[1].match(parts[-1]) is not None
        return _covers(self.segments, parts)


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """The rules of one ``.gitignore``; ``depth`` is the number of segments of its folder's path."""

    depth: int
    rules: tuple[IgnoreRule, ...]


def parse_ignore(text: str, *, depth: int) -> IgnoreFile:
    """Read a ``.gitignore``.

    Args:
        text: The file's text. Patterns beyond what is sane (1,000 characters, 5,000 lines) are
            left out, which makes the walk see more, not less.
        depth: How many segments lead from the root of the walk to its folder.

    Source:
        gitignore, "PATTERN FORMAT".
    """
    lines = text.splitlines()[:_MOST_PATTERNS]
    rules = (_parse_line(line) for line in lines if len(line) <= _LONGEST_PATTERN)
    return IgnoreFile(depth, tuple(rule for rule in rules if rule))


def is_ignored(files: tuple[IgnoreFile, ...], parts: tuple[str, ...], *, is_folder: bool) -> bool:
    """Return whether a path is ignored: the last matching line of the deepest file decides.

    Args:
        files: The ignore files that apply, the shallowest first.
        parts: Segments of the path from the root of the walk.
        is_folder: The path is a folder.
    """
    for file in reversed(files):
        for rule in reversed(file.rules):
            if rule.covers(parts[file.depth :], is_folder=is_folder):
                return not rule.negated
    return False


def _parse_line(line: str) -> IgnoreRule | None:
    pattern = line if line.endswith("\\ ") else line.rstrip(" ")
    if not pattern or pattern.startswith("#"):
        return None
    negated = pattern.startswith("!")
    pattern = pattern[1:] if negated else pattern
    folders_only = pattern.endswith("/")
    anchored = "/" in pattern.rstrip("/")
    segments = [_segment(part) for part in pattern.strip("/").split("/")]
    if not anchored:
        segments.insert(0, _ANY_DEPTH)
    return IgnoreRule(tuple(segments), negated, folders_only)


def _segment(text: str) -> Segment:
    if text == "**":
        return _ANY_DEPTH
    unescaped = re.sub(r"\\(.)", r"[\1]", text)
    return re.compile(fnmatch.translate(unescaped))


def _covers(pattern: tuple[Segment, ...], parts: tuple[str, ...]) -> bool:
    """Match like a glob over segments: on a mismatch, the last ``**`` takes one segment more."""
    at, seen, retry_at, retry_seen = 0, 0, -1, 0
    while seen < len(parts):
        wanted = pattern[at] if at < len(pattern) else re.compile(r"(?!)")
        if wanted is _ANY_DEPTH:
            retry_at, retry_seen, at = at, seen, at + 1
        elif wanted.match(parts[seen]):
            at, seen = at + 1, seen + 1
        elif retry_at >= 0:
            retry_seen += 1
            at, seen = retry_at + 1, retry_seen
        else:
            return False
    # What is left of the pattern may only be nothing; "folder/**" does not mean the folder itself.
    return at == len(pattern)
