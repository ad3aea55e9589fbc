"""What the two pages of administrators share: the list, the form with its permissions, and the confirmations."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import reflex as rx
from pydantic import Field, StringConstraints

from gdftu_app.errors import InvalidInput, NotFound, Refusal, SignedOut
from gdftu_app.i18n import LANGUAGES, msg
from gdftu_app.queries.administrators import ORIGIN_LABELS, AdministratorList, AdministratorRow, By, Origin
from gdftu_app.security.permission_words import IN_WORDS
from gdftu_app.security.permissions import (
    ROLE_PERMISSIONS,
    Permission,
    Role,
    role_of,
    with_needed,
    without_use,
)
from gdftu_app.services.administrators import Appointed, ChangedMeanwhile
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.dates import NONE, short_moment
from gdftu_app.state.native_forms import TypedPhone
from gdftu_app.state.notices import in_every_language

AdministratorId = Annotated[int, Field(ge=1, lt=2**31)]
APPOINTING, CHANGING, DISMISSING, RESIGNING = "appoint", "change", "dismiss", "resign"
CURRENT, REMOVED = "current", "removed"
# Controls of the form by the field that a refusal names; and where it says what is wrong with it as a whole.
FIELD_IDS = {"phone": "administrator-phone", "name": "administrator-name"}
PERMISSIONS, FORM = "permissions", "form"


@dataclass
class AdministratorCard:
    """A row of the list; moments and whoever granted or dismissed are texts in every language."""

    id: int
    version: int
    name: str
    phone: str
    role: str
    permissions: list[str]
    state: str
    granted_by: dict[str, str]
    granted_at: dict[str, str]
    last_seen_at: dict[str, str]
    dismissed_by: dict[str, str]
    dismissed_at: dict[str, str]
    is_self: bool
    may_change: bool


def card_of(row: AdministratorRow) -> AdministratorCard:
    """A row as the table shows it."""
    return AdministratorCard(
        id=row.id,
        version=row.version,
        name=row.name,
        phone=row.phone,
        role=row.role,
        permissions=list(row.permissions),
        state=row.state,
        granted_by=_who(row.granted_by),
        granted_at=short_moment(row.granted_at),
        last_seen_at=short_moment(row.last_seen_at),
        dismissed_by=_who(row.dismissed_by) if row.dismissed_at else NONE,
        dismissed_at=short_moment(row.dismissed_at),
        is_self=row.is_self,
        may_change=row.may_change,
    )


def _who(by: By) -> dict[str, str]:
    return in_every_language(ORIGIN_LABELS[Origin(by.origin)]) if by.origin else dict.fromkeys(LANGUAGES, by.name)


class AdministratorsPage(Asking, rx.State, mixin=True):
    """A list of administrators, and a dialog about one of them; `dialog` is the word of what is being done, or empty.

    Whose administrators they are is the page's own affair, and so are the operations that read and write them.
    """

    rows: rx.Field[list[AdministratorCard]] = rx.field(default_factory=list)
    live: rx.Field[int] = rx.field(0)
    dismissed: rx.Field[int] = rx.field(0)
    tab: rx.Field[str] = rx.field(CURRENT)
    page: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    offered: rx.Field[list[str]] = rx.field(default_factory=list)
    grantable: rx.Field[list[str]] = rx.field(default_factory=list)
    grantable_roles: rx.Field[list[str]] = rx.field(default_factory=list)
    open_id: rx.Field[int] = rx.field(0)
    dialog: rx.Field[str] = rx.field("")
    subject_id: rx.Field[int] = rx.field(0)
    subject_name: rx.Field[str] = rx.field("")
    role: rx.Field[str] = rx.field("")
    ticked: rx.Field[list[str]] = rx.field(default_factory=list)
    problem: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    problem_field: rx.Field[str] = rx.field("")
    query: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    _subject_version: int = 0

    @action
    async def choose_tab(self, tab: Literal["current", "removed"]):
        """管理员 or 已移除."""
        self.tab, self.page = tab, 1
        await self._show()

    @action
    async def turn_to(self, page: Annotated[int, Field(ge=1, le=1_000_000)]):
        """Another page of the list."""
        self.page = page
        await self._show()

    @action
    async def toggle_row(self, administrator_id: AdministratorId):
        """Show somebody's permissions in words, or fold them again."""
        is_listed = any(row.id == administrator_id for row in self.rows)
        self.open_id = administrator_id if is_listed and self.open_id != administrator_id else 0

    @action
    async def open_appointment(self):
        """新增: everything is still to be chosen, so that nothing is granted by not looking."""
        self._open(APPOINTING, None)

    @action
    async def open_change(self, administrator_id: AdministratorId):
        """调整权限."""
        self._open(CHANGING, self._listed(administrator_id, lambda row: row.may_change))

    @action
    async def open_dismissal(self, administrator_id: AdministratorId):
        """移除."""
        self._open(DISMISSING, self._listed(administrator_id, lambda row: row.may_change))

    @action
    async def close_dialog(self, is_open: bool):
        """取消."""
        if not is_open:
            self._close()

    @action
    async def choose_role(self, role: Role):
        """Tick the permissions of a role, as far as they exist here and are the actor's to grant."""
        self._calm()
        self._tick_all(self._preset(role) & _of(self.grantable))

    @action
    async def tick(self, permission: Permission, is_on: bool):
        """Tick one permission with what it needs, or take it away with what needs it."""
        self._calm()
        ticked = _of(self.ticked)
        wanted = with_needed(ticked | {permission}) if is_on else without_use(ticked - {permission})
        self._tick_all(wanted & _of(self.grantable))

    @action
    async def appoint(self, phone: TypedPhone, name: Annotated[str, StringConstraints(max_length=200)]):
        """新增: once for each opening of the form; a second click, or an event sent again, finds it closed."""
        if self.dialog != APPOINTING:
            return
        self._calm()
        made = await self._appoint(phone=phone, name=name, permissions=_of(self.ticked))
        self._close()
        if made.is_invited:
            text = msg("已邀请 {phone}，短信已发出。对方登录并完成实名认证后即可使用。")
        else:
            text = msg("已新增管理员 {phone}，短信已发出。")
        await self._notify(text, phone=made.phone)
        self.tab, self.page = CURRENT, 1
        await self._show()

    @action
    async def save(self, administrator_id: AdministratorId):
        """保存: the permissions that are ticked; when somebody else changed them meanwhile, they are shown afresh."""
        if (self.dialog, self.subject_id) != (CHANGING, administrator_id):
            return
        self._calm()
        try:
            await self._change(
                administrator_id=administrator_id, version=self._subject_version, permissions=_of(self.ticked)
            )
        except ChangedMeanwhile as refusal:
            await self._show()
            self._open(CHANGING, self._listed(administrator_id, lambda row: row.may_change))
            await self._refuse(refusal)
            return
        except NotFound as refusal:
            await self._leave(refusal)
            return
        self._close()
        await self._notify(msg("权限已保存，立即生效。"))
        await self._show()

    @action
    async def dismiss(self, administrator_id: AdministratorId):
        """移除, once it was confirmed."""
        try:
            await self._dismiss(administrator_id=administrator_id)
        except Refusal as refusal:
            await self._leave(refusal)
            return
        self._close()
        await self._notify(msg("已移除，对方立即不能再进入这个工会。"))
        await self._show()

    async def _show(self) -> None:
        """Read the list anew and draw it."""
        raise NotImplementedError

    async def _appoint(self, **asked: Any) -> Appointed:
        raise NotImplementedError

    async def _change(self, **asked: Any) -> None:
        raise NotImplementedError

    async def _dismiss(self, **asked: Any) -> None:
        raise NotImplementedError

    def _take(self, listed: AdministratorList) -> None:
        self.rows = [card_of(row) for row in listed.rows]
        self.live, self.dismissed = listed.live, listed.dismissed
        self.page, self.pages = listed.page, listed.pages
        self.offered, self.grantable = list(listed.offered), list(listed.grantable)
        self.grantable_roles = [role.value for role in Role if self._preset(role) <= _of(self.grantable)]
        self.open_id = 0

    def _listed(self, administrator_id: int, suits: Callable[[AdministratorCard], bool]) -> AdministratorCard:
        row = next((row for row in self.rows if row.id == administrator_id and suits(row)), None)
        if row is None:
            raise NotFound
        return row

    def _open(self, dialog: str, row: AdministratorCard | None) -> None:
        self._calm()
        self.dialog = dialog
        self.subject_id, self.subject_name = (row.id, row.name) if row else (0, "")
        self._subject_version = row.version if row else 0
        self._tick_all(_of(row.permissions) if row else frozenset())

    def _close(self) -> None:
        self._calm()
        self.dialog, self.subject_id, self.subject_name = "", 0, ""

    async def _leave(self, refusal: Refusal) -> None:
        """What was to be done cannot be: say why, and show how things stand."""
        self._close()
        await self._refuse(refusal)
        await self._show()

    async def _refuse(self, refusal: Refusal) -> Any:
        """Why an open form was refused is told in it, beside the field concerned; the rest as everywhere."""
        field = refusal.field if isinstance(refusal, InvalidInput) else FORM
        if self.dialog in (APPOINTING, CHANGING) and field and not isinstance(refusal, SignedOut | NotFound):
            self.problem, self.problem_field = in_every_language(refusal.message, **refusal.values), field
            return rx.set_focus(FIELD_IDS[field]) if field in FIELD_IDS else None
        return await super()._refuse(refusal)

    def _calm(self) -> None:
        self.problem, self.problem_field = {}, ""

    def _tick_all(self, permissions: frozenset[Permission]) -> None:
        self.ticked = [one.value for one in IN_WORDS if one in permissions]
        self.role = role_of(permissions, is_above_base=self._is_above_base()) if permissions else ""

    def _preset(self, role: Role) -> frozenset[Permission]:
        return ROLE_PERMISSIONS[role] & _of(self.offered)

    def _is_above_base(self) -> bool:
        return Permission.SUBORDINATES_VIEW in _of(self.offered)


def _of(words: Iterable[str]) -> frozenset[Permission]:
    return frozenset(map(Permission, words))
