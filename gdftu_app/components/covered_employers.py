"""Which employers a union covers, within the form of a change: one more, one less (手册 五)."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.icons import icon
from gdftu_app.components.texts import t
from gdftu_app.components.union_forms import chosen_of, problem_of
from gdftu_app.models.unions import UnionCategory
from gdftu_app.state.union_changes import UnionChangeState
from gdftu_app.state.union_forms import FormSection


def employer_actions(section: ObjectVar[FormSection]) -> rx.Component:
    """Beside the head of an employer: take it off, leave it after all, or drop the one that was being added."""
    number = section.number.to(int)
    return rx.cond(
        number < 0,
        _op(t("删去这个单位"), UnionChangeState.drop_employer(number)),
        rx.cond(
            section.is_off,
            rx.el.div(
                rx.el.p(t("提交并通过后，本工会不再覆盖该单位。"), class_name="muted"),
                _op(t("撤销移除"), UnionChangeState.put_back(number)),
                _problem(number),
            ),
            rx.cond(
                (number > 0) & UnionChangeState.may_cover & (UnionChangeState.covered > 1),
                _op(t("移除这个单位"), UnionChangeState.take_off(number)),
                rx.fragment(),
            ),
        ),
    )


def more_employers() -> rx.Component:
    """增加单位, of a joint union."""
    is_joint = chosen_of(UnionChangeState, "category") == UnionCategory.JOINT_BASE.value
    return rx.cond(
        UnionChangeState.may_add & (is_joint | (UnionChangeState.covered == 0)),
        rx.el.p(
            rx.el.button(
                t("增加单位"),
                class_name="op",
                type="button",
                on_click=UnionChangeState.add_employer,
            ),
            class_name="more-employers",
        ),
        rx.fragment(),
    )


def _op(word: rx.Var[str], event: Any) -> rx.Component:
    return rx.el.button(word, class_name="op", type="button", on_click=event)


def _problem(number: rx.Var[int]) -> rx.Component:
    problem = problem_of(UnionChangeState, rx.Var.create(f"employers.{number}"))
    return rx.cond(
        problem != "",
        rx.el.div(icon("triangle-alert"), rx.el.span(problem), class_name="err", role="alert"),
        rx.fragment(),
    )
