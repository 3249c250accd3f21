"""What stored files bring to an application: their storage, and the sweep of what nobody refers to."""

from __future__ import annotations

from flask import Flask

from institute.files import cleaning, storage, storing, sweeping
from institute.files.uploads import discarding, fields, finishing, offers, waiting
from institute.files.uploads.views import tus
from institute.jobs import daily, worker


def init_app(app: Flask) -> None:
    """Attach the storage below DATA_DIR."""
    storage.init_app(app)
    worker.handle(app, storing.SWEEP, sweeping.sweep_when_due)
    worker.handle(app, finishing.FINISH, finishing.finish_when_due)
    worker.handle(app, cleaning.KIND, cleaning.clean_when_due, retry=cleaning.RETRY)
    daily.add(app, "files.uploads", discarding.discard_expired)
    app.register_blueprint(tus.blueprint)
    app.jinja_env.globals.update(
        upload_offer=offers.write_offer,
        upload_takes=fields.upload_takes,
        uploads_waiting=waiting.waiting_here,
    )
