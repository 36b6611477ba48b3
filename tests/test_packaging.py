"""What is installed is what is written down: lock files, dependency list, imports, the wheel, the image, compose."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import test_architecture as architecture
from tests.tools import dockerfile, lock

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NODE_LOCK = ROOT / "tests/contract/package-lock.json"


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def node_tools() -> set[str]:
    return set(json.loads((ROOT / "tests/contract/package.json").read_text())["dependencies"])


def test_lock_files_are_in_step_with_pyproject() -> None:
    assert lock.differences() == []


def test_a_lock_file_with_another_version_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = tmp_path / lock.RUNTIME.name
    changed.write_text(lock.RUNTIME.read_text().replace("\nsqlalchemy==", "\nsqlalchemy==0."))
    monkeypatch.setattr(lock, "EXTRAS", {changed: lock.EXTRAS[lock.RUNTIME]})
    (sentence,) = lock.differences()
    assert "sqlalchemy is 0." in sentence


def test_a_dependency_that_was_removed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    pinned = lock.pinned
    monkeypatch.setattr(lock, "pinned", lambda extras: {k: v for k, v in pinned(extras).items() if k != "typer"})
    assert f"{lock.RUNTIME.name}: typer is no longer in pyproject.toml" in lock.differences()


@pytest.mark.parametrize("file", [lock.RUNTIME, lock.DEVELOPMENT, NODE_LOCK], ids=lambda file: file.name)
def test_lock_files_name_no_registry_and_no_local_path(file: Path) -> None:
    words = r"registry\.|\.org/|pythonhosted|\"resolved\"|file:|index-url|find-links"
    assert not (found := [line for line in file.read_text().splitlines() if re.search(words, line)]), found[:5]


def test_every_locked_package_has_hashes() -> None:
    for file in (lock.RUNTIME, lock.DEVELOPMENT):
        pins = re.findall(r"^[\w.-]+==", file.read_text(), re.M)
        assert len(pins) == len(list(lock.BLOCK.finditer(file.read_text())))
    packages = json.loads(NODE_LOCK.read_text())["packages"]
    assert [path for path, entry in packages.items() if path and "integrity" not in entry] == []


def test_every_dependency_is_explained_and_nothing_else() -> None:
    rows = re.findall(
        r"^\| ([@\w./-]+) \|", (ROOT / "docs/dependencies.md").read_text().split("## From Debian")[0], re.M
    )
    wanted = names(PROJECT["dependencies"]) | node_tools()
    for extra in PROJECT["optional-dependencies"].values():
        wanted |= names(extra)
    explained = {row if row in node_tools() else canonicalize_name(row) for row in rows if row != "package"}
    assert explained == wanted


# Published under names of their own, but the very interface of a package that is declared.
PART_OF = {
    "pydantic": "pydantic-settings",
    "starlette": "fastapi",
    "slack-sdk": "slack-bolt",
    "urllib3": "line-bot-sdk",
    "anyio": "fastapi",
}


def test_the_product_imports_only_what_running_installs() -> None:
    """An import of a package that only another package brings would break when that one changes its mind."""
    homes = packages_distributions()
    declared = names(PROJECT["dependencies"])
    optional = names(PROJECT["optional-dependencies"]["faster-paddle"])  # may be missing, and is asked for first
    declared |= {part for part, whole in PART_OF.items() if whole in declared}
    known = sys.stdlib_module_names | architecture.MAY_IMPORT.keys()
    strangers = [
        f"{path}:{line} imports {name}, which no dependency in pyproject.toml brings"
        for path, tree in architecture.modules(ROOT)
        for line, name in architecture.imports(path, tree)
        if (top := name.split(".")[0]) not in known
        and canonicalize_name(top) not in optional
        and not declared & {canonicalize_name(home) for home in homes.get(top, [])}
    ]
    assert not strangers, "\n".join(strangers)


def test_who_does_not_speak_with_line_does_not_load_it() -> None:
    """Its SDK takes a second at the start and 40 MB of every process."""
    asked = "import sys, bot.app, bot.wiring; print(*sorted(m for m in sys.modules if m.split('.')[0] == 'linebot'))"
    loaded = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == ""


def test_the_wheel_holds_every_file_of_the_four_packages(tmp_path: Path) -> None:
    """A page, a font or a module that is left out would be missing in the image only, where nobody looks."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *architecture.MAY_IMPORT]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout: what belongs to the project is not known")
    tree, wheels = tmp_path / "tree", tmp_path / "wheels"
    wanted = {file for file in listed.stdout.splitlines() if (ROOT / file).is_file()}
    for file in [*wanted, "pyproject.toml", "README.md"]:
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / file, tree / file)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--wheel-dir", str(wheels), str(tree)], check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    assert wanted - set(zipfile.ZipFile(wheel).namelist()) == set()


def test_make_lists_every_target_that_is_for_people() -> None:
    makefile = (ROOT / "Makefile").read_text()
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in re.findall(r"^([a-z-]+):.*## ", makefile, re.M):
        assert re.search(rf"^  make {target} +\S", listed, re.M), target
    for target in ("run", "test", "check", "bench", "bench-ocr", "fmt", "lock", "clean"):
        assert f"  make {target} " in listed


def test_make_runs_only_modules_that_exist() -> None:
    modules = set(re.findall(r"\$\(PYTHON\) -m ([\w.]+)", (ROOT / "Makefile").read_text()))
    assert {"tests.bench", "tests.bench.ocr", "tests.tools.lock"} <= modules
    assert [module for module in sorted(modules) if importlib.util.find_spec(module) is None] == []


def test_the_image_is_not_root_and_checks_its_health() -> None:
    steps = dockerfile.instructions((ROOT / "Dockerfile").read_text())
    last = max(index for index, (word, _) in enumerate(steps) if word == "FROM")
    final = dict(steps[last:])
    assert final["USER"] not in ("", "root", "0")
    assert "/healthz" in final["HEALTHCHECK"]
    assert final["VOLUME"]
    assert '"keihi", "serve"' in final["CMD"]


def test_the_image_gets_every_package_and_no_secret_or_data() -> None:
    steps = dockerfile.instructions((ROOT / "Dockerfile").read_text())
    copied = {word for name, words in steps if name == "COPY" and "--from" not in words for word in words.split()[:-1]}
    assert {"bot", "handlers", "ocr", "storage", "requirements.lock", "pyproject.toml"} <= copied
    assert all((ROOT / path).exists() for path in copied)
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert ignored[0] == "*"
    assert {line.removeprefix("!") for line in ignored[1:] if line.startswith("!")} == copied


def test_compose_runs_the_same_image_on_sqlite_or_postgresql() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert services["keihi"]["build"] == "."
    assert "profiles" not in services["keihi"]
    assert services["worker"]["command"] == ["keihi", "worker"]
    assert {"worker", "postgres"} == {name for name, service in services.items() if service.get("profiles")}
