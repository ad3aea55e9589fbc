"""Wrappers of what a browser does with private files: sends them with their progress, shows them small and large.

`labels` holds the texts in the reader's language. Of a document: `view`, `open`, `missing`, `previous`, `next`,
`larger`, `smaller`, `fit`, `close`; of an upload besides: `choose`, `drop`, `sending` (with `{n}` per cent),
`checking`, `cancel`, `replace`, `remove`, `done` (with `{name}`), `removed`, `single`, `tooLarge`, `failed`.
"""

import reflex as rx

_SCRIPT = rx.asset("files.jsx", shared=True).importable_path


def _a_key(key: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (key,)


class Document(rx.Component):
    """A private file, small; a picture opens in a viewer, a PDF in a tab of its own. Nothing without a key."""

    library = _SCRIPT
    tag = "Document"

    file_key: rx.Var[str]
    """The file's key."""

    name: rx.Var[str]
    """The file's name."""

    is_pdf: rx.Var[bool]
    """Whether it is no picture."""

    label: rx.Var[str]
    """What it is: 统一社会信用代码证."""

    labels: rx.Var[dict[str, str]]
    """The texts."""


class FileUpload(rx.Component):
    """A field with its label whose file is sent to `POST /files` at once; its `id` is that of the control."""

    library = _SCRIPT
    tag = "FileUpload"

    label: rx.Var[str]
    """The words above the field."""

    value: rx.Var[str]
    """Key of the file that is there; empty when none is."""

    file_name: rx.Var[str]
    """Its name; whether it is a PDF is told by the ending, which the server has put there."""

    error: rx.Var[str]
    """What the page finds wrong; the upload's own trouble takes its place."""

    hint: rx.Var[str]
    """What may be chosen."""

    largest: rx.Var[int]
    """The most bytes; more are not sent."""

    labels: rx.Var[dict[str, str]]
    """The texts."""

    on_change: rx.EventHandler[_a_key]
    """A file was uploaded, `(key)`, or taken away, `("")`."""


document = Document.create
file_upload = FileUpload.create
