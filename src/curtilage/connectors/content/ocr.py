"""Pictures as text, by the tesseract program: the only place that runs it.

A picture is checked before it is unpacked, is handed over as a plain grey picture without anything
that stood beside it in its file, and the program runs for a bounded time with one thread.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import warnings
from typing import Any, Final

from curtilage.connectors.content.ports import ContentLimits
from curtilage.connectors.reading.optional import load_library

_PROGRAM: Final = "tesseract"
_MOST_PIXELS: Final = 100_000_000
_MOST_FRAMES: Final = 500
_SMALLEST_SIDE: Final = 8
_LANGUAGES: Final = ("eng", "spa", "fra", "por", "vie", "hat", "tgl", "fil", "chi_sim", "chi_tra")


def find_program() -> str:
    """Return the path of tesseract; empty where it, or pillow, is not installed."""
    try:
        load_library("PIL.Image", extra="ocr", source="")
    except Exception:  # noqa: BLE001 - whichever way it cannot be loaded
        return ""
    return shutil.which(_PROGRAM) or ""


def read_picture(picture: bytes, source: str, limits: ContentLimits) -> list[str] | None:
    """Return the text of each frame of a picture; None where it is damaged, too large or takes too long.

    Args:
        picture: PNG, JPEG, TIFF or whatever else pillow reads.
        source: For the message where pillow is missing.
        limits: ``seconds`` for each frame.

    Raises:
        NotInstalledError: pillow is missing.
    """
    frames = _frames(picture, source)
    if frames is None:
        return None
    texts: list[str] = []
    for frame in frames:
        text = _recognise(frame, limits.seconds)
        if text is None:
            return None
        texts.append(text)
    return texts


def _frames(picture: bytes, source: str) -> list[bytes] | None:
    """Return the frames as grey pictures in a plain format."""
    library = load_library("PIL.Image", extra="ocr", source=source)
    frames: list[bytes] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = library.open(io.BytesIO(picture))
            for number in range(min(getattr(opened, "n_frames", 1), _MOST_FRAMES)):
                opened.seek(number)
                if not _is_readable(opened):
                    continue
                written = io.BytesIO()
                opened.convert("L").save(written, "PPM")
                frames.append(written.getvalue())
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception:  # noqa: BLE001 - the library throws what it meets
        return None
    return frames


def _is_readable(picture: Any) -> bool:
    width, height = picture.size
    return bool(min(width, height) >= _SMALLEST_SIDE and width * height <= _MOST_PIXELS)


def _recognise(picture: bytes, seconds: float) -> str | None:
    command = [find_program(), "stdin", "stdout", "-l", "+".join(_languages())]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, the picture on its standard input
            command,
            input=picture,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin:/usr/local/bin"},
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _languages() -> tuple[str, ...]:
    """Return those of the languages that are scanned for which tesseract is installed."""
    done = subprocess.run(  # noqa: S603 - as above
        [find_program(), "--list-langs"], capture_output=True, timeout=10, check=False
    )
    installed = done.stdout.decode("ascii", "replace").split()
    return tuple(name for name in _LANGUAGES if name in installed) or ("eng",)
