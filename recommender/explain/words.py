"""Words that name no subject: of the form of titles, general ones, and of grammar.

Of form and general are Chinese words that stand evenly in the titles of all subjects. In 14,000 titles of the corpus'
articles_fudan and titles_zh_csl_ctg, in the 20 subjects with at least 90 titles each, the rates of 研究, 分析, 问题,
探讨, 思考, 对策, 初探 and 浅谈 have a normalised entropy of 0.83 or more (政治 0.54, 企业 0.74, 教育 0.78). Words with
that and at least 20 titles were read through by hand; a few below it (措施 0.80, 视角 0.77, 推进 0.77) and rarer ones
of the same kind, such as 浅见 and 刍议, were added. The words of grammar come in the same way from 3,600 articles in 34
groups: entropy of 0.9 or more, and no name of a thing, filled up by hand.
The English ones of form and general were put beside them by hand.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from recommender.terms import folded

Sort = Literal["grammar", "form", "general", "subject"]

# What a title says of how its text treats a subject.
_FORM = """
浅见 浅谈 浅析 浅议 浅论 浅说 浅探 刍议 刍论 小议 略论 略谈 简论 简析 简评 试论 试析 试谈 试述 漫谈 杂谈 谈谈 论析
管见 我见 拙见 浅识 初探 新探 再探 探析 探讨 探索 探究 探微 研讨 研究 分析 解析 辨析 思考 再思考 反思 体会 心得 感悟
感想 随想 启示 认识 再认识 几点 若干 几个 一些 问题 对策 措施 举措 途径 路径 策略 建议 意见 做法 方法 方式 办法 思路
现状 现状及 动态 趋势 发展趋势 前景 展望 综述 述评 评述 评析 概述 概论 概观 引论 导论 比较 对比 评价 评估 调查 报告
意义 作用 影响 特点 特征 性质 关系 原因 因素 经验 实践 应用 运用 规律 原则 内涵 视角 视野 背景 过程 进程 差异 选择
框架 方案 关于 基于 如何 当前 若干问题 几点思考 相关 新时期 新形势 新形势下 基本 初步 一种 理论 例谈 札记 随笔 纵横
introduction intro overview review reviews survey study studies analysis analyses note notes remark remarks thought
thoughts reflection reflections essay essays discussion research exploration investigation preliminary perspective
perspectives approach approaches problem problems countermeasure countermeasures suggestion suggestions opinion
opinions issue issues summary brief view views
"""

# What anything can be about: a subject only together with other words, as in 思想政治工作.
_GENERAL = """
工作 建设 发展 管理 加强 提高 推进 促进 推动 改革 创新 机制 体系 模式 水平 能力 质量 基础 构建 强化 改进 完善 优化
建立 形成 利用 目标 综合 功能 条件 结构 活动 社会 国家 中国 我国 现代 当代 新型 重要 开展 做好 实现 效果 状况 情况
方面 内容 形式 意识 要求 任务 需要 进行 提出 解决 存在 具有 成为 坚持 深入 全面 努力 重视 注重 主要 不断 积极 有效
一定 不同 各种 新的 特色 指标 计划 组织 单位 部门 人员 时间 时期 年代 世纪 地区 世界 work works development
management construction improvement improve quality level new use used using way ways make year years time people
important different good better best many part parts thing things example examples
"""

_GRAMMAR = """
的 在 和 是 为 有 对 中 了 上 等 并 将 多 以 与 不 后 到 时 也 从 个 前 大 这 被 还 就 地 下 由 于 向 都 而 用 但 好
每 可 已 会 外 来 要 更 比 再 能 把 至 起 及 所 内 做 仅 先 或 其 约 很 自 给 过 分 最 点 另 说 总 小 之 使 共 因 只
正 又 仍 除 各 他 她 它 你 我 您 越 近 该 受 非 无 同 两 少 全 按 们 者 着 加 原 如 名 此 本 得 当 那 里 去 却 才 太
没 若 则 且 虽 即 乃 亦 吗 呢 吧 啊 么 呀 让 叫 跟 像 往 朝 经 据 由于 通过 期间 正在 其中 同时 可以 特别 一个 一次
开始 没有 作为 以及 两个 经过 之一 决定 包括 继续 目前 超过 为了 已经 达到 部分 他们 她们 它们 我们 你们 咱们 自己
人们 认为 完成 获得 这些 那些 其他 其它 得到 多次 遇到 做到 使用 全部 这个 那个 以上 以下 多种 每年 来自 共同 只有
受到 许多 必须 一项 不能 一直 非常 直接 可能 大量 同样 今天 更好 根据 按照 有关 能够 任何 只能 进一步 一起 左右 产生
虽然 而且 出现 现在 所有 如果 不再 此外 为此 是否 更加 之间 经常 无法 就是 带来 取得 最后 甚至 这里 那里 除了 以前
以后 每个 属于 允许 这样 那样 怎样 怎么 什么 为什么 哪些 因为 所以 因此 然而 但是 不过 还是 或者 并且 不仅 不但 只要
只是 才能 应该 应当 应 对于 至于 随着 由此 从而 以来 之后 之前 当时 后来 有些 有的 一般 一样 起来 出来 下来 完全
充分 逐步 尤其 例如 比如 等等 不会 不是 也是 都是 可是 还有 这种 那种 本文 文章 上的 下的 中的 的新 我的 他的 是在
也在 都有 最大 很大 很多
"""

# Those of one character that are never part of a name or a term.
PARTICLES = frozenset("的了着过地得之和与及或而且也都又还就才在于对从向由以为被把将是有等其此该这那各每吗呢吧啊么")


def sort_of(word: str) -> Sort:
    """What a word, or several characters, can tell of what a text is about.

    A number, a single character or letter, two small letters, and Chinese words of grammar in a row are grammar, too.
    """
    form, sorts = folded(word), _sorts()
    if len(form) < 2 or not form[0].isalpha() or (len(form) == 2 and form.isascii() and word.islower()):
        return "grammar"
    all_grammar = not form.isascii() and all(sorts.get(character) == "grammar" for character in form)
    return sorts.get(form, "grammar" if all_grammar else "subject")


def form_in(text: str) -> dict[str, list[tuple[int, int]]]:
    """The words of form in a text, the longest first, each with its places."""
    form = folded(text)
    found: dict[str, list[tuple[int, int]]] = {}
    # Where folding changes the length, as with ligatures, places would be wrong: such a title is left as it is.
    for match in _form_pattern().finditer(form) if len(form) == len(text) else ():
        found.setdefault(match[0], []).append(match.span())
    return found


@cache
def _form_pattern() -> re.Pattern[str]:
    words = sorted(_FORM.split(), key=len, reverse=True)
    return re.compile("|".join(rf"\b{word}\b" if word.isascii() else word for word in words))


@cache
def _sorts() -> dict[str, Sort]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    sorts: dict[str, Sort] = dict.fromkeys([*_GRAMMAR.split(), *ENGLISH_STOP_WORDS], "grammar")
    return sorts | dict.fromkeys(_GENERAL.split(), "general") | dict.fromkeys(_FORM.split(), "form")
