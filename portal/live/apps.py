from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "portal.live"
    label = "live"
    verbose_name = "Live stream"

    def ready(self) -> None:
        from portal.audit import recording
        from portal.live import telling

        recording.after(telling.tell_of_rights)
