"""The lock files: write them from pyproject.toml, or check that they are in step with it.

``python -m tests.tools.lock`` checks, offline, and exits 1 with one line for every difference; ``--write [--upgrade]``
resolves again. ``requirements.lock`` holds what running needs, ``requirements-dev.lock`` that and the extras. Both are
resolved together, for every supported Python, with hashes and without the address of a registry, so they install from
whatever index the machine is set up with.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
EXTRAS = {RUNTIME: ("build",), DEVELOPMENT: ("build", "dev", "test")}
# "name==1.2 ; marker \", its hashes, then "# via" with what asked for it.
BLOCK = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>\S+).*\\\n(?P<hashes>(?:    --hash=\S+.*\n)+)(?P<via>(?:    #.*\n?)*)", re.M
)


def pinned(extras: tuple[str, ...]) -> dict[str, str]:
    """What pyproject.toml asks for by name: canonical name → version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    wanted: dict[str, str] = {}
    for requirement in map(Requirement, lines):
        (specifier,) = requirement.specifier
        if specifier.operator != "==":
            raise SystemExit(f"pyproject.toml: {requirement} is not pinned with ==")
        wanted[canonicalize_name(requirement.name)] = specifier.version
    return wanted


def locked(lock: Path) -> tuple[dict[str, set[str]], set[str]]:
    """Every pin of a lock file (a name may have one version for each Python) and the names pyproject.toml asked for."""
    pins: dict[str, set[str]] = {}
    direct: set[str] = set()
    for block in BLOCK.finditer(lock.read_text()):
        name = canonicalize_name(block["name"])
        pins.setdefault(name, set()).add(block["version"])
        if "keihi (pyproject.toml)" in block["via"]:
            direct.add(name)
    return pins, direct


def differences() -> list[str]:
    """One line for every place where a lock file and pyproject.toml disagree; empty when they are in step."""
    found = []
    for lock, extras in EXTRAS.items():
        wanted = pinned(extras)
        pins, direct = locked(lock)
        for name, version in wanted.items():
            if pins.get(name) != {version}:
                found.append(
                    f"{lock.name}: {name} is {', '.join(pins.get(name, {'missing'}))}, pyproject.toml says {version}"
                )
        found += [f"{lock.name}: {name} is no longer in pyproject.toml" for name in sorted(direct - wanted.keys())]
    runtime, development = locked(RUNTIME)[0], locked(DEVELOPMENT)[0]
    found += [
        f"{name} is {versions} in {RUNTIME.name} and {development.get(name)} in {DEVELOPMENT.name}"
        for name, versions in runtime.items()
        if development.get(name) != versions
    ]
    return found


def write(upgrade: bool) -> None:
    """Resolve the larger set first, then the smaller one within it."""
    for lock in (DEVELOPMENT, RUNTIME):
        command = [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--python-version",
            "3.11",
            "--generate-hashes",
        ]
        command += [
            "--system-certs",
            "--no-emit-index-url",
            "--no-emit-find-links",
            "--custom-compile-command",
            "make lock",
        ]
        command += [word for extra in EXTRAS[lock] for word in ("--extra", extra)]
        command += ["--upgrade"] * upgrade
        command += ["--constraint", DEVELOPMENT.name] if lock == RUNTIME else []
        subprocess.run([*command, "--output-file", lock.name, "pyproject.toml"], cwd=ROOT, check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Check the lock files against pyproject.toml, or write them.")
    parser.add_argument("--write", action="store_true", help="resolve again and write both files")
    parser.add_argument("--upgrade", action="store_true", help="with --write: take newer releases of indirect packages")
    asked = parser.parse_args()
    if asked.write:
        write(asked.upgrade)
    found = differences()
    print("\n".join([*found, "Run: make lock"] if found else ["lock files in step with pyproject.toml"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
