"""What is asked before an administrator is appointed, changed or dismissed (手册 九、十)."""

from typing import Any

import reflex as rx

from gdftu_app.components.forms import field, told_wrong
from gdftu_app.components.icons import icon
from gdftu_app.components.texts import label_of, pick, t
from gdftu_app.security.permission_words import PERMISSION_GROUPS, PERMISSION_WORDS, ROLE_EXPLANATIONS
from gdftu_app.security.permissions import ROLE_LABELS, Permission, Role
from gdftu_app.services.person_names import LONGEST_NAME
from gdftu_app.state.administrator_pages import (
    APPOINTING,
    CHANGING,
    DISMISSING,
    FIELD_IDS,
    FORM,
    PERMISSIONS,
    RESIGNING,
    AdministratorsPage,
)
from gdftu_app.state.administrators import AdministratorsState

Screen = type[AdministratorsPage]
PHONE_ID, NAME_ID = FIELD_IDS["phone"], FIELD_IDS["name"]


def administrator_dialogs(screen: Screen, union_name: rx.Var[str]) -> rx.Component:
    """The form and the confirmations of a page; `union_name` is the union whose administrators they are about."""
    return rx.fragment(
        _form(screen, union_name),
        _confirmation(
            screen,
            DISMISSING,
            t("移除{name}", name=screen.subject_name),
            t(
                "对方立即不能再进入「{union}」，并会收到通知。记录留在「已移除」中，以后可以重新添加。",
                union=union_name,
            ),
            t("移除"),
            screen.dismiss(screen.subject_id),
        ),
        _confirmation(
            screen,
            RESIGNING,
            t("退出「{union}」的管理", union=union_name),
            t("你立即不能再进入这个工会，也不能自己恢复，需要由其他负责人重新添加。"),
            t("退出管理"),
            screen.resign(screen.subject_id),
        )
        if issubclass(screen, AdministratorsState)
        else rx.fragment(),
    )


def _form(screen: Screen, union_name: rx.Var[str]) -> rx.Component:
    is_new = screen.dialog == APPOINTING
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(rx.cond(is_new, t("新增管理员"), t("调整{name}的权限", name=screen.subject_name))),
            rx.dialog.description(
                rx.cond(
                    is_new,
                    t(
                        "管理「{union}」。对方会收到短信；还没有账号的，登录并完成实名认证后才能使用。",
                        union=union_name,
                    ),
                    t("管理「{union}」。保存后立即生效，对方会收到通知。", union=union_name),
                )
            ),
            rx.cond(is_new, _whom(screen), rx.fragment()),
            _roles(screen),
            _permissions(screen),
            _wrong(screen),
            rx.el.div(
                rx.dialog.close(_quiet(t("取消"))),
                rx.cond(
                    is_new,
                    _primary(t("新增管理员"), screen.appoint(_typed(PHONE_ID), _typed(NAME_ID))),
                    _primary(t("保存"), screen.save(screen.subject_id)),
                ),
                class_name="row end",
            ),
            max_width="600px",
        ),
        open=is_new | (screen.dialog == CHANGING),
        on_open_change=screen.close_dialog,
    )


def _whom(screen: Screen) -> rx.Component:
    phone_problem, name_problem = _problem(screen, "phone"), _problem(screen, "name")
    return rx.el.div(
        field(
            t("手机号"),
            rx.input(
                id=PHONE_ID,
                auto_complete="off",
                input_mode="tel",
                max_length=32,
                custom_attrs=told_wrong(PHONE_ID, phone_problem),
            ),
            name=PHONE_ID,
            error=phone_problem,
        ),
        field(
            t("姓名"),
            rx.input(
                id=NAME_ID,
                auto_complete="off",
                max_length=LONGEST_NAME,
                custom_attrs=told_wrong(NAME_ID, name_problem),
            ),
            name=NAME_ID,
            error=name_problem,
            hint=t("与证件一致。手机号已有账号的，须与账号的姓名相同。"),
        ),
        class_name="whom",
    )


