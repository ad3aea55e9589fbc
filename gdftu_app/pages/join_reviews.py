"""入会审核 (手册 十三)."""

import reflex as rx

from gdftu_app.components.page_heads import page_head
from gdftu_app.components.review_table import review_table
from gdftu_app.components.texts import t
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import JOINS
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.join_reviews import JoinReviewsState


@console_page(JOINS, on_load=JoinReviewsState.load)
def join_reviews() -> rx.Component:
    """People who ask the acting union to admit them."""
    return rx.fragment(
        page_head(t(JOINS.title), t("申请加入「{union}」的人员。", union=CurrentUnion.name)),
        review_table(JoinReviewsState, search_for=msg("搜索姓名"), columns=(112, 128, 260)),
    )
