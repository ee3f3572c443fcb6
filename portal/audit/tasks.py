"""Beat starts the sealer."""

from portal.audit import sealing
from portal.celery import app


@app.task(name="audit.seal")
def seal(everything: bool = False) -> None:
    sealing.seal(everything=everything)
