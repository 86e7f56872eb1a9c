"""The command line: what goes in, what comes out, and what is said when it cannot."""

import json
import os
import sqlite3
import subprocess
import sys
from functools import cache

import pytest
from click import Group
from click.testing import CliRunner
from conftest import ROOT, SEEDS

from recommender.cli import main
from recommender.embed import load_encoder
from recommender.recommend import Recommender

ESSAY = "推进工商队伍思想政治工作创新之浅见"
PUBLICITY = "做好新时期企业宣传工作之浅见"
TEXT = (
    "刑满释放人员回到社会以后,没有生活出路,容易重新犯罪。社区和监狱应当共同做好安置帮教工作,"
    "帮助他们就业,使他们重新融入社会。\n"
)


@pytest.fixture(scope="module")
def models():
    """The real models, each loaded once and not again for every command."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recommender.recommend.load_encoder", cache(load_encoder))
        yield


@pytest.fixture(scope="module")
def seeded(tmp_path_factory, models):
    """A library file with the seed page."""
    path = tmp_path_factory.mktemp("cli") / "library.db"
    added = CliRunner().invoke(main, ["add", str(SEEDS), "--library", str(path)])
    assert (added.exit_code, added.stderr) == (0, "")
    assert added.stdout.startswith("added ")
    assert added.stdout.endswith("000_37eebcd41856c7db.txt: 10 articles, 23 passages embedded\n")
    return path


@pytest.fixture
def run(seeded):
    """Runs a command on the seed library."""

    def invoke(*arguments, stdin=None):
        return CliRunner().invoke(main, arguments, input=stdin, env={"RECOMMENDER_LIBRARY": str(seeded)})

    return invoke


def rows(result):
    assert (result.exit_code, result.stderr) == (0, "")
    return [json.loads(line) for line in result.stdout.splitlines()]


def failure(result, code=1):
    assert result.exit_code == code
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit)  # a message, not a traceback
    return result.stderr


# --- add ---


def test_adding_again_says_that_nothing_changed(run):
    result = run("add", str(SEEDS))
    assert result.exit_code == 0
    assert result.stdout.split(maxsplit=1)[0] == "unchanged"
    assert "10 articles, 0 passages embedded" in result.stdout


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read(tmp_path, models):
    (tmp_path / "a.txt").write_bytes(b"%PDF-1.7" + bytes(100))
    (tmp_path / "b.txt").write_text("题目\n\n好的一篇。\n", "utf-8")
    arguments = ["add", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "--library", str(tmp_path / "l.db")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith("failed ")
    assert str(tmp_path / "a.txt") in result.stderr and "PDF" in result.stderr
    assert result.stdout.splitlines() == [
        f"added      {tmp_path / 'b.txt'}: 1 articles, 1 passages embedded",
        "2 files, 1 articles, 1 failed",
    ]
    assert [a.title for a in Recommender.open(tmp_path / "l.db").listings()] == ["题目"]


def test_a_path_that_does_not_exist_is_one_sentence(run):
    assert "nowhere.txt: there is no such file" in failure(run("add", "nowhere.txt"))


def test_remarks_stand_below_their_file(tmp_path, models):
    (tmp_path / "t.csv").write_text("标题,正文,备注\n甲,第一篇的正文。,x\n乙,,y\n", "utf-8")
    result = CliRunner().invoke(main, ["add", str(tmp_path / "t.csv"), "--library", str(tmp_path / "l.db")])
    assert result.exit_code == 0
    first, *remarks = result.stdout.splitlines()
    assert first.endswith("t.csv: 1 articles, 1 passages embedded, 1 skipped")
    assert any("标题" in remark and "备注" in remark for remark in remarks)  # how its columns were read


# --- keeping a library ---


@pytest.fixture
def kept(tmp_path, models):
    """A library of ten pages with the same footer, and a command that runs on it."""
    (tmp_path / "site").mkdir()
    for n, word in enumerate("甲乙丙丁戊己庚辛壬癸"):
        own = "".join(chr(ord("一") + 40 * n + i) for i in range(0, 39, 3))  # no two have a character in common
        text = f"---\ntitle: {word}题\ndate: 20{n + 10}-05-01\n---\n{word}说{own}。\n\n{FOOTER}\n"
        (tmp_path / "site" / f"{n}.md").write_text(text, "utf-8")

    def invoke(*arguments, stdin=None):
        return CliRunner().invoke(main, arguments, input=stdin, env={"RECOMMENDER_LIBRARY": str(tmp_path / "l.db")})

    assert invoke("add", str(tmp_path / "site")).exit_code == 0
    return invoke


FOOTER = "点击下载本站全部范文资料请扫描二维码。"


def test_articles_are_listed_and_filtered(kept):
    assert [row["title"][0] for row in rows(kept("list"))] == list("甲乙丙丁戊己庚辛壬癸")
    assert [row["title"] for row in rows(kept("list", "--since", "2017", "--until", "2018-05"))] == ["辛题", "壬题"]
    assert [row["title"] for row in rows(kept("list", "--words", "丙"))] == ["丙题"]


def test_related_articles_can_be_filtered(kept):
    found = rows(kept("related", "--text", "甲说的是什么事情？", "--since", "2018"))
    assert sorted(row["title"] for row in found) == sorted(["壬题", "癸题"])


def test_an_article_is_removed_by_its_id_or_nothing_is(kept):
    assert "no article 'site/99.md'" in failure(kept("remove", "site/1.md", "site/99.md"))
    assert kept("remove", "site/1.md").stdout == "removed 1 articles\n"
    assert len(rows(kept("list"))) == 9


def test_boilerplate_is_shown_and_asked_about(kept):
    assert FOOTER in kept("boilerplate", "--list").stdout
    result = kept("boilerplate", stdin="n\n")
    assert result.exit_code == 0 and "1 proposed, 0 approved" in result.stdout
    assert kept("boilerplate").stdout == "0 proposed, 0 approved\n"  # what was rejected is not asked about again


def test_approved_boilerplate_is_left_out(kept):
    before = rows(kept("related", "甲题"))
    assert "1 proposed, 1 approved" in kept("boilerplate", "--approve-all").stdout
    after = rows(kept("related", "甲题"))
    assert FOOTER in json.dumps(before, ensure_ascii=False)
    assert FOOTER not in json.dumps(after, ensure_ascii=False)


def test_a_sound_library_is_said_to_be_so_and_a_damaged_one_is_not(kept, tmp_path):
    assert kept("check").stdout.endswith("is sound\n")
    with sqlite3.connect(tmp_path / "l.db") as db:
        db.execute("UPDATE bodies SET text = replace(text, '甲', '外')")
    said = failure(kept("check"))
    assert "site/0.md" in said or "甲题" in said


def test_a_library_goes_out_and_comes_back_unchanged(kept, tmp_path):
    saved = kept("backup")
    (tmp_path / "all.jsonl").write_text(saved.stdout, "utf-8")
    restored = kept("restore", str(tmp_path / "all.jsonl"), "--library", str(tmp_path / "again.db"))
    assert restored.exit_code == 0 and "10 articles" in restored.stdout
    assert kept("backup", "--library", str(tmp_path / "again.db")).stdout == saved.stdout
    assert kept("backup", str(tmp_path / "file.jsonl")).output == ""
    assert (tmp_path / "file.jsonl").read_text("utf-8") == saved.stdout
    assert "again.db" in failure(kept("restore", str(tmp_path / "all.jsonl"), "--library", str(tmp_path / "again.db")))


def test_vacuum_gives_room_back(kept):
    result = kept("vacuum")
    before, after = (int(word) for word in result.stdout.split() if word.isdigit())
    assert result.exit_code == 0 and after <= before


def test_another_model_can_take_over(kept, tiny_model):
    assert kept("reembed", "--model", str(tiny_model)).exit_code == 0
    assert "use --model" in failure(kept("related", "--text", "甲"))
    assert len(rows(kept("related", "--text", "red", "--model", str(tiny_model)))) == 10


def test_a_library_that_is_not_there_is_not_begun_by_asking(tmp_path):
    for command in ("list", "check", "vacuum", "backup", "export", "decisions list", "decisions export"):
        said = failure(CliRunner().invoke(main, [*command.split(), "--library", str(tmp_path / "none.db")]))
        assert "there is no such library" in said
    assert list(tmp_path.iterdir()) == []


# --- related ---


def check_lines(found):
    for row in found:
        assert list(row) == [
            *("id", "title", "relevance", "rank_score", "score", "word_score"),
            *("relations", "reposts", "evidence", "why"),
        ]
        assert row["evidence"]
        for pair in row["evidence"]:
            assert list(pair) == ["query", "article", "score"]
            assert list(pair["query"]) == list(pair["article"]) == ["start", "end", "text"]
    assert [row["rank_score"] for row in found] == sorted((row["rank_score"] for row in found), reverse=True)


def test_the_related_articles_of_an_article_are_one_object_a_line(run):
    found = rows(run("related", ESSAY))
    check_lines(found)
    assert len(found) == 9
    assert (found[0]["title"], found[0]["relevance"], found[0]["relations"]) == (PUBLICITY, "strong", ["linked"])
    assert found[0]["id"].startswith("piece-")


def test_the_lines_are_what_the_recommender_says(run, seeded):
    recommender = Recommender.open(seeded)
    paragraph = recommender.find(ESSAY, 3)
    expected = recommender.related(paragraph, 4)
    found = rows(run("related", ESSAY, "--paragraph", "3", "-k", "4"))
    check_lines(found)
    assert [(row["id"], row["score"]) for row in found] == [(r.article.id, round(r.score, 4)) for r in expected]
    essay = recommender.find(ESSAY)
    for row, r in zip(found, expected, strict=True):
        for pair in row["evidence"]:
            asked, answer = pair["query"], pair["article"]
            assert essay.text[asked["start"] : asked["end"]] == asked["text"]
            assert r.article.text[answer["start"] : answer["end"]] == answer["text"]
            assert paragraph.start <= asked["start"] < asked["end"] <= paragraph.end


def test_an_article_can_be_named_by_its_file_or_its_id(run):
    named = rows(run("related", str(next(SEEDS.glob("*.txt"))), "-k", "2"))
    assert named == rows(run("related", ESSAY, "-k", "2"))
    assert rows(run("related", named[0]["id"], "--limit", "1"))[0]["title"] == ESSAY


def test_a_text_can_be_given(run):
    found = rows(run("related", "--text", "How can a company improve its publicity and propaganda work?"))
    assert (found[0]["title"], found[0]["relations"]) == (PUBLICITY, [])
    assert len(found) == 10


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_on_standard_input_may_be_in_any_encoding(run, encoding):
    found = rows(run("related", "-k", "3", stdin=TEXT.encode(encoding)))
    assert found[0]["title"] == "社区矫正与安置帮教一体化新机制浅见"
    assert found == rows(run("related", "-k", "3", "--text", TEXT))


def test_a_table_for_people(run):
    result = run("related", ESSAY, "--table", "-k", "2")
    assert (result.exit_code, result.stderr) == (0, "")
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in result.stdout.splitlines() if "│" in line]
    best = rows(run("related", ESSAY, "-k", "1"))[0]
    assert cells[0][:2] == ["1", f"{best['score']:.2f}"]
    title, sentence = ("".join(row[column] for row in cells) for column in (2, 3))
    # A line that is broken at a space has lost it.
    best_sentence = best["evidence"][0]["article"]["text"]
    assert title.startswith(PUBLICITY) and sentence.replace(" ", "").startswith(best_sentence.replace(" ", ""))


# --- info ---


def test_info_is_json(run, seeded, embedded):
    result = run("info")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {
        "library": str(seeded),
        "model": "embedded",
        "revision": embedded.revision,
        "dimension": 384,
        "articles": 10,
        "passages": 23,
        "links": 9,
    }


# --- what goes wrong ---


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (["related", "没有这一篇"], None, "has no articles called '没有这一篇'"),
        (["related", ESSAY, "--paragraph", "9"], None, "has paragraphs 1 to 8, and no paragraph 9"),
        (["related", "--text", ""], None, "it is empty"),
        (["related"], b"", "it is empty"),
        (["related"], b"\x89PNG\r\n\x1a\n\x00", "standard input: this is a PNG image"),
        (["related", "--text", "\udcff\udcfe"], None, "Give it as UTF-8"),
        (["info", "--model", "/no/such/model"], None, "'/no/such/model' cannot be had"),
        (["info", "--model", "nobody/uncached"], None, "--model embedded"),
        (["info", "--library", str(ROOT / "pyproject.toml")], None, "pyproject.toml cannot be opened as a library"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_1(run, arguments, stdin, said):
    message = failure(run(*arguments, stdin=stdin))
    assert message.startswith("Error: ") and said in message


def test_another_models_library_is_refused_and_left_as_it_was(run, seeded, tiny_model):
    before = seeded.read_bytes()
    for command in (["add", str(SEEDS)], ["related", ESSAY], ["info"]):
        message = failure(run(*command, "--model", str(tiny_model)))
        for part in (str(seeded), "'embedded'", repr(str(tiny_model)), "use --model embedded", "reembed"):
            assert part in message
    assert seeded.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["related", ESSAY, "--text", "文字"], "not both"),
        (["related", "--text", "文字", "--paragraph", "1"], "name one"),
        (["related", ESSAY, "--paragraph", "0"], "--paragraph"),
        (["related", ESSAY, "-k", "0"], "--limit"),
        (["related", ESSAY, "-k", "many"], "--limit"),
        (["add"], "PATHS"),
        (["add", "seeds", "--library", "."], "--library"),
        (["publish"], "publish"),
    ],
)
def test_a_wrong_call_is_told_so_before_anything_is_loaded(run, arguments, said, monkeypatch):
    monkeypatch.setattr(Recommender, "open", lambda *_: pytest.fail("it was opened"))
    message = failure(run(*arguments), code=2)
    assert "Usage: " in message and said in message


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
def test_no_text_at_all_is_told_so_and_not_waited_for():
    terminal, stdin = os.openpty()
    try:
        command = [sys.executable, "-m", "recommender", "related"]
        ran = subprocess.run(command, stdin=stdin, capture_output=True, text=True, cwd=ROOT)
    finally:
        os.close(terminal)
        os.close(stdin)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "give ARTICLE, --text, or a text on standard input" in ran.stderr


# --- help, and the real thing ---


def squeezed(text):
    """Without white space, as help is wrapped wherever it must be."""
    return "".join(text.split())


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_lists_every_command_with_what_it_does(run, flag):
    result = run(flag)
    assert result.exit_code == 0
    listed = dict(line.split(maxsplit=1) for line in result.stdout.partition("Commands:\n")[2].splitlines())
    assert sorted(listed) == sorted(main.commands)
    for name, said in listed.items():
        assert squeezed(main.commands[name].help).startswith(squeezed(said.rstrip(".")))


COMMANDS = {name: command for name, command in main.commands.items() if not isinstance(command, Group)} | {
    f"{group} {name}": command
    for group, of_group in main.commands.items()
    if isinstance(of_group, Group)
    for name, command in of_group.commands.items()
}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_help_of_a_command_explains_every_option(run, name):
    result = run(*name.split(), "--help")
    assert result.exit_code == 0
    text, command = squeezed(result.stdout), COMMANDS[name]
    assert squeezed(command.help) in text
    for option in command.params:
        if option.param_type_name == "option":
            assert option.help and squeezed(option.help) in text
            assert all(spelling in text for spelling in option.opts)
    assert "RECOMMENDER_LIBRARY" in text and "library.db" in text


def test_a_real_process_reads_and_writes_utf_8_wherever_it_runs(run, seeded, tmp_path):
    command = [sys.executable, "-m", "recommender", "related", "-k", "2", "--library", str(seeded)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C"}
    ran = subprocess.run(command, input=TEXT.encode("gb18030"), capture_output=True, cwd=tmp_path, env=environment)
    assert (ran.returncode, ran.stderr) == (0, b"")
    found = [json.loads(line) for line in ran.stdout.decode("utf-8").splitlines()]
    assert found == rows(run("related", "-k", "2", "--text", TEXT))
    assert list(tmp_path.iterdir()) == []
