"""Models: the embedded one, a folder and the hub's cache; what changes vectors changes the revision."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, TINY, make_model
from hypothesis import given
from hypothesis import strategies as st

from recommender.embed import BATCH_TOKENS, ModelError, batched, load_encoder, prompts_for

# --- the embedded model ---


def test_the_embedded_model_is_found_by_name_from_anywhere(embedded, tmp_path, monkeypatch):
    (tmp_path / "embedded").mkdir()  # a folder of that name is not it
    monkeypatch.chdir(tmp_path)
    found = load_encoder("embedded")
    assert (found.name, found.revision) == (embedded.name, embedded.revision)
    assert (found.encode(["新时期的宣传工作"], "query") == embedded.encode(["新时期的宣传工作"], "query")).all()


def test_rows_are_unit_vectors_in_the_order_of_the_texts(embedded):
    texts = ["企业宣传工作", "监狱", "How can a company improve its publicity?", "企业宣传工作"]
    vectors = embedded.encode(texts, "passage")
    assert vectors.dtype == np.float32
    assert vectors.shape == (4, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert (vectors[0] == vectors[3]).all()
    assert np.allclose(vectors[1], embedded.encode(["监狱"], "passage")[0], atol=1e-6)


@given(st.lists(st.integers(0, 2 * BATCH_TOKENS) | st.integers(0, 50), min_size=1, max_size=200))
def test_batches_have_every_text_once_and_are_bounded(sizes):
    batches = batched(np.array(sizes))
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(sizes)))
    for rows in batches:
        longest = max(sizes[row] for row in rows)
        assert len(rows) == 1 or len(rows) * longest <= BATCH_TOKENS
    assert len(batches) <= 2 + 2 * sum(sizes) // BATCH_TOKENS  # and none is needlessly small


def test_texts_keep_their_rows_whatever_batch_they_are_in(tiny_model):
    texts = ["red", "blue " * 20_000, "", "red red", "blue", *["red " * 5_000] * 9]
    red, blue = load_encoder(str(tiny_model)).encode(["red", "blue"], "passage")
    found = load_encoder(str(tiny_model)).encode(texts, "passage")
    assert np.allclose(found[0], red) and np.allclose(found[4], blue)
    assert (found[[1, 4]] @ blue).min() > found[[0, 3]].dot(blue).max()
    assert np.allclose(found[5:], found[5])


def test_the_same_in_two_languages_is_nearer_than_something_else(embedded):
    zh, en, other = embedded.encode(
        ["政府采购监管", "supervision of government procurement", "清蒸鲈鱼的做法"], "passage"
    )
    assert zh @ en > 0.5 > 0.3 > zh @ other


def test_no_texts_give_no_rows(embedded):
    assert embedded.encode([], "query").shape == (0, 384)


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "😀", "\x00"])
def test_a_text_without_a_known_word_is_a_row_of_zeros(embedded, text):
    assert (embedded.encode([text], "query") == np.zeros((1, 384))).all()


# --- a folder ---


def test_a_folder_is_loaded_with_its_own_prompts(tiny_model):
    encoder = load_encoder(str(tiny_model))
    assert encoder.name == str(tiny_model)
    # "find red" is the mean of (4, 0, 0) and (0, 3, 0), at unit length; "text red" that of (0, 0, 4) and (0, 3, 0).
    assert np.allclose(encoder.encode(["red"], "query"), [[0.8, 0.6, 0]])
    assert np.allclose(encoder.encode(["red"], "passage"), [[0, 0.6, 0.8]])


def test_without_prompts_both_sides_are_the_same(tmp_path):
    encoder = load_encoder(str(make_model(tmp_path / "plain")))
    for role in ("query", "passage"):
        assert np.allclose(encoder.encode(["red", "blue"], role), [[0, 1, 0], [0, 0, 1]])


def test_a_folder_of_a_known_family_gets_the_prompts_of_its_authors(tmp_path):
    words = {"[UNK]": (0, 0, 0), "query": (4, 0, 0), "passage": (0, 0, 4), "red": (0, 3, 0), ":": (0, 0, 0)}
    encoder = load_encoder(str(make_model(tmp_path / "multilingual-e5-tiny", words)))
    assert np.allclose(encoder.encode(["red"], "query"), [[0.8, 0.6, 0]])
    assert np.allclose(encoder.encode(["red"], "passage"), [[0, 0.6, 0.8]])


def test_the_revision_is_that_of_the_content_and_not_of_the_place_or_the_card(tiny_model, tmp_path):
    copy = Path(shutil.copytree(tiny_model, tmp_path / "copy"))
    (copy / "README.md").write_text("another card", "utf-8")
    assert load_encoder(str(copy)).revision == load_encoder(str(tiny_model)).revision


@pytest.mark.parametrize("change", ["weights", "prompts"])
def test_the_revision_changes_with_whatever_changes_the_vectors(tiny_model, tmp_path, change):
    words = TINY | {"red": (0, 3, 1)} if change == "weights" else TINY
    prompts = {"query": "find ", "document": "red " if change == "prompts" else "text "}
    changed = make_model(tmp_path / "tiny", words, prompts)
    assert load_encoder(str(changed)).revision != load_encoder(str(tiny_model)).revision


# --- prompts ---

E5 = {"query": "query: ", "passage": "passage: "}
NONE = {"query": "", "passage": ""}


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("intfloat/multilingual-e5-small", "query: ", "passage: "),
        ("intfloat/e5-large-v2", "query: ", "passage: "),
        ("/home/me/models/Multilingual-E5-Base", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large-instruct", "Instruct: ", ""),
        ("intfloat/e5-mistral-7b-instruct", "Instruct: ", ""),
        ("BAAI/bge-small-zh-v1.5", "为这个句子生成表示以用于检索相关文章", ""),
        ("BAAI/bge-base-en-v1.5", "Represent this sentence for searching relevant passages: ", ""),
        ("BAAI/bge-m3", "", ""),
        ("sentence-transformers/LaBSE", "", ""),
        ("me/prime5-small", "", ""),
    ],
)
def test_families_get_the_prompts_that_their_authors_prescribe(name, query, passage):
    found = prompts_for(name, {"query": "", "document": ""})
    assert found["query"].startswith(query) and bool(found["query"]) == bool(query)
    assert found["passage"] == passage


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"query": "Q: ", "document": "D: "}, {"query": "Q: ", "passage": "D: "}),
        ({"query": "Q: ", "passage": "P: "}, {"query": "Q: ", "passage": "P: "}),
        ({"query": "Q: "}, {"query": "Q: ", "passage": ""}),
        ({"document": "", "corpus": "C: "}, {"query": "", "passage": "C: "}),
        ({"query": None, "document": None, "clustering": "K: "}, E5),
        ({}, E5),
    ],
)
def test_a_models_own_prompts_win(own, expected):
    assert prompts_for("intfloat/multilingual-e5-small", own) == expected
    assert prompts_for("me/unknown", own) == (NONE if expected == E5 else expected)


# --- the hub ---


COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(BaseHTTPRequestHandler):
    """A hub with one model, org/tiny: as much of its protocol as a download needs."""

    folder: Path  # of the model; set in a subclass

    def do_HEAD(self):
        self.answer(with_body=False)

    def do_GET(self):
        self.answer(with_body=True)

    def answer(self, with_body):
        file = re.sub(rf"^/org/tiny/resolve/(main|{COMMIT})/|^.*", "", self.path)
        if self.path.startswith("/api/models/org/tiny"):
            self.send("200", b'{"id": "org/tiny", "sha": "%s", "siblings": []}' % COMMIT.encode(), {}, with_body)
        elif file and (self.folder / file).is_file():
            data = (self.folder / file).read_bytes()
            etag = hashlib.sha1(data).hexdigest()
            self.send("200", data, {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT}, with_body)
        else:
            code = "EntryNotFound" if "/org/tiny/" in self.path else "RepoNotFound"
            self.send("404", b"", {"X-Error-Code": code, "X-Repo-Commit": COMMIT}, with_body)

    def send(self, status, data, headers, with_body):
        self.send_response(int(status))
        for name, value in (headers | {"Content-Length": str(len(data))}).items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def hub(tiny_model):
    """The address of a hub on this machine."""
    handler = type("TinyHub", (Hub,), {"folder": tiny_model})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def load_elsewhere(name, cache, hub=None):
    """Load a model in a fresh process, as the hub's package reads its settings once; offline without a hub.

    Returns the revision and the vector of "red", or the cause of the error.
    """
    code = (
        "import json, sys; from recommender.embed import ModelError, load_encoder\n"
        "try: e = load_encoder(sys.argv[1]); print(json.dumps([e.revision, e.encode(['red'], 'query')[0].tolist()]))\n"
        "except ModelError as error: print(json.dumps(error.cause))"
    )
    settings = {"HF_HOME": str(cache), "HF_HUB_CACHE": str(cache / "hub"), "HF_HUB_DISABLE_XET": "1"}
    settings |= {"HF_HUB_OFFLINE": "0", "HF_ENDPOINT": hub} if hub else {"HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", code, name]
    ran = subprocess.run(command, capture_output=True, text=True, env=os.environ | settings, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_a_model_is_downloaded_once_then_used_offline_and_known_by_its_commit(hub, tmp_path):
    assert load_elsewhere("org/tiny", tmp_path) == "offline"
    revision, vector = load_elsewhere("org/tiny", tmp_path, hub)
    assert revision == COMMIT
    assert np.allclose(vector, [0.8, 0.6, 0])
    assert load_elsewhere("org/tiny", tmp_path) == [revision, vector]


def test_half_a_download_is_completed(hub, tmp_path):
    whole = load_elsewhere("org/tiny", tmp_path, hub)
    [weights] = tmp_path.rglob("snapshots/*/model.safetensors")
    weights.resolve().unlink()
    weights.unlink()
    assert load_elsewhere("org/tiny", tmp_path) == "offline"
    assert load_elsewhere("org/tiny", tmp_path, hub) == whole


def test_a_name_that_the_hub_does_not_have_is_missing(hub, tmp_path):
    assert load_elsewhere("org/other", tmp_path, hub) == "missing"


# --- models that cannot be had ---


def refusal(name):
    with pytest.raises(ModelError) as caught:
        load_encoder(name)
    assert caught.value.name == name
    assert repr(name) in str(caught.value)
    assert "--model embedded" in str(caught.value)
    return caught.value.cause


@pytest.mark.parametrize(
    "name", ["/no/such/folder", "./none", "a/b/c", "not a name!", "", "~nobody-here/model", "x" * 300, "a\0b"]
)
def test_what_can_be_neither_a_folder_nor_a_name_is_missing(name):
    assert refusal(name) == "missing"


@pytest.mark.parametrize("name", ["org/no-such-model-here", "no-such-model-here"])
def test_an_uncached_name_cannot_be_had_offline(name):
    assert refusal(name) == "offline"


def test_a_folder_that_is_no_model_is_unreadable(tmp_path, monkeypatch):
    (tmp_path / "notes.txt").write_text("no model", "utf-8")
    # Such a folder may be a whole disk: nothing in it is hashed.
    monkeypatch.setattr("recommender.embed._content_hash", lambda folder: pytest.fail("it was hashed"))
    assert refusal(str(tmp_path)) == "unreadable"


def test_a_damaged_model_is_unreadable(tiny_model, tmp_path):
    copy = Path(shutil.copytree(tiny_model, tmp_path / "copy"))
    weights = next(copy.rglob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-8])
    assert refusal(str(copy)) == "unreadable"
