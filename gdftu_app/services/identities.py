"""Identities: an account proven to be a person (实名认证), and which person that is."""

from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import DocumentType, birth_date_of, sex_of
from gdftu_app.models.identity_checks import CheckProblem
from gdftu_app.models.people import Person
from gdftu_app.queries.accounts import phone_of
from gdftu_app.security.personal_data import SealedValue, seal
from gdftu_app.services.audit import record
from gdftu_app.services.invitations import let_lapse
from gdftu_app.services.membership_rows import hold
from gdftu_app.services.people import DOCUMENT_FIELD, PersonDraft, enrol
from gdftu_app.services.person_names import is_same_name
from gdftu_app.services.tree_locks import share_tree
from gdftu_app.services.turns import take_turns
from gdftu_app.services.verifications import mark_verified, renew_copies


@dataclass(frozen=True, slots=True)
class Proof:
    """A name and a document (number in normal form) that were found to belong together."""

    name: str
    document_type: str
    number: str = field(repr=False)


def prove(session: Session, account: Account, proof: Proof, *, operator_id: int | None = None) -> CheckProblem | None:
    """Tie an account to the person of a proven document and mark that person verified.

    A member recorded by a union is found by the document and keeps everything, also when the account stood for a person
    of whom no document was known; somebody not recorded yet is recorded.
    The problem, when the document is another account's, the account's person has a different one, or somebody confirms
    by hand (`operator_id`) what is recorded under another name; nothing is changed then.
    """
    share_tree(session)
    sealed = seal(DOCUMENT_FIELD, proof.number)
    take_turns(session, "identity", sealed.bidx)
    found = session.exec(
        select(Person).where(Person.doc_type == proof.document_type, Person.doc_bidx == sealed.bidx)
    ).first()
    if found is not None and _is_of_another(session, found, account):
        return CheckProblem.TAKEN
    own = session.get(Person, account.person_id) if account.person_id else None
    if own is not None and own is not found and own.doc_bidx is not None:
        return CheckProblem.OTHER_DOCUMENT
    # Whoever confirms by hand may reach the applicant's unions, and not those that this person is a member of.
    if found is not None and operator_id is not None and found.name != proof.name:
        return CheckProblem.MISMATCH
    person = found or own
    if person is None:
        person = enrol(session, _draft(proof, phone_of(account)))
    elif person.doc_bidx is None:
        [person] = hold(session, [person])
        if person.doc_bidx is not None:
            return CheckProblem.OTHER_DOCUMENT
        _give_document(person, proof, sealed)
    if account.name and person.verified_at is None and not is_same_name(account.name, proof.name):
        let_lapse(session, account)
    person.name = account.name = proof.name
    session.add_all([person, account])
    session.flush()
    account.person_id = person.id
    renew_copies(session, person)
    mark_verified(session, person, operator_id=operator_id)
    record(
        session,
        "people:verify",
        account_id=operator_id or account.id,
        subject=f"persons:{person.id}",
        detail={"account": account.id, "document": proof.document_type},
    )
    session.flush()
    return None


def _is_of_another(session: Session, person: Person, account: Account) -> bool:
    holder = session.exec(select(Account.id).where(col(Account.person_id) == person.id)).first()
    return holder is not None and holder != account.id


def _give_document(person: Person, proof: Proof, sealed: SealedValue) -> None:
    person.doc_type, person.doc_enc, person.doc_bidx = proof.document_type, sealed.enc, sealed.bidx
    if proof.document_type == DocumentType.RESIDENT_ID:
        person.sex, person.born_on = sex_of(proof.number), birth_date_of(proof.number)


def _draft(proof: Proof, phone: str) -> PersonDraft:
    return PersonDraft(
        name=proof.name,
        document_type=DocumentType(proof.document_type),
        document_number=proof.number,
        phone=phone.removeprefix("+86"),
    )
