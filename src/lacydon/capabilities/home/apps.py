from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "lacydon.capabilities.home"
    label = "home"

    def ready(self) -> None:
        from . import plugs  # noqa: F401
