"""工会登记审核 (手册 七)."""

from typing import ClassVar

import reflex as rx

from gdftu_app.services.registration_reviews import REGISTRATIONS
from gdftu_app.services.reviews import ReviewQueue
from gdftu_app.state.reviews import ReviewPage


class RegistrationReviewsState(ReviewPage, rx.State):
    """工会登记审核."""

    queue: ClassVar[ReviewQueue] = REGISTRATIONS
