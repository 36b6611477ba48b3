"""Carry out the Dockerfile without a Docker engine: the same instructions, in clean Debian roots, with chroot.

    debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv bookworm BASE
    python -m tests.tools.dockerfile build BASE OUT    # every stage, each RUN line as it stands; OUT is the last stage
    python -m tests.tools.dockerfile run OUT           # CMD as USER until HEALTHCHECK passes, then stops it

BASE stands for the image that FROM names: a Debian of the same release whose ``python`` is the distribution's. It needs
root. What it does not show: the base image itself, layers and their cache, and the network of a container.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


def instructions(text: str) -> list[tuple[str, str]]:
    """(INSTRUCTION, the rest of it on one line) for a Dockerfile's text, comments and continuations resolved."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", " ", lines)
    return [
        (word.upper(), rest.strip())
        for word, _, rest in (line.strip().partition(" ") for line in joined.splitlines())
        if word
    ]


@dataclass
class Stage:
    """One FROM: its root folder and what its instructions have set so far."""

    root: Path
    env: dict[str, str] = field(
        default_factory=lambda: {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
    )
    workdir: str = "/"
    user: str = "root"
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def inside(self, words: list[str]) -> list[str]:
        """``words`` as a command line that runs them in this stage: its folder, its user, no variable but its own."""
        env = [f"{name}={value}" for name, value in self.env.items()]
        private_proc = ["unshare", "--mount", "sh", "-c", 'mount -t proc proc "$0/proc" && exec "$@"', str(self.root)]
        chroot = ["chroot", f"--userspec={self.user}:{self.user}", str(self.root), "/usr/bin/env", "-i", *env]
        return [*private_proc, *chroot, "sh", "-c", 'cd "$0" && exec "$@"', self.workdir, *words]

    def path(self, place: str) -> Path:
        return self.root / (Path(self.workdir) / place).relative_to("/")


def copy(words: list[str], stages: dict[str, Stage], stage: Stage) -> None:
    """COPY with the two forms in use: files and folders of the project, or a folder of an earlier stage."""
    *sources, target = [word for word in words if not word.startswith("--")]
    origin = next((stages[word.removeprefix("--from=")].root for word in words if word.startswith("--from=")), ROOT)
    for source in sources:
        here, there = origin / source.lstrip("/"), stage.path(target)
        if here.is_dir():
            shutil.copytree(
                here, there, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            there = there / here.name if target.endswith("/") else there
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(here, there)


def step(word: str, rest: str, stages: dict[str, Stage], stage: Stage) -> None:
    match word:
        case "RUN":
            subprocess.run(stage.inside(["sh", "-c", rest]), check=True)
        case "COPY":
            copy(rest.split(), stages, stage)
        case "ENV":
            stage.env |= dict(pair.split("=", 1) for pair in rest.split())
        case "WORKDIR":
            stage.workdir = rest
            stage.path(".").mkdir(parents=True, exist_ok=True)
        case "USER":
            stage.user = rest
        case "CMD":
            stage.command = json.loads(rest)
        case "HEALTHCHECK":
            stage.health = json.loads(rest.partition("CMD ")[2])
        case "VOLUME" | "EXPOSE":
            pass
        case _:
            raise SystemExit(f"{word} is not known here")


def build(base: Path, out: Path) -> Stage:
    """Every instruction in order; returns the last stage. Raises CalledProcessError where a RUN line fails."""
    stages: dict[str, Stage] = {}
    for word, rest in instructions((ROOT / "Dockerfile").read_text()):
        started = time.monotonic()
        if word == "FROM":
            name = rest.split(" AS ")[1] if " AS " in rest else "final"
            stage = stages[name] = Stage(out if name == "final" else out.with_name(f"{out.name}-{name}"))
            subprocess.run(["cp", "--archive", str(base), str(stage.root)], check=True)
        else:
            step(word, rest, stages, stage)
        print(f"{time.monotonic() - started:6.1f} s  {word} {rest[:90]}", flush=True)
    return stage


def described(out: Path) -> Stage:
    """The last stage of a build that was done before: its settings without its work."""
    stage = Stage(out)
    steps = instructions((ROOT / "Dockerfile").read_text())
    last = max(index for index, (word, _) in enumerate(steps) if word == "FROM")
    for word, rest in steps[last + 1 :]:
        if word not in ("RUN", "COPY"):
            step(word, rest, {}, stage)
    return stage


def run(stage: Stage, seconds: float = 60) -> int:
    """Start CMD, ask HEALTHCHECK until it passes, stop with SIGTERM as Docker does; 0 when both went well."""
    started = time.monotonic()
    process = subprocess.Popen(stage.inside(stage.command), start_new_session=True)
    healthy = False
    try:
        while not healthy and process.poll() is None and time.monotonic() - started < seconds:
            healthy = subprocess.run(stage.inside(stage.health), capture_output=True).returncode == 0
            time.sleep(0 if healthy else 0.5)
        print(f"healthy after {time.monotonic() - started:.1f} s" if healthy else "not healthy", flush=True)
        stopping = time.monotonic()
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=10)
        print(f"stopped after {time.monotonic() - stopping:.1f} s with exit code {code}")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return 0 if healthy else 1


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Carry out the Dockerfile in clean Debian roots, without a Docker engine."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build", help="carry out every instruction")
    building.add_argument("base", type=Path, help="a debootstrap root that stands for the image FROM names")
    building.add_argument("out", type=Path, help="new folder for the last stage")
    commands.add_parser("run", help="run CMD until HEALTHCHECK passes").add_argument("out", type=Path)
    asked = parser.parse_args()
    if asked.command == "build":
        build(asked.base.resolve(), asked.out.resolve())
        return 0
    return run(described(asked.out.resolve()))


if __name__ == "__main__":
    sys.exit(main())
