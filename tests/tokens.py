"""A token in software, SoftHSM2, for tests of keys that cannot leave it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LIBRARIES = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
]
PIN = "1234"


@dataclass(frozen=True)
class Token:
    """A token that is there while a test runs."""

    label: str
    module: str

    def uri(self, name, source=""):
        """Return the address of a key in it."""
        tail = f"&pin-source={source}" if source else ""
        return f"pkcs11:token={self.label};object={name}?module-path={self.module}{tail}"


def find_softhsm():
    """Return the path of the library; None where it or its tool is not installed."""
    found = [path for path in LIBRARIES if Path(path).exists()]
    return found[0] if found and shutil.which("softhsm2-util") else None


@contextmanager
def make_token(module: str, folder: Path) -> Iterator[Token]:
    """Make a token in ``folder``, and name it to the library, which reads the environment once."""
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    words = ["--init-token", "--free", "--label", "city", "--pin", PIN, "--so-pin", "5678"]
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)
    try:
        yield Token("city", module)
    finally:
        del os.environ["SOFTHSM2_CONF"]
        if before is not None:
            os.environ["SOFTHSM2_CONF"] = before
