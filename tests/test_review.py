"""An essay beside its pieces: planted words say which paragraph a piece serves, and where a page is wrong."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from conftest import essay

from recommender.embed import Encoder
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.review import PageList, coverage, page_list
from recommender.segment import paragraphs
from recommender.types import Article


def text(first: int, last: int, step: int = 1) -> str:
    """The words with these numbers. Two such texts are alike by the numbers that both have."""
    return " ".join(f"word{n}" for n in range(first, last, step))


FILLERS = [essay(f"filler{n}", text(1000 + 40 * n, 1040 + 40 * n), title=f"nothing {n}") for n in range(6)]
FIRST, SECOND, THIRD = text(0, 20), text(100, 120), text(200, 220)


# --- which paragraph each piece serves ---


@pytest.fixture
def three(recommender: Recommender) -> Article:
    """An essay of three paragraphs: one piece is about the second, one about the first, none about the third."""
    article = essay("essay", FIRST, SECOND, THIRD)
    recommender.put([article, essay("second", SECOND), essay("first", FIRST), *FILLERS])
    return article


def served(recommender: Recommender, article: Article) -> dict[str, int | None]:
    found = recommender.related(article, 9)
    return dict(zip([p.article.id for p in found], coverage(recommender, article, found).serves, strict=True))


def test_each_piece_serves_the_paragraph_that_it_is_about(recommender: Recommender, three: Article) -> None:
    assert served(recommender, three) == {"first": 0, "second": 1} | {f.id: None for f in FILLERS}


def test_what_nothing_is_about_is_bare(recommender: Recommender, three: Article) -> None:
    covered = coverage(recommender, three, [])
    assert covered.bare == (2,)
    assert covered.paragraphs == tuple(paragraphs(three))


@pytest.mark.parametrize("id_", ["", "elsewhere"])
def test_an_essay_that_is_not_in_the_library(recommender: Recommender, three: Article, id_: str) -> None:
    recommender.remove(["essay"])
    pasted = essay(id_, FIRST, SECOND, THIRD)
    assert served(recommender, pasted) == {"first": 0, "second": 1} | {f.id: None for f in FILLERS}
    assert coverage(recommender, pasted, []).bare == (2,)


def test_an_essay_alone_is_bare(recommender: Recommender) -> None:
    article = essay("essay", FIRST, SECOND)
    recommender.put([article])
    assert coverage(recommender, article, []).bare == (0, 1)


def test_a_piece_that_rests_on_words_covers_a_paragraph(recommender: Recommender) -> None:
    """Its long passage is far from the paragraph in meaning, but has all its words."""
    article = essay("essay", text(0, 10), THIRD)
    recommender.put([article, essay("long", text(0, 10) + " " + text(500, 560)), *FILLERS])
    assert coverage(recommender, article, []).bare == (1,)


def test_bare_is_what_the_page_finds_nothing_for(seed_recommender: Recommender) -> None:
    article = seed_recommender.first_article()
    assert article
    found = seed_recommender.related(article, 9)
    covered = coverage(seed_recommender, article, found)
    for at, paragraph in enumerate(paragraphs(article)):
        is_bare = all(row.relevance == "unrelated" for row in seed_recommender.related(paragraph, 9))
        assert (at in covered.bare) == is_bare
    assert not {at for at in covered.serves if at is not None} & set(covered.bare)
    assert covered.serves[0] is not None
    # The best piece serves the paragraph that its best passage is nearest to.
    scores = seed_recommender.similarities_to(article, [found[0].article.id])[:, 0]
    assert scores[covered.serves[0]] == scores.max()


# --- what a page lists ---

ESSAY = text(0, 40)
# Of the essay's forty words they have forty, in another order, then twenty, twelve and five, beside words of their own.
WHOLE = essay("whole", " ".join(reversed(ESSAY.split())), title="whole")
MOST = essay("most", f"{text(0, 20)} {text(300, 320)}", title="most")
HALF = essay("half", f"{text(20, 32)} {text(400, 428)}", title="half")
LITTLE = essay("little", f"{text(34, 39)} {text(500, 535)}", title="little")


def judged(recommender: Recommender, *links: str, besides: tuple[Article, ...] = tuple(FILLERS)) -> PageList:
    article = essay("essay", ESSAY, title="essay", links=links)
    recommender.put([article, WHOLE, MOST, HALF, LITTLE, *besides])
    return page_list(recommender, article)


def test_the_page_and_the_texts_by_hand(recommender: Recommender) -> None:
    found = judged(recommender, "little", "gone", "most", "half")
    assert [one.recommendation.article.id for one in found.listed] == ["little", "most", "half"]
    # The texts have it: whole, most, half, little.
    assert [one.place for one in found.listed] == [4, 2, 3]
    assert [row.article.id for row in found.found][:4] == ["whole", "most", "half", "little"]
    assert found.absent == 1
    assert [row.article.id for row in found.missing] == ["whole"]
    assert found.overlap == pytest.approx(2 / 3)  # whole, most, half: the page has two
    assert found.correlation == pytest.approx(-1 / 3)  # of three pairs, most before half alone is in order


def test_a_page_that_is_right(recommender: Recommender) -> None:
    found = judged(recommender, "whole", "most", "half", "little")
    assert [one.place for one in found.listed] == [1, 2, 3, 4]
    assert (found.absent, found.missing, found.overlap, found.correlation) == (0, (), 1, pytest.approx(1))


def test_a_library_of_the_listed_pieces_cannot_tell_what_is_missing(recommender: Recommender) -> None:
    found = judged(recommender, "little", "most", "half", "whole", besides=())
    assert found.missing == ()
    assert found.overlap is None
    assert found.correlation is not None


def test_a_listed_piece_beyond_those_looked_at_has_no_place(recommender: Recommender) -> None:
    article = essay("essay", ESSAY, title="essay", links=["filler5", "whole"])
    recommender.put([article, WHOLE, MOST, HALF, LITTLE, *FILLERS])
    found = page_list(recommender, article, 2)
    assert [one.place for one in found.listed] == [None, 1]
    assert len(found.found) == 3
    assert found.correlation == pytest.approx(-1)


def test_a_page_without_a_list(recommender: Recommender) -> None:
    found = judged(recommender)
    assert (found.listed, found.absent, found.overlap, found.correlation) == ((), 0, None, None)
    assert [row.article.id for row in found.missing][:1] == ["whole"]


def test_a_list_of_what_is_gone(recommender: Recommender) -> None:
    found = judged(recommender, "gone", "lost")
    assert (found.listed, found.absent, found.overlap, found.correlation) == ((), 2, None, None)


def test_a_page_that_lists_itself_or_a_piece_twice(recommender: Recommender) -> None:
    found = judged(recommender, "essay", "most", "most")
    assert [one.recommendation.article.id for one in found.listed] == ["most"]
    assert (found.absent, found.overlap, found.correlation) == (0, 0, None)


def test_another_wording_of_what_is_listed_is_not_missing(recommender: Recommender) -> None:
    copies = (essay("copy", WHOLE.text, title="a copy"), essay("own copy", ESSAY, title="the essay elsewhere"))
    found = judged(recommender, "copy", "most", besides=(*copies, *FILLERS))
    assert [row.relations for row in found.found if row.article.id == "own copy"] == [("repost",)]
    assert "whole" in [row.article.id for row in found.found]  # the row that the copy stands in
    places = {row.article.id: place for place, row in enumerate(found.found, 1)}
    assert [one.place for one in found.listed] == [places["whole"], places["most"]]
    assert not {"whole", "copy", "own copy"} & {row.article.id for row in found.missing}


# --- titles ---


def test_the_sample_page_lists_by_title(seed_recommender: Recommender) -> None:
    article = seed_recommender.first_article()
    assert article
    found = page_list(seed_recommender, article)
    unrelated = [one for one in found.listed if one.recommendation.relevance == "unrelated"]
    assert len(unrelated) >= 3
    for one in found.listed:
        is_form = one in unrelated and "浅见" in one.recommendation.article.title
        assert one.in_title == (("浅见",) if is_form else ())
    places = [one.place for one in found.listed]
    assert sorted(place or 0 for place in places) == list(range(1, 10))
    signs = [1 if a < b else -1 for a, b in combinations([place or 0 for place in places], 2)]
    assert found.correlation == pytest.approx(sum(signs) / len(signs))
    assert (found.absent, found.missing, found.overlap) == (0, (), None)


def test_titles_alike_and_texts_not(embedded: Encoder, tmp_path: Path) -> None:
    recommender = Recommender(SqliteLibrary(tmp_path / "library.db", embedded), embedded)
    pieces = [
        essay("form", "苹果树冬季修剪要疏去过密的枝条，伤口涂上石蜡。", title="苹果树修剪之浅见"),
        essay("subject", "把牛肉切成薄片，加入料酒和淀粉腌制，大火快炒出锅。", title="税收征管队的球赛"),
        essay("neither", "球队在最后一分钟踢进点球，客队一分也没有拿到。", title="点球"),
        essay("related", "税务机关依法征收增值税，纳税人按期申报。", title="纳税人之浅见"),
    ]
    article = essay(
        "essay", "税务机关要规范增值税的征收，方便纳税人申报。", title="税收征管之浅见", links=[p.id for p in pieces]
    )
    recommender.put([article, *pieces])
    assert {one.recommendation.article.id: one.in_title for one in page_list(recommender, article).listed} == {
        "form": ("浅见",),
        "subject": ("税收征管",),
        "neither": (),
        "related": (),
    }
