"""Where sealed values stand (加密存放的列): what a change of keys has to go through, place by place."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, and_, func, or_, select
from sqlmodel import SQLModel

from gdftu_app.models.accounts import Account, SignInSession
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.identity_checks import IdentityCheck
from gdftu_app.models.jobs import ImportRow
from gdftu_app.models.people import Person
from gdftu_app.models.records import GatewayToken, OutboxMessage
from gdftu_app.models.tables import table_of
from gdftu_app.models.unions import Union
from gdftu_app.queries.accounts import ACCOUNT_PHONE
from gdftu_app.queries.outbox import BODY
from gdftu_app.queries.outbox import PHONE as MESSAGE_PHONE
from gdftu_app.queries.union_values import UNION_PHONE
from gdftu_app.security.keys import blind_index
from gdftu_app.security.personal_data import seal, unseal
from gdftu_app.services.gateway_tokens import FIELD as GATEWAY_TOKEN
from gdftu_app.services.import_rows import VALUES_FIELD
from gdftu_app.services.people import DOCUMENT_FIELD, PHONE_FIELD

HEAD_LENGTH = len("v1:00000000:")


@dataclass(frozen=True, slots=True)
class Place:
    """Columns of one table that are bound to the same text: their fields by column, the first one's value indexed.

    `index` is the column of the blind index to which they are bound; without one, `bound` tells it from the row, by
    the columns `told_by`. `found_by` gives what else of the row is a digest of the opened values.
    """

    model: type[SQLModel]
    fields: Mapping[str, str]
    index: str = ""
    bound: Callable[[Any], str] = str
    told_by: tuple[str, ...] = ()
    found_by: Callable[[str], dict[str, str]] | None = None

    @property
    def table(self) -> Table:
        """The table."""
        return table_of(self.model)

    @property
    def name(self) -> str:
        """The table and its first sealed column, for operators."""
        return f"{self.table.name}.{next(iter(self.fields))}"

    @property
    def is_looked_up(self) -> bool:
        """Whether rows are found by a digest of what is sealed in them."""
        return bool(self.index or self.found_by)

    @property
    def number(self) -> Column[Any]:
        """The primary key, by which the rows are gone through."""
        return next(iter(self.table.primary_key.columns))

    def rows(self) -> Select[*tuple[Any, ...]]:
        """Rows in which something is sealed, as the functions below need them."""
        names = (*self.fields, *((self.index,) if self.index else self.told_by))
        return select(self.number, *(self.table.c[name] for name in names)).where(self._is_filled())

    def _is_filled(self) -> ColumnElement[bool]:
        first = self.table.c[next(iter(self.fields))]
        return and_(first.is_not(None), first != "")

    def not_beginning_with(self, head: str) -> ColumnElement[bool]:
        """The condition that one of the columns was sealed with another key than that of a head."""
        return or_(*(func.substr(self.table.c[name], 1, HEAD_LENGTH) != head for name in self.fields))

    def opened(self, row: Any) -> dict[str, str]:
        """The plain values of a row by column; raises `Unsealable`."""
        bound = self._bound(row)
        return {name: unseal(field, getattr(row, name), bound) for name, field in self.fields.items()}

    def sealed(self, row: Any, plain: Mapping[str, str], *, anew: bool = False) -> dict[str, str]:
        """The columns of a row, sealed with the present key; `anew`: found under the present lookup secret as well."""
        bound = self.present_index(plain) if anew and self.index else self._bound(row)
        columns = {name: seal(field, plain[name], index=bound).enc for name, field in self.fields.items()}
        if anew and self.index:
            columns[self.index] = bound
        if anew and self.found_by:
            columns |= self.found_by(plain[next(iter(self.fields))])
        return columns

    def present_index(self, plain: Mapping[str, str]) -> str:
        """The blind index of the first value under the present lookup secret."""
        first, field = next(iter(self.fields.items()))
        return blind_index(field.rpartition(".")[2], plain[first])

    def is_found(self, row: Any) -> bool:
        """Whether the blind index of a row is of the present lookup secret; raises `Unsealable`."""
        return not self.index or self.present_index(self.opened(row)) == getattr(row, self.index)

    def _bound(self, row: Any) -> str:
        return str(getattr(row, self.index)) if self.index else self.bound(row)


def _document_of_row(opened: str) -> dict[str, str]:
    values = json.loads(opened)
    return {"document": f"{values['document_type']}:{blind_index('document', values['document_number'])}"}


# In the order in which a change of the lookup secret goes through them.
PLACES = (
    Place(Account, {"phone_enc": ACCOUNT_PHONE}, "phone_bidx"),
    Place(Union, {"phone_enc": UNION_PHONE}, "phone_bidx"),
    Place(ChangeRequest, {"phone_enc": UNION_PHONE}, "phone_bidx"),
    Place(IdentityCheck, {"doc_enc": DOCUMENT_FIELD}, "doc_bidx"),
    Place(OutboxMessage, {"phone_enc": MESSAGE_PHONE, "body_enc": BODY}, "phone_bidx"),
    Place(GatewayToken, {"token_enc": GATEWAY_TOKEN}, bound=lambda row: row.client),
    Place(
        SignInSession,
        {"form_phone_enc": "sessions.form_phone"},
        bound=lambda row: row.token_hash,
        told_by=("token_hash",),
    ),
    Place(
        ImportRow,
        {"values": VALUES_FIELD},
        bound=lambda row: f"{row.job_id}:{row.number}",
        told_by=("job_id", "number"),
        found_by=_document_of_row,
    ),
    Place(Person, {"doc_enc": DOCUMENT_FIELD}, "doc_bidx"),
    Place(Person, {"phone_enc": PHONE_FIELD}, "phone_bidx"),
)
