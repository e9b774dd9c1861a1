from django.apps import AppConfig


class MobilityConfig(AppConfig):
    name = "lacydon.capabilities.mobility"
    label = "mobility"

    def ready(self) -> None:
        from . import plugs  # noqa: F401
