"""Tokens that gateways lend: one for the whole installation, sealed, found by every worker."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.db import dialect, unit_of_work
from gdftu_app.models.records import GatewayToken
from gdftu_app.models.tables import run, table_of
from gdftu_app.security.personal_data import Unsealable, seal, unseal

FIELD = "gateway_tokens.token"


@dataclass(frozen=True, slots=True)
class DatabaseTokens:
    """The token of one client (such as `wechat:wx0123`), each look and each change a transaction of its own."""

    client: str
    unit: Callable[..., AbstractContextManager[Session]] = unit_of_work

    def find(self) -> str | None:
        """The token while it is good; one sealed with a key that is gone counts as none."""
        with self.unit(reading=True) as session:
            kept = session.get(GatewayToken, self.client)
        if kept is None or kept.expires_at <= now():
            return None
        try:
            return unseal(FIELD, kept.token_enc, self.client)
        except Unsealable:
            return None

    def keep(self, token: str, expires_at: datetime) -> None:
        """Keep a token in place of the former one; of two workers at once the later wins, and both tokens are good."""
        row = {"client": self.client, "token_enc": seal(FIELD, token, index=self.client).enc, "expires_at": expires_at}
        with self.unit() as session:
            insert = postgresql.insert if dialect(session) == "postgresql" else sqlite.insert
            renewed = {"token_enc": row["token_enc"], "expires_at": expires_at}
            written = insert(table_of(GatewayToken)).values(row)
            run(session, written.on_conflict_do_update(index_elements=["client"], set_=renewed))
