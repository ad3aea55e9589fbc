"""The language that a client asks to be answered in (`Accept-Language`)."""

from starlette.requests import Request

from gdftu_app.i18n import SOURCE_LANGUAGE

MOST_RANGES = 10
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def language_of(request: Request) -> str:
    """The first of the languages here that the client would rather have; Chinese when it names none."""
    ranges = [part.strip().partition(";") for part in request.headers.get("accept-language", "").split(",")]
    weighed = [(_weight(rest), known) for tag, _, rest in ranges[:MOST_RANGES] if (known := _known(tag.strip()))]
    best = max(weighed, key=lambda one: one[0], default=(0.0, SOURCE_LANGUAGE))
    return best[1] if best[0] > 0 else SOURCE_LANGUAGE


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def _known(tag: str) -> str:
    lower = tag.lower()
    if lower.startswith(_TRADITIONAL):
        return "zh-Hant"
    first = lower.partition("-")[0]
    return {"zh": SOURCE_LANGUAGE, "en": "en", "*": SOURCE_LANGUAGE}.get(first, "")
