"""The interface for sites without a network, for the tests of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from conftest import essay
from starlette.testclient import TestClient

from recommender.recommend import Recommender
from recommender.serve import create_app
from recommender.serve.settings import Settings

TOKEN = "a secret of the tests"
KEY = {"Authorization": f"Bearer {TOKEN}"}

# Every pair has words in common; the more, the nearer.
COLOURS = [
    essay("red", "red green blue white black", "a sentence about red things"),
    essay("green", "red green blue white and more"),
    essay("blue", "red green blue with other words"),
    essay("white", "red green in a longer sentence about the sea"),
    essay("black", "red is the only colour in a text on ships, ports, cranes and the weather"),
]


def client(recommender: Recommender, **settings: Any) -> TestClient:
    """A client of a server over a library; what it does not catch is answered, as by a real server."""
    made = Settings(**({"rate": "100000/hour"} | settings))
    return TestClient(create_app(recommender, made), raise_server_exceptions=False)


def at(id_: str, part: str = "") -> str:
    """The address of an article, or of a part of it."""
    return f"/articles/{quote(id_, safe='')}" + (f"/{part}" if part else "")


def ids(answer: Any) -> list[str]:
    """The ids of the pieces, or articles, that were answered."""
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json().get("pieces", answer.json().get("articles"))]


def refused(answer: Any, status: int) -> dict[str, Any]:
    """The problem that was answered, which has the form that RFC 9457 asks for."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json()
    assert problem["status"] == status and problem["title"] and problem["detail"]
    return problem


def decide(server: TestClient, id_: str, change: dict[str, Any], by: str = "王编辑", seen: int | None = None) -> Any:
    """What is answered to a decision of an editor who has seen all that there is, or as much as is said."""
    if seen is None:
        seen = server.get(at(id_, "decisions"), headers=KEY).json()["seen"]
    return server.post(at(id_, "decisions"), json={"change": change, "by": by, "seen": seen}, headers=KEY)
