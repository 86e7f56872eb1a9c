"""The interface for sites: what everybody may ask."""

import json
from dataclasses import replace

import pytest
from conftest import essay
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records import SMALL
from serving import COLOURS, KEY, TOKEN, at, client, decide, ids, refused

from recommender.desk import Desk
from recommender.explain.summary import sentence, summary
from recommender.export.records import record
from recommender.published import published_lists
from recommender.renew import reembed
from recommender.segment import paragraphs
from recommender.types import Change

ODD = [
    "a/b",
    "a//b/",
    "50%",
    "%2F",
    "what?&#=+",
    "中文/相关 文章.html",
    "related",
    "x/related",
    "x/related/curated",
    "https://例.com/a?b=c#d",
    "...",
    "文'\"<&>",
]


@pytest.fixture
def filled(recommender):
    """A recommender over the colours."""
    recommender.put(COLOURS)
    return recommender


@pytest.fixture
def server(filled):
    """A server that nobody may write to."""
    return client(filled)


# --- what is related ---


def test_related_is_what_the_recommender_says_with_its_reasons(filled, server):
    article = filled.article("red")
    expected = filled.related(article, 50)
    reasons = [summary(why) for why in filled.why(article, expected)]
    answer = server.get(at("red", "related")).json()
    assert answer["total"] == len(answer["pieces"]) == 4
    for place, (row, found, reason) in enumerate(zip(answer["pieces"], expected, reasons, strict=True), 1):
        assert row == {
            "id": found.article.id,
            "title": found.article.title,
            "url": "",
            "date": "",
            "author": "",
            "place": place,
            "relevance": found.relevance,
            "closeness": round(found.closeness, 4),
            "pinned": False,
            "why": {"zh": sentence(reason, "zh"), "en": sentence(reason, "en")},
            "relations": [],
            "reposts": [],
        }


def test_pages_are_parts_of_one_list(server):
    whole = server.get(at("red", "related")).json()
    pages = [server.get(at("red", "related"), params={"limit": 3, "offset": start}).json() for start in (0, 3, 6)]
    assert [row for page in pages for row in page["pieces"]] == whole["pieces"]
    assert [page["total"] for page in pages] == [whole["total"]] * 3
    assert [len(page["pieces"]) for page in pages] == [3, 1, 0]


def test_the_threshold_is_a_word(filled, server):
    found = {row.article.id: row.relevance for row in filled.related(filled.article("red"), 50)}
    assert len(set(found.values())) > 1
    for number, threshold in enumerate(order := ["strong", "medium", "weak", "unrelated"]):
        answer = server.get(at("red", "related"), params={"threshold": threshold})
        assert ids(answer) == [id_ for id_, word in found.items() if word in order[: number + 1]]


def test_unrelated_pieces_are_given_only_where_they_are_asked_for(recommender):
    recommender.put([essay("a", "red green", title="red"), essay("b", "something else altogether", title="else")])
    server = client(recommender)
    assert server.get(at("a", "related")).json() == {"total": 0, "pieces": []}
    assert ids(server.get(at("a", "related"), params={"threshold": "unrelated"})) == ["b"]


def test_reposts_share_a_row(recommender):
    text = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen " * 3
    recommender.put([essay("asks", "one two three"), essay("first", text), essay("again", text + "sixteen")])
    [row] = client(recommender).get(at("asks", "related")).json()["pieces"]
    assert [row["id"], *row["reposts"]] in (["first", "again"], ["again", "first"])


def test_filters_leave_what_is_meant(recommender):
    parts = {
        "zh": {"language": "zh", "tags": ("税收", "法"), "author": "张三", "date": "2024-05-01"},
        "en": {"language": "en", "tags": ("tax",), "author": "Li Si", "date": "2023-01"},
        "de": {"language": "de", "tags": (), "author": "张三", "date": ""},
    }
    recommender.put([replace(essay(id_, f"red green blue {id_}"), **values) for id_, values in parts.items()])
    recommender.put([essay("asks", "red green blue", links=["en"], title="of demands")])
    server = client(recommender)
    for query, left in {
        "language=zh&language=de": {"zh", "de"},
        "tag=法": {"zh"},
        "author=张三": {"zh", "de"},
        "since=2024": {"zh"},
        "until=2023-12-31": {"en"},
        "words=OF DE": {"de", "asks"},
        "language=zh&author=Li Si": set(),
    }.items():
        assert set(ids(server.get(f"/articles?{query}"))) == left
        assert set(ids(server.get(f"{at('asks', 'related')}?{query}"))) == left - {"asks"}
    assert set(ids(server.get(at("asks", "related"), params={"unlinked": True}))) == {"zh", "de"}
    filtered = server.post("/related", json={"text": "red", "language": ["zh"], "until": "2024-05"})
    assert ids(filtered) == ["zh"]


