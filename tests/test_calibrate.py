"""A word for a match: never lower for a higher score, the same under every model, and honest if nothing is related."""

import re
from typing import get_args

import numpy as np
import pytest
from conftest import WordEncoder, essay
from hypothesis import given
from hypothesis import strategies as st

from recommender.calibrate import MEDIUM, STRONG, WEAK, WORDS, Background, Calibration, relevance
from recommender.library.sqlite import SqliteLibrary
from recommender.rank import TITLE_SHARE
from recommender.recommend import Recommender
from recommender.types import Match, Passage, Relevance

NAMES = get_args(Relevance)[::-1]  # from unrelated to strong
PASSAGES = 1000
cosines = st.floats(-1, 1)
shares = st.floats(0, 1)
backgrounds = st.builds(Background, st.floats(-0.5, 0.999), st.floats(0.001, 0.4))


def match(score, title_score=None, word_score=0.0):
    """A match with these scores; its title scores like its passage unless it is said."""
    title_score = score if title_score is None else title_score
    return Match(essay("a", "文"), Passage(0, 1, "文", "a"), score, title_score, word_score, 0.0, (), ())


def word(background, score, passages=PASSAGES):
    return relevance(background.closeness(match(score), passages))


# --- the scale ---


@given(backgrounds, st.tuples(cosines, cosines, shares), st.tuples(cosines, cosines, shares))
def test_more_of_everything_never_means_less(background, one, other):
    low, high = (match(*map(end, one, other)) for end in (min, max))
    assert 0 <= background.closeness(low, PASSAGES) <= background.closeness(high, PASSAGES) <= 1
    words = [relevance(background.closeness(end, PASSAGES)) for end in (low, high)]
    assert NAMES.index(words[0]) <= NAMES.index(words[1])


@given(backgrounds, cosines, st.integers(0, 10**6), st.integers(0, 10**6))
def test_in_a_larger_library_chance_reaches_further(background, score, one, other):
    small, large = sorted([one, other])
    assert background.closeness(match(score), small) >= background.closeness(match(score), large)


@given(backgrounds, st.integers(0, 10**6))
def test_unrelated_texts_and_the_same_text_are_the_ends_of_the_scale(background, passages):
    assert background.closeness(match(background.mean), passages) == 0
    assert word(background, background.mean, passages) == "unrelated"
    assert background.closeness(match(1), passages) == pytest.approx(1, abs=0.02)  # what float32 cosines can tell
    assert word(background, 1, passages) == "strong"


def test_words_begin_where_they_say():
    below = [np.nextafter(edge, 0) for edge in (WEAK, MEDIUM, STRONG)]
    assert [relevance(closeness) for closeness in (0, *below)] == ["unrelated", "unrelated", "weak", "medium"]
    assert [relevance(closeness) for closeness in (WEAK, MEDIUM, STRONG, 1)] == ["weak", "medium", "strong", "strong"]


def test_the_same_place_on_the_scale_gets_the_same_word_under_every_model():
    low, high = Background(0.0, 0.05), Background(0.8, 0.01)
    scores = [0.05, 0.25, 0.4, 0.7]
    assert [word(low, s) for s in scores] == [word(high, 0.8 + 0.2 * s) for s in scores] == list(NAMES)


def test_the_nearest_of_unrelated_texts_is_what_chance_reaches():
    # 50 queries that have nothing to do with any of the passages, whose cosines scatter as is said.
    rng = np.random.default_rng(0)
    background = Background(0.2, 0.06)
    nearest = rng.normal(background.mean, background.deviation, (50, PASSAGES)).max(axis=1)
    reached = np.quantile((nearest - background.mean) / (1 - background.mean), [0, 1])
    assert reached[0] < background.chance(PASSAGES) < reached[1]


