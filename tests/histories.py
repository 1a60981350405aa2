"""Small real histories in which a bug came in and was mended, each with the commit that a reader of it would name as the cause.

All tell of one little shop in Python: `shop/cart.py` sums up a cart, `shop/tax.py` adds the tax. The bug is nearly always that a
discount is taken twice; what differs is what became of its lines between the day it came and the day it was mended.
"""

from dataclasses import dataclass, field
from pathlib import Path

from tests.build import WorkingCopy, working_copy

CART = '''"""What lies in a cart, and what it comes to."""

from shop.tax import with_tax

FREE_SHIPPING = 5000
SHIPPING = 490


class Cart:
    """The lines of one customer."""

    def __init__(self, currency):
        self.currency = currency
        self.lines = []

    def add(self, article, count):
        if count < 1:
            raise ValueError('count must be positive')
        self.lines.append((article, count))

    def is_empty(self):
        return not self.lines


def subtotal(cart):
    amount = 0
    for article, count in cart.lines:
        amount += article.price * count
    return amount


def shipping(cart):
    if subtotal(cart) >= FREE_SHIPPING:
        return 0
    return SHIPPING


def total(cart, discount):
    amount = subtotal(cart)
    rebate = amount * discount // 100
    return with_tax(amount - rebate) + shipping(cart)


def label(cart):
    return '%d %s' % (total(cart, 0), cart.currency)
'''
TAX = '''"""The tax on what is sold."""

RATES = {'de': 19, 'fr': 20, 'us': 0}


def with_tax(amount, country='de'):
    return amount + amount * RATES[country] // 100


def rates():
    return sorted(RATES.items())
'''
RIGHT = "    rebate = amount * discount // 100\n    return with_tax(amount - rebate) + shipping(cart)\n"
WRONG = (
    "    rebate = amount * discount // 100\n"
    "    reduced = amount - rebate\n"
    "    if discount:\n"
    "        reduced = reduced - rebate\n"
    "    return with_tax(reduced) + shipping(cart)\n"
)
MENDED = "    rebate = amount * discount // 100\n    reduced = amount - rebate\n    return with_tax(reduced) + shipping(cart)\n"
EMPTY_SHIPS_FREE = ("    if subtotal(cart) >=", "    if cart.is_empty() or subtotal(cart) >=")
CURRENCY_FIRST = ("'%d %s' % (total(cart, 0), cart.currency)", "'%s %d' % (cart.currency, total(cart, 0))")
DOUBLED = ("    if discount:\n        reduced = reduced - rebate\n", "")


