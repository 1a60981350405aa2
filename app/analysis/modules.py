"""Which files of a repository an import means: an index over all paths, and each language's rules of resolution.

Evidence made from it is `app.analysis.imports`'s; reading the few manifests is left to the caller.
"""

import json
import posixpath
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.analysis.languages import Import, is_test, language_of

MAX_MANIFESTS = 400
_MANIFEST_NAMES = ("go.mod", "package.json", "tsconfig.json", "jsconfig.json", "tsconfig.base.json", "tsconfig.app.json")
_NOT_OURS = ("node_modules/", "vendor/", "testdata/", "fixtures/", "__fixtures__/")
_SCRIPT_ENDS = (".ts", ".tsx", ".js", ".jsx", ".vue", ".mjs", ".mts", ".cjs", ".cts", ".d.ts", ".json", ".svelte")
_SCRIPT_LANGUAGES = frozenset({"javascript", "typescript", "vue", "svelte"})
_JVM_LANGUAGES = frozenset({"java", "kotlin", "scala", "groovy"})
_JVM_ENDS = ("java", "kt", "scala", "groovy")
_GO_MODULE = re.compile(r"^\s*module\s+\"?([^\s\"]+)", re.MULTILINE)
_JSON_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


def manifests_needed(paths: Iterable[str]) -> tuple[str, ...]:
    """The manifests whose texts `ModuleIndex.build` makes use of, shallowest first, at most `MAX_MANIFESTS`."""
    found = [
        path
        for path in paths
        if path.endswith(_MANIFEST_NAMES)
        and path.rpartition("/")[2] in _MANIFEST_NAMES
        and not any(folder in path for folder in _NOT_OURS)
    ]
    return tuple(sorted(found, key=lambda path: (path.count("/"), path))[:MAX_MANIFESTS])


