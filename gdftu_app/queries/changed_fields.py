"""Changed fields (变更内容) in words: of a change request, and of an entry in the history of a union."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from gdftu_app.models.union_fields import TAKEN_OFF, UnionField, field_of
from gdftu_app.queries.reviews import Words
from gdftu_app.queries.union_values import employers_of, shown


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field that reads otherwise afterwards; `label` is a message, `employer` names the employer it belongs to."""

    label: str
    employer: str
    before: Words
    after: Words


def changed_fields(changes: Iterable[Mapping[str, Any]], employers: Mapping[int, str]) -> list[ChangedField]:
    """The changes of a request in words; `employers` are the names to tell employers apart by, see `names_apart`.

    What no field is known for is left out.
    """
    changes = list(changes)
    names = {**employers, **added_names(changes)}
    return [
        ChangedField(
            field.label,
            # The employer itself is named by what it read before.
            "" if field is TAKEN_OFF else names.get(number or 0, ""),
            shown(field, str(change.get("before", ""))),
            shown(field, str(change.get("after", ""))),
        )
        for change in changes
        for field, number in _field_of(str(change.get("field", "")))
    ]


def added_names(changes: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """The names of the employers that a change adds, by their numbers."""
    return {
        number: str(change.get("after", ""))
        for change in changes
        for field, number in _field_of(str(change.get("field", "")))
        if number is not None and number < 0 and field.name == "name"
    }


def names_apart(session: Session, union_id: int) -> dict[int, str]:
    """The names of a union's employers by their ids, where it covers several."""
    found = employers_of(session, union_id)
    return {employer.id or 0: employer.name for employer in found} if len(found) > 1 else {}


def _field_of(key: str) -> list[tuple[UnionField, int | None]]:
    try:
        return [field_of(key)]
    except KeyError:
        return []
