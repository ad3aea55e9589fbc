"""Permissions in words: what each lets an administrator see or do, in the order and the groups of the menu."""

from dataclasses import dataclass

from gdftu_app.i18n import msg
from gdftu_app.security.features import FeatureGroup
from gdftu_app.security.permissions import Permission, Role

AUDITING = msg("审计")


@dataclass(frozen=True, slots=True)
class PermissionWords:
    """A short name and one sentence, both msgids."""

    name: str
    explanation: str


PERMISSION_WORDS: dict[Permission, PermissionWords] = {
    Permission.STATISTICS_VIEW: PermissionWords(
        msg("查看统计"), msg("概览和统计：本级及以下的汇总数字和图表，不含个人信息。")
    ),
    Permission.UNIONS_VIEW: PermissionWords(msg("查看本级工会"), msg("本工会的登记信息和会员数、实名率等汇总数。")),
    Permission.UNIONS_EDIT: PermissionWords(msg("修改本级工会"), msg("提交本工会信息的变更申请，由上级工会审核。")),
    Permission.SUBORDINATES_VIEW: PermissionWords(
        msg("查看下级工会"), msg("全部下级工会的登记信息和会员数、实名率等汇总数。")
    ),
    Permission.REGISTRATIONS_REVIEW: PermissionWords(
        msg("审核工会登记"), msg("查看并审核提交给本工会的组织登记，包括证件图片。")
    ),
    Permission.CHANGES_REVIEW: PermissionWords(
        msg("审核工会变更"), msg("查看并审核直属下级工会的变更申请，包括附件。")
    ),
    Permission.ADMINISTRATORS_MANAGE: PermissionWords(
        msg("管理本级权限"), msg("新增、调整、移除本工会的管理员，授权不超出本人已有的权限。")
    ),
    Permission.SUBORDINATE_ADMINISTRATORS_MANAGE: PermissionWords(
        msg("管理下级权限"), msg("新增、调整、移除全部下级工会的管理员，授权不超出本人已有的权限。")
    ),
    Permission.MEMBERS_VIEW: PermissionWords(
        msg("查看会员"), msg("本工会及下级工会的会员名单，手机号和证件号码只显示一部分。")
    ),
    Permission.MEMBERS_REVEAL: PermissionWords(
        msg("查看完整号码"), msg("逐人查看完整的手机号和证件号码，每次填写理由并留下记录。")
    ),
    Permission.MEMBERS_IMPORT: PermissionWords(
        msg("导入会员"), msg("用表格批量导入本工会的会员，更正他们的信息，办理个人信息请求。")
    ),
    Permission.MEMBERS_EXPORT: PermissionWords(msg("导出会员"), msg("把会员名单导出为表格，号码只显示一部分。")),
    Permission.MEMBERS_REMOVE: PermissionWords(
        msg("移出会员"), msg("保留、恢复本工会会员的会籍，合并重复记录，或把会员移出工会，移出不可撤回。")
    ),
    Permission.JOINS_REVIEW: PermissionWords(msg("审核入会"), msg("查看并审核申请加入本工会的人员。")),
    Permission.TRANSFERS_REVIEW: PermissionWords(msg("审核转会"), msg("查看并审核申请转入本工会的会员。")),
    Permission.IDENTITIES_CONFIRM: PermissionWords(msg("人工核验实名"), msg("对照证件原件，确认会员和管理员的身份。")),
    Permission.ARTICLES_EDIT: PermissionWords(msg("编辑文章"), msg("新建和修改本工会的文章。")),
    Permission.ARTICLES_PUBLISH: PermissionWords(msg("发布文章"), msg("把文章发布到小程序，或撤销发布。")),
    Permission.ACTIVITIES_EDIT: PermissionWords(msg("编辑活动"), msg("新建、修改本工会的活动。")),
    Permission.ACTIVITIES_RESULTS: PermissionWords(
        msg("查看活动结果"), msg("参与人的姓名、参与结果和兑奖情况，可以导出。")
    ),
    Permission.AUDIT_VIEW: PermissionWords(msg("查看审计记录"), msg("谁在什么时候做了什么，只能查看。")),
}
PERMISSION_GROUPS: dict[str, tuple[Permission, ...]] = {
    FeatureGroup.INFORMATION.value: (Permission.STATISTICS_VIEW,),
    FeatureGroup.UNIONS.value: (
        Permission.UNIONS_VIEW,
        Permission.UNIONS_EDIT,
        Permission.SUBORDINATES_VIEW,
        Permission.REGISTRATIONS_REVIEW,
        Permission.CHANGES_REVIEW,
        Permission.ADMINISTRATORS_MANAGE,
        Permission.SUBORDINATE_ADMINISTRATORS_MANAGE,
    ),
    FeatureGroup.MEMBERS.value: (
        Permission.MEMBERS_VIEW,
        Permission.MEMBERS_REVEAL,
        Permission.MEMBERS_IMPORT,
        Permission.MEMBERS_EXPORT,
        Permission.MEMBERS_REMOVE,
        Permission.JOINS_REVIEW,
        Permission.TRANSFERS_REVIEW,
        Permission.IDENTITIES_CONFIRM,
    ),
    FeatureGroup.CHANNEL.value: (Permission.ARTICLES_EDIT, Permission.ARTICLES_PUBLISH),
    FeatureGroup.ACTIVITIES.value: (Permission.ACTIVITIES_EDIT, Permission.ACTIVITIES_RESULTS),
    AUDITING: (Permission.AUDIT_VIEW,),
}
IN_WORDS: tuple[Permission, ...] = tuple(one for group in PERMISSION_GROUPS.values() for one in group)
ROLE_EXPLANATIONS: dict[Role, str] = {
    Role.OWNER: msg("全部权限，可以管理其他管理员。"),
    Role.REVIEWER: msg("审核登记、变更、入会和转会。"),
    Role.MEMBERS: msg("查看、导入、导出、移出会员，核验实名。"),
    Role.EDITOR: msg("文章和活动。"),
    Role.ANALYST: msg("只查看概览和统计，不含任何个人信息。"),
    Role.AUDITOR: msg("只查看审计记录。"),
}


def in_words(permissions: frozenset[Permission]) -> tuple[str, ...]:
    """The permissions as their words, in the order of the groups."""
    return tuple(permission.value for permission in IN_WORDS if permission in permissions)
