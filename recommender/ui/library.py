"""文库: what the library holds, files to add to it, texts that its articles repeat, and what is wrong."""

from __future__ import annotations

import streamlit as st

from recommender.recommend import Recommender
from recommender.ui import access, browse, problems, rules, upload
from recommender.ui.place import in_address
from recommender.ui.words import Words

PARTS = ("articles", "boilerplate", "problems")
READ_PARTS = PARTS[:2]


def show(recommender: Recommender, words: Words) -> None:
    """Draw the view."""
    held = recommender.info()
    st.subheader(words("counts", articles=f"{held['articles']:,}", passages=f"{held['passages']:,}"), anchor=False)
    may_edit = bool(access.editor())
    parts = PARTS if may_edit else READ_PARTS
    part, tied = in_address("part", parts, "articles")
    failures = upload.failures()
    st.segmented_control(
        words("part"),
        parts,
        default=part,
        format_func=lambda name: words(name) + (f" · {len(failures)}" if name == "problems" and failures else ""),
        **tied,
        required=True,
        label_visibility="collapsed",
    )
    problems.show_refusal()
    if part == "boilerplate":
        rules.show(recommender, words)
    elif part == "problems":
        problems.show(recommender, failures, words)
    else:
        if may_edit:
            upload.show(recommender, words)
        browse.show(recommender, words)
