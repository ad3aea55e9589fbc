"""本级工会管理 (手册 五): what is recorded of the acting union, and the change it asked for."""

from typing import Annotated, Literal

import reflex as rx
from pydantic import Field

from gdftu_app.i18n import msg
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.queries.change_requests import OwnChange
from gdftu_app.queries.own_unions import OwnUnionView, view_own_union
from gdftu_app.security.permissions import Permission
from gdftu_app.services.change_requests import AlreadyClosed, withdraw_change
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.dates import NONE, Texts, moment
from gdftu_app.state.documents import DocumentRow, document_row
from gdftu_app.state.union_details import DetailField, details_of
from gdftu_app.state.union_history import ChangedRow, OwnHistoryState, changed_row

RequestId = Annotated[int, Field(ge=1, lt=2**63)]


class OwnUnionState(Asking, rx.State):
    """本级工会管理."""

    is_loaded: rx.Field[bool] = rx.field(False)
    union_id: rx.Field[int] = rx.field(0)
    turns: rx.Field[int] = rx.field(0)
    tab: rx.Field[str] = rx.field("information")
    superiors: rx.Field[list[str]] = rx.field(default_factory=list)
    details: rx.Field[list[DetailField]] = rx.field(default_factory=list)
    may_edit: rx.Field[bool] = rx.field(False)
    request_id: rx.Field[int] = rx.field(0)
    status: rx.Field[str] = rx.field("")
    reviewer: rx.Field[str] = rx.field("")
    is_own_review: rx.Field[bool] = rx.field(False)
    submitted_by: rx.Field[str] = rx.field("")
    submitted_at: rx.Field[Texts] = rx.field(default_factory=dict)
    closed_at: rx.Field[Texts] = rx.field(default_factory=dict)
    reason: rx.Field[str] = rx.field("")
    purpose: rx.Field[str] = rx.field("")
    fields: rx.Field[list[ChangedRow]] = rx.field(default_factory=list)
    documents: rx.Field[list[DocumentRow]] = rx.field(default_factory=list)

    @action(Permission.UNIONS_VIEW)
    async def load(self):
        """Open the page: the information, whatever was open before."""
        self.tab = "information"
        await self._show()

    @action(Permission.UNIONS_VIEW)
    async def show_tab(self, tab: Literal["information", "history"]):
        """信息, 变更记录."""
        self.tab = tab
        if tab == "history":
            return OwnHistoryState.read
        await self._show()

    @action(Permission.UNIONS_EDIT)
    async def withdraw(self, request_id: RequestId):
        """撤回, once it was confirmed."""
        try:
            await self._ask(withdraw_change, request_id=request_id)
        except AlreadyClosed as refusal:
            await self._refuse(refusal)
        else:
            await self._notify(msg("变更申请已撤回。"))
        await self._show()

    async def _show(self) -> None:
        view: OwnUnionView = await self._ask(view_own_union)
        self.superiors = [superior.name for superior in view.superiors]
        self.details, self.may_edit = details_of(view.details), view.may_edit
        self.union_id = view.details.id
        change = view.change
        if change is None or change.status not in (ReviewStatus.PENDING, ReviewStatus.REJECTED):
            self.request_id, self.status, self.fields, self.documents = 0, "", [], []
        else:
            self._tell(change)
        self.is_loaded = True

    def _tell(self, change: OwnChange) -> None:
        self.request_id, self.status, self.reason, self.purpose = (
            change.id,
            change.status,
            change.reason,
            change.purpose,
        )
        self.reviewer, self.is_own_review = change.reviewer, change.is_own_review
        self.submitted_by, self.submitted_at = change.submitted_by, moment(change.submitted_at)
        self.closed_at = moment(change.closed_at) if change.closed_at else NONE
        self.fields = [changed_row(field) for field in change.fields]
        self.documents = [document_row(document) for document in change.documents]
