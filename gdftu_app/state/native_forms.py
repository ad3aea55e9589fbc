"""Around a form that the browser itself submits: why it was refused, and when a code may be asked for again."""

from typing import Annotated

import reflex as rx
from pydantic import StringConstraints

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, Refusal, TooManyRequests
from gdftu_app.services.sessions import RefusedForm
from gdftu_app.services.sign_in_codes import CodeSent
from gdftu_app.state.asking import Asking
from gdftu_app.state.notices import in_every_language

Rules = dict[str, int]
TypedPhone = Annotated[str, StringConstraints(max_length=32)]
LONGEST_COUNTDOWN_SECONDS = 60


def password_rules() -> Rules:
    """What the page says a new password must be: characters, kinds of them, and tries that guessing it takes."""
    configured = settings()
    return {
        "length": configured.password_min_length,
        "classes": configured.password_min_classes,
        "guesses": configured.password_min_guesses,
    }


class NativeForm(Asking, rx.State, mixin=True):
    """A form with a code sent by text message; neither what is typed into it nor the code ever stands here."""

    problem: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    problem_field: rx.Field[str] = rx.field("")
    wait_seconds: rx.Field[int] = rx.field(0)
    waits: rx.Field[int] = rx.field(0)
    lifetime_minutes: rx.Field[int] = rx.field(0)

    def _tell(self, form: RefusedForm | None, *, otherwise: str) -> None:
        """Show why a form was refused beside its field, or beside `otherwise` when no field is to blame."""
        is_refused = form is not None and bool(form.message)
        self.problem = in_every_language(form.message, **form.values) if form and is_refused else {}
        self.problem_field = (form.field or otherwise) if form and is_refused else ""

    def _calm(self) -> None:
        self.problem, self.problem_field = {}, ""

    def _code_was_sent(self, sent: CodeSent) -> None:
        self._calm()
        self._wait(sent.wait_seconds)
        self.lifetime_minutes = sent.lifetime_minutes

    def _wait(self, seconds: int) -> None:
        self.wait_seconds = max(0, min(seconds, LONGEST_COUNTDOWN_SECONDS))
        self.waits = int(now().timestamp() * 1000)

    async def _refuse(self, refusal: Refusal):
        """What concerns the form is told beside the field."""
        if isinstance(refusal, InvalidInput | TooManyRequests):
            self.problem = in_every_language(refusal.message, **refusal.values)
            self.problem_field = self._field_for_codes()
            if isinstance(refusal, TooManyRequests) and refusal.retry_after <= LONGEST_COUNTDOWN_SECONDS:
                self._wait(refusal.retry_after)
            return None
        return await super()._refuse(refusal)

    def _field_for_codes(self) -> str:
        return "phone"
