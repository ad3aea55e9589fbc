"""The checks of the catalogues."""

from babel.messages.catalog import Catalog

from tools.catalogues import DERIVED, catalogue_path, derive, problems, read, write


def code_with(*texts: str) -> Catalog:
    template = Catalog()
    for text in texts:
        template.add(text, locations=[("gdftu_app/pages/sign_in.py", 1)])
    return template


def keep(tmp_path, language: str, **translations: str) -> None:
    catalogue = Catalog()
    for text, translation in translations.items():
        catalogue.add(text, translation)
    write(catalogue_path(language, tmp_path), catalogue, language)


def test_a_derived_text_is_complete_as_derived(tmp_path) -> None:
    keep(tmp_path, "zh-Hant", 登录="登入")

    assert list(problems(code_with("登录"), "zh-Hant", tmp_path)) == []


def test_a_derived_text_that_somebody_edited_is_named(tmp_path) -> None:
    keep(tmp_path, "zh-Hant", 登录="登錄")

    [problem] = problems(code_with("登录"), "zh-Hant", tmp_path)

    assert "reads “登錄”, and is derived as “登入”" in problem


def test_a_new_text_is_missing_in_every_language(tmp_path) -> None:
    keep(tmp_path, "zh-Hant", 登录="登入")
    keep(tmp_path, "en", 登录="Sign in")

    for language in ("zh-Hant", "en"):
        [problem] = problems(code_with("登录", "密码"), language, tmp_path)
        assert problem == f"{language}: “密码” (gdftu_app/pages/sign_in.py) is missing"


def test_deriving_gives_the_texts_that_want_to_be_read() -> None:
    catalogue = code_with("登录", "密码")

    first, again = (derive(catalogue, DERIVED["zh-Hant"]) for _ in range(2))

    assert [text.string for text in first] == ["登入", "密碼"]
    assert again == []


def test_a_catalogue_is_written_the_same_every_time(tmp_path) -> None:
    path = catalogue_path("zh-Hant", tmp_path)
    keep(tmp_path, "zh-Hant", 登录="登入", 密码="密碼")
    before = path.read_bytes()

    write(path, read(path, "zh-Hant"), "zh-Hant")

    assert path.read_bytes() == before
