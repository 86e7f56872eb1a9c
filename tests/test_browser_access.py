"""Logging in with a real browser at an identity provider: who may edit then. Screenshots go to artefacts/."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browsers import Opened, chromium, needs_chromium, serving, settle, shoot, windows
from identity import IdentityProvider, identity_provider, secrets_toml
from playwright.sync_api import Browser, Locator, Page, expect

from recommender.ui.words import WORDS

pytestmark = needs_chromium

EDITOR = "wang@example.org"
PEOPLE = {
    "editor": {"email": EDITOR.upper(), "email_verified": True, "name": "王芳"},
    "reader": {"email": "li@example.org", "email_verified": True, "name": "李明"},
    "impostor": {"email": EDITOR, "email_verified": False, "name": "王芳"},
}
LIBRARY = "?view=library"
# A name by which the browser finds this machine, as a site that has led it here could make it.
NAME = "desk.example"


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    with identity_provider(PEOPLE) as running:
        yield running


@pytest.fixture(scope="module")
def secrets(provider: IdentityProvider, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of the server."""
    file = tmp_path_factory.mktemp("secrets") / "secrets.toml"
    file.write_text(secrets_toml(provider, EDITOR))
    return file


@pytest.fixture(scope="module")
def server(secrets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("team"), f"--secrets.files={secrets}") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(f"--host-resolver-rules=MAP {NAME} 127.0.0.1") as started:
        yield started


@pytest.fixture
def opened(server: str, provider: IdentityProvider, browser: Browser) -> Iterator[Opened]:
    with windows(server, browser, provider.address) as window:
        yield window


def _log_in(page: Page, person: str) -> None:
    page.get_by_role("button", name=WORDS["log_in"][0]).click()
    page.get_by_role("link", name=person).click()
    expect(_log_out(page)).to_be_visible()
    settle(page)


def _log_out(page: Page) -> Locator:
    return page.get_by_role("button", name=WORDS["log_out"][0], exact=True)


def _go_to_library(page: Page) -> None:
    page.get_by_text("文库", exact=True).click()
    expect(page.locator(".stMain h3").first).to_contain_text("篇文章")
    settle(page)


def _removing(page: Page) -> Locator:
    return page.locator('[class*="st-key-remove-"] button')


def _notice(page: Page) -> Locator:
    return page.locator('[data-testid="stAlert"]')


def test_an_editor_logs_in_changes_the_library_and_logs_out(opened: Opened) -> None:
    page = opened(LIBRARY)
    expect(page.get_by_text(WORDS["only_visitor"][0])).to_be_visible()
    expect(_removing(page)).to_have_count(0)
    expect(page.locator('[data-testid="stFileUploader"]')).to_have_count(0)
    shoot(page, "access-visitor")
    _log_in(page, "editor")
    expect(page.get_by_text("王芳", exact=True)).to_be_visible()
    _go_to_library(page)
    shoot(page, "access-editor")
    heading = page.locator(".stMain h3").first.inner_text()
    _removing(page).nth(1).click()
    expect(page.get_by_text("已移出")).to_be_visible()
    page.get_by_role("button", name=WORDS["undo"][0]).click()
    expect(page.locator(".stMain h3").first).to_have_text(heading)
    _log_out(page).click()
    expect(page.get_by_role("button", name=WORDS["log_in"][0])).to_be_visible()
    settle(page)
    _go_to_library(page)
    expect(_removing(page)).to_have_count(0)


@pytest.mark.parametrize(("person", "email"), [("reader", "li@example.org"), ("impostor", EDITOR)])
def test_who_is_not_on_the_list_is_told_so_and_reads(person: str, email: str, opened: Opened) -> None:
    page = opened(LIBRARY, width=390, color_scheme="dark")
    _log_in(page, person)
    notice = _notice(page)
    expect(notice).to_contain_text(f"你以 {email} 登录了，但编辑名单里没有这个经过验证的地址")
    expect(notice.get_by_role("link")).to_have_count(0)
    _go_to_library(page)
    expect(_removing(page)).to_have_count(0)
    shoot(page, f"access-{person}")
    _log_out(page).click()
    expect(page.get_by_role("button", name=WORDS["log_in"][0])).to_be_visible()


def test_who_is_taken_off_the_list_is_refused_on_the_page_they_have(
    opened: Opened, secrets: Path, provider: IdentityProvider
) -> None:
    page = opened()
    _log_in(page, "editor")
    _go_to_library(page)
    heading = page.locator(".stMain h3").first.inner_text()
    before = secrets.read_text()
    secrets.write_text(before.replace(EDITOR, "somebody@else.example"))
    try:
        other = page.context.new_page()
        for _ in range(60):  # the server looks at the file now and then
            other.goto(page.url)
            expect(_log_out(other)).to_be_visible()
            settle(other)
            if _notice(other).count():
                break
        expect(_notice(other)).to_contain_text("编辑名单里没有")
        _removing(page).nth(1).click()
        expect(page.get_by_text(WORDS["may_not_edit"][0])).to_be_visible()
        expect(page.locator(".stMain h3").first).to_have_text(heading)
        expect(_removing(page)).to_have_count(0)
        shoot(page, "access-refused")
    finally:
        secrets.write_text(before)


def test_the_server_answers_this_machine_only(server: str) -> None:
    port = urlsplit(server).port
    # Also this machine, and open to a server that listens on all of its addresses.
    with socket.socket() as other, pytest.raises(OSError, match=r"refused|reach"):
        other.connect(("127.0.0.2", port))
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{server}/_stcore/agent/interact", data=b"{}")


def test_without_a_login_a_page_of_another_name_is_only_read(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path, f"--secrets.files={tmp_path / 'none.toml'}") as server:
        with windows(server, browser) as window:
            expect(_removing(window(LIBRARY))).to_have_count(10)
        with windows(server.replace("127.0.0.1", NAME), browser) as window:
            page = window(LIBRARY)
            expect(page.get_by_text("这里只能看")).to_be_visible()
            expect(_removing(page)).to_have_count(0)
            expect(page.get_by_role("button", name=WORDS["log_in"][0])).to_have_count(0)
            shoot(page, "access-closed")
