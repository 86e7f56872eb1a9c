"""The map of a library: its themes, what is placed later, and what is stored."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from conftest import WordEncoder, essay

from recommender.cartographer import Cartographer
from recommender.library import Library
from recommender.recommend import Recommender

# Words that go together, so that the truth is planted: an article is about one subject alone.
SUBJECTS = {
    "kitchen": ["bake", "bread", "oven", "flour", "yeast", "dough", "butter", "sugar", "pastry", "crust"],
    "garden": ["plant", "tulip", "soil", "spade", "seed", "bloom", "prune", "hedge", "lawn", "compost"],
    "harbour": ["anchor", "vessel", "crane", "cargo", "tide", "dock", "sailor", "rope", "lighthouse", "buoy"],
}


def articles(each: int, first: int = 0):
    choose = np.random.default_rng(first)
    return [
        essay(f"{subject}-{number}", " ".join(choose.permutation(words)[:7]), title=f"{subject} {number}")
        for subject, words in SUBJECTS.items()
        for number in range(first, first + each)
    ]


@pytest.fixture
def cartographer(recommender: Recommender) -> Cartographer:
    recommender.put(articles(20))
    return Cartographer(recommender)


def subjects(cartographer: Cartographer, owners: np.ndarray) -> np.ndarray:
    return np.array([id_.partition("-")[0] for id_ in cartographer.recommender.library.ids(owners)])


def test_planted_subjects_are_themes_with_their_own_words(cartographer):
    atlas = cartographer.draw()
    of = subjects(cartographer, atlas.owners)
    for theme in (theme for theme in atlas.themes if theme.parent == -1):
        [subject] = set(of[atlas.broad == theme.number])
        assert theme.size == 20
        assert set(theme.words) <= {*SUBJECTS[subject], subject}
    assert sorted(np.unique(atlas.broad)) == [0, 1, 2]


def test_the_same_library_has_the_same_map_and_it_is_stored(cartographer, open_library: Callable[..., Library]):
    drawn = cartographer.draw()
    again = Cartographer(Recommender(open_library(WordEncoder()), WordEncoder())).stored()
    assert again is not None and again.themes == drawn.themes
    assert (again.xy == drawn.xy).all() and (again.trust == drawn.trust).all()


def test_a_map_is_due_where_there_is_none_and_when_a_tenth_has_changed(cartographer):
    assert cartographer.stored() is None and cartographer.is_due()
    cartographer.draw()
    assert not cartographer.is_due()
    cartographer.recommender.put(articles(2, first=20))
    assert not cartographer.is_due()
    cartographer.recommender.put(articles(2, first=30))
    assert cartographer.is_due()


def test_new_articles_are_placed_in_their_theme_and_nothing_moves(cartographer):
    before = cartographer.draw()
    cartographer.recommender.put(articles(2, first=20))
    after = cartographer.stored()
    old = np.isin(after.owners, before.owners)
    assert (after.xy[old] == before.xy).all() and (after.broad[old] == before.broad).all()
    of = subjects(cartographer, after.owners)
    for row in np.flatnonzero(~old):
        assert after.broad[row] == before.broad[subjects(cartographer, before.owners) == of[row]][0]
        nearest = np.linalg.norm(before.xy - after.xy[row], axis=1).argmin()
        assert subjects(cartographer, before.owners)[nearest] == of[row]


def test_what_is_removed_is_not_on_the_map(cartographer):
    cartographer.draw()
    cartographer.recommender.remove(["garden-3"])
    assert "garden-3" not in cartographer.recommender.library.ids(cartographer.stored().owners)
    assert len(cartographer.stored().owners) == 59


def test_a_pasted_paragraph_lands_among_its_neighbours(cartographer):
    atlas = cartographer.draw()
    pasted = essay("", "tulip soil spade seed", "anchor vessel crane cargo")
    for place, subject in zip(cartographer.place(pasted), ("garden", "harbour"), strict=True):
        nearest = np.linalg.norm(atlas.xy - place, axis=1).argmin()
        assert subjects(cartographer, atlas.owners)[nearest] == subject


def test_a_drawing_that_is_interrupted_leaves_the_one_before(cartographer):
    cartographer.draw()
    kept = cartographer.recommender.library.atlases.drawing()
    cartographer.recommender.put(articles(5, first=40))

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cartographer.draw(stop)
    assert cartographer.recommender.library.atlases.drawing() == kept
