"""The words by which a site speaks of itself, of its articles as things, and to its readers about using it."""

from __future__ import annotations

import re

# In a sentence of an essay these hardly ever stand. Each begins with a character of its own and none is without regard
# to case: so the search passes over all other characters quickly, and looks at a long text in a tenth of the time.
_STRONG = (
    r"本文(?:来自|来源|转自|转载|摘自|首发|原载|由|系|仅|已获|版权|链接|地址|作者|编辑|译者)",
    r"来源[:：]|文章来源|图片来源|稿件来源|转载[请自本于]|禁止转载|谢绝转载|授权转载",
    r"未经(?:本站|本网|授权|许可|允许|同意)|版权(?:所有|声明|归)|著作权归|免责声明|侵权(?:请|必究|删除|联系)",
    r"仅代表(?:作者|本人|个人)|公众号|公众平台|微信[:：搜群号]|微博[:：@]|扫码|扫一扫|二维码|交流群|小程序|客户端",
    r"关注(?:我们|本站|本号|微信|官方|公众)|欢迎(?:关注|访问|订阅|转载|投稿|光临|登录|下载|加入|收藏)|敬请(?:关注|访问|登录)",
    r"点击(?:下载|查看|阅读|进入|此处|这里|链接|观看|上方|下方|右上)|点此|下载(?:地址|链接|全文|本文|附件|APP)|阅读(?:原文|全文|更多)",
    r"更多(?:精彩|内容|范文|资讯|文章|信息|资料|详情|新闻|请|相关)|尽在|本站|本网(?!络)|本刊|官网[:：]",
    r"范文(?:网|大全|库)|文秘|文库|责任编辑|责编|编辑[:：]|原文(?:链接|地址|出处|标题)|原创编译|荣誉推出",
    r"消息(?<=[网社报台]消息)|讯(?<=[网社报台育经乐技]讯)|0日电|本报讯|通讯员[:：]|投稿(?:邮箱|热线|请)|客服",
    r"All [Rr]ights [Rr]eserved|all rights reserved|Copyright|©|Click (?:here|to)|click here|Privacy [Pp]olicy",
    r"Subscribe|subscribe (?:to|for)|newsletter|Sign up|sign up (?:for|to)|Follow us|follow us|Read (?:more|the full)",
    r"Originally (?:published|appeared)|originally (?:published|appeared)|Reprinted|reprinted|Advertisement",
    r"Terms of (?:[Uu]se|[Ss]ervice)",
)
# As a whole paragraph these are a site's, too.
_WEAK = (
    r"版权|转载|来源|出处|编辑|校对|译者|网站|网址|首页|登录|注册|订阅|收藏|分享|评论|点赞|转发|打印|关闭|返回|顶部",
    r"上一篇|下一篇|上一页|下一页|目录|相关(?:阅读|文章|链接|推荐|新闻)|推荐阅读|热门|标签[:：]|声明|广告|赞助|打赏",
    r"联系(?:我们|方式|电话)|电话[:：]|邮箱|地址[:：]|QQ|微信|微博|APP|下载|点击|浏览|阅读(?:次数|量|数)|字号|字体",
    r"login|log in|register|share|comment|print|home|menu|search|contact|about us|previous|next|tags?:|download|cookie",
)
# An essay on computers names the address of a thing, and others like it name the same.
_ADDRESS = (
    r"http://|https://|www\.|@[\w-]+\.[a-z]|\.com(?![A-Za-z])|\.cn(?![A-Za-z])|\.net(?![A-Za-z])|\.org(?![A-Za-z])"
)
STRONG = re.compile("|".join(_STRONG))
WEAK = re.compile("|".join((*_WEAK, _ADDRESS)), re.I)
ANCHOR = re.compile("|".join((*_STRONG, _ADDRESS)))


def letters(text: str) -> int:
    """How many characters of a text are letters or digits: what is left without punctuation and white space."""
    return sum(map(str.isalnum, text))
