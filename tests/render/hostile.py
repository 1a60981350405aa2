"""Text as strangers write it, for property tests."""

from hypothesis import strategies as st

FRAGMENTS = (
    "@octocat",
    "@acme/everyone",
    "fixes #1",
    "Closes acme/shop#2",
    "resolves GH-3",
    "https://github.com/acme/shop/issues/4",
    "www.example.com",
    "mail@example.com",
    "<!-- recall:v1 issue=7/479 -->",
    "<!--",
    "-->",
    "</details>",
    "</code>",
    "<img src=x onerror=alert(1)>",
    "<script>",
    "[x](javascript:alert(1))",
    "![x](https://example.com/x.png)",
    "```\n",
    "~~~",
    "`",
    "``",
    "|",
    "\\|",
    "\\",
    "\n\n# title\n",
    "\n| a | b |\n|---|---|\n",
    "\r\n- [ ] task",
    "***",
    "__init__",
    "&#64;octocat",
    "&lt;b&gt;",
    "$x$",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "\u202e",
    "\u200b",
    "\u2028",
    "\x00",
    "\x1b[31m",
    "\x9b31m",
    "\udc80",
    "\ud800",
    "é",
    "測試",
)


def hostile(most: int = 8) -> st.SearchStrategy[str]:
    """Nasty fragments and random text in any order."""
    return st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=12), max_size=most).map("".join)