def test_a_paragraph_asks_for_itself(filled, server):
    second = paragraphs(filled.article("red"))[1]
    expected = [row.article.id for row in filled.related(second, 50) if row.relevance != "unrelated"]
    assert ids(server.get(at("red", "related"), params={"paragraph": 2})) == expected
    assert expected != ids(server.get(at("red", "related")))
    problem = refused(server.get(at("red", "related"), params={"paragraph": 3}), 404)
    assert problem["detail"] == "'red' has paragraphs 1 to 2, and no paragraph 3."


def test_a_text_asks(filled, server):
    text = "红色 red green blue"
    expected = [row.article.id for row in filled.related(text, 50) if row.relevance != "unrelated"]
    answer = server.post("/related", json={"text": text})
    assert ids(answer) == expected and expected
    assert ids(server.post("/related", json={"text": text, "limit": 1, "offset": 1})) == expected[1:2]
    refused(server.post("/related", json={"text": " \n "}), 422)
    refused(server.post("/related", json={"text": "a", "unlinked": True}), 422)


def test_what_is_hidden_everywhere_is_not_given_in_any_wording(recommender):
    text = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen " * 3
    recommender.put([essay("asks", "one two three"), essay("first", text), essay("again", text + "sixteen")])
    recommender.put([essay("other", "one two and others"), essay("elsewhere", "one two three four")])
    server = client(recommender)
    before = ids(server.get(at("asks", "related")))
    desk = Desk(recommender)
    desk.decide(desk.open(recommender.article("elsewhere")), [Change("hide", "again", everywhere=True)], "李")
    after = [id_ for id_ in before if id_ not in ("first", "again")]
    assert ids(server.get(at("asks", "related"))) == after != before
    assert ids(server.post("/related", json={"text": "one two three"})) == ["asks", *after]
    assert ids(server.get(at("asks", "curated"), params={"fallback": "related"})) == after


# --- what is published ---


def test_curated_is_what_editors_have_published(filled):
    server = client(filled, token=TOKEN)
    assert "?fallback=related" in refused(server.get(at("red", "curated")), 404)["detail"]
    decide(server, "red", {"action": "pin", "piece": "black", "place": 1, "text": "a reason of ours"})
    refused(server.get(at("red", "curated")), 404)  # not before it is published
    decide(server, "red", {"action": "publish"})
    [of_list] = published_lists(filled.library, ["red"])
    answer = server.get(at("red", "curated"))
    assert answer.json() == record(of_list) | {"automatic": False}
    assert ids(answer)[0] == "black"
    assert ids(server.get(at("red", "curated"), params={"fallback": "related"})) == ids(answer)
    assert "王编辑" not in answer.text and "a reason of ours" not in answer.text


def test_without_a_published_list_the_automatic_one_is_marked(server):
    answer = server.get(at("red", "curated"), params={"fallback": "related"})
    assert answer.json()["automatic"] and answer.json()["published_at"] is None
    assert ids(answer) == ids(server.get(at("red", "related")))
    assert "reposts" not in answer.json()["pieces"][0]
    refused(server.get(at("nobody", "curated"), params={"fallback": "related"}), 404)


# --- articles ---


def test_following_the_links_gives_every_article_once(server):
    seen, address = [], "/articles?limit=2&language="
    refused(server.get(address), 422)  # an empty code is none
    address = "/articles?words=OF&limit=2"
    while address:
        answer = server.get(address)
        seen += ids(answer)
        address = answer.links.get("next", {}).get("url")
    assert seen == [article.id for article in COLOURS]


def test_a_list_has_what_is_known_of_an_article_but_not_where_it_was_read(recommender):
    whole = replace(
        essay("a", "文字", "# 标题", title="题", source="/srv/private/a.html", links=["b"]),
        url="https://example.com/a",
        date="2024-05-01",
        author="张三",
        language="zh",
        tags=("税收",),
    )
    recommender.put([whole])
    server = client(recommender)
    head = {"id": "a", "title": "题", "url": whole.url, "date": whole.date, "author": "张三"}
    listed = head | {"language": "zh", "tags": ["税收"], "length": 5}
    assert server.get("/articles").json() == {"articles": [listed]}
    body = [{"text": "文字", "level": 0}, {"text": "标题", "level": 1}]
    assert server.get(at("a")).json() == listed | {"paragraphs": body, "links": ["b"]}
    assert server.get("/articles", params={"id": ["a", "nobody"]}).json() == {"articles": [listed]}


@pytest.mark.parametrize("id_", ODD)
def test_any_id_is_found_by_its_address(recommender, id_):
    recommender.put([essay(id_, "red green blue"), essay("other", "red green blue white")])
    server = client(recommender, token=TOKEN)
    assert server.get(at(id_)).json()["id"] == id_
    assert ids(server.get(at(id_, "related"))) == ["other"]
    assert ids(server.get(at("other", "related"))) == [id_]
    assert server.get(at(id_, "curated"), params={"fallback": "related"}).json()["essay"]["id"] == id_
    assert ids(server.get("/articles", params={"id": id_})) == [id_]
    assert decide(server, id_, {"action": "pin", "piece": "other", "place": 1}).status_code == 201
    assert decide(server, "other", {"action": "pin", "piece": id_, "place": 1}).json()["pieces"][0]["id"] == id_
    assert server.put(at(id_), json={"text": "red green blue"}, headers=KEY).json()["id"] == id_
    assert server.delete(at(id_), headers=KEY).status_code == 204
    refused(server.get(at(id_)), 404)


