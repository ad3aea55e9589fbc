"""我的账号: an account as its own holder sees it, its browsers, and its sign-ins."""

from dataclasses import dataclass
from typing import Annotated

import reflex as rx
from pydantic import Field, StringConstraints

from gdftu_app.config import settings
from gdftu_app.i18n import msg
from gdftu_app.queries.accounts import OwnSession, own_sessions
from gdftu_app.queries.entrances import find_entrance
from gdftu_app.queries.own_account import OwnAccount, SignInTry, own_account, sign_in_history
from gdftu_app.services.own_sessions import end_other_sessions, end_own_session
from gdftu_app.services.sessions import Form, take_refused_form
from gdftu_app.state.actions import account_action
from gdftu_app.state.asking import Asking
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.dates import Texts, moment, short_moment
from gdftu_app.state.devices import device_of
from gdftu_app.state.native_forms import password_rules
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.own_forms import OwnPasswordState, OwnPhoneState
from gdftu_app.state.preferences import PreferencesState

DONE = {
    "password": msg("密码已修改，其他设备上的登录已退出。"),
    "phone": msg("手机号已更换，下次请用新手机号登录。其他设备上的登录已退出。"),
}
METHODS = {"password": msg("账号密码"), "code": msg("短信验证码"), "wechat": msg("微信")}
SIGNED_IN = msg("登录成功")
REASONS = {
    "credentials": msg("密码或验证码不正确"),
    "locked": msg("登录已锁定"),
    "disabled": msg("账号已停用"),
    "password_aged": msg("密码已过期"),
}
REFUSED = msg("登录失败")
SessionKey = Annotated[str, StringConstraints(pattern=r"^[\w-]{43}$")]
PageNumber = Annotated[int, Field(ge=1, le=10_000)]


@dataclass
class OwnUnion:
    """A union the account administers; `role` is a msgid."""

    name: str
    role: str


@dataclass
class SessionRow:
    """A browser that is signed in."""

    key: str
    device: Texts
    address: str
    signed_in: Texts
    last_seen: Texts
    is_this: bool


@dataclass
class HistoryRow:
    """A sign-in, or one that was refused."""

    at: Texts
    method: Texts
    result: Texts
    is_refused: bool
    address: str


class AccountState(Asking, rx.State):
    """我的账号."""

    is_loaded: rx.Field[bool] = rx.field(False)
    done: rx.Field[Texts] = rx.field(default_factory=dict)
    phone: rx.Field[str] = rx.field("")
    is_verified: rx.Field[bool] = rx.field(False)
    document_type: rx.Field[Texts] = rx.field(default_factory=dict)
    document: rx.Field[str] = rx.field("")
    unions: rx.Field[list[OwnUnion]] = rx.field(default_factory=list)
    has_password: rx.Field[bool] = rx.field(False)
    password_changed: rx.Field[Texts] = rx.field(default_factory=dict)
    password_ages: rx.Field[bool] = rx.field(False)
    password_days: rx.Field[int] = rx.field(0)
    password_is_due: rx.Field[bool] = rx.field(False)
    sessions: rx.Field[list[SessionRow]] = rx.field(default_factory=list)
    history: rx.Field[list[HistoryRow]] = rx.field(default_factory=list)
    history_page: rx.Field[int] = rx.field(1)
    history_pages: rx.Field[int] = rx.field(1)

    @account_action
    async def load(self):
        """Show the account within the union of this window, or by itself when it may enter none."""
        preferences = await self.get_state(PreferencesState)
        await preferences._load()
        account: OwnAccount = await self._ask_as_account(own_account)
        self._show(account)
        await self._enter(account.name or account.phone)
        done = DONE.get(self.router.url.query_parameters.get("done", ""))
        self.done = in_every_language(done) if done else {}
        await self._tell_refusals()
        await self._show_sessions()
        await self._show_history(1)
        self.is_loaded = True

    @account_action
    async def end_session(self, key: SessionKey):
        """退出: end one of the account's own browsers."""
        await self._ask_as_account(end_own_session, key=key)
        await self._show_sessions()
        await self._notify(msg("该设备已退出登录。"))

    @account_action
    async def end_others(self):
        """退出其他登录: this browser alone stays signed in."""
        count = await self._ask_as_account(end_other_sessions, cookie=self._caller().cookie)
        await self._show_sessions()
        await self._notify(msg("已退出其他 {count} 个登录。"), count=count)

    @account_action
    async def turn_history(self, page: PageNumber):
        """Another page of the sign-ins."""
        await self._show_history(page)

    def _show(self, account: OwnAccount) -> None:
        self.phone, self.is_verified = account.phone, account.is_verified
        self.document_type = in_every_language(account.document_type) if account.document_type else {}
        self.document = account.document
        self.unions = [OwnUnion(union.name, union.role_label) for union in account.unions]
        self.has_password = account.has_password
        self.password_changed = moment(account.password_changed_at)
        left = account.password_days_left
        self.password_ages, self.password_days = left is not None, max(0, left or 0)
        self.password_is_due = left is not None and left <= settings().password_notice_days

    async def _enter(self, name: str) -> None:
        """Where the account may act for a union, its menu stays around the page."""
        union, user = await self.get_state(CurrentUnion), await self.get_state(CurrentUser)
        entrance = await self._ask_as_account(find_entrance, union_id=union._acting_id)
        if entrance is not None:
            await union._take(entrance)
            return
        union.reset()
        user.name, user.signed_out = name, False

    async def _tell_refusals(self) -> None:
        forms = (Form.OWN_PASSWORD, Form.OWN_PHONE)
        form = await self._ask_as_visitor(take_refused_form, cookie=self._caller().cookie, forms=forms)
        of_password, of_phone = await self.get_state(OwnPasswordState), await self.get_state(OwnPhoneState)
        of_password.rules = password_rules()
        of_password._tell(
            form if form and form.form is Form.OWN_PASSWORD else None,
            otherwise="current" if self.has_password else "code",
        )
        of_phone._tell(form if form and form.form is Form.OWN_PHONE else None, otherwise="code")

    async def _show_sessions(self) -> None:
        found = await self._ask_as_account(own_sessions, cookie=self._caller().cookie)
        self.sessions = [_session_row(session) for session in found]

    async def _show_history(self, page: int) -> None:
        found = await self._ask_as_account(sign_in_history, page=page)
        self.history = [_history_row(one) for one in found.rows]
        self.history_page, self.history_pages = found.page, found.pages


def _session_row(session: OwnSession) -> SessionRow:
    return SessionRow(
        key=session.key,
        device=device_of(session.user_agent),
        address=session.address,
        signed_in=short_moment(session.signed_in_at),
        last_seen=short_moment(session.last_seen_at),
        is_this=session.is_this,
    )


def _history_row(one: SignInTry) -> HistoryRow:
    return HistoryRow(
        at=short_moment(one.at),
        method=in_every_language(METHODS.get(one.method, one.method)),
        result=in_every_language(REASONS.get(one.reason, REFUSED) if one.reason else SIGNED_IN),
        is_refused=bool(one.reason),
        address=one.address,
    )
