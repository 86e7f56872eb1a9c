"""What the interface keeps, and what it limits and counts."""

import asyncio
import re
import threading

import httpx2
import pytest
from conftest import essay
from serving import COLOURS, KEY, TOKEN, at, client, decide, ids, refused

from recommender.desk import Desk
from recommender.library import LibraryError
from recommender.library.changes import Watch
from recommender.recommend import Recommender
from recommender.serve import create_app, kept, rate
from recommender.serve.settings import Settings
from recommender.types import Change

RELATED = at("red", "related")


@pytest.fixture
def filled(recommender):
    """A recommender over the colours."""
    recommender.put(COLOURS)
    return recommender


@pytest.fixture
def server(filled):
    """A server that nobody may write to."""
    return client(filled)


@pytest.fixture
def elsewhere(filled, open_library, encoder):
    """The same library in another program."""
    return Recommender(open_library(encoder), encoder)


@pytest.fixture
def asked(filled, monkeypatch):
    """How often the recommender was asked what is related."""
    count = []
    ask = filled.related
    monkeypatch.setattr(filled, "related", lambda *query: count.append(query) or ask(*query))
    return count


# --- whether a library was written to ---


def test_a_watch_sees_every_write_and_nothing_else(filled, elsewhere, tmp_path):
    watch = Watch(tmp_path / "library.db")
    seen = [watch.version()]
    filled.related("red")
    filled.listings()
    assert watch.version() == seen[0]
    desk = Desk(elsewhere)
    for write in (
        lambda: filled.put([essay("new", "pink")]),
        lambda: elsewhere.remove(["new"]),
        lambda: desk.decide(desk.open(filled.article("red")), [Change("note", text="a note")], "李"),
        lambda: elsewhere.set_apart("red", ["green"]),
    ):
        write()
        assert watch.version() not in seen
        seen.append(watch.version())
        assert watch.version() == seen[-1]
    watch.close()


def test_a_watch_makes_no_library(tmp_path):
    with pytest.raises(LibraryError, match=r"none\.db"):
        Watch(tmp_path / "none.db").version()
    assert list(tmp_path.iterdir()) == []


# --- what is kept ---


def test_an_answer_is_kept_until_anybody_writes(filled, server, elsewhere, asked):
    first = server.get(RELATED)
    assert server.get(RELATED).content == first.content and len(asked) == 1
    elsewhere.put([essay("pink", "red green blue white black pink")])
    assert ids(server.get(RELATED)) == [row.article.id for row in elsewhere.related(filled.article("red"))]
    assert "pink" in ids(server.get(RELATED)) and len(asked) == 2
    elsewhere.remove(["red"])
    refused(server.get(RELATED), 404)


def test_what_differs_is_kept_apart(server, asked):
    addresses = [RELATED, RELATED + "?limit=2", RELATED + "?limit=3", at("green", "related")]
    answers = [server.get(address).content for address in addresses * 2]
    assert len(set(answers)) == len(asked) == 4 and answers[:4] == answers[4:]


def test_errors_and_secrets_are_not_kept(filled, elsewhere):
    server = client(filled, token=TOKEN)
    for _ in range(2):
        refused(server.get(at("new")), 404)
    assert server.get(at("red", "decisions"), headers=KEY).status_code == 200
    refused(server.get(at("red", "decisions")), 401)


def test_an_answer_that_was_overtaken_is_not_kept(filled, server, elsewhere, monkeypatch):
    ask = filled.related

    def overtaken(*query):
        monkeypatch.setattr(filled, "related", ask)
        found = ask(*query)
        elsewhere.put([essay("pink", "red green blue white black pink")])
        return found

    monkeypatch.setattr(filled, "related", overtaken)
    assert "pink" not in ids(server.get(RELATED))
    assert "pink" in ids(server.get(RELATED))


