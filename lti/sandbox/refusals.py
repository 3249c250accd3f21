"""What the services answer when they refuse: a status, a stable code and a sentence, as JSON."""

from http import HTTPStatus

from flask import Flask, Response, jsonify


class ServiceRefusalError(Exception):
    """A request that this platform does not serve."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.sentence = sentence


def init_app(app: Flask) -> None:
    """Answer each refusal as JSON."""

    @app.errorhandler(ServiceRefusalError)
    def refuse(error: ServiceRefusalError) -> Response:
        answer = jsonify(error=error.code, error_description=error.sentence)
        answer.status_code = error.status
        if error.status == HTTPStatus.UNAUTHORIZED:
            answer.headers["WWW-Authenticate"] = "Bearer"
        answer.headers["Cache-Control"] = "no-store"
        return answer
