from app.analysis.scaffold.fill import fill, unknown


def test_a_placeholder_alone_on_its_line_takes_a_block_at_its_indentation():
    assert fill("def $name():\n    $when\n", {"name": "test_a", "when": ["x = 1", "", "y = 2"]}) == [
        "def test_a():",
        "    x = 1",
        "",
        "    y = 2",
    ]


def test_a_line_whose_block_is_empty_goes_away():
    assert fill("$decorators\nit\n    $given\n", {"decorators": [], "given": ""}) == ["it"]


def test_a_blank_line_before_nothing_is_not_doubled():
    assert fill("a\n\n$url\n\nb", {"url": ""}) == ["a", "", "b"]


def test_a_comment_without_anything_to_say_goes_away():
    assert fill("// $url\nit($literal_title)\n});", {"url": "", "literal_title": '"'}) == ['it(")', "});"]
    assert fill("// See $url\n$$", {"url": ""}) == ["// See", "$"]


def test_what_a_value_brings_is_not_filled_again():
    assert fill("'$title'", {"title": "$name ${url}", "name": "no"}) == ["'$name ${url}'"]


def test_two_dollar_signs_are_one():
    assert fill("$$('$name')", {"name": "cart"}) == ["$('cart')"]


def test_unknown_placeholders_are_named_once_and_stay():
    assert unknown("$who $name ${who}") == ("who",)
    assert fill("$who", {"name": "a"}) == ["$who"]
