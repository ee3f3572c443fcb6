from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate

from portal import second_lock
from portal.audit import door, protection
from portal.outbox import beat

# Seconds. The frequent round looks at the newest entries only; this one looks at all, for late committers.
SEAL_ALL_SECONDS = 120.0


class AuditConfig(AppConfig):
    name = "portal.audit"
    label = "audit"
    verbose_name = "Ledger"

    def ready(self) -> None:
        door.follow_tasks()
        post_migrate.connect(_protect, sender=self)
        beat.every(settings.LEDGER_SEAL_SECONDS, "audit.seal")
        beat.every(SEAL_ALL_SECONDS, "audit.seal", everything=True)


def _protect(**_: Any) -> None:
    """Rights granted on all tables before or between migrations are taken back here."""
    for role in (second_lock.WEB_ROLE, second_lock.UNLOCKED_ROLE):
        protection.protect_from(role)