@dataclass
class Story:
    """A shop's repository that is told commit by commit; `told` are the shas by the name that a test gives them."""

    copy: WorkingCopy
    told: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where the repository lies."""
        return self.copy.path

    def text(self, path: str) -> str:
        """A file as it stands."""
        return (self.path / path).read_text(encoding="utf-8")

    def edit(self, message: str, *changes: tuple[str, str], path: str = "shop/cart.py") -> str:
        """Replaces each text, which must stand there once, by its other, and commits; the sha."""
        text = self.text(path)
        for before, after in changes:
            assert text.count(before) == 1, (before, text)
            text = text.replace(before, after)
        return self.copy.commit(message, {path: text})

    def pass_time(self, days: int = 4) -> None:
        """Commits of other things: of documents, of other files, and of other functions of the cart."""
        for _ in range(days):
            day = self.copy.day
            if day % 2:
                self.copy.commit(f"Write down day {day}", {f"docs/day_{day}.md": f"Day {day}.\n"})
            else:
                self.copy.commit(f"Sell article {day}", {f"shop/article_{day}.py": f"PRICE = {day * 100}\nNAME = 'article'\n"})

    def let_in(self) -> str:
        """The bug comes in: the discount is taken twice."""
        self.told["bug"] = self.edit("Show the reduced amount before tax", (RIGHT, WRONG))
        return self.told["bug"]

    def mend(self, path: str = "shop/cart.py") -> str:
        """The fix: it takes the second discount away."""
        self.told["fix"] = self.edit("Take a discount once", DOUBLED, path=path)
        return self.told["fix"]


def begun(path: Path) -> Story:
    """The shop as it was founded, with a few days of other work behind it."""
    story = Story(working_copy(path))
    story.told["root"] = story.copy.commit("Found the shop", {"shop/cart.py": CART, "shop/tax.py": TAX, "shop/__init__.py": ""})
    story.pass_time(3)
    story.edit("Ship for less", ("SHIPPING = 490", "SHIPPING = 390"))
    story.edit("Sell to Austria", ("'us': 0", "'us': 0, 'at': 20"), path="shop/tax.py")
    story.pass_time(2)
    return story


def plain(path: Path) -> Story:
    """Nothing special happened to the lines of the bug."""
    story = begun(path)
    story.let_in()
    story.pass_time()
    story.edit(
        "Say that an empty cart ships for nothing", ("    if subtotal(cart) >=", "    if cart.is_empty() or subtotal(cart) >=")
    )
    story.mend()
    return story


def renamed(path: Path) -> Story:
    """The file was moved to another folder and name after the bug came in, and edited on the way."""
    story = begun(path)
    story.let_in()
    story.pass_time(2)
    (path / "store").mkdir()
    story.copy.git("mv", "shop/cart.py", "store/basket.py")
    story.told["move"] = story.edit("Call the cart a basket", ("class Cart:", "class Basket:"), path="store/basket.py")
    story.pass_time(2)
    story.mend("store/basket.py")
    return story


def copied(path: Path, both: bool) -> Story:
    """A wholesale cart was made from a copy of the cart that held the bug; the fix mends it there, or in `both`."""
    story = begun(path)
    story.let_in()
    story.pass_time(2)
    text = story.text("shop/cart.py").replace("FREE_SHIPPING = 5000", "FREE_SHIPPING = 90000")
    story.told["copy"] = story.copy.commit("Sell wholesale", {"shop/wholesale.py": text})
    story.pass_time(2)
    if both:
        files = {file: story.text(file).replace(*DOUBLED) for file in ("shop/cart.py", "shop/wholesale.py")}
        story.told["fix"] = story.copy.commit("Take a discount once", dict(files))
    else:
        story.mend("shop/wholesale.py")
    return story


def split(path: Path) -> Story:
    """The functions that sum up were moved out of the cart's file, into one of their own."""
    story = begun(path)
    story.let_in()
    story.pass_time(2)
    text = story.text("shop/cart.py")
    at = text.index("def subtotal")
    head, sums = text[:at], text[at:]
    sums = '"""What a cart comes to."""\n\nfrom shop.tax import with_tax\n\nFREE_SHIPPING = 5000\nSHIPPING = 390\n\n\n' + sums
    head = head.replace("from shop.tax import with_tax\n\nFREE_SHIPPING = 5000\nSHIPPING = 390\n", "")
    story.told["split"] = story.copy.commit("Part the sums from the cart", {"shop/cart.py": head, "shop/sums.py": sums})
    story.pass_time(2)
    story.mend("shop/sums.py")
    return story


def reformatted(path: Path, ignored: bool) -> Story:
    """A formatter went over everything: quotes, indents, a long call in three lines. `ignored`: its commit is listed as such."""
    story = begun(path)
    story.let_in()
    story.pass_time(2)
    files: dict[str, str | bytes | None] = {}
    for name in ("shop/cart.py", "shop/tax.py"):
        text = story.text(name).replace("'", '"').replace("    ", "  ")
        text = text.replace(
            "  return with_tax(reduced) + shipping(cart)\n", "  return (\n    with_tax(reduced)\n    + shipping(cart)\n  )\n"
        )
        files[name] = text.replace("    reduced = reduced - rebate", "    reduced = (reduced - rebate)")
    story.told["sweep"] = story.copy.commit("Format everything", files)
    if ignored:
        story.copy.commit("Blame not the formatter", {".git-blame-ignore-revs": f"# formatter\n{story.told['sweep']}\n"})
    story.pass_time(2)
    story.told["fix"] = story.edit("Take a discount once", ("  if discount:\n    reduced = (reduced - rebate)\n", ""))
    return story


