"""What a browser says of itself: identity, addresses and values that an event claims are not believed."""

import json

from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.subordinates import SubordinatesState
from gdftu_app.state.union_chooser import UnionChooserState
from tests.state.attacking import ROOT, merged, touched
from tests.state.conftest import Become
from tests.state.handlers import REFUSAL_VARS
from tests.web.world import World

UNION, ROWS = CurrentUnion.get_full_name(), SubordinatesState.get_full_name()
OWNER = "owner of the city"


def test_identity_in_an_event_is_not_believed(become: Become, world: World):
    attacker, victim = become(None), world.sign_in(OWNER)
    forged = {
        "headers": {"cookie": f"gdftu_session={victim}", "Cookie": f"gdftu_session={victim}"},
        "cookie": f"gdftu_session={victim}",
        "ip": "10.0.0.1",
        "sid": "other",
        "token": "other",
    }

    answers = attacker.ask(f"{UnionChooserState.get_full_name()}.load", {}, **forged)

    assert touched(answers) <= REFUSAL_VARS
    router = [update["delta"].get(ROOT, {}) for update in answers]
    assert not [changes for changes in router if "10.0.0.1" in json.dumps(changes)]


def test_a_state_named_in_the_event_is_not_anothers(become: Become, world: World):
    attacker, city = become("owner of the other city"), world.places["city"]

    answers = attacker.ask(
        f"{UNION}.enter_union", {"union_id": city.id}, client_state=UNION, token="x", state={"_acting_id": city.id}
    )

    assert touched(answers) <= REFUSAL_VARS


def test_what_an_address_names_is_asked_for_like_everything_else(become: Become, world: World):
    attacker, hidden = become("owner of the other city"), world.places["factory"]

    address = f"/subordinates/?union={hidden.id}"
    told = merged(attacker.ask(f"{ROWS}.load", {}, address=address, query={"union": str(hidden.id)}))

    assert told[ROWS]["is_missing"] is True
    assert hidden.name not in json.dumps(told, ensure_ascii=False)
