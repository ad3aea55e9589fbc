"""Real-name verification (实名认证, 手册 一.2): the console waits while the person proves it on a phone."""

import reflex as rx

from gdftu_app.models.identity_checks import PROBLEM_LABELS, CheckProblem
from gdftu_app.queries.identity_checks import Verification, VerificationState, verification_of
from gdftu_app.security.addresses import local_path
from gdftu_app.state.actions import account_action, unattended_account_action
from gdftu_app.state.asking import Asking
from gdftu_app.state.current import CurrentUser
from gdftu_app.state.dates import moment
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.preferences import PreferencesState


class VerifyState(Asking, rx.State):
    """实名认证."""

    status: rx.Field[str] = rx.field("")
    reason: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    remark: rx.Field[str] = rx.field("")
    submitted_at: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    _going_to: str = ""

    @account_action
    async def load(self):
        """Show how far it has come; whoever is verified goes on."""
        preferences = await self.get_state(PreferencesState)
        await preferences._load()
        self._going_to = local_path(self.router.url.query_parameters.get("next", ""))
        return await self._look()

    @unattended_account_action
    async def look(self):
        """Every few seconds, by the page itself: whether the phone has got any further."""
        return await self._look()

    @account_action
    async def look_again(self):
        """刷新状态: the same, at once."""
        return await self._look()

    async def _look(self):
        found: Verification = await self._ask_as_account(verification_of)
        user = await self.get_state(CurrentUser)
        user.name, user.signed_out = found.account_name, False
        if found.state is VerificationState.VERIFIED:
            return rx.redirect(self._going_to or "/unions/")
        self.status, self.remark = found.state, found.remark
        self.reason = in_every_language(PROBLEM_LABELS[CheckProblem(found.problem)]) if found.problem else {}
        self.submitted_at = moment(found.submitted_at)
