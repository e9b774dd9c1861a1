from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "lacydon.kernel"
    label = "kernel"