@dataclass(frozen=True, slots=True)
class Alias:
    """A prefix of script imports, seen from the files below `scope`, and what stands before and after the rest of them."""

    scope: str
    prefix: str
    is_exact: bool
    targets: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ModuleIndex:
    """Every path of one tree, arranged for resolving imports. Made by `build`, then only read."""

    paths: frozenset[str]
    python_roots: Mapping[str, tuple[str, ...]]
    python_names: frozenset[str]
    go_folders: Mapping[str, tuple[str, ...]]
    go_modules: tuple[tuple[str, str], ...]
    jvm_files: Mapping[str, tuple[str, ...]]
    jvm_folders: Mapping[str, tuple[str, ...]]
    jvm_contents: Mapping[str, tuple[str, ...]]
    packages: Mapping[str, tuple[str, ...]]
    aliases: tuple[Alias, ...] = field(default=())

    @classmethod
    def build(cls, paths: Iterable[str], manifests: Mapping[str, str] | None = None) -> "ModuleIndex":
        """The index of a tree, in one pass over its paths; `manifests` are the texts of `manifests_needed`, as far as read."""
        everything = frozenset(paths)
        go: dict[str, list[str]] = defaultdict(list)
        jvm: dict[str, list[str]] = defaultdict(list)
        python: list[str] = []
        for path in everything:
            extension = path.rpartition(".")[2]
            if extension == "py":
                python.append(path)
            elif extension == "go":
                if not path.endswith("_test.go"):
                    go[path.rpartition("/")[0]].append(path)
            elif extension in _JVM_ENDS:
                jvm[path.rpartition("/")[2].partition(".")[0]].append(path)
        texts = manifests or {}
        return cls(
            everything,
            _python_roots(python, everything),
            frozenset(name for path in python for name in path[:-3].split("/")),
            {folder: tuple(sorted(files)) for folder, files in go.items()},
            _go_modules(texts),
            {name: tuple(sorted(files)) for name, files in jvm.items()},
            *_jvm_folders(jvm),
            _packages(texts),
            _aliases(texts),
        )

    def resolve(self, path: str, imported: Import) -> tuple[str, ...]:
        """The files of this repository that the import in `path` means; empty for what comes from elsewhere."""
        language = language_of(path)
        if language == "python":
            return self._python(path, imported)
        if language in _SCRIPT_LANGUAGES:
            found = self._script(path, imported.target)
            return (found,) if found else ()
        if language == "go":
            return self._go(imported.target)
        if language in _JVM_LANGUAGES:
            return self._jvm(imported)
        return ()

    def own_packages(self, path: str, imports: Iterable[Import]) -> frozenset[str]:
        """The packages (folders) of this repository that these imports of `path` reach, those of tests left out."""
        reached = {file for imported in imports for file in self.resolve(path, imported)}
        return frozenset(file.rpartition("/")[0] for file in reached if not is_test(file))

    def _python(self, path: str, imported: Import) -> tuple[str, ...]:
        target = imported.target
        if target.startswith("."):
            dots = len(target) - len(target.lstrip("."))
            folders = path.split("/")[:-1]
            if dots - 1 > len(folders):
                return ()
            bases = ["/".join(folders[: len(folders) - dots + 1])]
            rest = target[dots:]
        else:
            rest = target
            top = target.partition(".")[0]
            bases = self._python_bases(path, top) if top in self.python_names else []
        for base in bases:
            stem = "/".join(filter(None, (base, *rest.split("."))))
            module = self._python_module(stem)
            submodules = [found for name in imported.names if (found := self._python_module(f"{stem}/{name}" if stem else name))]
            if module is None and not submodules:
                continue
            whole = module is not None and (len(submodules) < len(imported.names) or not imported.names)
            return tuple(dict.fromkeys(([module] if whole and module else []) + submodules))
        return ()

    def _python_bases(self, path: str, top: str) -> list[str]:
        """Where an absolute import may start: the roots its package stands in, the nearest first; then, as pytest and scripts
        put them on the path, the folders above the file that are no packages themselves.
        """
        roots = sorted(self.python_roots.get(top, ()), key=lambda root: (-_shared(root, path), len(root)))
        if top in sys.stdlib_module_names:
            return roots
        folders = path.split("/")[:-1]
        above = ["/".join(folders[:depth]) for depth in range(len(folders), 0, -1)]
        return list(dict.fromkeys([*roots, *(f for f in above if f"{f}/__init__.py" not in self.paths), "", "src"]))

    def _python_module(self, stem: str) -> str | None:
        return next((p for p in (f"{stem}.py", f"{stem}/__init__.py", f"{stem}.pyx") if p in self.paths), None)

    def _script(self, path: str, target: str) -> str | None:
        target = target.partition("?")[0]
        if target.startswith("."):
            return self._script_file(posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))
        for alias in self.aliases:
            if (alias.scope == "" or path.startswith(alias.scope + "/")) and (
                target == alias.prefix if alias.is_exact else target.startswith(alias.prefix)
            ):
                for before, after in alias.targets:
                    if found := self._script_file(posixpath.normpath(before + target[len(alias.prefix) :] + after)):
                        return found
        if target.startswith(("@/", "~/", "~~/", "/", "#/")):
            return self._from_source_root(path, target.partition("/")[2])
        return self._package(target)

    def _script_file(self, stem: str) -> str | None:
        """The file that `./cart` means: itself, with an extension, TypeScript behind a written `.js`, or a folder's index."""
        if stem in self.paths:
            return stem
        base, dot, extension = stem.rpartition(".")
        if dot and extension in {"js", "jsx", "mjs", "cjs"}:
            for end in (".ts", ".tsx", ".mts", ".cts"):
                if base + end in self.paths:
                    return base + end
        inside = "" if stem in {"", "."} else stem + "/"
        candidates = [stem + end for end in _SCRIPT_ENDS] + [f"{inside}index{end}" for end in _SCRIPT_ENDS]
        return next((candidate for candidate in candidates if candidate in self.paths), None)

    def _from_source_root(self, path: str, rest: str) -> str | None:
        """`@/cart` and `~/cart` without a word in any manifest: below the nearest `src`, `app` or package folder."""
        folders = path.split("/")[:-1]
        for depth in range(len(folders), -1, -1):
            base = "/".join(folders[:depth])
            for root in ("src", "app", ""):
                if found := self._script_file("/".join(filter(None, (base, root, rest)))):
                    return found
        return None

    def _package(self, target: str) -> str | None:
        """A package of this repository's own workspaces, `@shop/cart` or `@shop/cart/money`."""
        parts = target.split("/")
        size = 2 if target.startswith("@") else 1
        entries = self.packages.get("/".join(parts[:size]))
        if entries is None:
            return None
        folder, *mains = entries
        rest = "/".join(parts[size:])
        if not rest:
            return next((found for main in mains if (found := self._script_file(main))), None)
        for base in ("src", "", "lib"):
            if found := self._script_file("/".join(filter(None, (folder, base, rest)))):
                return found
        return None

    def _go(self, target: str) -> tuple[str, ...]:
        for module, folder in self.go_modules:
            if target == module or target.startswith(module + "/"):
                return self.go_folders.get("/".join(filter(None, (folder, target[len(module) + 1 :]))), ())
        if self.go_modules or "." not in target.partition("/")[0]:
            return ()
        # A tree without go.mod lies below host, owner and name; its root cannot be told from any other repository's.
        return self.go_folders.get("/".join(target.split("/")[3:]), ()) if target.count("/") > 2 else ()

    def _jvm(self, imported: Import) -> tuple[str, ...]:
        parts = imported.target.split(".")
        # The class may be followed by inner classes, so the longest prefix that is a file wins.
        for end in range(len(parts), max(0, len(parts) - 3), -1):
            suffix = "/".join(parts[:end])
            found = tuple(
                path for path in self.jvm_files.get(parts[end - 1], ()) if ("/" + path.rpartition(".")[0]).endswith("/" + suffix)
            )
            if found:
                return found
        if imported.names == ("*",):
            suffix = "/" + "/".join(parts)
            folders = [folder for folder in self.jvm_folders.get(parts[-1], ()) if ("/" + folder).endswith(suffix)]
            return tuple(file for folder in folders for file in self.jvm_contents[folder])
        return ()


