"""What is said in Redis."""

from tests.portal.live.ears import ear  # noqa: F401
