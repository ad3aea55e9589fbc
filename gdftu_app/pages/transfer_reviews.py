"""转会审核 (手册 十四)."""

import reflex as rx

from gdftu_app.components.page_heads import page_head
from gdftu_app.components.review_table import review_table
from gdftu_app.components.texts import t
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import TRANSFERS
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.transfer_reviews import TransferReviewsState


@console_page(TRANSFERS, on_load=TransferReviewsState.load)
def transfer_reviews() -> rx.Component:
    """Members who want to come to the acting union, or, where its consent is asked, to leave it."""
    return rx.fragment(
        page_head(t(TRANSFERS.title), t("申请转入「{union}」的会员。", union=CurrentUnion.name)),
        review_table(TransferReviewsState, search_for=msg("搜索姓名或原工会"), columns=(112, 128, 260)),
    )