def test_an_answer_that_others_overtook_is_not_kept(filled, elsewhere, monkeypatch):
    """While one is answered by what the library was, another sees what it is, and only that is kept."""
    ask, is_asked, may_answer = filled.related, threading.Event(), threading.Event()

    def slow(*query):
        monkeypatch.setattr(filled, "related", ask)
        found = ask(*query)
        is_asked.set()
        may_answer.wait(30)
        return found

    monkeypatch.setattr(filled, "related", slow)
    app = create_app(filled)

    async def both():
        async with _asking(app) as caller:
            first = asyncio.create_task(caller.get(RELATED))
            await asyncio.to_thread(is_asked.wait, 30)
            elsewhere.put([essay("pink", "red green blue white black pink")])
            other = await caller.get(RELATED + "?limit=9")
            may_answer.set()
            return await first, other, await caller.get(RELATED)

    first, other, after = asyncio.run(both())
    assert "pink" not in ids(first)
    assert ids(other) == ids(after) and "pink" in ids(after)


def test_those_who_ask_for_the_same_at_once_wait_for_one_answer(filled, asked):
    app = create_app(filled)

    async def all_at_once():
        async with _asking(app) as caller:
            return await asyncio.gather(*(caller.get(RELATED) for _ in range(20)))

    answers = asyncio.run(all_at_once())
    assert len({answer.content for answer in answers}) == len(asked) == 1


def test_no_more_is_kept_than_there_is_room_for(server, asked, monkeypatch):
    addresses = [at(article.id, "related") for article in COLOURS]
    room = len(server.get(addresses[0]).content) + len(server.get(addresses[1]).content)
    server.get(addresses[0])  # the other was not asked for as long
    monkeypatch.setattr(kept, "MOST_BYTES", room + 2 * 1024 + 100)
    server.get(addresses[4])
    asked.clear()
    for address in (addresses[0], addresses[4]):
        server.get(address)
    assert len(asked) == 0
    server.get(addresses[1])
    assert len(asked) == 1


def _asking(app):
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://server")


# --- what callers keep ---


def test_who_has_an_answer_gets_it_again_only_if_it_is_another(server, elsewhere):
    for address in (RELATED, at("red"), "/articles?limit=2", at("red", "curated") + "?fallback=related"):
        answer = server.get(address)
        etag = answer.headers["etag"]
        assert re.fullmatch(r'"[0-9a-f]{32}"', etag) and answer.headers["cache-control"] == "public, no-cache"
        for known in (etag, f'"other", W/{etag}', "*"):
            again = server.get(address, headers={"If-None-Match": known})
            assert again.status_code == 304 and again.content == b""
            assert again.headers["etag"] == etag and "content-type" not in again.headers
            assert again.headers.get("link") == answer.headers.get("link")
        assert server.get(address, headers={"If-None-Match": '"other"'}).content == answer.content
    elsewhere.put([essay("pink", "red green blue white black pink")])
    last = server.get(at("red")).headers["etag"]
    assert server.get(at("red"), headers={"If-None-Match": last}).status_code == 304  # it has not changed
    old = {"If-None-Match": etag}
    assert "pink" in ids(server.get(at("red", "curated") + "?fallback=related", headers=old))


def test_a_page_that_another_follows_now_is_another(server, elsewhere):
    full = server.get("/articles?limit=5")
    assert "link" not in full.headers
    elsewhere.put([essay("pink", "pink")])
    again = server.get("/articles?limit=5", headers={"If-None-Match": full.headers["etag"]})
    assert again.status_code == 200 and again.content == full.content and again.links["next"]


def test_etags_are_the_same_in_another_server(filled, elsewhere):
    tags = [client(served).get(RELATED).headers["etag"] for served in (filled, elsewhere)]
    assert tags[0] == tags[1]


def test_head_is_get_without_a_body(server, asked):
    whole, bare = server.get(RELATED), server.head(RELATED)
    assert bare.content == b"" and bare.headers["content-length"] == str(len(whole.content))
    assert bare.headers["etag"] == whole.headers["etag"] and len(asked) == 1
    assert server.head("/health").status_code == 200 and server.head(at("nobody")).status_code == 404
    assert server.head("/related").status_code == 405


def test_caches_may_keep_answers_as_long_as_is_said(filled):
    server = client(filled, max_age=60)
    assert server.get(RELATED).headers["cache-control"] == "public, max-age=60"
    assert server.get(at("nobody")).headers["cache-control"] == "no-store"


