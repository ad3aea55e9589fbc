"""工会变更审核 (手册 八)."""

from typing import ClassVar

import reflex as rx

from gdftu_app.services.change_reviews import CHANGES
from gdftu_app.services.reviews import ReviewQueue
from gdftu_app.state.reviews import ReviewPage


class ChangeReviewsState(ReviewPage, rx.State):
    """工会变更审核."""

    queue: ClassVar[ReviewQueue] = CHANGES