@given(st.text(min_size=1).filter(lambda id_: id_ not in (".", "..")))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_address_means_the_id_that_it_was_made_of(server, id_):
    detail = refused(server.get(at(id_, "related")), 404)["detail"]
    assert detail == f"There is no article {id_!r}. GET /articles lists those that there are."


def test_slashes_may_be_plain_unless_they_part(recommender):
    recommender.put([essay("a/b", "red green"), essay("c/related", "red green")])
    server = client(recommender)
    assert server.get("/articles/a/b").json()["id"] == "a/b"
    assert ids(server.get("/articles/a/b/related")) == ["c/related"]
    refused(server.get("/articles/c/related"), 404)  # that asks what is related to "c"
    assert ids(server.get("/articles/c%2Frelated/related")) == ["a/b"]


# --- what goes wrong ---


def test_every_error_says_what_to_do(server):
    assert "/openapi.json" in refused(server.get("/nowhere"), 404)["detail"]
    refused(server.get("/articles/"), 404)
    assert "GET /articles" in refused(server.get(at("nobody")), 404)["detail"]
    wrong = server.patch(at("red"))
    assert refused(wrong, 405)["detail"] == "This address does not take PATCH, but GET, PUT, DELETE, HEAD."
    assert wrong.headers["allow"] == "GET, PUT, DELETE, HEAD"
    assert server.delete("/related").headers["allow"] == "POST"
    assert server.post("/openapi.json").headers["allow"] == "GET, HEAD"
    problem = refused(server.get(at("red", "related"), params={"limit": 0, "treshold": "weak"}), 422)
    assert [error["at"] for error in problem["errors"]] == ["query.limit", "query.treshold"]
    json_type = {"content-type": "application/json"}
    assert "JSON" in refused(server.post("/related", content=b"{", headers=json_type), 422)["detail"]
    refused(server.post("/related", content=b'{"text": "\\ud800"}', headers=json_type), 422)
    refused(server.post("/related", content=b'{"\\ud800": 1, "text": "a"}', headers=json_type), 422)
    refused(server.post("/related", content=b"[" * 100_000, headers=json_type), 400)
    refused(server.post("/related", content=b"red green", headers={"content-type": "text/plain"}), 422)


def test_a_library_that_cannot_be_used_is_told_to_the_log(filled, server, open_library, caplog):
    assert server.get("/ready").json() == {"status": "ready", "articles": 5, "passages": 6}
    list(reembed(open_library(None), SMALL))  # by another program
    for answer in (server.get("/ready"), server.get(at("red", "related"))):
        assert refused(answer, 503)["detail"].endswith("is in the server's log.")
        assert "library.db" not in answer.text and answer.headers["retry-after"]
    assert "library.db" in caplog.text and "--model other/small" in caplog.text
    assert ids(server.get("/articles")) == [article.id for article in COLOURS]  # which needs no model
    assert server.get("/health").json() == {"status": "alive"}


def test_a_mistake_of_ours_is_answered_too(filled, server, monkeypatch):
    monkeypatch.setattr(filled, "related", lambda *asked: 1 / 0)
    assert "log" in refused(server.get(at("red", "related")), 500)["detail"]


def test_what_is_lost_while_it_is_read_is_asked_for_again(filled, server, monkeypatch):
    ask = filled.related

    def removed_meanwhile(*asked):
        monkeypatch.setattr(filled, "related", ask)
        filled.remove(["green"])
        raise KeyError("a passage that is gone")

    monkeypatch.setattr(filled, "related", removed_meanwhile)
    found = ids(server.get(at("red", "related")))
    assert found and "green" not in found

    def broken(*asked):
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(filled, "related", broken)
    refused(server.get(at("blue", "related")), 500)


# --- what it says of itself ---


def test_the_description_has_every_error_and_an_example(server):
    described = server.get("/openapi.json").json()
    assert {
        "/articles",
        "/articles/{id}",
        "/articles/{id}/related",
        "/articles/{id}/curated",
        "/articles/{id}/decisions",
        "/related",
        "/health",
        "/ready",
        "/metrics",
    } == set(described["paths"])
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], (method, path)
            errors = {status: said for status, said in operation["responses"].items() if status >= "400"}
            assert all(set(said["content"]) == {"application/problem+json"} for said in errors.values())
            if path not in ("/health", "/ready", "/metrics"):
                assert {"422", "429", "503"} <= set(errors)
                assert bool(operation.get("security")) == ({"401", "403"} <= set(errors))
                assert bool(operation.get("requestBody")) == ({"400", "413"} <= set(errors))
    assert '"examples"' in json.dumps(described["components"]["schemas"]["TextQuestion"])
    assert "HTTPValidationError" not in described["components"]["schemas"]
