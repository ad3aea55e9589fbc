import pytest

from gdftu_app.errors import TooManyRequests
from gdftu_app.security.limits import forget_limits, hit


@pytest.fixture(autouse=True)
def nothing_counted():
    forget_limits()


class TestHit:
    def test_the_limit_is_allowed_and_the_next_refused(self):
        for _ in range(3):
            hit("sign-in", "1.2.3.4", limit=3, seconds=60)

        with pytest.raises(TooManyRequests) as refused:
            hit("sign-in", "1.2.3.4", limit=3, seconds=60)
        assert 0 < refused.value.retry_after <= 60

    def test_keys_and_kinds_are_counted_apart(self):
        hit("sign-in", "1.2.3.4", limit=1, seconds=60)

        hit("sign-in", "4.3.2.1", limit=1, seconds=60)
        hit("codes", "1.2.3.4", limit=1, seconds=60)

    def test_what_was_refused_does_not_prolong_the_wait(self):
        hit("sign-in", "1.2.3.4", limit=1, seconds=60)

        for _ in range(5):
            with pytest.raises(TooManyRequests) as refused:
                hit("sign-in", "1.2.3.4", limit=1, seconds=60)
            assert refused.value.retry_after <= 60
