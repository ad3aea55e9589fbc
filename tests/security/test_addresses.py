"""Where a sign-in may lead."""

import pytest

from gdftu_app.security.addresses import local_path


@pytest.mark.parametrize("address", ["/subordinates/", "/subordinates/?union=5&q=%E5%A4%A9", "/overview/#x"])
def test_pages_of_this_site_are_gone_on_to(address):
    assert local_path(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "overview",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a\r\nb",
        "/\t/evil",
        "/" + "x" * 600,
    ],
)
def test_everything_else_is_not(address):
    assert local_path(address) == ""
