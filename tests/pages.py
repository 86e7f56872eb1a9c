"""The page without a browser, for the tests of its views."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from conftest import ROOT
from streamlit.testing.v1 import AppTest


def own_library(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The library file that the page is to use from now on; there is none yet."""
    path = folder / "library.db"
    monkeypatch.setenv("RECOMMENDER_LIBRARY", str(path))
    st.cache_resource.clear()
    st.cache_data.clear()
    return path


def page_at(**address: str) -> AppTest:
    """The page at an address."""
    return run(_page(address))


def page_for(email: str, *editors: str, **address: str) -> AppTest:
    """The page at an address of a server that has a login, for who is logged in as ``email``, or "" for a visitor."""
    page = _page(address)
    page.user = {"is_logged_in": True, "email": email} if email else {"is_logged_in": False}
    page.secrets = {"auth": {}, "editors": {"emails": list(editors)}}
    return run(page)


def _page(address: Mapping[str, str]) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    page.query_params.update(address)
    return page


def run(changed: Any) -> AppTest:
    """Run the page, or the page of a widget that was changed."""
    page: AppTest = changed.run()
    assert not page.exception
    return page


def own_strings(page: AppTest) -> list[str]:
    """What the page itself says: labels, headings, notices, captions; not the articles."""
    labelled = [*page.button, *page.selectbox, *page.slider, *page.expander, *page.text_input, *page.text_area]
    written = [*page.subheader, *page.caption, *page.info, *page.markdown, *page.success, *page.error]
    groups = [option for group in page.get("button_group") for option in group.options]
    boxes = [*page.checkbox, *page.file_uploader]
    return [*(str(e.label) for e in (*labelled, *boxes)), *(str(e.value) for e in written), *map(str, groups)]
