"""What an administrator above the base does to the unions below: 新建, 移动, 撤销 (above the manual)."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.forms import field, told_wrong
from gdftu_app.components.icons import icon
from gdftu_app.components.texts import label_of, number, pick, t
from gdftu_app.components.union_forms import choice, chosen_of, problem_of, start_of, union_form
from gdftu_app.models.unions import LEVEL_LABELS, UnionStatus
from gdftu_app.services.dissolutions import TYPED_NAME
from gdftu_app.services.new_union_values import LEVEL
from gdftu_app.state.branch_moves import Place, UnionMoveState
from gdftu_app.state.dissolutions import DissolutionState
from gdftu_app.state.new_unions import NewUnionState
from gdftu_app.state.subordinates import SubordinatesState
from gdftu_app.state.union_forms import FormSection

SEARCH_ID = "new-superior"


def new_union_button() -> rx.Component:
    """新建下级工会, below the union that is selected."""
    return rx.cond(
        SubordinatesState.may_care,
        rx.button(
            icon("plus", small=True),
            t("新建下级工会"),
            type="button",
            variant="surface",
            color_scheme="gray",
            high_contrast=True,
            on_click=NewUnionState.begin(SubordinatesState.selected),
        ),
        rx.fragment(),
    )


def care_buttons(union_id: Any, status: rx.Var[str]) -> rx.Component:
    """移动… and 撤销… of a union below, unless it is dissolved."""
    return rx.cond(
        SubordinatesState.may_care & (status != UnionStatus.DISSOLVED.value),
        rx.fragment(
            rx.el.button(t("移动…"), class_name="op", type="button", on_click=UnionMoveState.begin(union_id)),
            rx.el.button(t("撤销…"), class_name="op", type="button", on_click=DissolutionState.begin(union_id)),
        ),
        rx.fragment(),
    )


def care_dialogs() -> rx.Component:
    """The dialogs behind those buttons."""
    return rx.fragment(_move(), _dissolution())


def new_union_form() -> rx.Component:
    """The form of 新建下级工会, in the place of the list."""
    level_problem = problem_of(NewUnionState, LEVEL)
    levels = choice(
        chosen_of(NewUnionState, LEVEL),
        lambda code: NewUnionState.choose(LEVEL, code),
        rx.foreach(
            NewUnionState.levels, lambda code: rx.select.item(label_of(LEVEL_LABELS, code), value=code, key=code)
        ),
        id=LEVEL,
        custom_attrs=told_wrong(LEVEL, level_problem),
    )
    return rx.fragment(
        start_of(t("新建下级工会"), t("直属于「{union}」，保存后立即生效。", union=NewUnionState.superior)),
        union_form(
            NewUnionState,
            rx.cond(
                NewUnionState.may_add_employer,
                rx.el.p(
                    rx.el.button(
                        t("再添加一个单位"), class_name="op", type="button", on_click=NewUnionState.add_employer
                    )
                ),
                rx.fragment(),
            ),
            categories=NewUnionState.categories,
            choose_category=NewUnionState.choose_category,
            submit=NewUnionState.submit,
            word=t("新建"),
            levels=levels,
            section_action=_drop_employer,
        ),
    )


def _drop_employer(section: ObjectVar[FormSection]) -> rx.Component:
    return rx.cond(
        section.number.to(int) > 1,
        rx.el.button(
            t("删去这个单位"),
            class_name="op",
            type="button",
            on_click=NewUnionState.drop_employer(section.number),
        ),
        rx.fragment(),
    )


def _move() -> rx.Component:
    state = UnionMoveState
    problem = rx.cond(state.problem.length() > 0, pick(state.problem), "").to(str)
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(t("移动「{name}」", name=state.name)),
            rx.dialog.description(
                t("该工会连同全部下级移到新的上级工会之下。现在的上级工会：{superior}", superior=state.before)
            ),
            field(
                t("新的上级工会"),
                rx.input(
                    rx.input.slot(icon("search", small=True)),
                    id=SEARCH_ID,
                    key=f"superior-{state.search_round}",
                    type="search",
                    on_change=state.search.debounce(250),
                    placeholder=t("搜索工会名称、信用代码或拼音首字母"),
                    max_length=60,
                    auto_complete="off",
                    custom_attrs=told_wrong(SEARCH_ID, problem),
                ),
                name=SEARCH_ID,
                error=problem,
            ),
            rx.cond(state.superior_id == 0, _places(), _preview()),
            rx.el.div(
                rx.dialog.close(
                    rx.button(t("取消"), type="button", variant="surface", color_scheme="gray", high_contrast=True)
                ),
                rx.button(
                    rx.cond(state.superior_id != 0, t("移动 {count} 个工会", count=state.unions), t("移动")),
                    type="button",
                    color_scheme="gray",
                    high_contrast=True,
                    disabled=state.superior_id == 0,
                    on_click=state.move,
                ),
                class_name="row end",
            ),
            max_width="560px",
        ),
        open=state.union_id != 0,
        on_open_change=state.close,
    )


def _places() -> rx.Component:
    state = UnionMoveState
    return rx.cond(
        state.hits.length() > 0,
        rx.el.ul(rx.foreach(state.hits, _place), class_name="choices places"),
        rx.cond(
            state.keyword != "",
            rx.el.p(
                t("没有找到可以作为上级的「{keyword}」。", keyword=state.keyword), class_name="muted", role="status"
            ),
            rx.fragment(),
        ),
    )


def _place(place: ObjectVar[Place]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(rx.el.b(place.name), rx.el.span(place.path, class_name="small")),
            icon("chevron-right"),
            class_name="choice",
            type="button",
            on_click=UnionMoveState.choose(place.id),
        ),
        key=place.id.to_string(),
    )


def _preview() -> rx.Component:
    state = UnionMoveState
    return rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(rx.el.th(t("字段")), rx.el.th(t("变更前")), rx.el.th(t("变更后")))),
            rx.el.tbody(
                rx.el.tr(
                    rx.el.td(t("上级工会")),
                    rx.el.td(state.before, custom_attrs={"data-label": t("变更前")}),
                    rx.el.td(state.after, class_name="new", custom_attrs={"data-label": t("变更后")}),
                )
            ),
            class_name="diff",
        ),
        rx.el.p(
            t(
                "移动 {unions} 个工会（含本身）、{members} 名会员，统计数随之改变。三方的管理员会收到通知。",
                unions=state.unions,
                members=state.members,
            )
        ),
        rx.cond(
            state.waits, rx.el.p(t("该工会待审核的变更申请，改由新的上级工会审核。"), class_name="muted"), rx.fragment()
        ),
        class_name="preview",
        role="status",
    )


def _dissolution() -> rx.Component:
    state = DissolutionState
    problem = rx.cond(state.problem.length() > 0, pick(state.problem), "").to(str)
    typed = rx.Var(f"(document.getElementById('{TYPED_NAME}')?.value ?? '')").to(str)
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(t("撤销「{name}」", name=state.name)),
            rx.dialog.description(
                t("撤销后不能恢复：该工会的管理员不能再进入，统一社会信用代码可以由其他工会使用，记录保留。")
            ),
            rx.cond(
                state.is_possible,
                rx.fragment(
                    rx.cond(
                        state.waits, rx.el.p(t("该工会待审核的变更申请将被撤回。"), class_name="muted"), rx.fragment()
                    ),
                    rx.cond(
                        state.registrations > 0,
                        rx.el.p(
                            t(
                                "等待该工会审核的 {count} 件组织登记将转由「{superior}」审核，并通知申请人。",
                                count=number(state.registrations),
                                superior=state.superior,
                            ),
                            class_name="muted",
                        ),
                        rx.fragment(),
                    ),
                    field(
                        t("输入工会名称以确认"),
                        rx.input(
                            id=TYPED_NAME,
                            auto_complete="off",
                            max_length=200,
                            placeholder=state.name,
                            on_change=state.type_name.debounce(150),
                            custom_attrs=told_wrong(TYPED_NAME, problem),
                        ),
                        name=TYPED_NAME,
                        error=problem,
                    ),
                ),
                _hindrances(),
            ),
            rx.el.div(
                rx.dialog.close(
                    rx.button(t("取消"), type="button", variant="surface", color_scheme="gray", high_contrast=True)
                ),
                rx.cond(
                    state.is_possible,
                    rx.button(t("撤销工会"), type="button", disabled=~state.is_typed, on_click=state.dissolve(typed)),
                    rx.fragment(),
                ),
                class_name="row end",
            ),
            max_width="480px",
        ),
        open=state.union_id != 0,
        on_open_change=state.close,
    )


def _hindrances() -> rx.Component:
    state = DissolutionState
    return rx.el.div(
        rx.el.p(rx.el.b(t("现在还不能撤销，请先办理："))),
        rx.el.ul(
            _hindrance(state.members > 0, t("{count} 名会员的转移或保留", count=number(state.members))),
            _hindrance(state.subordinates > 0, t("{count} 个下级工会的移动或撤销", count=number(state.subordinates))),
        ),
        class_name="preview",
        role="status",
    )


def _hindrance(stands: rx.Var[bool], text: rx.Var[str]) -> rx.Component:
    return rx.cond(stands, rx.el.li(text), rx.fragment())
