"""Documents that were handed in, as pages show them."""

from dataclasses import dataclass

from gdftu_app.queries.reviews import Attachment
from gdftu_app.state.dates import Texts
from gdftu_app.state.notices import in_every_language


@dataclass
class DocumentRow:
    """A document that was handed in with a request."""

    key: str
    name: str
    content_type: str
    label: Texts


def document_row(document: Attachment) -> DocumentRow:
    """A document with what it is, in every language."""
    return DocumentRow(document.key, document.name, document.content_type, in_every_language(document.label))
