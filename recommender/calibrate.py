"""Scores -> a word that means the same for every model and library.

Two texts that have nothing in common score about 0.0 under one model and 0.75 under another. So each model is asked
once how similar it finds texts that are known to be unrelated, and a cosine is read against that background. Words are
weighed by how few articles of the library have them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from recommender.embed import Encoder, Vectors
from recommender.library import Fit
from recommender.rank import meaning
from recommender.search import cosine
from recommender.segment import is_chinese
from recommender.types import Bands, Match, Relevance

# How much common words add to the meaning. What has so many of the query's words that these alone say more, such as a
# rare name, is as close as they say. Chosen with queries that 1,104 pages of seealso_en_cpp (dev) or 3,000 articles of
# fudan (train) can answer, and others that they cannot: python -m benchmarks.abstention.
WORDS = 0.25
# Where a match begins to be weak, medium and strong, on the way from what chance gives to the same text. In the first
# ten of seealso_en (dev), 9% of the weak are related by its editors, 15% of the medium, and 26% of the strong.
WEAK, MEDIUM, STRONG = 0.03, 0.2, 0.4
# They hold until editors' decisions say better: see ``fit``.
BUILT_IN = Bands(WEAK, MEDIUM, STRONG)
# A model that scatters so much that chance reaches all says at least that a text is the same.
CERTAIN = 0.99

# Short passages about subjects that have nothing to do with one another, in the languages the product meets most.
_UNRELATED = (
    "把牛肉切成薄片，加入料酒和淀粉腌制二十分钟，大火快炒至变色即可出锅。",
    "The telescope recorded the light of a galaxy that formed less than a billion years after the Big Bang.",
    "这款手机的电池容量有所增加，屏幕刷新率提高，充电半小时可以用上一整天。",
    "冬季养护月季要控制浇水，剪去枯枝弱枝，在根部覆盖一层稻草防冻。",
    "The goalkeeper saved a penalty in the last minute, and the visitors went home with one point.",
    "患者术后第三天体温恢复正常，伤口无红肿渗出，可以进食半流质食物。",
    "唐代诗人常借明月抒发思乡之情，意境开阔，语言质朴自然。",
    "To change a bicycle tyre, release the brake, take out the wheel and push the bead over the rim.",
    "央行宣布下调存款准备金率，释放长期流动性，债券市场收益率应声下行。",
    "大熊猫主要生活在海拔两千米以上的竹林中，每天要花十几个小时进食。",
    "Sort the list before the search: a binary search needs only logarithmic time.",
    "古城的城墙建于明代，游客可以骑自行车绕行一周，黄昏时景色最好。",
    "孩子发脾气时，家长先要让自己平静下来，再用简短的话说出他的感受。",
    "The court held that the contract was void because one party had been misled about the goods.",
    "台风将于明天夜间登陆沿海地区，预计带来大到暴雨，渔船应尽快回港。",
    "小提琴协奏曲的第二乐章缓慢而忧伤，独奏与木管乐器相互呼应。",
    "高铁隧道施工采用盾构法，地质队每日监测岩层的沉降和涌水量。",
    "She knitted the scarf from grey wool, changing to blue for the last ten rows.",
    "细胞通过有丝分裂把遗传物质平均分配到两个子细胞中。",
    "二手房交易前应查清产权和抵押情况，定金不宜超过房款的两成。",
    "Vaccination in early childhood prevents measles, and two doses protect nearly everyone.",
    "The central bank kept interest rates steady, citing slower growth in wages.",
    "Plant the bulbs in autumn, twice as deep as they are high, in well-drained soil.",
    "The orchestra opened its season with a symphony that had not been played for decades.",
    "Under the new timetable, trains to the airport leave every quarter of an hour.",
    "Bees find their way by the position of the sun, even when clouds cover most of the sky.",
    "Candidates must hold a degree in law and have worked for at least three years.",
    "Bake the bread at high heat for ten minutes, then lower the temperature.",
    "羽毛球双打讲究轮转补位，发球后应立即封住网前。",
    "陶器烧制时窑温要缓慢上升，过快会使坯体开裂。",
    "Remove stains of red wine with salt and cold water before washing the cloth.",
)


@dataclass(frozen=True)
class Background:
    """How similar a model finds unrelated texts: the mean and the standard deviation of their cosines."""

    mean: float
    deviation: float

    def chance(self, passages: int) -> float:
        """What the nearest of so many unrelated passages reaches by chance, from 0 for the mean to 1 for the same text.

        The expected maximum of n normal values is about sqrt(2 ln n) standard deviations.
        """
        return min(self.deviation / (1 - self.mean) * sqrt(2 * log(max(passages, 2))), CERTAIN)

    def closeness(self, match: Match, passages: int) -> float:
        """How close an article of a library of so many passages is to the query.

        From 0 for what chance may reach, and less, to 1 for the same text.
        """
        passage, title = (np.array([score], np.float32) for score in (match.score, match.title_score))
        near = float(meaning(passage, title, self.mean)[0]) + WORDS * match.word_score
        chance = self.chance(passages)
        return float(np.clip((max(near, match.word_score) - chance) / (1 - chance), 0, 1))


def relevance(closeness: float, bands: Bands = BUILT_IN) -> Relevance:
    """The word for how close an article is; what chance may reach is unrelated."""
    if closeness < bands.weak:
        return "unrelated"
    return "strong" if closeness >= bands.strong else "medium" if closeness >= bands.medium else "weak"


def in_force(fit: Fit | None) -> Bands:
    """The bands that words go by: those of the last fit, the built-in ones if there is none or it was taken back."""
    return fit.bands if fit and fit.bands else BUILT_IN


class Calibration:
    """The backgrounds of a model: it is asked once about all pairs of some unrelated passages.

    Chinese pairs, other pairs and mixed pairs have backgrounds of their own: many a model finds any two texts of one
    language more alike than two of different ones, and to a model that knows no Chinese all Chinese is the same.
    """

    def __init__(self, encoder: Encoder) -> None:
        similarity = cosine(encoder.encode(_UNRELATED, "query"), encoder.encode(_UNRELATED, "passage"))
        chinese = np.array([is_chinese(text) for text in _UNRELATED])
        self._backgrounds = {
            (query, passage): _background(similarity[np.ix_(chinese == query, chinese == passage)], query == passage)
            for query in (True, False)
            for passage in (True, False)
        }

    def between(self, query: str, passage: str) -> Background:
        """What to read the cosine of a query and a passage against."""
        return self._backgrounds[is_chinese(query), is_chinese(passage)]


def _background(similarity: Vectors, has_self_pairs: bool) -> Background:
    pairs = similarity[~np.eye(len(similarity), dtype=bool)] if has_self_pairs else similarity
    # A model that finds everything the same has no scale to read; keep the division defined.
    return Background(min(float(pairs.mean()), 1 - 1e-6), float(pairs.std()))
