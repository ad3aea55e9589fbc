"""个人信息请求."""

from typing import ClassVar

import reflex as rx

from gdftu_app.services.personal_request_reviews import PERSONAL_REQUESTS
from gdftu_app.services.reviews import ReviewQueue
from gdftu_app.state.reviews import ReviewPage


class PersonalRequestReviewsState(ReviewPage, rx.State):
    """个人信息请求."""

    queue: ClassVar[ReviewQueue] = PERSONAL_REQUESTS
