"""本级工会管理 (手册 五)."""

import reflex as rx

from gdftu_app.components.browser.steps import step_focus
from gdftu_app.components.covered_employers import employer_actions, more_employers
from gdftu_app.components.details import details_grid
from gdftu_app.components.documents import documents, handed_in
from gdftu_app.components.forms import field, told_wrong
from gdftu_app.components.icons import icon
from gdftu_app.components.join_codes import join_code_button
from gdftu_app.components.links import link_button
from gdftu_app.components.states import blank, skeleton_rows
from gdftu_app.components.step_bars import progress
from gdftu_app.components.texts import pick, t
from gdftu_app.components.union_forms import documents_field, problem_of, start_of, union_form
from gdftu_app.components.union_history import changes_table, history_list
from gdftu_app.components.withdrawals import withdrawal
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import OWN_UNION
from gdftu_app.services.change_requests import LONGEST_PURPOSE, MOST_DOCUMENTS, PURPOSE
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.own_union import OwnUnionState
from gdftu_app.state.union_changes import UnionChangeState
from gdftu_app.state.union_history import OwnHistoryState

IS_PENDING = OwnUnionState.status == ReviewStatus.PENDING.value
IS_REJECTED = OwnUnionState.status == ReviewStatus.REJECTED.value


@console_page(OWN_UNION, on_load=[OwnUnionState.load, UnionChangeState.load])
def own_union() -> rx.Component:
    """The information with the change that was asked for, or the form of one."""
    return rx.cond(
        UnionChangeState.is_open,
        _form(),
        rx.fragment(
            step_focus(turn=OwnUnionState.turns),
            start_of(
                t(OWN_UNION.title),
                CurrentUnion.name,
                join_code_button(OwnUnionState.union_id),
                link_button(t("谁可以看到数据"), href="/administrators/access/"),
                rx.cond(
                    OwnUnionState.may_edit & ~IS_PENDING,
                    rx.button(
                        icon("pencil", small=True),
                        t("编辑"),
                        type="button",
                        color_scheme="gray",
                        high_contrast=True,
                        on_click=UnionChangeState.edit,
                    ),
                    rx.fragment(),
                ),
            ),
            rx.cond(OwnUnionState.is_loaded, _content(), skeleton_rows(6)),
        ),
    )


def _content() -> rx.Component:
    return rx.tabs.root(
        rx.tabs.list(
            rx.tabs.trigger(t("工会信息"), value="information"), rx.tabs.trigger(t("变更记录"), value="history")
        ),
        rx.tabs.content(_information(), value="information"),
        rx.tabs.content(
            history_list(
                OwnHistoryState,
                read_on=OwnHistoryState.read_on,
                nothing=blank("history", t("还没有变更记录"), t("登记、变更、调整上级或撤销之后，会记录在这里。")),
            ),
            value="history",
        ),
        value=OwnUnionState.tab,
        on_change=OwnUnionState.show_tab,
        class_name="review-tabs",
    )


def _information() -> rx.Component:
    return rx.fragment(
        rx.cond(IS_PENDING | IS_REJECTED, _request(), rx.fragment()),
        rx.cond(
            OwnUnionState.superiors.length() > 0,
            rx.el.section(
                rx.el.h2(t("上级工会"), class_name="h2"),
                rx.el.ol(
                    rx.foreach(OwnUnionState.superiors, lambda name: rx.el.li(name, icon("chevron-right"))),
                    rx.el.li(rx.el.b(CurrentUnion.name), custom_attrs={"aria-current": "true"}),
                    class_name="superiors",
                ),
                class_name="own",
            ),
            rx.fragment(),
        ),
        rx.el.section(
            rx.el.h2(t("登记信息"), class_name="h2"),
            details_grid(OwnUnionState.details),
            class_name="own",
        ),
    )


def _request() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("变更申请"), class_name="h2 grow"),
            rx.cond(
                OwnUnionState.may_edit & IS_PENDING,
                withdrawal(
                    t("撤回变更申请"),
                    t(
                        "「{superior}」不再审核这件申请，现有信息不变。撤回后可以重新编辑。",
                        superior=OwnUnionState.reviewer,
                    ),
                    withdraw=OwnUnionState.withdraw(OwnUnionState.request_id),
                ),
                rx.fragment(),
            ),
            rx.cond(
                OwnUnionState.may_edit & IS_REJECTED,
                rx.button(
                    t("修改后重新提交"),
                    type="button",
                    variant="surface",
                    color_scheme="gray",
                    high_contrast=True,
                    on_click=UnionChangeState.edit_again(OwnUnionState.request_id),
                ),
                rx.fragment(),
            ),
            class_name="row",
        ),
        progress(
            (
                t("提交申请"),
                rx.fragment(OwnUnionState.submitted_by, " · ", pick(OwnUnionState.submitted_at)),
                "done",
            ),
            (
                t("「{superior}」审核", superior=OwnUnionState.reviewer),
                rx.cond(
                    IS_PENDING,
                    rx.cond(OwnUnionState.is_own_review, t("由本级另一名管理员审核"), t("审核中")),
                    "",
                ),
                rx.cond(IS_PENDING, "now", "done"),
            ),
            (
                rx.cond(IS_PENDING, t("审核结果"), t("已驳回")),
                rx.cond(IS_PENDING, "", pick(OwnUnionState.closed_at)),
                rx.cond(IS_PENDING, "next", "bad"),
            ),
        ),
        rx.cond(
            IS_REJECTED,
            rx.el.div(
                icon("circle-x"),
                rx.el.div(rx.el.b(t("驳回原因")), rx.el.p(OwnUnionState.reason)),
                class_name="note bad",
            ),
            rx.fragment(),
        ),
        rx.el.p(t("变更说明：{purpose}", purpose=OwnUnionState.purpose)),
        changes_table(OwnUnionState.fields),
        documents(rx.foreach(OwnUnionState.documents, handed_in), class_name="docs part-docs"),
        class_name="registration asked-change",
        custom_attrs={"aria-label": t("变更申请")},
    )


def _form() -> rx.Component:
    problem = problem_of(UnionChangeState, PURPOSE)
    return rx.fragment(
        start_of(t("编辑本级工会信息"), t("提交后由上级工会审核，通过之前现有信息不变。")),
        union_form(
            UnionChangeState,
            more_employers(),
            rx.el.fieldset(
                rx.el.legend(t("变更说明和材料"), class_name="h2"),
                field(
                    t("变更说明"),
                    rx.text_area(
                        id=PURPOSE,
                        name=PURPOSE,
                        default_value=UnionChangeState.purpose,
                        max_length=LONGEST_PURPOSE,
                        rows="3",
                        placeholder=t("例如：换届选举，负责人变更"),
                        custom_attrs=told_wrong(PURPOSE, problem),
                    ),
                    name=PURPOSE,
                    hint=t("审核的上级工会会看到。"),
                    error=problem,
                ),
                documents_field(
                    UnionChangeState,
                    label=t("变更材料"),
                    most=MOST_DOCUMENTS,
                    hint=t("变更名称或统一社会信用代码时必须上传证书，其他变更按需上传。"),
                ),
                class_name="form-section",
            ),
            categories=UnionChangeState.categories,
            choose_category=lambda code: UnionChangeState.choose("category", code),
            submit=UnionChangeState.submit,
            word=t("提交变更申请"),
            section_action=employer_actions,
        ),
    )
