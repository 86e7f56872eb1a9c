"""Both kinds of candidates are found with all their scores, from memory and by the index, in libraries of any kind."""

import numpy as np
import pytest
from conftest import WordEncoder, essay
from hypothesis import given, settings
from hypothesis import strategies as st
from records import put

from recommender.library.sqlite import SqliteLibrary
from recommender.search import hybrid, searcher
from recommender.search.hybrid import Asked, HybridSearcher
from recommender.types import Filter

encode = WordEncoder().encode


def asked(*texts, title=None):
    vector, own = encode(["".join(texts), title or ""], "query")
    return Asked(vector, own if title is not None else vector, texts)


def found(library, query, k=3, **options):
    """What is found, by id: the best passage's text, and the three scores."""
    result = HybridSearcher(library).find(query, k, **options)
    assert (np.diff(result.articles) > 0).all()
    texts = [passage.text for passage in library.passages(result.passages)]
    scores = (result.passage_scores, result.title_scores, result.word_scores)
    assert all(column.dtype == np.float32 and len(column) == len(texts) for column in scores)
    columns = zip(texts, *(column.tolist() for column in scores), strict=True)
    return dict(zip(library.ids(result.articles), columns, strict=True))


OTHERS = [
    essay(f"other{n}", f"{one}{two}", title="鼎") for n, (one, two) in enumerate(["子丑", "寅卯", "辰巳", "午未"])
]


@pytest.fixture
def narrow(monkeypatch):
    """Two candidates by meaning, and two by words."""
    monkeypatch.setattr(hybrid, "BY_MEANING", 2)
    monkeypatch.setattr(hybrid, "BY_WORDS", 2)


def test_every_article_has_its_best_passage_and_the_cosines_that_follow(library):
    put(library, [essay("a", "申酉", "甲乙丙戊", "甲乙", title="甲丁"), *OTHERS])
    text, *scores = found(library, asked("甲乙丙丁"))["a"]
    assert text == "甲乙丙戊"
    assert scores[:2] == pytest.approx([0.75, 2 / 8**0.5], abs=1e-6)
    assert found(library, asked("甲乙丙丁"))["other0"][1:] == (0, 0, 0)


def test_what_only_shares_words_is_found_beside_what_is_near(library, narrow):
    near = [essay(f"near{n}", "甲 乙 丙" + " 丁" * (n % 2)) for n in range(40)]
    rare = essay("rare", "戊，" + "己庚辛壬癸申酉戌亥天地玄黄宇宙洪荒")
    put(library, [*near, rare, *(essay(f"more{n}", f"日 {n}") for n in range(50))])
    scores = found(library, asked("甲 乙 丙 戊"), k=1)
    assert set(scores) == {"near0", "near2", "rare"}  # two by meaning, and two by words, one of which is among those
    assert scores["rare"][1] == pytest.approx(float(np.vdot(*encode([rare.text, "甲乙丙戊"], "query"))), abs=1e-6)
    assert all(0 < scores[id][3] < scores["rare"][3] for id in scores if id != "rare")


def test_more_are_found_if_more_are_asked_for(library, narrow):
    put(library, [essay(f"a{n}", "甲" + "".join(chr(0x4E10 + other) for other in range(n))) for n in range(30)])
    assert len(found(library, asked("甲"), k=1)) < 30
    assert len(found(library, asked("甲"), k=30)) == len(found(library, asked("甲"), k=1000)) == 30


def test_the_filter_and_the_own_article_hold_for_both_kinds(library, narrow):
    put(library, [essay("own", "甲乙"), essay("a", "甲乙"), essay("b", "甲丙"), *OTHERS])
    own = library.owners(["own"])["own"]
    assert "own" not in found(library, asked("甲乙"), k=9, without=own)
    assert set(found(library, asked("甲乙"), k=9, among=Filter(ids=("b", "own")), without=own)) == {"b"}
    assert found(library, asked("甲乙"), among=Filter(ids=("nowhere",))) == {}


def test_a_title_that_says_nothing_scores_what_the_passage_does(library):
    put(library, [essay("silent", "甲乙", title="！？"), essay("said", "甲乙", title="甲"), *OTHERS])
    scores = found(library, asked("甲乙", title="甲"))
    assert scores["silent"][1:3] == (1, 1)
    assert scores["said"][2] == 1
    # A title of the query that says nothing is none, too: it makes no article less related.
    assert found(library, asked("甲乙", title="——"))["said"][1:3] == (1, 1)


def test_articles_without_text_are_known_by_their_words_only_and_disturb_nobody(library):
    put(library, [essay("blank", title="甲 乙"), essay("z", "甲 丙"), *OTHERS, essay("last", " ", title="甲 乙")])
    scores = found(library, asked("甲 乙"))
    assert set(scores) == {"z", *(other.id for other in OTHERS)}
    assert scores["z"][3] > 0
    assert {scores[other.id][3] for other in OTHERS} == {0}


def test_libraries_of_nothing_and_of_one(library):
    assert found(library, asked("甲乙")) == {}
    put(library, [essay("blank", title="甲乙")])
    assert found(library, asked("甲乙")) == {}
    put(library, [essay("one", "甲乙")])
    assert found(library, asked("甲乙"), k=9)["one"] == ("甲乙", 1, 0, 0)
    assert found(library, asked("甲乙"), k=0)["one"][1] == 1  # ranking takes none of them


def test_titles_that_have_no_vector_yet_score_what_the_passage_does(library, tmp_path):
    import sqlite3

    put(library, [essay("a", "甲乙", title="丙"), *OTHERS])
    with sqlite3.connect(tmp_path / "library.db") as db:
        db.execute("DELETE FROM vectors WHERE text IN (SELECT text FROM titles)")
    db.close()
    assert found(library, asked("甲乙"))["a"][1:3] == (1, 1)


letters = st.text("甲乙丙丁戊", min_size=1, max_size=4)
made = st.lists(st.tuples(st.lists(letters, max_size=3), letters), max_size=12)


@settings(max_examples=25)
@given(made, letters, st.integers(0, 6), st.sets(st.integers(0, 11)))
def test_the_index_finds_what_memory_does(tmp_path_factory, made, query, k, among):
    folder = tmp_path_factory.mktemp("any")
    library = SqliteLibrary(folder / "library.db", WordEncoder())
    put(library, [essay(str(n), *paragraphs, title=title) for n, (paragraphs, title) in enumerate(made)])
    filters = Filter(ids=tuple(map(str, among)))
    small, large = HybridSearcher(library), HybridSearcher(library)
    large.dense = searcher.Searcher(library, exact=0)
    large.dense.prepare()
    one, other = (s.find(asked(query), k, filters, without=1) for s in (small, large))
    for name in ("articles", "passages", "passage_scores", "title_scores", "word_scores"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
    assert 1 not in one.articles
    library.close()
