"""What each operation of the permission matrix is asked about a union: its arguments, made when they are needed."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.removal_reasons import RemovalReason
from gdftu_app.models.unions import Union
from gdftu_app.queries.reviews import ReviewFilter
from gdftu_app.queries.statistics import Wanted
from gdftu_app.queries.subordinate_views import ListOptions
from gdftu_app.security.permissions import ROLE_PERMISSIONS, Permission, Role
from gdftu_app.services.member_reveals import NumberKind
from tests.factories import (
    id_of,
    make_account,
    make_administrator,
    make_change_request,
    make_join_application,
    make_member,
    make_personal_request,
    make_registration,
    make_transfer_application,
)
from tests.verifying import make_waiting_check

Arguments = Callable[[Session, Union], dict[str, Any]]


def union(_session: Session, about: Union) -> dict[str, Any]:
    return {"union": id_of(about)}


def parent(_session: Session, about: Union) -> dict[str, Any]:
    return {"parent": id_of(about)}


def keyword(_session: Session, _about: Union) -> dict[str, Any]:
    return {"keyword": "榕江"}


def view(_session: Session, about: Union) -> dict[str, Any]:
    return {"union": id_of(about), "options": ListOptions()}


def newcomer(_session: Session, _about: Union) -> dict[str, Any]:
    return {"phone": "19911110000", "name": "陈依", "permissions": ROLE_PERMISSIONS[Role.ANALYST]}


def newcomer_there(session: Session, about: Union) -> dict[str, Any]:
    return newcomer(session, about) | {"union": id_of(about)}


def colleague(session: Session, about: Union) -> dict[str, Any]:
    return {"administrator_id": id_of(make_administrator(session, make_account(session), about, role=Role.ANALYST))}


def colleague_with_less(session: Session, about: Union) -> dict[str, Any]:
    return colleague(session, about) | {"version": 1, "permissions": {Permission.UNIONS_VIEW}}


def waiting_there(session: Session, about: Union) -> dict[str, Any]:
    return {"check_id": id_of(make_waiting_check(session, about, number="EA1234567")), "document_number": "EA1234567"}


def rejected_there(session: Session, about: Union) -> dict[str, Any]:
    return {"check_id": id_of(make_waiting_check(session, about)), "remark": "证件已过期"}


def registered_there(session: Session, about: Union) -> dict[str, Any]:
    return {"ids": [id_of(make_registration(session, about))]}


def joining_there(session: Session, about: Union) -> dict[str, Any]:
    return {"ids": [id_of(make_join_application(session, about))]}


def requested_there(session: Session, about: Union) -> dict[str, Any]:
    return {"ids": [id_of(make_personal_request(session, about))]}


def transferring_there(session: Session, about: Union) -> dict[str, Any]:
    return {"ids": [id_of(make_transfer_application(session, about))]}


def changed_there(session: Session, about: Union) -> dict[str, Any]:
    open_one = select(ChangeRequest).where(ChangeRequest.union_id == about.id, ChangeRequest.status == "pending")
    return {"ids": [id_of(session.exec(open_one).first() or make_change_request(session, about))]}


def refused(of: Arguments) -> Arguments:
    return lambda session, about: of(session, about) | {"reason": "不符合"}


def one(of: Arguments) -> Arguments:
    return lambda session, about: {"request_id": of(session, about)["ids"][0]}


def typed_over(_session: Session, _about: Union) -> dict[str, Any]:
    return {"typed": {"postcode": "528311"}, "shown": {}, "purpose": "更正"}


def typed_field(_session: Session, _about: Union) -> dict[str, Any]:
    return {"key": "postcode", "typed": "528311"}


def superior_there(_session: Session, about: Union) -> dict[str, Any]:
    return {"superior": id_of(about)}


def new_field_there(session: Session, about: Union) -> dict[str, Any]:
    return superior_there(session, about) | typed_field(session, about) | {"category": "town"}


def established_there(session: Session, about: Union) -> dict[str, Any]:
    return superior_there(session, about) | {"typed": {"category": "single_base"}}


def moved_there(session: Session, about: Union) -> dict[str, Any]:
    return union(session, about) | superior_there(session, about)


def moved_once_seen(session: Session, about: Union) -> dict[str, Any]:
    return moved_there(session, about) | {"version": 1}


def dissolved_there(session: Session, about: Union) -> dict[str, Any]:
    return union(session, about) | {"typed_name": about.name}


def member_there(session: Session, about: Union) -> dict[str, Any]:
    """A member of the union, or of the last one below it that holds members."""
    below = select(Union).where(col(Union.path).startswith(about.path), ~col(Union.is_above_base))
    holding = session.exec(below.order_by(col(Union.id).desc()).limit(1)).one()
    return {"member": id_of(make_member(session, holding))}


def revealed_there(session: Session, about: Union) -> dict[str, Any]:
    return member_there(session, about) | {"number": NumberKind.PHONE, "reason": "核对"}


def corrected_there(session: Session, about: Union) -> dict[str, Any]:
    return member_there(session, about) | {"typed": {"education": "21"}, "shown": {"education": ""}, "reason": "更正"}


def merged_there(session: Session, about: Union) -> dict[str, Any]:
    return member_there(session, about) | {"other": member_there(session, about)["member"]}


def merged_once_seen(session: Session, about: Union) -> dict[str, Any]:
    return merged_there(session, about) | {"seen": "", "reason": "重复"}


def kept_list(_session: Session, _about: Union) -> dict[str, Any]:
    return {"name": "未实名", "query": "verified=no"}


def retained_there(session: Session, about: Union) -> dict[str, Any]:
    return member_there(session, about) | {"reason": "外出"}


def removed_there(session: Session, about: Union) -> dict[str, Any]:
    return {"members": [member_there(session, about)["member"]], "reason": RemovalReason.WITHDRAWN}


def workbook_there(_session: Session, _about: Union) -> dict[str, Any]:
    return {"key": "k" * 43, "name": "会员.xlsx", "size": 1}


def whole_number(_session: Session, _about: Union) -> dict[str, Any]:
    return {"number": "17800001234"}


def counted_there(_session: Session, about: Union) -> dict[str, Any]:
    return {"wanted": Wanted(date(2025, 1, 1), date(2025, 12, 31), union=id_of(about))}


def all_that_match(_session: Session, _about: Union) -> dict[str, Any]:
    return {"wanted": ReviewFilter()}
