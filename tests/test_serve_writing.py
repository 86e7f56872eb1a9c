"""The interface for sites: what those may do who have the token."""

import pytest
from conftest import essay
from serving import COLOURS, KEY, TOKEN, at, client, decide, ids, refused

from recommender.desk import Desk
from recommender.types import Change, Paragraph, Rule

TEXT = {"title": "粉色", "text": "red green pink\n第二段 green"}
JSON = {"content-type": "application/json"}
WRITES = [
    ("PUT", at("new"), TEXT),
    ("DELETE", at("red"), None),
    ("GET", at("red", "decisions"), None),
    ("POST", at("red", "decisions"), {"change": {"action": "publish"}, "by": "李", "seen": 0}),
]


@pytest.fixture
def filled(recommender):
    """A recommender over the colours."""
    recommender.put(COLOURS)
    return recommender


@pytest.fixture
def server(filled):
    """A server that those may write to who have the token."""
    return client(filled, token=TOKEN)


# --- who may ---


@pytest.mark.parametrize(("method", "address", "body"), WRITES)
def test_without_a_token_nobody_may_write(filled, method, address, body):
    for headers in ({}, KEY, {"Authorization": "Bearer "}):
        problem = refused(client(filled).request(method, address, json=body, headers=headers), 403)
        assert "--token-file" in problem["detail"] and "RECOMMENDER_TOKEN" in problem["detail"]
    assert filled.library.decisions.after(0) == [] and len(filled.listings()) == 5


@pytest.mark.parametrize(("method", "address", "body"), WRITES)
@pytest.mark.parametrize("given", ["", "Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}", "Bearer 密钥", TOKEN])
def test_the_wrong_token_is_refused_before_anything_is_read(filled, server, method, address, body, given):
    headers = {"Authorization": given.encode()} if given else {}
    for content in ({"json": body}, {"content": b"{", "headers": JSON}):
        answer = server.request(method, address, **content | {"headers": headers | content.get("headers", {})})
        assert "Authorization: Bearer" in refused(answer, 401)["detail"]
        assert answer.headers["www-authenticate"] == 'Bearer realm="recommender"'
    assert filled.library.decisions.after(0) == [] and len(filled.listings()) == 5


def test_a_token_of_any_letters_is_known(filled):
    server = client(filled, token="密钥密钥密钥密钥密钥密钥")
    headers = {"Authorization": "bearer 密钥密钥密钥密钥密钥密钥".encode()}
    assert server.get(at("red", "decisions"), headers=headers).status_code == 200
    assert server.get(at("red", "decisions"), headers=headers).headers["cache-control"] == "no-store"


# --- articles ---


def test_an_article_is_put_and_found_at_once(filled, server):
    before = ids(server.get(at("red", "related")))
    answer = server.put(at("site/粉.html"), json=TEXT | {"date": "2024-05", "tags": ["色"]}, headers=KEY)
    assert answer.status_code == 201
    assert answer.json() == server.get(at("site/粉.html")).json()
    assert answer.json()["paragraphs"] == [{"text": line, "level": 0} for line in TEXT["text"].split("\n")]
    assert (answer.json()["date"], answer.json()["tags"]) == ("2024-05", ["色"])
    assert set(ids(server.get(at("red", "related")))) == {*before, "site/粉.html"}
    headed = {"paragraphs": [{"text": "标题", "level": 1}, {"text": "red green 粉"}]}
    again = server.put(at("site/粉.html"), json=headed, headers=KEY)
    assert again.status_code == 200 and again.json()["title"] == "标题"
    assert filled.article("site/粉.html").paragraphs == (Paragraph("标题", 1), Paragraph("red green 粉"))
    assert len(filled.listings()) == 6


def test_what_is_put_is_cleaned_as_all_is_and_kept_as_it_came(filled, server):
    filled.library.put_rules([Rule("本站保留一切权利", "paragraph", state="approved")])
    lines = ["税务机关依法征税。", "本站保留一切权利"]
    answer = server.put(at("a"), json={"title": "题", "text": "\r\n".join(lines)}, headers=KEY)
    assert [line["text"] for line in answer.json()["paragraphs"]] == lines[:1]
    assert filled.library.raw(["a"])["a"].text == "\n".join(lines)
    assert answer.json()["language"] == "zh"
    only = {"title": "题", "text": "Copyright © 2020 Example. All rights reserved."}
    assert "add the text" in refused(server.put(at("b"), json=only, headers=KEY), 422)["detail"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "body"),
        ({"text": " \n"}, "body.text"),
        ({"text": "a", "paragraphs": [{"text": "b"}]}, "body"),
        ({"paragraphs": [{"text": "two\nlines"}]}, "body.paragraphs.0.text"),
        ({"text": "a", "date": "1. Mai 2024"}, "body.date"),
        ({"text": "a", "date": "2024-13"}, "body.date"),
        ({"text": "a", "url": "javascript:alert(1)"}, "body.url"),
        ({"text": "a", "titel": "b"}, "body.titel"),
    ],
)
def test_what_cannot_be_an_article_is_refused_by_its_place(filled, server, body, place):
    problem = refused(server.put(at("new"), json=body, headers=KEY), 422)
    assert [error["at"] for error in problem["errors"]] == [place]
    assert filled.article("new") is None


