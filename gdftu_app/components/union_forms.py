"""Forms of a union's fields: one column, each field with what is wrong or unusual below it (手册 五)."""

from typing import Any

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar

from gdftu_app.components.browser.steps import step_focus
from gdftu_app.components.documents import upload_field
from gdftu_app.components.forms import field, told_wrong
from gdftu_app.components.icons import icon
from gdftu_app.components.page_heads import page_head
from gdftu_app.components.texts import label_of, number, pick, t
from gdftu_app.models.codes import CodeTable
from gdftu_app.models.divisions import PROVINCE
from gdftu_app.models.union_fields import EMPLOYER_FIELDS
from gdftu_app.models.unions import CATEGORY_LABELS
from gdftu_app.state.union_forms import (
    FORM,
    LONGEST_TYPED,
    Choice,
    DivisionStepRow,
    FormField,
    FormSection,
    UnionForm,
)

Screen = type[UnionForm]
Field = ObjectVar[FormField]
CODES: dict[str, CodeTable] = {name: one.codes for name, one in EMPLOYER_FIELDS.items() if one.codes is not None}


def union_form(
    screen: Screen,
    *rest: rx.Component,
    categories: ArrayVar[Any],
    choose_category: Any,
    submit: Any,
    word: rx.Var[str],
    levels: rx.Component | None = None,
    section_action: Any = None,
) -> rx.Component:
    """The whole form: its fields, then `rest`, then the buttons; `word` is on the last one, which sends the event
    `submit`.

    `categories` are those that may be chosen, by the event `choose_category`; `levels` is the control of a field of
    kind `level`; `section_action(section)` is drawn beside the head of an employer.
    """

    def section(one: ObjectVar[FormSection]) -> rx.Component:
        return rx.el.fieldset(
            rx.el.legend(pick(one.title), class_name="h2"),
            section_action(one) if section_action else rx.fragment(),
            rx.foreach(one.fields.to(list[FormField]), control),
            class_name="form-section",
            key=f"section-{one.number}",
        )

    def control(one: Field) -> rx.Component:
        return rx.el.div(
            rx.match(
                one.kind,
                ("date", _labelled(screen, one, _typed(screen, one, type="date"))),
                (
                    "phone",
                    _labelled(
                        screen,
                        one,
                        _phone(screen, one),
                        hint=rx.cond(one.placeholder != "", t("只在需要更换时填写。"), ""),
                    ),
                ),
                ("count", _labelled(screen, one, _typed(screen, one, input_mode="numeric"))),
                (
                    "code",
                    _labelled(
                        screen,
                        one,
                        rx.match(
                            one.options,
                            *[(name, _codes(screen, one, table)) for name, table in CODES.items()],
                            rx.fragment(),
                        ),
                    ),
                ),
                ("category", _labelled(screen, one, _categories(screen, one, categories, choose_category))),
                ("division", _labelled(screen, one, _divisions(screen, one))),
                ("level", _labelled(screen, one, levels or rx.fragment())),
                _labelled(screen, one, _typed(screen, one)),
            ),
            _warning(screen, one),
            class_name="field",
            key=one.key,
        )

    return rx.el.form(
        _wrong(screen),
        rx.foreach(screen.sections, section),
        *rest,
        rx.el.div(
            rx.button(
                t("取消"),
                type="button",
                variant="surface",
                color_scheme="gray",
                high_contrast=True,
                on_click=screen.close,
            ),
            rx.button(word, type="submit", color_scheme="gray", high_contrast=True),
            class_name="row step-buttons",
        ),
        step_focus(turn=screen.turns),
        on_submit=submit,
        no_validate=True,
        class_name="union-form",
        key=f"form-{screen.form_round}",
    )


def start_of(title: rx.Var[str], explanation: rx.Var[str], *actions: rx.Component) -> rx.Component:
    """The head of a page that a form opens and closes on: whoever uses the keyboard goes on from here each time."""
    return rx.el.div(
        page_head(title, explanation, *actions), class_name="start", tab_index=-1, custom_attrs={"data-step": ""}
    )


def problem_of(screen: Screen, key: rx.Var[str] | str) -> rx.Var[str]:
    """What is wrong with a field, in the reader's language; empty when nothing is."""
    return rx.cond(screen.problems.contains(key), pick(screen.problems[key].to(dict[str, str])), "").to(str)


def choice(chosen: rx.Var[str], choose: Any, *items: rx.Component, **attributes: Any) -> rx.Component:
    """A select within a form; without a choice it says so."""
    return rx.select.root(
        rx.select.trigger(placeholder=t("请选择"), variant="surface", **attributes),
        rx.select.content(*items, position="popper"),
        value=chosen,
        on_change=choose,
    )


