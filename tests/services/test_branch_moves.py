"""Moving a branch as an administrator does: with a preview, within reach, and with everybody told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, select

from gdftu_app.db import unit_of_work
from gdftu_app.errors import NotAllowed, NotFound, Refusal
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.notifications import Notification, NotificationKind
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.unions import Union
from gdftu_app.queries.figures import figures_of
from gdftu_app.queries.waiting import bell_of
from gdftu_app.security.actors import Actor, get_actor
from gdftu_app.security.permissions import Role
from gdftu_app.services.branch_moves import MovedMeanwhile, move_below, preview_move
from gdftu_app.services.change_requests import submit_change, withdraw_change
from gdftu_app.services.change_reviews import CHANGES
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.reviews import withdraw
from gdftu_app.services.union_rules import SuperiorNotAllowed
from gdftu_app.services.unions import dissolve, rename
from tests.counting import assert_queries
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_administrator,
    make_change_request,
    make_federation,
    make_member,
    make_union,
)
from tests.recounts import recount, shown


def move(session: Session, actor: Actor, union: Union, superior: Union, version: int | None = None) -> None:
    move_below(session, actor, union=id_of(union), superior=id_of(superior), version=version or union.version)


def told(session: Session) -> dict[int, tuple[str, int | None, str]]:
    rows = session.exec(select(Notification)).all()
    return {row.account_id: (row.kind, row.union_id, row.link) for row in rows}


class TestThePreview:
    def test_counts_what_moves_and_names_both_superiors(self, session, act_as, small_federation):
        world = small_federation
        make_member(session, world.factory)
        make_member(session, world.factory, verified=False)
        make_change_request(session, world.district)

        preview = preview_move(
            session, act_as(world.province), union=id_of(world.district), superior=id_of(world.other_city)
        )

        assert (preview.union.name, preview.before.name, preview.after.name) == (
            world.district.name,
            world.city.name,
            world.other_city.name,
        )
        assert (preview.unions, preview.members, preview.waits, preview.version) == (3, 2, True, 1)

    def test_changes_nothing(self, session, act_as, small_federation):
        world = small_federation
        before = world.district.path

        preview_move(session, act_as(world.province), union=id_of(world.district), superior=id_of(world.other_city))

        session.refresh(world.district)
        assert world.district.path == before
        assert not session.exec(select(AuditEntry).where(AuditEntry.verb == "unions:move")).all()

    @pytest.mark.parametrize("count", [1, 30])
    def test_asks_as_often_however_much_moves(self, session, act_as, small_federation, count):
        world = small_federation
        for number in range(count):
            make_union(session, world.street, name=f"第{number}厂工会")
        actor, asked = act_as(world.province), {"union": id_of(world.district), "superior": id_of(world.other_city)}
        session.expire_all()

        with assert_queries(session, 5):
            preview_move(session, actor, **asked)


class TestMoving:
    def test_takes_the_branch_its_figures_and_its_request_along(self, session, act_as, small_federation):
        world = small_federation
        make_member(session, world.factory)
        request = make_change_request(session, world.district)
        below = make_change_request(session, world.street)
        closed = make_change_request(session, world.factory)
        withdraw(session, closed, account_id=closed.submitted_by_id)

        move(session, act_as(world.province), world.district, world.other_city)

        session.expire_all()
        assert world.factory.path.startswith(world.other_city.path)
        assert figures_of(session, id_of(world.other_city)).members_sub == 1 + 0
        assert session.get_one(ChangeRequest, request.id).reviewing_union_id == world.other_city.id
        assert session.get_one(ChangeRequest, below.id).reviewing_union_id == world.district.id
        assert session.get_one(ChangeRequest, closed.id).reviewing_union_id == world.street.id
        assert bell_of(session, act_as(world.other_city)).waiting.get(CHANGES.list.key, 0) == 1
        assert bell_of(session, act_as(world.city)).waiting.get(CHANGES.list.key, 0) == 0
        assert shown(session) == recount(session)
        assert verify(session) == []

    def test_changes_who_reaches_it(self, session, act_as, small_federation):
        world = small_federation
        former, later = act_as(world.city), act_as(world.other_city)

        move(session, act_as(world.province), world.street, world.other_city)

        union = id_of(world.factory)
        with pytest.raises(NotFound):
            preview_move(session, former, union=union, superior=id_of(world.city))
        assert preview_move(session, later, union=union, superior=id_of(world.other_city)).unions == 1

    def test_below_the_acting_union_itself(self, session, act_as, small_federation):
        world = small_federation

        move(session, act_as(world.city), world.street, world.city)

        session.refresh(world.street)
        assert world.street.superior_id == world.city.id

    def test_is_recorded_with_from_and_to(self, session, act_as, small_federation):
        world, actor = small_federation, act_as(small_federation.province)

        move(session, actor, world.street, world.other_city)

        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "unions:move")).one()
        assert (entry.subject, entry.union_id) == (f"unions:{world.street.id}", world.province.id)
        assert entry.detail == {
            "changes": [{"field": "superior", "before": world.district.name, "after": world.other_city.name}],
            "unions": 2,
            "members": 0,
        }

    def test_tells_the_administrators_of_all_three(self, session, act_as, small_federation):
        world = small_federation
        moved, left, entered = (act_as(place) for place in (world.street, world.district, world.other_city))
        actor, elsewhere = act_as(world.province), act_as(world.factory)

        move(session, actor, world.street, world.other_city)

        kind = NotificationKind.UNION_MOVED
        assert told(session) == {
            moved.account_id: (kind, world.street.id, "/union/"),
            left.account_id: (kind, world.district.id, ""),
            entered.account_id: (kind, world.other_city.id, f"/subordinates/?union={world.street.id}"),
        }
        assert not {actor.account_id, elsewhere.account_id} & told(session).keys()

    def test_tells_nobody_twice_nor_the_dismissed(self, session, act_as, small_federation):
        world, busy = small_federation, make_account(session)
        for place in (world.street, world.district):
            make_administrator(session, busy, place)
        gone = make_administrator(session, make_account(session), world.street)
        gone.dismissed_at = world.street.created_at
        disabled = make_account(session)
        make_administrator(session, disabled, world.street)
        disabled.disabled_at = world.street.created_at

        move(session, act_as(world.province), world.street, world.other_city)

        assert {number: link for number, (_, _, link) in told(session).items()} == {busy.id: "/union/"}

    def test_after_somebody_else_changed_it_is_refused(self, session, act_as, small_federation):
        world = small_federation
        version = world.street.version
        rename(session, world.street, "榕树新街道总工会")

        with pytest.raises(MovedMeanwhile):
            move(session, act_as(world.province), world.street, world.other_city, version)

    def test_twice_at_once_happens_once(self, session, act_as, small_federation):
        world, actor = small_federation, act_as(small_federation.province)
        version = world.street.version
        move(session, actor, world.street, world.other_city, version)

        with pytest.raises(Refusal):
            move(session, actor, world.street, world.other_city, version)
        assert len(session.exec(select(AuditEntry).where(AuditEntry.verb == "unions:move")).all()) == 1


class TestWhereNot:
    @pytest.mark.parametrize(
        ("union", "superior"),
        [
            ("district", "district"),  # itself
            ("district", "street"),  # its own subordinate
            ("district", "factory"),
            ("street", "district"),  # where it is
            ("street", "factory"),  # a base union
            ("city", "other_city"),  # a city below a city
            ("district", "other_factory"),
        ],
    )
    def test_an_unfit_superior_is_refused_already_in_the_preview(
        self, session, act_as, small_federation, union, superior
    ):
        actor = act_as(small_federation.province)
        moved, above = getattr(small_federation, union), getattr(small_federation, superior)
        path = moved.path

        with pytest.raises(SuperiorNotAllowed):
            preview_move(session, actor, union=id_of(moved), superior=id_of(above))
        with pytest.raises(SuperiorNotAllowed):
            move(session, actor, moved, above)
        assert session.get_one(Union, moved.id, populate_existing=True).path == path

    def test_a_dissolved_superior_is_refused_and_a_dissolved_union_not_found(self, session, act_as, small_federation):
        world, actor = small_federation, act_as(small_federation.province)
        dissolve(session, world.other_factory)
        dissolve(session, world.other_city)

        with pytest.raises(SuperiorNotAllowed):
            move(session, actor, world.street, world.other_city)
        with pytest.raises(NotFound):
            move(session, actor, world.other_factory, world.city)


class TestWhoMay:
    def test_nobody_moves_what_is_not_below(self, session: Session, act_as, small_federation: Federation):
        world, actor = small_federation, act_as(small_federation.city)
        strangers = (world.province, world.other_city, world.other_factory, world.city)

        for union in strangers:
            with pytest.raises(NotFound):
                move(session, actor, union, world.street)
            with pytest.raises(NotFound):
                preview_move(session, actor, union=id_of(union), superior=id_of(world.street))
        with pytest.raises(NotFound):
            move_below(session, actor, union=10**9, superior=id_of(world.city), version=1)

    def test_nobody_moves_anything_out_of_their_reach(self, session, act_as, small_federation):
        world, actor = small_federation, act_as(small_federation.city)

        for superior in (world.province, world.other_city):
            with pytest.raises(NotFound):
                move(session, actor, world.street, superior)

    def test_no_base_union_and_nobody_who_does_not_edit(self, session, act_as, small_federation):
        world = small_federation
        branch = make_union(session, world.factory, category="branch")

        with pytest.raises(NotAllowed):
            move(session, act_as(world.factory), branch, world.factory)
        for role in set(Role) - {Role.OWNER}:
            with pytest.raises(NotAllowed):
                move(session, act_as(world.city, role), world.street, world.city)

    def test_whose_own_union_moved_away_finds_nothing_by_the_old_path(self, session, act_as, small_federation):
        world, actor = small_federation, act_as(small_federation.district)
        move(session, act_as(world.province), world.district, world.other_city)

        with pytest.raises(NotFound):
            move(session, actor, world.factory, world.district)
        again = get_actor(session, account_id=actor.account_id, union_id=actor.union_id)
        move(session, again, world.factory, world.district)
        assert verify(session) == []


def test_a_request_handed_in_meanwhile_reaches_whoever_is_the_superior_then(own_database):
    with unit_of_work() as session:
        world = make_federation(session)
        mover, applicant = (make_account(session) for _ in range(2))
        make_administrator(session, mover, world.province)
        make_administrator(session, applicant, world.street)
        ids = {name: id_of(union) for name, union in vars(world).items()}
        who = {"mover": (id_of(mover), ids["province"]), "applicant": (id_of(applicant), ids["street"])}

    def actor(session: Session, name: str) -> Actor:
        return get_actor(session, account_id=who[name][0], union_id=who[name][1])

    def move_there_and_back(times: int) -> None:
        for number in range(times):
            with unit_of_work() as session:
                superior = ids["other_city" if number % 2 == 0 else "district"]
                version = session.get_one(Union, ids["street"]).version
                move_below(session, actor(session, "mover"), union=ids["street"], superior=superior, version=version)

    def ask_and_take_back(times: int) -> None:
        for number in range(times):
            with unit_of_work() as session:
                form = {"typed": {"postcode": f"52831{number}"}, "shown": {"postcode": ""}, "purpose": "更正"}
                request = submit_change(session, actor(session, "applicant"), **form)
            if number < times - 1:
                with unit_of_work() as session:
                    withdraw_change(session, actor(session, "applicant"), request_id=request)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(move_there_and_back, 7), pool.submit(ask_and_take_back, 9)]:
            done.result()

    with unit_of_work() as session:
        [request] = session.exec(select(ChangeRequest).where(ChangeRequest.status == "pending")).all()
        assert request.reviewing_union_id == session.get_one(Union, ids["street"]).superior_id == ids["other_city"]
        assert verify(session) == []
