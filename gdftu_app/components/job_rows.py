"""任务 as it is drawn: its status, how far it is, and what came of it."""

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.icons import icon
from gdftu_app.components.links import download_button
from gdftu_app.components.marks import StatusShape, status
from gdftu_app.components.texts import pick, t
from gdftu_app.models.jobs import JobStatus
from gdftu_app.state.jobs import STATUS_LABELS, JobRow

Row = ObjectVar[JobRow]
LOOK_EVERY_SECONDS, LOOKS = 2, 1_800
_SHAPES = {
    JobStatus.QUEUED: StatusShape.WAITING,
    JobStatus.RUNNING: StatusShape.RUNNING,
    JobStatus.WAITING: StatusShape.WAITING,
    JobStatus.DONE: StatusShape.PASSED,
    JobStatus.FAILED: StatusShape.REJECTED,
    JobStatus.CANCELLED: StatusShape.ENDED,
}


def job_status(row: Row) -> rx.Component:
    """Where it stands, as a shape and a word."""
    shapes = [(word.value, status(shape, t(STATUS_LABELS[word]))) for word, shape in _SHAPES.items()]
    return rx.fragment(rx.match(row.status, *shapes, rx.fragment()))


def job_progress(row: Row) -> rx.Component:
    """How far it is, while it goes on."""
    is_running = (row.status == JobStatus.RUNNING.value) | (row.status == JobStatus.QUEUED.value)
    return rx.cond(
        is_running,
        rx.el.div(
            rx.cond(
                row.percent.to(int) >= 0,
                rx.el.progress(value=row.percent, max=100, custom_attrs={"aria-label": t("进度")}),
                rx.fragment(),
            ),
            rx.el.span(t("{progress} 行", progress=row.progress), class_name="small muted"),
            class_name="row",
            role="status",
        ),
        rx.fragment(),
    )


def job_outcome(row: Row) -> rx.Component:
    """What came of it, and what went wrong, in words."""
    return rx.fragment(
        rx.cond(row.outcome.length() > 0, rx.el.div(pick(row.outcome)), rx.fragment()),
        rx.cond(
            row.problem.length() > 0,
            rx.el.div(icon("circle-x", small=True), rx.el.span(pick(row.problem)), class_name="row err"),
            rx.fragment(),
        ),
    )


def result_link(row: Row, label: rx.Var[str]) -> rx.Component:
    """下载, as long as there is anything."""
    return rx.cond(
        row.has_result,
        download_button(icon("download", small=True), label, href=f"/job-files/{row.id}"),
        rx.fragment(),
    )
