"""What a test is called where every test left a coverage file of its own: like the file."""

import posixpath

_USUAL = frozenset(
    {
        "coverage-final",
        "lcov",
        "clover",
        "cobertura",
        "cobertura-coverage",
        "coverage",
        "coverage.cobertura",
        "coverage.opencover",
    }
    | {"jacoco", ".resultset", "cover", "profile", "report", "out"}
)
"""What tools call a report, without its ending, if nobody tells them otherwise: such a file is called like its folder."""

_SECOND = (".lcov", ".coverage", ".cover", ".cov")


def name_of(path: str) -> str:
    """The test's name by its file's path, as seen from the folder of all of them.

    `cart/total.spec.ts.json`, `cart/total.spec.ts.lcov.info` and `cart/total.spec.ts/coverage-final.json` are
    `cart/total.spec.ts`; `router/TestVars.out` is `router/TestVars`.
    """
    folder, base = posixpath.split(path)
    stem = posixpath.splitext(base)[0]
    for second in _SECOND:
        stem = stem.removesuffix(second) or stem
    return folder if stem in _USUAL and folder else posixpath.join(folder, stem)
