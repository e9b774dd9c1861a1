from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "lacydon.capabilities.services"
    label = "services"

    def ready(self) -> None:
        from . import plugs  # noqa: F401
