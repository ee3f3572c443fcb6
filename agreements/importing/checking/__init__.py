"""The dry run: every row is read and checked before anything is made. It writes nothing but what it found."""

from agreements.importing.checking.batches import check_groups, check_next, regroup

__all__ = ["check_groups", "check_next", "regroup"]
