"""Refusals: what a user can be told, in words that say what to do next."""

from gdftu_app.i18n import msg, render


class Refusal(Exception):
    """A request that is turned down for a reason the user may read; nothing of it is kept."""

    code = "refused"
    default = msg("操作没有完成，请稍后再试。")

    def __init__(self, message: str = "", **values: object) -> None:
        self.message = message or self.default
        self.values = values
        super().__init__(self.message)

    def text(self, language: str) -> str:
        """The reason in the reader's language."""
        return render(self.message, language, **self.values)


class InvalidInput(Refusal):
    """A value that breaks a rule; `field` names the control that the message belongs beside."""

    code = "invalid"
    default = msg("填写的内容不符合要求，请修改后再试。")

    def __init__(self, message: str = "", *, field: str = "", **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


class NotFound(Refusal):
    """Missing, or outside the actor's reach: the two are told in the same words on purpose."""

    code = "not_found"
    default = msg("没有找到。可能已被移动，或不在当前工会的管理范围内。")


class NotAllowed(Refusal):
    """The actor lacks the permission for what was asked."""

    code = "not_allowed"
    default = msg("当前账号没有这项权限。")


class SignedOut(Refusal):
    """There is no valid session behind the request."""

    code = "signed_out"
    default = msg("登录已失效，请重新登录。")


class TooManyRequests(Refusal):
    """A limit was reached; `retry_after` is in seconds."""

    code = "too_many_requests"
    default = msg("操作太频繁，请稍后再试。")

    def __init__(self, message: str = "", *, retry_after: int = 1, **values: object) -> None:
        super().__init__(message, retry_after=retry_after, **values)
        self.retry_after = retry_after


class Misconfigured(Exception):
    """The installation cannot start as configured; the text names the setting (for operators, in Chinese)."""
