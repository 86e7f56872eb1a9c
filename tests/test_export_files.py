"""The command that hands lists to the site: what it writes, what it leaves alone, and what it says."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from conftest import ROOT, WordEncoder, essay
from hypothesis import given
from hypothesis import strategies as st

from recommender.cli import main
from recommender.desk import Desk
from recommender.export import FORMATS
from recommender.export.files import file_name
from recommender.library.sqlite import SqliteLibrary
from recommender.published import published_lists
from recommender.recommend import Recommender
from recommender.types import Change


def text_of(name):
    """Words that every essay has, between words of its own, so that none is a repost of another."""
    return " ".join(f"{shared} own{name}{shared}" for shared in ("market", "tax", "office", "licence", "trade"))


class Editor:
    """A library of four essays that share words, and an editor who publishes their lists."""

    def __init__(self, path):
        encoder = WordEncoder()
        self.recommender = Recommender(SqliteLibrary(path, encoder), encoder)
        self.recommender.put([essay(f"posts/{name}.md", text_of(name), title=f"Title {name}") for name in "abcd"])
        self.desk = Desk(self.recommender)

    def decide(self, name, *changes):
        draft = self.desk.open(self.recommender.find(f"posts/{name}.md"))
        self.desk.decide(draft, changes, by="the-editors-name")

    def publish(self, *names):
        for name in names:
            self.decide(name, Change("publish"))


@pytest.fixture
def editor(tmp_path):
    made = Editor(tmp_path / "library.db")
    made.publish("a", "b")
    return made


@pytest.fixture
def export(editor, tmp_path):
    def invoke(*arguments):
        environment = {"RECOMMENDER_LIBRARY": str(tmp_path / "library.db")}
        return CliRunner().invoke(main, ["export", *map(str, arguments)], env=environment)

    return invoke


def said(result):
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def refused(result):
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return result.stderr


def touched(folder):
    """What tells whether a file was written, by name."""
    return {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.iterdir()}


def names(folder):
    """The files that are seen, by the first word of their names."""
    return sorted(path.name.partition("-")[0] for path in folder.iterdir() if not path.name.startswith("."))


# --- what is written ---


def test_the_whole_library_goes_to_standard_output_in_the_order_in_which_it_came(export):
    records = json.loads(said(export()))
    assert [one["essay"]["id"] for one in records] == ["posts/a.md", "posts/b.md"]
    assert {piece["id"] for piece in records[0]["pieces"]} == {"posts/b.md", "posts/c.md", "posts/d.md"}
    assert all(piece["why"]["zh"] and piece["why"]["en"] for piece in records[0]["pieces"])


@pytest.mark.parametrize("name", ["posts/b.md", "Title b"])
def test_one_essay_by_its_id_or_its_title(export, name):
    assert json.loads(said(export("--essay", name)))["essay"]["id"] == "posts/b.md"


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_holds_what_standard_output_shows(export, tmp_path, form):
    file = tmp_path / "site" / "related"
    assert said(export("--format", form, "--output", file)) == f"{file}: written\n"
    shown = export("--format", form)
    assert file.read_bytes() == shown.stdout_bytes
    assert b"Title b" in shown.stdout_bytes
    before = touched(file.parent)
    assert said(export("--format", form, "--output", file)) == f"{file}: unchanged\n"
    assert touched(file.parent) == before


def test_words_are_in_the_language_that_is_asked_for(export):
    chinese, english = (said(export("--format", "html", "--language", code)) for code in ("zh", "en"))
    assert ">相关文章<" in chinese and ">Related articles<" in english
    chinese, english = (said(export("--format", "front-matter", "--language", code)) for code in ("zh", "en"))
    assert "两文" in chinese and "两文" not in english


def test_notes_and_editors_are_not_published(export, editor):
    editor.decide("a", Change("note", "posts/b.md", text="an-inner-note"), Change("publish"))
    for form in FORMATS:
        shown = said(export("--format", form))
        assert "an-inner-note" not in shown and "the-editors-name" not in shown


def test_what_is_pinned_and_gone_is_told(export, editor):
    editor.decide("a", Change("pin", "posts/d.md", 1), Change("publish"))
    editor.recommender.remove(["posts/d.md"])
    result = export("--essay", "posts/a.md")
    assert result.exit_code == 0
    assert result.stderr == "Title a: pinned, but not in the library any more: posts/d.md\n"
    assert json.loads(result.stdout)["lost"] == ["posts/d.md"]


def test_what_is_hidden_everywhere_leaves_the_lists_of_all_essays(export, editor):
    editor.decide("a", Change("hide", "posts/c.md", everywhere=True))
    assert "posts/c.md" not in said(export())
    draft = editor.desk.open(editor.recommender.find("posts/a.md"))
    editor.desk.undo(draft, by="x")
    assert said(export()).count('"posts/c.md"') == 2


def test_lists_are_the_same_alone_and_together(editor, monkeypatch):
    editor.decide("b", Change("hide", "posts/c.md", everywhere=True), Change("publish"))
    library = editor.recommender.library
    alone = [one for name in "ab" for one in published_lists(library, [f"posts/{name}.md"])]
    assert alone == list(published_lists(library))
    monkeypatch.setattr("recommender.published._AT_ONCE", 1)
    assert alone == list(published_lists(library))
    assert {piece.article.id for one in alone for piece in one.pieces} == {"posts/a.md", "posts/b.md", "posts/d.md"}


# --- folders ---

PER_ESSAY = [name for name, form in FORMATS.items() if form.one]


@pytest.mark.parametrize("form", PER_ESSAY)
def test_a_folder_has_a_file_for_each_essay(export, editor, tmp_path, form):
    out = tmp_path / "out"
    assert said(export("--format", form, "--output", f"{out}/")) == f"{out}: 2 of 2 files written\n"
    for name in "ab":
        file = out / file_name(f"posts/{name}.md", FORMATS[form].suffix)
        assert file.read_text("utf-8") == said(export("--format", form, "--essay", f"posts/{name}.md"))
    before = touched(out)
    assert said(export("--format", form, "--output", out)) == f"{out}: 0 of 2 files written\n"
    assert touched(out) == before
    editor.publish("c")
    editor.decide("b", Change("size", place=1), Change("publish"))
    assert said(export("--format", form, "--output", out)) == f"{out}: 2 of 3 files written\n"
    unchanged = file_name("posts/a.md", FORMATS[form].suffix)
    assert touched(out)[unchanged] == before[unchanged]


def test_a_file_of_an_essay_that_is_not_published_any_more_goes_and_others_stay(export, editor, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "of-someone-else.json").write_text("{}", "utf-8")
    said(export("--output", out))
    assert names(out) == ["a", "b", "of"]
    editor.desk.undo(editor.desk.open(editor.recommender.find("posts/a.md")), by="x")
    assert said(export("--output", out)) == f"{out}: 0 of 1 files written, 1 removed\n"
    assert names(out) == ["b", "of"]
    editor.recommender.remove(["posts/b.md"])
    assert said(export("--output", out)) == f"{out}: 0 of 0 files written, 1 removed\n"
    assert (out / "of-someone-else.json").read_text("utf-8") == "{}"


def test_one_essay_in_a_folder_leaves_the_files_of_the_others(export, editor, tmp_path):
    out = tmp_path / "out"
    said(export("--output", f"{out}/"))
    editor.publish("c")
    assert said(export("--essay", "posts/c.md", "--output", out)) == f"{out}: 1 of 1 files written\n"
    assert names(out) == ["a", "b", "c"]
    assert said(export("--output", out)) == f"{out}: 0 of 3 files written\n"


def test_what_was_written_before_an_export_was_killed_is_known_afterwards(export, editor, tmp_path, monkeypatch):
    out = tmp_path / "out"

    def killed(self, target):
        if target.name.startswith("b-"):
            raise KeyboardInterrupt
        return replace(self, target)

    replace = Path.replace
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        assert export("--output", f"{out}/").exit_code != 0
    assert names(out) == ["a"]  # and nothing half-written
    editor.desk.undo(editor.desk.open(editor.recommender.find("posts/a.md")), by="x")
    assert said(export("--output", out)) == f"{out}: 1 of 1 files written, 1 removed\n"


def test_a_manifest_names_no_file_outside_its_folder(export, editor, tmp_path):
    out = tmp_path / "out"
    said(export("--output", f"{out}/"))
    (tmp_path / "precious.json").write_text("{}", "utf-8")
    manifest = json.loads((out / ".related-articles").read_text("utf-8"))
    manifest["files"]["../precious.json"] = "x"
    (out / ".related-articles").write_text(json.dumps(manifest), "utf-8")
    said(export("--output", out))
    assert (tmp_path / "precious.json").exists()


def test_front_matter_of_a_folder_is_read_back(export, tmp_path):
    said(export("--format", "front-matter", "--output", f"{tmp_path / 'out'}/"))
    blocks = [next(yaml.safe_load_all(path.read_text("utf-8"))) for path in (tmp_path / "out").glob("*.md")]
    related = {block["essay"]["id"]: [row["title"] for row in block["related"]] for block in blocks}
    assert related.keys() == {"posts/a.md", "posts/b.md"}
    assert set(related["posts/a.md"]) == {"Title b", "Title c", "Title d"}


# --- names of files ---


@pytest.mark.parametrize(
    ("essay", "begins"),
    [
        ("blog/2024/工商.md", "工商-"),
        ("https://example.com/2024/gong-shang/", "gong-shang-"),
        ("https://example.com/%E5%B7%A5%E5%95%86.html", "工商-"),
        ("https://example.com/?p=12", "p-12-"),
        ("../../etc/passwd", "passwd-"),
        ("..", ""),
        ("a/CON", "CON-"),
        ("a/" + "很" * 300, "很" * 40 + "-"),
    ],
)
def test_a_file_is_named_after_the_end_of_its_essays_id(essay, begins):
    name = file_name(essay, ".json")
    assert name.startswith(begins)
    assert len(name) == len(begins) + 16 + len(".json")


@given(st.text(min_size=1), st.text(min_size=1))
def test_names_of_files_are_safe_and_no_two_essays_share_one(one, other):
    name = file_name(one, ".md")
    assert name == file_name(one, ".md")
    assert Path(name).name == name and not name.startswith((".", "-"))
    assert len(name.encode()) < 250
    assert not set(name) & set('<>:"/\\|?*\x00\n ')
    assert (name.casefold() == file_name(other, ".md").casefold()) == (one == other)


# --- what cannot be done ---


def test_an_essay_without_a_list_is_told_from_one_that_is_not_there(export, editor):
    assert "has no essay called 'nowhere'" in refused(export("--essay", "nowhere"))
    assert "'posts/d.md' has no published list yet" in refused(export("--essay", "posts/d.md"))
    editor.recommender.put([essay("posts/z.md", "other words", title="Title a")])
    ambiguous = refused(export("--essay", "Title a"))
    assert "posts/a.md" in ambiguous and "posts/z.md" in ambiguous


@pytest.mark.parametrize("form", sorted(set(FORMATS) - set(PER_ESSAY)))
def test_a_form_that_is_one_file_needs_a_file(export, tmp_path, form):
    message = refused(export("--format", form, "--output", tmp_path))
    assert str(tmp_path) in message and f"related-articles{FORMATS[form].suffix}" in message


def test_a_folder_is_of_one_form(export, tmp_path):
    out = tmp_path / "out"
    said(export("--output", f"{out}/"))
    message = refused(export("--format", "html", "--output", out))
    assert str(out) in message and "json" in message and "html" in message
    (out / ".related-articles").write_text("[]", "utf-8")
    assert ".related-articles" in refused(export("--output", out))


def test_a_place_that_takes_no_file_is_named(export, tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    message = refused(export("--output", tmp_path / "file" / "related.json"))
    assert str(tmp_path / "file") in message and "--output" in message
    assert (tmp_path / "file").read_text("utf-8") == "x"


# --- a plain command ---


def test_an_export_loads_no_model_and_no_page(editor, tmp_path):
    heavy = {
        "torch",
        "sentence_transformers",
        "transformers",
        "streamlit",
        "sklearn",
        "pandas",
        "fastapi",
        "trafilatura",
    }
    arguments = ["export", "--format", "front-matter", "--library", str(tmp_path / "library.db")]
    code = f"import sys, recommender.cli; recommender.cli.main({arguments}, standalone_mode=False); " + (
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "posts/a.md" in ran.stdout
    assert "sqlite3" in ran.stderr.split()
    assert not heavy & set(ran.stderr.split())