def reapplied(path: Path) -> Story:
    """The change with the bug was taken back, and later made again as it was."""
    story = begun(path)
    bug = story.let_in()
    story.pass_time(1)
    story.copy.day += 1
    story.copy.git("revert", "--no-edit", bug)
    story.told["revert"] = story.copy.git("rev-parse", "HEAD")
    story.pass_time(2)
    story.copy.day += 1
    story.copy.git("revert", "--no-edit", "HEAD~2")
    story.told["again"] = story.copy.git("rev-parse", "HEAD")
    story.pass_time(2)
    story.mend()
    return story


def restored(path: Path) -> Story:
    """Lines that held the bug were rewritten (no better), and a revert brought them back as they had been."""
    story = begun(path)
    story.let_in()
    story.pass_time(2)
    rewritten = "    rebate = amount * discount // 100\n    reduced = amount - rebate - rebate\n"
    old = "    rebate = amount * discount // 100\n    reduced = amount - rebate\n" + DOUBLED[0]
    story.told["rewrite"] = story.edit("Sum up in one line", (old, rewritten))
    story.pass_time(1)
    story.copy.day += 1
    story.copy.git("revert", "--no-edit", "HEAD~1")
    story.told["revert"] = story.copy.git("rev-parse", "HEAD")
    story.pass_time(2)
    story.mend()
    return story


def unmended(path: Path) -> Story:
    """The bug was mended once, but that fix was taken back; now it is made again."""
    story = begun(path)
    story.let_in()
    story.pass_time(2)
    story.told["first fix"] = story.edit("Take a discount once", DOUBLED)
    story.pass_time(1)
    story.copy.day += 1
    story.copy.git("revert", "--no-edit", "HEAD~1")
    story.told["revert"] = story.copy.git("rev-parse", "HEAD")
    story.pass_time(2)
    story.mend()
    return story


def picked(path: Path, merged: bool) -> Story:
    """The change with the bug was picked to a stable branch, where it was mended; or after that was `merged` back to main."""
    story = begun(path)
    story.copy.git("branch", "stable")
    story.pass_time(1)
    bug = story.let_in()
    story.pass_time(1)
    story.copy.git("checkout", "--quiet", "stable")
    story.copy.day += 1
    story.copy.git("cherry-pick", "-x", bug)
    story.told["pick"] = story.copy.git("rev-parse", "HEAD")
    story.pass_time(2)
    if merged:
        story.copy.git("checkout", "--quiet", "main")
        story.copy.day += 1
        story.copy.git("merge", "--quiet", "--no-ff", "--no-edit", "stable")
        story.told["merge"] = story.copy.git("rev-parse", "HEAD")
        story.pass_time(2)
    story.mend()
    return story


def octopus(path: Path) -> Story:
    """Three branches came together in one merge; one of them held the bug."""
    story = begun(path)
    story.copy.git("checkout", "--quiet", "-b", "discounts")
    story.let_in()
    story.copy.git("checkout", "--quiet", "-b", "labels", "main")
    story.edit(
        "Put the currency first", ("'%d %s' % (total(cart, 0), cart.currency)", "'%s %d' % (cart.currency, total(cart, 0))")
    )
    story.copy.git("checkout", "--quiet", "-b", "taxes", "main")
    story.edit("Sell to Italy", ("'at': 20", "'at': 20, 'it': 22"), path="shop/tax.py")
    story.copy.git("checkout", "--quiet", "main")
    story.copy.day += 1
    story.copy.git("merge", "--quiet", "--no-edit", "discounts", "labels", "taxes")
    story.told["merge"] = story.copy.git("rev-parse", "HEAD")
    story.pass_time(2)
    story.mend()
    return story


