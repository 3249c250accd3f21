"""The reference of launch.py: a tool on pylti1p3 as its documentation shows it, with nothing kept between requests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from pylti1p3.contrib.flask import FlaskCacheDataStorage, FlaskMessageLaunch, FlaskOIDCLogin, FlaskRequest
from pylti1p3.tool_config import ToolConfJsonFile

from tests.lti.acting import Platform


class Shelf(dict[str, Any]):
    """The least a cache can be: its documentation takes Flask-Caching."""

    def set(self, key: str, value: Any, _seconds: int | None = None) -> None:
        """Keep a value."""
        self[key] = value


def make_documented_app(platform: Platform, folder: Path) -> Flask:
    """Make the reference tool, registered with ``platform``; its configuration is written into ``folder``."""
    config = _write_config(platform, folder)
    shelf = Shelf()
    app = Flask(__name__)
    app.secret_key = "only for a benchmark"

    def login() -> ResponseReturnValue:
        request = FlaskRequest()
        tool = ToolConfJsonFile(str(config))
        asked = FlaskOIDCLogin(request, tool, launch_data_storage=FlaskCacheDataStorage(shelf))
        answer: ResponseReturnValue = asked.redirect(request.get_param("target_link_uri"))
        return answer

    def launch() -> ResponseReturnValue:
        tool = ToolConfJsonFile(str(config))
        message = FlaskMessageLaunch(FlaskRequest(), tool, launch_data_storage=FlaskCacheDataStorage(shelf))
        return jsonify(name=message.get_launch_data()["name"])

    app.add_url_rule("/lti/login", "login", login, methods=["POST"])
    app.add_url_rule("/lti/launch", "launch", launch, methods=["POST"])
    return app


def _write_config(platform: Platform, folder: Path) -> Path:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    formats = (serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    (folder / "private.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *formats))
    public = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / "public.key").write_bytes(key.public_key().public_bytes(*public))
    facts = {
        "default": True,
        "client_id": platform.client_id,
        "auth_login_url": platform.auth_url,
        "auth_token_url": f"{platform.issuer}/token",
        "auth_audience": None,
        "key_set_url": platform.jwks_url,
        "key_set": None,
        "private_key_file": "private.key",
        "public_key_file": "public.key",
        "deployment_ids": [platform.deployment_id],
    }
    path = folder / "platforms.json"
    path.write_text(json.dumps({platform.issuer: [facts]}), encoding="utf-8")
    return path
