"""What connects two articles besides what they say."""

from dataclasses import replace

import pytest
from conftest import essay

from recommender.rank.relations import relations, series


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("廉政建设（一）", "廉政建设"),
        ("廉政建设(12)", "廉政建设"),
        ("廉政建设【2】", ""),
        ("廉政建设[2]", "廉政建设"),
        ("廉政建设（上）", "廉政建设"),
        ("廉政建设 下篇", "廉政建设"),
        ("廉政建设之三", "廉政建设"),
        ("廉政建设——第十二讲", "廉政建设"),
        ("廉政建设：第3部分", "廉政建设"),
        ("廉政建设 4", "廉政建设"),
        ("  廉政建设（２）\u3000", "廉政建设"),
        ("Rust for Linux, part 2", "Rust for Linux"),
        ("Rust for Linux: Part IV", "Rust for Linux"),
        ("Rust for Linux (iii)", "Rust for Linux"),
        ("Rust for Linux #7", "Rust for Linux"),
        ("Rust for Linux No. 7", "Rust for Linux"),
        ("讲座实录part 2", "讲座实录"),
        # no part, or of nothing
        ("廉政建设", ""),
        ("随笔（一）", ""),
        ("（一）", ""),
        ("", ""),
        ("廉政建设（试行）", ""),
        ("2011年工作总结", ""),
        ("迎接 2011", ""),  # a year
        ("COVID-19", ""),
        ("廉政建设（一）的思考", ""),
        # words that end like "no" or "part"
        ("Inferno 2", "Inferno"),
        ("Piano 1", "Piano"),
        ("Counterpart IV", ""),
    ],
)
def test_the_name_of_a_series_is_the_title_without_its_part(title, name):
    assert series(title) == name


def test_parts_of_one_series_belong_together_however_they_are_counted():
    own = essay("a", "文", title="廉政建设（一）")
    assert relations(own, essay("b", "文", title="廉政建设（二）")) == ("series",)
    assert relations(own, essay("b", "文", title="廉政建设 第三讲")) == ("series",)
    assert relations(own, essay("b", "文", title="廉政建设")) == ()
    assert relations(own, essay("b", "文", title="税收征管（二）")) == ()
    assert relations(essay("a", "文", title="甲"), essay("b", "文", title="甲")) == ()


def test_the_page_lists_in_one_direction_and_an_author_is_known_or_not():
    own = replace(essay("a", "文", links=("b",)), author="张三")
    other = replace(essay("b", "文"), author="张三")
    assert relations(own, other) == ("linked", "author")
    assert relations(other, own) == ("author",)
    assert relations(replace(own, author=""), replace(other, author="")) == ("linked",)
    assert relations(own, replace(other, id="c", author="李四")) == ()


def test_all_relations_are_named_in_order():
    own = replace(essay("a", "文", title="廉政建设 1", links=("b",)), author="张三")
    assert relations(own, replace(essay("b", "文", title="廉政建设 2"), author="张三")) == (
        "linked",
        "author",
        "series",
    )
