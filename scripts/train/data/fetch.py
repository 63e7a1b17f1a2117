"""Brings the archives of one package with the registry's ordinary client; nothing of a package is run, built or installed."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class FetchFailed(Exception):
    """A sentence for people: which client failed at which package, and what it said."""


@dataclass(frozen=True)
class Package:
    """One line of `packages.json`. `spdx` is the licence that the reviewer expects."""

    ecosystem: str
    name: str
    version: str
    spdx: str
    split: str

    @property
    def key(self) -> str:
        return f"{self.ecosystem}:{self.name}@{self.version}"


def read_list(path: Path) -> list[Package]:
    packages = [Package(**entry) for entry in json.loads(path.read_text("utf-8"))["packages"]]
    names = [(package.ecosystem, package.name) for package in packages]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise SystemExit(f"{path.name} names packages twice: {sorted(twice)}. Remove one of each.")
    for package in packages:
        if package.ecosystem not in FETCHERS or package.split not in ("train", "validation", "heldout"):
            raise SystemExit(f"{path.name}: {package.key} has an unknown ecosystem or split.")
    return packages


def fetch(package: Package, cache: Path) -> list[Path]:
    """The package's archives, from the cache when they are there. Complete or not at all: they are moved in at the end."""
    target = _target(package, cache)
    if not target.is_dir():
        with tempfile.TemporaryDirectory(dir=_made(cache / "partial")) as folder:
            prepared = _prepared(cache, package)
            if prepared.is_dir():
                shutil.copytree(prepared, folder, dirs_exist_ok=True)
                shutil.rmtree(prepared)
            else:
                FETCHERS[package.ecosystem](package, Path(folder), cache)
            names = sorted(entry.name for entry in Path(folder).iterdir())
            if not names:
                raise FetchFailed(f"{package.key}: the client brought no archive")
            _made(target.parent)
            shutil.copytree(folder, target.with_suffix(target.suffix + ".part"), dirs_exist_ok=True)
            target.with_suffix(target.suffix + ".part").rename(target)
    return sorted(target.iterdir())


def _target(package: Package, cache: Path) -> Path:
    return cache / "archives" / package.ecosystem / re.sub(r"[^\w.@+-]", "_", f"{package.name}@{package.version}")


def prepare(packages: list[Package], cache: Path, advance: Callable[[str, int], None]) -> None:
    """
    Fetches together what is missing of the ecosystems whose clients take seconds to start, a dozen at a time.

    A group that fails is left to `fetch`, which goes one by one and says which package it was.
    """
    for ecosystem, together in TOGETHER.items():
        members = [package for package in packages if package.ecosystem == ecosystem]
        missing = [package for package in members if not _target(package, cache).is_dir()]
        advance(ecosystem, len(members) - len(missing))
        for start in range(0, len(missing), AT_ONCE):
            group = missing[start : start + AT_ONCE]
            try:
                together(group, cache)
            except (FetchFailed, OSError, KeyError):
                for package in group:
                    shutil.rmtree(_prepared(cache, package), ignore_errors=True)
            advance(f"{ecosystem}, several together", len(group))


def hash_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def latest_version(package: Package, cache: Path) -> str:
    """Asks the client for the version to write into the list; only for packages that are on it."""
    if package.ecosystem == "npm":
        return json.loads(_run(["npm", "view", package.name, "version", "--json"]))
    if package.ecosystem == "pypi":
        told = _run([sys.executable, "-m", "pip", "index", "versions", "--disable-pip-version-check", package.name])
        return _first(r"\(([^)]+)\)", told, package)
    if package.ecosystem == "go":
        return json.loads(_run(["go", "list", "-m", "-json", f"{package.name}@latest"]))["Version"]
    if package.ecosystem == "cargo":
        told = _run(["cargo", "info", "--color=never", "-q", package.name])
        return _first(r"^version: (\S+)(?: \(latest (\S+)\))?", told, package)
    if package.ecosystem == "debian":
        told = _run(["apt-get", "source", "--print-uris", "-q", *_apt(cache), package.name])
        return _first(r" (?:\S+)_([^_\s]+)\.dsc ", told, package)
    raise FetchFailed(f"{package.key}: write the version into the list by hand")


def _first(pattern: str, text: str, package: Package) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise FetchFailed(f"{package.key}: the client's answer names no version")
    return [group for group in found.groups() if group][-1]


def _npm(package: Package, folder: Path, _: Path) -> None:
    spec = f"{package.name}@{package.version}"
    _run(["npm", "pack", spec, "--pack-destination", str(folder), "--silent", "--ignore-scripts"])


def _pypi(package: Package, folder: Path, _: Path) -> None:
    _run([*_pip_download(str(folder)), f"{package.name}=={package.version}"])


def _pip_download(folder: str) -> list[str]:
    # Wheels, not source distributions: to learn the metadata of a source distribution pip runs the package's own build, and nothing of a
    # package may be run. The platform is named so that every machine gets the same file.
    platforms = [f"--platform=manylinux{name}_x86_64" for name in ("1", "2010", "2014", "_2_17", "_2_24", "_2_27", "_2_28", "_2_34")]
    target = ["--no-deps", "--only-binary=:all:", "--implementation=cp", "--python-version=3.11", "--dest", folder]
    quiet = ["--no-input", "--disable-pip-version-check", "-q", "--no-cache-dir"]
    return [sys.executable, "-m", "pip", "download", *quiet, *target, *platforms]


def _go(package: Package, folder: Path, _: Path) -> None:
    told = json.loads(_run(["go", "mod", "download", "-json", f"{package.name}@{package.version}"]))
    shutil.copyfile(told["Zip"], folder / "module.zip")


