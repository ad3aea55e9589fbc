"""Permissions in words, and the sets that roles are."""

import pytest

from gdftu_app.security.permission_words import IN_WORDS, PERMISSION_WORDS, ROLE_EXPLANATIONS, in_words
from gdftu_app.security.permissions import (
    CUSTOM_ROLE,
    NEEDED,
    ROLE_LABELS,
    ROLE_PERMISSIONS,
    Permission,
    Role,
    existing_at,
    role_of,
    with_needed,
    without_use,
)


def test_every_permission_has_its_words_and_its_place_in_one_group():
    assert PERMISSION_WORDS.keys() == set(Permission)
    assert sorted(IN_WORDS) == sorted(Permission)


def test_every_role_has_a_label_and_an_explanation():
    assert ROLE_LABELS.keys() == {*Role, CUSTOM_ROLE}
    assert ROLE_EXPLANATIONS.keys() == set(Role)


def test_words_stand_in_the_order_of_the_groups():
    assert in_words(frozenset({Permission.AUDIT_VIEW, Permission.MEMBERS_VIEW, Permission.UNIONS_VIEW})) == (
        "unions:view",
        "members:view",
        "audit:view",
    )


@pytest.mark.parametrize("is_above_base", [True, False])
class TestRoles:
    def test_are_told_apart_by_their_sets(self, is_above_base: bool):
        sets = [existing_at(preset, is_above_base=is_above_base) for preset in ROLE_PERMISSIONS.values()]

        assert len(set(sets)) == len(sets)

    @pytest.mark.parametrize("role", Role)
    def test_are_recognised(self, role: Role, is_above_base: bool):
        assert role_of(ROLE_PERMISSIONS[role], is_above_base=is_above_base) == role
        assert role_of(ROLE_PERMISSIONS[role] ^ {Permission.AUDIT_VIEW}, is_above_base=is_above_base) == CUSTOM_ROLE

    @pytest.mark.parametrize("role", Role)
    def test_hold_nothing_of_no_use(self, role: Role, is_above_base: bool):
        preset = existing_at(ROLE_PERMISSIONS[role], is_above_base=is_above_base)

        assert with_needed(preset) == without_use(preset) == preset


@pytest.mark.parametrize(("permission", "needed"), NEEDED.items())
def test_a_permission_comes_with_what_it_needs_and_goes_with_it(permission: Permission, needed: Permission):
    assert with_needed({permission}) == {permission, needed}
    assert without_use({permission}) == frozenset()
    assert without_use({permission, needed}) == {permission, needed}
