"""Deliveries with their attempts, outlets of agencies, and what officers chose."""

from agreements.delivery.models.deliveries import Attempt, Delivery
from agreements.delivery.models.outlets import Outlet
from agreements.delivery.models.rules import Preference, Rule

__all__ = ["Attempt", "Delivery", "Outlet", "Preference", "Rule"]