def _cargo(package: Package, folder: Path, _: Path) -> None:
    # `cargo info` downloads exactly one crate (checked against the index's hash); vendoring would bring all that it depends on.
    _run(["cargo", "info", "-q", "--color=never", f"{package.name}@{package.version}"])
    home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    # The archive's name has the build metadata of the version (`1.11.1+lz4-1.10.0`), which a version in the list leaves out.
    stem = f"registry/cache/*/{package.name}-{package.version}"
    found = [*home.glob(f"{stem}.crate"), *home.glob(f"{stem}+*.crate")]
    if not found:
        raise FetchFailed(f"{package.key}: cargo left no archive in its cache")
    shutil.copyfile(found[0], folder / found[0].name)


def _maven(package: Package, folder: Path, _: Path) -> None:
    for form in (":jar:sources", ":pom"):
        artifact = f"{package.name}:{package.version}{form}"
        _run(["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}"])


def _maven_together(packages: list[Package], cache: Path) -> None:
    items = "".join(
        f"<artifactItem><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{package.version}</version>{form}"
        f"<outputDirectory>{_prepared(cache, package)}</outputDirectory></artifactItem>"
        for package in packages
        for group, artifact in [package.name.split(":")]
        for form in ("<type>jar</type><classifier>sources</classifier>", "<type>pom</type>")
    )
    project = (
        "<project><modelVersion>4.0.0</modelVersion><groupId>local</groupId><artifactId>sources</artifactId><version>1</version><packaging>pom</packaging>"
        "<build><plugins><plugin><artifactId>maven-dependency-plugin</artifactId>"
        f"<configuration><artifactItems>{items}</artifactItems></configuration></plugin></plugins></build></project>"
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pom.xml").write_text(project, "utf-8")
        _run(["mvn", "-q", "-B", "dependency:copy"], Path(folder))


def _npm_together(packages: list[Package], cache: Path) -> None:
    with tempfile.TemporaryDirectory(dir=_made(cache / "partial")) as folder:
        specs = [f"{package.name}@{package.version}" for package in packages]
        _run(["npm", "pack", *specs, "--pack-destination", folder, "--silent", "--ignore-scripts"])
        for package in packages:
            name = f"{package.name.removeprefix('@').replace('/', '-')}-{package.version}.tgz"
            _hand_over(Path(folder) / name, _prepared(cache, package))


def _pypi_together(packages: list[Package], cache: Path) -> None:
    with tempfile.TemporaryDirectory(dir=_made(cache / "partial")) as folder:
        _run([*_pip_download(folder), *(f"{package.name}=={package.version}" for package in packages)])
        wheels = {_wheel_name(path.name.split("-")[0]): path for path in Path(folder).iterdir()}
        for package in packages:
            _hand_over(wheels[_wheel_name(package.name)], _prepared(cache, package))


def _wheel_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _hand_over(path: Path, folder: Path) -> None:
    shutil.move(path, _made(folder) / path.name)


def _prepared(cache: Path, package: Package) -> Path:
    """Where archives lie that were fetched together with others and not yet taken into the cache."""
    return cache / "partial" / "together" / _target(package, cache).name


def _debian(package: Package, folder: Path, cache: Path) -> None:
    _run(["apt-get", "source", "--download-only", "-q", *_apt(cache), f"{package.name}={package.version}"], folder)


_apt_lock = threading.Lock()


def _apt(cache: Path) -> list[str]:
    """Options for an index of source packages of our own: the machine's sources with `deb-src` in place of `deb`, the machine's own untouched."""
    home = cache / "apt"
    options = [f"Dir::Etc::SourceList={home}/none", f"Dir::Etc::SourceParts={home}/parts", f"Dir::State::Lists={home}/lists"]
    flags = [part for option in [*options, "APT::Sandbox::User=root"] for part in ("-o", option)]
    with _apt_lock:
        if not (home / "ready").exists():
            _made(home / "parts")
            _made(home / "lists" / "partial")
            (home / "none").touch()
            sources = Path("/etc/apt/sources.list.d/debian.sources")
            if not sources.exists():
                raise FetchFailed(f"Debian's source packages need {sources}, which this machine does not have: leave them out with --only")
            (home / "parts" / "src.sources").write_text(re.sub(r"^Types: deb$", "Types: deb-src", sources.read_text(), flags=re.MULTILINE))
            _run(["apt-get", "update", "-q", *flags])
            (home / "ready").touch()
    return flags


AT_ONCE = 12
TOGETHER = {"npm": _npm_together, "pypi": _pypi_together, "maven": _maven_together}
FETCHERS = {"npm": _npm, "pypi": _pypi, "go": _go, "cargo": _cargo, "maven": _maven, "debian": _debian}


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _run(command: list[str], folder: Path | None = None) -> str:
    with tempfile.TemporaryDirectory() as empty:
        try:
            done = subprocess.run(command, cwd=folder or empty, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
        except FileNotFoundError as error:
            raise FetchFailed(f"`{command[0]}` is not installed: install it, or leave its ecosystem out with --only") from error
        except subprocess.TimeoutExpired as error:
            raise FetchFailed(f"`{' '.join(command[:3])}` took longer than 300 s; run again to go on") from error
    if done.returncode != 0:
        lines = [line for line in (done.stderr + done.stdout).strip().splitlines() if line.strip()]
        raise FetchFailed(f"`{' '.join(command[:3])}` failed: {' | '.join(lines[-3:])[:400]}")
    return done.stdout