def test_an_id_that_would_be_changed_is_refused(filled, server):
    for id_, better in {" a ": "a", "a\nb": "a b", "a\x00b": "ab"}.items():
        assert f"use {better!r}" in refused(server.put(at(id_), json=TEXT, headers=KEY), 422)["detail"]
    assert len(filled.listings()) == 5


def test_an_article_is_taken_out_with_the_pieces_of_its_page(recommender, server):
    assert server.delete(at("red"), headers=KEY).status_code == 204
    refused(server.get(at("red")), 404)
    assert "red" not in ids(server.get(at("green", "related")))
    refused(server.delete(at("red"), headers=KEY), 404)


# --- decisions ---


def test_a_list_is_decided_on_and_published(filled, server):
    first = server.get(at("red", "decisions"), headers=KEY).json()
    assert (first["seen"], first["published"], first["decisions"]) == (0, False, [])
    assert [row["id"] for row in first["pieces"]] == ids(server.get(at("red", "related")))
    pinned = decide(server, "red", {"action": "pin", "piece": "black", "place": 1})
    assert pinned.status_code == 201 and pinned.json()["seen"] == 1
    [top, *_] = pinned.json()["pieces"]
    assert (top["id"], top["pinned"], top["place"]) == ("black", True, 1)
    hidden = decide(server, "red", {"action": "hide", "piece": "green", "text": "太旧"}).json()
    assert "green" not in {row["id"] for row in hidden["pieces"]} and not hidden["published"]
    done = decide(server, "red", {"action": "publish"}).json()
    assert done["published"] and done["seen"] == 3
    assert ids(server.get(at("red", "curated"))) == [row["id"] for row in done["pieces"]]
    assert done == server.get(at("red", "decisions"), headers=KEY).json()
    desk = Desk(filled)
    assert [(d["by"], d["change"]["action"]) for d in done["decisions"]] == [
        (d.by, d.change.action) for d in desk.open(filled.article("red")).decisions
    ]


def test_what_was_decided_meanwhile_is_told_and_not_overwritten(filled, server):
    desk = Desk(filled)
    desk.decide(desk.open(filled.article("red")), [Change("hide", "green", text="太旧")], "李编辑")
    late = decide(server, "red", {"action": "pin", "piece": "green", "place": 1}, seen=0)
    problem = refused(late, 409)
    assert "李编辑" in problem["detail"]
    [missed] = problem["decisions"]
    assert (missed["number"], missed["by"]) == (1, "李编辑")
    assert (missed["change"]["action"], missed["change"]["piece"], missed["change"]["text"]) == (
        "hide",
        "green",
        "太旧",
    )
    assert len(filled.library.decisions.after(0)) == 1
    assert decide(server, "red", {"action": "pin", "piece": "green", "place": 1}, seen=1).status_code == 201


def test_a_decision_is_undone_by_its_name(server):
    hidden = decide(server, "red", {"action": "hide", "piece": "green"}).json()
    of = hidden["decisions"][0]["uid"]
    undone = decide(server, "red", {"action": "undo", "of": of}).json()
    assert "green" in {row["id"] for row in undone["pieces"]}
    again = decide(server, "red", {"action": "redo", "of": of}).json()
    assert "green" not in {row["id"] for row in again["pieces"]}
    assert "no decision" in refused(decide(server, "red", {"action": "undo", "of": "of another"}), 422)["detail"]


@pytest.mark.parametrize(
    "change",
    [
        {"action": "pin", "piece": "nobody", "place": 1},
        {"action": "pin", "piece": "red", "place": 1},
        {"action": "pin", "piece": "green"},
        {"action": "hide"},
        {"action": "publish", "everywhere": True},
        {"action": "erase", "piece": "green"},
        {},
    ],
)
def test_what_cannot_be_decided_is_refused(filled, server, change):
    refused(decide(server, "red", change, seen=0), 422)
    assert filled.library.decisions.after(0) == []


def test_decisions_are_on_articles_and_have_an_editor(filled, server):
    refused(decide(server, "nobody", {"action": "publish"}, seen=0), 404)
    for by in ("", " "):
        refused(decide(server, "red", {"action": "publish"}, by=by, seen=0), 422)
    filled.put([essay("empty", "")])
    refused(decide(server, "empty", {"action": "publish"}, seen=0), 422)
