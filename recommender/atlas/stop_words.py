"""Words that name no theme, as they stand in any text: Chinese ones of our own, English ones of scikit-learn."""

from __future__ import annotations

from functools import cache

from recommender.terms import folded

_CHINESE = """
一个 一些 一种 一样 一直 一定 一般 一方面 一切 一起 一下 一次 一点 一位 一名 一项 一条 一家 一年 一部 一款 一旦
一度 两个 这个 这些 这种 这样 这里 这是 这次 这一 这么 那个 那些 那么 那样 那种 那里 此次 此外 此时 该项 本身 本次
本文 本报 本书 我们 你们 他们 她们 它们 咱们 自己 大家 人们 别人 各自 其他 其它 其中 其实 其次 他的 我的 你的 她的
它的 有人 每个 每年 各种 各个 各类 什么 怎么 怎样 如何 为何 为什么 多少 哪些 哪里 哪个 几个 是否 任何 所有 许多
很多 不少 多种 大量 一系列 部分 大部分 多数 有些 有的 因为 所以 因此 因而 由于 从而 于是 然而 但是 可是 不过 虽然
虽说 尽管 即使 如果 假如 要是 只要 只有 只能 除了 除非 无论 不管 不论 而且 并且 以及 或者 或是 还是 不仅 不但 不只
甚至 何况 否则 同时 另外 另一方面 然后 接着 首先 最后 总之 例如 比如 譬如 等等 关于 对于 至于 根据 按照 依据 通过
经过 随着 为了 以便 以免 有关 相关 来说 而言 看来 所谓 之类 作为 成为 认为 表示 指出 提出 进行 进一步 具有 存在
得到 得出 给予 予以 加以 包括 属于 出现 产生 采用 利用 使得 使用 看到 知道 觉得 说明 发现 开始 继续 可以 可能 能够
应该 应当 必须 需要 不能 不会 不是 不要 没有 无法 就是 只是 还有 也是 都是 而是 正是 便是 不得不 非常 十分 特别
尤其 更加 更为 比较 最为 越来越 相当 极其 几乎 大约 左右 以上 以下 以内 以外 之间 之后 之前 之中 之一 以来 以后
以前 当时 当前 目前 现在 如今 今天 明天 昨天 今年 去年 明年 今后 将来 过去 近年来 近年 最近 日前 时候 时间 时期
期间 年代 上午 下午 晚上 已经 曾经 正在 仍然 依然 还要 还会 还能 再次 才能 终于 往往 常常 经常 总是 当然 确实 的确
究竟 到底 反而 竟然 居然 果然 似乎 同样 真正 真的 完全 基本 主要 重要 特定 相对 不同 一致 第一 第二 第三 方面 问题
情况 方式 方法 结果 原因 内容 研究 分析 文章 摘要 关键词 作者 记者 编辑 报道 来源 起来 出来 下来 下去 上去 过来
回来 进去 来到 回到 带来
"""
_WEB = ("www", "http", "https", "com", "html", "quot", "nbsp")


@cache
def stop_words() -> frozenset[str]:
    """All of them, folded."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(map(folded, [*_CHINESE.split(), *ENGLISH_STOP_WORDS, *_WEB]))
