"""个人信息请求 (个人信息保护法 44-50)."""

import reflex as rx

from gdftu_app.components.page_heads import page_head
from gdftu_app.components.review_table import review_table
from gdftu_app.components.texts import t
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import PERSONAL_REQUESTS
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.personal_request_reviews import PersonalRequestReviewsState


@console_page(PERSONAL_REQUESTS, on_load=PersonalRequestReviewsState.load)
def personal_request_reviews() -> rx.Component:
    """What people ask of the acting union about their own data; an answer is due within fifteen working days."""
    return rx.fragment(
        page_head(
            t(PERSONAL_REQUESTS.title),
            t("会员向「{union}」提出的更正、删除和注销请求，收到后 15 个工作日内答复。", union=CurrentUnion.name),
        ),
        review_table(PersonalRequestReviewsState, search_for=msg("搜索姓名"), columns=(128, 128, 130)),
    )
