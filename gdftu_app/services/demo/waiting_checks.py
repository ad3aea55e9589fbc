"""People of the demo whose documents wait for an administrator (实名人工核验)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import DocumentType, normalise_phone
from gdftu_app.models.unions import Union
from gdftu_app.security.permissions import Role
from gdftu_app.security.personal_data import seal
from gdftu_app.services.administrators import grant
from gdftu_app.services.consents import IDENTITY_TEXT
from gdftu_app.services.demo.people import BASE_IN_TIANHE, BASE_IN_YUEXIU, BEIJING_ROAD, HAIZHU, SHENZHEN, YUEXIU
from gdftu_app.services.identity_checks import submit_check


@dataclass(frozen=True, slots=True)
class Applicant:
    """An administrator with a document that no gateway can check; the numbers are nobody's."""

    phone: str
    name: str
    union: str
    document_type: DocumentType
    document_number: str


APPLICANTS = (
    Applicant("19900000021", "欧阳德辉", BASE_IN_TIANHE, DocumentType.HK_MACAO_PERMIT, "H00000001"),
    Applicant("19900000022", "MARIA CLARA EXEMPLO", BASE_IN_YUEXIU, DocumentType.PASSPORT, "XX0000002"),
    Applicant("19900000023", "谢台生", BEIJING_ROAD, DocumentType.TAIWAN_PERMIT, "00000003"),
    Applicant("19900000024", "JOHN DOE", YUEXIU, DocumentType.PASSPORT, "XX0000004"),
    Applicant("19900000025", "何澳生", HAIZHU, DocumentType.HK_MACAO_PERMIT, "M00000005"),
    Applicant("19900000026", "邓港生", SHENZHEN, DocumentType.HK_MACAO_PERMIT, "H00000006"),
)


def submit_documents(session: Session, unions: Mapping[str, Union]) -> None:
    """Open the applicants' accounts and hand their documents in; `unions` by the keys of the sign-ins."""
    for applicant in APPLICANTS:
        sealed = seal("accounts.phone", normalise_phone(applicant.phone))
        account = Account(name=applicant.name, phone_enc=sealed.enc, phone_bidx=sealed.bidx, is_demo=True)
        session.add(account)
        session.flush()
        grant(session, account, unions[applicant.union], Role.REVIEWER)
        submit_check(
            session,
            account_id=account.id or 0,
            name=applicant.name,
            document_type=applicant.document_type,
            document_number=applicant.document_number,
            consent_version=IDENTITY_TEXT.version,
        )
