"""The strings of the similarity map, in Chinese and in English."""

from __future__ import annotations

MAP: dict[str, tuple[str, str]] = {
    "chart": ("图", "Chart"),
    "plane": ("平面", "Plane"),
    "heatmap": ("热力图", "Heatmap"),
    "table": ("表格", "Table"),
    "plane_help": (
        "一个点是一篇文章，离得近意思就近；但平面放不下所有远近，空心的点位置不太可信。点一下看依据，再点一下打开。",
        "A point is an article; what is near is alike. But a plane cannot hold all distances: the place of a hollow "
        "point is doubtful. Click a point to see why, and again to read it.",
    ),
    "paragraph_n": ("第 {n} 段", "Paragraph {n}"),
    "paragraph_short": ("段{n}", "¶{n}"),
    "read_here": ("在文中阅读这一段", "Read it in the article"),
    "no_selection": ("点图上的一点或一格，这里就显示依据。", "Click a point or a cell, and the reasons appear here."),
    "pick_paragraph": ("段落", "Paragraph"),
    "pick_article": ("选一篇文章", "Choose an article"),
    "whole_option": ("全文", "Whole article"),
    "by_list": ("不用图，从列表里选", "Choose from lists instead of the chart"),
    # Drawing
    "map_small": ("正在画图……", "Drawing the map…"),
    "map_first": ("第一次画这张图：{percent}%", "Drawing the map for the first time: {percent}%"),
    "map_anew": (
        "文库变了，正在重画：{percent}%。下面是原来的图。",
        "Drawing anew, as the library changed: {percent}%. Below is the map as it was.",
    ),
    "map_failed": ("图没有画成：{error}", "The map could not be drawn: {error}"),
    # Beside the picture
    "map_search": ("在图上找标题", "Find titles on the map"),
    "map_file": ("相似度地图", "similarity-map"),
    "map_html": ("存成网页", "Save as a web page"),
    "map_html_help": (
        "一个文件，不用联网，可以缩放、移动、看标题。",
        "One file that needs no network, to zoom, move and read titles in.",
    ),
    "map_near": ("意思上最近的 {n} 篇", "The {n} nearest in meaning"),
    "map_near_help": (
        "按全部维度算。图上也在最近 {n} 篇之内的有 {near} 篇（实线）；另外 {far} 篇看着远，其实近（虚线）。",
        "By all dimensions. Of these, {near} are among the {n} nearest on the plane, too (solid lines); {far} look far "
        "and are near (dashed).",
    ),
    "map_near_all": (
        "按全部维度算，在图上也正是最近的 {n} 篇。",
        "By all dimensions; on the plane, too, these are the {n} nearest.",
    ),
    "map_looks_near": ("图上也近", "near here, too"),
    "map_looks_far": ("图上看着远", "looks far here"),
    # The same as lists
    "map_lists": ("主题和文章的列表", "Themes and articles as lists"),
    "map_theme": ("主题", "Theme"),
    "map_all_themes": ("全部主题", "All themes"),
    "map_articles": ("篇数", "Articles"),
    "map_inner": ("其中", "Within it"),
    "map_more": (
        "还有 {n} 篇；选好主题或输入标题里的字，列表就短了。",
        "{n} more: choose a theme or enter words of a title.",
    ),
    "map_none_here": ("没有这样的文章。", "There is no such article."),
    # What is chosen
    "map_chosen_n": ("在图上选出了 {n} 篇", "Chosen on the map: {n}"),
    "map_read_among": ("只在其中找相关文章", "Find related ones among them"),
    "map_to_desk": ("到编辑台成批处理", "Take them to the desk"),
    "map_csv": ("下载清单", "Download the list"),
    "map_let_go": ("取消选择", "Let them go"),
    "map_among": ("只在地图上选出的 {n} 篇里找。", "Only among the {n} chosen on the map."),
    "map_among_all": ("改在全部文章里找", "Look among all"),
    # In the picture
    "map_stage": (
        "文章的平面图。加减号缩放，方向键移动，0 复原，跳格键走到最近的文章和各段，回车选中。",
        "The plane of articles. Plus and minus zoom, arrows move, 0 resets, Tab goes to the nearest articles and the "
        "paragraphs, Enter picks.",
    ),
    "map_between": ("·", " · "),
    "map_none": ("未归类", "No theme"),
    "map_themes": ("主题：按一个只看它，再按还原", "Themes: press one to see only it, again for all"),
    "map_signs": ("图上的记号", "Signs"),
    "map_paragraph": ("本文段落", "Paragraph"),
    "map_this": ("本文", "This text"),
    "map_line": ("意思上最近", "Nearest in meaning"),
    "map_line_far": ("看着远，其实近", "Looks far, is near"),
    "map_hollow": ("空心：位置不太可信", "Hollow: place is doubtful"),
    "map_trust": (
        "这里可信的程度：最近的 10 篇里有 {n} 篇画在近旁",
        "How far to trust its place: {n} of the 10 nearest are drawn near it",
    ),
    "map_paragraph_n": ("第 {n} 段", "Paragraph {n}"),
    "map_near_near": ("（第 {n} 近，余弦 {score}，图上也近）", "(number {n}, cosine {score}, near here, too)"),
    "map_near_far": ("（第 {n} 近，余弦 {score}，图上看着远）", "(number {n}, cosine {score}, looks far here)"),
    "map_zoom_in": ("放大", "Zoom in"),
    "map_zoom_out": ("缩小", "Zoom out"),
    "map_reset": ("复原", "Reset"),
    "map_move": ("移动", "Move"),
    "map_box": ("框选", "Select with a box"),
    "map_lasso": ("圈选", "Select with a lasso"),
    "map_found": ("标题里有这些字的：{n} 篇。", "Titles with these words: {n}."),
    "map_chosen": ("选出 {n} 篇。", "{n} chosen."),
    "map_choose_found": ("选出找到的", "Choose those found"),
    "map_choose_theme": ("选出这个主题", "Choose this theme"),
    "map_svg": ("存成矢量图", "Save as SVG"),
    "map_png": ("存成图片", "Save as PNG"),
    "map_no_webgl": (
        "这个浏览器不能画这么多点（没有 WebGL），请用下面的列表。",
        "This browser cannot draw the points, as it has no WebGL; please use the lists below.",
    ),
}
