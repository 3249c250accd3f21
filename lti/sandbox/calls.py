"""What happens to every call of a service: the failure that a suite ordered, and a line in the log of calls."""

from typing import Any, Final

from flask import Flask, Response, g, request

from lti.sandbox.faults import Fault
from lti.sandbox.state import current_sandbox, sandbox_of

SERVICES: Final = {
    "jwks.list_keys": "jwks",
    "registration.describe_platform": "configuration",
    "registration.take_registration": "registration",
    "authentication.authenticate": "auth",
    "tokens.grant_token": "token",
    "lineitems.list_line_items": "lineitems",
    "lineitems.create_line_item": "lineitems",
    "lineitems.show_line_item": "lineitem",
    "lineitems.change_line_item": "lineitem",
    "lineitems.delete_line_item": "lineitem",
    "scores.receive_score": "scores",
    "scores.list_results": "results",
    "memberships.list_members": "memberships",
    "notice_service.list_handlers": "notices",
    "notice_service.register_handler": "notices",
}
LONGEST_BODY: Final = 20_000
SECRET_FIELDS: Final = frozenset({"client_assertion"})


def init_app(app: Flask) -> None:
    """Let ordered failures meet the services, and keep a log of calls where a suite has its controls."""
    app.before_request(_fail_before_work)
    app.after_request(_fail_after_work)
    if sandbox_of(app).settings.controls:
        # Flask runs these last to first: the log sees the work's own answer and the failure that hides it.
        app.after_request(_keep_call)


def _fail_before_work() -> Response | None:
    service = SERVICES.get(request.endpoint or "")
    fault = current_sandbox().faults.take(service) if service else None
    if fault is None:
        return None
    fault.wait()
    if fault.after_work:
        g.fault_after_work = fault
        return None
    answer = fault.respond()
    g.failed_before_work = answer is not None
    return answer


def _fail_after_work(answer: Response) -> Response:
    fault: Fault | None = g.get("fault_after_work")
    return (fault.respond() or answer) if fault else answer


def _keep_call(answer: Response) -> Response:
    service = SERVICES.get(request.endpoint or "")
    if service is None:
        return answer
    sandbox = current_sandbox()
    with sandbox.store.writing() as db:
        db.execute(
            "INSERT INTO service_call (at, service, method, path, status, answered, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                sandbox.now().isoformat(),
                service,
                request.method,
                request.path,
                answer.status_code,
                not g.get("failed_before_work", False) and "fault_after_work" not in g,
                _read_body(),
            ),
        )
    return answer


def _read_body() -> str:
    if request.method == "GET":
        return request.query_string.decode("utf-8", "replace")[:LONGEST_BODY]
    if request.form:
        shown: Any = [f"{name}={value}" for name, value in request.form.items() if name not in SECRET_FIELDS]
        return "&".join(shown)[:LONGEST_BODY]
    return request.get_data(as_text=True)[:LONGEST_BODY]
