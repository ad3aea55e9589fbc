"""`openapi.json` and `docs`: complete, in the reader's language, and without any help from elsewhere."""

import re

import pytest

from tests.api.conftest import Client

CONTRACT = {
    "POST /sms-codes", "POST /tokens", "DELETE /tokens/current", "GET /me", "GET /me/identity", "POST /me/identity",
    "GET /unions", "POST /join-applications", "POST /transfer-applications", "GET /me/applications",
    "DELETE /me/applications/{id}", "GET /me/requests", "POST /me/requests", "DELETE /me/requests/{id}", "GET /me/data",
}  # fmt: skip
OPEN = {"POST /sms-codes", "POST /tokens"}


def test_tells_every_operation_and_which_need_a_token(stranger: Client):
    document = stranger.get("openapi.json").json()

    operations = {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "/api/v1"}]
    assert operations.keys() == CONTRACT
    assert {name for name, operation in operations.items() if "security" not in operation} == OPEN
    for operation in operations.values():
        assert operation["summary"]
        assert operation["description"]
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorAnswer")


@pytest.mark.parametrize("language", ["zh-CN", "zh-Hant", "en"])
def test_the_page_tells_the_same_in_words(language: str, stranger: Client):
    answer = stranger.get("docs", Accept_Language=language, Accept="text/html")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<html lang="{language}">' in answer.text
    for operation in CONTRACT:
        assert f"<code>{operation}</code>" in answer.text


def test_the_page_runs_nothing_and_asks_for_nothing_of_another_host(stranger: Client):
    answer = stranger.get("docs")

    assert "<script" not in answer.text
    assert " style=" not in answer.text
    assert all(address.startswith("/") for address in re.findall(r'(?:href|src)="([^"]*)"', answer.text))
    assert "default-src 'none'" in answer.headers["content-security-policy"]
