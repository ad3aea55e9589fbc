"""Handing a rejected change in again (修改后重新提交): what comes along, and for whom."""

import pytest
from sqlmodel import Session, col, select

from gdftu_app.errors import NotFound
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.files import StoredFile
from gdftu_app.models.unions import Union
from gdftu_app.queries.change_requests import change_form
from gdftu_app.queries.files import find_file
from gdftu_app.security.actors import Actor
from gdftu_app.services.change_reviews import CHANGES
from gdftu_app.services.files import FileLost
from gdftu_app.services.reviews import reject
from tests.changing import NEW_PHONE, OLD_PHONE, ask, make_whole_union, upload
from tests.factories import Federation


@pytest.fixture
def factory(session: Session, small_federation: Federation) -> Union:
    """A base union of which everything is recorded, with its one employer."""
    return make_whole_union(session, small_federation.street)


class TestHandingInAgain:
    @pytest.fixture
    def rejected(self, session, act_as, small_federation, factory) -> tuple[Actor, int, str]:
        """Who handed in what, with which document, before it was rejected."""
        actor = act_as(factory)
        key = upload(session, actor)
        number = ask(session, actor, documents=[key], name="粤泓新能源工会委员会", phone=NEW_PHONE)
        reject(session, act_as(small_federation.street), queue=CHANGES, ids=[number], reason="证件图片不清晰")
        return actor, number, key

    def test_takes_phone_and_documents_along(self, session, rejected):
        actor, earlier, key = rejected

        number = ask(session, actor, documents=[key], again=earlier, name="粤泓新能源工会委员会")

        request = session.get_one(ChangeRequest, number)
        assert [change["after"] for change in request.changes] == ["粤泓新能源工会委员会", "139****9999"]
        assert request.phone_bidx == session.get_one(ChangeRequest, earlier).phone_bidx
        files = session.exec(select(StoredFile).order_by(col(StoredFile.id))).all()
        assert [file.subject for file in files] == [f"change_requests:{earlier}", f"change_requests:{number}"]
        assert files[0].key != files[1].key

    def test_the_old_phone_typed_anew_leaves_the_phone_as_it_is(self, session, rejected):
        actor, earlier, key = rejected

        number = ask(session, actor, documents=[key], again=earlier, name="粤泓新能源工会委员会", phone=OLD_PHONE)

        request = session.get_one(ChangeRequest, number)
        assert ([change["field"] for change in request.changes], request.phone_enc) == (["name"], None)

    def test_of_what_was_not_rejected_or_is_another_unions_finds_nothing(
        self, session, act_as, small_federation, rejected
    ):
        actor, earlier, _ = rejected
        open_one = ask(session, actor, contact_name="陈明")

        for who, number in ((actor, open_one), (actor, 10**9), (act_as(small_federation.factory), earlier)):
            with pytest.raises(NotFound):
                ask(session, who, again=number, contact_name="陈大明")

    def test_a_colleague_takes_it_up_with_its_documents(self, session, act_as, small_federation, factory, rejected):
        _, earlier, key = rejected
        colleague = act_as(factory)

        form = change_form(session, colleague, again=earlier)
        number = ask(session, colleague, documents=[key], again=earlier, name="粤泓新能源工会委员会")

        assert [document.key for document in form.documents] == [key]
        first, copy = session.exec(select(StoredFile).order_by(col(StoredFile.id))).all()
        assert (copy.subject, copy.account_id) == (f"change_requests:{number}", colleague.account_id)
        assert (first.subject, first.account_id) == (f"change_requests:{earlier}", rejected[0].account_id)
        reviewer = act_as(small_federation.street)
        assert find_file(session, account_id=reviewer.account_id, key=copy.key) is not None

    @pytest.mark.parametrize("takes_up_own", [False, True])
    def test_documents_of_another_union_do_not_come_along(
        self, session, act_as, small_federation, rejected, takes_up_own
    ):
        _, earlier, key = rejected
        stranger = act_as(small_federation.factory)
        own = ask(session, stranger, contact_name="陈明")
        reject(session, act_as(small_federation.street), queue=CHANGES, ids=[own], reason="材料不全")

        with pytest.raises(NotFound):
            ask(session, stranger, documents=[key], again=earlier, contact_name="陈大明")
        with pytest.raises(FileLost):
            ask(session, stranger, documents=[key], again=own if takes_up_own else 0, contact_name="陈大明")
