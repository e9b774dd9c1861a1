"""The HTML face of trust."""

from typing import Any

urlpatterns: list[Any] = []
