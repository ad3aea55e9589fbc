from gdftu_app.config import Environment
from gdftu_app.integrations.identity import IdentityOutcome, identity_gateway
from tests.clouds import configured


class TestLocalIdentity:
    def test_a_demo_takes_everybodys_word(self):
        answer = identity_gateway(configured()).check("陈一", "440199199001011234")

        assert answer.outcome == IdentityOutcome.MATCH

    def test_in_production_an_administrator_has_to_confirm(self):
        gateway = identity_gateway(configured(env=Environment.PRODUCTION))

        assert gateway.check("陈一", "440199199001011234").outcome == IdentityOutcome.MANUAL
