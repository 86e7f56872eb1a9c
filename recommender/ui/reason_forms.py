"""The forms of the sentences that readers and the library's check speak, each with what it says in Chinese."""

from __future__ import annotations

from collections.abc import Sequence

# A group called "inner" is itself such a sentence, "kind" a name of the list below; others stand as they are.
FORMS: Sequence[tuple[str, str]] = (
    # Any file
    (r"no article was found \((?P<inner>.*)\); mend .*", "里面没有找到文章：{inner}请修好文件，或者不放进来。"),
    (r"nothing in it is text", "没有文字。"),
    (r"'(.*)' files are not read; .*", "不能读“{0}”文件。请另存为网页、docx、pdf 或 txt 等格式再放进来。"),
    (r"files without a suffix are not read; .*", "文件名没有后缀，不知道是什么格式。请加上后缀再放进来。"),
    (r"cannot be read \(.*\); .*", "文件读不下去。请检查它的权限和磁盘。"),
    (r"cannot be opened .*", "打不开文件。请检查它的权限。"),
    (
        r"this is an old Office document .*",
        "这是旧版 Office 文件（.doc、.xls），或者有密码。请去掉密码，另存为 .docx 或 .xlsx。",
    ),
    (
        r"this is no (?P<kind>.*?) that can be read \(.*\); .*",
        "不是能读的{kind}，可能已损坏。请用原来的程序打开，重新保存，或另存为 .txt。",
    ),
    (r"the file has ([\d,]+) MiB, .* up to ([\d,]+) MiB; .*", "文件有 {0} MB，这类文件最多读 {1} MB。请拆成几个文件。"),
    (r"this is .*; save the text in it as UTF-8.*", "这个文件不是文本。请把文字另存为 UTF-8 的 .txt 文件再放进来。"),
    (r"several files have this name; .*", "有几个文件同名。请改名，或者把它们所在的文件夹压缩成 zip 再放进来。"),
    (r"cannot be kept beside the library .*", "文件存不到文库旁边。请看磁盘是否已满、文件夹是否只读。"),
    (r"only copyright lines, .*", "除了版权声明、链接之类，没有正文。请补上正文。"),
    (r"(.*) is left out: the library has the same text as (.*)", "{0} 没有重复加入：文库里的 {1} 正文相同。"),
    (r"(.*) has no text and was left out", "{0} 没有正文，略过了。"),
    (
        r"(.*) has ([\d,]+) characters and was left out: .* at most ([\d,]+); .*",
        "{0} 有 {1} 字，超过一篇文章的上限 {2} 字，略过了。请拆成几篇。",
    ),
    (r"(.*) has ([\d,]+) headings and was left out; .*", "{0} 有 {1} 个标题，太多，略过了。请拆成几篇。"),
    (r"the file is empty; .*", "文件是空的。请写上标题和正文，或者不放进来。"),
    # Text, Markdown, pages
    (r"only the title (.*) was found; .*", "只有标题 {0}，没有正文。请在标题下面补上正文。"),
    (r"left out: draft", "草稿，略过了。"),
    (r"line (\d+): the front matter is broken (\w+): .*", "第 {0} 行：文首的 {1} 信息写错了。请改正，或者删去。"),
    (r"no title was found above the related list; .*", "相关文章列表上面没有标题。请把标题和正文放在它前面。"),
    (r"the HTML (?:has|is nested) .*", "网页太大或者嵌套太深。请把它的文字另存为 .txt。"),
    (r"it has ([\d,]+) lines, .* up to ([\d,]+); split it", "有 {0} 行，最多读 {1} 行。请拆成几个文件。"),
    (r"the document has ([\d,]+) paragraphs, at most ([\d,]+) .*", "文档有 {0} 段，最多读 {1} 段。请拆成几个文件。"),
    # Tables and JSON Lines
    (r"no (?:row|line|entry|record) in it can be read; .*", "里面没有一行能读。请修好文件，或者不放进来。"),
    (
        r"no column holds the text of articles \(columns.*?: (.*)\); rename .*",
        "没有哪一列是正文（各列是：{0}）。请把正文那一列改名为“正文”，标题那一列改名为“标题”。",
    ),
    (r"the JSON is broken .*", "JSON 写错了。请改正，或者每行写一个对象。"),
    (r"(\d+) left out, without text: \w+ (.*)", "略过 {0} 行，没有正文：第 {1} 行。"),
    (r"(\d+) left out, (?!of other kinds).*?: \w+ (.*)", "略过 {0} 行，读不出来：第 {1} 行。"),
    # Feeds, exports, books, documents
    (r"this is a feed without entries; .*", "这个订阅文件里没有文章。"),
    (r"this is neither RSS nor Atom; .*", "这不是 RSS 或 Atom 文件。请重新保存，或者把文章另存为网页。"),
    (r"the feed declares entities .*", "这个订阅文件含有不安全的实体声明，没有读。请重新保存。"),
    (r"the entry (.*) has no text", "条目 {0} 没有正文，略过了。"),
    (r"this XML is neither .*", "这个 XML 不是 RSS、Atom 或 WordPress 导出文件。请把其中的文字另存为别的格式。"),
    (r"the export holds no items; .*", "导出文件里没有文章。请连同正文一起导出。"),
    (r"items other than published posts and pages were left out: (.*)", "除已发布的文章和页面外，其余略过了（{0}）。"),
    (r"(?:an|one) item has over .*", "有一项太大。请从文件里拿掉它。"),
    (r"(.*) was left out: (?P<inner>.*)", "{0} 略过了：{inner}"),
    (r"(\d+) pages of the book have a heading alone .*", "书中有 {0} 页只有标题，略过了。"),
    (r"the book lists it and does not hold it; .*", "书的目录里有，书里没有这一章。请用电子书编辑器打开后重新保存。"),
    (r"only the first ([\d,]+) of ([\d,]+) pages were read; .*", "共 {1} 页，只读了前 {0} 页。请拆成几个文件。"),
    (r"no text was found on its ([\d,]+) pages .*", "{0} 页里没有文字，可能是扫描件。请先做文字识别（OCR）再放进来。"),
    (r"the PDF (?:needs a password|is encrypted).*", "这个 PDF 有密码。请打开后另存为没有密码的 PDF。"),
    (r"the PDF has more than ([\d,]+) characters .*", "这个 PDF 超过 {0} 字。请拆成几个文件。"),
    # Archives
    (r"the archive (?:lists|has) .* members.*", "压缩包里的文件太多。请分成几个压缩包。"),
    (r"(?P<inner>.*); the members that follow were left out: .*", "{inner}后面的文件没有读，请分成几个压缩包。"),
    (r"the (?:zip file|member) is broken .*", "压缩文件已损坏，或者不完整。请重新压缩。"),
    (r"the document unpacks to .*", "文档解开后太大。请拆开，或者去掉图片。"),
    (r"a part of the document is .*", "文档有一部分已损坏或有密码。请用原来的程序打开，重新保存。"),
    (
        r"the member is (?:encrypted|not packed).*",
        "这个文件有密码，或者压缩方式不能读。请去掉密码，重新压缩成普通的 zip。",
    ),
    (r"the member unpacks to .*", "这个文件解开后大得不正常，没有读。请重新压缩。"),
    (r"(\d+) left out, of other kinds: (.*)", "有 {0} 个别的格式的文件没有读：{1}。"),
    (r"an archive in an archive .*", "压缩包里套着两层压缩包，没有读。请先解开最外面一层。"),
    # The library's check
    (r"The file is damaged: .*", "文库文件已损坏。请用备份恢复。"),
    (r"The library says that it has (\d+) \w+, and has (\d+)\.", "文库记的数目（{0}）和实有的数目（{1}）不一样。"),
    (r"There are articles without their text: (.*)\.", "这些文章缺少正文：{0}。"),
    (r"There are passages without a vector .*: (.*)\.", "这些段落缺少向量：{0}。"),
    (r"There are articles without their title .*: (.*)\.", "这些文章的标题没有编入索引：{0}。"),
    (r"There are articles that word search does not know: (.*)\.", "这些文章没有编入字词索引：{0}。"),
    (r"There are articles that only word search knows: (.*)\.", "字词索引里有多余的条目：{0}。"),
    (r"There are articles without a sketch: (.*)\.", "这些文章没有判断转载用的摘要：{0}。"),
    (r"There are pieces that the page .*: (.*)\.", "这些文章所在的列表里没有它们：{0}。"),
    (r"There are rows that refer to what is not there: (.*)\.", "有些记录指向不存在的内容：{0}。"),
    (r"There are articles that cannot be read: (.*)\.", "这些文章读不出来：{0}。"),
    (r"There are articles that are not what .*: (.*)\.", "这些文章与记下的摘要不符：{0}。"),
    (r"There are passages that do not stand in their article: (.*)\.", "这些段落与文章对不上：{0}。"),
    (r"There are texts whose vector .*: (.*)\.", "这些文字的向量不对：{0}。"),
    (r"There are decisions that cannot be read: (.*)\.", "这些编辑决定读不出来：{0}。"),
    (r"There are proposals that cannot be read: (.*)\.", "这些推荐记录读不出来：{0}。"),
    (r"There are decisions that were not made on .*: (.*)\.", "这些编辑决定与当时的推荐对不上：{0}。"),
    (r"There are decisions that undo or redo .*: (.*)\.", "这些撤销或重做找不到对应的决定：{0}。"),
    (r"There are decisions that are known .*: (.*)\.", "这些编辑决定的适用范围记错了：{0}。"),
    (r"There are published lists that .*: (.*)\.", "这些文章的已发布列表与编辑决定不符：{0}。"),
)
