"""Who may edit, and that whatever writes is refused to who may only read."""

from __future__ import annotations

import getpass
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit
from conftest import ROOT, WordEncoder, essay
from streamlit.runtime.secrets import Secrets

from recommender.desk import Desk
from recommender.library import Atlases, Decisions, Fits, Library
from recommender.library.connections import Connections
from recommender.recommend import Recommender
from recommender.types import Change, Filter, Rule
from recommender.ui import access
from recommender.ui.access import READS, NotAllowed, Standing, guarded

EDITOR, READER = "wang@example.org", "li@example.org"
Options = Callable[..., None]


# --- who is what ---


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> Options:
    """Sets options of Streamlit, and the headers of the request that is answered."""
    given: dict[str, Any] = {}
    get = streamlit.config.get_option

    def option(name: str) -> Any:
        return given[name] if name in given else get(name)

    def put(headers: Mapping[str, str] | None = None, **named: Any) -> None:
        given.update({name.replace("__", "."): value for name, value in named.items()})
        monkeypatch.setattr(streamlit, "context", SimpleNamespace(headers=headers or {}))

    monkeypatch.setattr(streamlit, "get_option", option)
    monkeypatch.setattr(streamlit.config, "get_option", option)
    monkeypatch.setattr(streamlit, "secrets", Secrets())
    put(server__address="127.0.0.1", secrets__files=[])
    return put


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        *((address, "owner") for address in ("127.0.0.1", "127.0.0.5", "::1", "localhost")),
        *((address, "closed") for address in (None, "", "0.0.0.0", "::", "192.168.0.5", "unix:///run/page")),
        ("localhost.example.org", "closed"),
    ],
)
def test_alone_nothing_is_asked_and_where_others_come_nobody_edits(
    options: Options, address: str | None, expected: Standing
) -> None:
    options(server__address=address)
    assert access.standing() == expected
    assert access.editor() == (getpass.getuser() if expected == "owner" else "")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}, "owner"),
        ({"Host": "localhost:9000", "Origin": "http://localhost:9000"}, "owner"),  # a tunnel to another port
        ({"Host": "[::1]:8501", "Origin": "http://[::1]:8501"}, "owner"),
        ({"Host": "evil.example:8501", "Origin": "http://evil.example:8501"}, "closed"),  # a name that means 127.0.0.1
        ({"Host": "127.0.0.1:8501", "Origin": "https://essays.example.org"}, "closed"),
        ({"Host": "127.0.0.1:8501", "Origin": "null"}, "closed"),
        ({"Host": "[", "Origin": "http://["}, "closed"),
        *(({"Host": "127.0.0.1:8501", name: "x"}, "closed") for name in ("X-Forwarded-For", "Forwarded", "Via")),
    ],
)
def test_who_comes_through_a_proxy_or_by_another_name_is_not_alone(
    options: Options, headers: Mapping[str, str], expected: Standing
) -> None:
    options(headers)
    assert access.standing() == expected


def test_an_account_without_a_name_still_edits(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError("no such account")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert access.require() == "editor"


def test_a_configuration_that_cannot_be_read_lets_nobody_in(options: Options, tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    options(secrets__files=[str(file)])
    assert access.standing() == "owner"
    file.write_text("[auth\n")
    assert access.standing() == "closed"
    file.write_text("[other]\nkey = 1\n")
    assert access.standing() == "owner"


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"email": EDITOR}, EDITOR),
        ({"email": EDITOR.upper(), "email_verified": True}, EDITOR),
        ({"email": f" {EDITOR}\n", "email_verified": None}, EDITOR),
        ({"email": EDITOR, "email_verified": False}, ""),
        ({"email": EDITOR, "email_verified": "false"}, ""),
        ({"email": READER}, ""),
        ({"email": "wang@example.org.evil.example"}, ""),
        ({"email": "mi\u212ae@example.org"}, ""),  # the sign of the kelvin becomes a k when it is made small
        ({"email": ""}, ""),
        ({"email": None}, ""),
        ({"name": EDITOR, "sub": EDITOR}, ""),
    ],
)
def test_the_list_of_editors_decides(claims: Mapping[str, Any], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = {"auth": {}, "editors": {"emails": ["mike@example.org", " ", EDITOR]}}
    monkeypatch.setattr(streamlit, "secrets", listed)
    monkeypatch.setattr(streamlit, "user", {"is_logged_in": True, **claims})
    assert access.editor() == expected
    assert access.standing() == ("editor" if expected else "stranger")
    monkeypatch.setattr(streamlit, "user", {**claims, "is_logged_in": False})
    assert (access.standing(), access.editor()) == ("visitor", "")


def test_a_login_without_a_list_lets_nobody_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamlit, "secrets", {"auth": {}})
    monkeypatch.setattr(streamlit, "user", {"is_logged_in": True, "email": EDITOR})
    assert access.standing() == "stranger"
    with pytest.raises(NotAllowed, match=r"docs/editors\.md"):
        access.require()


def test_the_documented_configuration_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "editors.md").read_text("utf-8"), re.DOTALL)
    secrets = tomllib.loads(example)
    needed = {"redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url"}
    assert set(secrets["auth"]) == needed
    monkeypatch.setattr(streamlit, "secrets", secrets)
    for email in secrets["editors"]["emails"]:
        monkeypatch.setattr(streamlit, "user", {"is_logged_in": True, "email": email})
        assert access.editor() == email


