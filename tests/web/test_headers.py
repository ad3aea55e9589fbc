"""The policy that lets a page run its own built scripts and nothing else."""

import hashlib
from base64 import b64encode
from pathlib import Path

import pytest

from gdftu_app.web.headers import cache_control, content_security_policy, script_hashes, security_headers


def hash_of(script: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


class TestScriptHashes:
    @pytest.mark.parametrize(
        ("html", "scripts"),
        [
            ("<script>one()</script>", ["one()"]),
            ('<script type="module" async>one()</script><p></p><script>two(\n"三")</script>', ["one()", 'two(\n"三")']),
            ('<script src="/assets/a.js"></script>', []),
            ('<script type="module" src="/assets/a.js">ignored()</script>', []),
            ("<script></script>", []),
            ("<p>no script</p>", []),
        ],
    )
    def test_are_those_of_the_scripts_within_a_page(self, html: str, scripts: list[str]):
        assert script_hashes(html) == {hash_of(script) for script in scripts}


class TestThePolicy:
    @pytest.fixture
    def rules(self, tmp_path: Path) -> dict[str, str]:
        (tmp_path / "login").mkdir()
        (tmp_path / "index.html").write_text("<script>one()</script>")
        (tmp_path / "login" / "index.html").write_text("<script>one()</script><script>two()</script>")
        return dict(rule.split(" ", 1) for rule in content_security_policy(tmp_path).split("; "))

    def test_names_the_inline_scripts_of_every_built_page_once(self, rules: dict[str, str]):
        assert sorted(rules["script-src"].split()) == sorted(["'self'", hash_of("one()"), hash_of("two()")])

    def test_forbids_code_from_strings_and_from_elsewhere(self, rules: dict[str, str]):
        allowed = " ".join(rules.values())

        assert rules["default-src"] == "'none'"
        assert "unsafe-eval" not in allowed
        assert "unsafe-inline" not in rules["script-src"]
        assert not [source for source in allowed.split() if "*" in source or "http" in source]

    def test_lets_nobody_frame_the_console_nor_its_forms_go_elsewhere(self, rules: dict[str, str]):
        assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
        assert rules["form-action"] == "'self'"


class TestHeaders:
    def test_of_what_is_no_page_let_nothing_run(self):
        headers = dict(security_headers("application/json", is_https=False))

        assert headers[b"content-security-policy"] == b"default-src 'none'; frame-ancestors 'none'"

    def test_bind_to_https_only_where_it_is(self):
        assert b"strict-transport-security" in dict(security_headers("text/html", is_https=True))
        assert b"strict-transport-security" not in dict(security_headers("text/html", is_https=False))


class TestKeeping:
    @pytest.mark.parametrize(
        ("path", "content_type", "kept"),
        [
            ("/assets/a-1b2c.js", "text/javascript", "public, max-age=31536000, immutable"),
            ("/assets/missing.js", "text/html; charset=utf-8", "no-store"),
            ("/console.css", "text/css", "public, max-age=300"),
            ("/console.css", "", "public, max-age=300"),
            ("/favicon.svg", "image/svg+xml", "public, max-age=300"),
            ("/overview/", "text/html; charset=utf-8", "no-store"),
            ("/overview/", "", "no-store"),
            ("/session/form", "application/json", "no-store"),
            ("/metrics", "text/plain", "no-store"),
        ],
    )
    def test_is_for_what_bears_no_data_of_anybody(self, path: str, content_type: str, kept: str):
        assert cache_control(path, content_type) == kept
