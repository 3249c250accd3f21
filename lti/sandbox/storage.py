"""Platform storage: the frame in which tools keep data while the browser keeps their cookies from them."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, render_template
from flask.typing import ResponseReturnValue

from lti.sandbox.registrations import list_tools
from lti.sandbox.state import current_sandbox

bp = Blueprint("storage", __name__)


@bp.get("/storage")
def show_storage() -> ResponseReturnValue:
    frame = current_sandbox().profile.storage_frame
    if not frame:
        abort(404)
    return render_template("sandbox/storage.html", origins=list_tool_origins(), frame=frame)


def init_app(app: Flask) -> None:
    """Tell the pages the name of the frame; empty where the platform has none."""

    @app.context_processor
    def name_frame() -> dict[str, str]:
        return {"storage_frame": current_sandbox().profile.storage_frame}


def list_tool_origins() -> list[str]:
    """Return the origins of all tools: they are shown in frames and may speak to this platform's pages."""
    sandbox = current_sandbox()
    with sandbox.store.reading() as db:
        addresses = [address for tool in list_tools(db, sandbox) for address in (tool.login_uri, tool.target)]
    return sorted({"{0.scheme}://{0.netloc}".format(urlsplit(address)) for address in addresses})
