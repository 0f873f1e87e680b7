"""What a test of pages needs on this machine, and what it asks of every page."""

import shutil
from pathlib import Path

import pytest

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NEEDED = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
    pytest.mark.skipif(not AXE.exists(), reason="no axe-core here: npm ci --prefix tests/browser"),
]


def find_violations(page):
    """Return the rules of accessibility that an open page breaks, each with the first place."""
    page.evaluate(AXE.read_text())
    result = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [(each["id"], each["nodes"][0]["html"]) for each in result["violations"]]
