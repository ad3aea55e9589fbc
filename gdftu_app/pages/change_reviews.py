"""工会变更审核 (手册 八)."""

import reflex as rx

from gdftu_app.components.page_heads import page_head
from gdftu_app.components.review_table import review_table
from gdftu_app.components.texts import t
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import CHANGES
from gdftu_app.state.change_reviews import ChangeReviewsState
from gdftu_app.state.current import CurrentUnion


@console_page(CHANGES, on_load=ChangeReviewsState.load)
def change_reviews() -> rx.Component:
    """Changes that the acting union's direct subordinates ask for."""
    return rx.fragment(
        page_head(t(CHANGES.title), t("上级工会为「{union}」的变更申请，变更处以红字显示。", union=CurrentUnion.name)),
        review_table(ChangeReviewsState, search_for=msg("搜索工会名称或拼音首字母"), columns=(260,)),
    )
