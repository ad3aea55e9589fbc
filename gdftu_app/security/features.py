"""Functions of the console (功能): the menu in the manual's order, and who may open each."""

from dataclasses import dataclass
from enum import StrEnum

from gdftu_app.i18n import msg
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import Permission


class FeatureGroup(StrEnum):
    """The manual's five groups, in its order; the value is the heading."""

    INFORMATION = msg("信息")
    UNIONS = msg("工会管理")
    MEMBERS = msg("会员管理")
    CHANNEL = msg("粤工惠号")
    ACTIVITIES = msg("活动管理")


@dataclass(frozen=True, slots=True)
class Feature:
    """One function: a menu entry, a page, and the permission behind both. Without one, every administrator has it."""

    key: str
    title: str
    path: str
    group: FeatureGroup
    permission: Permission | None = None


OVERVIEW = Feature("overview", msg("概览"), "/overview", FeatureGroup.INFORMATION)
STATISTICS = Feature("statistics", msg("统计"), "/statistics", FeatureGroup.INFORMATION, Permission.STATISTICS_VIEW)
OWN_UNION = Feature("own_union", msg("本级工会管理"), "/union", FeatureGroup.UNIONS, Permission.UNIONS_VIEW)
SUBORDINATES = Feature(
    "subordinates", msg("下级工会管理"), "/subordinates", FeatureGroup.UNIONS, Permission.SUBORDINATES_VIEW
)
REGISTRATIONS = Feature(
    "registrations",
    msg("工会登记审核"),
    "/reviews/registrations",
    FeatureGroup.UNIONS,
    Permission.REGISTRATIONS_REVIEW,
)
CHANGES = Feature("changes", msg("工会变更审核"), "/reviews/changes", FeatureGroup.UNIONS, Permission.CHANGES_REVIEW)
ADMINISTRATORS = Feature(
    "administrators",
    msg("本级工会权限设置"),
    "/administrators",
    FeatureGroup.UNIONS,
    Permission.ADMINISTRATORS_MANAGE,
)
SUBORDINATE_ADMINISTRATORS = Feature(
    "subordinate_administrators",
    msg("下级工会权限设置"),
    "/subordinates/administrators",
    FeatureGroup.UNIONS,
    Permission.SUBORDINATE_ADMINISTRATORS_MANAGE,
)
MEMBERS = Feature("members", msg("会员列表"), "/members", FeatureGroup.MEMBERS, Permission.MEMBERS_VIEW)
REMOVALS = Feature("removals", msg("会员移出"), "/members/removal", FeatureGroup.MEMBERS, Permission.MEMBERS_REMOVE)
JOINS = Feature("joins", msg("入会审核"), "/reviews/joins", FeatureGroup.MEMBERS, Permission.JOINS_REVIEW)
TRANSFERS = Feature(
    "transfers", msg("转会审核"), "/reviews/transfers", FeatureGroup.MEMBERS, Permission.TRANSFERS_REVIEW
)
IDENTITIES = Feature(
    "identities", msg("实名人工核验"), "/reviews/identities", FeatureGroup.MEMBERS, Permission.IDENTITIES_CONFIRM
)
PERSONAL_REQUESTS = Feature(
    "personal_requests", msg("个人信息请求"), "/reviews/requests", FeatureGroup.MEMBERS, Permission.MEMBERS_IMPORT
)
MEMBER_IMPORT = Feature(
    "member_import", msg("会员导入"), "/members/import", FeatureGroup.MEMBERS, Permission.MEMBERS_IMPORT
)
JOBS = Feature("jobs", msg("任务"), "/jobs", FeatureGroup.INFORMATION)
FEATURES: tuple[Feature, ...] = (
    OVERVIEW,
    STATISTICS,
    JOBS,
    OWN_UNION,
    SUBORDINATES,
    REGISTRATIONS,
    CHANGES,
    ADMINISTRATORS,
    SUBORDINATE_ADMINISTRATORS,
    MEMBERS,
    REMOVALS,
    MEMBER_IMPORT,
    JOINS,
    TRANSFERS,
    IDENTITIES,
    PERSONAL_REQUESTS,
)


def features_of(actor: Actor) -> list[Feature]:
    """What this actor may open in the acting union, in menu order."""
    return [feature for feature in FEATURES if feature.permission is None or actor.may(feature.permission)]
