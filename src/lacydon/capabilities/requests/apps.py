from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "lacydon.capabilities.requests"
    label = "requests"

    def ready(self) -> None:
        from . import plugs  # noqa: F401
