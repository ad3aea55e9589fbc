"""Why a membership ends (会员移出的原因), and what the history then calls it."""

from enum import StrEnum

from gdftu_app.i18n import msg
from gdftu_app.models.memberships import MembershipEventKind


class RemovalReason(StrEnum):
    """移出原因; none of them can be undone, but the person may apply to join again."""

    LABOUR_ENDED = "labour_ended"
    WITHDRAWN = "withdrawn"
    DEEMED_WITHDRAWN = "deemed_withdrawn"
    EXPELLED = "expelled"
    DECEASED = "deceased"
    RECORDED_BY_MISTAKE = "recorded_by_mistake"


REMOVAL_REASON_LABELS: dict[RemovalReason, str] = {
    RemovalReason.LABOUR_ENDED: msg("劳动关系终止"),
    RemovalReason.WITHDRAWN: msg("退会"),
    RemovalReason.DEEMED_WITHDRAWN: msg("视为自动退会"),
    RemovalReason.EXPELLED: msg("除名"),
    RemovalReason.DECEASED: msg("死亡"),
    RemovalReason.RECORDED_BY_MISTAKE: msg("误录"),
}

EVENT_OF_REASON: dict[RemovalReason, MembershipEventKind] = {
    RemovalReason.LABOUR_ENDED: MembershipEventKind.REMOVED,
    RemovalReason.WITHDRAWN: MembershipEventKind.WITHDRAWN,
    RemovalReason.DEEMED_WITHDRAWN: MembershipEventKind.WITHDRAWN,
    RemovalReason.EXPELLED: MembershipEventKind.EXPELLED,
    RemovalReason.DECEASED: MembershipEventKind.REMOVED,
    RemovalReason.RECORDED_BY_MISTAKE: MembershipEventKind.REMOVED,
}
