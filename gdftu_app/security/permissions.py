"""Permissions (权限): what may be done, and the usual sets of them, the roles."""

from collections.abc import Iterable
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


# The word for any other set of permissions; it is stored as a role is, and no grant can be asked for by it.
CUSTOM_ROLE = "custom"
ROLE_LABELS: dict[str, str] = {
    Role.OWNER: msg("负责人"),
    Role.REVIEWER: msg("审核员"),
    Role.MEMBERS: msg("会员管理员"),
    Role.EDITOR: msg("宣传员"),
    Role.ANALYST: msg("分析员"),
    Role.AUDITOR: msg("审计员"),
    CUSTOM_ROLE: msg("自定义"),
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
    # Totals alone, and nothing personal: not even who is in charge of a union.
    Role.ANALYST: frozenset({Permission.STATISTICS_VIEW}),
    Role.AUDITOR: frozenset({Permission.AUDIT_VIEW}),
}

# What a permission is of no use without, because its page shows the other's data.
NEEDED: dict[Permission, Permission] = {
    Permission.UNIONS_EDIT: Permission.UNIONS_VIEW,
    Permission.SUBORDINATE_ADMINISTRATORS_MANAGE: Permission.SUBORDINATES_VIEW,
    Permission.MEMBERS_REVEAL: Permission.MEMBERS_VIEW,
    Permission.MEMBERS_IMPORT: Permission.MEMBERS_VIEW,
    Permission.MEMBERS_EXPORT: Permission.MEMBERS_VIEW,
    Permission.MEMBERS_REMOVE: Permission.MEMBERS_VIEW,
    Permission.ARTICLES_PUBLISH: Permission.ARTICLES_EDIT,
}


def with_needed(permissions: Iterable[Permission]) -> frozenset[Permission]:
    """These permissions and those they are of no use without."""
    chosen = frozenset(permissions)
    return chosen | {NEEDED[permission] for permission in chosen if permission in NEEDED}


def without_use(permissions: Iterable[Permission]) -> frozenset[Permission]:
    """These permissions but those of no use, because what they need is not among them."""
    chosen = frozenset(permissions)
    return frozenset(one for one in chosen if one not in NEEDED or NEEDED[one] in chosen)


def existing_at(permissions: Iterable[Permission], *, is_above_base: bool) -> frozenset[Permission]:
    """Those of the permissions that exist in a union."""
    return frozenset(permissions) if is_above_base else frozenset(permissions) - ABOVE_BASE_ONLY


def role_of(permissions: Iterable[Permission], *, is_above_base: bool) -> str:
    """The role whose set this is in such a union; `CUSTOM_ROLE` when it is nobody's."""
    chosen = existing_at(permissions, is_above_base=is_above_base)
    for role, preset in ROLE_PERMISSIONS.items():
        if existing_at(preset, is_above_base=is_above_base) == chosen:
            return role.value
    return CUSTOM_ROLE
