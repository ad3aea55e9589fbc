"""导出: a button over the list of members, and the dialog that asks whether numbers are to be whole."""

import reflex as rx

from gdftu_app.components.forms import field, told_wrong
from gdftu_app.components.icons import icon
from gdftu_app.components.member_dialogs import cancel, typed_in
from gdftu_app.components.texts import pick, t
from gdftu_app.services.members_within import LONGEST_REASON
from gdftu_app.state.member_exports import MemberExportState
from gdftu_app.state.members import MembersState

REASON_ID = "export-reason"


def export_button() -> rx.Component:
    """The button, for whoever may export, and its dialog; a list found by a number is not exported."""
    return rx.el.div(
        rx.cond(
            MemberExportState.may_export & (MembersState.number == ""),
            rx.button(
                icon("download", small=True),
                t("导出"),
                type="button",
                variant="surface",
                color_scheme="gray",
                high_contrast=True,
                on_click=MemberExportState.open,
            ),
            rx.fragment(),
        ),
        _dialog(),
    )


def _dialog() -> rx.Component:
    problem = rx.cond(MemberExportState.problem.length() > 0, pick(MemberExportState.problem), "").to(str)
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(t("导出会员列表")),
            rx.dialog.description(
                t("按当前的范围、筛选和排序导出为 Excel 工作簿。在「任务」中查看进度和下载，文件保留 7 天。")
            ),
            rx.cond(
                MemberExportState.may_reveal,
                rx.fragment(
                    rx.el.label(
                        rx.checkbox(
                            checked=MemberExportState.reveals, on_change=lambda value: MemberExportState.choose(value)
                        ),
                        t("显示完整的手机号和证件号码"),
                        class_name="row",
                    ),
                    rx.cond(
                        MemberExportState.reveals,
                        field(
                            t("理由"),
                            rx.input(
                                id=REASON_ID,
                                auto_complete="off",
                                max_length=LONGEST_REASON,
                                custom_attrs=told_wrong(REASON_ID, problem),
                            ),
                            name=REASON_ID,
                            hint=t("会写入操作记录"),
                            error=problem,
                        ),
                        rx.fragment(),
                    ),
                ),
                rx.el.p(t("手机号和证件号码只显示一部分。"), class_name="muted"),
            ),
            rx.el.div(
                cancel(),
                rx.button(
                    t("开始导出"),
                    type="button",
                    color_scheme="gray",
                    high_contrast=True,
                    on_click=MemberExportState.start(typed_in(REASON_ID)),
                ),
                class_name="row end",
            ),
            max_width="480px",
        ),
        open=MemberExportState.is_open,
        on_open_change=MemberExportState.close,
    )
