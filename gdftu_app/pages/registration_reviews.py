"""工会登记审核 (手册 七)."""

import reflex as rx

from gdftu_app.components.page_heads import page_head
from gdftu_app.components.review_table import review_table
from gdftu_app.components.texts import t
from gdftu_app.i18n import msg
from gdftu_app.pages.registry import console_page
from gdftu_app.security.features import REGISTRATIONS
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.registration_reviews import RegistrationReviewsState


@console_page(REGISTRATIONS, on_load=RegistrationReviewsState.load)
def registration_reviews() -> rx.Component:
    """Registrations that ask for the acting union as their superior."""
    return rx.fragment(
        page_head(t(REGISTRATIONS.title), t("申请以「{union}」为上级工会的组织登记。", union=CurrentUnion.name)),
        review_table(RegistrationReviewsState, search_for=msg("搜索工会、单位名称或信用代码"), columns=(220, 176)),
    )
