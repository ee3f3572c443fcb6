"""What officers choose about their alerts, and what admins do with their agency's outlets."""

from agreements.delivery.actions.outlets import (
    add_outlet,
    change_outlet,
    end_outlet,
    renew_secret,
    try_outlet,
)
from agreements.delivery.actions.rules import (
    add_rule,
    change_preference,
    change_rule,
    move_rule,
    remove_rule,
)

__all__ = [
    "add_outlet",
    "add_rule",
    "change_outlet",
    "change_preference",
    "change_rule",
    "end_outlet",
    "move_rule",
    "remove_rule",
    "renew_secret",
    "try_outlet",
]
