"""入会审核 (手册 十三)."""

from typing import ClassVar

import reflex as rx

from gdftu_app.services.join_reviews import JOINS
from gdftu_app.services.reviews import ReviewQueue
from gdftu_app.state.reviews import ReviewPage


class JoinReviewsState(ReviewPage, rx.State):
    """入会审核."""

    queue: ClassVar[ReviewQueue] = JOINS
