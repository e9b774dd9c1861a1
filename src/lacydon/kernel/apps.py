from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "lacydon.kernel"
    label = "kernel"

    def ready(self) -> None:
        from . import rotation  # noqa: F401  (says at /readyz when the keys are not those of the database)
