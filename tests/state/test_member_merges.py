"""Duplicates on screen, filters kept under a name, the columns somebody is used to."""

import re
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from gdftu_app.i18n import LANGUAGES, render
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Sex
from gdftu_app.models.unions import Union
from gdftu_app.security.personal_data import seal
from gdftu_app.state.member_details import MemberState
from gdftu_app.state.member_merges import MERGE_CONFIRMATION, MemberMergeState
from gdftu_app.state.member_removals import CONFIRMATION, is_confirmed
from gdftu_app.state.members import SHOWN_AT_FIRST, MembersState
from tests.factories import id_of, make_member
from tests.state.conftest import Enter, told
from tests.state.windows import Window
from tests.web.world import World

PAGE = "/members/"


def _recorded(session: Session, factory: Union, number: str, **fields: Any) -> int:
    sealed = seal("persons.document", number)
    document = {"doc_type": "resident_id", "doc_enc": sealed.enc, "doc_bidx": sealed.bidx}
    born = {"name": "司徒重", "sex": Sex.MALE, "born_on": date(1988, 8, 8)}
    return id_of(make_member(session, factory, **born, **document, **fields))


@pytest.fixture
def twice(town: World) -> tuple[int, int]:
    """A member of the factory and, under a number typed wrongly, the same once more; gone again afterwards."""
    with town.open() as session:
        factory = session.get_one(Union, town.places["factory"].id)
        suffix = f"{next(_numbers):04d}"
        proven = _recorded(session, factory, f"44019919880808{suffix}", workplace="")
        return proven, _recorded(session, factory, f"44019919880818{suffix}", workplace="榕江电器", verified=False)


_numbers = iter(range(1_000, 9_999))


def open_preview(window: Window, member: int, other: int) -> MemberMergeState:
    window.send(MemberState.open, member=member)
    window.send(MemberMergeState.ask)
    window.send(MemberMergeState.choose, other=other)
    return window.look(MemberMergeState)


class TestDuplicates:
    def test_are_found_previewed_and_merged(self, enter: Enter, town: World, twice: tuple[int, int]):
        member, other = twice
        window = enter("owner of the factory")

        screen = open_preview(window, member, other)
        assert other in [row.id for row in screen.rows]
        assert [row.alike[0]["zh-CN"] for row in screen.rows if row.id == other] == ["同名且出生日期相同"]
        changed = {field.key: field.left["zh-CN"] for field in screen.fields if field.changes}
        assert changed == {"workplace": "榕江电器"}
        assert (screen.obstacle, len(screen.follows)) == ({}, 3)

        window.send(MemberMergeState.merge, reason="录入时证件号码有误", typed="不合并")
        assert window.look(MemberMergeState).problem["zh-CN"] == "请填写理由，并输入「合并」。"
        window.send(MemberMergeState.merge, reason="录入时证件号码有误", typed="合并")

        assert told(window)[-1] == "已合并重复记录。"
        assert not window.look(MemberMergeState).is_open
        record = window.look(MemberState)
        assert (record.member_id, record.history[0].reason["zh-CN"]) == (member, "重复记录合并")
        with town.open() as session:
            merged = session.get_one(Membership, other)
            assert merged.status == MembershipStatus.ENDED
            assert merged.person_id == session.get_one(Membership, member).person_id

    def test_what_changed_meanwhile_is_shown_anew(self, enter: Enter, town: World, twice: tuple[int, int]):
        member, other = twice
        window = enter("owner of the factory")
        open_preview(window, member, other)
        with town.open() as session:
            session.get_one(Membership, other).joined_on = date(2011, 1, 1)

        window.send(MemberMergeState.merge, reason="重复", typed="合并")

        screen = window.look(MemberMergeState)
        assert "重新查看合并预览" in screen.problem["zh-CN"]
        assert "2011-01-01" in screen.follows[1]["zh-CN"]

    def test_of_two_people_the_preview_says_why_not(self, enter: Enter, town: World, twice: tuple[int, int]):
        with town.open() as session:
            factory = session.get_one(Union, town.places["factory"].id)
            third = _recorded(session, factory, f"44019919880828{next(_numbers)}")
        window = enter("owner of the factory")

        screen = open_preview(window, twice[0], third)

        assert "都已实名认证" in screen.obstacle["zh-CN"]

    def test_a_reason_is_asked_for_beside_the_dialogs_field(self, enter: Enter, twice: tuple[int, int]):
        window = enter("owner of the factory")
        open_preview(window, *twice)

        window.send(MemberMergeState.merge, reason=" ", typed="合并")

        assert window.look(MemberMergeState).problem["zh-CN"] == "请填写理由。"


class TestHabits:
    def test_a_filter_is_kept_applied_renamed_and_deleted(self, enter: Enter):
        window = enter("owner of the factory")
        window.send(MembersState.load, at=f"{PAGE}?verified=no&sort=oldest")
        window.send(MembersState.keep, name="未实名")
        window.send(MembersState.clear_filters)

        [row] = window.look(MembersState).kept
        window.send(MembersState.apply, kept=row.id)
        screen = window.look(MembersState)
        assert (screen.filters, screen.sort, screen.query) == ({"verified": "no"}, "oldest", "verified=no&sort=oldest")

        window.send(MembersState.begin_renaming, kept=row.id)
        window.send(MembersState.rename, name="还没实名")
        assert [each.name for each in window.look(MembersState).kept] == ["还没实名"]
        window.send(MembersState.forget, kept=row.id)
        assert window.look(MembersState).kept == []

    def test_what_is_wrong_with_a_name_is_told_beside_it(self, enter: Enter):
        window = enter("owner of the factory")
        window.send(MembersState.load, at=PAGE)

        window.send(MembersState.keep, name=" ")

        assert window.look(MembersState).kept_problem["zh-CN"] == "请填写名称。"
        assert told(window) == []

    def test_columns_stand_in_the_address_and_stay_with_the_account(self, enter: Enter):
        window, later = enter("owner of the other city"), enter("owner of the other city")
        window.send(MembersState.load, at=PAGE)
        for column in SHOWN_AT_FIRST:
            window.send(MembersState.choose_column, column=column, shown=False)
        window.send(MembersState.choose_column, column="education", shown=True)

        later.send(MembersState.load, at=PAGE)

        assert window.look(MembersState).query == "cols=education"
        assert later.look(MembersState).columns == ["education"]
        later.send(MembersState.load, at=f"{PAGE}?cols=none")
        assert later.look(MembersState).columns == []
        later.send(MembersState.load, at=f"{PAGE}?cols=sex,nonsense")
        assert later.look(MembersState).columns == ["sex"]


@pytest.mark.parametrize("asking", [CONFIRMATION, MERGE_CONFIRMATION])
def test_the_word_that_a_label_asks_for_confirms_in_every_language(asking: str):
    for language in LANGUAGES:
        label = render(asking, language)

        [word] = re.findall("[「“](.+)[」”]", label)
        assert is_confirmed(f" {word.upper()} ", asking)
