from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "lacydon.kernel"
    label = "kernel"

    def ready(self) -> None:
        from . import (  # rotation says at /readyz when the keys are not those of the database
            mail,  # noqa: F401  (has wrapped keys of its own)
            rotation,  # noqa: F401
        )