def chosen_of(screen: Screen, key: rx.Var[str] | str) -> rx.Var[str]:
    """The code chosen for a field."""
    return screen.chosen[key].to(str)


def documents_field(screen: Screen, *, label: rx.Var[str], most: int, hint: rx.Var[str]) -> rx.Component:
    """Up to so many documents; an empty field follows each that is filled."""

    def one(place: int) -> rx.Component:
        return upload_field(
            label=label if place == 0 else t("附件 {place}", place=place + 1),
            name=f"document-{place}",
            value=screen.documents[place].key.to(str),
            file_name=screen.documents[place].name.to(str),
            on_change=lambda key: screen.keep_document(place, key),
            error=problem_of(screen, "documents") if place == 0 else "",
            hint=hint if place == 0 else "",
        )

    return rx.fragment(
        *[
            rx.cond(screen.documents[place - 1].key != "", one(place), rx.fragment()) if place else one(place)
            for place in range(most)
        ]
    )


def _wrong(screen: Screen) -> rx.Component:
    return rx.cond(
        screen.problem_count > 0,
        rx.el.div(
            icon("circle-x"),
            rx.el.p(
                rx.cond(
                    screen.problems.contains(FORM),
                    problem_of(screen, FORM),
                    t("{count} 处需要修改，改好后再提交。", count=number(screen.problem_count)),
                )
            ),
            class_name="note bad",
            role="alert",
        ),
        rx.fragment(),
    )


def _labelled(screen: Screen, one: Field, control: Any, *, hint: Any = "") -> rx.Component:
    label = rx.fragment(
        pick(one.label),
        rx.cond(one.is_required, rx.fragment(), rx.el.span(t("（选填）"), class_name="muted optional")),
    )
    return field(label, control, name=one.key.to(str), hint=hint, error=problem_of(screen, one.key))


def _typed(screen: Screen, one: Field, **props: Any) -> rx.Component:
    return rx.input(
        id=one.key,
        name=one.key,
        default_value=one.value,
        on_blur=lambda typed: screen.check(one.key, typed),
        max_length=LONGEST_TYPED,
        auto_complete="off",
        custom_attrs={"spellCheck": "false", **told_wrong(one.key.to(str), problem_of(screen, one.key))},
        **props,
    )


def _phone(screen: Screen, one: Field) -> rx.Component:
    return _typed(screen, one, placeholder=one.placeholder, input_mode="tel")


def _codes(screen: Screen, one: Field, table: CodeTable) -> rx.Component:
    items = [rx.select.item(t(label), value=code) for code, label in table.labels.items()]
    return choice(
        chosen_of(screen, one.key), lambda code: screen.choose(one.key, code), *items, **_of_control(screen, one)
    )


def _categories(screen: Screen, one: Field, categories: ArrayVar[Any], choose: Any) -> rx.Component:
    items = rx.foreach(categories, lambda code: rx.select.item(label_of(CATEGORY_LABELS, code), value=code, key=code))
    return choice(chosen_of(screen, one.key), choose, items, **_of_control(screen, one))


def _divisions(screen: Screen, one: Field) -> rx.Component:
    steps = screen.divisions[one.key].to(list[DivisionStepRow])
    return rx.el.div(rx.foreach(steps, lambda step: _step(screen, one, step)), class_name="cascade")


def _step(screen: Screen, one: Field, step: ObjectVar[DivisionStepRow]) -> rx.Component:
    is_first = step.place == 0
    names = rx.match(step.place, (0, t("地级市")), (1, t("下一级")), t("再下一级"))
    options: ArrayVar[Any] = step.options.to(list[Choice])
    return choice(
        step.chosen.to(str),
        lambda code: screen.choose_division(one.key, code),
        rx.select.item(
            rx.cond(step.whole == PROVINCE, t("广东省"), t("不再细分")), value=step.whole.to(str), key="whole"
        ),
        rx.foreach(options, lambda each: rx.select.item(each.name, value=each.code, key=each.code)),
        id=rx.cond(is_first, one.key, f"{one.key}-{step.place}"),
        custom_attrs={
            "aria-label": rx.cond(is_first, pick(one.label), f"{pick(one.label)} {names}"),
            **told_wrong(one.key.to(str), problem_of(screen, one.key)),
        },
    )


def _of_control(screen: Screen, one: Field) -> dict[str, Any]:
    return {"id": one.key, "custom_attrs": told_wrong(one.key.to(str), problem_of(screen, one.key))}


def _warning(screen: Screen, one: Field) -> rx.Component:
    return rx.cond(
        screen.warnings.contains(one.key),
        rx.el.div(
            icon("triangle-alert"),
            rx.el.span(pick(screen.warnings[one.key].to(dict[str, str]))),
            class_name="warn",
            role="status",
        ),
        rx.fragment(),
    )
