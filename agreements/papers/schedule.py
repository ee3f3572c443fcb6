"""What beat starts for this room."""

from datetime import timedelta

from django.core.files.storage import Storage
from django.utils import timezone

from agreements.papers.models import Document
from portal.celery import app

# An upload may still be under way: its file is there before its row.
YOUNG = timedelta(days=1)


@app.task(name="papers.forget_files")
def forget_files() -> int:
    """Delete files that no document has: of a draft that was thrown away, or of an upload that failed. How many."""
    storage: Storage = Document._meta.get_field("file").storage  # type: ignore[union-attr]
    count = 0
    for folder in storage.listdir("documents")[0] if storage.exists("documents") else ():
        names = {f"documents/{folder}/{name}" for name in storage.listdir(f"documents/{folder}")[1]}
        kept = set(Document.objects.filter(file__in=names).values_list("file", flat=True))
        for name in names - kept:
            if storage.get_modified_time(name) < timezone.now() - YOUNG:
                storage.delete(name)
                count += 1
    return count
