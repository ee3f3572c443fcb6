"""guardian holds the access rows and decides nothing. Its known traps stay shut."""

import importlib.util

import pytest
from django.conf import settings
from guardian.utils import get_group_obj_perms_model  # noqa: TID251 - the trap itself is tested here

from agreements.sharing.actions.audiences import own_audience
from agreements.sharing.models import Record, Release
from tests.conftest import Cast


@pytest.mark.django_db
def test_group_permissions_of_records_are_releases() -> None:
    """A hidden reverse accessor would silently send guardian to its generic table."""
    assert get_group_obj_perms_model(Record) is Release


def test_there_is_no_anonymous_account() -> None:
    assert settings.ANONYMOUS_USER_NAME is None


def test_psycopg2_is_the_only_driver() -> None:
    """Django would prefer psycopg 3 if it were there."""
    assert importlib.util.find_spec("psycopg") is None


def test_audiences_have_no_stored_members(cast: Cast) -> None:
    assert own_audience(cast.a1).group.user_set.count() == 0
