"""Compiles the kernel of value detection where there is a C compiler, when Curtilage is installed.

The kernel is plain C without Python's headers: one shared library, which any Python loads with
ctypes. Where no compiler is at hand, or it fails, nothing is built, the package is pure Python, and
values are looked for by the reference, which finds the same and takes longer.

``python hatch_build.py`` compiles it in place; ``CC`` names the compiler, ``CURTILAGE_NO_KERNEL=1``
leaves it out.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = Path("src/curtilage/detection/values")
FLAGS = "-std=c11 -O3 -fPIC -fvisibility=default -Wall -Wextra".split()
#: Levels of a processor: the name of the kernel's function, what is asked of the compiler.
PLAIN = ("curtilage_scan_plain", ())
#: What is compiled once, for any processor.
WHOLE = ("kernel_door.c", "kernel_alike.c")
V3 = ("curtilage_scan_v3", ("-march=x86-64-v3",))


class KernelHook(BuildHookInterface[Any]):
    """Puts the compiled kernel into the wheel, or beside its source for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and say for which platform the wheel then is."""
        if self.target_name != "wheel":
            return
        built = build(Path(self.root) / FOLDER)
        if built is None:
            return
        build_data["artifacts"].append(str(built.relative_to(self.root)))
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")


def library_name() -> str:
    """Return what the library is called on this system."""
    return {"win32": "_kernel.dll", "darwin": "_kernel.dylib"}.get(sys.platform, "_kernel.so")


def build(folder: Path) -> Path | None:
    """Compile the kernel in ``folder`` into a library there; None where that cannot be.

    Effects:
        Writes the library, or removes an old one that no longer belongs to its source.
    """
    made = folder / library_name()
    compiler = find_compiler()
    with tempfile.TemporaryDirectory(dir=folder, prefix=".kernel-") as scratch:
        new = Path(scratch) / made.name
        if compiler and compile_kernel(compiler, folder, new):
            new.replace(made)  # in one step: who has the old one open keeps it
            return made
    made.unlink(missing_ok=True)
    return None


def find_compiler() -> list[str] | None:
    """Return the command of a C compiler; None where there is none or none is wanted."""
    if os.environ.get("CURTILAGE_NO_KERNEL"):
        return None
    for name in (os.environ.get("CC", ""), "cc", "gcc", "clang"):
        words = shlex.split(name)
        if words and shutil.which(words[0]):
            return words
    return None


def compile_kernel(compiler: list[str], folder: Path, made: Path) -> bool:
    """Compile the kernel for each level of processor that the compiler knows, and link them."""
    extra = shlex.split(os.environ.get("CFLAGS", ""))
    levels = [PLAIN, V3] if platform.machine() in ("x86_64", "AMD64") else [PLAIN]
    objects, door = [], []
    for name, options in levels:
        target = made.parent / f"{name}.o"
        command = [
            *compiler,
            *FLAGS,
            *extra,
            *options,
            f"-DKERNEL={name}",
            "-c",
            folder / "kernel.c",
            "-o",
            target,
        ]
        if run(command):
            objects.append(target)
            door += [f"-DKERNEL_HAS_{name.rsplit('_', 1)[1].upper()}"]
        elif not options:
            return False
    return run(
        [
            *compiler,
            *FLAGS,
            *extra,
            *door,
            "-shared",
            *(folder / name for name in WHOLE),
            *objects,
            "-o",
            made,
        ]
    )


def run(command: list[Any]) -> bool:
    """Run a command; say whether it succeeded, and on standard error what it said if not."""
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    except OSError:
        return False
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    library = build(Path(__file__).parent / FOLDER)
    print(
        f"Compiled {library.name}."
        if library
        else "No kernel was compiled: values are looked for by the reference."
    )
