"""Rows of an import between check and writing: kept sealed, and compared with who is recorded already."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from gdftu_app.models.identifiers import DocumentType
from gdftu_app.models.jobs import ImportOutcome, ImportRow
from gdftu_app.models.memberships import Membership
from gdftu_app.models.paths import TAKEN, ids_taken, listed
from gdftu_app.models.people import Person
from gdftu_app.models.tables import run, table_of
from gdftu_app.security.keys import BlindIndex
from gdftu_app.security.personal_data import Sealer, unseal
from gdftu_app.services.membership_rows import CURRENT
from gdftu_app.services.people import PersonDraft

VALUES_FIELD = "import_rows.values"
_PEOPLE, _MEMBERS, _ROWS = table_of(Person), table_of(Membership), table_of(ImportRow)
_RECORDED = select(
    _PEOPLE.c.doc_type, _PEOPLE.c.doc_bidx, _PEOPLE.c.id, _PEOPLE.c.name, _MEMBERS.c.union_id
).select_from(
    _PEOPLE.outerjoin(
        _MEMBERS, (_MEMBERS.c.person_id == _PEOPLE.c.id) & _MEMBERS.c.status.in_([int(s) for s in CURRENT])
    )
)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is recorded already, and the union where they are a member now."""

    person_id: int
    name: str
    union_id: int | None


class Seals:
    """Seals rows of one job by the thousand; a row opens only as that job's."""

    def __init__(self, job_id: int) -> None:
        self._job_id = job_id
        self._sealer, self._documents = Sealer(VALUES_FIELD), BlindIndex("document")

    def document(self, values: dict[str, Any]) -> str:
        """By what a person is found: type and blind index of the document."""
        return f"{values['document_type']}:{self._documents.of(values['document_number'])}"

    def seal(self, number: int, values: dict[str, Any]) -> str:
        """The values of a row, sealed."""
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        return self._sealer.seal(text, index=self._bound(number)).enc

    def open(self, number: int, sealed: str) -> dict[str, Any]:
        """The values again; raises `Unsealable`."""
        return json.loads(unseal(VALUES_FIELD, sealed, self._bound(number)))

    def _bound(self, number: int) -> str:
        return f"{self._job_id}:{number}"


def find_known(session: Session, documents: Collection[str]) -> dict[str, Known]:
    """Who is recorded under these documents, by document."""
    wanted = [document.partition(":")[2] for document in documents]
    return {
        f"{kind}:{bidx}": Known(person_id, name, union_id)
        for kind, bidx, person_id, name, union_id in run(session, _RECORDED.where(_PEOPLE.c.doc_bidx.in_(wanted)))
    }


def become(session: Session, job_id: int, numbers: Sequence[int], outcome: ImportOutcome) -> None:
    """Note what became of rows; nothing that was read in them is needed any more."""
    decided = update(_ROWS).where(_ROWS.c.job_id == job_id, _ROWS.c.number.in_(select(ids_taken().c.value)))
    values = {"outcome": outcome.value, "values": "", "document": None}
    run(session, decided.values(values), {TAKEN: listed(numbers)})


def draft_of(values: dict[str, Any]) -> PersonDraft:
    """A row's values as somebody to be recorded."""
    return PersonDraft(
        name=values["name"],
        document_type=DocumentType(values["document_type"]),
        document_number=values["document_number"],
        phone=values["phone"] or None,
        sex=values["sex"],
        born_on=date.fromisoformat(values["born_on"]) if values["born_on"] else None,
        ethnicity=values["ethnicity"],
        education=values["education"],
        politics=values["politics"],
        household=values["household"],
        employment=values["employment"],
        skill=values["skill"],
        workplace=values["workplace"],
        is_migrant=values["is_migrant"],
        occupation=values["occupation"],
    )