def _roles(screen: Screen) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(t("角色")),
        *[_role(screen, role) for role in Role],
        rx.el.p(
            rx.cond(
                screen.ticked.length() > 0,
                t(
                    "{role}，已选 {count} 项权限。",
                    role=label_of(ROLE_LABELS, screen.role),
                    count=screen.ticked.length(),
                ),
                t("选择一个角色，或逐项选择权限。"),
            ),
            class_name="small muted",
            role="status",
        ),
        class_name="roles",
    )


def _role(screen: Screen, role: Role) -> rx.Component:
    is_possible = screen.grantable_roles.contains(role.value)
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="role",
            value=role.value,
            checked=screen.role == role.value,
            disabled=~is_possible,
            on_change=screen.choose_role(role.value),
        ),
        rx.el.span(
            rx.el.b(t(ROLE_LABELS[role])),
            rx.el.span(
                rx.cond(is_possible, t(ROLE_EXPLANATIONS[role]), t("超出你本人的权限，不能授予。")),
                class_name="small muted",
            ),
        ),
    )


def _permissions(screen: Screen) -> rx.Component:
    return rx.el.details(
        rx.el.summary(rx.el.span(t("逐项选择权限"), class_name="op")),
        *[_group(screen, heading, permissions) for heading, permissions in PERMISSION_GROUPS.items()],
        class_name="single-permissions",
    )


def _group(screen: Screen, heading: str, permissions: tuple[Permission, ...]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(t(heading)),
        *[
            rx.cond(screen.offered.contains(permission.value), _permission(screen, permission), rx.fragment())
            for permission in permissions
        ],
    )


def _permission(screen: Screen, permission: Permission) -> rx.Component:
    words = PERMISSION_WORDS[permission]
    explanation_id = f"explains-{permission.value.replace(':', '-')}"
    is_possible = screen.grantable.contains(permission.value)
    return rx.el.label(
        rx.checkbox(
            checked=screen.ticked.contains(permission.value),
            disabled=~is_possible,
            color_scheme="gray",
            high_contrast=True,
            on_change=lambda is_on: screen.tick(permission.value, is_on),
            custom_attrs={"aria-label": t(words.name), "aria-describedby": explanation_id},
        ),
        rx.el.span(
            rx.el.b(t(words.name)),
            rx.el.span(
                rx.cond(is_possible, t(words.explanation), t("你没有这项权限，不能授予。")),
                class_name="small muted",
                id=explanation_id,
            ),
        ),
    )


def _confirmation(
    screen: Screen, dialog: str, title: rx.Var[str], consequence: rx.Var[str], word: rx.Var[str], event: Any
) -> rx.Component:
    return rx.alert_dialog.root(
        rx.alert_dialog.content(
            rx.alert_dialog.title(title),
            rx.alert_dialog.description(consequence),
            rx.el.div(
                rx.alert_dialog.cancel(_quiet(t("取消"))),
                rx.button(word, type="button", on_click=event),
                class_name="row end",
            ),
            max_width="480px",
        ),
        open=screen.dialog == dialog,
        on_open_change=screen.close_dialog,
    )


def _wrong(screen: Screen) -> rx.Component:
    """What is wrong with the form as a whole; what concerns a field stands beside it, and the field is focused."""
    return rx.cond(
        (screen.problem_field == PERMISSIONS) | (screen.problem_field == FORM),
        rx.el.div(icon("triangle-alert"), rx.el.span(pick(screen.problem)), class_name="err", role="alert"),
        rx.fragment(),
    )


def _problem(screen: Screen, name: str) -> rx.Var[str]:
    return rx.cond(screen.problem_field == name, pick(screen.problem), "").to(str)


def _typed(name: str) -> rx.Var[str]:
    return rx.Var(f"(document.getElementById('{name}')?.value ?? '')").to(str)


def _primary(word: rx.Var[str], event: Any) -> rx.Component:
    return rx.button(word, type="button", color_scheme="gray", high_contrast=True, on_click=event)


def _quiet(word: rx.Var[str]) -> rx.Component:
    return rx.button(word, type="button", variant="surface", color_scheme="gray", high_contrast=True)
