"""Measures (统计指标) in words: what each is called, and what is counted, when, from where."""

from enum import StrEnum
from typing import Any

from gdftu_app.i18n import msg
from gdftu_app.state.figures import percent, signed, whole


class Measure(StrEnum):
    """What statistics can be asked for; the values are the names of the fields of a period."""

    MEMBERS, RATE, NEWLY_VERIFIED, JOINED, TRANSFERRED_IN, TRANSFERRED_OUT, REMOVED, OTHER, REGISTERED = (
        "members",
        "rate",
        "newly_verified",
        "joined",
        "transferred_in",
        "transferred_out",
        "removed",
        "other",
        "registered",
    )


# Those that say how things stood at the end of a period; the others count what happened in it.
STANDING = (Measure.MEMBERS, Measure.RATE)
LABELS: dict[Measure, str] = {
    Measure.MEMBERS: msg("期末会员数"),
    Measure.RATE: msg("期末实名率"),
    Measure.NEWLY_VERIFIED: msg("新增实名"),
    Measure.JOINED: msg("入会"),
    Measure.TRANSFERRED_IN: msg("转入"),
    Measure.TRANSFERRED_OUT: msg("转出"),
    Measure.REMOVED: msg("移出"),
    Measure.OTHER: msg("其他变动"),
    Measure.REGISTERED: msg("新登记工会"),
}
HELP: dict[Measure, str] = {
    Measure.MEMBERS: msg("期末当天结束时在会的会员，不含保留会籍。由当前会员数按其后的会籍变动倒推。"),
    Measure.RATE: msg("期末在会会员中已实名认证的比例。"),
    Measure.NEWLY_VERIFIED: msg("期间完成实名认证的会员，按认证当天计入；入会前已认证的不计。"),
    Measure.JOINED: msg("期间入会的会员，按入会时间计入，导入的历史会员计入其入会当天；再次入会不早于上次离会。"),
    Measure.TRANSFERRED_IN: msg("期间从其他工会转入的会员，按审核通过当天计入；本级及以下之间的转会也计入。"),
    Measure.TRANSFERRED_OUT: msg("期间转到其他工会的会员，按审核通过当天计入；本级及以下之间的转会也计入。"),
    Measure.REMOVED: msg("期间移出、退会或除名的会员，按移出日期计入。"),
    Measure.OTHER: msg(
        "期间因下级工会调整上级、保留与恢复会籍引起的会员数变动；移出、转出保留会籍的会员不改变会员数，也在此处抵消。"
        "期初会员数加入会、转入、其他变动，减转出、移出，等于期末会员数。"
    ),
    Measure.REGISTERED: msg("期间在平台登记或建立的下级工会，按登记当天计入；后来撤销的仍计入当时。"),
}
MOVES_HELP = msg("工会调整上级后，从当天起计入新的上级，此前各天仍计入当时的上级，以后补录的也一样。")


def cell(measure: Measure, value: Any) -> str:
    """A value of a measure in a table, always exact; a dash where there is none."""
    if measure is Measure.RATE:
        return "—" if value is None else f"{percent(value)}%"
    return signed(value) if measure is Measure.OTHER else whole(value)
