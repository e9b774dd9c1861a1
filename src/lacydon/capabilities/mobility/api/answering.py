"""Answers that anybody may keep for ten seconds, so that one question to an operator serves every reuser."""

import hashlib
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

MAX_AGE: Final = 10
JSON: Final = "application/json"


def answer(request: HttpRequest, content: bytes | str, *, media_type: str, max_age: int = MAX_AGE) -> HttpResponse:
    """With its mark (ETag): who has it already is told so (304)."""
    body = content.encode() if isinstance(content, str) else content
    mark = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    response = HttpResponse(body, content_type=media_type)
    response["Cache-Control"] = f"public, max-age={max_age}"
    response["ETag"] = mark
    response["Vary"] = "Accept-Language"
    found: HttpResponse = get_conditional_response(request, etag=mark, response=response)  # type: ignore[assignment]
    return found


def json_answer(request: HttpRequest, told: Any, *, max_age: int = MAX_AGE) -> HttpResponse:
    return answer(request, orjson.dumps(told), media_type=JSON, max_age=max_age)


def motis_error(sentence: str, *, status: int) -> HttpResponse:
    """An error as MOTIS tells it."""
    response = HttpResponse(orjson.dumps({"error": sentence}), content_type=JSON, status=status)
    response.told = True  # type: ignore[attr-defined]
    return response
