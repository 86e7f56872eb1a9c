"""Addresses on the web, and links between saved files -> ids, each written in one way only."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# What newsletters and plugins add to count where readers come from names no other article.
_CAMPAIGN = re.compile(r"(?:^|&)utm_[^&]*")
_HOST = re.compile(r"[\w.:-]+")
_SAFE = "/%:@!$&'()*+,;=~-._"
# What is longer is data in an address's clothes; browsers and servers stop at 2,000 to 8,000.
_LONGEST = 4096


def web(url: str) -> str:
    """An http or https address without fragment, its host in small letters and all but ASCII escaped; else ""."""
    try:
        parts = urlsplit(_CONTROL.sub("", url).strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # such as "http://[" or a port that is none
        return ""
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or len(url) > _LONGEST:
        return ""
    asked = _CAMPAIGN.sub("", parts.query).removeprefix("&")
    path, query = (quote(part, _SAFE + "?", errors="replace") for part in (parts.path or "/", asked))
    return urlunsplit((parts.scheme, (f"[{host}]" if ":" in host else host) + port, path, query, ""))


def resolved(href: str, base: str, key: str) -> str:
    """The id of what a page links to; "" for what is no document: scripts, mail, and links out of the library's folder.

    ``base`` is the page's own address, if it has one: then the target is an address, too. Else a relative link names
    the file that it leads to from the file ``key``.
    """
    href = href.strip().replace("\\", "/")
    try:
        parts = urlsplit(href)
        if base or parts.netloc:
            return web(urljoin(base or "https:", href))
    except ValueError:
        return ""
    if parts.scheme or not parts.path:
        return ""
    return _file(unquote(parts.path), key, f"?{parts.query}" if parts.query else "")


def _file(path: str, key: str, query: str) -> str:
    folder = posixpath.dirname(key)
    if path.startswith("/"):  # the site's root is taken to be the first folder: site/… or site.zip/…
        root = key.split("/", 1)[0] if folder else ""
        folder, path = ("" if path.startswith(f"/{root}/") else root), path.lstrip("/")
    if path.endswith("/") or not path:
        path += "index.html"
    target = posixpath.normpath(posixpath.join(folder, path))
    return "" if target.split("/")[0] in (".", "..") else _CONTROL.sub("", target + query)
