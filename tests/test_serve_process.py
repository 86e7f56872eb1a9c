"""The interface as it is run: a real server with the real model, which many ask while another program writes."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from conftest import ROOT, SEEDS, essay
from serving import KEY, TOKEN, at

from recommender.cli import main
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender

ODD = ["a/b%2F?&#=+ c", "中文/相关 文章.html", "x/related", "https://例.com/a?b=c#d"]


@pytest.fixture(scope="module")
def recommender(embedded, tmp_path_factory):
    """The seeds, in a library that this program has open beside the server."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(SEEDS, folder / "seeds")
    recommender = Recommender(SqliteLibrary(folder / "library.db", embedded), embedded)
    assert [report.error for report in recommender.add([folder / "seeds"])] == [""]
    return recommender


@pytest.fixture(scope="module")
def server(recommender):
    """The address of a server over that library that those may write to who have the token."""
    with _serving(Path(recommender.library.name)) as address:
        yield address


@contextmanager
def _serving(library: Path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "recommender", "serve", "--port", str(port), "--library", str(library)]
    environment = os.environ | {"RECOMMENDER_TOKEN": TOKEN}
    log = library.with_name("server.log")
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*command, "--rate", "100000/second"], cwd=ROOT, env=environment, stdout=file, stderr=file
        )
    try:
        yield _when_ready(f"http://127.0.0.1:{port}", process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    said = log.read_text("utf-8")
    assert f"http://127.0.0.1:{port}" in said and "Traceback" not in said, said


def _when_ready(address, process, log):
    for _ in range(240):
        try:
            assert asked(address + "/ready")[0] == 200
            return address
        except OSError:
            assert process.poll() is None, log.read_text("utf-8")
            time.sleep(0.5)
    raise AssertionError(log.read_text("utf-8"))


def asked(url, method="GET", body=None, headers=None):
    """Status, body and headers of an answer."""
    content = None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json"} | (headers or {})
    try:
        with urllib.request.urlopen(urllib.request.Request(url, content, sent, method=method), timeout=60) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


def pieces(answer):
    """The ids in an answer, and how close they are."""
    status, body, _ = answer
    assert status == 200, body
    return [(row["id"], row["closeness"]) for row in json.loads(body)["pieces"]]


def expected(recommender, id_):
    """What a server must say is related to an article."""
    found = recommender.related(recommender.article(id_), 50)
    return [(row.article.id, round(row.closeness, 4)) for row in found if row.relevance != "unrelated"][:10]


def test_many_at_once_get_what_the_library_says_while_it_changes(server, recommender):
    ids = [listing.id for listing in recommender.listings()]
    before = {id_: expected(recommender, id_) for id_ in ids}
    assert any(before.values())
    urls = [(id_, server + at(id_, "related")) for id_ in ids] * 20
    Random(1).shuffle(urls)
    with ThreadPoolExecutor(16) as many:
        assert all(pieces(answer) == before[id_] for id_, answer in many.map(_of, urls))
        running = [many.submit(_of, url) for url in urls]
        lines = recommender.article(ids[0]).text[:300].split("\n")
        recommender.put([essay("new", *lines, title="新的一篇")])  # which is another program's doing for the server
        after = {id_: expected(recommender, id_) for id_ in ids}
        later = [many.submit(_of, url) for url in urls[: len(ids) * 4]]
        for id_, answer in (done.result() for done in running):
            assert pieces(answer) in (before[id_], after[id_])
        for id_, answer in (done.result() for done in later):
            assert pieces(answer) == after[id_]
    assert after != before
    recommender.remove(["new"])
    assert {id_: pieces(asked(server + at(id_, "related"))) for id_ in ids} == before


def _of(asked_for):
    id_, url = asked_for
    return id_, asked(url)


def test_a_text_asks_a_real_server(server, recommender):
    text = "税务机关如何依法征税?"
    status, body, _ = asked(server + "/related", "POST", {"text": text, "limit": 3})
    found = recommender.related(text, 50)
    rows = [row.article.id for row in found if row.relevance != "unrelated"][:3]
    assert status == 200 and [row["id"] for row in json.loads(body)["pieces"]] == rows


@pytest.mark.parametrize("id_", ODD)
def test_any_id_goes_over_the_wire_and_back(server, id_):
    status, body, _ = asked(server + at(id_), "PUT", {"title": "题", "text": "一段关于税收的文字。"}, KEY)
    assert status == 201 and json.loads(body)["id"] == id_
    status, body, headers = asked(server + at(id_))
    assert status == 200 and json.loads(body)["id"] == id_
    assert asked(server + at(id_), headers={"If-None-Match": headers["ETag"]})[0] == 304
    pieces(asked(server + at(id_, "related")))
    decision = {"change": {"action": "publish"}, "by": "王编辑", "seen": 0}
    assert asked(server + at(id_, "decisions"), "POST", decision, KEY)[0] == 201
    assert json.loads(asked(server + at(id_, "curated"))[1])["essay"]["id"] == id_
    assert asked(server + at(id_), "DELETE")[0] == 401
    assert asked(server + at(id_), "DELETE", headers=KEY)[0] == 204
    assert asked(server + at(id_))[0] == 404


# --- what the command refuses ---


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--library", "none.db"], "add PATH begins one"),
        (["--rate", "often"], "100/second"),
        (["--token-file", "short"], "token_urlsafe"),
        (["--token-file", "none"], "none"),
        (["--setting", "words=2"], "words"),
    ],
)
def test_what_cannot_be_served_is_refused_before_the_model_is_loaded(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RECOMMENDER_LIBRARY", raising=False)
    monkeypatch.setattr("recommender.recommend.load_encoder", lambda name: 1 / 0)
    Path("library.db").touch()
    Path("short").write_text("secret\n")
    refused = CliRunner().invoke(main, ["serve", *arguments])
    assert refused.exit_code and said in refused.output, refused.output
    assert not Path("none.db").exists()
