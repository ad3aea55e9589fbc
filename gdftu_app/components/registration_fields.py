"""The fields of 组织登记: kept as they are typed, with what is wrong or unusual beside each (手册 二)."""

from typing import get_args

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.documents import upload_field
from gdftu_app.components.forms import field
from gdftu_app.components.icons import icon
from gdftu_app.components.texts import pick, t
from gdftu_app.models.registration_fields import (
    FIELD_LABELS,
    LONGEST_NAME,
    LONGEST_NOTE,
    RegistrationField,
    RegistrationStep,
)
from gdftu_app.state.register import ExplainedField, Hit, RegisterState

QUIET_MS, SEARCH_MS = 600, 250
LONGEST_CODE, LONGEST_KEYWORD = 40, 60
SEARCH_ID = "superior-search"


def problem_of(name: RegistrationField) -> rx.Var[str]:
    """What is wrong with a field, in the reader's language; empty when nothing is."""
    wrong = RegisterState.problems
    return rx.cond(wrong.contains(name.value), pick(wrong[name.value].to(dict[str, str])), "").to(str)


def warning_of(name: RegistrationField) -> rx.Var[str]:
    """What is unusual about a field."""
    unusual = RegisterState.warnings
    return rx.cond(unusual.contains(name.value), pick(unusual[name.value].to(dict[str, str])), "").to(str)


def label_of_field(name: RegistrationField) -> rx.Var[str]:
    """The words above a field."""
    return t(FIELD_LABELS[name])


def employer_step() -> rx.Component:
    """单位: name, code, certificate."""
    return rx.fragment(
        _text(
            RegistrationField.EMPLOYER_NAME,
            hint=t("与统一社会信用代码证上的名称完全一致。"),
            longest=LONGEST_NAME,
            auto_complete="organization",
        ),
        _text(RegistrationField.EMPLOYER_USCC, hint=t("18 位，由数字和大写字母组成。"), longest=LONGEST_CODE),
        _certificate(RegistrationField.EMPLOYER_CERTIFICATE),
    )


def union_step() -> rx.Component:
    """工会: whether it is a legal person of its own, its name, and then its code and certificate."""
    return rx.fragment(
        _independence(),
        _text(RegistrationField.UNION_NAME, hint=t("命名规则：「单位名称」工会委员会"), longest=LONGEST_NAME),
        rx.cond(
            RegisterState.independence == "yes",
            rx.fragment(
                _text(
                    RegistrationField.UNION_USCC,
                    hint=t("工会自己的代码，与单位的代码不同，一般以 81 开头。"),
                    longest=LONGEST_CODE,
                ),
                _certificate(RegistrationField.UNION_CERTIFICATE),
            ),
            rx.fragment(),
        ),
    )


def superior_step() -> rx.Component:
    """上级工会: the one chosen, and a search for another."""
    problem = problem_of(RegistrationField.SUPERIOR)
    return rx.fragment(
        rx.cond(RegisterState.superior != "", _chosen(), rx.fragment()),
        field(
            rx.cond(RegisterState.superior != "", t("更换上级工会"), t("搜索上级工会")),
            rx.input(
                rx.input.slot(icon("search", small=True)),
                id=SEARCH_ID,
                key=RegisterState.search_round.to_string(),
                type="search",
                on_change=RegisterState.search.debounce(SEARCH_MS),
                placeholder=t("工会名称或拼音首字母"),
                max_length=LONGEST_KEYWORD,
                size="3",
                auto_complete="off",
                custom_attrs=_told(SEARCH_ID, problem),
            ),
            name=SEARCH_ID,
            hint=t("直接输入名称搜索。上级工会对登记申请进行审核。"),
            error=problem,
        ),
        _found(),
    )


def remark(name: RegistrationField) -> rx.Component:
    """What is unusual about a field, and the place to explain it."""
    note_id = f"{name.value}-note"
    note = field(
        t("说明（选填）"),
        rx.input(
            id=note_id,
            default_value=RegisterState.notes[name.value].to(str),
            on_blur=lambda text: RegisterState.explain(name.value, text),
            max_length=LONGEST_NOTE,
            placeholder=t("审核的上级工会会看到这里的说明"),
        ),
        name=note_id,
    )
    return rx.cond(
        RegisterState.warnings.contains(name.value),
        rx.el.div(
            rx.el.div(
                icon("triangle-alert"),
                rx.el.span(warning_of(name)),
                class_name="unusual",
                id=f"{name.value}-warning",
                role="status",
            ),
            note if name.value in get_args(ExplainedField) else rx.fragment(),
            class_name="explained",
        ),
        rx.fragment(),
    )