def _shared(root: str, path: str) -> int:
    """How much of the root the path lies in: its length if it is above the path, else 0."""
    return len(root) if path.startswith(root + "/") else 0


def _python_roots(files: Iterable[str], paths: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """For each top-level package the folders it stands in: where the chain of `__init__.py` files ends."""
    roots: dict[str, set[str]] = defaultdict(set)
    for path in files:
        if path.endswith("/__init__.py"):
            folder = path[: -len("/__init__.py")]
            above = folder.rpartition("/")[0]
            if not above or f"{above}/__init__.py" not in paths:
                roots[folder.rpartition("/")[2]].add(above)
        elif path.count("/") == 0 or (path.startswith(("src/", "lib/")) and path.count("/") == 1):
            roots[path.rpartition("/")[2][:-3]].add(path.rpartition("/")[0])
    return {name: tuple(sorted(found)) for name, found in roots.items()}


def _go_modules(texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Module path and folder of each `go.mod`, longest module path first."""
    found = [
        (declared[1], path.rpartition("/")[0])
        for path, text in texts.items()
        if path.rpartition("/")[2] == "go.mod" and (declared := _GO_MODULE.search(text))
    ]
    return tuple(sorted(found, key=lambda each: -len(each[0])))


def _jvm_folders(files: Mapping[str, Iterable[str]]) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Folders by their last name, for `import a.b.*`, and the files of each folder."""
    contents: dict[str, list[str]] = defaultdict(list)
    for paths in files.values():
        for path in paths:
            contents[path.rpartition("/")[0]].append(path)
    folders: dict[str, list[str]] = defaultdict(list)
    for folder in sorted(contents):
        folders[folder.rpartition("/")[2]].append(folder)
    return {name: tuple(each) for name, each in folders.items()}, {name: tuple(sorted(each)) for name, each in contents.items()}


def _packages(texts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """By package name: its folder, then the stems its entry may stand at, sources before builds."""
    found: dict[str, tuple[str, ...]] = {}
    for path, text in texts.items():
        if path.rpartition("/")[2] != "package.json":
            continue
        said = _json(text)
        name = said.get("name")
        if isinstance(name, str) and name and name not in found:
            folder = path.rpartition("/")[0]
            prefix = folder + "/" if folder else ""
            mains = [said.get(key) for key in ("source", "module", "main", "types")]
            entries = ["src/index", "src/main", "index", "lib/index", *(m for m in mains if isinstance(m, str))]
            found[name] = (folder, *(posixpath.normpath(prefix + entry) for entry in entries))
    return found


def _aliases(texts: Mapping[str, str]) -> tuple[Alias, ...]:
    """`compilerOptions.paths` and `baseUrl` of each tsconfig, deepest scope and longest prefix first."""
    found: list[Alias] = []
    for path, text in texts.items():
        if not re.search(r"(?:ts|js)config[\w.]*\.json$", path):
            continue
        options = _json(text).get("compilerOptions")
        if not isinstance(options, dict):
            continue
        scope = path.rpartition("/")[0]
        url = options.get("baseUrl")
        base = posixpath.normpath(posixpath.join(scope, url)) if isinstance(url, str) else scope
        mapped = options.get("paths")
        for pattern, targets in mapped.items() if isinstance(mapped, dict) else ():
            listed = [t for t in targets if isinstance(t, str)] if isinstance(targets, list) else []
            stars = tuple((posixpath.join(base, parts[0]), parts[2]) for target in listed if (parts := target.partition("*")))
            if stars and "*" not in pattern[:-1]:
                found.append(Alias(scope, pattern.partition("*")[0], "*" not in pattern, stars))
        if isinstance(url, str):
            found.append(Alias(scope, "", is_exact=False, targets=((posixpath.join(base, ""), ""),)))
    return tuple(sorted(found, key=lambda a: (-len(a.scope), -len(a.prefix))))


def _json(text: str) -> dict[str, object]:
    """The object a manifest holds, comments and trailing commas allowed, empty where it is something else."""
    for form in (text, _TRAILING_COMMA.sub(r"\1", _JSON_COMMENT.sub(lambda m: m[1] or "", text[:200_000]))):
        try:
            said = json.loads(form)
        except (ValueError, RecursionError):
            continue
        return said if isinstance(said, dict) else {}
    return {}
