"""The strings about who may edit, in Chinese and in English."""

from __future__ import annotations

ACCESS: dict[str, tuple[str, str]] = {
    "log_in": ("编辑登录", "Editors: log in"),
    "log_out": ("退出", "Log out"),
    "login_unusable": (
        "登录用不了：配置有错。请管理员对照 docs/editors.md 检查 .streamlit/secrets.toml。",
        "The login cannot be used: its configuration is wrong. Whoever runs this server should check "
        ".streamlit/secrets.toml against docs/editors.md.",
    ),
    "may_not_edit": (
        "没有改动：只有编辑才能修改，而你现在没有这个权限。",
        "Nothing was changed: only editors change things here, and you are not one now.",
    ),
    # What one who may only read is told, by what they are here.
    "only_visitor": ("这里可以看；要修改，请先登录。", "You can look at this; to change it, log in as an editor."),
    "only_stranger": (
        "你以 {email} 登录了，但编辑名单里没有这个经过验证的地址，所以只能看，不能改。"
        "可以请管理员把它加进名单，或者退出后换一个账号。",
        "You are logged in as {email}, which is not the verified address of an editor, so you can look but not change "
        "anything. Ask whoever runs this server to add it, or log out and use another account.",
    ),
    "only_closed": (
        "这里只能看：服务器对别的电脑开放，还没有设定谁是编辑。请按 docs/editors.md 填写 .streamlit/secrets.toml。",
        "You can only look at this: other computers reach the server, and nobody is named as an editor. "
        "To name editors, fill in .streamlit/secrets.toml as docs/editors.md says.",
    ),
    "only_editors_rerank": (
        "链接里的交叉编码器“{name}”没有用上：只有编辑可以换用模型。",
        "The cross-encoder “{name}” of this link is not used: only editors can bring in models.",
    ),
    # What readers see in place of what editors do
    "rules_read": (
        "同一来源的文章里反复出现的页脚、声明、导航等文字，由编辑决定删去还是保留。",
        "Footers, disclaimers and navigation that articles of a source repeat: editors decide what is left out.",
    ),
    "no_rules": ("编辑还没有决定过。", "Nothing has been decided yet."),
    "empty_read": ("编辑添加文章之后，就能在这里看到。", "Once editors have added articles, they appear here."),
}
