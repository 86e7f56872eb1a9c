"""What a reader relies on: rare names are found, reposts take one row, every setting does what it says and no more."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from conftest import essay
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.search import searcher
from recommender.types import Filter, Ranking, RecommenderError

MEANING = Ranking(words=0)


def ids(found):
    return [r.article.id for r in found]


# --- rare names, numbers and quotations among hundreds of texts that are near ---

WHO = [
    "乡村教师",
    "县委书记",
    "科研人员",
    "青年干部",
    "社区民警",
    "退休工人",
    "返乡青年",
    "驻村医生",
    "企业职工",
    "大学校长",
]
DOES = [
    "扎根基层默默奉献",
    "攻克关键核心技术",
    "带领群众脱贫致富",
    "关爱留守儿童成长",
    "坚守岗位数十年如一日",
    "推动改革发展落实",
]
SAID = [
    "受到群众的一致好评",
    "荣获全国先进个人称号",
    "事迹感动了许多读者",
    "中央媒体作了集中报道",
    "各地号召向榜样学习",
]
RULE = ["关于进一步加强{}工作的意见", "关于做好{}工作的通知", "关于深化{}改革的若干规定"]
SUBJECT = [
    "节能减排",
    "安全生产",
    "食品监管",
    "土地管理",
    "政府采购",
    "义务教育",
    "防汛抗旱",
    "知识产权",
    "乡村振兴",
    "税收征管",
]


def distractors():
    """360 articles on what the planted ones are about: good deeds, documents, studies and software."""
    deeds = [f"{who}{does}，{said}。" for who in WHO for does in DOES for said in SAID[:3]]
    documents = [
        f"国务院印发国发〔{year}〕{number}号文件《{rule.format(subject)}》，要求各地认真贯彻执行。"
        for rule in RULE for subject in SUBJECT for year, number in ((2011, 50), (2012, 5), (2015, 15), (2013, 51))
    ]  # fmt: skip
    studies = [f"学者研究{subject}与历史典籍、思想意识的关系，引用《汉书》与“两个维护”。" for subject in SUBJECT * 2]
    software = [f"The {kind} release {n} runs on arm_{n} and x86_{n} machines." for n in range(4) for kind in SUBJECT]
    return [essay(f"d{n}", text, title=text[:12]) for n, text in enumerate(deeds + documents + studies + software)]


PLANTED = {
    "张桂梅": "张桂梅创办了一所免费的女子高中，受到群众的一致好评。",
    "钱学森": "科研人员钱学森攻克关键核心技术，荣获全国先进个人称号。",
    "闻人牧野": "退休工人闻人牧野关爱留守儿童成长，事迹感动了许多读者。",
    "令狐子衿": "据报道，社区民警令狐子衿坚守岗位数十年如一日。",
    "国发〔2011〕5号": "国务院印发国发〔2011〕5号文件，要求各地认真贯彻执行。",
    "“四个意识”": "干部要牢固树立“四个意识”，推动改革发展落实。",
    "《史记》": "学者研究《史记》与历史典籍、思想意识的关系。",
    "x86_64": "The release runs on x86_64 machines.",
    "COVID-19": "驻村医生在COVID-19流行期间坚守岗位，受到好评。",
    "Zbigniew Przybylski": "The release manager was Zbigniew Przybylski.",
}
TRADITIONAL = {
    "張桂梅": "张桂梅", "錢學森": "钱学森", "聞人牧野": "闻人牧野", "國發〔2011〕5號": "国发〔2011〕5号",
    "“四個意識”": "“四个意识”", "《史記》": "《史记》", "ＣＯＶＩＤ－１９": "COVID-19", "X86_64": "x86_64",
}  # fmt: skip


@pytest.fixture(scope="module")
def haystack(embedded, tmp_path_factory):
    recommender = Recommender(SqliteLibrary(tmp_path_factory.mktemp("haystack") / "library.db", embedded), embedded)
    every = distractors()
    needles = [essay(name, text, title="一则报道") for name, text in PLANTED.items()]
    recommender.put([*every[:100], *needles, essay("traditional", "劉歆撰《七略》，開目錄學之先河。"), *every[100:]])
    assert len(every) > 300
    return recommender


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.parametrize("form", ["{}", "关于{}的报道", "请问有没有与{}有关的文章？"])
def test_rare_names_numbers_and_quotations_are_within_the_first_three(haystack, name, form):
    assert name in ids(haystack.related(form.format(name), 3))


@pytest.mark.parametrize(("asked", "name"), TRADITIONAL.items())
def test_both_scripts_and_widths_find_each_other(haystack, asked, name):
    assert name in ids(haystack.related(asked, 3))


def test_a_simplified_query_finds_traditional_articles(haystack):
    assert ids(haystack.related("刘歆《七略》", 3))[0] == "traditional"


def test_a_rare_name_alone_is_no_unrelated_match(haystack):
    for name in ("闻人牧野", "国发〔2011〕5号", "Zbigniew Przybylski"):
        assert haystack.related(name, 1)[0].relevance != "unrelated"


def test_a_query_in_another_language_is_answered_by_meaning(embedded, tmp_path):
    recommender = Recommender(SqliteLibrary(tmp_path / "library.db", embedded), embedded)
    texts = {
        "school": "农村学校缺少年轻教师，应当提高教师的工资待遇。",
        "tax": "税务部门简化纳税申报，减轻企业的税收负担。",
        "water": "农田采用滴灌技术，节约灌溉用水。",
        "court": "法院公开审理合同纠纷案件，当庭宣判。",
    }
    recommender.put([essay(id, text, title=text[:8]) for id, text in texts.items()])
    asked = {
        "school": "Rural schools lack young teachers", "tax": "Lower taxes for companies",
        "water": "Saving water in irrigation", "court": "The court ruled on a contract",
    }  # fmt: skip
    for id, query in asked.items():
        best = recommender.related(query)[0]
        assert (best.article.id, best.word_score) == (id, 0)


# --- reposts ---

THEME = [
    "乡村教师是教育公平的基石，许多山区学校至今缺少音乐、美术和英语老师，孩子们只能由语文老师代课。",
    "县里去年招聘了四十名特岗教师，可是三年服务期一满，一半以上的人选择了离开，留下的多是本地人。",
    "调研发现，除了工资，教师最在意的是住房和子女入学，周转宿舍没有厨房，孩子要到镇上寄宿。",
    "有的地方探索轮岗交流，城里骨干教师到村小任教一年，回来后在评职称时优先，效果并不理想。",
    "专家建议把编制和补贴向最偏远的教学点倾斜，让在那里坚守十年以上的教师得到实实在在的荣誉。",
]
SAME_THEME = [
    "信息技术正在改变山村课堂，一块屏幕把省城名师的课送到大山深处，但设备坏了常常没有人会修。",
    "营养午餐实施以后，贫困地区学生的身高和体重明显改善，食堂采购的账目每周在校门口张贴公示。",
    "撤点并校让一些孩子每天要走两个小时的山路上学，寄宿又带来生活照料的难题，家长意见很大。",
    "职业中学开设了茶叶种植和电商课程，学生毕业后留在家乡创业，带动了周围几个村子的农户增收。",
]
ORIGINAL = essay("original", *THEME, title="让乡村教师留得住")
REPOSTS = {
    "retitled": replace(ORIGINAL, id="retitled", title="山区的讲台谁来站"),
    "edited": essay(
        "edited", *[line.replace("许多", "不少").replace("建议", "提出") for line in THEME], title="乡村教师"
    ),
    "traditional": essay(
        "traditional",
        "鄉村教師是教育公平的基石，許多山區學校至今缺少音樂、美術和英語老師，孩子們只能由語文老師代課。",
        "縣裡去年招聘了四十名特崗教師，可是三年服務期一滿，一半以上的人選擇了離開，留下的多是本地人。",
        "調研發現，除了工資，教師最在意的是住房和子女入學，周轉宿舍沒有廚房，孩子要到鎮上寄宿。",
        "有的地方探索輪崗交流，城裡骨幹教師到村小任教一年，回來後在評職稱時優先，效果並不理想。",
        "專家建議把編制和補貼向最偏遠的教學點傾斜，讓在那裡堅守十年以上的教師得到實實在在的榮譽。",
        title="讓鄉村教師留得住",
    ),
    "abstract": replace(essay("abstract", THEME[0] + THEME[1][:30] + "……"), truncated=True),
}
OTHERS = [essay(f"other{n}", line, title=line[:10]) for n, line in enumerate(SAME_THEME)]


@pytest.fixture(scope="module")
def reposted(embedded, tmp_path_factory):
    recommender = Recommender(SqliteLibrary(tmp_path_factory.mktemp("reposted") / "library.db", embedded), embedded)
    recommender.put([OTHERS[0], ORIGINAL, *OTHERS[1:], *REPOSTS.values()])
    return recommender


@pytest.mark.parametrize("query", ["山区乡村教师为什么留不住", THEME[0], THEME[4], "孩子 教师 山区"])
@pytest.mark.parametrize("k", [2, 5, 20])
def test_reposts_never_appear_twice_and_others_on_the_theme_are_never_merged(reposted, query, k):
    found = reposted.related(query, k)
    family = {"original", *REPOSTS}
    shown = [r for r in found if r.article.id in family]
    assert len(shown) == 1
    assert {shown[0].article.id, *(repost.id for repost in shown[0].reposts)} == family
    assert {len(r.reposts) for r in found if r not in shown} <= {0}
    assert len(found) == min(k, 1 + len(OTHERS))
    assert {r.article.id for r in found} - family <= {other.id for other in OTHERS}


def test_without_collapse_each_has_its_row(reposted):
    found = reposted.related(THEME[0], 20, ranking=Ranking(collapse=False))
    assert len(found) == 1 + len(REPOSTS) + len(OTHERS)
    assert all(r.reposts == () for r in found)


def test_a_repost_of_the_asking_article_is_labelled_and_can_be_left_out(reposted):
    for ranking in (Ranking(), Ranking(diversity=0.5), MEANING):
        first, *others = reposted.related(ORIGINAL, ranking=ranking)
        assert first.relations == ("repost",)
        assert {first.article.id, *(repost.id for repost in first.reposts)} == set(REPOSTS)
        left = reposted.related(ORIGINAL, ranking=replace(ranking, without=("repost",)))
        assert sorted(ids(left)) == sorted(ids(others)) == sorted(other.id for other in OTHERS)


def test_reposts_of_the_asking_article_are_known_and_left_out_without_collapse_too(reposted):
    plain = Ranking(collapse=False)
    found = reposted.related(ORIGINAL, ranking=plain)
    assert {r.article.id for r in found if "repost" in r.relations} == set(REPOSTS)
    left = reposted.related(ORIGINAL, ranking=replace(plain, without=("repost",)))
    assert {r.article.id for r in left} == {other.id for other in OTHERS}


def test_an_editor_splits_reposts_and_joins_them_again(recommender):
    text = "".join(THEME)
    recommender.put([essay("a", text), essay("b", text), essay("c", text)])
    assert [(r.article.id, len(r.reposts)) for r in recommender.related(THEME[0])] == [("a", 2)]
    recommender.set_apart("c", ["a"])
    assert [(r.article.id, ids_of(r.reposts)) for r in recommender.related(THEME[0])] == [("a", ["b"]), ("c", [])]
    recommender.set_apart("b", ["a", "c"])
    assert ids(recommender.related(THEME[0])) == ["a", "b", "c"]
    own = recommender.article("a")
    assert [r.relations for r in recommender.related(own)] == [(), ()]  # an editor has the last word
    recommender.set_apart("a", ["b", "c"], apart=False)
    recommender.set_apart("c", ["b"], apart=False)
    assert [(r.article.id, len(r.reposts)) for r in recommender.related(THEME[0])] == [("a", 2)]


def ids_of(articles):
    return [article.id for article in articles]


# --- every setting ---


def test_meaning_alone_and_words_alone_are_the_ends(recommender):
    near = essay("near", "甲 乙 丙 子", title="甲")
    rare = essay("rare", "戊 丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒", title="丁")
    recommender.put([near, rare, *(essay(f"o{n}", f"甲 乙 金{n}", title="丁") for n in range(9))])
    query = "甲 乙 丙 戊 戊 戊"
    meant, worded = (recommender.related(query, 20, ranking=Ranking(words=share)) for share in (0, 1))
    assert ids(meant)[0] == "near"
    assert ids(meant)[-1] == "rare"
    assert ids(worded)[0] == "rare"
    assert [r.word_score for r in worded] == sorted((r.word_score for r in worded), reverse=True)
    assert recommender.related(query, 20, ranking=Ranking())[0].article.id in ("near", "rare")


def test_a_half_life_turns_the_order(recommender):
    old, new = (str(date.today() - timedelta(days=days)) for days in (3650, 1))
    recommender.put([
        replace(essay("old", "甲乙丙丁"), date=old),
        replace(essay("new", "甲乙丙戊"), date=new),
        essay("undated", "甲己庚辛"),
    ])  # fmt: skip
    assert ids(recommender.related("甲乙丙丁", ranking=MEANING)) == ["old", "new", "undated"]
    turned = recommender.related("甲乙丙丁", ranking=replace(MEANING, half_life=365))
    assert ids(turned)[0] == "new"
    assert turned[0].score == 0.75  # only its place changes
    assert ids(recommender.related("甲乙丙丁", ranking=replace(MEANING, half_life=1e6))) == ["old", "new", "undated"]


def test_more_and_less_move_the_order(recommender):
    recommender.put([essay("a", "甲丙丁戊"), essay("b", "甲己庚辛"), essay("fruit", "己庚辛"), essay("blank", " ")])
    plain, more, less = (
        recommender.related("甲", ranking=replace(MEANING, more=more, less=less))
        for more, less in (((), ()), (("fruit",), ()), ((), ("a",)))
    )
    assert ids(plain)[:2] == ["a", "b"]
    assert ids(more)[:2] == ["b", "fruit"]
    assert ids(less)[:2] == ["b", "a"]
    # What is not there, or has no text, moves nothing.
    for gone in (("nowhere",), ("blank",)):
        assert ids(recommender.related("甲", ranking=replace(MEANING, more=gone, less=gone))) == ids(plain)


def test_diversity_takes_the_second_from_elsewhere(recommender):
    one, same, other = essay("one", "甲乙丙丁"), essay("same", "甲乙丙丁戊"), essay("other", "甲乙己庚辛壬癸")
    recommender.put([one, same, other])
    plain = Ranking(words=0, collapse=False)
    assert ids(recommender.related("甲乙丙丁", 2, ranking=plain)) == ["one", "same"]
    assert ids(recommender.related("甲乙丙丁", 2, ranking=replace(plain, diversity=0.7))) == ["one", "other"]


def test_relations_are_labelled_and_left_out_only_when_asked(recommender):
    own = replace(essay("own", "甲乙丙丁", title="廉政建设（一）", links=("listed",)), author="张三")
    others = [
        essay("listed", "甲乙丙戊", title="一"),
        replace(essay("same author", "甲乙己戊", title="二"), author="张三"),
        essay("series", "甲乙庚戊", title="廉政建设（二）"),
        replace(essay("all", "甲辛庚戊", title="廉政建设（三）"), author="张三"),
    ]
    recommender.put([own, *others])
    assert {r.article.id: r.relations for r in recommender.related(own)} == {
        "listed": ("linked",), "same author": ("author",), "series": ("series",), "all": ("author", "series"),
    }  # fmt: skip
    for without, left in (
        (("linked",), {"same author", "series", "all"}),
        (("author",), {"listed", "series"}),
        (("series", "linked"), {"same author"}),
        (("linked", "author", "series", "repost"), set()),
    ):
        assert set(ids(recommender.related(own, ranking=Ranking(without=without)))) == left
    assert len(recommender.related("甲乙", ranking=Ranking(without=("author", "series")))) == 5  # nobody asks


def test_a_short_list_is_filled_from_further_down(recommender):
    text = "".join(THEME)
    copies = [essay(f"copy{n}", text) for n in range(30)]
    recommender.put([*copies, *OTHERS])
    assert ids(recommender.related(THEME[0], 3, ranking=MEANING))[0] == "copy0"
    assert len(recommender.related(THEME[0], 3, ranking=MEANING)) == 3
    own = essay("own", "甲乙", links=tuple(copy.id for copy in copies))
    found = recommender.related(own, 3, ranking=Ranking(without=("linked",), collapse=False))
    assert set(ids(found)) <= {other.id for other in OTHERS}
    assert len(found) == 3


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"words": 1.1}, "between 0 and 1, got 1.1"),
        ({"diversity": -0.1}, "between 0 and 1, got -0.1"),
        ({"half_life": -1}, "got -1"),
        ({"half_life": float("inf")}, "got inf"),
    ],
)
def test_a_setting_out_of_its_range_is_refused(recommender, setting, message):
    recommender.put(OTHERS)
    with pytest.raises(ValueError, match=message):
        recommender.related("甲", ranking=Ranking(**setting))


# --- what holds for every setting ---

POOL = [
    essay(id, *text.split("|"), title=title, links=links)
    for id, text, title, links in (
        ("a", "甲 乙 丙|丁 戊", "甲 乙", ("b", "e")),
        ("b", "甲 乙 丙|丁 戊", "", ("a",)),
        ("c", "甲 己", "庚（一）报告", ()),
        ("d", "丙 丁|甲", "关于庚的报告（一）", ()),
        ("e", "戊 戊", "关于庚的报告（二）", ("e",)),
        ("f", " ", "甲 乙 丙", ()),
        ("g", "天 地", "！", ()),
        ("h", "天 地 玄", "", ()),
    )
]  # fmt: skip
DATES = ["", "2020", "2024-05", "2024-05-01"] * 2
POOL = [replace(a, author="张三" if a.id in "ade" else "", date=d) for a, d in zip(POOL, DATES, strict=True)]
ID = st.sampled_from("abcdefgh")
rankings = st.builds(
    Ranking,
    words=st.floats(0, 1),
    diversity=st.sampled_from([0.0, 0.0, 0.3, 1.0]),
    half_life=st.sampled_from([0.0, 30.0]),
    more=st.lists(ID, max_size=2).map(tuple),
    less=st.lists(ID, max_size=2).map(tuple),
    without=st.sets(st.sampled_from(["linked", "author", "series", "repost"])).map(tuple),
    collapse=st.booleans(),
)
queries = ID.map(lambda id: next(a for a in POOL if a.id == id)) | st.text("甲乙丙天地 x", min_size=1, max_size=5)
amongs = st.sets(ID).map(lambda some: Filter(ids=tuple(some)))


@pytest.fixture(params=[searcher.EXACT, 0], ids=["memory", "index"])
def pool(request, recommender):
    recommender.put(POOL)
    recommender.ranker.searcher.dense._exact = request.param
    recommender.prepare()
    return recommender


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(queries, rankings, amongs, st.integers(0, 12))
def test_k_the_filter_and_the_own_article_hold_in_every_combination(pool, query, ranking, among, k):
    try:
        found = pool.related(query, k, among, ranking)
    except RecommenderError:
        assert not (query if isinstance(query, str) else query.text).strip()
        return
    assert len(found) <= k
    shown = [id for r in found for id in (r.article.id, *(repost.id for repost in r.reposts))]
    assert len(shown) == len(set(shown))
    assert not among.ids or set(shown) <= set(among.ids)
    own = "" if isinstance(query, str) else query.id
    assert own not in shown
    assert not any(set(r.relations) & set(ranking.without) for r in found)
    assert ranking.collapse or not any(r.reposts for r in found)
    if not ranking.diversity:
        assert [r.rank_score for r in found] == sorted((r.rank_score for r in found), reverse=True)
        more = pool.related(query, 99, among, ranking)
        assert ids(found) == ids(more[:k])  # which asking for more does not change
        assert ids(found) == ids(pool.related(query, k, among, replace(ranking, diversity=0)))
    for r in found:
        assert r.article.text[r.passage.start : r.passage.end] == r.passage.text
        assert 0 <= r.word_score <= 1


def test_libraries_of_nothing_one_and_of_blank_texts(recommender):
    assert recommender.related("甲", ranking=Ranking(diversity=0.5, half_life=9, more=("a",))) == []
    recommender.put([essay("blank", " ", title="甲")])
    assert recommender.related("甲", ranking=Ranking(diversity=0.5, half_life=9)) == []
    recommender.put([essay("one", "甲", title="")])
    assert ids(recommender.related("甲", 9, ranking=Ranking(diversity=0.5, half_life=9, words=1))) == ["one"]
    assert recommender.related(recommender.article("one")) == []


def test_a_query_of_hundreds_of_thousands_of_characters_is_answered(haystack):
    found = haystack.related("张桂梅创办女子高中。\n" + "受到群众的一致好评。\n" * 30_000, 3)
    assert len(found) == 3
