"""The map as a web page of its own, which needs no network."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from recommender.ui.map_packed import scripts, style

_ALONE = (Path(__file__).parent / "atlas" / "alone.js").read_text("utf-8")
# The colours of the page's own themes; see .streamlit/config.toml.
_LOOK = """
:root { color-scheme: light dark; --st-font: 'Noto Sans SC', 'Source Han Sans SC', 'Noto Sans CJK SC', 'PingFang SC',
  'Microsoft YaHei', sans-serif; --st-text-color: #23211d; --st-background-color: #fcfaf5;
  --st-secondary-background-color: #f3eee3; --st-primary-color: #a63d2a; --st-border-color: #e2dac9; }
@media (prefers-color-scheme: dark) { :root { --st-text-color: #ebe6dc; --st-background-color: #17181b;
  --st-secondary-background-color: #222429; --st-primary-color: #e08568; --st-border-color: #3a3c42; } }
body { margin: 1rem; background: var(--st-background-color); color: var(--st-text-color); font-family: var(--st-font); }
h1 { font-size: 1.2rem; margin: 0 0 .6rem; }
.atlas-stage { height: calc(100vh - 14rem); min-height: 20rem; }
"""


def page(title: str, picture: bytes, titles: bytes, now: Mapping[str, Any], language: str) -> str:
    """The page: a packed picture and its titles, with what is picked ``now``."""
    said = json.dumps(now, ensure_ascii=False).replace("</", "<\\/")
    return f"""<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)}</title><style>{style()}{_LOOK}</style></head>
<body><h1>{escape(title)}</h1><div class="atlas"></div>
<script type="text/plain" id="picture">{b64encode(picture).decode()}</script>
<script type="text/plain" id="titles">{b64encode(titles).decode()}</script>
<script type="application/json" id="now">{said}</script>
<script type="module">{scripts()}
{_ALONE}</script></body></html>
"""