def badly_merged(path: Path) -> Story:
    """Neither branch held the bug: it came in where their conflict was settled, in the merge itself."""
    story = begun(path)
    story.copy.git("checkout", "--quiet", "-b", "reduced")
    story.edit("Name the reduced amount", (RIGHT, MENDED))
    story.copy.git("checkout", "--quiet", "main")
    story.edit(
        "Take the rebate at once",
        (
            "    amount = subtotal(cart)\n" + RIGHT,
            "    rebate = subtotal(cart) * discount // 100\n    return with_tax(subtotal(cart) - rebate) + shipping(cart)\n",
        ),
    )
    story.copy.day += 1
    story.copy.git("merge", "--quiet", "--no-commit", "--strategy", "ours", "reduced")
    clean = CART.replace("SHIPPING = 490", "SHIPPING = 390")
    story.told["bug"] = story.copy.commit("Merge branch 'reduced'", {"shop/cart.py": clean.replace(RIGHT, WRONG)})
    story.pass_time(2)
    story.mend()
    return story


def merged_pull(path: Path) -> Story:
    """The change with the bug came by a pull request that was merged with a merge commit."""
    story = begun(path)
    story.copy.git("checkout", "--quiet", "-b", "discounts")
    story.let_in()
    story.edit("Say what a label is", ("def label(cart):\n", 'def label(cart):\n    """For the receipt."""\n'))
    story.copy.git("checkout", "--quiet", "main")
    story.pass_time(1)
    story.copy.day += 1
    message = "Merge pull request #12 from octo/discounts\n\nShow the reduced amount"
    story.copy.git("merge", "--quiet", "--no-ff", "--message", message, "discounts")
    story.told["merge"] = story.copy.git("rev-parse", "HEAD")
    story.pass_time(2)
    story.mend()
    return story


def squashed(path: Path) -> Story:
    """A pull request with several changes came as one commit; one of its changes was the bug."""
    story = begun(path)
    text = story.text("shop/cart.py").replace(RIGHT, WRONG)
    text = text.replace("def label(cart):\n", 'def label(cart):\n    """For the receipt."""\n')
    tax = story.text("shop/tax.py").replace("'fr': 20", "'fr': 20, 'es': 21")
    story.told["bug"] = story.copy.commit("Show the reduced amount (#12)", {"shop/cart.py": text, "shop/tax.py": tax})
    story.pass_time(3)
    story.mend()
    return story


def mended_badly(path: Path) -> Story:
    """A first fix of the doubled discount let in another bug, which the second fix mends."""
    story = begun(path)
    story.let_in()
    story.pass_time(2)
    first = (
        "    if discount:\n        reduced = reduced - rebate\n",
        "    if reduced < 0 or discount > 50:\n        reduced = 0\n",
    )
    story.told["first fix"] = story.edit("Take a discount once", first)
    story.pass_time(2)
    story.told["fix"] = story.edit("Sell at half price", ("    if reduced < 0 or discount > 50:\n", "    if reduced < 0:\n"))
    return story


def as_old_as_the_root(path: Path) -> Story:
    """The bug stood there from the first commit on; everything around it was changed since."""
    story = begun(path)
    story.edit("Name the count", ("raise ValueError('count must be positive')", "raise ValueError(f'{count} is no count')"))
    story.pass_time(2)
    story.edit(
        "Put the currency first", ("'%d %s' % (total(cart, 0), cart.currency)", "'%s %d' % (cart.currency, total(cart, 0))")
    )
    story.told["fix"] = story.edit(
        "Ship for nothing above the bound alone", ("    if subtotal(cart) >= FREE", "    if subtotal(cart) > FREE")
    )
    story.told["bug"] = story.told["root"]
    return story


def only_added(path: Path) -> Story:
    """The fix only adds lines: a guard that a function never had since it was written."""
    story = begun(path)
    code = "\n\ndef share(cart, people):\n    amount = total(cart, 0)\n    each = amount // people\n    return [each] * people\n"
    story.told["bug"] = story.copy.commit("Share a cart", {"shop/cart.py": story.text("shop/cart.py") + code})
    story.pass_time(2)
    story.edit(
        "Say that an empty cart ships for nothing", ("    if subtotal(cart) >=", "    if cart.is_empty() or subtotal(cart) >=")
    )
    guard = "def share(cart, people):\n    if people < 1:\n        return []\n"
    story.told["fix"] = story.edit("Share among nobody", ("def share(cart, people):\n", guard))
    return story
