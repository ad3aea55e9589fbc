"""Notifications (通知): what happened to somebody's requests and grants, under the bell."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from gdftu_app.clock import now
from gdftu_app.i18n import msg
from gdftu_app.models.types import BigId, Json, Moment, Word, one_of


class NotificationKind(StrEnum):
    """What happened."""

    REGISTRATION_APPROVED = "registration_approved"
    REGISTRATION_REJECTED = "registration_rejected"
    CHANGE_APPROVED = "change_approved"
    CHANGE_REJECTED = "change_rejected"
    APPOINTED = "appointed"
    PERMISSIONS_CHANGED = "permissions_changed"
    DISMISSED = "dismissed"
    APPOINTMENT_LAPSED = "appointment_lapsed"
    UNION_MOVED = "union_moved"
    UNION_DISSOLVED = "union_dissolved"
    REGISTRATION_HANDED_ON = "registration_handed_on"
    JOIN_APPROVED = "join_approved"
    JOIN_REJECTED = "join_rejected"
    TRANSFER_APPROVED = "transfer_approved"
    TRANSFER_REJECTED = "transfer_rejected"
    TRANSFER_CONSENTED = "transfer_consented"
    MEMBER_TRANSFERRED_OUT = "member_transferred_out"
    MEMBERS_TRANSFERRED_OUT = "members_transferred_out"
    APPLICATION_CLOSED = "application_closed"
    PERSONAL_REQUEST_ANSWERED = "request_answered"
    PERSONAL_REQUEST_DECLINED = "request_declined"
    JOB_DONE = "job_done"
    JOB_FAILED = "job_failed"


NOTIFICATION_TEXTS: dict[NotificationKind, str] = {
    NotificationKind.REGISTRATION_APPROVED: msg("「{union}」的组织登记已通过，你已成为负责人。"),
    NotificationKind.REGISTRATION_REJECTED: msg("「{union}」的组织登记被驳回：{reason}"),
    NotificationKind.CHANGE_APPROVED: msg("「{union}」的变更申请已通过。"),
    NotificationKind.CHANGE_REJECTED: msg("「{union}」的变更申请被驳回：{reason}"),
    NotificationKind.APPOINTED: msg("你已成为「{union}」的管理员。"),
    NotificationKind.PERMISSIONS_CHANGED: msg("你在「{union}」的权限有调整。"),
    NotificationKind.DISMISSED: msg("你不再是「{union}」的管理员。"),
    NotificationKind.APPOINTMENT_LAPSED: msg(
        "{phone} 的持有人以其他姓名完成了实名认证，「{union}」的任命已失效，请核对手机号。"
    ),
    NotificationKind.UNION_MOVED: msg("「{union}」的上级工会变更为「{superior}」。"),
    NotificationKind.UNION_DISSOLVED: msg("「{union}」已撤销，你在该工会的管理员身份随之结束。"),
    NotificationKind.REGISTRATION_HANDED_ON: msg("「{superior}」已撤销，「{union}」的组织登记改由「{reviewer}」审核。"),
    NotificationKind.JOIN_APPROVED: msg("你已加入「{union}」。"),
    NotificationKind.JOIN_REJECTED: msg("加入「{union}」的申请被驳回：{reason}"),
    NotificationKind.TRANSFER_APPROVED: msg("你的会籍已转入「{union}」。"),
    NotificationKind.TRANSFER_REJECTED: msg("转入「{union}」的申请被驳回：{reason}"),
    NotificationKind.TRANSFER_CONSENTED: msg("「{union}」已同意转出，申请改由「{target}」审核。"),
    NotificationKind.MEMBER_TRANSFERRED_OUT: msg("{name}的会籍已从「{union}」转入「{target}」。"),
    NotificationKind.MEMBERS_TRANSFERRED_OUT: msg("{count} 名会员的会籍已从「{union}」转入「{target}」。"),
    NotificationKind.APPLICATION_CLOSED: msg("「{union}」已撤销，你向它提交的申请已关闭，可以向其他工会提出。"),
    NotificationKind.PERSONAL_REQUEST_ANSWERED: msg("「{union}」已办理你的个人信息请求（{kind}）。"),
    NotificationKind.PERSONAL_REQUEST_DECLINED: msg("「{union}」未能办理你的个人信息请求（{kind}）：{reason}"),
    NotificationKind.JOB_DONE: msg("任务「{job}」已完成。"),
    NotificationKind.JOB_FAILED: msg("任务「{job}」没有完成：{reason}"),
}

# Values that are messages themselves, filled with the other values.
MESSAGES_WITHIN: dict[NotificationKind, tuple[str, ...]] = {
    NotificationKind.PERSONAL_REQUEST_ANSWERED: ("kind",),
    NotificationKind.PERSONAL_REQUEST_DECLINED: ("kind",),
    NotificationKind.JOB_DONE: ("job",),
    NotificationKind.JOB_FAILED: ("job", "reason"),
}


class Notification(SQLModel, table=True):
    """通知: one event told to one account; `values` fill the words of its kind, `link` is a path of the console."""

    __tablename__: ClassVar[Any] = "notifications"
    __table_args__ = (
        one_of("kind", NotificationKind),
        Index("ix_notifications_account", "account_id", "id"),
        Index(
            "ix_notifications_unread",
            "account_id",
            postgresql_where=text("read_at IS NULL"),
            sqlite_where=text("read_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    account_id: int = Field(foreign_key="accounts.id")
    union_id: int | None = Field(default=None, foreign_key="unions.id")
    kind: str = Field(sa_type=Word)
    values: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    link: str = Field(default="")
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    read_at: datetime | None = Field(default=None, sa_type=Moment)
