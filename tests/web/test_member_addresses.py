"""The address of one member's record."""

import httpx
import pytest

from tests.serving import Served


@pytest.mark.parametrize(
    ("path", "status", "leads_to"),
    [
        ("/members/17", 303, "/members/?member=17"),
        ("/members/removal", 303, "/login/?next=%2Fmembers%2Fremoval"),
        ("/members/x", 404, None),
        ("/members/٣", 404, None),
        (f"/members/{'9' * 5_000}", 404, None),
    ],
    ids=["a number", "the page of removals, to a stranger", "no number", "other digits", "too long"],
)
def test_leads_to_the_page_of_members(
    path: str, status: int, leads_to: str | None, served: Served, client: httpx.Client
):
    answer = client.get(f"{served.url}{path}", headers={"Accept": "*/*"})

    assert answer.status_code == status
    assert answer.headers.get("location") == leads_to
