"""`python -m papers` writes every paper anew; `make papers` does."""

from papers.written import ROOT, papers

for path, text in papers().items():
    (ROOT / path).write_text(text, encoding="utf-8")
