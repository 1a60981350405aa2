"""Runs test classes of a Maven-shaped project without Maven: javac against a folder of jars, then JUnit's console.

    python benchmarks/javac.py [--module FOLDER] [--results FILE] TEST...

A test is a path of a test class, or `PATH::Class.method` (then its whole class is run: the console cannot name a parameterised
method without its types). For machines without Maven Central; the jars are Debian's (`apt install junit5 junit4 libeasymock-java
libcommons-io-java libmockito-java`), and `JAVA_JARS` names other folders of jars. Main classes are kept by content in the user's
cache. Ends with 2 where something does not compile, else as the console ends.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

JARS = tuple(map(Path, os.environ.get("JAVA_JARS", "/usr/share/java").split(os.pathsep)))
_WANTED = (
    "junit-jupiter*", "junit-platform-*", "junit-vintage-engine", "junit4", "opentest4j*", "apiguardian-api", "hamcrest*",
    "picocli", "univocity-parsers", "easymock", "objenesis", "commons-io", "junit-pioneer", "mockito-core", "byte-buddy*",
)  # fmt: skip
_NOT_WANTED = ("standalone", "suite", "runner", "migrationsupport")


def class_path() -> str:
    """The jars by their unversioned names."""
    found = (jar for folder in JARS for pattern in _WANTED for jar in folder.glob(f"{pattern}.jar"))
    jars = {jar for jar in found if not any(no in jar.name for no in _NOT_WANTED)}
    return os.pathsep.join(sorted(str(jar) for jar in jars if "-5." not in jar.name and "-1." not in jar.name))


def compile_java(sources: Sequence[Path], to: Path, libraries: str, search: Path | None = None) -> None:
    """Compiles into a folder; sources that they need are looked for under `search`. Exits with 2 where it fails."""
    listed = to.parent / f"{to.name}.sources"
    listed.write_text("\n".join(f'"{path}"' for path in sources), encoding="utf-8")
    release = ("--release", os.environ.get("JAVA_RELEASE", "8"))
    looks = ("-sourcepath", str(search), "-implicit:class") if search else ("-sourcepath", "")
    line = ["javac", "-nowarn", "-g", "-encoding", "UTF-8", *release, "-proc:none", "-cp", libraries, *looks, "-d", str(to)]
    done = subprocess.run([*line, f"@{listed}"], check=False, capture_output=True, text=True, errors="replace")
    if done.returncode:
        print(done.stderr[-6000:], file=sys.stderr)
        raise SystemExit(2)


def main_classes(module: Path, libraries: str) -> Path:
    """The compiled main classes, from the cache where the same sources were compiled before."""
    root = module / "src" / "main"
    files = sorted(path for folder in ("java", "java-templates") for path in (root / folder).rglob("*.java"))
    sources = [path for path in files if path.name not in ("module-info.java", "package-info.java")]
    digest = hashlib.sha256()
    for path in sources:
        digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "recall-benchmarks" / digest.hexdigest()[:24]
    if not cache.exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=cache.parent) as folder:
            made = Path(folder) / "classes"
            made.mkdir()
            compile_java([filled(path, Path(folder)) for path in sources], made, libraries)
            resources = module / "src" / "main" / "resources"
            if resources.is_dir():
                shutil.copytree(resources, made, dirs_exist_ok=True)
            made.rename(cache)
    return cache


def filled(source: Path, folder: Path) -> Path:
    """A source as Maven's templating leaves it: the version put in where the project filters it."""
    if "java-templates" not in source.parts:
        return source
    made = folder / source.name
    made.write_text(source.read_text(encoding="utf-8").replace("${project.version}", "0"), encoding="utf-8")
    return made


def class_of(path: Path, tests: Path) -> str:
    """`org.acme.CartTest` for its path."""
    return ".".join(path.relative_to(tests).with_suffix("").parts)


def run(module: Path, files: Sequence[Path], results: Path | None) -> int:
    """Compiles and runs the classes; what the console ended with."""
    libraries = class_path()
    main, tests = main_classes(module, libraries), module / "src" / "test" / "java"
    with TemporaryDirectory(prefix="javac-") as folder:
        made, reports = Path(folder) / "test-classes", Path(folder) / "reports"
        made.mkdir()
        compile_java(files, made, os.pathsep.join((str(main), libraries)), tests)
        resources = module / "src" / "test" / "resources"
        if resources.is_dir():
            shutil.copytree(resources, made, dirs_exist_ok=True)
        chosen = [argument for path in files for argument in ("--select-class", class_of(path, tests))]
        console = ["org.junit.platform.console.ConsoleLauncher", *chosen, "--reports-dir", str(reports), "--disable-banner"]
        where = os.pathsep.join((str(main), str(made), libraries))
        line = ["java", "-Djava.locale.providers=COMPAT", "-cp", where, *console, "--disable-ansi-colors", "--details=tree"]
        done = subprocess.run(line, check=False, cwd=module)
        if results:
            merge(sorted(reports.glob("TEST-*.xml")), results)
    return done.returncode


def merge(reports: Sequence[Path], results: Path) -> None:
    """One report of several."""
    suites = ElementTree.Element("testsuites")
    suites.extend(ElementTree.parse(report).getroot() for report in reports)
    results.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(suites).write(results, encoding="utf-8", xml_declaration=True)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--module", type=Path, default=Path(), help="folder of the module, below the working directory")
    parser.add_argument("--results", type=Path, help="where to leave JUnit's XML")
    parser.add_argument("tests", nargs="+", help="paths, or PATH::NAME")
    asked = parser.parse_args()
    files = list(dict.fromkeys(Path(test.split("::")[0]).absolute() for test in asked.tests))
    return run(asked.module.absolute(), files, asked.results and asked.results.absolute())


if __name__ == "__main__":
    sys.exit(main())
