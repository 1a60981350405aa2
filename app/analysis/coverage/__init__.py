"""One file for each format of coverage data or test results: bytes in, a `Reading` (or results) out; nothing is opened here."""
