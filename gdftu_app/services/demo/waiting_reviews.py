"""Requests of the demo that wait for their superiors, and such as were rejected (组织登记, 工会变更)."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO
from itertools import count
from random import Random

from PIL import Image, ImageDraw
from sqlmodel import Session, col, select

from gdftu_app.clock import today
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.divisions import divisions
from gdftu_app.models.files import StoredFile
from gdftu_app.models.registrations import Registration
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union, UnionStatus
from gdftu_app.queries.union_values import values_of
from gdftu_app.security.permissions import Role
from gdftu_app.security.personal_data import seal
from gdftu_app.services.administrators import grant
from gdftu_app.services.change_reviews import CHANGES
from gdftu_app.services.demo.bases import CROWDED_TOWN
from gdftu_app.services.demo.days import working_moment
from gdftu_app.services.demo.drafts import invented_person, invented_phone
from gdftu_app.services.demo.invention import invention
from gdftu_app.services.demo.names import employer_in, invented_uscc, person_name
from gdftu_app.services.demo.people import BEIJING_ROAD, GUANGZHOU, HAIZHU, PROVINCE, SHENZHEN, TIANHE, YUEXIU
from gdftu_app.services.file_examination import ExaminedFile, examine
from gdftu_app.services.files import keep_bytes
from gdftu_app.services.people import enrol_many
from gdftu_app.services.registration_reviews import REGISTRATIONS
from gdftu_app.services.verifications import mark_all_verified

# By the key of the superior: how many wait, and how many were rejected.
_REGISTRATIONS = {
    PROVINCE: (8, 3), GUANGZHOU: (26, 6), TIANHE: (64, 10), SHENZHEN: (18, 5), YUEXIU: (22, 5),
    BEIJING_ROAD: (12, 4), HAIZHU: (12, 3), CROWDED_TOWN: (24, 6),
}  # fmt: skip
_CHANGES = {
    PROVINCE: (9, 3), GUANGZHOU: (10, 5), TIANHE: (18, 6), SHENZHEN: (8, 4), YUEXIU: (14, 4),
    BEIJING_ROAD: (2, 2), CROWDED_TOWN: (124, 36),
}  # fmt: skip
_OTHER_TOWNS, _REGISTRATIONS_EACH, _CHANGES_EACH = 40, (2, 1), (3, 1)
_WRITERS = 8
_FIRST_EMPLOYER, _FIRST_PERSON = 50_000_000, 700_000
# No request is older.
_LONGEST_AGO = timedelta(days=90)
_PURPOSES = ("换届选举后负责人变更", "单位更名，信息随之更新", "办公地址搬迁", "信息核对后更正")
_CHANGED = ("principal_name", "contact_name", "postcode", "approval_number", "name", "founded_on")


def submit_requests(session: Session, unions: Mapping[str, Union]) -> None:
    """Hand in registrations and changes; `unions` by the keys of the demo tree and of its sign-ins."""
    random = invention("waiting reviews")
    towns = [key for key in unions if len(key) == 9 and key.isdigit() and key not in _CHANGES]
    others = random.sample(sorted(towns), _OTHER_TOWNS)
    made = _Making(session, random, certificate())
    for key, (waiting, rejected) in (_REGISTRATIONS | dict.fromkeys(others, _REGISTRATIONS_EACH)).items():
        made.register(unions[key], key.partition("/")[0], waiting, rejected)
    for key, (waiting, rejected) in (_CHANGES | dict.fromkeys(others, _CHANGES_EACH)).items():
        made.change(unions[key], waiting, rejected)


def certificate() -> ExaminedFile:
    """A picture such as applicants send: a certificate whose words nobody can read, with a red seal."""
    picture = Image.new("RGB", (720, 500), "#fbfaf7")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((24, 24, 695, 475), outline="#b9b4a8", width=3)
    pen.rectangle((36, 36, 683, 463), outline="#d8d4ca", width=1)
    pen.rectangle((240, 70, 480, 98), fill="#4c4a45")
    for line, width in enumerate((300, 420, 360, 440, 250)):
        pen.rectangle((80, 150 + line * 52, 170, 164 + line * 52), fill="#a9a498")
        pen.rectangle((196, 150 + line * 52, 196 + width, 164 + line * 52), fill="#dedad0")
    pen.ellipse((540, 330, 650, 440), outline="#c8321e", width=6)
    pen.rectangle((570, 376, 620, 394), fill="#c8321e")
    content = BytesIO()
    picture.save(content, "PNG")
    return examine("统一社会信用代码证.png", content.getvalue())


class _Making:
    """Requests in the making."""

    def __init__(self, session: Session, random: Random, picture: ExaminedFile) -> None:
        self.session, self.random, self.picture = session, random, picture
        self.numbers: Iterator[int] = count(1)
        self.reviewers: dict[int, Account] = {}
        self.names = {division.code: division.name for division in divisions()}

    def register(self, superior: Union, code: str, waiting: int, rejected: int) -> None:
        """Base unions that want to stand below a union of a division."""
        place = self.names.get(code, "广东").removesuffix("街道").removesuffix("镇")
        independent = [self.random.random() < 0.3 for _ in range(waiting + rejected)]
        keys = iter(self._kept(len(independent) + sum(independent)))
        for order, is_independent in enumerate(independent):
            number = next(self.numbers)
            applicant = self._applicant(number)
            employer = employer_in(self.random, place, _FIRST_EMPLOYER + number)
            request = Registration(
                reviewing_union_id=superior.id or 0,
                submitted_by_id=applicant.id or 0,
                submitted_at=self._submitted(order < waiting),
                employer_name=employer.name,
                employer_uscc=employer.uscc,
                employer_certificate_id=self._file(applicant, next(keys)).id or 0,
                is_independent=is_independent,
                union_name=f"{employer.name}工会委员会",
                union_uscc=invented_uscc("81", _FIRST_EMPLOYER + number) if is_independent else None,
                union_certificate_id=self._file(applicant, next(keys)).id if is_independent else None,
            )
            if order >= waiting:
                self._reject(request, superior, REGISTRATIONS.reasons)
            self.session.add(request)
            self.session.flush()
            for file_id in (request.employer_certificate_id, request.union_certificate_id):
                if file_id is not None:
                    self.session.get_one(StoredFile, file_id).subject = f"registrations:{request.id}"
        self.session.flush()

    def change(self, superior: Union, waiting: int, rejected: int) -> None:
        """Changes that unions directly below one ask for, each at most one that waits."""
        below = select(Union).where(Union.superior_id == superior.id, Union.status != UnionStatus.DISSOLVED)
        found = list(self.session.exec(below.order_by(col(Union.id)).limit(waiting + rejected)))
        for order, union in enumerate(self.random.sample(found, len(found))):
            applicant = self._applicant(next(self.numbers))
            is_waiting = order < waiting
            request = ChangeRequest(
                reviewing_union_id=superior.id or 0,
                submitted_by_id=applicant.id or 0,
                submitted_at=self._submitted(is_waiting),
                union_id=union.id or 0,
                union_version=union.version,
                changes=self._changes(union),
                purpose=self.random.choice(_PURPOSES),
            )
            if not is_waiting:
                self._reject(request, superior, CHANGES.reasons)
            self.session.add(request)
        self.session.flush()

    def _changes(self, union: Union) -> list[dict[str, str]]:
        present = values_of(self.session, union)
        fields = self.random.sample(_CHANGED, self.random.choice((1, 1, 2, 3)))
        after = {
            "principal_name": person_name(self.random, self.random.choice((1, 2))),
            "contact_name": person_name(self.random, self.random.choice((1, 2))),
            "postcode": f"51{self.random.randint(0, 9999):04d}",
            "approval_number": f"工组〔{(today() - _LONGEST_AGO).year}〕{self.random.randint(1, 900)}号",
            "name": union.name.replace("有限公司", "集团有限公司", 1)
            if "有限公司" in union.name
            else union.name.replace("工会", "联合工会", 1),
            "founded_on": (today() - timedelta(days=self.random.randrange(900, 5_000))).isoformat(),
        }
        return [{"field": name, "before": present[name], "after": after[name]} for name in _CHANGED if name in fields]

    def _submitted(self, is_waiting: bool) -> datetime:
        days = int(self.random.triangular(0, 12, 1)) if is_waiting else self.random.randrange(20, _LONGEST_AGO.days)
        return working_moment(self.random, days)

    def _reject(self, request: Registration | ChangeRequest, superior: Union, reasons: Sequence[str]) -> None:
        request.status = ReviewStatus.REJECTED
        request.closed_by_id = self._reviewer(superior).id
        request.closed_at = request.submitted_at + timedelta(days=self.random.randrange(1, 9), minutes=37)
        request.reason = self.random.choice(reasons)

    def _applicant(self, number: int) -> Account:
        return self._account(person_name(self.random, self.random.choice((1, 2))), _FIRST_PERSON + number)

    def _reviewer(self, superior: Union) -> Account:
        """Who decides for a union: its owner, or a reviewer appointed here where there is none."""
        number = superior.id or 0
        if number not in self.reviewers:
            owning = select(Account).join(Administrator, col(Administrator.account_id) == Account.id)
            owner = self.session.exec(owning.where(Administrator.union_id == number)).first()
            self.reviewers[number] = owner or self._appointed(superior)
        return self.reviewers[number]

    def _appointed(self, superior: Union) -> Account:
        number = _FIRST_PERSON + next(self.numbers)
        draft = invented_person(self.random, number)
        people = enrol_many(self.session, [draft])
        mark_all_verified(self.session, people)
        account = self._account(draft.name, number)
        account.person_id = people[0].id
        grant(self.session, account, superior, Role.REVIEWER)
        return account

    def _account(self, name: str, number: int) -> Account:
        sealed = seal("accounts.phone", invented_phone(number))
        account = Account(name=name, phone_enc=sealed.enc, phone_bidx=sealed.bidx, is_demo=True)
        self.session.add(account)
        self.session.flush()
        return account

    def _kept(self, copies: int) -> list[str]:
        """The keys of so many copies of the picture; they wait for the disk together."""
        with ThreadPoolExecutor(_WRITERS) as writers:
            return list(writers.map(keep_bytes, [self.picture] * copies))

    def _file(self, applicant: Account, key: str) -> StoredFile:
        file = StoredFile(
            key=key,
            account_id=applicant.id or 0,
            content_type=self.picture.file_type,
            name=self.picture.name,
            size=len(self.picture.content),
            width=self.picture.width,
            height=self.picture.height,
            has_thumbnail=self.picture.thumbnail is not None,
            subject="registrations:0",
        )
        self.session.add(file)
        self.session.flush()
        return file
