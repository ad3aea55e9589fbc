"""The small demo data for the browser: loaded once for the present sources, and copied for each run."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from gdftu_app.clock import now
from gdftu_app.db import make_engine
from gdftu_app.models.accounts import Account, Administrator, SignInCode, SignInSession
from gdftu_app.models.identifiers import normalise_phone
from gdftu_app.models.paths import ids_of
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union
from gdftu_app.queries.outbox import list_messages
from gdftu_app.security.keys import blind_index
from gdftu_app.security.passwords import hash_password
from gdftu_app.security.permissions import Role
from gdftu_app.security.personal_data import seal
from gdftu_app.services.administrators import grant
from gdftu_app.services.demo.people import DEMO_PASSWORD
from gdftu_app.services.installations import create_administrator
from gdftu_app.services.memberships import admit
from tests.factories import make_account


@dataclass(slots=True)
class Demo:
    """What stands in the database behind the pages: for a test to know what to look for, and for people of its own."""

    database_url: str
    files: Path
    engine: Engine = field(init=False)
    _phones: count = field(default_factory=lambda: count(19_900_001_000))

    def __post_init__(self) -> None:
        self.engine = make_engine(self.database_url)

    def union(self, name: str) -> Union:
        """A union by its name."""
        with Session(self.engine) as session:
            return session.exec(select(Union).where(Union.name == name)).one()

    def below(self, union: Union) -> list[Union]:
        """The direct subordinates of a union."""
        with Session(self.engine) as session:
            return list(session.exec(select(Union).where(Union.superior_id == union.id)).all())

    def superiors(self, union: Union) -> list[str]:
        """The names of the unions above a union, from the top."""
        with Session(self.engine) as session:
            return [session.get_one(Union, number).name for number in ids_of(union.path)[:-1]]

    def most_crowded(self) -> Union:
        """The union with the most direct subordinates."""
        superior = col(Union.superior_id)
        fullest = select(superior).group_by(superior).order_by(func.count().desc()).limit(1)
        with Session(self.engine) as session:
            return session.get_one(Union, session.exec(fullest).one())

    def newcomer(self, union: Union, role: Role = Role.OWNER, *, language: str = "zh-CN", scaling: str = "100%") -> str:
        """The phone of a new administrator of a union, who signs in with the password of the demo."""
        phone = str(next(self._phones))
        with Session(self.engine) as session:
            made = create_administrator(session, phone=phone, name="新管理", union_id=union.id or 0, role=role)
            account = session.get_one(Account, made.account_id)
            account.password_hash = hash_password(DEMO_PASSWORD)
            account.language, account.scaling = language, scaling
            session.commit()
        return phone

    def applicant(self, union: Union, role: Role = Role.OWNER, *, name: str = "霍未名") -> str:
        """The phone of a new administrator of a union who has not proven yet who they are."""
        phone = self.unused_phone()
        with Session(self.engine) as session:
            sealed = seal("accounts.phone", normalise_phone(phone))
            account = Account(name=name, phone_enc=sealed.enc, phone_bidx=sealed.bidx)
            account.password_hash, account.password_changed_at = hash_password(DEMO_PASSWORD), now()
            session.add(account)
            session.flush()
            grant(session, account, union, role)
            session.commit()
        return phone

    def outsider(self, *, name: str = "招新宇") -> str:
        """The phone of a verified account without any union."""
        phone = self.unused_phone()
        with Session(self.engine) as session:
            account = make_account(session, phone=normalise_phone(phone), name=name)
            account.password_hash, account.password_changed_at = hash_password(DEMO_PASSWORD), now()
            session.commit()
        return phone

    def member(self, union: Union, *, name: str) -> str:
        """The phone of a verified member of a union."""
        phone = self.outsider(name=name)
        with Session(self.engine) as session:
            account = session.exec(select(Account).where(Account.phone_bidx == _index_of(phone))).one()
            admit(session, session.get_one(Person, account.person_id), session.get_one(Union, union.id))
            session.commit()
        return phone

    def texts_to(self, phone: str) -> list[str]:
        """The text messages to a phone, the newest first."""
        with Session(self.engine) as session:
            return [message.text for message in list_messages(session, phone=phone)]

    def code_sent_to(self, phone: str) -> str:
        """The code in the newest of them."""
        found = re.search(r"验证码 (\d{6})", self.texts_to(phone)[0])
        assert found, phone
        return found[1]

    def let_a_minute_pass(self, phone: str) -> None:
        """Let the codes sent to a phone be a minute older, so that it may ask for another."""
        with Session(self.engine) as session:
            for code in session.exec(select(SignInCode).where(SignInCode.phone_bidx == _index_of(phone))).all():
                code.created_at -= timedelta(minutes=1)
                session.add(code)
            session.commit()

    def age_password(self, phone: str, days: int) -> None:
        """Let the password of an account be so many days old."""
        with Session(self.engine) as session:
            account = session.exec(select(Account).where(Account.phone_bidx == _index_of(phone))).one()
            account.password_changed_at = now() - timedelta(days=days)
            session.add(account)
            session.commit()

    def forget_password(self, phone: str) -> None:
        """Let an account be one that never had a password."""
        with Session(self.engine) as session:
            account = session.exec(select(Account).where(Account.phone_bidx == _index_of(phone))).one()
            account.password_hash = account.password_changed_at = None
            session.add(account)
            session.commit()

    def end_sessions(self, phone: str) -> None:
        """End every session of an account, as from another browser."""
        with Session(self.engine) as session:
            account = session.exec(select(Account.id).where(Account.phone_bidx == _index_of(phone))).one()
            for one in session.exec(select(SignInSession).where(SignInSession.account_id == account)).all():
                one.ended_at = now()
            session.commit()

    def dismiss(self, phone: str) -> None:
        """Take all that an account administers away from it."""
        with Session(self.engine) as session:
            account = session.exec(select(Account.id).where(Account.phone_bidx == _index_of(phone))).one()
            for grant in session.exec(select(Administrator).where(Administrator.account_id == account)).all():
                grant.dismissed_at = now()
            session.commit()

    def unused_phone(self) -> str:
        """A phone without an account."""
        return str(next(self._phones))


def _index_of(phone: str) -> str:
    return blind_index("phone", normalise_phone(phone))
