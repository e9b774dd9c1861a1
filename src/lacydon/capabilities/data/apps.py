from django.apps import AppConfig


class DataConfig(AppConfig):
    name = "lacydon.capabilities.data"
    label = "data"

    def ready(self) -> None:
        from . import plugs  # noqa: F401