# --- limits ---


def test_a_client_that_asks_too_often_waits(filled, monkeypatch):
    now = 7200.0
    monkeypatch.setattr(rate.time, "monotonic", lambda: now)
    server = client(filled, rate="2/minute")
    first = server.get(RELATED)
    assert first.headers["ratelimit-policy"] == '"client";q=2;w=60'
    assert first.headers["ratelimit"] == '"client";r=1;t=60'
    now += 20.5
    assert server.get("/nowhere").headers["ratelimit"] == '"client";r=0;t=40'
    late = server.get(RELATED)
    assert "wait 40 s" in refused(late, 429)["detail"]
    assert late.headers["retry-after"] == "40" and late.headers["ratelimit"] == '"client";r=0;t=40'
    for watched in ("/health", "/ready", "/metrics"):
        assert server.get(watched).status_code == 200
    now += 40
    assert server.get(RELATED).headers["ratelimit"] == '"client";r=1;t=60'


def test_clients_are_told_apart_by_their_addresses(filled):
    app = create_app(filled, Settings(rate="1/day"))

    async def ask():
        answers = []
        for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1"):
            transport = httpx2.ASGITransport(app, client=(address, 1))
            async with httpx2.AsyncClient(transport=transport, base_url="http://server") as caller:
                answers.append((await caller.get(RELATED)).status_code)
        return answers

    assert asyncio.run(ask()) == [200, 200, 429]


def test_a_body_has_a_largest_size(filled):
    server = client(filled, largest_body=100)
    json_type = {"content-type": "application/json"}

    def body(size):
        return b'{"text": "red"}'.ljust(size)

    def piecemeal(size):
        return iter([body(size)[:50], body(size)[50:]])  # without a length in its head

    for form in (body, piecemeal):
        assert server.post("/related", content=form(100), headers=json_type).status_code == 200
        problem = refused(server.post("/related", content=form(101), headers=json_type), 413)
        assert problem["detail"] == "A body has at most 100 bytes. Send less at once."


# --- scripts of other sites ---


def test_scripts_of_other_sites_may_read_only_if_they_are_allowed(filled):
    home, other = {"Origin": "https://home.example"}, {"Origin": "https://other.example"}
    assert "access-control-allow-origin" not in client(filled).get(RELATED, headers=home).headers
    server = client(filled, origins=("https://home.example",), token=TOKEN)
    for _ in range(2):  # asked anew, and kept
        answer = server.get(RELATED, headers=home)
        assert answer.headers["access-control-allow-origin"] == "https://home.example"
        assert answer.headers["vary"] == "Origin" and "ETag" in answer.headers["access-control-expose-headers"]
        assert "access-control-allow-origin" not in server.get(RELATED, headers=other).headers
    before = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "Authorization"}
    assert server.options(at("red"), headers=home | before).status_code == 400


# --- figures ---


def test_answers_are_counted_by_their_routes(filled):
    server = client(filled, token=TOKEN)
    for address in (RELATED, RELATED, at("a/b", "related"), at("red"), "/nowhere/at/all"):
        server.get(address)
    server.get(RELATED, headers={"If-None-Match": "*"})
    server.head(RELATED)
    decide(server, "red", {"action": "note", "text": "a note"}, seen=0)
    figures = server.get("/metrics")
    assert figures.headers["content-type"].startswith("text/plain")
    counted = dict(re.findall(r"^recommender_http_request_seconds_count\{(.*)\} (\S+)$", figures.text, re.M))
    assert {labels: float(count) for labels, count in counted.items()} == {
        'method="GET",route="/articles/{id}/related",status="200"': 2,
        'method="GET",route="/articles/{id}/related",status="404"': 1,
        'method="GET",route="/articles/{id}/related",status="304"': 1,
        'method="HEAD",route="/articles/{id}/related",status="200"': 1,
        'method="GET",route="/articles/{id}",status="200"': 1,
        'method="GET",route="none",status="404"': 1,
        'method="POST",route="/articles/{id}/decisions",status="201"': 1,
    }
    assert "red" not in figures.text and "process_resident_memory_bytes" in figures.text
