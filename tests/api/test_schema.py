"""The API against its own document: invented requests, sound and unsound, get the answers it promises."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import settings as examined
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.applications import Starlette

from gdftu_app.api.application import make_api, routes
from gdftu_app.config import settings
from gdftu_app.db import engine, unit_of_work
from gdftu_app.models.people import Person
from gdftu_app.security.limits import forget_limits
from gdftu_app.services.memberships import admit
from tests.api.conftest import token_for
from tests.factories import make_account, make_federation

EXAMPLES = 40
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
schema = schemathesis.openapi.from_dict(make_api().openapi())
schema.app = Starlette(routes=routes)


@pytest.fixture(scope="module")
def token(new_database) -> Iterator[str]:
    """The token of a member, in a database of its own that the API speaks to meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GDFTU_DATABASE_URL", new_database("sqlite"))
        patch.setenv("GDFTU_API_REQUESTS_PER_MINUTE", "100000")
        patch.setenv("GDFTU_LOGIN_ATTEMPTS_PER_ADDRESS_MINUTE", "100000")
        settings.cache_clear()
        forget_limits()
        with unit_of_work() as session:
            account = make_account(session)
            admit(session, session.get_one(Person, account.person_id), make_federation(session).factory)
            value = token_for(session, account)
        yield value
        engine().dispose()
    settings.cache_clear()
    forget_limits()


@schema.exclude(path="/tokens/current").parametrize()
@examined(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
def test_answers_as_it_promises(case: schemathesis.Case, token: str):
    response = case.call(headers={"Authorization": f"Bearer {token}"})

    case.validate_response(response, checks=list(CHECKS))
