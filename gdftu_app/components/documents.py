"""Documents (附件): a field that takes one, and how those that were handed in are shown."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from gdftu_app.components.browser import files
from gdftu_app.components.texts import Text, pick, t
from gdftu_app.models.files import LARGEST_FILE_BYTES, FileType
from gdftu_app.state.documents import DocumentRow

MEGABYTES = LARGEST_FILE_BYTES // 1024**2


def upload_field(
    *,
    label: Text,
    name: str,
    value: rx.Var[str],
    file_name: rx.Var[str],
    on_change: Any,
    error: rx.Var[str] | str = "",
    hint: Text = "",
) -> rx.Component:
    """A field for one document, uploaded as soon as it is chosen or dropped on it, with preview, 更换 and 删除.

    `value` is the key of the file (empty for none) and `file_name` its name as kept, which ends in `.jpg`, `.png` or
    `.pdf`. `on_change` is told the new key, or an empty text when the file was removed: the state checks with
    `queries.files.find_file` that it is the account's own. `name` is the id of the control; trouble while uploading is
    told in the place of `error`. Pictures of one page are leafed through if `documents` stands around them.
    """
    has_hint = isinstance(hint, rx.Var) or bool(hint)
    return files.file_upload(
        id=name,
        label=label,
        value=value,
        file_name=file_name,
        error=error,
        hint=hint if has_hint else t("JPG、PNG 图片或 PDF 文件，不超过 {limit} MB。", limit=MEGABYTES),
        largest=LARGEST_FILE_BYTES,
        labels=_labels(_VIEWING | _UPLOADING),
        on_change=on_change,
    )


def document(key: rx.Var[str], name: rx.Var[str], content_type: rx.Var[str], label: Text) -> rx.Component:
    """A document that was handed in: its thumbnail opens the viewer, a PDF a new tab; nothing without a key."""
    return files.document(
        file_key=key, name=name, is_pdf=content_type == FileType.PDF.value, label=label, labels=_labels(_VIEWING)
    )


def handed_in(row: ObjectVar[DocumentRow]) -> rx.Component:
    """The same for a row of a state."""
    return document(row.key.to(str), row.name.to(str), row.content_type.to(str), pick(row.label))


def documents(*shown: rx.Component, **props: Any) -> rx.Component:
    """Documents that belong together, side by side: the viewer goes from one to the next."""
    return rx.el.div(*shown, **{"class_name": "docs", "custom_attrs": {"data-documents": ""}, **props})


def _labels(texts: dict[str, rx.Var[str]]) -> rx.Var[dict[str, str]]:
    return rx.Var.create(texts).to(dict[str, str])


_VIEWING = {
    "view": t("查看大图"),
    "open": t("打开 PDF"),
    "missing": t("文件无法显示，可能已被删除。"),
    "previous": t("上一张"),
    "next": t("下一张"),
    "larger": t("放大"),
    "smaller": t("缩小"),
    "fit": t("适合窗口"),
    "close": t("关闭"),
}
_UPLOADING = {
    "choose": t("选择文件"),
    "drop": t("或把文件拖到这里"),
    "sending": t("正在上传 {n}%", n="{n}"),
    "checking": t("正在检查文件…"),
    "cancel": t("取消"),
    "replace": t("更换"),
    "remove": t("删除"),
    "done": t("已上传「{name}」。", name="{name}"),
    "removed": t("已删除。"),
    "single": t("一次只能上传一个文件。"),
    "tooLarge": t("文件超过 {limit} MB，请压缩或换一个后再上传。", limit=MEGABYTES),
    "failed": t("上传没有完成，请检查网络后重试。"),
}
