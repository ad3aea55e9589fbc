"""The last step of 组织登记: all that was typed on one page, each part with a way back to it (手册 二)."""

import reflex as rx

from gdftu_app.components.documents import document, documents
from gdftu_app.components.icons import icon
from gdftu_app.components.registration_fields import label_of_field, problem_of, warning_of
from gdftu_app.components.texts import t
from gdftu_app.models.registration_fields import CERTIFICATES, RegistrationField, RegistrationStep
from gdftu_app.state.register import RegisterState

EMPLOYER, UNION, SUPERIOR = RegistrationStep.EMPLOYER, RegistrationStep.UNION, RegistrationStep.SUPERIOR


def check_step() -> rx.Component:
    """检查: the three parts, read only."""
    is_independent = RegisterState.independence == "yes"
    return rx.fragment(
        rx.cond(
            RegisterState.problems.length() > 0,
            rx.el.div(
                icon("circle-x"),
                rx.el.p(t("{count} 处需要修改，改好后再提交。", count=RegisterState.problems.length())),
                class_name="note bad",
                role="alert",
            ),
            rx.fragment(),
        ),
        _part(
            EMPLOYER,
            t("单位"),
            rx.el.dl(
                _value(RegistrationField.EMPLOYER_NAME, is_wide=True),
                _value(RegistrationField.EMPLOYER_USCC),
                class_name="kv two",
            ),
            _certificate(RegistrationField.EMPLOYER_CERTIFICATE),
        ),
        _part(
            UNION,
            t("工会"),
            rx.el.dl(
                _value(RegistrationField.UNION_NAME, is_wide=True),
                _entry(
                    RegistrationField.IS_INDEPENDENT,
                    rx.cond(
                        is_independent,
                        t("已独立建会"),
                        rx.cond(RegisterState.independence == "no", t("未独立建会"), "—"),
                    ).to(str),
                ),
                rx.cond(is_independent, _value(RegistrationField.UNION_USCC), rx.fragment()),
                class_name="kv two",
            ),
            rx.cond(is_independent, _certificate(RegistrationField.UNION_CERTIFICATE), rx.fragment()),
        ),
        _part(
            SUPERIOR,
            t("上级工会"),
            rx.el.dl(
                _entry(
                    RegistrationField.SUPERIOR,
                    rx.cond(RegisterState.superior != "", RegisterState.superior, "—").to(str),
                    RegisterState.superior_path,
                    is_wide=True,
                ),
                class_name="kv two",
            ),
        ),
    )


def _part(step: RegistrationStep, title: rx.Var[str], *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h3(title, class_name="h2"),
            rx.el.button(
                t("修改"),
                class_name="op",
                type="button",
                on_click=RegisterState.go_to(step.value),
                custom_attrs={"aria-label": t("修改{part}", part=title)},
            ),
            class_name="row part-head",
        ),
        *content,
        class_name="part",
    )


def _value(name: RegistrationField, *, is_wide: bool = False) -> rx.Component:
    typed = RegisterState.values[name.value].to(str)
    return _entry(name, rx.cond(typed != "", typed, "—").to(str), is_wide=is_wide)


def _entry(
    name: RegistrationField, value: rx.Var[str], below: rx.Var[str] | str = "", *, is_wide: bool = False
) -> rx.Component:
    note = RegisterState.notes[name.value].to(str)
    return rx.el.div(
        rx.el.dt(label_of_field(name)),
        rx.el.dd(value),
        rx.el.dd(below, class_name="small muted"),
        _mistake(name),
        rx.cond(
            RegisterState.warnings.contains(name.value),
            rx.el.dd(
                icon("triangle-alert"),
                rx.el.span(
                    warning_of(name),
                    rx.cond(
                        RegisterState.notes.contains(name.value),
                        rx.el.span(t("说明：{note}", note=note), class_name="said"),
                        rx.fragment(),
                    ),
                ),
                class_name="unusual",
            ),
            rx.fragment(),
        ),
        class_name="w2" if is_wide else "",
    )


def _certificate(name: RegistrationField) -> rx.Component:
    key = RegisterState.values[name.value].to(str)
    return rx.el.div(
        rx.cond(
            key != "",
            documents(
                document(
                    key,
                    RegisterState.file_names[name.value].to(str),
                    RegisterState.file_types[name.value].to(str),
                    label_of_field(name),
                )
            ),
            rx.fragment(),
        ),
        _mistake(name),
        class_name="part-docs",
    )


def _mistake(name: RegistrationField) -> rx.Component:
    mistake = rx.el.div if name in CERTIFICATES else rx.el.dd
    return rx.cond(
        problem_of(name) != "",
        mistake(icon("triangle-alert"), rx.el.span(problem_of(name)), class_name="err"),
        rx.fragment(),
    )
