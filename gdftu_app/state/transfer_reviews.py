"""转会审核 (手册 十四)."""

from typing import ClassVar

import reflex as rx

from gdftu_app.services.reviews import ReviewQueue
from gdftu_app.services.transfer_reviews import TRANSFERS
from gdftu_app.state.reviews import ReviewPage


class TransferReviewsState(ReviewPage, rx.State):
    """转会审核."""

    queue: ClassVar[ReviewQueue] = TRANSFERS