def test_a_title_counts_its_share_and_words_add_to_the_meaning():
    background = Background(0.0, 0.0)
    assert background.closeness(match(0.5, 0.0), 9) == pytest.approx(0.5 * (1 - TITLE_SHARE))
    assert background.closeness(match(0.5, 1.0), 9) == pytest.approx(0.5 * (1 - TITLE_SHARE) + TITLE_SHARE)
    assert background.closeness(match(0.4, 0.4, 0.2), 9) == pytest.approx(0.4 + WORDS * 0.2)
    assert background.closeness(match(0.0, 0.0, 0.7), 9) == pytest.approx(0.7)  # a rare name alone
    assert background.closeness(match(0.9, 0.9, 0.9), 9) == 1


# --- the background ---


def test_the_real_model_tells_unrelated_texts_from_the_same_text(embedded):
    asked, same, unrelated = (
        "税务部门要规范税收执法行为。",
        "税务部门要规范税收执法行为。",
        "月季开花以后应剪去残花,并追施磷钾肥。",
    )
    background = Calibration(embedded).between(asked, same)
    query, one, other = embedded.encode([asked, same, unrelated], "passage")
    assert word(background, float(query @ one)) == "strong"
    assert word(background, float(query @ other)) == "unrelated"


def test_the_background_is_of_pairs_of_different_texts():
    background = Calibration(WordEncoder()).between("中文", "中文")
    assert 0 < background.mean < 0.2
    assert 0 < background.deviation < 0.2


def test_a_model_that_knows_no_chinese_is_still_read_right_in_english():
    class OnlyEnglish(WordEncoder):
        def encode(self, texts, role):
            return super().encode([re.sub("[^ -~]+", " unknown ", text) for text in texts], role)

    calibration = Calibration(OnlyEnglish())
    assert calibration.between("中文", "中文").mean > 0.9
    assert calibration.between("cats sleep", "a cat").mean < 0.3
    assert calibration.between("cats sleep", "中文").mean < 0.3


@pytest.mark.parametrize("value", [0.5, 0.0])
def test_a_model_that_finds_everything_the_same_still_has_a_scale(value):
    class Stuck(WordEncoder):
        def encode(self, texts, role):
            return np.full((len(texts), 4), value, np.float32)

    background = Calibration(Stuck()).between("a", "b")
    assert np.isfinite([background.mean, background.deviation]).all()
    assert all(0 <= background.closeness(match(score), 9) <= 1 for score in (-1, 0, 0.5, 1))
    assert word(background, 1) == "strong"


# --- is anything related? ---

