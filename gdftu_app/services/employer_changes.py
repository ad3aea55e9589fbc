"""Employers come to be covered by a union, and cease to be (覆盖单位变更): how an approved change does it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, col, func, select

from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.tables import run, table_of
from gdftu_app.models.union_fields import EMPLOYER_FIELDS, employer_key
from gdftu_app.models.unions import Employer, Union, UnionCategory, UnionEmployer
from gdftu_app.queries.employer_coverage import require_coverable
from gdftu_app.services.turns import take_turns
from gdftu_app.services.unions import known_employers


def cover_in_turn(session: Session) -> None:
    """Wait until nobody else is about to have employers covered: who may cover one is seen before it is written."""
    take_turns(session, "employers", "covered")


class CoverageWrong(Refusal):
    """After the change the union would cover too many employers, or none."""

    code = "coverage_wrong"
    default = msg("变更后的单位数与工会类型不符，请驳回后由该工会重新提交。")


def take_off(session: Session, union_id: int, employer_id: int) -> None:
    """Cover an employer no more; what is recorded of it stays."""
    covered = table_of(UnionEmployer)
    run(session, delete(covered).where(covered.c.union_id == union_id, covered.c.employer_id == employer_id))


def add(session: Session, union: Union, added: Mapping[int, Mapping[str, Any]]) -> None:
    """Cover more employers, given by their numbers with their fields; a known one keeps what is recorded of it.

    Raises EmployerHasUnion when one has got a union of its own meanwhile.
    """
    cover_in_turn(session)
    keys = {fields["uscc"]: employer_key(number, "uscc") for number, fields in added.items()}
    require_coverable(session, union, keys)
    known = known_employers(session, keys.keys())
    employers = [known.get(fields["uscc"]) or _new(fields) for fields in added.values()]
    session.add_all(employers)
    session.flush()
    rows = [{"union_id": union.id, "employer_id": employer.id} for employer in employers]
    run(session, insert(table_of(UnionEmployer)), rows)


def require_sound_coverage(session: Session, union: Union) -> None:
    """Raise CoverageWrong unless a union covers one employer, or, if it is a joint one, some."""
    covered = session.exec(select(func.count()).where(col(UnionEmployer.union_id) == union.id)).one()
    if covered < 1 or (union.category == UnionCategory.SINGLE_BASE and covered > 1):
        raise CoverageWrong


def _new(fields: Mapping[str, Any]) -> Employer:
    return Employer(**{name: value for name, value in fields.items() if name in EMPLOYER_FIELDS})