# --- the guard ---


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever acts in this test may only read."""
    monkeypatch.setattr(access, "editor", lambda: "")


@pytest.fixture
def shelf(recommender: Recommender) -> Recommender:
    """A library of two articles, one of which the other lists."""
    recommender.put([essay("a", "red blue", "blue green", links=("b",)), essay("b", "red blue yellow")])
    return recommender


GUARDED = {"recommender": Recommender, "library": Library, "decisions": Decisions, "fits": Fits, "atlases": Atlases}


def _of(kind: str, recommender: Recommender) -> Any:
    whole: dict[str, Any] = {"recommender": recommender, "library": recommender.library}
    return whole.get(kind) or getattr(recommender.library, kind)


def _others(kind: str) -> set[str]:
    """The public names that are not known to read."""
    return {name for name in dir(GUARDED[kind]) if not name.startswith("_")} - set(READS[kind].split())


@pytest.mark.parametrize("kind", GUARDED)
def test_whatever_is_not_known_to_read_is_refused_to_readers(kind: str, shelf: Recommender, reader: None) -> None:
    for name in _others(kind):
        with pytest.raises(NotAllowed):
            getattr(_of(kind, guarded(shelf)), name)()


def test_every_name_is_known_to_read_or_to_write() -> None:
    assert {kind: _others(kind) for kind in GUARDED} == {
        "recommender": {"add", "prepare", "put", "remove", "put_back", "decide", "copy_into", "set_apart", "open"},
        "library": {"put", "remove", "put_rules", "put_apart", "put_vectors", "switch", "vacuum", "close"},
        "decisions": {"put", "merge"},
        "fits": {"put"},
        "atlases": set(),
    }


@pytest.mark.parametrize("kind", GUARDED)
def test_what_reads_changes_nothing(
    kind: str, shelf: Recommender, reader: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = _arguments(shelf)[kind]

    def refuse(self: Connections) -> None:
        raise AssertionError("this writes")

    monkeypatch.setattr(Connections, "writing", refuse)
    monkeypatch.setattr(Connections, "alone", refuse)
    seen = set()
    for name in READS[kind].split():
        found = getattr(_of(kind, guarded(shelf)), name)
        if callable(found) and (kind, name) != ("atlases", "put"):  # a map follows from the library alone
            found(*arguments[name])
            seen.add(name)
    assert seen == set(arguments)


def _arguments(shelf: Recommender) -> dict[str, dict[str, tuple[Any, ...]]]:
    """What to call each reading method with."""
    library = shelf.library
    [article, _] = library.articles(["a", "b"]).values()
    found = shelf.related("red", 1)
    numbers, owners = library.matrix().numbers, np.unique(library.matrix().owners)
    of_recommender = {
        "proposed_rules": (),
        "listings": (),
        "article": ("a",),
        "values": ("source",),
        "pages_of": ("b",),
        "first_article": (),
        "find": ("a",),
        "info": (),
        "related": (article,),
        "matches": (article,),
        "why": ("red", found),
        "similarities": (article,),
        "similarities_to": (article, ["b"]),
        "directions": ("query", [[found[0].passage]]),
    }
    of_library = {
        "counts": (),
        "listings": (),
        "values": ("tag", 3),
        "pages_of": ("b",),
        "articles": (["a"],),
        "owners": (["a"],),
        "numbers": (Filter(),),
        "of_articles": (owners,),
        "passages": (numbers,),
        "vectors": (numbers,),
        "titles": (owners,),
        "sketches": (owners,),
        "ids": (owners,),
        "by_words": (["red"],),
        "matrix": (),
        "known_vectors": (["red blue"],),
        "digests": (["a"],),
        "duplicates": (["0"],),
        "raw": (["a"],),
        "of_source": ("x",),
        "rules": (),
        "apart": (["a", "b"],),
        "missing": (WordEncoder("other"), 5),
        "check": (),
    }
    of_decisions = {
        "of": (["a"],),
        "after": (0,),
        "every": (),
        "proposals": ([1],),
        "published": (),
        "lists_with": ("b",),
        "queue": (),
        "states": (),
    }
    of_atlases = {"state": (), "drawing": (), "versions": (), "sums": (owners,)}
    of_parts = {"decisions": of_decisions, "fits": {"now": ()}, "atlases": of_atlases}
    return {"recommender": of_recommender, "library": of_library, **of_parts}


def test_a_reader_decides_nothing_at_the_desk(shelf: Recommender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "editor", lambda: "")
    desk = Desk(guarded(shelf))
    [essay_a, _] = shelf.library.articles(["a", "b"]).values()
    draft = desk.open(essay_a)
    with pytest.raises(NotAllowed):
        desk.decide(draft, [Change("hide", "b")], by="somebody")
    assert shelf.library.decisions.after(0) == []
    monkeypatch.setattr(access, "editor", lambda: EDITOR)
    assert desk.decide(draft, [Change("hide", "b")], by=EDITOR).decided.hidden == {"b"}


def test_the_right_is_looked_at_when_something_is_done(shelf: Recommender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "editor", lambda: EDITOR)
    remove, decide = guarded(shelf).remove, guarded(shelf).decide
    monkeypatch.setattr(access, "editor", lambda: "")
    for act, argument in ((remove, ["a"]), (decide, [Rule("paragraph", "red")])):
        with pytest.raises(NotAllowed):
            act(argument)
    assert len(shelf.listings()) == 2
