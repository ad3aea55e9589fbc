"""Who may do what: every guarded operation × every role × above the base or at it. Without a row a new one fails."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import Session

import gdftu_app.queries
import gdftu_app.services
from gdftu_app.errors import NotAllowed, NotFound, Refusal
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import OPERATIONS, Actor, get_actor
from gdftu_app.security.permissions import ROLE_PERMISSIONS, Permission, Role
from tests.factories import (
    Federation,
    id_of,
    make_account,
    make_administrator,
)
from tests.security.asking_about import (
    Arguments,
    all_that_match,
    changed_there,
    colleague,
    colleague_with_less,
    corrected_there,
    counted_there,
    dissolved_there,
    established_there,
    joining_there,
    kept_list,
    keyword,
    member_there,
    merged_once_seen,
    merged_there,
    moved_once_seen,
    moved_there,
    new_field_there,
    newcomer,
    newcomer_there,
    one,
    parent,
    refused,
    registered_there,
    rejected_there,
    removed_there,
    requested_there,
    retained_there,
    revealed_there,
    superior_there,
    transferring_there,
    typed_field,
    typed_over,
    union,
    view,
    waiting_there,
    whole_number,
    workbook_there,
)

for layer in (gdftu_app.services, gdftu_app.queries):
    for module in pkgutil.walk_packages(layer.__path__, f"{layer.__name__}."):
        importlib.import_module(module.name)

ROLES = (Role.OWNER, Role.REVIEWER, Role.MEMBERS, Role.EDITOR, Role.ANALYST, Role.AUDITOR)


@dataclass(frozen=True)
class Row:
    """How an operation is called about a union, and which of `ROLES` may: `x` where they may, `-` where not."""

    above_base: str
    at_the_base: str
    arguments: Arguments = lambda _session, _union: {}


LOOKING_DOWN, LOOKING = ("xxxx--", "------"), ("xxxx--", "xxxx--")
OVERLOOKING = ("xxxxx-", "xxxxx-")
OWNERS_ABOVE, OWNERS = ("x-----", "------"), ("x-----", "x-----")
KEEPING_MEMBERS = ("x-x---", "x-x---")
LOOKING_AT_MEMBERS = ("xxx---", "xxx---")
ANALYSING = ("x---x-", "x---x-")
REVIEWING, REVIEWING_MEMBERS = ("xx----", "------"), ("xx----", "xx----")
MATRIX = {
    "queries.administrators.list_administrators": Row(*OWNERS),
    "queries.administrators.view_administrators_below": Row(*OWNERS_ABOVE, union),
    "queries.change_checks.check_change": Row(*OWNERS, typed_field),
    "queries.change_requests.change_form": Row(*OWNERS),
    "queries.change_requests.last_change": Row(*LOOKING),
    "queries.identity_checks.count_waiting_checks": Row(*KEEPING_MEMBERS),
    "queries.identity_checks.waiting_checks": Row(*KEEPING_MEMBERS),
    "queries.jobs.export_rights": Row(*LOOKING_AT_MEMBERS),
    "queries.member_details.get_member": Row(*LOOKING_AT_MEMBERS, member_there),
    "queries.kept_member_lists.member_list_habits": Row(*LOOKING_AT_MEMBERS),
    "queries.member_merges.preview_merge": Row(*KEEPING_MEMBERS, merged_there),
    "queries.member_views.view_members": Row(*LOOKING_AT_MEMBERS, union),
    "queries.members.find_members_by_number": Row(*LOOKING_AT_MEMBERS, whole_number),
    "queries.members.list_members": Row(*LOOKING_AT_MEMBERS, union),
    "queries.overviews.get_overview": Row(*OVERLOOKING),
    "queries.own_unions.view_own_union": Row(*LOOKING),
    "queries.possible_duplicates.possible_duplicates": Row(*KEEPING_MEMBERS, member_there),
    "queries.reviews.changes.review_details": Row(*REVIEWING, one(changed_there)),
    "queries.reviews.changes.review_page": Row(*REVIEWING),
    "queries.reviews.joins.review_details": Row(*REVIEWING_MEMBERS, one(joining_there)),
    "queries.reviews.joins.review_page": Row(*REVIEWING_MEMBERS),
    "queries.reviews.personal_requests.review_details": Row(*KEEPING_MEMBERS, one(requested_there)),
    "queries.reviews.personal_requests.review_page": Row(*KEEPING_MEMBERS),
    "queries.reviews.registrations.review_details": Row(*REVIEWING, one(registered_there)),
    "queries.reviews.registrations.review_page": Row(*REVIEWING),
    "queries.reviews.transfers.review_details": Row(*REVIEWING_MEMBERS, one(transferring_there)),
    "queries.reviews.transfers.review_page": Row(*REVIEWING_MEMBERS),
    "queries.statistics.view_statistics": Row(*ANALYSING, counted_there),
    "queries.subordinate_views.view_subordinates": Row(*LOOKING_DOWN, view),
    "queries.subordinates.list_subordinates": Row(*LOOKING_DOWN, union),
    "queries.union_access.access_of_own_union": Row(*LOOKING),
    "queries.union_details.get_own_details": Row(*LOOKING),
    "queries.union_details.get_union_details": Row(*LOOKING_DOWN, union),
    "queries.union_history.own_history": Row(*LOOKING),
    "queries.union_history.union_history": Row(*LOOKING_DOWN, union),
    "queries.union_search.search_unions": Row(*LOOKING_DOWN, keyword),
    "queries.union_tree.branch": Row(*LOOKING_DOWN, parent),
    "queries.union_tree.trail": Row(*LOOKING_DOWN, union),
    "queries.unions.get_own_union": Row(*LOOKING),
    "queries.unions.get_union": Row(*LOOKING_DOWN, union),
    "services.administrators.appoint": Row(*OWNERS, newcomer),
    "services.administrators.appoint_below": Row(*OWNERS_ABOVE, newcomer_there),
    "services.administrators.change": Row(*OWNERS, colleague_with_less),
    "services.administrators.change_below": Row(*OWNERS_ABOVE, colleague_with_less),
    "services.administrators.dismiss": Row(*OWNERS, colleague),
    "services.administrators.dismiss_below": Row(*OWNERS_ABOVE, colleague),
    "services.administrators.resign": Row(*OWNERS, colleague),
    "services.branch_moves.move_below": Row(*OWNERS_ABOVE, moved_once_seen),
    "services.branch_moves.preview_move": Row(*OWNERS_ABOVE, moved_there),
    "services.change_requests.submit_change": Row(*OWNERS, typed_over),
    "services.change_requests.withdraw_change": Row(*OWNERS, lambda _session, _about: {"request_id": 1}),
    "services.dissolutions.dissolve_below": Row(*OWNERS_ABOVE, dissolved_there),
    "services.dissolutions.preview_dissolution": Row(*OWNERS_ABOVE, union),
    "services.identity_checks.confirm_check": Row(*KEEPING_MEMBERS, waiting_there),
    "services.identity_checks.reject_check": Row(*KEEPING_MEMBERS, rejected_there),
    "services.kept_member_lists.forget_member_list": Row(*LOOKING_AT_MEMBERS, lambda _session, _about: {"kept": 1}),
    "services.kept_member_lists.keep_member_columns": Row(
        *LOOKING_AT_MEMBERS, lambda _session, _about: {"columns": ["sex"]}
    ),
    "services.kept_member_lists.keep_member_list": Row(*LOOKING_AT_MEMBERS, kept_list),
    "services.kept_member_lists.rename_member_list": Row(
        *LOOKING_AT_MEMBERS, lambda _session, _about: {"kept": 1, "name": "已实名"}
    ),
    "services.member_corrections.correct_member": Row(*KEEPING_MEMBERS, corrected_there),
    "services.member_exports.start_member_export": Row(*KEEPING_MEMBERS, union),
    "services.member_imports.admit_import": Row(*KEEPING_MEMBERS),
    "services.member_imports.admit_upload": Row(*KEEPING_MEMBERS),
    "services.member_imports.confirm_import": Row(*KEEPING_MEMBERS, lambda _session, _about: {"job_id": 1}),
    "services.member_imports.start_member_import": Row(*KEEPING_MEMBERS, workbook_there),
    "services.member_merges.merge_members": Row(*KEEPING_MEMBERS, merged_once_seen),
    "services.member_removals.remove_members": Row(*KEEPING_MEMBERS, removed_there),
    "services.member_retentions.restore_member": Row(*KEEPING_MEMBERS, retained_there),
    "services.member_retentions.retain_member": Row(*KEEPING_MEMBERS, retained_there),
    "services.member_reveals.reveal": Row(*KEEPING_MEMBERS, revealed_there),
    "services.reviews.changes.approve": Row(*REVIEWING, changed_there),
    "services.reviews.changes.approve_matching": Row(*REVIEWING, all_that_match),
    "services.reviews.changes.reject": Row(*REVIEWING, refused(changed_there)),
    "services.reviews.changes.reject_matching": Row(*REVIEWING, refused(all_that_match)),
    "services.reviews.joins.approve": Row(*REVIEWING_MEMBERS, joining_there),
    "services.reviews.joins.approve_matching": Row(*REVIEWING_MEMBERS, all_that_match),
    "services.reviews.joins.reject": Row(*REVIEWING_MEMBERS, refused(joining_there)),
    "services.reviews.joins.reject_matching": Row(*REVIEWING_MEMBERS, refused(all_that_match)),
    "services.reviews.personal_requests.approve": Row(*KEEPING_MEMBERS, requested_there),
    "services.reviews.personal_requests.approve_matching": Row(*KEEPING_MEMBERS, all_that_match),
    "services.reviews.personal_requests.reject": Row(*KEEPING_MEMBERS, refused(requested_there)),
    "services.reviews.personal_requests.reject_matching": Row(*KEEPING_MEMBERS, refused(all_that_match)),
    "services.reviews.registrations.approve": Row(*REVIEWING, registered_there),
    "services.reviews.registrations.approve_matching": Row(*REVIEWING, all_that_match),
    "services.reviews.registrations.reject": Row(*REVIEWING, refused(registered_there)),
    "services.reviews.registrations.reject_matching": Row(*REVIEWING, refused(all_that_match)),
    "services.reviews.transfers.approve": Row(*REVIEWING_MEMBERS, transferring_there),
    "services.reviews.transfers.approve_matching": Row(*REVIEWING_MEMBERS, all_that_match),
    "services.reviews.transfers.reject": Row(*REVIEWING_MEMBERS, refused(transferring_there)),
    "services.reviews.transfers.reject_matching": Row(*REVIEWING_MEMBERS, refused(all_that_match)),
    "services.statistics_exports.export_statistics": Row(*ANALYSING, counted_there),
    "services.union_establishing.check_new_union": Row(*OWNERS_ABOVE, new_field_there),
    "services.union_establishing.establish_below": Row(*OWNERS_ABOVE, established_there),
    "services.union_establishing.place_below": Row(*OWNERS_ABOVE, superior_there),
}
# Permissions that no operation asks for yet; each leaves this list with its first one.
WAITING = {
    Permission.ARTICLES_EDIT,
    Permission.ARTICLES_PUBLISH,
    Permission.ACTIVITIES_EDIT,
    Permission.ACTIVITIES_RESULTS,
    Permission.AUDIT_VIEW,
}
# These name a union, or somebody in one: outside the actor's reach they find nothing.
NAMING = (
    union,
    parent,
    view,
    newcomer_there,
    colleague,
    colleague_with_less,
    waiting_there,
    rejected_there,
    superior_there,
    new_field_there,
    established_there,
    moved_there,
    moved_once_seen,
    dissolved_there,
    member_there,
    revealed_there,
    corrected_there,
    retained_there,
)
REACHING = sorted(name for name, row in MATRIX.items() if row.arguments in NAMING)

ActAs = Callable[..., Actor]


def operation(name: str) -> Callable[..., Any]:
    return OPERATIONS[f"gdftu_app.{name}"].function


def may(session: Session, actor: Actor, name: str, about: Union) -> str:
    """Whether the operation lets the actor in, whatever it then says; nothing of it is kept."""
    arguments = MATRIX[name].arguments(session, about)
    attempt = session.begin_nested()
    try:
        operation(name)(session, actor, **arguments)
    except Refusal as refusal:
        return "-" if type(refusal) is NotAllowed else "x"
    finally:
        attempt.rollback()
    return "x"


def test_every_operation_has_a_row():
    assert {f"gdftu_app.{name}" for name in MATRIX} == OPERATIONS.keys()


def test_every_permission_is_asked_for_somewhere_or_waits_for_its_first_operation():
    asked_for = {found.permission for found in OPERATIONS.values()}

    assert asked_for | WAITING == set(Permission)
    assert not asked_for & WAITING


def test_every_role_has_its_column():
    assert set(ROLES) == set(Role) == ROLE_PERMISSIONS.keys()


@pytest.mark.parametrize("name", MATRIX)
class TestEveryOperation:
    def test_is_for_the_roles_of_its_row(
        self, name: str, session: Session, act_as: ActAs, small_federation: Federation
    ):
        city, factory = small_federation.city, small_federation.factory

        above = "".join(may(session, act_as(city, role), name, small_federation.street) for role in ROLES)
        below = "".join(may(session, act_as(factory, role), name, factory) for role in ROLES)

        assert (above, below) == (MATRIX[name].above_base, MATRIX[name].at_the_base)

    def test_is_for_nobody_whose_grant_names_no_permission(
        self, name: str, session: Session, small_federation: Federation
    ):
        account, city = make_account(session), small_federation.city
        make_administrator(session, account, city).permissions = ["no:such", "*", ""]
        session.flush()

        actor = get_actor(session, account_id=id_of(account), union_id=id_of(city))

        assert may(session, actor, name, small_federation.street) == "-"


@pytest.mark.parametrize("name", REACHING)
@pytest.mark.parametrize("place", ["province", "other_city", "other_factory"])
def test_out_of_reach_there_is_nothing_even_for_an_owner(
    name: str, place: str, session: Session, act_as: ActAs, small_federation: Federation
):
    actor = act_as(small_federation.city)
    arguments = MATRIX[name].arguments(session, getattr(small_federation, place))

    with pytest.raises(NotFound):
        operation(name)(session, actor, **arguments)