# A small library on six subjects, and for each article a question that it answers in other words.
LIBRARY = """
监督执纪要抓早抓小|纪委对党员干部的苗头性问题及时谈话提醒，防止小错变成大错，让咬耳扯袖成为常态。|怎样防止干部的小毛病拖成大问题
巡视整改不能一交了之|被巡视单位党组织要担起整改主体责任，列出问题清单，逐条销号，不能敷衍应付。|巡视组反馈问题以后单位应该如何整改
家风正则作风淳|领导干部要管好配偶子女，廉洁修身、廉洁齐家，不让亲情成为腐败的缺口。|领导干部为什么要重视廉洁家风
遏制舌尖上的公款浪费|重申中央八项规定精神，查处违规吃喝和收受礼金，公务接待一律按标准执行。|公款吃喝和违规接待怎么查处
警示教育要触及灵魂|组织党员旁听职务犯罪庭审，观看忏悔录，用身边案教育身边人，筑牢拒腐防变的堤坝。|用反面典型案例开展反腐警示教育
招标投标领域的围标串标|有的企业借用资质轮流中标，评标专家收受好处，监察机关要严查工程招标中的利益输送。|工程招投标里官商勾结的利益输送
基层微腐败侵害群众利益|少数村干部虚报冒领低保金、截留惠农补贴，群众反映强烈，要从严惩处蝇贪。|村干部贪污低保和惠农资金
干部选拔要把好廉洁关|组织部门考察干部时征求纪委意见，防止带病提拔，对个人有关事项报告抽查核实。|提拔干部之前怎样防止带病上岗
乡村教师留得住才能教得好|山区学校缺少年轻老师，要提高补贴，改善周转房，评职称向村小倾斜。|怎样让年轻老师愿意留在农村学校
减轻小学生课业负担|学校要控制书面作业总量，提高课堂效率，让孩子有时间运动和睡觉。|小学生家庭作业太多怎么办
课堂提问的艺术|好的问题能引发学生思考，教师要留出等待时间，鼓励不同答案，少问是不是对不对。|老师上课如何设计问题启发学生思维
班主任怎样与家长沟通|家长会不要只报成绩，教师多讲孩子的进步，遇到矛盾先倾听再商量办法。|班主任和学生家长之间的沟通技巧
语文教学中的整本书阅读|引导学生通读名著，做批注、写读书笔记，老师组织交流会，提升阅读能力。|中学语文课怎么带学生读名著
留守儿童的心理关爱|父母外出打工的孩子容易孤独自卑，学校建立档案，教师结对谈心，定期视频连线亲人。|父母在外打工的孩子需要哪些心理帮助
职业学校校企合作办学|学生一半时间在车间跟师傅学技能，企业参与制订课程，毕业就能上岗。|职业教育怎样与企业一起培养技能人才
体育课不能被主课占用|保证中小学生每天锻炼一小时，足球跳绳进课堂，体质测试计入评价。|学生体质下降，体育课被挤占
个人所得税专项附加扣除|纳税人可以填报子女教育、住房贷款利息和赡养老人支出，由单位代扣时减税。|赡养老人和房贷可以抵扣个税吗
增值税发票虚开的识别|税务稽查通过比对进销项和资金流，发现没有真实交易的空壳公司虚开专票骗取抵扣。|税务机关怎样查出虚开发票的空壳企业
小微企业税收优惠落地|月销售额不超过起征点的小规模纳税人免征增值税，企业所得税减半，办税网上直享。|小微企业可以享受哪些减税政策
办税服务厅缩短等候时间|推行预约办税、一窗通办和电子税务局，纳税人少跑腿，资料一次报送。|去税务大厅排队太久，能不能网上办税
税务执法不能过罚失当|稽查人员要出示证件，告知权利，统一处罚裁量基准，保障纳税人陈述申辩。|规范税收执法，保护纳税人的权利
出口退税提速助外贸|外贸企业申报退税的办理时间压缩到五个工作日，分类管理，信用好的随到随办。|外贸公司申请出口退税要多久
税收宣传要讲纳税人听得懂的话|税务干部走进企业用案例讲解新政策，制作短视频，解答申报中的疑问。|怎样把税收政策讲给企业听明白
偷税漏税与征信挂钩|税务部门公布重大违法失信案件，限制当事人乘坐飞机和贷款，形成联合惩戒。|欠税企业上黑名单以后有什么后果
老旧小区加装电梯的协商|低层住户担心采光，高层老人盼望上下楼方便，居委会组织多轮议事，费用分摊按楼层。|老楼装电梯，一楼住户不同意怎么协调
网格员的一天|网格员走街串巷登记信息，调解邻里纠纷，发现安全隐患马上上报街道。|社区网格化管理的工作人员做些什么
垃圾分类从厨房开始|小区设厨余垃圾桶，志愿者站桶指导，居民按时投放可以积分换日用品。|小区居民垃圾分类怎么推广
社区养老食堂的账本|街道提供场地和补贴，老人刷卡吃饭，送餐上门给行动不便的独居老人。|独居老人在社区里吃饭的问题
物业费为什么收不上来|业主嫌服务差拒交费用，物业公司又说入不敷出，成立业主委员会公开收支是出路。|业主和物业公司的收费矛盾
社区矫正对象的帮扶|司法所为缓刑人员安排公益劳动和技能培训，定期走访，帮助他们回归社会。|缓刑的人在社区怎样接受矫正和帮教
矛盾纠纷化解在楼栋|人民调解员上门听双方诉求，签订调解协议，避免邻居为漏水停车打官司。|邻居吵架怎样通过人民调解解决
志愿者队伍怎样留住人|社区记录服务时长，给予嘉奖，组织培训和联谊，让志愿者有归属感。|社区志愿服务怎么长期坚持下去
水稻病虫害绿色防控|稻田安装杀虫灯，放养天敌，减少农药，稻飞虱和纹枯病发生前预报。|种水稻少打农药怎样防虫治病
节水灌溉让旱地增产|果园铺设滴灌管道，按土壤墒情浇水施肥，比漫灌省水一半。|干旱地区农田怎么节约用水灌溉
土地流转后的种粮大户|合作社把零散承包地集中连片，用无人机播种和收割机作业，粮食成本降低。|承包地流转给合作社规模种粮
农产品电商打开销路|村里建冷库和快递点，农民直播卖苹果和茶叶，统一包装品牌。|农民怎样在网上直播卖水果
耕地地力保护|秸秆还田，增施有机肥，轮作休耕，防止黑土层变薄和土壤板结。|怎样改良土壤肥力保护黑土地
生猪养殖防疫|猪场进出车辆严格消毒，按程序接种疫苗，发现高热病猪立即隔离上报兽医站。|养猪场预防猪瘟要注意什么
小型水库除险加固|汛前检查坝体渗漏，疏通溢洪道，安装水位自动监测，落实巡查责任人。|汛期水库大坝的安全检查
农业保险赔得快|暴雨冰雹过后，保险员用卫星影像核定受灾面积，理赔款直接打到农户卡里。|庄稼遭了冰雹保险怎么理赔
Why code review finds more than bugs|Reviewers share knowledge of the code base and question the design; \
small pull requests are read more carefully.|How should a team review pull requests?
Flaky tests erode trust|A test that fails at random is ignored by developers; isolate the clock, the network and \
shared state, and run it a hundred times.|Why do our unit tests fail randomly?
Semantic versioning in practice|A library raises its major number when an interface breaks, so that dependent packages \
can pin a range and upgrade safely.|When should a library bump its major version number?
Technical debt has interest|Quick fixes and copied functions slow every later change; plan refactoring in each \
sprint and delete dead code.|How to pay down technical debt by refactoring
Continuous integration for small projects|Every commit triggers a build that compiles, lints and runs the test suite, \
so a broken main branch is noticed in minutes.|Setting up a build that runs tests on every commit
Documentation that stays true|Examples in the manual are executed as tests, so that an outdated snippet fails the \
build before users find it.|Keeping code examples in documentation up to date
Licences for open source|A permissive licence lets companies embed the software in closed products, while a copyleft \
one asks them to publish their changes.|Difference between permissive and copyleft software licences
Debugging with bisection|Git bisect halves the range of commits until the one that introduced the regression is found.\
|How to find the commit that introduced a regression
Logging without noise|Log events with a level and a request identifier, in a structured format, so that an operator \
can trace one failing request.|What should a server write to its log files?
Database migrations without downtime|Add the new column first, let both versions of the program write it, backfill \
the rows, and drop the old column last.|Changing a database schema while the service is running
Caching is hard to get right|A stale entry is served until it is invalidated; choose keys by content, and set an \
expiry for everything else.|How to invalidate stale cache entries
Onboarding a new contributor|Label easy issues, answer first pull requests within days, and write down how to build \
the project.|How can an open source project welcome new contributors?
剪纸艺术进校园|民间艺人到学校教孩子用红纸剪窗花，传承非物质文化遗产。|学校里开设传统剪纸课
古镇旅游不能千镇一面|仿古商业街卖同样的小吃和纪念品，游客一次就够，保护原住民生活才有吸引力。|古镇过度商业化怎么避免同质化
博物馆夜场受欢迎|博物馆延长开放到晚上九点，讲解员带观众打手电看青铜器，文创商店热销。|博物馆晚上开放参观
戏曲传承要有年轻观众|剧团把京剧名段改编成短剧，到大学演出，老艺术家收徒授艺。|京剧怎样吸引年轻人
地方志编修存史资政|编纂人员走访老人，查阅档案，记录一县的沿革、人物和物产。|编写县志要收集哪些材料
农家书屋不能铁将军把门|村里的图书室配了管理员，晚上和周末开门，按农民需要选购种养技术书。|村里的图书室没人看书怎么办
广场舞噪声与场地|文化馆划定活动时间和音量，开放体育场，给跳舞的大妈提供免费场地。|跳广场舞扰民怎么解决
名人故居的保护与利用|修缮故居要修旧如旧，布置生平展览，与周边街巷一起规划。|名人旧居如何修缮保护
"""
OFF_TOPIC = """
红烧肉要先焯水再炒糖色，小火炖一个小时。|蛋糕烤出来塌陷是因为烤箱温度太高吗？|火锅底料怎么炒才香
黑洞的视界附近时间会变慢。|木星有多少颗卫星？|量子纠缠能不能传递信息|恒星演化到最后会变成白矮星
昨晚的世界杯决赛靠点球分出胜负。|打羽毛球反手高远球怎么发力|马拉松跑前应该补充多少碳水化合物|围棋布局阶段如何选择定式
猫咪呕吐毛球需要吃化毛膏吗|金鱼缸里的水浑浊发白|狗狗换牙期总是咬沙发
感冒发烧吃布洛芬还是对乙酰氨基酚|膝盖半月板损伤的手术方式|近视眼激光手术之后多久可以游泳|孕妇可以喝咖啡吗
电吉他的拾音器有哪几种|肖邦夜曲的指法练习|油画的罩染技法怎么做
发动机烧机油是什么原因|自行车变速器跳挡如何调整|飞机机翼产生升力的原理
羊毛衫缩水了怎么恢复|口红色号怎么选才显白|小户型客厅沙发摆放
比特币挖矿的显卡功耗|股票分红除权的计算方法|黄金期货今晚大跌
恐龙灭绝与小行星撞击|珊瑚白化的水温阈值|台风眼里为什么没有风
How do I knead sourdough bread dough?|The volcano erupted and ash covered the island.
Best strings for a classical guitar|Symptoms of vitamin D deficiency in adults
Chess opening theory: the Sicilian defence|How to train for a triathlon
Penguins breed on the Antarctic ice in winter.|A recipe for lemon cheesecake|The rings of Saturn are made of ice
Knitting a pair of woollen socks|Which lens is best for portrait photography?|Symptoms of a sprained ankle
"""
PLANTED = [line.split("|") for line in LIBRARY.strip().splitlines()]
UNANSWERABLE = OFF_TOPIC.strip().replace("\n", "|").split("|")


@pytest.fixture(scope="module")
def planted(embedded, tmp_path_factory):
    recommender = Recommender(SqliteLibrary(tmp_path_factory.mktemp("planted") / "library.db", embedded), embedded)
    recommender.put([essay(str(at), body, title=title) for at, (title, body, _) in enumerate(PLANTED)])
    return recommender


def is_answered(recommender, query):
    return any(found.relevance != "unrelated" for found in recommender.related(query))


def test_what_the_library_can_answer_is_answered_and_what_it_cannot_is_not(planted):
    assert len(PLANTED) >= 60
    assert len(UNANSWERABLE) >= 40
    silent = [query for *_, query in PLANTED if not is_answered(planted, query)]
    answered = [query for query in UNANSWERABLE if is_answered(planted, query)]
    assert len(silent) <= 0.05 * len(PLANTED), silent
    assert len(answered) <= 0.05 * len(UNANSWERABLE), answered


def test_the_article_that_was_planted_for_a_question_is_among_the_first_three(planted):
    missed = [
        query
        for at, (*_, query) in enumerate(PLANTED)
        if str(at) not in [found.article.id for found in planted.related(query, 3)]
    ]
    assert len(missed) <= 0.05 * len(PLANTED), missed
