"""Permissions (权限): what may be done, and the usual sets of them, the roles."""

from enum import StrEnum

from gdftu_app.i18n import msg


class Permission(StrEnum):
    """One thing an administrator may do in a union: `resource:verb`."""

    UNIONS_VIEW = "unions:view"
    UNIONS_EDIT = "unions:edit"
    SUBORDINATES_VIEW = "subordinates:view"
    REGISTRATIONS_REVIEW = "registrations:review"
    CHANGES_REVIEW = "changes:review"
    ADMINISTRATORS_MANAGE = "administrators:manage"
    SUBORDINATE_ADMINISTRATORS_MANAGE = "subordinate_administrators:manage"
    IDENTITIES_CONFIRM = "identities:confirm"
    MEMBERS_VIEW = "members:view"
    MEMBERS_REVEAL = "members:reveal"
    MEMBERS_IMPORT = "members:import"
    MEMBERS_EXPORT = "members:export"
    MEMBERS_REMOVE = "members:remove"
    JOINS_REVIEW = "joins:review"
    TRANSFERS_REVIEW = "transfers:review"
    ARTICLES_EDIT = "articles:edit"
    ARTICLES_PUBLISH = "articles:publish"
    ACTIVITIES_EDIT = "activities:edit"
    ACTIVITIES_RESULTS = "activities:results"
    STATISTICS_VIEW = "statistics:view"
    AUDIT_VIEW = "audit:view"


# These do not exist for the administrators of a base union, whatever their grant says (手册 六、七、八).
ABOVE_BASE_ONLY = frozenset(
    {
        Permission.SUBORDINATES_VIEW,
        Permission.REGISTRATIONS_REVIEW,
        Permission.CHANGES_REVIEW,
        Permission.SUBORDINATE_ADMINISTRATORS_MANAGE,
    }
)


class Role(StrEnum):
    """The usual sets of permissions an administrator is appointed with."""

    OWNER, REVIEWER, MEMBERS, EDITOR, ANALYST, AUDITOR = (
        "owner",
        "reviewer",
        "members",
        "editor",
        "analyst",
        "auditor",
    )


ROLE_LABELS: dict[Role, str] = {
    Role.OWNER: msg("负责人"),
    Role.REVIEWER: msg("审核员"),
    Role.MEMBERS: msg("会员管理员"),
    Role.EDITOR: msg("宣传员"),
    Role.ANALYST: msg("分析员"),
    Role.AUDITOR: msg("审计员"),
}

_LOOKING = frozenset({Permission.UNIONS_VIEW, Permission.SUBORDINATES_VIEW})
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.REVIEWER: _LOOKING
    | {
        Permission.REGISTRATIONS_REVIEW,
        Permission.CHANGES_REVIEW,
        Permission.JOINS_REVIEW,
        Permission.TRANSFERS_REVIEW,
        Permission.MEMBERS_VIEW,
    },
    Role.MEMBERS: _LOOKING
    | {
        Permission.MEMBERS_VIEW,
        Permission.MEMBERS_REVEAL,
        Permission.MEMBERS_IMPORT,
        Permission.MEMBERS_EXPORT,
        Permission.MEMBERS_REMOVE,
        Permission.IDENTITIES_CONFIRM,
    },
    Role.EDITOR: _LOOKING
    | {
        Permission.ARTICLES_EDIT,
        Permission.ARTICLES_PUBLISH,
        Permission.ACTIVITIES_EDIT,
        Permission.ACTIVITIES_RESULTS,
    },
    Role.ANALYST: _LOOKING | {Permission.MEMBERS_VIEW, Permission.STATISTICS_VIEW},
    Role.AUDITOR: frozenset({Permission.AUDIT_VIEW}),
}
