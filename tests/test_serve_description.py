"""The interface does what its own description says: schemathesis asks what it allows, and what it does not."""

from typing import Any

import pytest
import schemathesis
from conftest import WordEncoder, essay
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from serving import COLOURS, KEY, TOKEN

from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.serve import create_app
from recommender.serve.settings import Settings

# What no form can say is refused with 422, too: that a piece must be there, or that a text is more than blanks.
BEYOND_FORMS = {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422"]}}
ASKED: dict[str, Any] = {
    "seed": 1,
    "continue-on-failure": True,
    "generation": {"max-examples": 10, "deterministic": True, "database": "none"},
    "operations": [
        {"include-name": name, "checks": BEYOND_FORMS}
        for name in ("PUT /articles/{id}", "POST /articles/{id}/decisions")
    ],
}
# Without a token there is none to send: 403, where a missing header else is 401.
READ_ONLY = {"checks": {"missing_required_header": {"enabled": False}}}


@pytest.mark.parametrize(("token", "asked"), [("", READ_ONLY), (TOKEN, {"headers": KEY})], ids=["read-only", "token"])
def test_a_server_does_what_it_says(tmp_path, token, asked):
    encoder = WordEncoder()
    recommender = Recommender(SqliteLibrary(tmp_path / "library.db", encoder), encoder)
    recommender.put([*COLOURS, essay("seeds/浅见.html", "red green blue")])  # which the examples name
    app = create_app(recommender, Settings(token=token, rate="1000000/second"))
    config = SchemathesisConfig.from_dict(ASKED | asked)
    wrong, statuses = [], set()
    for event in from_schema(schemathesis.openapi.from_asgi("/openapi.json", app, config=config)).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            wrong.append(event)
        elif isinstance(event, events.ScenarioFinished):
            seen = event.recorder
            wrong += [one for many in seen.checks.values() for one in many if one.status == Status.FAILURE]
            answers = (interaction.response for interaction in seen.interactions.values())
            statuses |= {answer.status_code for answer in answers if answer}
    assert not wrong, "\n\n".join(map(str, wrong))
    assert statuses >= {200, 404, 405, 422, *([201, 204, 401] if token else [403])}
