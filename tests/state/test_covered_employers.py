"""The employers of a joint union within the form of a change, through the whole pipeline."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from sqlmodel import col, select

from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.unions import Employer, Union, UnionCategory
from gdftu_app.queries.union_values import employers_of
from gdftu_app.services.files import keep_upload
from gdftu_app.services.sessions import begin
from gdftu_app.state.own_union import OwnUnionState
from gdftu_app.state.union_changes import UnionChangeState
from gdftu_app.state.union_chooser import UnionChooserState
from tests.attachments import drawing
from tests.factories import id_of, make_account, make_administrator, make_union, make_uscc
from tests.state.windows import Window
from tests.web.world import World

_numbers: Iterator[int] = count(820, 3)


class Form:
    """The form of a joint union's own change, open in a window, with a document handed in."""

    def __init__(self, town: World, visit: Callable[[str], Window]) -> None:
        number = next(_numbers)
        with town.open() as session:
            street = session.get_one(Union, town.places["street"].id)
            employers = [
                Employer(name=f"{number}{word}厂", uscc=make_uscc(number + i)) for i, word in enumerate("甲乙")
            ]
            union = make_union(
                session,
                street,
                name=f"第{number}联合工会",
                category=UnionCategory.JOINT_BASE,
                employers=employers,
            )
            account = make_account(session)
            make_administrator(session, account, union)
            cookie = begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")
            self.union_id, self.ids = (
                id_of(union),
                [id_of(employer) for employer in employers_of(session, id_of(union))],
            )
            key = keep_upload(session, account_id=id_of(account), name="证书.png", content=drawing()).key
        self.town, self.code, self.window = town, make_uscc(number + 2), visit(cookie)
        self.window.send(UnionChooserState.load, at="/unions/")
        self.window.send(UnionChangeState.edit)
        self.window.send(UnionChangeState.keep_document, place=0, key=key)

    @property
    def sections(self) -> list[tuple[int, str, bool]]:
        """The employers: number, head, and whether it is off."""
        sections = self.window.look(UnionChangeState).sections
        return [(section.number, section.title["zh-CN"], section.is_off) for section in sections[1:]]

    def submit(self, **typed: str) -> dict[str, str]:
        """Hand in all that is in the form, some of it typed over; what is wrong."""
        fields = [field for section in self.window.look(UnionChangeState).sections for field in section.fields]
        form = {field.key: field.value for field in fields} | {"purpose": "单位变动"}
        self.window.send(UnionChangeState.submit, form_data=form | typed)
        return {key: told["zh-CN"] for key, told in self.window.look(UnionChangeState).problems.items()}

    @property
    def asked(self) -> list[str]:
        """The keys of what was asked for last."""
        with self.town.open() as session:
            own = select(ChangeRequest).where(ChangeRequest.union_id == self.union_id)
            request = session.exec(own.order_by(col(ChangeRequest.id).desc())).first()
            return [change["field"] for change in request.changes] if request else []


@pytest.fixture
def form(town: World, visit: Callable[[str], Window]) -> Form:
    """A joint union's form."""
    return Form(town, visit)


def test_one_more_employer_is_asked_for(form: Form):
    form.window.send(UnionChangeState.add_employer)
    missing = form.submit()
    wrong = form.submit(**{"employers.-1.name": "新厂", "employers.-1.uscc": form.code, "employers.-1.address": "新街"})

    assert missing == {"employers.-1.name": "请填写单位名称。", "employers.-1.uscc": "请填写统一社会信用代码。"}
    assert wrong == {}
    assert form.asked == ["employers.-1.name", "employers.-1.uscc", "employers.-1.address"]
    assert {field.employer for field in form.window.look(OwnUnionState).fields} == {"新厂"}


def test_one_that_was_begun_is_dropped_and_another_begun(form: Form):
    for event in (UnionChangeState.add_employer,) * 3:
        form.window.send(event)
    form.window.send(UnionChangeState.drop_employer, number=-2)
    left = form.sections
    form.window.send(UnionChangeState.add_employer)

    assert [(number, title) for number, title, _ in left[2:]] == [(-1, "新增单位 1"), (-3, "新增单位 2")]
    assert [number for number, _, _ in form.sections[2:]] == [-1, -3, -2]
    assert form.window.look(UnionChangeState).covered == 5


def test_no_more_than_ten_are_added_at_once(form: Form):
    for _ in range(11):
        form.window.send(UnionChangeState.add_employer)

    assert len(form.sections) == 12
    assert form.window.look(UnionChangeState).may_add is False


def test_one_is_taken_off_and_put_back(form: Form):
    first, second = form.ids
    form.window.send(UnionChangeState.take_off, number=first)
    off = form.sections
    form.window.send(UnionChangeState.put_back, number=first)
    form.window.send(UnionChangeState.take_off, number=second)
    wrong = form.submit()

    assert [is_off for _, _, is_off in off] == [True, False]
    assert wrong == {}
    assert form.asked == [f"employers.{second}"]


def test_the_last_one_stays(form: Form):
    for number in form.ids:
        form.window.send(UnionChangeState.take_off, number=number)

    assert list(form.submit().values()) == ["至少保留一个单位，不能全部移除。"]
    assert form.asked == []


def test_a_choice_of_category_counts_the_employers_of_the_form(form: Form):
    form.window.send(UnionChangeState.choose, key="category", code="single_base")
    wrong = dict(form.window.look(UnionChangeState).problems)
    form.window.send(UnionChangeState.take_off, number=form.ids[0])
    form.window.send(UnionChangeState.choose, key="category", code="single_base")

    assert list(wrong) == ["category"]
    assert form.window.look(UnionChangeState).problems == {}
    assert form.submit() == {}
    assert form.asked == ["category", f"employers.{form.ids[0]}"]


def test_nobody_elses_employer_is_taken_off(form: Form, town: World):
    with town.open() as session:
        [other] = employers_of(session, town.places["factory"].id)

    form.window.send(UnionChangeState.take_off, number=id_of(other))
    form.window.send(UnionChangeState.drop_employer, number=-1)
    form.window.send(UnionChangeState.put_back, number=form.ids[0])

    assert [is_off for _, _, is_off in form.sections] == [False, False]
    assert form.window.look(UnionChangeState).covered == 2
