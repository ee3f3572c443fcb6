from django.apps import AppConfig
from django.conf import settings

from portal.outbox import beat
from portal.ui import notices

MINUTE = 60.0
DAY = 24 * 3600.0


class OutboxConfig(AppConfig):
    name = "portal.outbox"
    label = "outbox"
    verbose_name = "Outbox"

    def ready(self) -> None:
        from portal.outbox import health

        beat.every(settings.OUTBOX_SWEEP_SECONDS, "outbox.sweep")
        beat.every(DAY, "outbox.forget_idempotency_keys")
        beat.every(10 * MINUTE, "outbox.rework_due")
        notices.register(health.delayed)