def _text(name: RegistrationField, *, hint: rx.Var[str], longest: int, auto_complete: str = "off") -> rx.Component:
    problem = problem_of(name)

    def keep(text: rx.Var[str]) -> rx.event.EventSpec:
        return RegisterState.fill(name.value, text)

    control = rx.input(
        id=name.value,
        default_value=RegisterState.values[name.value].to(str),
        on_change=lambda text: keep(text).debounce(QUIET_MS),
        on_blur=keep,
        max_length=longest,
        size="3",
        auto_complete=auto_complete,
        custom_attrs={"spellCheck": "false", **_told(name.value, problem)},
    )
    return rx.el.div(
        field(label_of_field(name), control, name=name.value, hint=hint, error=problem),
        remark(name),
        class_name="field",
    )


def _certificate(name: RegistrationField) -> rx.Component:
    return upload_field(
        label=label_of_field(name),
        name=name.value,
        value=RegisterState.values[name.value].to(str),
        file_name=rx.cond(RegisterState.file_names.contains(name.value), RegisterState.file_names[name.value], "").to(
            str
        ),
        on_change=lambda key: RegisterState.fill(name.value, key),
        error=problem_of(name),
    )


def _independence() -> rx.Component:
    name = RegistrationField.IS_INDEPENDENT
    problem = problem_of(name)
    return field(
        rx.el.span(label_of_field(name), id=f"{name.value}-label"),
        rx.radio_group.root(
            rx.radio_group.item(t("未独立建会"), value="no"),
            rx.radio_group.item(t("已独立建会"), value="yes"),
            id=name.value,
            name=name.value,
            value=RegisterState.independence,
            on_change=RegisterState.say_independent,
            custom_attrs={"aria-labelledby": f"{name.value}-label", **_told(name.value, problem)},
        ),
        name=name.value,
        hint=t("「已独立建会」指工会已有自己的统一社会信用代码。"),
        error=problem,
    )


def _chosen() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(t("已选择的上级工会"), class_name="small muted"),
            rx.el.b(RegisterState.superior),
            rx.cond(
                RegisterState.superior_path != "",
                rx.el.span(RegisterState.superior_path, class_name="small muted"),
                rx.fragment(),
            ),
            remark(RegistrationField.SUPERIOR),
            class_name="chosen",
        ),
        class_name="field",
        role="status",
    )


def _found() -> rx.Component:
    return rx.cond(
        RegisterState.keyword != "",
        rx.cond(
            RegisterState.hits.length() > 0,
            rx.fragment(
                rx.el.ul(rx.foreach(RegisterState.hits, _hit), class_name="choices"),
                rx.cond(
                    RegisterState.is_cut,
                    rx.el.p(
                        t("只显示前 {count} 个，请输入更完整的名称", count=RegisterState.hits.length()),
                        class_name="small muted",
                    ),
                    rx.fragment(),
                ),
            ),
            rx.el.p(
                t(
                    "没有找到「{keyword}」。只能选择基层以上、已建立的工会，换一个名称或拼音首字母再试。",
                    keyword=RegisterState.keyword,
                ),
                class_name="muted",
                role="status",
            ),
        ),
        rx.fragment(),
    )


def _hit(hit: ObjectVar[Hit]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(rx.el.b(hit.name), rx.el.span(hit.path, class_name="small")),
            icon("chevron-right"),
            class_name="choice",
            type="button",
            on_click=RegisterState.choose_superior(hit.id),
        ),
        key=hit.id.to_string(),
    )


def _told(control: str, problem: rx.Var[str]) -> dict[str, rx.Var | str]:
    return {
        "aria-invalid": rx.cond(problem != "", "true", "false"),
        "aria-describedby": f"{control}-error {control}-warning",
    }


STEPS = {
    RegistrationStep.EMPLOYER: employer_step,
    RegistrationStep.UNION: union_step,
    RegistrationStep.SUPERIOR: superior_step,
}
